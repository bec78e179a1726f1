"""A run of the grader comes into the book: in one turn, whole or not at all, and once.

A run is known by the digest of its scores.json.  A submission is known by its student, lab and the digest of
its file; when what was found in it is what the book holds already, that is not a new grading.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from rgteach.grading.gradebook import people, rows
from rgteach.grading.gradebook.book import Book, enter
from rgteach.grading.gradebook.handing import Times
from rgteach.grading.gradebook.reading import Scores
from rgteach.grading.gradebook.submitted import Submitted, digest, submitted
from rgteach.grading.gradebook.tables import Handed, Run, clean
from rgteach.grading.model import Graded, to_data
from rgteach.waste import no_search_for_waste

BATCH = 1000


@dataclass(frozen=True)
class Added:
    """What came of adding a run."""

    known: bool = False  # the book had this very run
    submissions: int = 0
    attempts: int = 0  # handed in and never seen before
    regraded: int = 0  # seen before, with another result now
    same: int = 0  # seen before, and nothing new
    times: int = 0  # of handing in, that were not known
    no_grades: int = 0  # left out: nothing kept the student's code apart when it ran


def add_file(
    book: Book,
    scores: Scores,
    who: str,
    *,
    when: Times | None = None,
    progress: Callable[[int], None] | None = None,
) -> Added:
    """Add the scores of a file.

    Parameters
    ----------
    who : str
        Who adds them.
    when : Times, optional
        Where to look for the times of handing in.
    progress : callable, optional
        Told now and then how many submissions have been read.

    Raises
    ------
    LearnerError
        If the file or a number in it cannot be; then nothing of it is added.
    """
    with book.writing() as session, no_search_for_waste():
        adding = _Adding(session, who, scores.digest, str(scores.path), when)
        return adding.all(scores, lambda: scores.made_with, progress)


def add(
    book: Book, graded: Sequence[Graded], who: str, *, made_with: str = "", when: Times | None = None
) -> Added:
    """Add submissions that are in memory, as `add_file` does."""
    names = [(g.student, g.lab, g.digest, g.submission) for g in graded]
    given = [submitted(to_data(g)) for g in graded]
    contents = repr([made_with, names, [rows.found(one).content for one in given]])
    with book.writing() as session:
        adding = _Adding(session, who, digest(contents), "", when)
        return adding.all(given, lambda: made_with, None)


class _Adding:
    """A run on its way into the book; of one that the book has, only times of handing in can be new."""

    def __init__(self, session: Session, who: str, digest: str, source: str, when: Times | None):
        self._session, self._who, self._when = session, who, when or Times(())
        self._meeting = people.Meeting(session)
        self._when.by_key(self._meeting.key_of)
        self._run = session.scalar(select(Run).where(Run.digest == digest))
        self._known = self._run is not None
        self._entry = 0
        if not self._known:
            self._entry = enter(session, "run", who)
            self._run = Run(entry_id=self._entry, digest=digest, source=source, made_with="")
            session.add(self._run)
            session.flush()

    def all(self, graded: Iterable[Submitted], made_with: Callable[[], str], progress) -> Added:
        """Add them, a few at a time, so that memory does not grow with their number."""
        counts = Added()
        for batch in _batches(graded):
            grades = [g for g in batch if g.is_grade]
            found = self._batch(grades) if grades else Added()
            found = replace(found, submissions=len(batch), no_grades=len(batch) - len(grades))
            counts = Added(False, *(a + b for a, b in zip(_counts(counts), _counts(found), strict=True)))
            if progress:
                progress(counts.submissions)
        if self._known:
            return Added(known=True, times=counts.times)
        self._run.submissions, self._run.graded = counts.submissions, counts.attempts + counts.regraded
        self._run.made_with = made_with()
        return counts

    def _batch(self, graded: list[Submitted]) -> Added:
        session = self._session
        students = self._meeting.met(g.student for g in graded)
        labs = rows.find_labs(session, (g.lab for g in graded))
        by_key = {
            (students[g.student][0], labs[clean(g.lab)], clean(g.digest or g.submission)): g for g in graded
        }
        known = rows.attempts(session, (student for student, _, _ in by_key))
        old = {known[key] for key in by_key.keys() & known.keys()}
        fresh = {key: g for key, g in by_key.items() if key not in known}
        known |= rows.insert_attempts(session, self._entry, fresh)
        given = {known[key]: g for key, g in by_key.items()}
        times = self._insert_times(
            {number: self._when.of(g, students[g.student][1]) for number, g in given.items()}, old
        )
        if self._known:
            return Added(times=times)
        current = rows.current(session, old)
        found = {number: rows.found(g) for number, g in given.items()}
        new = {number: one for number, one in found.items() if one.content != current.get(number)}
        rows.insert_gradings(session, self._run, new)
        more = len(new) - len(fresh)
        return Added(attempts=len(fresh), regraded=more, same=len(graded) - len(new), times=times)

    def _insert_times(self, handed: dict[int, tuple[str, datetime] | None], old: set[int]) -> int:
        new = rows.new_times(self._session, handed, old)
        if new:
            self._entry = self._entry or enter(self._session, "times", self._who)
            names = ("entry_id", "attempt_id", "source", "at")
            rows.fill(self._session, Handed, names, [(self._entry, *row) for row in new])
        return len(new)


def _counts(added: Added) -> list[int]:
    return [value for name, value in asdict(added).items() if name != "known"]


def _batches(graded: Iterable[Submitted]) -> Iterator[list[Submitted]]:
    rest = iter(graded)
    while batch := list(itertools.islice(rest, BATCH)):
        yield batch
