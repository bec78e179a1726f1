"""A graded submission as the book takes it, from the data that `scores.json` has of it.

Most of that data is what students are shown, and no part of a book: it never becomes objects.  A class earns
the same few things again and again, so what an exercise comes to is worked out once for all to whom the same
happened.
"""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rgteach.errors import LearnerError
from rgteach.grading.gradebook.points import exact
from rgteach.grading.gradebook.tables import clean
from rgteach.grading.model import Flag
from rgteach.grading.rubric import queue

_as_text = json.JSONEncoder(sort_keys=True, default=str).encode


@dataclass(slots=True)
class Submitted:
    """A submission that was graded; `handed_in` is as that was noted when it was graded (ISO form)."""

    submission: str
    student: str
    lab: str
    lang: str
    digest: str
    is_grade: bool
    handed_in: str
    seed: str
    edition: str
    problem: str
    told: Mapping
    answered: int
    questions: int
    points: float
    out_of: float
    by_person: float
    notes: tuple[Flag, ...]
    exercises: list[bytes]  # what `came` reads
    answers: dict[int, str]  # place of an open exercise -> the rubric's name of what was written


@dataclass(frozen=True, slots=True)
class Came:
    """What came of an exercise."""

    row: tuple[str, str, int, int, str, str, int]  # exercise, outcome, points, out of, found, mistake, flags
    points: int  # hundredths
    out_of: int
    is_open: bool  # a person marks it, or has
    is_sound: bool  # no more points than there are, nor less than none
    flags: int
    text: str  # its part of what `content` is a digest of


def submitted(
    data: Mapping, keys: list[bytes] | None = None, texts: Mapping[int, tuple[str, str]] | None = None
) -> Submitted:
    """The submission of this data; `keys`, and (name, text) of open exercises, where these were read already.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        If the data is something else.
    """
    get, given = data.get, data["exercises"]
    if keys is None:
        keys = [key(one) for one in given]
        texts = {k: (one["exercise"], one.get("source", "")) for k, one in enumerate(given) if is_open(one)}
    return Submitted(
        *(data["submission"], data["student"], data["lab"], data["lang"], data["digest"]),
        *(get("is_grade", False), str(get("handed_in") or "")),
        *(get("seed", ""), get("edition", ""), get("problem", ""), get("told", {})),
        *(get("answered", 0), get("questions", 0)),
        *(data["points"], data["out_of"], data["by_person"]),
        *(tuple([Flag(**note) for note in data["notes"]]), keys),
        {k: queue.named(data["student"], data["lab"], *text) for k, text in texts.items()},
    )


def is_open(one: Mapping) -> bool:
    """Whether a person marks an exercise, or has."""
    card = one["card"]
    return one["outcome"] == "by person" or (card is not None and bool(card["by_person"]))


def key(one: Mapping) -> bytes:
    """All of an exercise that `came` makes something of; 1, 1.0 and True stay apart, as in the digest."""
    get = one.get
    return marshal.dumps(
        (
            *(one["exercise"], one["outcome"], one["points"], one["out_of"], get("found", "")),
            *(one["groups"], get("mistake", ""), get("told", ""), one["flags"], is_open(one)),
        ),
        2,  # in later versions equal data may come out in two ways
    )


@lru_cache(maxsize=1 << 14)
def _came(key: bytes) -> Came:
    """What came of an exercise, from its key."""
    exercise, outcome, points, out_of, found, groups, mistake, told, flags, by_person = marshal.loads(key)
    told = [exercise, outcome, repr(points), repr(out_of), found, sorted(groups.items()), mistake, told]
    flags = [vars(Flag(**flag)) for flag in flags]
    points, out_of = exact(points), exact(out_of)
    names = (clean(exercise), clean(outcome)), (clean(found), clean(mistake))
    return Came(
        (*names[0], points, out_of, *names[1], len(flags)),
        *(points, out_of, by_person, 0 <= points <= out_of, len(flags)),
        _as_text([*told, flags]),
    )


def came(one: Submitted) -> list[Came]:
    """What came of each exercise.

    Raises
    ------
    LearnerError
        If a number is none that a grader can mean: a wrong grade is worse than an error.
    """
    try:
        return [_came(key) for key in one.exercises]
    except ValueError:
        raise _bad(one, "NaN, ∞") from None


def sums(one: Submitted, came: list[Came]) -> tuple[int, int, int]:
    """Points, points possible, points that people give: each exercise rounded, then added.

    Numbers that no grader can mean stop everything, as in `came`.
    """
    try:
        told = exact(one.points), exact(one.out_of), exact(one.by_person)
    except ValueError:
        raise _bad(one, "NaN, ∞") from None
    marked = sum([found.points for found in came if found.is_open])
    points = sum([found.points for found in came if not found.is_open])
    out_of = sum([found.out_of for found in came if not found.is_open])
    by_person = sum([found.out_of for found in came if found.is_open])
    if not came:
        points, out_of, by_person = told
    whole = abs(points + marked - told[0]), abs(out_of + by_person - told[1] - told[2])
    sound = all(found.is_sound for found in came) and 0 <= points <= out_of
    if max(whole) > len(came) or not sound:
        raise _bad(one, f"{one.points!r} / {one.out_of!r} + {one.by_person!r}")
    return points, out_of, by_person


def _bad(one: Submitted, detail: str) -> LearnerError:
    return LearnerError("gradebook-bad-points", path=one.submission, detail=detail)


def content(one: Submitted, came: list[Came]) -> str:
    """A digest of all that a grading found, but not of how long it took or of which version said so.

    A file of scores keeps what earlier versions found for submissions that were not graded again.
    """
    found = [one.points, one.out_of, one.by_person, one.answered, one.questions, one.problem, one.seed]
    rest = [list(map(repr, [*found, one.edition])), [vars(note) for note in one.notes], dict(one.told)]
    exercises = ", ".join([found.text for found in came])
    return digest(f"[[{exercises}], {_as_text(rest)[1:]}")


def digest(text: str) -> str:
    """SHA-256 of any text."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
