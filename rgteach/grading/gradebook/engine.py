"""How a book is reached: SQLite in a file, or any PostgreSQL by its URL.

Writers take turns from their first line on (BEGIN IMMEDIATE; an advisory lock in PostgreSQL), so that what a
writer reads holds until it has written; readers see the book as it was when they began, and wait for nobody.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from rgteach.errors import LearnerError

WAIT = 60  # seconds for another writer; one that adds 20,000 submissions takes a few
_LOCK = 0x72677465616368  # "rgteach": the number of the advisory lock


def address(where: str | Path) -> URL:
    """The URL of a book: as it is, or of a file; a folder's book is `gradebook.db` in it."""
    text = str(where)
    if "://" not in text:
        path = Path(text).expanduser()
        return URL.create("sqlite", database=str(path / "gradebook.db" if path.is_dir() else path))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise LearnerError("gradebook-url", known="sqlite:///…, postgresql://…") from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise LearnerError("gradebook-url", known="sqlite:///…, postgresql://…")
    return url


def connect(url: URL) -> Engine:
    """An engine that keeps no connection open between two uses."""
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        # values by their place, as SQLite has them: many rows go to either driver in the same way
        more = {"paramstyle": "format", "connect_args": {"connect_timeout": 10}}
        engine = create_engine(url, poolclass=NullPool, **more)
    except (ImportError, NoSuchModuleError):
        raise LearnerError("gradebook-driver", driver="psycopg") from None
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection, record) -> None:
    connection.isolation_level = (
        None  # transactions begin where `_begin_sqlite` says, not where the driver guesses
    )
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(
        "PRAGMA cache_size=-32768"
    )  # KB: a class whose pages are not written out and read again


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if _writes(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _writes(connection: Connection) -> bool:
    return connection.get_execution_options().get("writes", False)


def keep_log(engine: Engine) -> None:
    """Let readers of a SQLite file go on while somebody writes (WAL); the file remembers it.

    Where a disk cannot do it, as some shared ones, readers and writers take turns, and nothing else changes.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        raw.driver_connection.execute("PRAGMA journal_mode=WAL").fetchone()
    except raw.driver_connection.OperationalError:
        pass  # another process is at it, and one is enough
    finally:
        raw.close()
