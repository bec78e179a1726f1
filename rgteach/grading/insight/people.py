"""Who is meant: a name where it was asked for, else a mark that says nothing to the class.

A mark comes from the name and from what all handed in, which no student has, so it cannot be found by
trying names; it is the same each time the page is made from the same submissions.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from rgteach.grading.model import Graded

SHORTEST = 4  # hex digits


class People:
    """The marks of a class, and its names where they are shown."""

    def __init__(self, graded: Iterable[Graded], names: bool = False):
        graded = list(graded)
        secret = blake2b(digest_size=32)
        for line in sorted(f"{one.digest} {one.student} {one.submission}" for one in graded):
            secret.update(line.encode("utf-8", "replace") + b"\n")
        students = sorted({one.student for one in graded})
        self.names = names
        self.marks = _marks(students, secret.digest())

    def told(self, student: str) -> str:
        """How a student is called on the page."""
        mark = self.marks[student]
        return f"{student} ({mark})" if self.names else mark

    def order(self, student: str) -> str:
        """What to sort by: the name where it is shown, else the mark, whose order says nothing."""
        return student.casefold() if self.names else self.marks[student]


def _marks(students: list[str], secret: bytes) -> dict[str, str]:
    whole = {
        s: blake2b(s.encode("utf-8", "replace"), key=secret, digest_size=16).hexdigest() for s in students
    }
    length = SHORTEST
    while len({mark[:length] for mark in whole.values()}) < len(students):
        length += 1
    return {student: f"#{mark[:length]}" for student, mark in whole.items()}
