"""The book as a file for a learning platform, or as a plain table.

Canvas      the columns its own export has (see `roster`), so that its import knows students by ID and
            assignments by the number in "Title (number)"; the second row says the points possible.  An
            empty cell clears a grade there, so only the labs that are asked for have a column.
Moodle      First name, Last name, ID number, Institution, Department, Email address, then one column a lab
            (docs.moodle.org/en/Grade_import); a student is found by email or ID number, as one chooses there
plain       one row a student and lab, with all that led to the points
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import ledger, sheets, times
from rgteach.grading.gradebook.points import scaled, shown
from rgteach.grading.gradebook.standing import Standing, Who
from rgteach.grading.gradebook.tables import Attempt, Column, Grading, Lab, Student

FORMATS = ("canvas", "moodle", "csv")
_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_MOODLE = ("First name", "Last name", "ID number", "Institution", "Department", "Email address")
_PLAIN = (
    "student", "name", "email", "section", "lab", "attempts", "handed_in", "time_from", "due", "extended",
    "days_late", "points", "after_lateness", "final", "out_of", "waiting", "changed", "problem",
)  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """What was written; `columns` says which lab went where, `left_out` who is not in that file."""

    path: Path
    students: int
    columns: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    waiting: int = 0  # submissions with an exercise that nobody has marked yet


def export(
    session: Session,
    path: Path,
    form: str,
    *,
    labs: Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    zero: bool = False,
    scale: bool = False,
) -> Exported:
    """Write the book.

    Parameters
    ----------
    form : str
        canvas, moodle or csv.
    labs : names, optional
        Only these labs.
    columns : mapping of lab to column, optional
        Which column of the platform's own file a lab belongs to, by its header or its number.
    zero : bool
        What was not handed in gets 0 points instead of an empty cell.
    scale : bool
        Where Canvas has other points possible than the lab: scale to them; otherwise that is refused.
    """
    wanted = [name for name in ledger.lab_names(session) if name and (labs is None or name in labs)]
    if not wanted:
        raise LearnerError("gradebook-no-lab", given=", ".join(labs or ()), known="—")
    if form == "csv":
        rows = _Plain(session, wanted)
        count = sheets.write(path, rows)
        return Exported(path, rows.students, waiting=rows.waiting) if count else Exported(path, 0)
    table = _Wide(session, form, wanted, columns or {}, zero, scale)
    sheets.write(path, table)
    found = {lab: header for lab, (header, _) in table.columns.items()}
    return Exported(path, table.students, found, tuple(table.left_out), table.waiting)


class _Plain:
    """Rows of the plain table."""

    def __init__(self, session: Session, labs: list[str]):
        self._session, self._labs = session, labs
        self.students = self.waiting = 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        yield _PLAIN
        for _, found in _by_student(ledger.standings(self._session, labs=self._labs)):
            self.students += 1
            for standing in found:
                self.waiting += bool(standing.work and standing.work.waiting)
                yield _plain(standing)


def _plain(standing: Standing) -> list[object]:
    who, work, zone = standing.who, standing.work, standing.policy.zone
    row = [who.key, who.name, who.email, who.section, standing.lab, standing.attempts]
    row += [times.told(work.handed, zone), work.source] if work else ["", ""]
    row += [times.told(standing.due, zone), "yes" if standing.extended else ""]
    row += [work.days, shown(work.points), shown(work.kept)] if work else ["", "", ""]
    row += [shown(standing.final)]
    row += [shown(work.out_of), shown(work.waiting) if work.waiting else ""] if work else ["", ""]
    return [*row, "yes" if standing.changed else "", work.problem if work else ""]


def _by_student(found: Iterable[Standing]) -> Iterator[tuple[Who, list[Standing]]]:
    for _, group in itertools.groupby(found, key=lambda standing: standing.who.number):
        standings = list(group)
        yield standings[0].who, standings


class _Wide:
    """Rows with one column a lab, for a learning platform."""

    def __init__(self, session: Session, form: str, labs: list[str], columns, zero: bool, scale: bool):
        self._session, self._form, self._zero, self._scale = session, form, zero, scale
        self._out_of = {lab: _out_of(session, lab) for lab in labs}
        self.columns = _assigned(session, form, labs, columns)
        self.students = self.waiting = 0
        self.left_out: list[str] = []
        self._has_list = session.scalar(select(func.count()).where(Student.listed.is_(True))) > 0
        if not scale:
            self._compare()

    def __iter__(self) -> Iterator[Sequence[object]]:
        yield [
            *(_CANVAS if self._form == "canvas" else _MOODLE),
            *(head for head, _ in self.columns.values()),
        ]
        if self._form == "canvas":
            possible = [shown(self._possible(lab)) for lab in self.columns]
            yield ["    Points Possible", "", "", "", "", *possible]
        for who, found in _by_student(ledger.standings(self._session, labs=list(self.columns))):
            if self._has_list and not who.listed:
                self.left_out.append(who.key)
                continue
            self.students += 1
            by_lab = {standing.lab: standing for standing in found}
            yield [*self._who(who), *(self._cell(lab, by_lab.get(lab)) for lab in self.columns)]

    def _who(self, who: Who) -> list[str]:
        ids = who.ids
        if self._form == "canvas":
            named = [ids.get(part, "") for part in ("canvas", "sis", "login")]
            return [
                ids.get("sortable") or who.name,
                *(named if any(named) else ["", "", who.key]),
                who.section,
            ]
        names = [ids.get("first", "") or who.name, ids.get("last", "")]
        number = ids.get("number") or ("" if who.key == who.email else who.key)
        return [*names, number, ids.get("institution", ""), ids.get("department", ""), who.email]

    def _cell(self, lab: str, standing: Standing | None) -> str:
        if standing is None or standing.final is None:
            return "0" if self._zero else ""
        self.waiting += bool(standing.work and standing.work.waiting)
        possible, out_of = self._possible(lab), self._out_of[lab]
        final = standing.final
        return shown(final if possible in (None, out_of) or not out_of else scaled(final, possible, out_of))

    def _possible(self, lab: str) -> int | None:
        possible = self.columns[lab][1]
        return self._out_of[lab] if possible is None else possible

    def _compare(self) -> None:
        """Points out of 14 in a column of 10 would be wrong, and Canvas would take our 14 for its own."""
        for lab, (header, possible) in self.columns.items():
            if possible not in (None, self._out_of[lab]):
                there, here = shown(possible), shown(self._out_of[lab])
                raise LearnerError("gradebook-other-points", lab=lab, column=header, there=there, here=here)


def _out_of(session: Session, lab: str) -> int | None:
    """The points possible of a lab, those of most submissions."""
    possible = Grading.out_of + Grading.by_person
    newest = select(func.max(Grading.id).label("id")).join(Attempt, Attempt.id == Grading.attempt_id)
    newest = newest.join(Lab, Lab.id == Attempt.lab_id).where(Lab.name == lab).group_by(Grading.attempt_id)
    found = newest.subquery()
    asked = select(possible, func.count()).join(found, found.c.id == Grading.id)
    rows = session.execute(asked.where(Grading.problem == "").group_by(possible)).all()
    return max(rows, key=lambda row: (row[1], row[0]), default=(None,))[0]


def _assigned(session: Session, form: str, labs: list[str], wishes: Mapping[str, str]):
    """By lab, (header, points possible): the column that was wished for, that names the lab, or a new one."""
    newest = select(func.max(Column.entry_id)).where(Column.system == form).scalar_subquery()
    asked = select(Column.header, Column.possible).where(Column.entry_id == newest, Column.system == form)
    known = dict(session.execute(asked.order_by(Column.id)).all())
    for lab in wishes.keys() - set(labs):
        raise LearnerError("gradebook-no-lab", given=lab, known=", ".join(labs))
    found = {}
    for lab in labs:
        fitting = [header for header in known if _names(header, lab)]
        if lab in wishes:
            fitting = [h for h in known if h == wishes[lab] or h.endswith(f"({wishes[lab]})")]
        if len(fitting) > 1 or (lab in wishes and not fitting):
            given = wishes.get(lab, f"Lab {lab}")
            raise LearnerError("gradebook-no-column", given=given, known=", ".join(known) or "—")
        header = fitting[0] if fitting else f"Lab {lab}"
        found[lab] = header, known.get(header)
    if len({header for header, _ in found.values()}) < len(found):
        raise LearnerError("gradebook-no-column", given=str(dict(wishes)), known=", ".join(known))
    return found


def _names(header: str, lab: str) -> bool:
    """Whether a column's title begins with the lab: "Lab 02 …", "02 …", "实验 2 …"; never "Quiz 2"."""
    title = re.sub(r"^(assignment|作业|分配)\s*[:：]\s*", "", header.strip(), flags=re.IGNORECASE)
    number = re.escape(lab.lstrip("0") or "0") if lab.isdigit() else re.escape(lab)
    word = rf"(?:(?:lab|exercise|实验|练习)\s*0*{number}|{re.escape(lab)})(?![0-9A-Za-z])"
    return re.match(word, title, re.IGNORECASE) is not None
