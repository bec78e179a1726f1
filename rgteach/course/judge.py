"""From what a function gave to what to say: compared here, outside the function's own run.

The order is that of a patient teacher: nothing written yet; right; a mistake that the page knows by name,
if it explains every output; then what can be told from the outputs alone (see `diagnose`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rgteach.course import diagnose
from rgteach.course.compare import alike
from rgteach.course.keys import Key
from rgteach.course.run import Call
from rgteach.course.show import show

OUTCOMES = ("not tried", "not yet", "right", "cannot check")


@dataclass(frozen=True)
class Verdict:
    """The outcome, the sentence that explains it, and the case that shows it.

    `told` names a message in the words; a mistake that the page knows carries its own words instead.
    """

    outcome: str
    told: str
    values: Mapping[str, object] = field(default_factory=dict)
    mistake: str = ""
    case: int | None = None
    notes: tuple[str, ...] = ()


def same(expected: Call, given: Call, key: Key) -> bool:
    """Whether a call came out as expected: the same value, or the same kind of error."""
    if expected.kind != given.kind:
        return False
    if expected.kind == "value":
        return alike(expected.value, given.value, key.rtol, key.atol)
    if expected.kind == "error":
        return expected.trouble.type == given.trouble.type
    return expected.odd == given.odd


def judge(key: Key, calls: Sequence[Call], again: Call | None = None) -> Verdict:
    """Compare the calls, one a case (fewer if the last one ended the run), with what the key expects.

    `again` is the first case once more: an answer that hangs on chance or on what it left behind gives
    something else.
    """
    last = len(calls) - 1
    if calls[last].kind == "stub":
        return Verdict("not tried", "check-stub", case=last if last else None)
    notes = tuple(_notes(key, calls))
    if calls[last].kind == "misfit":
        return Verdict("not yet", *diagnose.diagnose(key, calls, [last])[:2], case=last)
    if calls[last].kind == "timeout":
        return Verdict("not yet", "diag-timeout", {"seconds": key.seconds}, case=last, notes=notes)
    if again is not None and not same(calls[0], again, key):
        return Verdict("not yet", "diag-unsteady", {"again": _told(again)}, case=0, notes=notes)
    failed = [k for k, c in enumerate(calls) if not same(key.cases[k].expected, c, key)]
    if not failed:
        return _right(key, calls, notes)
    if name := named_mistake(key, calls):
        return Verdict("not yet", "check-named", mistake=name, case=failed[0], notes=notes)
    told, values, case = diagnose.diagnose(key, calls, failed)
    return Verdict("not yet", told, values, case=case, notes=notes)


def _told(call: Call) -> str:
    return show(call.value) if call.kind == "value" else call.kind


def _right(key: Key, calls: Sequence[Call], notes: tuple[str, ...]) -> Verdict:
    for k, call in enumerate(calls):
        if call.changed:
            values = {"parameter": key.parameters[call.changed[0]]}
            return Verdict("not yet", "diag-changed-input", values, case=k)
    return Verdict("right", "check-right", {"count": len(calls)}, notes=notes)


def named_mistake(key: Key, calls: Sequence[Call]) -> str:
    """The one mistake that gives all of these outputs, or nothing when none or several do."""
    fits = [
        mistake.name
        for mistake in key.mistakes
        if len(calls) == len(mistake.outputs)
        and all(same(output, call, key) for output, call in zip(mistake.outputs, calls, strict=True))
    ]
    return fits[0] if len(fits) == 1 else ""


def _notes(key: Key, calls: Sequence[Call]):
    if any(call.changed for call in calls):
        yield "note-changed-input"
    if any(call.warned for call in calls):
        yield "note-warned"
    if any(call.printed for call in calls):
        yield "note-printed"
