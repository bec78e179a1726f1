"""The page's side of the painter: its code, its look and its sentences, as one text each.

The code is plain JavaScript in `js/*.js`, one subject a file, joined in the order of their names into the one
module that anywidget sends with the notebook's own messages.  So nothing is built, and nothing is loaded from
anywhere.  A part may call what another part declares, but does nothing before `main.js` is asked to.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from rgteach.demos.kept import SCRIPT
from rgteach.wording import say

_HERE = Path(__file__).parent
_WORDS = Path(__file__).parents[2] / "words" / "painter-page.toml"
PREFIX = "painter-page-"
# what the page itself fills in, as it happens
BLANKS = (
    "area",
    "count",
    "distance",
    "feature",
    "first",
    "given",
    "high",
    "levels",
    "low",
    "n",
    "neighbours",
    "region",
    "second",
    "share",
    "value",
    "x",
    "y",
    "z",
)


@cache
def script() -> str:
    """The ES module of the widget: every part, joined."""
    return f"{SCRIPT}\n{_joined('*.js', 'js')}"


@cache
def look() -> str:
    """The style sheet of the widget: every part, joined."""
    return _joined("*.css", "css")


def sentences() -> dict[str, str]:
    """Every sentence of the page, in the language in force; `{n}` and the like are left for the page."""
    blanks = {name: f"{{{name}}}" for name in BLANKS}
    return {name: say(f"painter-page-{name}", **blanks) for name in _names()}


@cache
def _names() -> tuple[str, ...]:
    keys = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return tuple(key.removeprefix(PREFIX) for key in keys)


def _joined(pattern: str, folder: str) -> str:
    parts = sorted((_HERE / folder).glob(pattern))
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)
