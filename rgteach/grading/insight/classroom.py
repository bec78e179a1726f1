"""A class in a lab: one submission a student, and its points as arrays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise

import numpy as np

from rgteach.grading.model import ExerciseGrade, Graded

UNMARKED = "by person"  # the outcome of an exercise whose points are not given yet
NO_ANSWER = ("not tried", UNMARKED)
Mark = tuple[str, str]


@dataclass(frozen=True)
class Handing:
    """Whether a submission counts, and when it was handed in (ISO 8601, "" where nobody knows)."""

    counts: bool = False
    at: str = ""


@dataclass(frozen=True)
class Classroom:
    """All who handed in one lab, one submission each; files of no use are not among them.

    Of several submissions of a student the one that counts is taken; where that is not known, the one with
    the most points.  `handed`, `attempts` and `gaps` stand in the same order; `gaps` are the hours from each
    attempt to the next, as far as it is known when they were handed in.
    """

    lab: str
    handed: tuple[Graded, ...]
    attempts: tuple[int, ...]
    gaps: tuple[tuple[float, ...], ...] = ()

    @property
    def size(self) -> int:
        """How many handed in."""
        return len(self.handed)

    @cached_property
    def students(self) -> tuple[str, ...]:
        """Who handed in."""
        return tuple(one.student for one in self.handed)

    @cached_property
    def exercises(self) -> tuple[str, ...]:
        """What the grader marks, in the order of the page."""
        return self._ids(lambda grade: grade.outcome != UNMARKED)

    @cached_property
    def open_exercises(self) -> tuple[str, ...]:
        """What a person marks."""
        return self._ids(lambda grade: grade.outcome == UNMARKED)

    def _ids(self, wanted) -> tuple[str, ...]:
        return tuple(dict.fromkeys(g.exercise for one in self.handed for g in one.exercises if wanted(g)))

    @cached_property
    def grades(self) -> dict[str, list[ExerciseGrade | None]]:
        """Exercise -> what came of it, student by student; None where a submission does not know it."""
        found: dict[str, list[ExerciseGrade | None]] = {
            name: [None] * self.size for name in (*self.exercises, *self.open_exercises)
        }
        for k, one in enumerate(self.handed):
            for grade in one.exercises:
                found[grade.exercise][k] = grade
        return found

    @cached_property
    def points(self) -> np.ndarray:
        """(student, exercise) points; what was not tried earned 0."""
        columns = [[g.points if g else 0.0 for g in self.grades[name]] for name in self.exercises]
        return np.array(columns, float).reshape(len(columns), self.size).T

    @cached_property
    def out_of(self) -> np.ndarray:
        """(exercise,) points that can be had."""
        most = [max((g.out_of for g in self.grades[name] if g), default=0) for name in self.exercises]
        return np.array(most, float)

    @cached_property
    def shares(self) -> np.ndarray:
        """(student, exercise) points as a share of what can be had, 0 to 1."""
        return np.clip(self.points / np.where(self.out_of > 0, self.out_of, 1), 0, 1)

    @cached_property
    def totals(self) -> np.ndarray:
        """(student,) points over all exercises as a share, 0 to 1."""
        return self.points.sum(axis=1) / (self.out_of.sum() or 1)

    def outcomes(self, exercise: str) -> Counter[str]:
        """How often an exercise came out how; a submission that does not know it counts as not tried."""
        return Counter(grade.outcome if grade else NO_ANSWER[0] for grade in self.grades[exercise])

    def answered(self, exercise: str) -> list[ExerciseGrade]:
        """What came of the answers that were written."""
        return [g for g in self.grades[exercise] if g and g.outcome not in NO_ANSWER]


def classrooms(
    graded: Iterable[Graded], known: Mapping[Mark, Handing] | None = None
) -> tuple[list[Classroom], list[Graded]]:
    """The labs in their order, and the files of no use."""
    by_lab: dict[str, dict[str, list[Graded]]] = defaultdict(lambda: defaultdict(list))
    useless = []
    for one in graded:
        if one.problem or not one.exercises:
            useless.append(one)
        else:
            by_lab[one.lab][one.student].append(one)
    rooms = [_room(lab, by_lab[lab], known or {}) for lab in sorted(by_lab)]
    return rooms, sorted(useless, key=lambda one: (one.lab, one.student, one.submission))


def _room(lab: str, by_student: dict[str, list[Graded]], known: Mapping[Mark, Handing]) -> Classroom:
    names = sorted(by_student)
    best = tuple(_best(by_student[name], known) for name in names)
    gaps = tuple(_gaps(by_student[name], known) for name in names)
    return Classroom(lab, best, tuple(len(by_student[name]) for name in names), gaps)


def mark(one: Graded) -> Mark:
    """What tells a submission from all others."""
    return one.submission, one.digest


def _best(several: Sequence[Graded], known: Mapping[Mark, Handing]) -> Graded:
    """The one that counts, or has the most points; of equals the last."""

    def order(pair: tuple[int, Graded]) -> tuple[bool, float, int]:
        place, one = pair
        return known.get(mark(one), Handing()).counts, one.points, place

    return max(enumerate(several), key=order)[1]


def _gaps(several: Sequence[Graded], known: Mapping[Mark, Handing]) -> tuple[float, ...]:
    times = sorted(filter(None, (_time(known.get(mark(one), Handing()).at) for one in several)))
    return tuple((b - a).total_seconds() / 3600 for a, b in pairwise(times))


def _time(text: str) -> datetime | None:
    """A time as `scores.json` has it; without a zone it is taken for UTC."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
