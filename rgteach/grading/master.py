"""Labs as the instructor keeps them: released notebooks, public keys, and hidden cases on demand.

The pages (`solutions/NN_topic.md`) hold the solutions, so they are read and run here, in the grader, and
never where a student's code runs.  Nothing of a lab is read before it is used, and of a page only that runs
which an exercise needs.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from rgteach.course import answer as self_test
from rgteach.course import deserved, handed, keys, lean, notebooks, source, worth
from rgteach.course.keys import Case, Key
from rgteach.course.model import Exercise, Page, PageError
from rgteach.course.places import course_home
from rgteach.course.questions import Sealed
from rgteach.course.stage import chance_kept
from rgteach.errors import LearnerError
from rgteach.grading import pages, seeds
from rgteach.grading.beside import Beside
from rgteach.grading.policy import Policy
from rgteach.wording import LANGUAGES

DRAWS = 20  # of cases for one student, until the solution has an answer to all of them
KEPT = 256  # sets of hidden cases that are remembered, for a student who hands in again


def load(root: Path | str | None = None) -> Masters:
    """The labs of a course by their number, "02"; none is read yet.

    Parameters
    ----------
    root : path, optional
        The folder that holds `solutions/` and `exercises/`; by default the course that rgteach came with.

    Raises
    ------
    LearnerError
        If there are no pages: an installed package comes without them.
    """
    return Masters(Path(root) if root else course_home())


class Masters(Mapping[str, "Master"]):
    """The labs of a course by their number; each is made when it is first asked for."""

    def __init__(self, root: Path):
        self.root = root
        self._paths = {path.stem[:2]: path for path in sorted(root.glob("solutions/[0-9][0-9]_*.md"))}
        self._made: dict[str, Master] = {}
        if not self._paths:
            raise LearnerError("master-no-pages", place=root)

    def __getitem__(self, lab: str) -> Master:
        if lab not in self._made:
            self._made[lab] = Master(self._paths[lab])
        return self._made[lab]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class Master:
    """One lab: what students were given, and what their answers are compared with."""

    def __init__(self, path: Path):
        self.path = path
        self.name = path.stem
        self.lab = path.stem[:2]
        self._drawn: OrderedDict[tuple[str, int], tuple[Case, ...]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def root(self) -> Path:
        """The folder of the course."""
        return self.path.parent.parent

    @cached_property
    def edition(self) -> str:
        """A fingerprint of the page."""
        return pages.edition(self.path)

    @cached_property
    def page(self) -> Page:
        """The page itself."""
        return pages.read(self.path)

    @property
    def title(self) -> Mapping[str, str]:
        """What the lab is called in each language."""
        return self.page.title

    @property
    def exercises(self) -> Mapping[str, Exercise]:
        """The exercises of the page by name."""
        return self.page.exercises

    @cached_property
    def _key_text(self) -> str:
        file = self.root / "exercises" / "keys" / f"{self.name}.json"
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise LearnerError("master-no-key", lab=self.lab, file=file) from None

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The public keys, in the order of the page.

        Raises
        ------
        LearnerError
            If the key was not built, or is of another edition of the page.
        """
        text = self._key_text
        try:
            found = tuple(keys.read(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise LearnerError("master-old-key", lab=self.lab, page=self.path.name) from None
        if [_terms(key) for key in found] != [_terms_of_page(e) for e in self.exercises.values()]:
            raise LearnerError("master-old-key", lab=self.lab, page=self.path.name)
        return found

    def key(self, exercise: str) -> Key:
        """The public key of an exercise."""
        return next(key for key in self.keys if key.id == exercise)

    @cached_property
    def questions(self) -> tuple[Sealed, ...]:
        """The questions of the self-test."""
        return tuple(keys.read_questions(self._key_text))

    def is_right(self, question: Sealed, given: str) -> bool:
        """Whether a letter is the right one; the page says it at once, the key only to who is slow."""
        letter = self_test.plain(given)
        asked = self.page.questions.get(question.id)
        return letter in question.choices and asked is not None and letter == asked.right

    @cached_property
    def released(self) -> Mapping[str, dict]:
        """The exercise notebook in each language, as students got it."""
        return {lang: self._released(lang) for lang in LANGUAGES}

    def _released(self, lang: str) -> dict:
        file = self.root / "exercises" / lang / f"{self.name}.ipynb"
        try:
            return json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # not built: the same cells, without the numbers that the text quotes
            return notebooks.notebook(self.page, "exercise", lang)

    @cached_property
    def functions(self) -> dict[str, str]:
        """The function of each exercise, "" for an open one."""
        return {name: "" if e.is_open else e.function for name, e in self.exercises.items()}

    @cached_property
    def stubs(self) -> dict[str, set[str]]:
        """The unwritten answer of each exercise in every language, as `handed.answer` compares it."""
        return {
            name: handed.stubs(
                source.in_language(source.stub(e.one("answer").code, lang), lang) for lang in LANGUAGES
            )
            for name, e in self.exercises.items()
            if not e.is_open
        }

    @cached_property
    def known_names(self) -> set[str]:
        """What the released notebook defines, in its own cells and in the answers."""
        cells = [cell.code for cell in self.page.cells if cell.role in ("code", "answer")]
        return {name for code in cells for name in handed.defined(code)}

    @cached_property
    def beside(self) -> Beside:
        """What is there when an answer runs."""
        return Beside(self.page)

    def context(self, exercise: str, lang: str, sources: Iterable[str]) -> list[str]:
        """The imports and constants of the released cells that some code needs, in their order."""
        return self.beside.context(lang, sources)

    def weights(self, exercise: str) -> Mapping[str, float]:
        """How the points are parted among the groups of hidden cases."""
        found = self.exercises[exercise]
        return worth.PARTS if found.is_open else found.weights

    def policy(self, exercise: str) -> Policy:
        """What an answer may not use, and what happens where it does."""
        return self.beside.policy(exercise)

    def hidden(self, exercise: str, drawn: int | Iterator[int]) -> tuple[Case, ...]:
        """A student's own cases with what the solution makes of them, those that count most first.

        Parameters
        ----------
        exercise : str
            The name of an exercise that is not open.
        drawn : int or iterator of int
            The seeds of all draws, as `Secret.seeds` gives them, or the first of them.  A draw that the
            solution has no answer to, or that a constant would be right about, is put aside for the next.

        Raises
        ------
        PageError
            If the page does not give cases, draw after draw.
        """
        row = seeds.row(drawn)
        at = exercise, next(row)
        with self._lock:  # a page's code changes what the whole process shares: chance, the printing
            if at not in self._drawn:
                self._drawn[at] = self._draw(self.exercises[exercise], chain([at[1]], row))
                while len(self._drawn) > KEPT:
                    self._drawn.popitem(last=False)
            return self._drawn[at]

    @cached_property
    def _lean(self) -> lean.Lean:
        return lean.Lean(self.page)

    def _draw(self, exercise: Exercise, row: Iterator[int]) -> tuple[Case, ...]:
        for seed in islice(row, DRAWS):
            with chance_kept():
                cases = self._lean.hidden(exercise, seed)
                cases.sort(key=lambda case: worth.order(case[0]))
                expected = self._lean.expected(exercise, cases)
            if any(call.kind not in ("value", "error") for call in expected):
                continue
            drawn = tuple(Case(*case, call) for case, call in zip(cases, expected, strict=True))
            if not deserved.for_nothing(self.key(exercise.id), drawn):
                return drawn
        line = exercise.one("cases").line
        raise PageError("master-no-draw", page=self.path.name, line=line, exercise=exercise.id, draws=DRAWS)


def _terms(key: Key) -> tuple:
    if key.is_open:
        return key.id, key.points
    return key.id, key.points, key.function, key.parameters, key.rtol, key.atol, key.seconds, key.properties


def _terms_of_page(exercise: Exercise) -> tuple:
    if exercise.is_open:
        return exercise.id, exercise.points
    steers = (exercise.setting(name) for name in ("rtol", "atol", "seconds"))
    return (
        exercise.id, exercise.points, exercise.function, tuple(exercise.parameters), *steers,
        exercise.properties,
    )  # fmt: skip
