"""The cells of a submission, each read once: its code as Python, by which it is known, whose it is."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import cached_property

from rgteach.course import handed, names
from rgteach.course.handed import Written
from rgteach.course.names import Code, Piece, bare
from rgteach.grading.lines import cleaned
from rgteach.grading.model import WAYS, Flag
from rgteach.grading.released import Asked, Lab

# cells that hold our own words or calls; an answer is looked for in them last, or not at all
TEXTS = ("prose", "statement", "hint", "think", "rubric", "explain", "question", "why", "write")
CALLS = ("check", "race", "choose", "starter")
_LINE = re.compile(r"^[ \t]*#\s*EXERCISE\s*[:：]\s*([\w-]+)", re.MULTILINE | re.IGNORECASE)
_FENCED = re.compile(r"\s*```[ \t]*\w*[ \t]*\n(.*?)\n?```\s*", re.DOTALL)
_COURSE = {"check", "race", "answer", "hint", "solution", "progress", "setup", "demo"}


@dataclass(frozen=True)
class Found:
    """A cell of a submission, or several that belong together."""

    number: int  # its place in the notebook, from 1
    written: Written
    code: Code
    flags: tuple[Flag, ...] = ()
    parts: int = 1  # cells that it was put together from

    @property
    def is_code(self) -> bool:
        """Whether it was handed in as a code cell."""
        return self.written.kind == "code"

    @cached_property
    def lines(self) -> set[str]:
        """The exercises that its lines `# EXERCISE: …` name."""
        return set(_LINE.findall(self.code.source)) if "#" in self.code.source else set()

    @cached_property
    def bare(self) -> str:
        """Its text as it is compared with what was given out."""
        return self.code.bare if self.written.source == self.code.source else bare(self.written.source)

    def way(self, exercise: str) -> str:
        """By what it is known to be the answer to an exercise, "" if it is not."""
        cell, name = self.written, f"{exercise}-answer"
        if cell.id == name:
            return "id"
        if (cell.role, cell.exercise) == ("answer", exercise) or cell.place == name:
            return "mark"
        return "line" if exercise in self.lines else ""

    def is_unwritten(self, asked: Asked) -> bool:
        """Whether nothing was written in it."""
        return handed.is_unwritten(self.code, asked.function, asked.stubs)

    def with_source(self, source: str, parts: int = 1) -> Found:
        """The same cell with another text."""
        code = self.code if source == self.code.source else names.code(source)
        return replace(self, code=code, parts=parts)


def surest(ways: list[str]) -> str:
    """The surest of several ways."""
    return min(ways, key=WAYS.index)


def prepared(cells: tuple[Written, ...]) -> list[Found]:
    """The cells of a notebook that can hold code, in their order; a Markdown cell may have been one."""
    found = []
    for number, cell in enumerate(cells, 1):
        if cell.kind != "code" and (cell.role in TEXTS or "def " not in cell.source):
            continue
        fenced = None if cell.kind == "code" else _FENCED.fullmatch(cell.source)
        read, flags = cleaned(fenced[1] if fenced else cell.source)
        found.append(Found(number, cell, read, flags))
    return found


def own_part(cell: Found, asked: Asked, lab: Lab) -> tuple[str, bool]:
    """The text of a cell without what is ours and what answers other exercises; whether it had such answers.

    Calls such as `rg.check(…)` become comments; where several cells were put into one, released lines do
    too, and the functions of other exercises go unless this one uses them.
    """
    pieces = cell.code.pieces
    others = {name for name in lab.functions if name != asked.function} & cell.code.defines
    calls = {k for k, piece in enumerate(pieces) if all(map(_is_course_call, piece.nodes))}
    if not others and not calls:
        return cell.code.source, False
    drop = _foreign(pieces, others)
    set_aside = calls | {k for k, p in enumerate(pieces) if k not in drop and _is_released(p, lab)}
    gone, quiet = _numbers(pieces, drop), _numbers(pieces, set_aside)
    lines = enumerate(cell.code.source.split("\n"), 1)
    kept = [f"# {line}" if n in quiet else line for n, line in lines if n not in gone]
    return "\n".join(kept).strip("\n"), bool(others)


def _numbers(pieces: tuple[Piece, ...], which: set[int]) -> set[int]:
    return {n for k in which for n in range(pieces[k].first, pieces[k].last + 1)}


def _foreign(pieces: tuple[Piece, ...], others: set[str]) -> set[int]:
    """The functions of other exercises that nothing else in the cell uses."""
    mine = {k for k, piece in enumerate(pieces) if piece.defines and piece.defines <= others}
    drop = {k for k in mine if _is_function(pieces[k])}
    while True:
        used = {n for k, p in enumerate(pieces) if k not in drop for n in p.now | p.later}
        back = {k for k in drop if pieces[k].defines & used}
        if not back:
            return drop
        drop -= back


def _is_function(piece: Piece) -> bool:
    return all(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in piece.nodes)


def _is_released(piece: Piece, lab: Lab) -> bool:
    try:
        return all(ast.dump(node) in lab.statements for node in piece.nodes)
    except RecursionError:
        return False


def _is_course_call(node: ast.stmt) -> bool:
    """`rg.check("…")` and its like, and what a notebook that was exported makes of a magic."""
    call = node.value if isinstance(node, ast.Expr) else None
    called = call.func if isinstance(call, ast.Call) else None
    if not isinstance(called, ast.Attribute):
        return False
    if isinstance(called.value, ast.Name):
        return called.value.id in ("rg", "rgteach") and called.attr in _COURSE
    return isinstance(called.value, ast.Call) and getattr(called.value.func, "id", "") == "get_ipython"
