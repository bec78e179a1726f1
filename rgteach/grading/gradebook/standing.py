"""What counts for a student and a lab.  Pure functions: what is known goes in, points come out.

In this order: what the grader gave, what people gave for open exercises, what people changed in an exercise;
of several attempts the one that counts; lateness; what people changed in the lab as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rgteach.grading.gradebook import late
from rgteach.grading.gradebook.handing import SOURCES
from rgteach.grading.gradebook.late import Policy


@dataclass(frozen=True)
class Who:
    """A student, as the class list says or as the name was met."""

    number: int
    key: str
    name: str = ""
    email: str = ""
    section: str = ""
    lang: str = ""
    listed: bool = False
    ids: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """Points that a person added or set; `undone` where it was taken back."""

    kind: str
    points: int
    exercise: str = ""
    undone: bool = False


@dataclass(frozen=True)
class Work:
    """An attempt as it stands, in hundredths; `waiting` is what a person still has to mark."""

    attempt: int
    handed: datetime | None
    source: str
    points: int
    out_of: int
    waiting: int = 0
    problem: str = ""
    flags: int = 0
    days: int = 0
    kept: int = 0
    edition: str = ""
    isolated: bool = True
    path: str = ""


@dataclass(frozen=True)
class Standing:
    """What counts; without `work` nothing was handed in, and `final` is None unless a person gave points."""

    who: Who
    lab: str
    policy: Policy
    work: Work | None
    attempts: int = 0
    final: int | None = None
    changed: bool = False
    due: datetime | None = None
    extended: bool = False


def handed(rows: Sequence[tuple[str, datetime, int]]) -> tuple[str, datetime | None]:
    """Which of the times of an attempt holds, from (source, time, number of the row).

    The surest source; what was given last, else the earliest: handing in the same file again is no delay.
    """
    for source in SOURCES:
        found = [(at, number) for kind, at, number in rows if kind == source]
        if found:
            at = max(found, key=lambda row: row[1])[0] if source == "given" else min(found)[0]
            return source, at
    return "", None


def points_of(machine: int, given: dict[str, int | None], changes: Sequence[Change]) -> int:
    """Points of an attempt: the grader's, plus what people gave, with changed exercises as they are now.

    `given` holds the points of every changed exercise, by name.
    """
    total = machine
    for exercise in {change.exercise for change in changes}:
        before = given.get(exercise) or 0
        total += folded(before, [c for c in changes if c.exercise == exercise]) - before
    return total


def folded(points: int | None, changes: Sequence[Change]) -> int | None:
    """Points after changes in their order; never below nothing."""
    for change in changes:
        if not change.undone:
            points = change.points if change.kind == "set" else (points or 0) + change.points
    return None if points is None else max(0, points)


def chosen(works: Sequence[Work], policy: Policy) -> Work | None:
    """The attempt that counts: one that could be read if there is one; the last or the best."""
    usable = [work for work in works if not work.problem] or list(works)
    if not usable:
        return None
    if policy.counts == "best":
        return max(usable, key=lambda work: (work.kept, -work.days, -work.attempt))
    if all(work.handed for work in usable):
        return max(usable, key=lambda work: (work.handed, work.attempt))
    return max(usable, key=lambda work: work.attempt)  # in the order in which they came into the book


def stand(
    who: Who,
    lab: str,
    policy: Policy,
    works: Sequence[Work],
    changes: Sequence[Change] = (),
    extension: datetime | None = None,
) -> Standing:
    """What counts for a student and a lab, after all."""
    aged = []
    for work in works:
        days = late.days(policy, work.handed, extension)
        kept = late.kept(policy, work.points, work.out_of, days)
        aged.append(Work(**vars(work) | {"days": days, "kept": kept}))
    work = chosen(aged, policy)
    final = folded(work.kept if work else None, changes)
    return Standing(
        who,
        lab,
        policy,
        work,
        attempts=len(works),
        final=final,
        changed=any(not change.undone for change in changes),
        due=late.due(policy, extension),
        extended=extension is not None,
    )
