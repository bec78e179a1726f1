"""Who seems to be stuck, by a rule that stands on the page.

A student is listed who has no points in at least `ZEROS` exercises that two thirds of the class have right,
or who handed in at least `ATTEMPTS` times and has less than half of the points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.grading.insight.classroom import NO_ANSWER, Classroom

MOST = 2 / 3
ZEROS = 2
ATTEMPTS = 3
FEWEST = 5  # students; of fewer nobody can say what most have right


@dataclass(frozen=True)
class Stuck:
    """A student, the exercises that others have right (tried, and not tried), attempts, share of points."""

    student: str
    tried: tuple[str, ...]
    not_tried: tuple[str, ...]
    attempts: int
    share: float


def stuck(room: Classroom) -> list[Stuck]:
    """Those who seem to need help most, first."""
    if room.size < FEWEST or not room.exercises:
        return []
    easy = [room.outcomes(name)["right"] / room.size >= MOST for name in room.exercises]
    zero = (room.points <= 0) & np.array(easy)
    found = []
    for k in np.flatnonzero((zero.sum(axis=1) >= ZEROS) | _tries_on(room)):
        missing = [name for name, is_zero in zip(room.exercises, zero[k], strict=True) if is_zero]
        untried = [name for name in missing if _untried(room, name, k)]
        tried = tuple(name for name in missing if name not in untried)
        found.append(Stuck(room.students[k], tried, tuple(untried), room.attempts[k], float(room.totals[k])))
    return sorted(found, key=lambda s: (s.share, -len(s.tried) - len(s.not_tried), -s.attempts, s.student))


def _tries_on(room: Classroom) -> np.ndarray:
    return (np.array(room.attempts) >= ATTEMPTS) & (room.totals < 0.5)


def _untried(room: Classroom, exercise: str, k: int) -> bool:
    grade = room.grades[exercise][k]
    return grade is None or grade.outcome in NO_ANSWER
