"""A run of the grader comes into the book: in one turn, whole or not at all, and once.

A run is known by the digest of its scores.json.  A submission is known by its student, lab and the digest of
its file; when what was found in it is what the book holds already, that is not a new grading.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import people
from rgteach.grading.gradebook.book import Book, enter
from rgteach.grading.gradebook.handing import Times
from rgteach.grading.gradebook.points import exact
from rgteach.grading.gradebook.tables import Attempt, Grading, Handed, Lab, Run, Score, clean
from rgteach.grading.model import Graded
from rgteach.grading.rubric import queue

BATCH = 250
_NO_TIMES = Times(())


@dataclass(frozen=True)
class Added:
    """What came of adding a run."""

    known: bool = False  # the book had this very run
    submissions: int = 0
    attempts: int = 0  # handed in and never seen before
    regraded: int = 0  # seen before, with another result now
    same: int = 0  # seen before, and nothing new
    no_grades: int = 0  # left out: nothing kept the student's code apart when it ran


def add_file(book: Book, scores, who: str, *, when: Times = _NO_TIMES, progress=lambda count: None) -> Added:
    """Add a `reading.Scores`."""
    with book.writing() as session:
        if session.scalar(select(Run.entry_id).where(Run.digest == scores.digest)) is not None:
            return Added(known=True)
        run = _new_run(session, scores.digest, str(scores.path), "", who)
        added = _add(session, run, scores, lambda: scores.made_with, when, progress)
        run.made_with = scores.made_with
        return added


def add(
    book: Book, graded: Sequence[Graded], who: str, *, made_with: str = "", when: Times = _NO_TIMES
) -> Added:
    """Add submissions that are in memory."""
    digest = hashlib.sha256(
        "".join(_content(g, f"{made_with} {g.seconds}") for g in graded).encode()
    ).hexdigest()
    with book.writing() as session:
        if session.scalar(select(Run.entry_id).where(Run.digest == digest)) is not None:
            return Added(known=True)
        run = _new_run(session, digest, "", made_with, who)
        return _add(session, run, graded, lambda: made_with, when, lambda count: None)


def _new_run(session: Session, digest: str, source: str, made_with: str, who: str) -> Run:
    run = Run(entry_id=enter(session, "run", who), digest=digest, source=source, made_with=made_with)
    session.add(run)
    session.flush()
    return run


def _add(session: Session, run: Run, graded: Iterable[Graded], made_with, when: Times, progress) -> Added:
    counts, meeting = Added(), people.Meeting(session)
    for batch in _batches(graded):
        grades = [g for g in batch if g.is_grade]
        found = _add_batch(session, run, grades, made_with(), meeting, when) if grades else Added()
        found = Added(**asdict(found) | {"submissions": len(batch), "no_grades": len(batch) - len(grades)})
        counts = Added(False, *(a + b for a, b in zip(_numbers(counts), _numbers(found), strict=True)))
        progress(counts.submissions)
    run.submissions, run.graded = counts.submissions, counts.attempts + counts.regraded
    return counts


def _numbers(added: Added) -> list[int]:
    return [value for name, value in asdict(added).items() if name != "known"]


def _batches(graded: Iterable[Graded]) -> Iterator[list[Graded]]:
    """A few at a time, so that memory does not grow with their number."""
    rest = iter(graded)
    while batch := list(itertools.islice(rest, BATCH)):
        yield batch


def _add_batch(session, run, graded: list[Graded], made_with: str, meeting, when: Times) -> Added:
    students = meeting.met(g.student for g in graded)
    labs = find_labs(session, (g.lab for g in graded))
    by_key = {(students[g.student][0], labs[g.lab], clean(g.digest or g.submission)): g for g in graded}
    known = _known(session, [digest for _, _, digest in by_key])
    fresh = {key: g for key, g in by_key.items() if key not in known}
    _insert_attempts(session, run, fresh)
    known |= _known(session, [digest for _, _, digest in fresh])
    handed = {known[key]: when.of(g, (g.student, students[g.student][1])) for key, g in by_key.items()}
    _insert_handed(session, run, handed)
    current = _current(session, [known[key] for key in by_key])
    new = {}
    for key, g in by_key.items():
        if (content := _content(g, made_with)) != current.get(known[key]):
            new[known[key]] = (content, g)
    _insert_gradings(session, run, new)
    return Added(attempts=len(fresh), regraded=len(new) - len(fresh), same=len(graded) - len(new))


def find_labs(session: Session, names: Iterable[str]) -> dict[str, int]:
    """The numbers of these labs, new ones where there are none."""
    known = dict(session.execute(select(Lab.name, Lab.id)).all())
    for name in sorted({clean(name) for name in names} - known.keys()):
        lab = Lab(name=name)
        session.add(lab)
        session.flush()
        known[name] = lab.id
    return known


def _known(session: Session, digests: list[str]) -> dict[tuple[int, int, str], int]:
    columns = (Attempt.student_id, Attempt.lab_id, Attempt.digest, Attempt.id)
    rows = session.execute(select(*columns).where(Attempt.digest.in_(digests)))
    return {(student, lab, digest): number for student, lab, digest, number in rows}


def _insert_attempts(session: Session, run: Run, fresh: dict[tuple[int, int, str], Graded]) -> None:
    rows = [
        {
            "entry_id": run.entry_id, "student_id": student, "lab_id": lab, "digest": digest,
            "path": g.submission, "lang": g.lang,
        }
        for (student, lab, digest), g in fresh.items()
    ]  # fmt: skip
    if rows:
        session.execute(insert(Attempt), rows)


def _insert_handed(session: Session, run: Run, handed: dict[int, tuple[str, datetime] | None]) -> None:
    columns = (Handed.attempt_id, Handed.source, Handed.at)
    known = {tuple(row) for row in session.execute(select(*columns).where(Handed.attempt_id.in_(handed)))}
    rows = [
        {"entry_id": run.entry_id, "attempt_id": number, "source": found[0], "at": found[1]}
        for number, found in handed.items()
        if found and (number, *found) not in known
    ]
    if rows:
        session.execute(insert(Handed), rows)


def _current(session: Session, attempts: list[int]) -> dict[int, str]:
    """What the newest grading of each of these attempts found, as a digest."""
    newest = select(func.max(Grading.id)).where(Grading.attempt_id.in_(attempts)).group_by(Grading.attempt_id)
    rows = session.execute(select(Grading.attempt_id, Grading.content).where(Grading.id.in_(newest)))
    return dict(rows.all())


def _insert_gradings(session: Session, run: Run, new: dict[int, tuple[str, Graded]]) -> None:
    if not new:
        return
    session.execute(
        insert(Grading), [_grading(run, number, content, g) for number, (content, g) in new.items()]
    )
    columns = (Grading.attempt_id, Grading.id)
    asked = select(*columns).where(Grading.run_id == run.entry_id, Grading.attempt_id.in_(new))
    numbers = dict(session.execute(asked).all())
    scores = [row for number, (_, g) in new.items() for row in _scores(numbers[number], g)]
    if scores:
        session.execute(insert(Score), scores)


def _grading(run: Run, attempt: int, content: str, g: Graded) -> dict:
    points, out_of, by_person = _sums(g)
    flags = len(g.notes) + sum(len(e.flags) for e in g.exercises)
    return {
        "attempt_id": attempt, "run_id": run.entry_id, "content": content, "seed": g.seed,
        "edition": g.edition, "isolated": g.is_grade, "points": points, "out_of": out_of,
        "by_person": by_person,
        "answered": g.answered, "questions": g.questions, "flags": flags, "problem": g.problem,
    }  # fmt: skip


def _scores(grading: int, g: Graded) -> Iterator[dict]:
    for place, e in enumerate(g.exercises):
        yield {
            "grading_id": grading, "place": place, "exercise": e.exercise, "outcome": e.outcome,
            "points": exact(e.points), "out_of": exact(e.out_of), "found": e.found, "mistake": e.mistake,
            "flags": len(e.flags), "answer": queue.name(g, e) if queue.is_open(e) else "",
        }  # fmt: skip


def _sums(g: Graded) -> tuple[int, int, int]:
    """Points, points possible, points that people give: each exercise rounded, then added.

    Numbers that no grader can mean stop everything: a wrong grade is worse than an error.
    """
    try:
        rows = [(exact(e.points), exact(e.out_of), queue.is_open(e)) for e in g.exercises]
        told = exact(g.points), exact(g.out_of), exact(g.by_person)
    except ValueError:
        raise LearnerError("gradebook-bad-points", path=g.submission, detail="NaN, ∞") from None
    marked = sum(points for points, _, is_open in rows if is_open)
    sums = (
        sum(points for points, _, is_open in rows if not is_open),
        sum(out_of for _, out_of, is_open in rows if not is_open),
        sum(out_of for _, out_of, is_open in rows if is_open),
    )
    if not rows:
        sums = told
    whole = abs(sums[0] + marked - told[0]), abs(sums[1] + sums[2] - told[1] - told[2])
    if max(whole) > len(rows) or any(
        not 0 <= points <= out_of for points, out_of, _ in [*rows, (*sums[:2], 0)]
    ):
        detail = f"{g.points!r} / {g.out_of!r} + {g.by_person!r}"
        raise LearnerError("gradebook-bad-points", path=g.submission, detail=detail)
    return sums


def _content(g: Graded, made_with: str) -> str:
    """A digest of all that a grading found, but not of how long it took."""
    exercises = [
        [e.exercise, e.outcome, repr(e.points), repr(e.out_of), e.found, sorted(e.groups.items()), e.mistake,
         e.told, [asdict(flag) for flag in e.flags]]
        for e in g.exercises
    ]  # fmt: skip
    found = [
        g.points,
        g.out_of,
        g.by_person,
        g.answered,
        g.questions,
        g.problem,
        g.seed,
        g.edition,
        made_with,
    ]
    notes = [asdict(flag) for flag in g.notes]
    text = json.dumps([exercises, list(map(repr, found)), notes, dict(g.told)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
