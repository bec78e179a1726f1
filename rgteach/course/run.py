"""Run a student's function on one case and say, in plain values, what came of it.

Nothing is expected here: the expected values stay with whoever compares (see `judge`), so the same `Call`
can come from this process or from a sandbox.
"""

from __future__ import annotations

import inspect
import linecache
import traceback
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rgteach.course.compare import identical
from rgteach.course.limit import TimeIsUp, within
from rgteach.course.plain import NotPlain, plain
from rgteach.course.stage import Stage, staged
from rgteach.errors import is_learners_file

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
    with staged() as stage:
        return _call(function, args, seconds, stage)


def _call(function: Callable, args: Sequence, seconds: float, stage: Stage) -> Call:
    if taken := misfit(function, len(args)):
        return Call("misfit", odd=(taken, str(len(args))))
    mine = tuple(map(plain, args))
    stage.anew()
    found = outcome(function, mine, seconds)
    changed = tuple([k for k, arg in enumerate(args) if not identical(arg, mine[k])])
    after = _readable(mine[changed[0]]) if changed else None
    told = {"printed": stage.printed(), "warned": stage.warned()}
    return Call(**found, **told, changed=changed, changed_to=after)


def _readable(value: object) -> object:
    try:
        return plain(value)
    except Exception:  # whatever a student's function has put into its input
        return "?"


def calls(function: Callable, inputs: Sequence[Sequence], seconds: float) -> list[Call]:
    """Call a function on each input; what has not been written or does not end is not called again."""
    with staged() as stage:
        return _calls(function, inputs, seconds, stage)


def calls_and_again(
    function: Callable, inputs: Sequence[Sequence], seconds: float
) -> tuple[list[Call], Call | None]:
    """The calls, and the first input once more at the end, if all of them came to an end."""
    with staged() as stage:
        done = _calls(function, inputs, seconds, stage)
        return done, _call(function, inputs[0], seconds, stage) if len(done) == len(inputs) else None


def _calls(function: Callable, inputs: Sequence[Sequence], seconds: float, stage: Stage) -> list[Call]:
    done: list[Call] = []
    for args in inputs:
        done.append(_call(function, args, seconds, stage))
        if done[-1].kind in ("stub", "timeout", "misfit"):
            break
    return done


def outcome(function: Callable, args: tuple, seconds: float | None = None) -> dict:
    """How a call came out, as fields of a `Call`; whoever asks sets the stage, or the time."""
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
