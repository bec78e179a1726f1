"""What `rgteach gradebook …` does: reads the words, opens the book, says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rgteach.cli import gradebook_place, screen
from rgteach.cli.screen import WrongUsage
from rgteach.cli.shape import one_of
from rgteach.wording import say


def init(where: str | None, zone: str | None, by: str | None) -> int:
    """Make a book, or set the time zone of one."""
    gradebook_place.needs()
    from rgteach.grading.gradebook import deciding, times
    from rgteach.grading.gradebook.book import Book

    if zone:
        times.zone(zone)
    book = Book(where or gradebook_place.NAME, create=True)
    if zone:
        with book.writing() as session:
            deciding.put(session, "zone", zone, gradebook_place.who(by))
    screen.tell(say("gradebook-made", book=book), "green")
    if zone:
        screen.tell(say("gradebook-zone-set", zone=zone))
    return 0


def students(where, lists: Sequence[Path], same: Sequence[str], encoding: str | None, by: str | None) -> int:
    """Bring class lists into the book, join names; without either, list the students."""
    book = gradebook_place.opened(where)
    from rgteach.grading.gradebook import people, roster, sheets

    for path in lists:
        sheet = sheets.read(path.expanduser(), encoding)
        with book.writing() as session:
            brought = people.bring(session, found := roster.read(sheet), gradebook_place.who(by))
        counts = {"new": brought.new, "known": brought.known, "system": found.system}
        screen.tell(say("gradebook-brought", path=path, encoding=sheet.encoding, **counts), "green")
        for name, key in brought.found:
            screen.tell("  " + say("gradebook-is-now", name=name, key=key))
    for wish in same:
        name, sign, key = wish.rpartition("=")
        if not sign or not name or not key:
            raise WrongUsage("gradebook-same-words", given=wish)
        with book.writing() as session:
            people.join(session, name.strip(), key.strip(), gradebook_place.who(by))
        screen.tell(say("gradebook-is-now", name=name, key=key), "green")
    if not lists and not same:
        _list_students(book)
    return 0


def _list_students(book) -> None:
    from rgteach.cli import gradebook_tables

    with book.reading() as session:
        gradebook_tables.people(session)


def add(where, paths: Sequence[Path], folders: Sequence[Path], given: Path | None, zone, by) -> int:
    """Add runs of the grader, and the marks that lie beside them."""
    if not paths:
        raise WrongUsage("gradebook-needs-scores")
    gradebook_place.needs()
    from rgteach.grading.gradebook import adding, deciding, handing, reading
    from rgteach.grading.rubric import marks

    scores = [reading.Scores(path.expanduser()) for path in paths]
    book = gradebook_place.opened(where, beside=scores[0].path.parent)
    said = handing.read_given(given, zone or gradebook_place.course_zone(book)) if given else None
    look = [
        *folders,
        Path(),
        *(one.path.parent for one in scores),
        *(one.path.parent.parent for one in scores),
    ]
    when, left_out = handing.Times(look, said), 0
    for one in scores:
        with screen.console(stderr=True).status("") as status:
            added = adding.add_file(
                book,
                one,
                gradebook_place.who(by),
                when=when,
                progress=lambda n: status.update(say("gradebook-adding", n=n)),
            )
        left_out += added.no_grades
        _tell_added(one.path, added)
        with book.writing() as session:
            new = deciding.mark(session, _all(marks.load(one.path.parent)), gradebook_place.who(by))
        if new:
            screen.tell("  " + say("gradebook-marks", n=new), "green")
    if when.unused:
        names = sorted(f"{name} {lab}".strip() for name, lab in when.unused)
        told = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        screen.aside(say("gradebook-times-unused", n=len(names), names=told), "bold yellow")
    _tell_strangers(book)
    return 1 if left_out else 0


def _all(marks) -> list:
    return [mark for history in marks.history.values() for mark in history]


def _tell_added(path: Path, added) -> None:
    if added.known:
        screen.tell(say("gradebook-added-before", path=path))
    else:
        counts = {name: getattr(added, name) for name in ("submissions", "attempts", "regraded", "same")}
        screen.tell(say("gradebook-added", path=path, **counts), "green")
    if added.times:
        screen.tell("  " + say("gradebook-times-new", n=added.times), "green")
    if added.no_grades:
        screen.aside("  " + say("gradebook-no-grades", n=added.no_grades), "bold yellow")


def _tell_strangers(book) -> None:
    """Names that nobody on the list goes by: told at once, while one remembers whose they are."""
    from rgteach.grading.gradebook import check

    with book.reading() as session:
        for finding in check.strangers(session):
            screen.aside(say(f"gradebook-check-{finding.kind}", **finding.values), "bold yellow")


def show(where, labs: Sequence[str], names: Sequence[str], everything: bool) -> int:
    """The table of what counts."""
    book = gradebook_place.opened(where)
    from rgteach.cli import gradebook_tables
    from rgteach.grading.gradebook import deciding, people

    with book.reading() as session:
        for lab in labs:
            deciding.lab_number(session, lab)
        numbers = [people.owner(people.one(session, name)) for name in names] or None
        gradebook_tables.standings(session, labs or None, numbers, everything)
    return 0


def history(where, student: str | None, labs: Sequence[str]) -> int:
    """Why a student's points are as they are."""
    if not student:
        raise WrongUsage("gradebook-needs-student")
    book = gradebook_place.opened(where)
    from rgteach.cli import gradebook_tables
    from rgteach.grading.gradebook import people

    with book.reading() as session:
        found = people.one(session, student)
        gradebook_tables.history(session, people.owner(found), list(labs) or None)
    return 0


def export(where, form, out: Path | None, labs, columns, zero: bool, scale: bool) -> int:
    """Write the book for a learning platform, or as a plain table."""
    if not form:
        raise WrongUsage("gradebook-needs-format")
    from rgteach.cli import gradebook_tables

    one_of("FORMAT", form, ("canvas", "moodle", "csv"))
    wishes = {}
    for wish in columns:
        lab, sign, column = wish.partition("=")
        if not sign:
            raise WrongUsage("gradebook-column-words", given=wish)
        wishes[lab] = column
    book = gradebook_place.opened(where)
    from rgteach.grading.gradebook import export as exporting

    with book.reading() as session:
        done = exporting.export(
            session,
            out or Path(f"grades-{form}.csv"),
            form,
            labs=labs or None,
            columns=wishes,
            zero=zero,
            scale=scale,
        )
    gradebook_tables.exported(done)
    return 0


def check(where) -> int:
    """What to look at before grades go out; 1 where a grade may be wrong."""
    book = gradebook_place.opened(where)
    from rgteach.grading.gradebook import check as checking

    with book.reading() as session:
        findings = checking.check(session)
    for finding in findings:
        sign, style = ("✗ ", "bold red") if finding.problem else ("! ", "yellow")
        screen.tell(sign + say(f"gradebook-check-{finding.kind}", **finding.values), style)
    if not findings:
        screen.tell(say("gradebook-check-fine"), "green")
    return 1 if any(finding.problem for finding in findings) else 0
