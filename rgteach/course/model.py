"""What a page is made of: cells with a role, exercises that gather them, and questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rgteach.course import source
from rgteach.course.worth import PARTS
from rgteach.errors import LearnerError

GROUPS = ("hand", "random", "edge", "degenerate")
PROPERTIES = (
    "shape", "finite", "integer", "non-negative", "positive", "within-0-1", "sums-to-one", "symmetric",
    "sorted",
)  # fmt: skip
# role: (kind of cell, options it may carry beside `role`, whether it belongs to an exercise)
ROLES = {
    "prose": ("markdown", (), False),
    "statement": ("markdown", (), True),
    "hint": ("markdown", (), True),
    "explain": ("markdown", (), True),
    "think": ("markdown", ("points",), True),
    "rubric": ("markdown", (), True),
    "code": ("code", ("tags",), False),
    "answer": (
        "code",
        (
            "points",
            "function",
            "rtol",
            "atol",
            "seconds",
            "properties",
            "weights",
            "forbids",
            "breach",
            "tags",
        ),
        True,
    ),
    "cases": ("code", (), True),
    "wrong": ("code", ("expects", "says", "earns"), True),
    "twin": ("code", ("of",), True),
    "race": ("code", (), True),
    "starter": ("code", ("tags",), True),
    "question": ("markdown", ("question", "right"), False),
    "why": ("markdown", ("question",), False),
    "notes": ("markdown", (), False),
}
BREACHES = ("flag", "half", "zero")
EARNS = 0.5  # the most that a named mistake may earn of the points, unless its cell says otherwise
_CHOICE = re.compile(r"^- \*\*(\w+)\*\* +\S", re.MULTILINE)


class PageError(LearnerError):
    """A page that cannot be built: which page, which line, what to do about it."""


@dataclass(frozen=True)
class Cell:
    """One cell of a page; a Markdown cell holds its text in each language, a code cell its code."""

    role: str
    line: int
    text: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    exercise: str = ""
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_code(self) -> bool:
        """Whether it is a code cell."""
        return ROLES[self.role][0] == "code"


@dataclass(frozen=True)
class Exercise:
    """The cells of one exercise, in the order of the page."""

    id: str
    cells: tuple[Cell, ...]

    def all(self, role: str) -> tuple[Cell, ...]:
        """Its cells with this role."""
        return tuple(cell for cell in self.cells if cell.role == role)

    def one(self, role: str) -> Cell | None:
        """Its first cell with this role."""
        return next(iter(self.all(role)), None)

    @property
    def is_open(self) -> bool:
        """Whether a person marks it."""
        return self.one("think") is not None

    @property
    def points(self) -> int | float:
        """What a right answer is worth."""
        return (self.one("think") or self.one("answer")).options["points"]

    @cached_property
    def function(self) -> str:
        """The name of the function that a student writes."""
        answer = self.one("answer")
        return answer.options.get("function") or list(source.functions(answer.code))[-1]

    @property
    def parameters(self) -> list[str]:
        """The names of that function's arguments."""
        return source.functions(self.one("answer").code)[self.function]

    def setting(self, name: str):
        """A number that steers the check, or what it is by default."""
        return self.one("answer").options.get(name, {"rtol": 1e-9, "atol": 1e-12, "seconds": 5}[name])

    @property
    def properties(self) -> tuple[str, ...]:
        """What is looked at before digits."""
        return tuple(self.one("answer").options.get("properties", ()))

    @property
    def weights(self) -> dict[str, float]:
        """How the points are parted among the groups of hidden cases."""
        return PARTS | dict(self.one("answer").options.get("weights", {}))


@dataclass(frozen=True)
class Question:
    """One question of a self-test, and why its right choice is right."""

    id: str
    cell: Cell
    why: Cell | None

    @property
    def right(self) -> str:
        """The letter of the right choice."""
        return str(self.cell.options.get("right"))

    def choices(self, lang: str) -> list[str]:
        """The letters that there are to choose from."""
        return _CHOICE.findall(self.cell.text[lang])


@dataclass(frozen=True)
class Page:
    """A lesson or an exercise page."""

    path: Path
    lab: str
    kind: str
    minutes: int
    title: Mapping[str, str]
    cells: tuple[Cell, ...]
    forbids: tuple[str, ...] = ()  # what no answer of the page may import or call
    breach: str = BREACHES[0]  # what happens where one does

    @property
    def name(self) -> str:
        """`02_glcm`: what the notebooks made from this page are called."""
        return self.path.stem

    @cached_property
    def exercises(self) -> dict[str, Exercise]:
        """The exercises by name, in the order of the page."""
        ids = dict.fromkeys(cell.exercise for cell in self.cells if cell.exercise)
        return {id: Exercise(id, tuple(c for c in self.cells if c.exercise == id)) for id in ids}

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions of the self-test by name, in the order of the page."""
        whys = {cell.options.get("question"): cell for cell in self.cells if cell.role == "why"}
        asked = {cell.options.get("question"): cell for cell in self.cells if cell.role == "question"}
        return {id: Question(id, cell, whys.get(id)) for id, cell in asked.items()}

    def forbidden(self, exercise: Exercise) -> tuple[tuple[str, ...], str]:
        """What an answer may not import or call, and what happens where one does."""
        options = exercise.one("answer").options
        return (*self.forbids, *options.get("forbids", ())), str(options.get("breach", self.breach))
