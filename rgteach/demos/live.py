"""A demo that answers: sliders above a picture that each of them replaces.

The picture is an output of its own.  So the last one stays in the saved notebook, on the web and on paper,
where sliders cannot follow.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from rgteach.demos.kept import Rest, kept, new_key
from rgteach.demos.still import Still, sentence, spoken
from rgteach.errors import LearnerError
from rgteach.wording import say

REST_S = 4.0  # then nobody is waiting, and the picture may hold both themes again


@dataclass(frozen=True)
class Sliders:
    """The sliders where there is a front end; elsewhere nothing, for their settings stand at the picture."""

    widgets: tuple
    words: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        from ipywidgets import VBox

        bundle = VBox(self.widgets)._repr_mimebundle_()
        data, *_ = bundle if isinstance(bundle, tuple) else (bundle,)
        return data | {"text/plain": self.words, "text/html": "<span></span>"}


class Live:
    """The picture of a demo and the sliders that redraw it.

    The first picture holds both themes, for the page has not told yet which one it shows.  From then on only
    the theme that is shown is drawn, which halves the wait; when the sliders have come to rest, both are, for
    the notebook may be opened again on another page.

    Parameters
    ----------
    demo : Demo
    """

    def __init__(self, demo):
        self._demo = demo
        self._theme = "both"  # of the picture on the page
        self._key = new_key()
        self.sliders = {control.name: control.widget(demo.label(control)) for control in demo.controls}
        for slider in self.sliders.values():
            slider.key = self._key
        self._place = None
        self._rest = Rest(REST_S, lambda: self._draw("both"))

    def show(self) -> None:
        """Put sliders and picture on the page, and listen."""
        from IPython.display import display

        display(Sliders(tuple(self.sliders.values()), self._demo.settings_in_words()))
        self._place = display(self._drawn("both"), display_id=True)
        for slider in self.sliders.values():
            slider.observe(self._moved, names="value")
            slider.observe(self._turned, names="dark")

    @property
    def settings(self) -> dict[str, object]:
        """Where the sliders stand."""
        return {name: slider.value for name, slider in self.sliders.items()}

    def _shown_theme(self) -> str:
        dark = any(slider.dark for slider in self.sliders.values())
        return "dark" if dark else "light"

    def _moved(self, _change) -> None:
        self._draw(self._shown_theme())
        self._rest.moved()

    def _draw(self, theme: str) -> None:
        self._theme = theme
        self._place.update(self._drawn(theme))

    def _turned(self, change) -> None:
        """The page went from light to dark or back; all sliders say so, the picture follows once."""
        for slider in self.sliders.values():
            slider.dark = change.new
        if self._theme not in ("both", self._shown_theme()):
            self._moved(change)

    def _drawn(self, theme: str) -> Still:
        """The picture of these settings or why there is none; the settings in words are kept with it."""
        still = self._still(theme)
        words = say("demo-kept", settings=self._demo.settings_in_words(**self.settings))
        return Still(kept(self._key, spoken(f"<p>{html.escape(words)}</p>")) + still.html, still.text)

    def _still(self, theme: str) -> Still:
        try:
            return self._demo.still(theme=theme, **self.settings)
        except LearnerError as trouble:  # a setting that the science refuses: the sliders stay alive
            return sentence(trouble)
        except Exception as trouble:  # ours to mend, and still no blank page in front of a class
            return sentence(say("demo-trouble", what=f"{type(trouble).__name__}: {trouble}"))
