"""Graded submissions as rows of the book, and what the book holds of them already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Dialect, func, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from rgteach.errors import LearnerError
from rgteach.grading.gradebook.points import exact
from rgteach.grading.gradebook.tables import Attempt, Base, Grading, Handed, Lab, Run, Score, Text, clean
from rgteach.grading.model import Graded
from rgteach.grading.rubric import queue


def fill(session: Session, table: type[Base], rows: list[dict]) -> None:
    """Many new rows at once, past what a session does for single ones.

    SQLite takes them as they are, column by column made ready; PostgreSQL wants many in one statement.
    """
    connection, insert = session.connection(), table.__table__.insert()
    if connection.dialect.name != "sqlite":
        connection.execute(insert, rows)
        return
    names = list(rows[0])
    columns = []
    for name in names:
        columns.append(_ready([row[name] for row in rows], table.__table__.c[name].type, connection.dialect))
    compiled = insert.compile(dialect=connection.dialect, column_keys=names)
    order = [names.index(name) for name in compiled.positiontup]
    connection.exec_driver_sql(str(compiled), list(zip(*[columns[k] for k in order], strict=True)))


def _ready(values: list, kind: TypeEngine, dialect: Dialect) -> list:
    """The values of a column as SQLite takes them; plain text, which most of it is, needs nothing."""
    if isinstance(kind, Text) and (together := "".join(values)).isascii() and "\0" not in together:
        return values
    make = kind.dialect_impl(dialect).bind_processor(dialect)
    return [make(value) for value in values] if make else values


def find_labs(session: Session, names: Iterable[str]) -> dict[str, int]:
    """The numbers of these labs, new ones where there are none."""
    known = dict(session.execute(select(Lab.name, Lab.id)).all())
    for name in sorted({clean(name) for name in names} - known.keys()):
        lab = Lab(name=name)
        session.add(lab)
        session.flush()
        known[name] = lab.id
    return known


def attempts(session: Session, digests: list[str]) -> dict[tuple[int, int, str], int]:
    """The numbers of attempts with these digests, by (student, lab, digest)."""
    columns = (Attempt.student_id, Attempt.lab_id, Attempt.digest, Attempt.id)
    rows = session.execute(select(*columns).where(Attempt.digest.in_(digests)))
    return {(student, lab, digest): number for student, lab, digest, number in rows}


def insert_attempts(session: Session, entry: int, fresh: dict[tuple[int, int, str], Graded]) -> None:
    """New attempts, by (student, lab, digest)."""
    rows = [
        {
            "entry_id": entry, "student_id": student, "lab_id": lab, "digest": digest,
            "path": g.submission, "lang": g.lang,
        }
        for (student, lab, digest), g in fresh.items()
    ]  # fmt: skip
    if rows:
        fill(session, Attempt, rows)


def new_times(session: Session, handed: dict[int, tuple[str, datetime] | None]) -> list[dict]:
    """Rows of the times of attempts that the book does not hold."""
    columns = (Handed.attempt_id, Handed.source, Handed.at)
    known = {tuple(row) for row in session.execute(select(*columns).where(Handed.attempt_id.in_(handed)))}
    return [
        {"attempt_id": number, "source": found[0], "at": found[1]}
        for number, found in handed.items()
        if found and (number, *found) not in known
    ]


def current(session: Session, attempts: list[int]) -> dict[int, str]:
    """What the newest grading of each of these attempts found, as a digest."""
    newest = select(func.max(Grading.id)).where(Grading.attempt_id.in_(attempts)).group_by(Grading.attempt_id)
    rows = session.execute(select(Grading.attempt_id, Grading.content).where(Grading.id.in_(newest)))
    return dict(rows.all())


def insert_gradings(session: Session, run: Run, new: dict[int, tuple[str, Graded]]) -> None:
    """New gradings with their scores: (digest of what was found, the submission) by attempt."""
    if not new:
        return
    fill(session, Grading, [_grading(run, number, found, g) for number, (found, g) in new.items()])
    columns = (Grading.attempt_id, Grading.id)
    asked = select(*columns).where(Grading.run_id == run.entry_id, Grading.attempt_id.in_(new))
    numbers = dict(session.execute(asked.order_by(Grading.id)).all())
    scores = [row for number, (_, g) in new.items() for row in _scores(numbers[number], g)]
    if scores:
        fill(session, Score, scores)


def _grading(run: Run, attempt: int, found: str, g: Graded) -> dict:
    points, out_of, by_person = _sums(g)
    flags = len(g.notes) + sum(len(e.flags) for e in g.exercises)
    return {
        "attempt_id": attempt, "run_id": run.entry_id, "content": found, "seed": g.seed,
        "edition": g.edition, "isolated": g.is_grade, "points": points, "out_of": out_of,
        "by_person": by_person,
        "answered": g.answered, "questions": g.questions, "flags": flags, "problem": g.problem,
    }  # fmt: skip


def _scores(grading: int, g: Graded) -> Iterator[dict]:
    for place, e in enumerate(g.exercises):
        yield {
            "grading_id": grading, "place": place, "exercise": e.exercise, "outcome": e.outcome,
            "points": exact(e.points), "out_of": exact(e.out_of), "found": e.found, "mistake": e.mistake,
            "flags": len(e.flags), "answer": queue.name(g, e) if queue.is_open(e) else "",
        }  # fmt: skip


def _sums(g: Graded) -> tuple[int, int, int]:
    """Points, points possible, points that people give: each exercise rounded, then added.

    Numbers that no grader can mean stop everything: a wrong grade is worse than an error.
    """
    try:
        rows = [(exact(e.points), exact(e.out_of), queue.is_open(e)) for e in g.exercises]
        told = exact(g.points), exact(g.out_of), exact(g.by_person)
    except ValueError:
        raise LearnerError("gradebook-bad-points", path=g.submission, detail="NaN, ∞") from None
    marked = sum(points for points, _, is_open in rows if is_open)
    sums = (
        sum(points for points, _, is_open in rows if not is_open),
        sum(out_of for _, out_of, is_open in rows if not is_open),
        sum(out_of for _, out_of, is_open in rows if is_open),
    )
    if not rows:
        sums = told
    whole = abs(sums[0] + marked - told[0]), abs(sums[1] + sums[2] - told[1] - told[2])
    if max(whole) > len(rows) or any(
        not 0 <= points <= out_of for points, out_of, _ in [*rows, (*sums[:2], 0)]
    ):
        detail = f"{g.points!r} / {g.out_of!r} + {g.by_person!r}"
        raise LearnerError("gradebook-bad-points", path=g.submission, detail=detail)
    return sums


_as_text = json.JSONEncoder(sort_keys=True, default=str)


def content(g: Graded) -> str:
    """A digest of all that a grading found, but not of how long it took or of which version said so.

    A file of scores keeps what earlier versions found for submissions that were not graded again.
    """
    exercises = [
        [e.exercise, e.outcome, repr(e.points), repr(e.out_of), e.found, sorted(e.groups.items()), e.mistake,
         e.told, [asdict(flag) for flag in e.flags]]
        for e in g.exercises
    ]  # fmt: skip
    found = [
        g.points,
        g.out_of,
        g.by_person,
        g.answered,
        g.questions,
        g.problem,
        g.seed,
        g.edition,
    ]
    notes = [asdict(flag) for flag in g.notes]
    return digest(_as_text.encode([exercises, list(map(repr, found)), notes, dict(g.told)]))


def digest(text: str) -> str:
    """SHA-256 of any text."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
