"""What people decide: how a lab treats lateness, extensions, marks of open exercises, changed points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import ledger, people
from rgteach.grading.gradebook.book import enter
from rgteach.grading.gradebook.late import Policy
from rgteach.grading.gradebook.points import exact
from rgteach.grading.gradebook.rows import find_labs
from rgteach.grading.gradebook.submitted import digest
from rgteach.grading.gradebook.tables import (
    Change,
    Extension,
    Grading,
    Lab,
    Late,
    Mark,
    Score,
    Setting,
    Student,
)
from rgteach.grading.rubric.marks import Mark as RubricMark


def set_zone(session: Session, name: str, who: str) -> None:
    """The time zone of the course, for all times that come without one."""
    put(session, "zone", name, who)


def put(session: Session, name: str, value: str, who: str) -> None:
    """Set something for the whole book."""
    session.add(Setting(entry_id=enter(session, "setting", who), name=name, value=value))


def setting(session: Session, name: str) -> str | None:
    """What was last set."""
    asked = select(Setting.value).where(Setting.name == name).order_by(Setting.id.desc()).limit(1)
    return session.scalar(asked)


def set_late(session: Session, lab: str, who: str, **changes: object) -> Policy:
    """Change how a lab treats lateness; what is not named stays as it was."""
    policy = replace(ledger.policy(session, lab), **changes)
    number = find_labs(session, [lab])[lab]
    session.add(Late(entry_id=enter(session, "late", who), lab_id=number, **asdict(policy)))
    session.flush()
    return policy


def extend(
    session: Session, lab: str, student: str, until: datetime | None, zone: str, reason: str, who: str
):
    """Give a student more time for a lab; None takes it back.  Gives the student."""
    found = _owner(session, people.one(session, student))
    number = lab_number(session, lab)
    entry = enter(session, "extension", who)
    session.add(
        Extension(entry_id=entry, student_id=found.id, lab_id=number, until=until, zone=zone, reason=reason)
    )
    return found


def change(
    session: Session, lab: str, student: str, kind: str, points: int, reason: str, who: str, exercise=""
):
    """Change points by hand: `kind` is add or set; gives the number of the change, to undo it by.

    With an exercise, it holds for the attempt that counts now; another attempt is not touched.
    """
    if not reason.strip():
        raise LearnerError("gradebook-no-reason")
    found = _owner(session, people.one(session, student))
    number, attempt = lab_number(session, lab), None
    if exercise:
        attempt = _counting(session, found, lab)
        _score(session, attempt, exercise)
    row = Change(
        entry_id=enter(session, "change", who), student_id=found.id, lab_id=number, attempt_id=attempt,
        exercise=exercise, kind=kind, points=points, reason=reason.strip(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def undo(session: Session, number: int, reason: str, who: str) -> None:
    """Take a change back; it stays in the history."""
    old = session.get(Change, number)
    done = session.scalar(select(Change.id).where(Change.undoes == number).limit(1))
    if old is None or old.kind == "undo" or done is not None:
        raise LearnerError("gradebook-no-change", number=number)
    session.add(
        Change(
            entry_id=enter(session, "change", who), student_id=old.student_id, lab_id=old.lab_id,
            attempt_id=old.attempt_id, exercise=old.exercise, kind="undo", points=0, reason=reason.strip(),
            undoes=number,
        )
    )  # fmt: skip


def mark(session: Session, marks: Iterable[RubricMark], who: str) -> int:
    """Add marks of open answers, whoever gave them; gives how many are new.  Only complete ones count."""
    given = {_digest(one): one for one in marks if one.complete}
    known = set(session.scalars(select(Mark.content)))
    new = [(content, one) for content, one in given.items() if content not in known]
    if new:
        entry = enter(session, "mark", who)
        session.execute(insert(Mark), [_row(entry, content, one) for content, one in new])
    return len(new)


def _digest(one: RubricMark) -> str:
    return digest(repr(one))


def _row(entry: int, content: str, one: RubricMark) -> dict:
    names = ("answer", "student", "lab", "exercise", "comment", "number")
    row = {name: getattr(one, name) for name in names} | {"entry_id": entry, "content": content}
    return row | {"points": exact(one.total), "marker": one.who, "marked": one.when}


def _owner(session: Session, student: Student) -> Student:
    return session.get_one(Student, people.owner(student))


def lab_number(session: Session, lab: str) -> int:
    """The number of a lab that the book knows."""
    number = session.scalar(select(Lab.id).where(Lab.name == lab))
    if number is None:
        known = ", ".join(name for name in ledger.lab_names(session) if name)
        raise LearnerError("gradebook-no-lab", given=lab, known=known or "—")
    return number


def _counting(session: Session, student: Student, lab: str) -> int:
    found = next(ledger.standings(session, students=[student.id], labs=[lab]), None)
    if found is None or found.work is None:
        raise LearnerError("gradebook-no-attempt", student=student.key, lab=lab)
    return found.work.attempt


def _score(session: Session, attempt: int, exercise: str) -> int:
    """How many points an exercise has in the newest grading of an attempt."""
    newest = select(Grading.id).where(Grading.attempt_id == attempt).order_by(Grading.id.desc()).limit(1)
    rows = session.execute(
        select(Score.exercise, Score.out_of).where(Score.grading_id == newest.scalar_subquery())
    )
    found = dict(rows.all())
    if exercise not in found:
        raise LearnerError("gradebook-no-exercise", given=exercise, known=", ".join(found) or "—")
    return found[exercise]
