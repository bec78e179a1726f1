"""What the gradebook shows: tables where they can be read, plain lines where there are thousands."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rgteach.cli import screen
from rgteach.wording import say

FEW = 40  # lines that are shown without --all
MANY = 400  # more than these are lines, not a table: a table must know all of them first
_SHOWN = ("lab", "student", "name", "points", "late", "final", "out-of", "notes")
_RIGHT = {"points", "late", "final", "out-of", "submissions"}
_WIDTHS = (6, 24, 20, 8, 6, 8, 8, 0)


def standings(session, labs, students, everything: bool) -> None:
    """What counts, by student and lab."""
    from rgteach.grading.gradebook import ledger

    found = ledger.standings(session, labs=labs, students=students)
    rows = (_row(standing) for standing in found)
    first = list(itertools.islice(rows, MANY + 1 if everything else FEW))
    if not first:
        screen.tell(say("gradebook-empty"))
        return
    if len(first) > MANY:
        _lines(itertools.chain(first, rows))
        return
    _table(_SHOWN, first)
    if rest := sum(1 for _ in rows):
        screen.aside(say("gradebook-more", n=f"{rest:,}"), "dim")


def _row(standing) -> list[str]:
    from rgteach.grading.gradebook.points import shown

    who, work = standing.who, standing.work
    row = [standing.lab or "?", who.key, who.name]
    late = str(work.days) if work and work.days else ""
    row += [shown(work.points) if work else "—", late]
    return [*row, shown(standing.final) or "—", shown(work.out_of) if work else "", _notes(standing)]


def _notes(standing) -> str:
    from rgteach.grading.gradebook.points import shown

    work, told = standing.work, []
    if work and work.problem:
        told.append(say("gradebook-note-problem"))
    if work and work.waiting:
        told.append(say("gradebook-note-waiting", points=shown(work.waiting)))
    if work and standing.policy.due and work.handed is None:
        told.append(say("gradebook-note-no-time"))
    for wanted, key in ((standing.extended, "extended"), (standing.changed, "changed")):
        if wanted:
            told.append(say(f"gradebook-note-{key}"))
    if work and work.flags:
        told.append(say("gradebook-note-flags", n=work.flags))
    if standing.attempts > 1:
        told.append(say("gradebook-note-attempts", n=standing.attempts))
    return say("gradebook-comma").join(told)


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for name in names:
        table.add_column(say(f"gradebook-column-{name}"), justify="right" if name in _RIGHT else "left")
    for row in rows:
        table.add_row(*map(Text, row))
    screen.console().print(table)


def _lines(rows: Iterator[Sequence[str]]) -> None:
    """Rows one by one, in columns of fixed width; a Chinese character takes two."""
    from rgteach.course.card import padded

    heads = [say(f"gradebook-column-{name}") for name in _SHOWN]
    for row in itertools.chain([heads], rows):
        cells = (padded(cell, width) for cell, width in zip(row, _WIDTHS, strict=True))
        print("  ".join(cells).rstrip())


def people(session) -> None:
    """The students, those that nobody knows first, with the other names they go by."""
    from sqlalchemy import select

    from rgteach.grading.gradebook.tables import Student

    rows, keys = [], dict(session.execute(select(Student.id, Student.key)).all())
    asked = select(Student).order_by(Student.listed, Student.place, Student.key)
    for student in session.scalars(asked):
        if student.same_as and student.same_as != student.id:
            note = say("gradebook-note-same", key=keys[student.same_as])
        else:
            note = "" if student.listed else say("gradebook-note-unlisted")
        rows.append([student.key, student.name, student.email, student.section, student.lang, note])
    if not rows:
        screen.tell(say("gradebook-empty"))
        return
    _table(("student", "name", "email", "section", "lang", "notes"), rows)


def policies(found: Mapping[str, object]) -> None:
    """How labs treat lateness."""
    from rgteach.grading.gradebook import times
    from rgteach.grading.gradebook.points import shown

    if not found:
        screen.tell(say("gradebook-no-labs"))
    for lab, policy in found.items():
        if policy.due is None:
            screen.tell(say("gradebook-late-never", lab=lab, counts=say(f"gradebook-counts-{policy.counts}")))
            continue
        screen.tell(
            say("gradebook-late-due", lab=lab, due=times.told(policy.due, policy.zone), zone=policy.zone)
        )
        per_day, of = shown(policy.per_day), say(f"gradebook-of-{policy.of}")
        told = [say("gradebook-late-per-day", per_day=per_day, of=of)]
        if policy.grace:
            told.append(say("gradebook-late-grace", grace=policy.grace))
        if policy.cap is not None:
            told.append(say("gradebook-late-cap", cap=shown(policy.cap)))
        if policy.last_day is not None:
            told.append(say("gradebook-late-last", days=policy.last_day))
        for line in [*told, say(f"gradebook-counts-{policy.counts}"), say("gradebook-late-rounding")]:
            screen.tell(f"  {line}")


def history(session, student: int, labs: list[str] | None) -> None:
    """What happened, lab by lab, each with what counted after it."""
    from rgteach.grading.gradebook import history as past
    from rgteach.grading.gradebook import ledger, times
    from rgteach.grading.gradebook.points import shown

    found, lab = list(past.history(session, student, labs)), None
    for at, event in enumerate(found):
        if event.lab != lab:
            lab = event.lab
            screen.tell(say("gradebook-history-lab", lab=lab or "?"), "bold")
            zone = ledger.policy(session, lab).zone
        told = say(f"gradebook-event-{event.kind}", **_in_words(event))
        screen.tell(f"  {times.told(event.at, zone)[:16]}  {event.who:<10}  {told}")
        following = found[at + 1] if at + 1 < len(found) else None
        if following is None or (following.lab, following.entry) != (event.lab, event.entry):
            points = shown(event.final) or "—"
            screen.tell(" " * 32 + say("gradebook-event-counts", points=points, version=event.version), "dim")
    if not found:
        screen.tell(say("gradebook-empty"))


def _in_words(event) -> dict:
    """What an event tells, with settings in the reader's language."""
    if event.kind != "late":
        return event.values
    of, counts = event.values["of"], event.values["counts"]
    words = {"of": say(f"gradebook-of-{of}"), "counts": say(f"gradebook-counts-{counts}")}
    return event.values | words


def exported(done) -> None:
    """What was written, and what should be known before it is sent on."""
    screen.tell(say("gradebook-exported", path=done.path, n=done.students), "green")
    for lab, header in done.columns.items():
        screen.tell("  " + say("gradebook-exported-column", lab=lab, column=header))
    if done.left_out:
        names = ", ".join(done.left_out[:8]) + (" …" if len(done.left_out) > 8 else "")
        screen.aside(say("gradebook-exported-without", n=len(done.left_out), names=names), "bold yellow")
    if done.waiting:
        screen.aside(say("gradebook-exported-waiting", n=done.waiting), "bold yellow")
