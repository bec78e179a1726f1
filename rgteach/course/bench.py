"""Run the code of a page: its cells in order, and solutions, mistakes and twins in names of their own."""

from __future__ import annotations

import io
import linecache
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import CodeType

import numpy as np

from rgteach import wording
from rgteach.course import keys, questions, run, source
from rgteach.course.keys import Case, Key, Mistake
from rgteach.course.model import GROUPS, Cell, Exercise, Page, PageError
from rgteach.course.notebooks import NUMBER
from rgteach.course.plain import NotPlain, plain
from rgteach.wording import LANGUAGES

HIDDEN_SEEDS = tuple(range(20))
MAY_RAISE = "raises-exception"  # a tag of Jupyter: a lesson's wrong answer does so where checks are strict


class Bench:
    """A page whose cells have run, with the names before each exercise kept, so that its own cells can run.

    Earlier answers stand there as solutions, the way they stand in the solved notebook.
    """

    def __init__(self, page: Page):
        os.environ.setdefault("MPLBACKEND", "agg")  # a page that draws must not open windows here
        self.page = page
        self._before: dict[str, dict] = {}
        names: dict = {"__name__": "__main__"}
        with _language_kept():
            for cell in page.cells:
                if cell.exercise and cell.exercise not in self._before:
                    self._before[cell.exercise] = dict(names)
                if cell.role in ("code", "answer", "starter"):
                    self._execute(cell, source.in_language(source.solved(cell.code), "en"), names)
        self._after = names
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")

    def numbers(self, asked: Mapping[str, int]) -> dict[str, str]:
        """The text of each expression when the page has run; `asked` says on which line each stands."""
        found = {}
        for expression, line in asked.items():
            try:
                found[expression] = eval(f'f"""{{{expression}}}"""', dict(self._after))
            except Exception as error:
                where = {"page": self.page.path.name, "line": line, "expression": expression}
                reason = f"{type(error).__name__}: {error}"
                raise PageError("page-number", **where, reason=reason) from error
        return found

    def _filled(self, text: str, cell: Cell) -> str:
        """A text with its numbers in place."""
        numbers = self.numbers(dict.fromkeys(NUMBER.findall(text), cell.line))
        return NUMBER.sub(lambda found: numbers[found[1]], text)

    def _execute(self, cell: Cell, code: str, names: dict) -> dict:
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                exec(self._compile(cell, code), names)
        except Exception as error:
            if MAY_RAISE in cell.options.get("tags", ()):
                return names
            reason = f"{type(error).__name__}: {error}"
            raise PageError("page-run", page=self.page.path.name, line=cell.line, reason=reason) from error
        return names

    def _compile(self, cell: Cell, code: str) -> CodeType:
        where = f"<{self.page.name} line {cell.line}>"
        linecache.cache[where] = (len(code), None, code.splitlines(keepends=True), where)
        return compile(code, where, "exec")

    def names(self, exercise: Exercise, cell: Cell, code: str | None = None) -> dict:
        """The names after a cell of this exercise has run, apart from all its other cells."""
        code = source.in_language(source.solved(cell.code), "en") if code is None else code
        with _language_kept():
            return self._execute(cell, code, dict(self._before[exercise.id]))

    def function(self, exercise: Exercise, cell: Cell, code: str | None = None) -> Callable:
        """The function that a student writes, as this cell has it."""
        return self.names(exercise, cell, code)[exercise.function]

    def solution(self, exercise: Exercise) -> Callable:
        """The right one."""
        return self.function(exercise, exercise.one("answer"))

    def stub(self, exercise: Exercise, lang: str) -> Callable:
        """The one that nothing has been written in yet."""
        answer = exercise.one("answer")
        return self.function(exercise, answer, source.in_language(source.stub(answer.code, lang), lang))

    def run_untouched(self, lang: str) -> None:
        """Run the page as a student finds it, answers unwritten; a PageError names the cell that stops it."""
        names: dict = {"__name__": "__main__"}
        with _language_kept():
            for cell in self.page.cells:
                if cell.role in ("code", "answer", "starter"):
                    code = source.stub(cell.code, lang) if cell.role == "answer" else cell.code
                    self._execute(cell, source.in_language(code, lang), names)

    def race(self, exercise: Exercise) -> tuple:
        """The arguments of a race."""
        cell = exercise.one("race")

        def refuse(reason: str):
            raise PageError(
                "page-bad-race", page=self.page.path.name, line=cell.line, exercise=exercise.id, reason=reason
            )

        try:
            args = self.names(exercise, cell)["race"]()
            if not isinstance(args, tuple):
                refuse(type(args).__name__)
            return plain(args)
        except NotPlain as error:
            refuse(f"{error.why}: {error.what}")
        except Exception as error:
            if isinstance(error, PageError):
                raise
            refuse(f"{type(error).__name__}: {error}")

    def public(self, exercise: Exercise) -> list[tuple[str, tuple]]:
        """The cases that students see: (group, arguments)."""
        cell = exercise.one("cases")
        return self._cases(exercise, cell, self.names(exercise, cell)["public"]())

    def hidden(self, exercise: Exercise, seed: int) -> list[tuple[str, tuple]]:
        """Fresh cases from a seed."""
        cell = exercise.one("cases")
        made = self.names(exercise, cell)["hidden"](np.random.default_rng(seed))
        return self._cases(exercise, cell, made)

    def _cases(self, exercise: Exercise, cell: Cell, made: Iterator) -> list[tuple[str, tuple]]:
        def refuse(reason: str):
            raise PageError(
                "page-bad-case", page=self.page.path.name, line=cell.line, exercise=exercise.id, reason=reason
            )

        cases = []
        try:
            for group, args in made:
                if group not in GROUPS or not isinstance(args, tuple):
                    refuse(f"({group!r}, {type(args).__name__})")
                cases.append((group, plain(args)))
        except NotPlain as error:
            refuse(f"{error.why}: {error.what}")
        except (TypeError, ValueError) as error:
            refuse(str(error))
        return cases or refuse("0")

    def key(self, exercise: Exercise, *, seed: int | None = None) -> Key:
        """The key of an exercise for its public cases, or for hidden ones from a seed."""
        about = {
            "id": exercise.id,
            "lab": self.page.lab,
            "points": exercise.points,
            "title": {lang: title_of(exercise, lang) for lang in LANGUAGES},
            "lab_title": dict(self.page.title),
            "hints": {lang: list(self._texts(exercise.all("hint"), lang)) for lang in LANGUAGES},
            "explain": {lang: "".join(self._texts(exercise.all("explain"), lang)) for lang in LANGUAGES},
        }
        if exercise.is_open:
            return Key(**about)
        answer = exercise.one("answer").code
        return Key(
            **about,
            **{name: exercise.setting(name) for name in ("rtol", "atol", "seconds")},
            **self._compared(
                exercise, self.public(exercise) if seed is None else self.hidden(exercise, seed)
            ),
            function=exercise.function,
            parameters=tuple(exercise.parameters),
            properties=exercise.properties,
            **self._raced(exercise),
            solution={lang: source.in_language(source.solved(answer), lang) for lang in LANGUAGES},
        )

    def text(self) -> str:
        """The public key of the page as the text of a file."""
        asked = self.page.questions.values()
        sealed = [questions.seal(q, self.page.lab, k, len(asked)) for k, q in enumerate(asked, 1)]
        found = [self.key(exercise) for exercise in self.page.exercises.values()]
        return keys.write(self.page.lab, dict(self.page.title), found, sealed)

    def _texts(self, cells: Iterable[Cell], lang: str) -> Iterator[str]:
        return (self._filled(cell.text[lang], cell) for cell in cells)

    def _raced(self, exercise: Exercise) -> dict:
        """What a race runs, in the student's notebook: code."""
        if not exercise.one("race"):
            return {}
        twins = tuple((str(t.options.get("of", "?")), _bare(t.code)) for t in exercise.all("twin"))
        return {"race": _bare(exercise.one("race").code), "twins": twins}

    def _compared(self, exercise: Exercise, cases: list) -> dict:
        """The cases with what the solution gives, and what each mistake gives."""
        expected = self.calls(exercise, exercise.one("answer"), cases)
        return {
            "cases": tuple(Case(*case, call) for case, call in zip(cases, expected, strict=True)),
            "mistakes": tuple(
                Mistake(c.options["expects"], dict(c.options["says"]), tuple(self.calls(exercise, c, cases)))
                for c in exercise.all("wrong")
            ),
        }

    def calls(self, exercise: Exercise, cell: Cell, cases: list) -> list[run.Call]:
        """What the function of a cell gives for each case."""
        function = self.function(exercise, cell)
        return [run.call(function, args, exercise.setting("seconds")) for _, args in cases]


def _bare(code: str) -> str:
    return source.in_language(code, "en")


def is_plain(page: Page) -> bool:
    """Whether a page runs without IPython: none of its lines is for IPython alone."""
    return not any(re.search(r"^\s*[%!]|get_ipython", cell.code, re.MULTILINE) for cell in page.cells)


def title_of(exercise: Exercise, lang: str) -> str:
    """The first heading of the statement, without its marks, or the name of the exercise."""
    statement = exercise.one("statement") or exercise.one("think")
    for line in statement.text[lang].splitlines():
        if line.startswith("#"):
            return line.lstrip("#").strip()
    return exercise.id


@contextmanager
def _language_kept():
    """A page sets the language of its notebook; the author's own must not change with it."""
    before = wording._chosen
    try:
        yield
    finally:
        wording.choose(before)
