"""The shell of every demo: question, sliders, picture, answer.

Where nobody listens (a notebook run by a script) no slider is made at all.
"""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from types import ModuleType

import numpy as np

from rgteach.demos.still import Still, spoken
from rgteach.doors import nearest
from rgteach.errors import LearnerError
from rgteach.views import table
from rgteach.wording import say

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

    def allows(self, value: object) -> bool:
        """Whether the slider can stand there; the handles of a range never pass each other."""
        if not self.is_range:
            return value in self.choices
        pair = tuple(value) if isinstance(value, (tuple, list)) else ()
        places = [self.choices.index(one) for one in pair if one in self.choices]
        return len(pair) == len(places) == 2 and places[0] <= places[1]

    def told(self, value: object) -> str:
        """A setting in words, both ends of a range."""
        return " – ".join(self.show(v) for v in value) if self.is_range else self.show(value)

    def widget(self, text: str):
        """The slider: labelled, moved by mouse or arrow keys, heard when it is let go."""
        from rgteach.demos.slider import Slider

        ends = (say("demo-from"), say("demo-to")) if self.is_range else ()
        return Slider(text, self.choices, self.start, show=self.show, ends=ends)


@dataclass(frozen=True)
class Demo:
    """A demo that shows itself as the last line of a cell.

    Attributes
    ----------
    name : str
    recipe : module
        Holds `compute(**settings)`, `draw(axes, view)`, `rows(view)`, `N_AXES`, `controls()` and
        `thumbnail(ax)`.
    lab : int
        Number of the lab that it belongs to.
    """

    name: str
    recipe: ModuleType = field(repr=False)
    lab: int

    @property
    def controls(self) -> tuple[Control, ...]:
        """The sliders, at most three."""
        return self.recipe.controls()

    @property
    def title(self) -> str:
        """What it is about, in a few words."""
        return say(f"demo-{self.name}-title")

    @property
    def question(self) -> str:
        """What to find out."""
        return say(f"demo-{self.name}-question")

    @property
    def answer(self) -> str:
        """What there is to see."""
        return say(f"demo-{self.name}-answer")

    @property
    def notes(self) -> str:
        """Talking points, one a line: what to ask the room, what to move, what is usually misunderstood."""
        return say(f"demo-{self.name}-notes").strip()

    def opening(self) -> dict[str, object]:
        """The settings of the opening view."""
        return {control.name: control.start for control in self.controls}

    def corners(self) -> list[dict[str, object]]:
        """Every combination of the sliders' ends."""
        names = [control.name for control in self.controls]
        ends = product(*(control.ends() for control in self.controls))
        return [dict(zip(names, values, strict=True)) for values in ends]

    def still(self, *, theme: str = "both", **settings: object) -> Still:
        """The view of these settings; those not given stay as in the opening view.

        Parameters
        ----------
        theme : "both", "light" or "dark"
            "both" follows the page it stands on; one alone is drawn in half the time.
        **settings
            One of its choices for each control.

        Raises
        ------
        LearnerError
            For a control that there is not, or a setting that it does not have.
        """
        view = self.recipe.compute(**(self.opening() | self._checked(settings)))
        drawn = self._picture(view, theme)
        header, rows = self.recipe.rows(view)
        numbers = "; ".join(", ".join(cell for cell in row if cell) for row in rows)
        return Still(f"{drawn.to_html()}{table(header, rows)}", f"{drawn.alt}\n{numbers}")

    def settings_in_words(self, **settings: object) -> str:
        """The settings, as they stand beside the sliders."""
        now = self.opening() | self._checked(settings)
        return " · ".join(
            say("demo-setting", label=self.label(c), value=c.told(now[c.name])) for c in self.controls
        )

    def label(self, control: Control) -> str:
        """What stands beside a slider."""
        return say(f"demo-{self.name}-{control.name}")

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
        display(Still(spoken(page), f"{self.question}\n{self.settings_in_words()}\n{still.text}"))

    def _show_live(self) -> None:
        from IPython.display import display

        from rgteach.demos.live import Live

        display(Still(spoken(self._question_html()), self.question))
        Live(self).show()
        display(Still(spoken(self._answer_html()), ""))

    def figure(self, view):
        """The figure of a view, its axes settled in place."""
        from rgteach.demos.place import settle
        from rgteach.plots.style import style

        fig, axes = self._figure(view)
        with style():
            settle(fig, axes, self._key())
        return fig

    def _picture(self, view, theme: str):
        """The picture of a view, in the room that others had where that is enough."""
        from rgteach.demos.place import fits, put, settle
        from rgteach.plots.page import drawn, picture
        from rgteach.plots.style import style

        fig, axes = self._figure(view)
        with style():
            if put(fig, axes, self._key()):
                pixels = drawn(fig, theme)
                if fits(pixels[..., :3], fig, axes, self._key()):
                    return picture(fig, theme=theme, pixels=pixels)
            settle(fig, axes, self._key())
        return picture(fig, theme=theme)

    def _key(self) -> tuple[str, str]:
        """Whose figures share their room."""
        from rgteach.plots.style import drawn_language

        return self.name, drawn_language()

    def _figure(self, view):
        from rgteach.plots.page import DPI, new_axes

        fig, axes = new_axes(self.recipe.N_AXES, size=SIZE_IN)
        self.recipe.draw(axes, view)
        fig.set_dpi(DPI)
        return fig, np.atleast_1d(axes)

    def _checked(self, settings: dict[str, object]) -> dict[str, object]:
        """Settings that the sliders could have; a misspelt one would else be the opening view in silence."""
        known = {control.name: control for control in self.controls}
        for name, value in settings.items():
            if name not in known:
                close = nearest(name, known)
                raise LearnerError(
                    "demo-no-control", demo=self.name, given=name, nearest=close, known=", ".join(known)
                )
            if not known[name].allows(value):
                choices = ", ".join(map(str, known[name].choices))
                raise LearnerError("demo-no-setting", control=name, given=value, choices=choices)
        return settings

    def _question_html(self) -> str:
        return f"<p><b>{html.escape(self.question)}</b></p>"

    def _answer_html(self) -> str:
        summary = html.escape(say("demo-answer"))
        return f"<details><summary>{summary}</summary><p>{html.escape(self.answer)}</p></details>"


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
