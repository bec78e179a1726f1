"""Stills of demos, each drawn once for all tests of a file: that takes most of their time."""

from __future__ import annotations

from rgteach import wording
from rgteach.demos.panel import Demo
from rgteach.demos.still import Still

_drawn_by = Demo.still
_kept: dict[tuple, Still] = {}


def still(demo: Demo, *, theme: str = "both", **settings: object) -> Still:
    """What the demo shows with these settings; in place of `Demo.still` where it is told what is shown."""
    shown = sorted((demo.opening() | settings).items())
    key = (demo.name, demo.recipe.compute, wording.language(), theme, repr(shown))
    if key not in _kept:
        _kept[key] = _drawn_by(demo, theme=theme, **settings)
    return _kept[key]
