"""A slider that can be heard: it has a name, and its setting is spoken in words ("20 mm", not "3").

The sliders of ipywidgets have neither for a screen reader.  Here the page's side, slider.js, is the browser's
own range input; it is sent with the notebook's own messages, so nothing is loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import anywidget
from traitlets import Any, Bool, Int, List, Unicode, observe

from rgteach.demos.kept import SCRIPT
from rgteach.wording import tag

_HERE = Path(__file__).parent


class Slider(anywidget.AnyWidget):
    """One handle, or the two of a range, over a few choices; heard when it is let go.

    Attributes
    ----------
    index : list of int
        Where each handle stands.
    value : object
        The choice there; for a range the pair (from, to).
    key : str
        Of what is kept below it, see `kept.py`.
    dark : bool
        Whether the page shows light letters on a dark ground; told by the page, also when it changes.
    """

    _esm = f"{SCRIPT}\n{(_HERE / 'slider.js').read_text(encoding='utf-8')}"
    _css = _HERE / "slider.css"

    description = Unicode().tag(sync=True)
    lang = Unicode().tag(sync=True)
    texts = List(Unicode()).tag(sync=True)
    ends = List(Unicode()).tag(sync=True)
    index = List(Int()).tag(sync=True)
    key = Unicode().tag(sync=True)
    dark = Bool(False).tag(sync=True)
    value = Any()

    def __init__(
        self,
        description: str,
        choices: Sequence[object],
        start: object,
        *,
        show: Callable[[object], str] = str,
        ends: Sequence[str] = (),
    ):
        self._choices = tuple(choices)
        begins = start if ends else (start,)
        super().__init__(
            description=description,
            lang=tag(),
            texts=[show(choice) for choice in choices],
            ends=list(ends),
            index=[self._choices.index(one) for one in begins],
            value=start,
        )

    @observe("index")
    def _follow(self, change) -> None:
        chosen = tuple(self._choices[min(max(k, 0), len(self._choices) - 1)] for k in change.new)
        self.value = chosen if self.ends else chosen[0]
