"""Graded submissions as rows of the book, and what the book holds of them already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Dialect, func, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from rgteach.grading.gradebook.submitted import Came, Submitted, content, sums
from rgteach.grading.gradebook.submitted import came as came_of
from rgteach.grading.gradebook.tables import Attempt, Base, Grading, Handed, Lab, Run, Score, Text, clean

_GRADING = (
    "attempt_id", "run_id", "content", "seed", "edition", "isolated", "points", "out_of", "by_person",
    "answered", "questions", "flags", "problem",
)  # fmt: skip
_SCORE = (
    "grading_id", "place", "exercise", "outcome", "points", "out_of", "found", "mistake", "flags", "answer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a submission, and a digest of all of it."""

    given: Submitted
    came: list[Came]
    content: str


def fill(session: Session, table: type[Base], names: Sequence[str], rows: Sequence[tuple]) -> None:
    """Many new rows at once, past what a session does for single ones.

    The statement is SQLAlchemy's, for whichever database this is; the values are made ready column by column
    and go to the driver as they are.
    """
    if not rows:
        return
    connection = session.connection()
    made = table.__table__.insert().compile(dialect=connection.dialect, column_keys=list(names))
    kinds = [table.__table__.c[name].type for name in names]
    columns = [_ready(v, k, connection.dialect) for v, k in zip(zip(*rows, strict=True), kinds, strict=True)]
    in_order = [columns[names.index(name)] for name in made.positiontup]
    connection.exec_driver_sql(str(made), list(zip(*in_order, strict=True)))


def _ready(values: Sequence, kind: TypeEngine, dialect: Dialect) -> Sequence:
    """The values of a column as the driver takes them; plain text, which most of it is, needs nothing."""
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


def attempts(session: Session, students: Iterable[int]) -> dict[tuple[int, int, str], int]:
    """The numbers of the attempts of these students, by (student, lab, digest)."""
    columns = (Attempt.student_id, Attempt.lab_id, Attempt.digest, Attempt.id)
    rows = session.execute(select(*columns).where(Attempt.student_id.in_(set(students))))
    return {(student, lab, digest): number for student, lab, digest, number in rows}


def insert_attempts(
    session: Session, entry: int, fresh: dict[tuple[int, int, str], Submitted]
) -> dict[tuple[int, int, str], int]:
    """New attempts, by (student, lab, digest); gives their numbers."""
    if not fresh:
        return {}
    last = session.scalar(select(func.max(Attempt.id))) or 0
    names = ("entry_id", "student_id", "lab_id", "digest", "path", "lang")
    fill(session, Attempt, names, [(entry, *key, g.submission, g.lang) for key, g in fresh.items()])
    columns = (Attempt.student_id, Attempt.lab_id, Attempt.digest, Attempt.id)
    rows = session.execute(select(*columns).where(Attempt.id > last))  # nobody else writes meanwhile
    return {(student, lab, digest): number for student, lab, digest, number in rows}


def new_times(
    session: Session, handed: dict[int, tuple[str, datetime] | None], old: set[int]
) -> list[tuple[int, str, datetime]]:
    """(attempt, source, time) of what the book does not hold; only of `old` attempts it holds any."""
    columns = (Handed.attempt_id, Handed.source, Handed.at)
    asked = select(*columns).where(Handed.attempt_id.in_(old))
    known = {tuple(row) for row in session.execute(asked)} if old else ()
    rows = [(number, *found) for number, found in handed.items() if found]
    return [row for row in rows if row not in known]


def current(session: Session, attempts: set[int]) -> dict[int, str]:
    """What the newest grading of each of these attempts found, as a digest."""
    if not attempts:
        return {}
    newest = select(func.max(Grading.id)).where(Grading.attempt_id.in_(attempts)).group_by(Grading.attempt_id)
    rows = session.execute(select(Grading.attempt_id, Grading.content).where(Grading.id.in_(newest)))
    return dict(rows.all())


def found(given: Submitted) -> Found:
    """What was found in a submission."""
    came = came_of(given)
    return Found(given, came, content(given, came))


def insert_gradings(session: Session, run: Run, new: dict[int, Found]) -> None:
    """New gradings with their scores, by attempt."""
    if not new:
        return
    last = session.scalar(select(func.max(Grading.id))) or 0
    fill(session, Grading, _GRADING, [_grading(run.entry_id, number, one) for number, one in new.items()])
    asked = select(Grading.attempt_id, Grading.id).where(Grading.id > last)
    numbers = dict(session.execute(asked).all())
    scores = []
    for number, one in new.items():
        grading, name = numbers[number], one.given.answers.get
        scores += [(grading, k, *came.row, name(k, "")) for k, came in enumerate(one.came)]
    fill(session, Score, _SCORE, scores)


def _grading(run: int, attempt: int, one: Found) -> tuple:
    g = one.given
    flags = len(g.notes) + sum([came.flags for came in one.came])
    return (
        *(attempt, run, one.content, g.seed, g.edition, g.is_grade, *sums(g, one.came)),
        *(g.answered, g.questions, flags, g.problem),
    )
