"""A page of which only that runs which an exercise needs: its cases, its solution, and what these two use.

`Bench` runs a page from the top, as a proof must; a grader that has just been started must not load a
cohort for the sake of one small function.  Imports, functions and constants that stand before the exercise
are taken where they are used; `proofs` shows for each page that nothing else was needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import CodeType

from rgteach.course import run, source
from rgteach.course.bench import Bench
from rgteach.course.limit import TimeIsUp, within
from rgteach.course.model import Cell, Exercise, Page
from rgteach.course.names import pieces, readable
from rgteach.course.run import Call
from rgteach.course.stage import aside


class Lean(Bench):
    """A bench on which nothing has run before it is asked for."""

    def __init__(self, page: Page):
        self.page = page
        self._before: dict[str, dict] = {}
        self._compiled: dict[str, CodeType] = {}

    def names(self, exercise: Exercise, cell: Cell, code: str | None = None) -> dict:
        """The names after a cell of this exercise has run, on what it and the solution need."""
        if exercise.id not in self._before:
            self._before[exercise.id] = self._needed(exercise)
        return super().names(exercise, cell, code)

    def expected(self, exercise: Exercise, cases: Sequence[tuple[str, tuple]]) -> list[Call]:
        """What the solution gives for each case, as `calls` tells it, without what only a student needs.

        The solution leaves its input alone, fits, and does not hang on chance: the page has proved it.  The
        stage is set once for all cases, and the time is that of all together.
        """
        solution = self.solution(exercise)
        seconds = exercise.setting("seconds") * len(cases)
        with aside():
            try:
                found = within(seconds, lambda: [run.outcome(solution, args) for _, args in cases])
            except TimeIsUp:
                found = [{"kind": "timeout"}] * len(cases)
        return [Call(**fields) for fields in found]

    def _compile(self, cell: Cell, code: str) -> CodeType:
        """A cell whose text has been compiled is not compiled again: that takes longer than to run it."""
        if code not in self._compiled:
            self._compiled[code] = super()._compile(cell, code)
        return self._compiled[code]

    def _needed(self, exercise: Exercise) -> dict:
        cells = [exercise.one("cases"), exercise.one("answer")]
        before = self.page.cells[: self.page.cells.index(exercise.cells[0])]
        earlier = [cell for cell in before if cell.role in ("code", "answer", "starter")]
        names: dict = {"__name__": "__main__"}
        for code in pieces((readable(_code(cell)) for cell in earlier), [_code(cell) for cell in cells]):
            self._execute(exercise.cells[0], code, names)
        return names


def _code(cell: Cell) -> str:
    return source.in_language(source.solved(cell.code), "en")
