"""Who is who: names met with submissions, and the students of the class list.

A name that was met always gets a row of its own and is never lost.  Where exactly one student of the list
goes by it (an id, what one logs in with, an email, a full name; the surest first), it is noted as another
name of that student; two with the same name are never guessed between.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from rgteach.errors import LearnerError
from rgteach.grading.gradebook.book import enter
from rgteach.grading.gradebook.roster import Person, Roster
from rgteach.grading.gradebook.tables import Column, Student, clean

_TIERS = 5


@dataclass(frozen=True)
class Imported:
    """What a class list brought: new students, known ones, and names of submissions that found theirs."""

    new: int
    known: int
    found: tuple[tuple[str, str], ...]


def owner(student: Student) -> int:
    """The number of the student that a name belongs to."""
    return student.same_as or student.id


def bring(session: Session, roster: Roster, who: str) -> Imported:
    """Put a class list into the book; who is in the book already is brought up to date."""
    entry = enter(session, "list", who)
    index = Index(session.scalars(select(Student)))
    new = 0
    for place, person in enumerate(roster.people, 1):
        student = index.by_key.get(clean(person.key)) or index.find(person)
        if student is None:
            student = Student(key=person.key, ids={})
            session.add(student)
            new += 1
        _update(student, person, place)
    if roster.columns:
        session.add_all(
            Column(entry_id=entry, system=roster.system, header=header, possible=possible)
            for header, possible in roster.columns
        )
    session.flush()
    return Imported(new, len(roster.people) - new, tuple(link(session)))


def _update(student: Student, person: Person, place: int) -> None:
    """What the list says; what it does not say stays."""
    student.listed, student.place = True, place
    for name in ("name", "email", "section", "lang"):
        if getattr(person, name):
            setattr(student, name, getattr(person, name))
    student.ids = {**student.ids, **{name: clean(value) for name, value in person.ids.items()}}


class Meeting:
    """Names as they are met with submissions, each with the row it has or now gets."""

    def __init__(self, session: Session):
        columns = ("id", "key", "name", "email", "listed", "same_as", "ids")
        everyone = session.execute(select(*(getattr(Student, name) for name in columns))).all()
        self._session, self._everyone = session, everyone
        keys = {student.id: student.key for student in everyone}
        self._known = {student.key: (student.id, keys[owner(student)]) for student in everyone}

    @cached_property
    def _index(self) -> Index:
        """Those of the list; made when a name comes up that has no row yet, which in most classes none is."""
        return Index(s for s in self._everyone if s.listed and owner(s) == s.id)

    def key_of(self, name: str) -> str:
        """The key of the student who goes by a name; the name itself where nobody does."""
        known = self._known.get(clean(name))
        found = None if known else self._index.named(name)
        return known[1] if known else found.key if found else clean(name)

    def met(self, names: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Name -> the number of its row, and the key of the student it belongs to."""
        wanted = {name: clean(name) for name in names}
        fresh = sorted(set(wanted.values()) - self._known.keys())
        found = {name: self._index.named(name) for name in fresh}
        if fresh:
            rows = [{"key": name, "ids": {}, "same_as": found[name] and found[name].id} for name in fresh]
            self._session.connection().execute(Student.__table__.insert(), rows)
            numbers = self._session.execute(select(Student.key, Student.id).where(Student.key.in_(fresh)))
            for name, number in numbers:
                self._known[name] = number, found[name].key if found[name] else name
        return {name: self._known[key] for name, key in wanted.items()}


def link(session: Session) -> Iterator[tuple[str, str]]:
    """Note whose names those are that nobody has been found for; gives (name, student) for each found."""
    everyone = list(session.scalars(select(Student)))
    index = Index(student for student in everyone if student.listed and owner(student) == student.id)
    for student in everyone:
        if not student.listed and student.same_as is None and (found := index.named(student.key)):
            student.same_as = found.id
            yield student.key, found.key


def join(session: Session, name: str, key: str, who: str) -> None:
    """Say that a name is another name of a student; its own name again makes it stand for itself."""
    enter(session, "same", who)
    student, other = one(session, name, exact=True), one(session, key, exact=True)
    if name != key and session.scalar(select(Student).where(Student.same_as == student.id).limit(1)):
        raise LearnerError("gradebook-same-chain", name=name, key=key)
    student.same_as = student.id if name == key else owner(other)


def one(session: Session, name: str, *, exact: bool = False) -> Student:
    """The student who goes by a name: the key, or whatever tells students apart."""
    everyone = list(session.scalars(select(Student)))
    index = Index(everyone)
    found = index.by_key.get(clean(name))
    if found is None and not exact:
        found = Index(s for s in everyone if owner(s) == s.id).named(name)
    if found is None:
        raise LearnerError("gradebook-no-student", given=name, near=", ".join(index.near(name)) or "—")
    return found


class Index:
    """Students by all that they are called."""

    def __init__(self, students: Iterable[Student]):
        self.by_key: dict[str, Student] = {}
        self._tiers: list[dict[str, list[Student]]] = [defaultdict(list) for _ in range(_TIERS)]
        for student in students:
            self.by_key[student.key] = student
            for tier, name in set(_names(student)):
                self._tiers[tier][name].append(student)

    def named(self, name: str) -> Student | None:
        """The only student of a name; the surest kind of name decides."""
        for tier, known in enumerate(self._tiers):
            if found := known.get(squeezed(name) if tier == _TIERS - 1 else folded(name)):
                return found[0] if len(found) == 1 else None
        return None

    def find(self, person: Person) -> Student | None:
        """The student of the list whom another list calls differently: an id or the email tells."""
        given = [
            person.key,
            person.email,
            *(person.ids.get(part, "") for part in ("sis", "number", "login", "canvas")),
        ]
        found = {
            id(s): s for name in given if name for tier in self._tiers[:3] for s in tier.get(folded(name), ())
        }
        listed = [student for student in found.values() if student.listed]
        return listed[0] if len(listed) == 1 else None

    def near(self, name: str) -> list[str]:
        """Keys that look like a name."""
        import difflib

        return difflib.get_close_matches(name, self.by_key, n=3, cutoff=0.5)


def _names(student: Student) -> Iterator[tuple[int, str]]:
    """(how sure, name): the key, ids, the number in Canvas, what stands before the @, full names."""
    ids = student.ids or {}
    yield 0, folded(student.key)
    for name in (ids.get("sis"), ids.get("number"), ids.get("login"), student.email):
        if name:
            yield 1, folded(name)
    if ids.get("canvas"):
        yield 2, folded(ids["canvas"])
    for name in (student.email, ids.get("login", "")):
        if "@" in name:
            yield 3, folded(name.partition("@")[0])
    first, last = ids.get("first", ""), ids.get("last", "")
    for name in (student.name, ids.get("sortable", ""), first + last, last + first):
        if squeezed(name):
            yield 4, squeezed(name)


def folded(name: str) -> str:
    """A name without what does not tell names apart."""
    return (name if name.isascii() else unicodedata.normalize("NFKC", name)).strip().casefold()


def squeezed(name: str) -> str:
    """A name as learning platforms put it into names of files: letters and digits only."""
    return re.sub(r"[\W_]+", "", folded(name))
