"""Several people at one book, a crash in the middle, books of other versions, files that are no books."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from books import add, everything, made, new_book, one, postgresql, postgresql_programs, scores, standing
from sqlalchemy import text

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import book as books
from rgteach.grading.gradebook import engine
from rgteach.grading.gradebook.book import Book

TESTS = Path(__file__).parent
ROUNDS = 5
needs_postgresql = pytest.mark.skipif(
    postgresql_programs() is None, reason="no PostgreSQL server and psycopg"
)


def start(*words: object) -> subprocess.Popen:
    """A Python of its own among the tests."""
    command = [sys.executable, *map(str, words)]
    return subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def write_together(where: object, processes: int) -> None:
    """Let several processes write into a book that is not there yet; all must end well."""
    writers = [start("gradebook_writer.py", where, k, ROUNDS) for k in range(processes)]
    told = [writer.communicate(timeout=240)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * processes, "\n".join(told)
    assert "locked" not in "".join(told)


def assert_nothing_is_lost(book: Book, processes: int) -> None:
    rows = everything(book)
    n = processes * ROUNDS
    counts = {
        name: len(rows[f"rg_{name}"]) for name in ("run", "attempt", "grading", "mark", "change", "student")
    }
    expected = {"run": n, "attempt": 2 * n, "grading": 2 * n, "mark": n, "change": n, "student": n + 1}
    assert counts == expected
    assert len(rows["rg_schema"]) == 1
    shared = standing(book, "shared")
    assert (shared.attempts, shared.final) == (n, 210 + n)
    assert standing(book, "w0-0").final == 210 + 100


def test_sqlite__writers_at_the_same_time_lose_nothing(tmp_path):
    write_together(tmp_path / "gradebook.db", 3)
    assert_nothing_is_lost(Book(tmp_path), 3)


@needs_postgresql
def test_postgresql__writers_at_the_same_time_lose_nothing_and_all_works_as_in_a_file(tmp_path):
    with postgresql() as url:
        write_together(url, 2)
        book = Book(url)
        assert_nothing_is_lost(book, 2)
        class_ = [*made(14), replace(one("nul"), student="nul\0\udcff name")]
        assert add(book, class_).attempts == 15
        before = everything(book)
        assert add(book, class_).known
        assert everything(book) == before
        file = new_book(tmp_path)
        add(file, class_)
        for graded in class_:
            ours, theirs = (standing(b, graded.student, graded.lab) for b in (book, file))
            assert (ours.final, ours.work.points, ours.who.key) == (
                theirs.final,
                theirs.work.points,
                theirs.who.key,
            )
        assert "secret" not in str(Book(url.replace("grader@", "grader:secret@")))
        with book.reading() as session, pytest.raises(LearnerError) as error, book._told():
            session.execute(text("DELETE FROM rg_mark"))
        assert error.value.key == "gradebook-failed"
    with pytest.raises(LearnerError) as error:
        Book(url)
    assert error.value.key == "gradebook-no-connection"


ADD_SLOWLY = """
import sys
import time
from rgteach.grading.gradebook import adding, reading, rows
from rgteach.grading.gradebook.book import Book
from pathlib import Path
insert = rows.insert_gradings
def slow(*given):
    insert(*given)
    print("in the middle", flush=True)
    time.sleep(60)
rows.insert_gradings = slow
adding.add_file(Book(sys.argv[1]), reading.Scores(Path(sys.argv[2])), 'me')
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_crash__an_add_that_is_killed_leaves_the_book_as_it_was(tmp_path):
    book = new_book(tmp_path)
    add(book, made(3))
    folder = scores(tmp_path / "graded", made(14, lab="01"))
    before = everything(book)
    with start("-c", ADD_SLOWLY, book, folder) as adding:
        assert adding.stdout.readline() == "in the middle\n"
        assert everything(book) == before  # nobody sees half of it
        os.kill(adding.pid, signal.SIGKILL)
        adding.wait()
    assert everything(Book(tmp_path)) == before
    add(Book(tmp_path), made(14, lab="01"))
    assert standing(Book(tmp_path), "alice", "01").work is not None


