"""The commands `rgteach gradebook …` and their options; `gradebook_acts` and `_decide` do the work."""

# Without `from __future__ import annotations`: the options' sentences are said when the commands are built.

import importlib
from pathlib import Path
from typing import Annotated

import typer

from rgteach import wording
from rgteach.cli.shape import Group, argument, command, flag, one_of, option


def build() -> typer.Typer:
    """The group of commands, with help in the language of this moment."""
    app = typer.Typer(cls=Group, no_args_is_help=True, add_completion=False)

    @app.callback()
    def top(lang: Annotated[str, _lang()] = None) -> None:
        _check(lang)

    for add in (
        *(_add_init, _add_students, _add_add, _add_late, _add_extend),
        *(_add_change, _add_show, _add_history, _add_export, _add_check),
    ):
        add(app)
    return app


def _command(app: typer.Typer, name: str):
    return command(app, name, "gradebook")


def _book():
    return option("--book", "-b", key="cli-gradebook-option-book", metavar="FILE|URL")


def _by():
    return option("--by", key="cli-gradebook-option-by", metavar="NAME")


def _zone():
    return option("--zone", key="cli-gradebook-option-zone", metavar="ZONE")


def _lang():
    return option("--lang", key="cli-option-lang", metavar="en|zh")


def _check(lang: str | None) -> None:
    if lang:
        one_of("--lang", lang, wording.LANGUAGES)


def _acts(lang: str | None, name: str = "gradebook_acts"):
    _check(lang)
    return importlib.import_module(f"rgteach.cli.{name}")


