"""What is known of a submission, before it has run and after: plain data, written and read as JSON.

Submission   what a student wrote, found in a notebook: nothing has run yet
Graded       what came of it; `scores.json` holds a list of them
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache

from rgteach.course.card import Card, Row

FORMAT = 1
# what came of an exercise
OUTCOMES = ("right", "partly", "wrong", "not tried", "cannot run", "breach", "by person")
# how an answer was found, surest first; "" where nothing was written
WAYS = ("id", "mark", "line", "name", "")


@dataclass(frozen=True)
class Flag:
    """Something for a person to look at: `kind` is the key of a message `flag-KIND`, filled with `values`."""

    kind: str
    values: Mapping[str, object] = field(default_factory=dict)
    line: int = 0  # of the answer's source, from 1; 0 for none
    code: str = ""  # that line


@dataclass(frozen=True)
class Answer:
    """The code cells that stand for an exercise, in the order in which they run: helpers first."""

    exercise: str
    found: str = ""  # one of WAYS
    helpers: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    function: str = ""  # the name that the student gave it, where that is another

    @property
    def source(self) -> str:
        """All of it as one text."""
        return "\n\n".join([*self.helpers, *self.cells])


@dataclass(frozen=True)
class Submission:
    """What a student handed in.

    `problem` is the key of a message where the file is of no use, filled with `told`; then all else is empty.
    """

    path: str  # as it is shown
    student: str
    lab: str = ""
    lang: str = "en"
    digest: str = ""  # SHA-256 of the file, in hex
    answers: Mapping[str, Answer] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)  # question -> letter
    written: Mapping[str, str] = field(default_factory=dict)  # open exercise -> text
    notes: tuple[Flag, ...] = ()  # of the notebook as a whole: another edition, cells taken from elsewhere …
    problem: str = ""
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ExerciseGrade:
    """What came of one exercise.

    `public` and each of `groups` are pairs (right, all) of cases; `groups` counts the hidden ones.
    `card` tells about the public cases only, in the student's language.
    """

    exercise: str
    outcome: str
    points: float
    out_of: float
    found: str = ""
    public: tuple[int, int] = (0, 0)
    groups: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    mistake: str = ""  # the named mistake that explains the public cases
    told: str = ""  # else the key of the diagnosis
    card: Card | None = None
    flags: tuple[Flag, ...] = ()
    source: str = ""  # what ran; for an open exercise what was written
    seconds: float = 0.0


@dataclass(frozen=True)
class Graded:
    """A submission, graded.  `is_grade` is false where nothing kept the student's code apart."""

    submission: str  # the path, as it is shown
    student: str
    lab: str
    lang: str
    digest: str
    points: float  # without what a person still has to mark
    out_of: float  # the same
    by_person: float  # points that a person gives
    exercises: tuple[ExerciseGrade, ...]
    answered: int = 0  # questions of the self-test with the right letter
    questions: int = 0
    notes: tuple[Flag, ...] = ()
    problem: str = ""
    told: Mapping[str, object] = field(default_factory=dict)
    seed: str = ""  # a fingerprint of the secret, which does not give it away
    edition: str = ""  # a fingerprint of the page that the lab was graded with
    is_grade: bool = False
    seconds: float = 0.0


def to_data(graded: Graded) -> dict:
    """A graded submission as JSON data."""
    return _data(graded)


def _data(value: object) -> object:
    """What `dataclasses.asdict` gives, without a copy of what cannot change."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple or kind is list:
        return [item if type(item) in _AS_THEY_ARE else _data(item) for item in value]
    if isinstance(value, Mapping):
        pairs = value.items()
    else:
        pairs = [(name, getattr(value, name)) for name in _names(kind)]
    return {name: item if type(item) in _AS_THEY_ARE else _data(item) for name, item in pairs}


_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def from_data(data: Mapping) -> Graded:
    """The graded submission that `to_data` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the data is something else.
    """
    exercises = tuple(_exercise(item) for item in data["exercises"])
    notes = tuple(Flag(**note) for note in data["notes"])
    return Graded(**{**_known(Graded, data), "exercises": exercises, "notes": notes})


def _exercise(data: Mapping) -> ExerciseGrade:
    found = _known(ExerciseGrade, data)
    found["public"] = tuple(data["public"])
    found["groups"] = {name: tuple(pair) for name, pair in data["groups"].items()}
    found["card"] = None if data["card"] is None else _card(data["card"])
    found["flags"] = tuple([Flag(**flag) for flag in data["flags"]])
    return ExerciseGrade(**found)


def _card(data: Mapping) -> Card:
    rows = tuple(Row(**row) for row in data["rows"])
    pairs = {name: tuple(tuple(pair) for pair in data[name]) for name in ("sentences", "own_lines")}
    return Card(**{**_known(Card, data), "rows": rows, "notes": tuple(data["notes"]), **pairs})


def _known(kind: type, data: Mapping) -> dict:
    """The fields that this edition knows; a later one may have written more."""
    names = _names(kind)
    if len(data) == len(names) and tuple(data) == names:  # as this edition writes them
        return dict(data)
    return {name: data[name] for name in names if name in data}