def test_busy__after_a_while_it_is_a_sentence(tmp_path, monkeypatch):
    book = new_book(tmp_path)
    monkeypatch.setattr(engine, "WAIT", 0.2)
    impatient = Book(tmp_path)
    with book.writing(), pytest.raises(LearnerError) as error, impatient.writing():
        pass
    assert error.value.key == "gradebook-busy"
    with book.writing(), impatient.reading() as session:  # who reads does not wait
        assert session.execute(text("SELECT version FROM rg_schema")).scalar() == 1


def test_schema__a_newer_book_is_refused(tmp_path):
    book = new_book(tmp_path)
    with book.writing() as session:
        session.execute(text("UPDATE rg_schema SET version = 99"))
    with pytest.raises(LearnerError, match="99") as error:
        Book(tmp_path)
    assert error.value.key == "gradebook-newer"


def new_tables(monkeypatch, *, fail: bool) -> None:
    """Suppose that the tables of this rgteach were one version ahead."""

    def upgrade(connection) -> None:
        connection.execute(text("ALTER TABLE rg_student ADD COLUMN nickname VARCHAR DEFAULT ''"))
        if fail:
            raise ZeroDivisionError

    monkeypatch.setattr(books, "VERSION", 2)
    monkeypatch.setattr(books, "UPGRADES", {1: upgrade})


def test_schema__an_older_book_is_upgraded_and_kept_beside(tmp_path, monkeypatch):
    add(new_book(tmp_path), made(5))
    before = everything(Book(tmp_path))
    new_tables(monkeypatch, fail=False)
    book = Book(tmp_path)
    with book.reading() as session:
        assert session.execute(text("SELECT version FROM rg_schema")).scalar() == 2
        assert session.execute(text("SELECT nickname FROM rg_student")).scalar() == ""
    assert everything(book)["rg_score"] == before["rg_score"]
    monkeypatch.undo()
    assert everything(Book(tmp_path / "gradebook.db.version-1")) == before


def test_schema__an_upgrade_that_fails_changes_nothing(tmp_path, monkeypatch):
    add(new_book(tmp_path), made(5))
    before = everything(Book(tmp_path))
    new_tables(monkeypatch, fail=True)
    with pytest.raises(ZeroDivisionError):
        Book(tmp_path)
    monkeypatch.undo()
    assert everything(Book(tmp_path)) == before


def test_open__a_database_of_another_tool_is_left_as_it_is(tmp_path):
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as other, other:
        other.execute("CREATE TABLE student (id TEXT)")
    before = (tmp_path / "gradebook.db").read_bytes()
    for create in (True, False):
        with pytest.raises(LearnerError) as error:
            Book(tmp_path, create=create)
        assert error.value.key == "gradebook-not-ours"
    assert (tmp_path / "gradebook.db").read_bytes() == before


@pytest.mark.parametrize(
    ("where", "key"),
    [("text.db", "gradebook-not-ours"), ("no.db", "gradebook-no-book"), ("mysql://x/y", "gradebook-url"),
     ("://x", "gradebook-url"), ("empty.db", "gradebook-no-book")],
)  # fmt: skip
def test_open__what_is_no_book_is_told(tmp_path, where, key):
    (tmp_path / "text.db").write_text("this is no database, though it is long enough to be one" * 50)
    (tmp_path / "empty.db").touch()
    with pytest.raises(LearnerError) as error:
        Book(where if "://" in where else tmp_path / where)
    assert error.value.key == key
    assert not (tmp_path / "no.db").exists()


def test_reading__one_look_sees_one_state(tmp_path):
    book = new_book(tmp_path)
    add(book, made(3))
    with book.reading() as session:
        count = text("SELECT count(*) FROM rg_attempt")
        assert session.execute(count).scalar() == 3
        add(book, made(9))
        assert session.execute(count).scalar() == 3


def test_start__nothing_heavy_is_loaded_by_the_commands():
    code = (
        "import sys; from rgteach.cli.commands import build_group; build_group();"
        "print([m for m in ('sqlalchemy', 'psycopg', 'zoneinfo') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
