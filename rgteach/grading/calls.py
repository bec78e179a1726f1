"""Between the grader and the child: arguments on their way in, a frame on its way back.

A frame comes out of a process that a student's code shares, so it is read as one would read a letter from a
stranger: every part is looked at, bounded and copied, and a frame with one part that cannot be is no frame.
What it says can be wrong, as any answer can be; it cannot do anything.  That its texts can be written to a
file has been seen to by `sandbox.frames`, which every frame comes through.

    {"calls": [CALL, …], "again": CALL or null, "missing": null or text, "ran": TROUBLE or {},
     "breaches": [[name, line, code], …], "seconds": 0.01}
    CALL     {"kind": "value", "value": …}, and perhaps "trouble", "odd", "printed", "warned", "changed"
    TROUBLE  {"type": "NameError", "message": "…", "line": 3, "code": "…"}
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rgteach.course import encode
from rgteach.course.keys import Case
from rgteach.course.plain import NotPlain
from rgteach.course.run import MAX_LINES, Call, Trouble
from rgteach.course.stage import MAX_PRINTED
from rgteach.grading.model import Flag
from rgteach.sandbox.limits import Ran
from rgteach.wording import knows

KINDS = ("value", "stub", "error", "timeout", "odd", "misfit")
MAX_CALLS = 1000
MAX_TEXT = 400
MAX_WORD = 100
MAX_FLAGS = 20
MAX_ARGUMENTS = 32
_VALUE = {"kind", "value"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Garbage(ValueError):
    """A frame that no child of ours sends."""


@dataclass(frozen=True)
class Came:
    """What came of one exercise in the child.

    `ended` is "" where it came to its end, else as in `Ran`; `trouble` is the first cell that failed.
    """

    ended: str = ""
    detail: str = ""
    calls: tuple[Call, ...] = ()
    again: Call | None = None
    trouble: Trouble | None = None
    breaches: tuple[Flag, ...] = ()
    seconds: float = 0.0


def encoded(args: Sequence) -> list:
    """The arguments of a call, which are plain, as JSON data."""
    return [encode.packed(value) for value in args]


def came(ran: Ran, asked: Mapping[str, Sequence[Case]] | None = None) -> dict[str, Came]:
    """What came of each exercise that a job has run, or was running when it ended.

    Parameters
    ----------
    ran : Ran
        What the sandbox hands back.
    asked : mapping, optional
        The cases of each exercise; a frame with more calls than cases is garbage.
    """
    seconds = ran.seconds or {}
    found = {}
    for name, frame in ran.frames.items():
        try:
            found[name] = _came(frame, None if asked is None else asked.get(name, ()))
        except (Garbage, NotPlain, RecursionError, MemoryError):
            found[name] = Came("garbage", seconds=_seconds(seconds.get(name, 0.0)))
    if ran.ended not in ("done", "start") and ran.step and ran.step not in found:
        found[ran.step] = Came(ran.ended, text(ran.detail), seconds=_seconds(seconds.get(ran.step, 0.0)))
    return found


def _came(frame: object, cases: Sequence[Case] | None) -> Came:
    _must(isinstance(frame, dict))
    given = frame.get("calls")
    _must(isinstance(given, list) and len(given) <= (MAX_CALLS if cases is None else len(cases)))
    sizes = [MAX_ARGUMENTS] * len(given) if cases is None else [len(case.args) for case in cases]
    again = frame.get("again")
    return Came(
        calls=tuple(call(item, size) for item, size in zip(given, sizes, strict=False)),
        again=None if again is None else call(again, sizes[0] if sizes else 0),
        trouble=_ran(frame.get("ran")),
        breaches=tuple(_breaches(frame.get("breaches", []))),
        seconds=_seconds(frame.get("seconds", 0.0)),
    )


def call(data: object, arguments: int = MAX_ARGUMENTS) -> Call:
    """One call of a frame.

    Raises
    ------
    Garbage, NotPlain
        If it is none.
    """
    _must(isinstance(data, dict) and data.get("kind") in KINDS)
    kind = data["kind"]
    if kind == "value" and data.keys() == _VALUE:  # nearly always
        return Call(kind, encode.decode(data["value"]))
    _must(kind != "value" or "value" in data)
    changed = _list(data.get("changed", []), arguments)
    _must(all(type(k) is int and 0 <= k < arguments for k in changed))
    return Call(
        kind,
        value=encode.decode(data["value"]) if kind == "value" else None,
        trouble=_trouble(data.get("trouble"), needed=kind == "error"),
        odd=_odd(kind, data.get("odd", ["", ""])),
        printed=text(data.get("printed", ""), MAX_PRINTED + 1),
        changed=tuple(changed),
        changed_to=encode.decode(data.get("changed_to")) if changed else None,
        warned=tuple(text(item) for item in _list(data.get("warned", []), 3)),
    )


def text(given: object, most: int = MAX_TEXT) -> str:
    """A text from a stranger: not too long, with nothing in it that a file or a screen trips over."""
    _must(isinstance(given, str))
    if len(given) <= most and given.isprintable():  # nearly always
        return given
    return _CONTROL.sub("\ufffd", given[:most])


def _odd(kind: str, given: object) -> tuple[str, str]:
    why, what = _list(given, 2, exactly=True)
    if kind == "odd":
        _must(why == "type" or (isinstance(why, str) and knows(f"diag-odd-{text(why, MAX_WORD)}")))
    return text(why), text(what)


def _trouble(given: object, needed: bool) -> Trouble | None:
    if given is None and not needed:
        return None
    kind, message, lines = _list(given, 3, exactly=True)
    pairs = (_list(line, 2, exactly=True) for line in _list(lines, MAX_LINES))
    return Trouble(text(kind, MAX_WORD), text(message), tuple((_line(n), text(code)) for n, code in pairs))


def _ran(given: object) -> Trouble | None:
    """What the first cell that failed says."""
    if not given:
        return None
    _must(isinstance(given, dict))
    kind, message = text(given.get("type"), MAX_WORD), text(given.get("message", ""))
    line, code = _line(given.get("line", 0)), text(given.get("code", ""))
    return Trouble(kind, message, ((line, code),) if line else ())


def _breaches(given: object):
    for item in _list(given, MAX_FLAGS):
        name, line, code = _list(item, 3, exactly=True)
        yield Flag("breach-ran", {"name": text(name, MAX_WORD)}, _line(line), text(code))


def _list(given: object, most: int, exactly: bool = False) -> list:
    _must(isinstance(given, list) and len(given) <= most and (not exactly or len(given) == most))
    return given


def _line(given: object) -> int:
    _must(type(given) is int and 0 <= given < 10**7)
    return given


def _seconds(given: object) -> float:
    _must(isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < 1e6)
    return float(given) if math.isfinite(given) else 0.0


def _must(holds: object) -> None:
    if not holds:
        raise Garbage