def _add_init(app: typer.Typer) -> None:
    @_command(app, "init")
    def init(
        zone: Annotated[str, _zone()] = None,
        book: Annotated[str, _book()] = None,
        by: Annotated[str, _by()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        return _acts(lang).init(book, zone, by)


def _add_students(app: typer.Typer) -> None:
    @_command(app, "students")
    def students(
        lists: Annotated[list[Path], argument("LIST.csv...", "cli-gradebook-students-lists")] = None,
        same: Annotated[list[str], option("--same", key="cli-gradebook-same", metavar="NAME=ID")] = None,
        encoding: Annotated[str, option("--encoding", key="cli-gradebook-encoding", metavar="NAME")] = None,
        book: Annotated[str, _book()] = None,
        by: Annotated[str, _by()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        return _acts(lang).students(book, lists or [], same or [], encoding, by)


def _add_add(app: typer.Typer) -> None:
    @_command(app, "add")
    def add(
        scores: Annotated[list[Path], argument("SCORES...", "cli-gradebook-add-scores")] = None,
        submissions: Annotated[
            list[Path], option("--submissions", key="cli-gradebook-submissions", metavar="DIR")
        ] = None,
        times: Annotated[Path, option("--times", key="cli-gradebook-times", metavar="FILE.csv")] = None,
        zone: Annotated[str, _zone()] = None,
        book: Annotated[str, _book()] = None,
        by: Annotated[str, _by()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        return _acts(lang).add(book, scores or [], submissions or [], times, zone, by)


def _add_late(app: typer.Typer) -> None:
    @_command(app, "late")
    def late(
        labs: Annotated[list[str], argument("LAB...", "cli-gradebook-labs")] = None,
        due: Annotated[str, option("--due", key="cli-gradebook-due", metavar="TIME")] = None,
        grace: Annotated[str, option("--grace", key="cli-gradebook-grace", metavar="MINUTES")] = None,
        per_day: Annotated[str, option("--per-day", key="cli-gradebook-per-day", metavar="PERCENT")] = None,
        cap: Annotated[str, option("--cap", key="cli-gradebook-cap", metavar="PERCENT")] = None,
        last_day: Annotated[
            str, option("--no-points-after", key="cli-gradebook-last", metavar="DAYS")
        ] = None,
        of: Annotated[str, option("--of", key="cli-gradebook-of", metavar="earned|possible")] = None,
        counts: Annotated[str, option("--counts", key="cli-gradebook-counts", metavar="last|best")] = None,
        zone: Annotated[str, _zone()] = None,
        book: Annotated[str, _book()] = None,
        by: Annotated[str, _by()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        words = {"due": due, "grace": grace, "per_day": per_day, "cap": cap, "last_day": last_day}
        words |= {"of": of, "counts": counts}
        return _acts(lang, "gradebook_decide").late(book, labs or [], words, zone, by)


def _add_extend(app: typer.Typer) -> None:
    @_command(app, "extend")
    def extend(
        lab: Annotated[str, argument("LAB", "cli-gradebook-lab")] = None,
        student: Annotated[str, argument("STUDENT", "cli-gradebook-student")] = None,
        until: Annotated[str, argument("UNTIL", "cli-gradebook-until")] = None,
        reason: Annotated[str, option("--reason", "-r", key="cli-gradebook-reason", metavar="TEXT")] = "",
        zone: Annotated[str, _zone()] = None,
        book: Annotated[str, _book()] = None,
        by: Annotated[str, _by()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        return _acts(lang, "gradebook_decide").extend(book, lab, student, until, reason, zone, by)


def _add_change(app: typer.Typer) -> None:
    @_command(app, "change")
    def change(
        lab: Annotated[str, argument("LAB", "cli-gradebook-lab")] = None,
        student: Annotated[str, argument("STUDENT", "cli-gradebook-student")] = None,
        add: Annotated[str, option("--add", key="cli-gradebook-change-add", metavar="POINTS")] = None,
        set: Annotated[str, option("--set", key="cli-gradebook-change-set", metavar="POINTS")] = None,
        undo: Annotated[str, option("--undo", key="cli-gradebook-change-undo", metavar="NUMBER")] = None,
        exercise: Annotated[str, option("--exercise", key="cli-gradebook-exercise", metavar="NAME")] = "",
        reason: Annotated[str, option("--reason", "-r", key="cli-gradebook-reason", metavar="TEXT")] = "",
        book: Annotated[str, _book()] = None,
        by: Annotated[str, _by()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        words = {"--add": add, "--set": set, "--undo": undo}
        return _acts(lang, "gradebook_decide").change(book, lab, student, words, exercise, reason, by)


def _add_show(app: typer.Typer) -> None:
    @_command(app, "show")
    def show(
        labs: Annotated[list[str], argument("LAB...", "cli-gradebook-labs")] = None,
        student: Annotated[
            list[str], option("--student", key="cli-gradebook-of-student", metavar="ID")
        ] = None,
        all: Annotated[bool, flag("--all", key="cli-gradebook-all")] = False,
        book: Annotated[str, _book()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        return _acts(lang).show(book, labs or [], student or [], all)


def _add_history(app: typer.Typer) -> None:
    @_command(app, "history")
    def history(
        student: Annotated[str, argument("STUDENT", "cli-gradebook-student")] = None,
        labs: Annotated[list[str], argument("LAB...", "cli-gradebook-labs")] = None,
        book: Annotated[str, _book()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        return _acts(lang).history(book, student, labs or [])


def _add_export(app: typer.Typer) -> None:
    @_command(app, "export")
    def export(
        form: Annotated[str, argument("FORMAT", "cli-gradebook-format")] = None,
        out: Annotated[Path, option("--out", "-o", key="cli-gradebook-out", metavar="FILE.csv")] = None,
        lab: Annotated[list[str], option("--lab", key="cli-gradebook-only", metavar="LAB")] = None,
        column: Annotated[
            list[str], option("--column", key="cli-gradebook-column", metavar="LAB=COLUMN")
        ] = None,
        zero: Annotated[bool, flag("--zero", key="cli-gradebook-zero")] = False,
        scale: Annotated[bool, flag("--scale", key="cli-gradebook-scale")] = False,
        book: Annotated[str, _book()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        return _acts(lang).export(book, form, out, lab or [], column or [], zero, scale)


def _add_check(app: typer.Typer) -> None:
    @_command(app, "check")
    def check(
        book: Annotated[str, _book()] = None,
        lang: Annotated[str, _lang()] = None,
    ) -> int:
        return _acts(lang).check(book)
