"""The shell of every demo: question, sliders, picture, answer.

The picture is an output of its own that each slider replaces.  So the last one stays in the saved notebook,
on the web and on paper, where sliders cannot follow; and where nobody listens (a notebook run by a script) no
slider is made at all.
"""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from types import ModuleType

from rgteach.errors import LearnerError
from rgteach.views import table
from rgteach.wording import say, tag

MOST_CONTROLS = 3
SIZE_IN = (8.0, 4.2)  # lower than other figures, so that sliders, picture and numbers fit on one screen


@dataclass(frozen=True)
class Control:
    """One slider over a few sensible settings.

    Attributes
    ----------
    name : str
        Argument of the demo's `compute`; the label is the message "demo-<demo>-<name>".
    choices : tuple
        The settings, in order.
    start : object
        The setting of the opening view; for a range a pair (from, to).
    show : function
        A setting in words.
    """

    name: str
    choices: tuple
    start: object
    show: Callable[[object], str] = field(default=str)

    @property
    def is_range(self) -> bool:
        """Whether the slider has two handles."""
        return isinstance(self.start, tuple) and self.start not in self.choices

    def ends(self) -> list:
        """The extreme settings of the slider."""
        first, last = self.choices[0], self.choices[-1]
        return [(first, first), (first, last), (last, last)] if self.is_range else [first, last]

    def told(self, value: object) -> str:
        """A setting in words, both ends of a range."""
        return " – ".join(self.show(v) for v in value) if self.is_range else self.show(value)

    def widget(self, text: str):
        """The slider: labelled, moved by mouse or arrow keys, heard when it is let go."""
        from rgteach.demos.slider import Slider

        ends = (say("demo-from"), say("demo-to")) if self.is_range else ()
        return Slider(text, self.choices, self.start, show=self.show, ends=ends)


@dataclass(frozen=True)
class Still:
    """One view of a demo: a picture, a table of numbers, and both in words."""

    html: str
    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


@dataclass(frozen=True)
class Demo:
    """A demo that shows itself as the last line of a cell.

    Attributes
    ----------
    name : str
    recipe : module
        Holds `compute(**settings)`, `draw(axes, view)`, `rows(view)`, `N_AXES` and `controls()`.
    """

    name: str
    recipe: ModuleType = field(repr=False)

    @property
    def controls(self) -> tuple[Control, ...]:
        """The sliders, at most three."""
        return self.recipe.controls()

    @property
    def question(self) -> str:
        """What to find out."""
        return say(f"demo-{self.name}-question")

    @property
    def answer(self) -> str:
        """What there is to see."""
        return say(f"demo-{self.name}-answer")

    def opening(self) -> dict[str, object]:
        """The settings of the opening view."""
        return {control.name: control.start for control in self.controls}

    def corners(self) -> list[dict[str, object]]:
        """Every combination of the sliders' ends."""
        names = [control.name for control in self.controls]
        ends = product(*(control.ends() for control in self.controls))
        return [dict(zip(names, values, strict=True)) for values in ends]

    def still(self, **settings: object) -> Still:
        """The view of these settings; those not given stay as in the opening view."""
        from rgteach.plots.page import new_axes, picture

        view = self.recipe.compute(**(self.opening() | settings))
        fig, axes = new_axes(self.recipe.N_AXES, size=SIZE_IN)
        self.recipe.draw(axes, view)
        drawn = picture(fig)
        header, rows = self.recipe.rows(view)
        numbers = "; ".join(", ".join(cell for cell in row if cell) for row in rows)
        return Still(f"{drawn.to_html()}{table(header, rows)}", f"{drawn.alt}\n{numbers}")

    def settings_in_words(self, **settings: object) -> str:
        """The settings, as they stand beside the sliders."""
        now = self.opening() | settings
        return " · ".join(
            say("demo-setting", label=self._label(c), value=c.told(now[c.name])) for c in self.controls
        )

    def __repr__(self) -> str:
        return f"{self.question}\n{self.settings_in_words()}\n{self.still().text}"

    def _ipython_display_(self) -> None:
        if someone_listens():
            self._show_live()
        else:
            self._show_still()

    def _show_still(self) -> None:
        from IPython.display import display

        still = self.still()
        settings = f"<p>{html.escape(self.settings_in_words())}</p>"
        page = f"{self._question_html()}{settings}{still.html}{self._answer_html()}"
        display(Still(_spoken(page), f"{self.question}\n{self.settings_in_words()}\n{still.text}"))

    def _show_live(self) -> None:
        from IPython.display import display

        display(Still(_spoken(self._question_html()), self.question))
        sliders = {control.name: control.widget(self._label(control)) for control in self.controls}
        display(_Sliders(tuple(sliders.values()), self.settings_in_words()))
        place = display(self.still(), display_id=True)
        display(Still(_spoken(self._answer_html()), ""))

        def redraw(_change) -> None:
            try:
                place.update(self.still(**{name: slider.value for name, slider in sliders.items()}))
            except LearnerError as trouble:  # a setting the science refuses: say why, keep the sliders alive
                place.update(Still(_spoken(f"<pre>{html.escape(str(trouble))}</pre>"), str(trouble)))

        for slider in sliders.values():
            slider.observe(redraw, names="value")

    def _label(self, control: Control) -> str:
        return say(f"demo-{self.name}-{control.name}")

    def _question_html(self) -> str:
        return f"<p><b>{html.escape(self.question)}</b></p>"

    def _answer_html(self) -> str:
        summary = html.escape(say("demo-answer"))
        return f"<details><summary>{summary}</summary><p>{html.escape(self.answer)}</p></details>"


@dataclass(frozen=True)
class Gallery:
    """All demos and their questions."""

    demos: tuple[Demo, ...]

    @property
    def names(self) -> list[str]:
        """What to write in rg.demo("…")."""
        return [demo.name for demo in self.demos]

    def __repr__(self) -> str:
        return "\n".join(f'rg.demo("{demo.name}")  {demo.question}' for demo in self.demos)

    def _repr_html_(self) -> str:
        rows = [(f'rg.demo("{demo.name}")', demo.question) for demo in self.demos]
        return table((say("demo-name"), say("demo-question")), rows)


@dataclass(frozen=True)
class _Sliders:
    """The sliders where there is a front end; their settings in words elsewhere."""

    widgets: tuple
    words: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        from ipywidgets import VBox

        bundle = VBox(self.widgets)._repr_mimebundle_()
        data, *_ = bundle if isinstance(bundle, tuple) else (bundle,)
        words = _spoken(f"<p>{html.escape(self.words)}</p>")
        return data | {"text/plain": self.words, "text/html": words}


def _spoken(content: str) -> str:
    """HTML that says in which language it is, for a screen reader."""
    return f'<div lang="{tag()}">{content}</div>'


def someone_listens() -> bool:
    """Whether a person's front end ran this cell, so that sliders make sense.

    Notebooks run by nbclient, nbconvert or nbval say that nobody answers questions; Voilà says so too, yet
    a person comes afterwards.  RGTEACH_DEMO=live or still decides against the guess.
    """
    asked = os.environ.get("RGTEACH_DEMO", "")
    if asked in ("live", "still"):
        return asked == "live"
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return False
    if "voila" in os.environ.get("SERVER_SOFTWARE", "").lower():
        return True
    return bool(getattr(kernel, "_allow_stdin", True))


def digits(value: float) -> str:
    """A number with four digits, without powers of ten where they can be avoided."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
