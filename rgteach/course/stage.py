"""The stage for a student's code: printing goes to paper, warnings to a list, and chance starts anew."""

from __future__ import annotations

import io
import random
import sys
import threading
import warnings
from contextlib import contextmanager

import numpy as np

from rgteach.course.limit import one_bell

MAX_PRINTED = 400


class Paper(io.TextIOBase):
    """Takes any amount of printing and keeps the beginning."""

    def __init__(self):
        self.blank()

    def blank(self) -> None:
        """Forget what was written."""
        self.kept: list[str] = []
        self.left = MAX_PRINTED

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Take a text, and keep as much of it as there is room for."""
        if self.left > 0:
            self.kept.append(str(text)[: self.left])
            self.left -= len(text)
        return len(text)

    def text(self) -> str:
        """The beginning of all that was written."""
        return "".join(self.kept) + ("…" if self.left < 0 else "")


class Stage:
    """Made ready before each call, so that what one has changed the next does not find.

    At the end of a `with` all is as it was before it.  To build it up and take it down for each call would
    take longer than a small answer.
    """

    def __init__(self):
        self._chance = chance_kept()
        self._warnings = warnings.catch_warnings(record=True)
        self._errors = np.errstate()

    def __enter__(self) -> Stage:
        self._before = sys.stdout, sys.stderr
        self._chance.__enter__()
        self._errors.__enter__()
        self._warned = self._warnings.__enter__()
        self._paper = Paper()
        return self

    def __exit__(self, *error: object) -> None:
        sys.stdout, sys.stderr = self._before
        self._warnings.__exit__(*error)
        self._errors.__exit__(*error)
        self._chance.__exit__(None, None, None)

    def anew(self) -> None:
        """The same for every call, whatever has been printed, warned, drawn or set before."""
        if self._paper.closed:
            self._paper = Paper()
        elif self._paper.kept:
            self._paper.blank()
        sys.stdout = sys.stderr = self._paper
        self._warned.clear()
        warnings.simplefilter("always")
        np.seterr(divide="warn", over="warn", invalid="warn", under="ignore")
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002  a student may use the old ways

    def printed(self) -> str:
        """The beginning of what was printed since."""
        return self._paper.text()

    def warned(self) -> tuple[str, ...]:
        """The first warnings since, each once."""
        if not self._warned:
            return ()
        return tuple(dict.fromkeys(str(w.message)[:200] for w in self._warned))[:3]


@contextmanager
def staged():
    """A stage for several calls: the one that stands already, where one does."""
    if _standing:
        yield _standing[-1]
        return
    with Stage() as stage:
        yield stage


@contextmanager
def aside():
    """A stage for one piece of code."""
    with staged() as stage:
        stage.anew()
        yield


@contextmanager
def together():
    """One stage for all pieces of code inside; other threads wait, for a stage is the whole process's."""
    with _alone, Stage() as stage:
        _standing.append(stage)
        try:
            yield
        finally:
            _standing.remove(stage)


@contextmanager
def standing():
    """One stage and one bell for all that a process runs; nobody needs the old chance back when it ends."""
    _kept.append(True)
    try:
        with together(), one_bell():
            yield
    finally:
        _kept.clear()


_alone = threading.RLock()
_standing: list[Stage] = []
_kept: list[bool] = []  # whether chance is put back by someone further out, or by nobody


@contextmanager
def chance_kept():
    """Put chance back afterwards, once for all calls inside: that costs more than a small answer."""
    if _kept:
        yield
        return
    old, chance = random.getstate(), np.random.get_state()  # noqa: NPY002
    _kept.append(True)
    try:
        yield
    finally:
        _kept.clear()
        random.setstate(old)
        np.random.set_state(chance)  # noqa: NPY002
