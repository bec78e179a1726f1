"""A gradebook that is open: transactions to read and to write in, and the version of its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from rgteach import __version__
from rgteach.errors import LearnerError
from rgteach.grading.gradebook import engine as engines
from rgteach.grading.gradebook import times
from rgteach.grading.gradebook.tables import Base, Entry

VERSION = 1
# version -> what makes the tables of the next version out of its own
UPGRADES: Mapping[int, Callable[[Connection], None]] = {}


class Book:
    """A gradebook.

    Parameters
    ----------
    where : str or Path
        A file, a folder (its `gradebook.db`) or a URL.
    create : bool
        Make the book if there is none yet; otherwise that is an error.
    """

    def __init__(self, where: str | Path, *, create: bool = False):
        self.url: URL = engines.address(where)
        self._engine = engines.connect(self.url)
        self._writer = self._engine.execution_options(writes=True)
        with self._told():
            self._open(create)

    def __str__(self) -> str:
        """Where it is, without a password."""
        if self.file:
            return str(self.file)
        return self.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The file of the book, where it is one."""
        return Path(self.url.database) if self.url.get_backend_name() == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look at the book as it is now; nothing that others write meanwhile is seen."""
        with self._told(), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A turn to write: all of it is kept when the block ends, or nothing where it fails."""
        with self._told(), Session(self._writer) as session, session.begin():
            session.connection()  # takes the turn now, not at the first question
            yield session

    def _open(self, create: bool) -> None:
        if self.file and not self.file.is_file():
            if not create:
                raise LearnerError("gradebook-no-book", book=self)
            self.file.parent.mkdir(parents=True, exist_ok=True)
        with self._engine.connect() as connection:
            version = self._version(connection)
        if version is None:
            if not create:
                raise LearnerError("gradebook-no-book", book=self)
            engines.keep_log(self._engine)
        if version is None or version < VERSION:
            self._make_or_upgrade()

    def _version(self, connection: Connection) -> int | None:
        """The version of the tables; None where there are none."""
        names = set(inspect(connection).get_table_names())
        if "rg_schema" not in names:
            if self.file and names:  # a file of its own holds nothing else
                raise LearnerError("gradebook-not-ours", book=self)
            return None
        version = connection.execute(text("SELECT version FROM rg_schema")).scalar_one()
        if version > VERSION:
            raise LearnerError("gradebook-newer", book=self, version=version, known=VERSION)
        return version

    def _make_or_upgrade(self) -> None:
        """The newest tables, in one transaction; who came second finds them made."""
        with self._writer.begin() as connection:
            version = self._version(connection)
            if version is None:
                Base.metadata.create_all(connection)
                connection.execute(text("INSERT INTO rg_schema (version) VALUES (:v)"), {"v": VERSION})
                return
            if version < VERSION and self.file:
                _copy(self.file, self.file.with_name(f"{self.file.name}.version-{version}"))
            for step in range(version, VERSION):
                UPGRADES[step](connection)
                connection.execute(text("UPDATE rg_schema SET version = :v"), {"v": step + 1})

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What a database complains about, in sentences."""
        try:
            yield
        except DBAPIError as error:
            raise _sentence(error, self) from error
        except ImportError as error:
            raise LearnerError("gradebook-driver", driver=error.name or "psycopg") from None


def _copy(book: Path, copy: Path) -> None:
    """A book as it is, with what its log still holds; whole or not there."""
    waiting = copy.with_name(copy.name + ".part")
    with closing(sqlite3.connect(book)) as old, closing(sqlite3.connect(waiting)) as new:
        old.backup(new)
    waiting.replace(copy)


def _sentence(error: DBAPIError, book: Book) -> LearnerError:
    detail = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    if "locked" in detail or type(error.orig).__name__ == "LockNotAvailable":
        return LearnerError("gradebook-busy", book=book, seconds=engines.WAIT)
    if "not a database" in detail:
        return LearnerError("gradebook-not-ours", book=book)
    if isinstance(error, OperationalError) and not book.file:
        return LearnerError("gradebook-no-connection", book=book, detail=detail)
    return LearnerError("gradebook-failed", book=book, detail=detail)


def enter(session: Session, kind: str, who: str) -> int:
    """Note that somebody writes; gives the number of the entry."""
    entry = Entry(at=times.now(), who=who, kind=kind, version=__version__)
    session.add(entry)
    session.flush()
    return entry.id
