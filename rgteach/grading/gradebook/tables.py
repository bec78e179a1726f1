"""The tables of a gradebook.  Rows are added and never changed, but for what a class list says of a student.

    entry ──< run ──< grading >── attempt >── student        an entry says who wrote what kind of thing when;
      │                 └──< score     │└──< handed          its number is the order in which things happened
      ├──< mark ─── (by answer)        │
      ├──< change, extension >── student, lab
      └──< late >── lab, setting, column

Points are whole hundredths, times are UTC.  All names begin with rg_, so that a database may hold more.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator):
    """A time in UTC, kept as text that sorts as time does and that a person can read."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> str | None:
        """As it is kept."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect) -> datetime | None:
        """As it is used."""
        return None if value is None else datetime.fromisoformat(value)


class Text(TypeDecorator):
    """Text that any database can keep: a file's name may hold bytes that are no text, PostgreSQL no NUL."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect) -> str | None:
        """As it is kept."""
        return None if value is None else clean(value)


def clean(text: str) -> str:
    """Text without what cannot be written as UTF-8, and without NUL."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map = {str: Text, datetime: Instant}


class Schema(Base):
    """The version of these tables; one row."""

    __tablename__ = "rg_schema"
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Entry(Base):
    """Somebody wrote something into the book."""

    __tablename__ = "rg_entry"
    __table_args__ = {"sqlite_autoincrement": True}
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    kind: Mapped[str]
    version: Mapped[str]  # of rgteach


class Setting(Base):
    """A setting of the whole book; the newest of a name holds."""

    __tablename__ = "rg_setting"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"))
    name: Mapped[str] = mapped_column(index=True)
    value: Mapped[str]


class Student(Base):
    """A student of the class list, or one whose name was met with a submission."""

    __tablename__ = "rg_student"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    section: Mapped[str] = mapped_column(default="")
    lang: Mapped[str] = mapped_column(default="")
    place: Mapped[int] = mapped_column(default=0)  # in the class list
    listed: Mapped[bool] = mapped_column(default=False)
    same_as: Mapped[int | None] = mapped_column(ForeignKey("rg_student.id"))  # another name of that student
    ids: Mapped[dict] = mapped_column(JSON, default=dict)  # what learning platforms call the student


class Lab(Base):
    """A lab, by its name in the course; "" stands for files that nobody could read."""

    __tablename__ = "rg_lab"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Column(Base):
    """A column of grades in a learning platform's file, as the newest import of that platform found it."""

    __tablename__ = "rg_column"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"))
    system: Mapped[str]
    header: Mapped[str]
    possible: Mapped[int | None]


class Run(Base):
    """A run of the grader, as its scores.json tells it."""

    __tablename__ = "rg_run"
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    made_with: Mapped[str]
    submissions: Mapped[int] = mapped_column(default=0)
    graded: Mapped[int] = mapped_column(default=0)  # new gradings; the rest said what was known


class Attempt(Base):
    """A file that a student handed in for a lab."""

    __tablename__ = "rg_attempt"
    __table_args__ = (UniqueConstraint("student_id", "lab_id", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("rg_student.id"))
    lab_id: Mapped[int] = mapped_column(ForeignKey("rg_lab.id"), index=True)
    digest: Mapped[str]
    path: Mapped[str]
    lang: Mapped[str]


class Handed(Base):
    """When an attempt was handed in, and how that is known: given, timestamp or file."""

    __tablename__ = "rg_handed"
    __table_args__ = (UniqueConstraint("attempt_id", "source", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("rg_attempt.id"))
    source: Mapped[str]
    at: Mapped[datetime]


class Grading(Base):
    """What a run gave for an attempt; the newest of an attempt counts, the others stay."""

    __tablename__ = "rg_grading"
    __table_args__ = (Index("rg_grading_newest", "attempt_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("rg_attempt.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("rg_run.entry_id"))
    content: Mapped[str]  # a digest of all that was found: the same again is not a new grading
    seed: Mapped[str]
    edition: Mapped[str]
    isolated: Mapped[bool]
    points: Mapped[int]
    out_of: Mapped[int]
    by_person: Mapped[int]
    answered: Mapped[int]
    questions: Mapped[int]
    flags: Mapped[int]  # how many things a person should look at
    problem: Mapped[str]


class Score(Base):
    """What a grading gave for one exercise."""

    __tablename__ = "rg_score"
    grading_id: Mapped[int] = mapped_column(ForeignKey("rg_grading.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    exercise: Mapped[str]
    outcome: Mapped[str]
    points: Mapped[int]
    out_of: Mapped[int]
    found: Mapped[str]
    mistake: Mapped[str]
    flags: Mapped[int]
    answer: Mapped[str]  # the rubric's name of what was written for an open exercise; else ""


class Mark(Base):
    """What a person gave for what was written for an open exercise; the highest number of an answer counts.

    The same text in another attempt is the same answer, and has its mark.
    """

    __tablename__ = "rg_mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"))
    answer: Mapped[str] = mapped_column(index=True)
    student: Mapped[str]
    lab: Mapped[str]
    exercise: Mapped[str]
    points: Mapped[int]
    comment: Mapped[str]
    marker: Mapped[str]
    marked: Mapped[str]  # when, as the marker's computer says
    number: Mapped[int]
    content: Mapped[str] = mapped_column(unique=True)  # a digest: the same mark again is not a new one


class Late(Base):
    """How a lab treats what comes late; the newest of a lab holds.  See `late.Policy`."""

    __tablename__ = "rg_late"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"))
    lab_id: Mapped[int] = mapped_column(ForeignKey("rg_lab.id"))
    due: Mapped[datetime | None]
    zone: Mapped[str]
    grace: Mapped[int]
    per_day: Mapped[int]
    cap: Mapped[int | None]
    last_day: Mapped[int | None]
    of: Mapped[str]
    counts: Mapped[str]


class Extension(Base):
    """A later due time for one student and lab; the newest holds, and one without a time takes it back."""

    __tablename__ = "rg_extension"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("rg_student.id"), index=True)
    lab_id: Mapped[int] = mapped_column(ForeignKey("rg_lab.id"))
    until: Mapped[datetime | None]
    zone: Mapped[str]
    reason: Mapped[str]


class Change(Base):
    """Points that a person changed, and why: `kind` is add, set or undo (of the change `undoes`).

    With an exercise it changes that exercise of one attempt, before lateness; else the lab's points after it.
    """

    __tablename__ = "rg_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("rg_entry.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("rg_student.id"), index=True)
    lab_id: Mapped[int] = mapped_column(ForeignKey("rg_lab.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("rg_attempt.id"))
    exercise: Mapped[str]
    kind: Mapped[str]
    points: Mapped[int]
    reason: Mapped[str]
    undoes: Mapped[int | None] = mapped_column(ForeignKey("rg_change.id"))
