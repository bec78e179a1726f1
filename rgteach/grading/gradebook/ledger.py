"""What the book holds, put together student by student: the rows behind `standing`.

`upto` is the number of an entry: the book as it was after that.  Students come two thousand at a
time, so that memory does not grow with the class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from rgteach.grading.gradebook import standing
from rgteach.grading.gradebook.late import Policy
from rgteach.grading.gradebook.standing import Change, Standing, Who, Work
from rgteach.grading.gradebook.tables import (
    Attempt,
    Extension,
    Grading,
    Handed,
    Lab,
    Late,
    Mark,
    Score,
    Student,
)
from rgteach.grading.gradebook.tables import Change as Changed

BATCH = 2000
_NEVER = 2**31 - 1  # the largest number of an entry that PostgreSQL compares without a word


def standings(
    session: Session,
    *,
    students: Sequence[int] | None = None,
    labs: Sequence[str] | None = None,
    upto: int = _NEVER,
) -> Iterator[Standing]:
    """What counts for every student and lab, in the order of the class list and then of the labs.

    A student of the list has a line for every lab; another, for the labs where something was handed in.
    """
    wanted = [name for name in lab_names(session) if labs is None or name in labs]
    policies = {name: policy(session, name, upto) for name in wanted}
    for whos in _owners(session, students):
        known = _Batch(session, whos, upto)
        for who in whos:
            for name in wanted:
                if (found := known.standing(who, name, policies[name])) is not None:
                    yield found


def lab_names(session: Session) -> list[str]:
    """All labs; "" last, where some file could not be read."""
    return sorted(session.scalars(select(Lab.name)), key=lambda name: (not name, name))


def policy(session: Session, lab: str, upto: int = _NEVER) -> Policy:
    """How a lab treats what comes late."""
    asked = select(Late).join(Lab, Lab.id == Late.lab_id).where(Lab.name == lab, Late.entry_id <= upto)
    row = session.scalar(asked.order_by(Late.id.desc()).limit(1))
    if row is None:
        return Policy()
    names = ("due", "zone", "grace", "per_day", "cap", "last_day", "of", "counts")
    return Policy(**{name: getattr(row, name) for name in names})


def _owners(session: Session, students: Sequence[int] | None) -> Iterator[list[Who]]:
    columns = ("id", "key", "name", "email", "section", "lang", "listed", "ids")
    asked = select(*(getattr(Student, name) for name in columns))
    asked = asked.where(or_(Student.same_as.is_(None), Student.same_as == Student.id))
    if students is not None:
        asked = asked.where(Student.id.in_(students))
    asked = asked.order_by(Student.listed.desc(), Student.place, Student.key, Student.id)
    rows = [Who(*row) for row in session.execute(asked)]
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


@dataclass(frozen=True)
class _Score:
    points: int
    out_of: int
    answer: str  # of an open exercise
    waits: bool  # for a person

    def marked(self, points: int) -> _Score:
        return replace(self, points=min(points, self.out_of), waits=False)


class _Batch:
    """All that is known of some students."""

    def __init__(self, session: Session, whos: Sequence[Who], upto: int):
        self._session, self._upto = session, upto
        numbers = [who.number for who in whos]
        names = select(Student.id, Student.same_as).where(
            or_(Student.id.in_(numbers), Student.same_as.in_(numbers))
        )
        self._owner = {number: same or number for number, same in session.execute(names)}
        mine = list(self._owner)
        self._attempts = select(Attempt.id).where(Attempt.student_id.in_(mine), Attempt.entry_id <= upto)
        newest = select(func.max(Grading.id)).where(Grading.attempt_id.in_(self._attempts))
        self._gradings = newest.where(Grading.run_id <= upto).group_by(Grading.attempt_id)
        self._read_changes(mine)
        self._extensions = self._read_extensions(mine)
        self._works = self._read_works()

    def standing(self, who: Who, lab: str, policy: Policy) -> Standing | None:
        """What counts for one of them."""
        works = self._works.get((who.number, lab), [])
        changes = self._lab_changes.get((who.number, lab), [])
        if not works and not changes and not (who.listed and lab):
            return None
        extension = self._extensions.get((who.number, lab))
        return standing.stand(who, lab, policy, works, changes, extension)

    def _rows(self, asked: Select):
        return self._session.execute(asked)

    def _read_works(self) -> dict[tuple[int, str], list[Work]]:
        times, marks, all_scores = self._read_times(), self._read_marks(), self._read_scores()
        names = ("points", "out_of", "by_person", "problem", "flags", "edition", "isolated")
        columns = (
            Attempt.id,
            Attempt.student_id,
            Lab.name,
            Attempt.path,
            *(getattr(Grading, n) for n in names),
        )
        asked = select(*columns).join(Lab, Lab.id == Attempt.lab_id)
        asked = asked.join(Grading, Grading.attempt_id == Attempt.id).where(Grading.id.in_(self._gradings))
        works = defaultdict(list)
        for number, student, lab, path, points, out_of, by_person, *more in self._rows(
            asked.order_by(Attempt.id)
        ):
            source, at = standing.handed(times.get(number, ()))
            scores = all_scores.get(number, {})
            for exercise, found in scores.items():
                if found.answer and found.answer in marks:
                    scores[exercise] = found.marked(marks[found.answer])
            points += sum(s.points for s in scores.values() if s.answer)
            given = {exercise: s.points for exercise, s in scores.items()}
            points = standing.points_of(points, given, self._exercise_changes.get(number, ()))
            waiting = sum(s.out_of for s in scores.values() if s.waits)
            problem, flags, edition, isolated = more
            works[self._owner[student], lab].append(
                Work(number, at, source, points, out_of + by_person, waiting, problem, flags,
                     edition=edition, isolated=isolated, path=path)
            )  # fmt: skip
        return works

    def _read_times(self) -> dict[int, list[tuple[str, datetime, int]]]:
        columns = (Handed.attempt_id, Handed.source, Handed.at, Handed.id)
        asked = select(*columns).where(Handed.attempt_id.in_(self._attempts), Handed.entry_id <= self._upto)
        times = defaultdict(list)
        for attempt, *row in self._rows(asked):
            times[attempt].append(tuple(row))
        return times

    def _read_marks(self) -> dict[str, int]:
        """The points of the mark that stands, by answer."""
        asked = select(Mark.answer, Mark.points).join(Score, Score.answer == Mark.answer)
        asked = asked.where(Score.grading_id.in_(self._gradings), Score.answer != "")
        asked = asked.where(Mark.entry_id <= self._upto).order_by(Mark.number, Mark.marked, Mark.id)
        return dict(self._rows(asked).all())

    def _read_scores(self) -> dict[int, dict[str, _Score]]:
        """Open exercises, and those that somebody changed, by attempt and name."""
        changed = {c.exercise for changes in self._exercise_changes.values() for c in changes}
        columns = (
            Grading.attempt_id,
            Score.exercise,
            Score.points,
            Score.out_of,
            Score.answer,
            Score.outcome,
        )
        asked = select(*columns).join(Score, Score.grading_id == Grading.id)
        asked = asked.where(Grading.id.in_(self._gradings))
        asked = asked.where(or_(Score.answer != "", Score.exercise.in_(changed)))
        scores: dict[int, dict] = defaultdict(dict)
        for attempt, exercise, points, out_of, answer, outcome in self._rows(asked):
            scores[attempt][exercise] = _Score(points, out_of, answer, outcome == "by person")
        return scores

    def _read_changes(self, mine: list[int]) -> None:
        asked = select(Changed, Lab.name).join(Lab, Lab.id == Changed.lab_id)
        asked = asked.where(Changed.student_id.in_(mine), Changed.entry_id <= self._upto)
        rows = list(self._rows(asked.order_by(Changed.id)))
        undone = {change.undoes for change, _ in rows if change.kind == "undo"}
        self._lab_changes: dict[tuple[int, str], list[Change]] = defaultdict(list)
        self._exercise_changes: dict[int, list[Change]] = defaultdict(list)
        for change, lab in rows:
            found = Change(change.kind, change.points, change.exercise, change.id in undone)
            if change.kind == "undo":
                continue
            if change.exercise:
                self._exercise_changes[change.attempt_id].append(found)
            else:
                self._lab_changes[self._owner[change.student_id], lab].append(found)

    def _read_extensions(self, mine: list[int]) -> dict[tuple[int, str], datetime | None]:
        columns = (Extension.student_id, Lab.name, Extension.until)
        asked = select(*columns).join(Lab, Lab.id == Extension.lab_id)
        asked = asked.where(Extension.student_id.in_(mine), Extension.entry_id <= self._upto)
        rows = self._rows(asked.order_by(Extension.id))
        return {(self._owner[student], lab): until for student, lab, until in rows}
