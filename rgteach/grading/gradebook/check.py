"""What a person should look at before grades go out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from rgteach.grading.gradebook import ledger
from rgteach.grading.gradebook.tables import Attempt, Change, Grading, Lab, Student

MOST = 8  # names told of each finding


@dataclass(frozen=True)
class Finding:
    """Something to look at, told by the sentence `gradebook-check-KIND`; a problem may make grades wrong."""

    kind: str
    values: dict = field(default_factory=dict)
    problem: bool = True


def check(session: Session) -> list[Finding]:
    """All findings, problems first."""
    found = [*_damage(session), *strangers(session), *_standings(session), *_regraded(session)]
    return sorted(found, key=lambda finding: not finding.problem)


def strangers(session: Session) -> Iterator[Finding]:
    """Names met with submissions that nobody of the class list goes by."""
    if session.scalar(select(func.count()).where(Student.listed.is_(True))):
        asked = select(Student.key).where(Student.listed.is_(False), Student.same_as.is_(None))
        if found := list(session.scalars(asked.order_by(Student.key))):
            yield Finding("unlisted", _some(found))


def _damage(session: Session) -> Iterator[Finding]:
    """Whether the file itself is sound."""
    if session.get_bind().dialect.name != "sqlite":
        return
    told = session.execute(text("PRAGMA quick_check")).scalar()
    if told != "ok" or session.execute(text("PRAGMA foreign_key_check")).first():
        yield Finding("damaged", {"detail": told})


def _standings(session: Session) -> Iterator[Finding]:
    names: dict[str, list[str]] = defaultdict(list)
    editions: dict[str, Counter] = defaultdict(Counter)
    for standing in ledger.standings(session):
        work, name = standing.work, f"{standing.who.key} {standing.lab}".strip()
        if work is None:
            continue
        if not standing.lab:
            names["no-lab"].append(work.path)
            continue
        if standing.policy.due and work.handed is None:
            names["no-time"].append(name)
        for kind, told in (("waiting", work.waiting), ("flags", work.flags), ("problem", work.problem)):
            if told:
                names[kind].append(name)
        editions[standing.lab][work.edition] += not work.problem
    for kind, found in names.items():
        yield Finding(kind, _some(list(dict.fromkeys(found))), kind not in ("waiting", "flags"))
    for lab, count in editions.items():
        if len(+count) > 1:
            told = ", ".join(
                f"{edition or '?'}: {number}" for edition, number in count.most_common() if number
            )
            yield Finding("editions", {"lab": lab, "told": told})


def _regraded(session: Session) -> Iterator[Finding]:
    """Changes of an exercise whose attempt was graded again after: does the change still make sense?"""
    undone = select(Change.undoes).where(Change.undoes.is_not(None))
    asked = select(Student.key, Lab.name).join(Change, Change.student_id == Student.id)
    asked = asked.join(Lab, Lab.id == Change.lab_id).join(Attempt, Attempt.id == Change.attempt_id)
    asked = asked.join(Grading, Grading.attempt_id == Attempt.id)
    asked = asked.where(Change.kind != "undo", Change.id.not_in(undone), Grading.run_id > Change.entry_id)
    if found := [f"{key} {lab}" for key, lab in session.execute(asked.distinct()).all()]:
        yield Finding("regraded", _some(sorted(found)), problem=False)


def _some(names: list[str]) -> dict:
    more = f" … (+{len(names) - MOST})" if len(names) > MOST else ""
    return {"n": len(names), "names": ", ".join(names[:MOST]) + more}
