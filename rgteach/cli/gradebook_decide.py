"""What people decide with `rgteach gradebook late`, `extend` and `change`."""

from __future__ import annotations

from collections.abc import Sequence

from rgteach.cli import gradebook_place, screen
from rgteach.cli.screen import WrongUsage
from rgteach.cli.shape import one_of, whole
from rgteach.wording import say

_NONE = ("none", "无")


def late(where, labs: Sequence[str], words: dict[str, str | None], zone: str | None, by) -> int:
    """Set how labs treat lateness, and show it."""
    book = gradebook_place.opened(where)
    from rgteach.cli import gradebook_tables
    from rgteach.grading.gradebook import deciding, ledger

    wishes = _policy(book, words, zone)
    if wishes and not labs:
        raise WrongUsage("gradebook-needs-lab")
    if wishes:
        with book.writing() as session:
            for lab in labs:
                deciding.set_late(session, lab, gradebook_place.who(by), **wishes)
    with book.reading() as session:
        wanted = labs or [name for name in ledger.lab_names(session) if name]
        gradebook_tables.policies({lab: ledger.policy(session, lab) for lab in wanted})
    return 0


def _policy(book, words: dict[str, str | None], zone: str | None) -> dict[str, object]:
    """The settings of a late policy as they were typed; "none" takes one away."""
    from rgteach.grading.gradebook import times

    wishes: dict[str, object] = {}
    place = zone or gradebook_place.course_zone(book)
    if words["due"]:
        gone = words["due"].lower() in _NONE
        wishes["due"] = None if gone else times.instant(words["due"], place, end_of_day=True)
        wishes |= {"zone": place} if place and not gone else {}
    elif zone:
        times.zone(zone)
        wishes["zone"] = zone
    for name, option in (("grace", "--grace"), ("last_day", "--no-points-after")):
        if words[name] is not None:
            gone = name == "last_day" and words[name].lower() in _NONE
            wishes[name] = None if gone else _at_least_0(option, whole(option, words[name]))
    for name, option in (("per_day", "--per-day"), ("cap", "--cap")):
        if words[name] is not None:
            gone = name == "cap" and words[name].lower() in _NONE
            wishes[name] = (
                None if gone else _at_least_0(option, _hundredths(option, words[name].rstrip("%％")))
            )
    for name, known in (("of", ("earned", "possible")), ("counts", ("last", "best"))):
        if words[name] is not None:
            wishes[name] = one_of(f"--{name}", words[name], known)
    return wishes


def _at_least_0(option: str, number: int) -> int:
    if number < 0:
        raise WrongUsage("gradebook-negative", option=option)
    return number


def _hundredths(option: str, text: str) -> int:
    from rgteach.grading.gradebook.points import exact

    try:
        return exact(text)
    except ValueError:
        raise WrongUsage("cli-not-number", option=option, given=text) from None


def extend(where, lab, student, until, reason: str, zone, by) -> int:
    """Give a student more time for a lab."""
    if not (lab and student and until):
        raise WrongUsage("gradebook-extend-words")
    book = gradebook_place.opened(where)
    from rgteach.grading.gradebook import deciding, ledger, times

    with book.writing() as session:
        place = zone or ledger.policy(session, lab).zone
        if place == "UTC":
            place = zone or deciding.setting(session, "zone") or place
        gone = until.lower() in _NONE
        end = None if gone else times.instant(until, place, end_of_day=True)
        found = deciding.extend(session, lab, student, end, place, reason, gradebook_place.who(by))
        name = found.name or found.key
        if ledger.policy(session, lab).due is None:
            screen.aside(say("gradebook-extended-no-due", lab=lab), "bold yellow")
    told = say("gradebook-extension-gone", name=name, lab=lab)
    screen.tell(
        told if gone else say("gradebook-extended", name=name, lab=lab, until=times.told(end, place)), "green"
    )
    return 0


def change(where, lab, student, words: dict[str, str | None], exercise: str, reason: str, by) -> int:
    """Change points by hand, or take a change back."""
    given = {name: text for name, text in words.items() if text is not None}
    if len(given) != 1 or ("--undo" not in given and not (lab and student)):
        raise WrongUsage("gradebook-change-words")
    book = gradebook_place.opened(where)
    from rgteach.grading.gradebook import deciding

    ((option, text),) = given.items()
    with book.writing() as session:
        if option == "--undo":
            number = whole(option, text)
            deciding.undo(session, number, reason, gradebook_place.who(by))
            told = say("gradebook-undone", number=number)
        else:
            kind, points = option[2:], _hundredths(option, text)
            if kind == "set":
                _at_least_0(option, points)
            number = deciding.change(
                session, lab, student, kind, points, reason, gradebook_place.who(by), exercise
            )
            told = say("gradebook-changed", number=number, student=student, lab=lab)
    screen.tell(told, "green")
    return 0
