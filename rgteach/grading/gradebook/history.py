"""Why points are as they are: all that happened to a student's lab, in order, each with what counted then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from rgteach.grading.gradebook import ledger, times
from rgteach.grading.gradebook.points import shown
from rgteach.grading.gradebook.tables import (
    Attempt,
    Change,
    Entry,
    Extension,
    Grading,
    Handed,
    Lab,
    Late,
    Mark,
    Run,
    Score,
    Student,
)


@dataclass(frozen=True)
class Event:
    """Something that happened: `kind` is the key of a sentence `gradebook-event-KIND`, filled with `values`.

    `final` is what counted after it, in hundredths; the last event of an entry tells it.
    """

    lab: str
    entry: int
    at: datetime
    who: str
    version: str
    kind: str
    values: dict = field(default_factory=dict)
    final: int | None = None


def history(session: Session, student: int, labs: list[str] | None = None) -> Iterator[Event]:
    """All that happened to a student's points, lab by lab."""
    same = select(Student.id).where(or_(Student.id == student, Student.same_as == student))
    mine = list(session.scalars(same))
    for lab in ledger.lab_names(session):
        if labs is not None and lab not in labs:
            continue
        events = sorted(_events(session, mine, lab), key=lambda event: event.entry)
        for event in events if any(event.kind != "late" for event in events) else ():
            found = ledger.standings(session, students=[student], labs=[lab], upto=event.entry)
            counts = next(found, None)
            yield replace(event, final=counts.final if counts else None)


def _events(session: Session, mine: list[int], lab: str) -> Iterator[Event]:
    for entry, kind, values in _facts(session, mine, lab):
        yield Event(lab, entry.id, entry.at, entry.who, entry.version, kind, values)


def _facts(session: Session, mine: list[int], lab: str) -> Iterator[tuple[Entry, str, dict]]:
    """(entry, kind, values) of everything, kind by kind."""
    asked = select(Attempt).join(Lab, Lab.id == Attempt.lab_id)
    attempts = list(
        session.scalars(asked.where(Attempt.student_id.in_(mine), Lab.name == lab).order_by(Attempt.id))
    )
    names = {attempt.id: number for number, attempt in enumerate(attempts, 1)}
    zone = ledger.policy(session, lab).zone
    for attempt in attempts:
        yield session.get_one(Entry, attempt.entry_id), "attempt", {
            "number": names[attempt.id], "path": attempt.path, "digest": attempt.digest[:12],
        }  # fmt: skip
    yield from _handed(session, names, zone)
    yield from _gradings(session, names)
    answers = select(Score.answer).join(Grading, Grading.id == Score.grading_id)
    answers = answers.where(Grading.attempt_id.in_(names), Score.answer != "")
    for entry, row in _of(session, Mark, Mark.answer.in_(answers)):
        values = {"exercise": row.exercise, "points": shown(row.points), "marker": row.marker or "?"}
        yield entry, "mark", values | {"comment": row.comment}
    yield from _decisions(session, mine, lab, names)


def _of(session: Session, table: type, *conditions) -> Iterator[tuple[Entry, object]]:
    asked = select(Entry, table).join(table, table.entry_id == Entry.id).where(*conditions)
    yield from session.execute(asked.order_by(table.id))


def _handed(session: Session, names: dict[int, int], zone: str) -> Iterator[tuple[Entry, str, dict]]:
    for entry, row in _of(session, Handed, Handed.attempt_id.in_(names)):
        values = {"number": names[row.attempt_id], "at": times.told(row.at, zone)}
        yield entry, f"handed-{row.source}", values


def _gradings(session: Session, names: dict[int, int]) -> Iterator[tuple[Entry, str, dict]]:
    """Each grading of an attempt, with what it changed against the one before."""
    before: dict[int, dict[str, int]] = defaultdict(dict)
    asked = select(Entry, Grading, Run.made_with).join(Run, Run.entry_id == Entry.id)
    asked = asked.join(Grading, Grading.run_id == Run.entry_id).where(Grading.attempt_id.in_(names))
    for entry, grading, made_with in session.execute(asked.order_by(Grading.id)):
        columns = (Score.exercise, Score.points)
        scores = dict(session.execute(select(*columns).where(Score.grading_id == grading.id)).all())
        old, before[grading.attempt_id] = before.get(grading.attempt_id), scores
        values = {
            "number": names[grading.attempt_id],
            "points": shown(grading.points), "out_of": shown(grading.out_of),
            "version": made_with or "?", "seed": grading.seed or "?", "edition": grading.edition or "?",
            "problem": grading.problem,
        }  # fmt: skip
        if old is None:
            yield entry, "graded", values
        else:
            moved = [
                f"{e} {shown(old.get(e, 0))} → {shown(p)}" for e, p in scores.items() if p != old.get(e, 0)
            ]
            yield entry, "regraded", values | {"moved": ", ".join(moved) or "—"}


def _decisions(session: Session, mine: list[int], lab: str, names: dict[int, int]):
    number = session.scalar(select(Lab.id).where(Lab.name == lab))
    for entry, row in _of(session, Late, Late.lab_id == number):
        values = {
            "due": times.told(row.due, row.zone) or "—",
            "per_day": shown(row.per_day),
            "grace": row.grace,
        }
        more = {"cap": shown(row.cap) or "—", "last_day": "—" if row.last_day is None else row.last_day}
        yield entry, "late", values | more | {"of": row.of, "counts": row.counts}
    for entry, row in _of(session, Extension, Extension.student_id.in_(mine), Extension.lab_id == number):
        values = {"until": times.told(row.until, row.zone) or "—", "reason": row.reason}
        yield entry, "extension", values
    for entry, row in _of(session, Change, Change.student_id.in_(mine), Change.lab_id == number):
        where = {"exercise": row.exercise, "attempt": names.get(row.attempt_id, "")}
        sign = "+" if row.kind == "add" and row.points >= 0 else ""
        values = {
            "number": row.id,
            "points": sign + shown(row.points),
            "reason": row.reason,
            "undoes": row.undoes,
        }
        yield entry, f"change-{row.kind}", values | where
