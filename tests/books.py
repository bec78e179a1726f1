"""A gradebook for a test, filled with a class made by hand, and short ways to look into it."""

import json
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from graded import all_kinds, made, one

from rgteach.grading.gradebook import adding, ledger, people, reading
from rgteach.grading.gradebook.book import Book
from rgteach.grading.gradebook.points import shown
from rgteach.grading.model import to_data

__all__ = ["all_kinds", "made", "one"]


def new_book(folder: Path) -> Book:
    """An empty book."""
    return Book(folder / "gradebook.db", create=True)


def scores(folder: Path, graded, made_with: str = "0.1.0", **head) -> Path:
    """A folder as `rgteach grade` leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {"format": 1, "made_with": made_with, "graded": [to_data(g) for g in graded]} | head
    (folder / "scores.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return folder


def add(book: Book, graded, **more) -> adding.Added:
    """Add submissions that are in memory."""
    return adding.add(book, graded, "tester", **more)


def add_folder(book: Book, folder: Path, **more) -> adding.Added:
    """Add a folder's scores."""
    return adding.add_file(book, reading.Scores(folder), "tester", **more)


def final(book: Book, student: str, lab: str = "02") -> str:
    """The points that count, as they are shown."""
    return shown(standing(book, student, lab).final)


def standing(book: Book, student: str, lab: str = "02"):
    """What counts for one student and lab."""
    with book.reading() as session:
        number = people.owner(people.one(session, student))
        (found,) = ledger.standings(session, students=[number], labs=[lab])
    return found


def everything(book: Book) -> dict[str, list]:
    """All rows of all tables, to see that nothing has changed."""
    from rgteach.grading.gradebook.tables import Base

    with book.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(table.select()).all()))
            for table in Base.metadata.sorted_tables
        }


# ---------------------------------------------------------------- PostgreSQL


def postgresql_programs() -> Path | None:
    """The folder of Debian's server programs, if the server and its driver are here."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return None
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = [path.parent for path in folders] or [Path(p).parent for p in [shutil.which("initdb")] if p]
    return found[0] if found else None


@contextmanager
def postgresql():
    """The URL of a server of our own, reached over a socket in a folder that goes with it."""
    programs = postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix="rgpg"))
    as_other = []
    if not _is_ordinary():  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_other = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=40"
    control = [*as_other, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    quiet = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    init = [*as_other, str(programs / "initdb"), "-D", str(data), "-U", "grader", "-A", "trust", "-E", "UTF8"]
    try:
        subprocess.run([*init, "--locale=C", "--no-sync"], **quiet)
        subprocess.run([*control, "-o", options, "start"], **quiet)
        yield f"postgresql://grader@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **(quiet | {"check": False}))
        shutil.rmtree(folder, ignore_errors=True)


def _is_ordinary() -> bool:
    import os

    return os.getuid() != 0
