"""Which gradebook is meant, and who writes in it."""

from __future__ import annotations

import getpass
from pathlib import Path

from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.errors import LearnerError
from rgteach.wording import say

NAME = "gradebook.db"


def needs() -> None:
    """Say what is missing where the library behind the book is not installed."""
    try:
        import sqlalchemy  # noqa: F401
    except ImportError:
        raise LearnerError("gradebook-needs-sqlalchemy") from None


def opened(where: str | None, beside: Path | None = None):
    """The book that is meant: the one that is named, else `gradebook.db` here, else beside the scores."""
    needs()
    from rgteach.grading.gradebook.book import Book

    if where is None and beside is not None and not Path(NAME).is_file():
        where = beside / NAME
    book = Book(where or NAME, create=beside is not None)
    if beside is not None:
        screen.aside(say("gradebook-into", book=book), "dim")
    return book


def course_zone(book) -> str | None:
    """The time zone of the course, where it was set."""
    from rgteach.grading.gradebook import deciding

    with book.reading() as session:
        return deciding.setting(session, "zone")


def who(by: str | None) -> str:
    """Who does this: as said, else as one has logged in."""
    try:
        return by or getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may know no name
        raise WrongUsage("gradebook-needs-name") from None
