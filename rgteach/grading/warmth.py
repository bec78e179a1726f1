"""What a warm process loads before any answer runs: the libraries that the solutions of a lab use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from rgteach.course import source
from rgteach.grading.master import Master
from rgteach.wording import LANGUAGES

ALWAYS = ("numpy", "rgteach.course.run", "rgteach.grading.guard")


@cache
def preload(lab: Master) -> tuple[str, ...]:
    """The modules, sorted; a name that is none is passed over by whoever loads them."""
    found = set(ALWAYS)
    for name, exercise in lab.exercises.items():
        if not exercise.is_open:
            code = source.in_language(source.solved(exercise.one("answer").code), LANGUAGES[0])
            for text in (code, *lab.context(name, LANGUAGES[0], [code])):
                found |= set(_imported(text))
    return tuple(sorted(found))


def _imported(code: str) -> Iterator[str]:
    """Modules that a piece of code imports, in functions too; ours are not loaded for everybody."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] != "rgteach")
