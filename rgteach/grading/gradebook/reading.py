"""scores.json, one submission at a time: a class of 20,000 is more than a computer's memory should hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import quickly
from rgteach.grading.gradebook.submitted import Submitted, submitted
from rgteach.grading.model import FORMAT

_CHUNK = 2**20
_SPACE = " \t\r\n"
Taken = TypeVar("Taken")


class Scores:
    """A file of scores.

    Parameters
    ----------
    path : Path
        `scores.json`, or the folder that holds it.
    """

    def __init__(self, path: Path):
        self.path = path / "scores.json" if path.is_dir() else path
        self.head: dict[str, object] = {}  # all but the submissions; whole when these have been read
        try:
            with open(self.path, "rb") as file:
                self.digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise LearnerError(
                "gradebook-no-scores", path=self.path, detail=error.strerror or error
            ) from None

    @property
    def made_with(self) -> str:
        """The version of rgteach that wrote it."""
        return str(self.head.get("made_with", ""))

    def __iter__(self) -> Iterator[Submitted]:
        """The submissions in turn."""
        try:
            with open(self.path, encoding="utf-8", newline="\n") as file:
                yield from self._graded(_Text(file))
            if self.head.get("format") != FORMAT:
                raise ValueError(f"format {self.head.get('format')!r}")
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            detail = f"{type(error).__name__}: {str(error)[:200]}"
            raise LearnerError("gradebook-bad-scores", path=self.path, detail=detail) from error

    def _graded(self, text: _Text) -> Iterator[Submitted]:
        text.expect("{")
        while text.peek() != "}":
            name = text.value()
            text.expect(":")
            if name == "graded":
                yield from text.items(quickly.read, submitted)
            else:
                self.head[name] = text.value()
            if text.peek() == ",":
                text.expect(",")
        text.expect("}")
        if text.peek():
            raise ValueError("more than one value")


class _Text:
    """JSON in a file, taken value by value; only a value and a piece of the file are held at a time.

    The piece is a line, as the grader puts a submission on one, and larger where a line is no whole value.
    """

    def __init__(self, file):
        self._file, self._held, self._at = file, "", 0
        self._decoder = json.JSONDecoder()

    def peek(self) -> str:
        """The next character that is no space; nothing at the end."""
        while True:
            while self._at < len(self._held) and self._held[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more(self._file.readline(_CHUNK)):
                return ""

    def expect(self, sign: str) -> None:
        """Pass over a sign that must be there."""
        if self.peek() != sign:
            raise ValueError(f"{sign!r} is missing")
        self._at += 1

    def value(self) -> object:
        """The next value."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._held, self._at)
                if end < len(self._held) or not self._more(self._next()):  # 12 may be the first half of 123
                    self._at = end
                    return value
            except json.JSONDecodeError:
                if not self._more(self._next()):
                    raise

    def items(
        self, of_line: Callable[[str], Taken | None], of_value: Callable[[object], Taken]
    ) -> Iterator[Taken]:
        """What the values of a list are taken for, in turn.

        Where one begins a line, `of_line` is asked first; if it knows the line, only a comma is left of it.
        """
        self.expect("[")
        while self.peek() != "]":
            found = of_line(self._held) if self._at == 0 else None
            if found is None:
                yield of_value(self.value())
            else:
                self._held, self._at = self._held.rstrip()[-1:], 0
                self._at = int(self._held != ",")
                yield found
            if self.peek() != "]":
                self.expect(",")
        self.expect("]")

    def _next(self) -> str:
        """Each time as much as is held, so that a long value is not decoded again too often."""
        return self._file.read(max(_CHUNK, len(self._held) - self._at))

    def _more(self, piece: str) -> bool:
        """Hold what was read as well."""
        self._held, self._at = self._held[self._at :] + piece, 0
        return bool(piece)
