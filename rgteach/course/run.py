"""Run a student's function on one case and say, in plain values, what came of it.

Nothing is expected here: the expected values stay with whoever compares (see `judge`), so the same `Call`
can come from this process or from a sandbox.
"""

from __future__ import annotations

import inspect
import io
import linecache
import random
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import numpy as np

from rgteach.course.compare import identical
from rgteach.course.limit import TimeIsUp, within
from rgteach.course.plain import NotPlain, plain
from rgteach.errors import is_learners_file

MAX_PRINTED = 400
MAX_LINES = 3  # of a traceback, the student's own


@dataclass(frozen=True)
class Trouble:
    """An exception in the student's code, with the lines of theirs that led to it, where it happened last."""

    type: str
    message: str
    lines: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Call:
    """What one call gave.

    `kind` is one of: value, stub (nothing written yet), error, timeout, odd (a value that is not plain),
    misfit (it cannot be called with these arguments).
    """

    kind: str
    value: object = None
    trouble: Trouble | None = None
    odd: tuple[str, str] = ("", "")
    printed: str = ""
    changed: tuple[int, ...] = ()  # positions of arguments that are not what they were
    changed_to: object = None  # the first of them
    warned: tuple[str, ...] = ()


def call(function: Callable, args: Sequence, seconds: float) -> Call:
    """Call a function on its own copy of the arguments, quietly and within a time."""
    if taken := misfit(function, len(args)):
        return Call("misfit", odd=(taken, str(len(args))))
    mine = tuple(map(plain, args))
    paper = Paper()
    with aside(paper) as warned:
        found = outcome(function, mine, seconds)
    changed = tuple(k for k, (a, b) in enumerate(zip(args, mine, strict=True)) if not identical(a, b))
    told = tuple(dict.fromkeys(str(w.message)[:200] for w in warned))[:3]
    after = _readable(mine[changed[0]]) if changed else None
    return Call(**found, printed=paper.text(), changed=changed, changed_to=after, warned=told)


def _readable(value: object) -> object:
    try:
        return plain(value)
    except Exception:  # whatever a student's function has put into its input
        return "?"


def calls(function: Callable, inputs: Sequence[Sequence], seconds: float) -> list[Call]:
    """Call a function on each input; what has not been written or does not end is not called again."""
    done: list[Call] = []
    with chance_kept():
        for args in inputs:
            done.append(call(function, args, seconds))
            if done[-1].kind in ("stub", "timeout", "misfit"):
                break
    return done


def calls_and_again(
    function: Callable, inputs: Sequence[Sequence], seconds: float
) -> tuple[list[Call], Call | None]:
    """The calls, and the first input once more at the end, if all of them came to an end."""
    done = calls(function, inputs, seconds)
    return done, call(function, inputs[0], seconds) if len(done) == len(inputs) else None


def outcome(function: Callable, args: tuple, seconds: float | None = None) -> dict:
    """How a call came out, as fields of a `Call`; whoever asks sets the stage (see `aside`), or the time."""
    try:
        value = within(seconds, lambda: function(*args)) if seconds else function(*args)
    except KeyboardInterrupt:
        raise
    except TimeIsUp:
        return {"kind": "timeout"}
    except NotImplementedError as error:
        return {"kind": "stub", "trouble": _trouble(error, function)}
    except BaseException as error:  # SystemExit too: an answer must not end the notebook
        return {"kind": "error", "trouble": _trouble(error, function)}
    try:
        return {"kind": "value", "value": plain(value)}
    except NotPlain as error:
        return {"kind": "odd", "odd": (error.why, error.what)}
    except Exception as error:  # an object whose own methods fail while it is read
        return {"kind": "odd", "odd": ("type", type(error).__name__)}


def _trouble(error: BaseException, function: Callable) -> Trouble:
    own_file = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = [
        f
        for f in traceback.extract_tb(error.__traceback__)
        if f.filename == own_file or is_learners_file(f.filename)
    ]
    try:
        message = str(error)[:400]
    except Exception:  # an exception of the student's own, with a faulty __str__
        message = ""
    return Trouble(type(error).__name__, message, tuple(_line(f) for f in frames[-MAX_LINES:]))


def _line(frame: traceback.FrameSummary) -> tuple[int, str]:
    code = frame.line or linecache.getline(frame.filename, frame.lineno or 0)
    return frame.lineno or 0, code.strip()[:200]


def misfit(function: Callable, count: int) -> str:
    """How a function wants to be called, if not with so many arguments; nothing if it fits."""
    if _fits(function, count):
        return ""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # built in, without a signature
        return ""
    try:
        signature.bind(*range(count))
    except TypeError:
        return str(signature)
    return ""


def _fits(function: Callable, count: int) -> bool:
    """Whether a function surely takes so many arguments: its signature takes longer than most calls."""
    if type(function) is not types.FunctionType or vars(function) or function.__code__.co_kwonlyargcount:
        return False
    most = function.__code__.co_argcount
    enough = most - len(function.__defaults__ or ()) <= count
    return enough and (count <= most or bool(function.__code__.co_flags & inspect.CO_VARARGS))


@contextmanager
def aside(paper: Paper):
    """Printing goes to paper, warnings to a list, and chance starts anew and is put back afterwards."""
    with (
        nullcontext() if _kept else chance_kept(),
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
        warnings.catch_warnings(record=True) as warned,
    ):
        before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = paper
        try:
            random.seed(0)
            np.random.seed(0)  # noqa: NPY002  a student may use the old ways
            warnings.simplefilter("always")
            yield warned
        finally:
            sys.stdout, sys.stderr = before


_kept: list[bool] = []  # whether chance is put back by someone further out


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


class Paper(io.TextIOBase):
    """Takes any amount of printing and keeps the beginning."""

    def __init__(self):
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
