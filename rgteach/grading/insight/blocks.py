"""Lines of Python as they come, with what ends each block: the order that a tree of the text has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

DEEPEST = 20  # blocks in blocks
_BEFORE = {"elif": ("if",), "else": ("if", "for", "while")}


class Unusual(Exception):
    """Something that is not known here."""


class Line(Protocol):
    """A line: how far in it stands, and the word that begins a block with it, or ""."""

    indent: int
    head: str


One = TypeVar("One", bound=Line)


@dataclass(slots=True)
class _Block:
    """A block that goes on: where it and what is in it stand, how many lists end with it."""

    indent: int
    word: str
    inner: int = 0
    ends: int = 1


class Blocks(Generic[One]):
    """Takes lines, and puts an `end` behind each list of statements in a block."""

    def __init__(self, end: One):
        self._found: list[One] = []
        self._end_of_list = end
        self._open: list[_Block] = []
        self._inner = 0  # where the next line stands if no block begins or ends
        self._begins = False  # the last line began a block

    def add(self, line: One) -> None:
        """Take the next line; `Unusual` where it cannot stand there, or blocks are very deep."""
        if line.indent != self._inner or line.head or self._begins:
            self._place(line.indent, line.head)
        self._found.append(line)

    def end(self) -> list[One]:
        """All lines, with the ends of all blocks."""
        if self._begins:
            raise Unusual
        while self._open:
            self._close()
        return self._found

    def _place(self, indent: int, head: str) -> None:
        if self._begins:
            if indent <= self._open[-1].indent:
                raise Unusual
            self._open[-1].inner = self._inner = indent
            self._begins = False
        if self._goes_on(indent, head):
            return
        if indent != self._inner or head in _BEFORE or len(self._open) > DEEPEST:
            raise Unusual
        if head:
            self._open.append(_Block(indent, head))
            self._begins = True

    def _goes_on(self, indent: int, head: str) -> bool:
        """End the blocks that end before a line; whether it begins the other part of one (else, elif)."""
        while indent < self._inner:
            block = self._open[-1]
            if indent == block.indent and head in _BEFORE:
                if block.word not in _BEFORE[head]:
                    raise Unusual
                self._found.append(self._end_of_list)
                block.ends += head == "elif"  # an `if` in the `else` of the one before
                block.word = "if" if head == "elif" else ""
                self._begins = True
                return True
            self._close()
        return False

    def _close(self) -> None:
        self._found += [self._end_of_list] * self._open.pop().ends
        self._inner = self._open[-1].inner if self._open else 0
