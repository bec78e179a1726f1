"""scores.json, one submission at a time: a class of 20,000 is more than a computer's memory should hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.grading.gradebook.submitted import Submitted, submitted
from rgteach.grading.model import FORMAT

_CHUNK = 2**20
_SPACE = " \t\r\n"


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
            with open(self.path, encoding="utf-8", newline="") as file:  # a line's end is space to JSON
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
                for data in text.items():
                    yield submitted(data)
            else:
                self.head[name] = text.value()
            if text.peek() == ",":
                text.expect(",")
        text.expect("}")
        if text.peek():
            raise ValueError("more than one value")


class _Text:
    """JSON in a file, taken value by value; only a value and a piece of the file are held at a time."""

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
            if not self._more():
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
                if end < len(self._held) or not self._more():  # 12 may be the first half of 123
                    self._at = end
                    return value
            except json.JSONDecodeError:
                if not self._more():
                    raise

    def items(self) -> Iterator[object]:
        """The values of a list in turn."""
        self.expect("[")
        while self.peek() != "]":
            yield self.value()
            if self.peek() != "]":
                self.expect(",")
        self.expect("]")

    def _more(self) -> bool:
        """Read on; each time as much as is held, so that a long value is not decoded again too often."""
        piece = self._file.read(max(_CHUNK, len(self._held) - self._at))
        self._held, self._at = self._held[self._at :] + piece, 0
        return bool(piece)
