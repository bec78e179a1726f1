"""What is there when an answer runs: the released code it builds on, loaded libraries, hidden files.

All of it is read from the page, and none of it runs here.  Nothing heavy is imported: a warm process starts
from this while the grader itself is still being loaded.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from rgteach.course import names, source
from rgteach.course.model import Exercise, Page
from rgteach.course.names import Code
from rgteach.grading.policy import Policy, hidden_modules
from rgteach.wording import LANGUAGES

# numpy loads its random part when it is first asked for, which each child would do anew
REMEMBERED = 4000  # letters of an answer
ALWAYS = ("numpy", "numpy.random", "rgteach.course.run", "rgteach.grading.guard")
Surroundings = tuple[tuple[str, ...], tuple[str, ...]]  # modules: loaded ones, and those not there


class Beside:
    """What surrounds the answers to the exercises of a page."""

    def __init__(self, page: Page):
        self.page = page
        self._policies: dict[str, Policy] = {}
        self._remembered = lru_cache(maxsize=256)(self._pieces)  # many answers are the same in a class

    def context(self, lang: str, sources: Iterable[str]) -> list[str]:
        """The imports and constants of the released cells that some code needs, in their order."""
        sources = tuple(sources)
        few = sum(map(len, sources)) <= REMEMBERED
        return list((self._remembered if few else self._pieces)(lang, sources))

    def _pieces(self, lang: str, sources: tuple[str, ...]) -> list[str]:
        return names.pieces(self._released[lang], sources)

    @cached_property
    def _released(self) -> dict[str, list[Code]]:
        cells = [cell.code for cell in self.page.cells if cell.role == "code"]
        return {lang: [names.readable(source.in_language(c, lang)) for c in cells] for lang in LANGUAGES}

    def policy(self, exercise: str) -> Policy:
        """What an answer may not use, and what happens where it does."""
        if exercise not in self._policies:
            found = self.page.exercises[exercise]
            self._policies[exercise] = Policy() if found.is_open else Policy.of_page(self.page, found)
        return self._policies[exercise]

    @cached_property
    def loaded(self) -> tuple[str, ...]:
        """The modules that the solutions use, sorted; a name that is none is passed over by whoever loads."""
        found = set(ALWAYS)
        for exercise in self._closed:
            code = source.in_language(source.solved(exercise.one("answer").code), LANGUAGES[0])
            for text in (code, *self.context(LANGUAGES[0], [code])):
                found |= set(_imported(text))
        return tuple(sorted(found))

    def hidden(self, exercise: str) -> tuple[str, ...]:
        """The modules whose files are not there when an answer to an exercise runs."""
        return hidden_modules([self.policy(exercise)])

    @property
    def all(self) -> list[Surroundings]:
        """What the answers of the whole page need: one warm process each."""
        return [(self.loaded, hidden) for hidden in dict.fromkeys(self.hidden(e.id) for e in self._closed)]

    @property
    def _closed(self) -> list[Exercise]:
        return [exercise for exercise in self.page.exercises.values() if not exercise.is_open]


def _imported(code: str) -> Iterator[str]:
    """Modules that a piece of code imports, in functions too; ours are not loaded for everybody."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in found if name.split(".")[0] != "rgteach")
