"""The commands of those who teach: a class at a glance, labs to write."""

# Without `from __future__ import annotations`: the options' sentences are said when the commands are built.

from pathlib import Path
from typing import Annotated

import typer

from rgteach.cli.shape import argument, chosen, command, flag, option


def add_insight(app: typer.Typer) -> None:
    """Add `rgteach insight`."""

    @command(app, "insight")
    def insight(
        folder: Annotated[Path, argument("SCORES_DIR", "cli-insight-folder")] = None,
        lab: Annotated[list[str], option("--lab", key="cli-insight-lab", metavar="NN")] = None,
        out: Annotated[Path, option("--out", "-o", key="cli-insight-out", metavar="FILE.html")] = None,
        names: Annotated[bool, flag("--names", key="cli-insight-names")] = False,
        root: Annotated[Path, option("--root", key="cli-insight-root", metavar="DIR")] = None,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        chosen(lang)
        from rgteach.cli.insight import run

        return run(folder, lab or [], out, names, root)


def add_new(app: typer.Typer) -> None:
    """Add `rgteach new`."""

    @command(app, "new")
    def new(
        lab: Annotated[str, argument("LAB", "cli-new-lab")] = None,
        title: Annotated[str, option("--title", key="cli-new-title", metavar="TEXT")] = "",
        title_zh: Annotated[str, option("--title-zh", key="cli-new-title-zh", metavar="TEXT")] = "",
        kind: Annotated[str, option("--kind", key="cli-new-kind", metavar="KIND")] = None,
        root: Annotated[Path, option("--root", key="cli-new-root", metavar="DIR")] = Path(),
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        chosen(lang)
        from rgteach.cli.authoring import start

        return start(lab, (title, title_zh), kind, root)


def add_import(app: typer.Typer) -> None:
    """Add `rgteach import`."""

    @command(app, "import")
    def import_(
        file: Annotated[Path, argument("FILE", "cli-import-file")] = None,
        out: Annotated[Path, option("--out", "-o", key="cli-import-out", metavar="FILE")] = None,
        overwrite: Annotated[bool, flag("--overwrite", key="cli-import-overwrite")] = False,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        chosen(lang)
        from rgteach.cli.authoring import turn

        return turn(file, out, overwrite)


def add_nbgrader(app: typer.Typer) -> None:
    """Add `rgteach nbgrader`."""

    @command(app, "nbgrader")
    def nbgrader(
        folder: Annotated[Path, argument("DIR", "cli-nbgrader-folder")] = None,
        labs: Annotated[list[str], argument("LAB...", "cli-nbgrader-labs")] = None,
        root: Annotated[Path, option("--root", key="cli-nbgrader-root", metavar="DIR")] = None,
        lang: Annotated[str, option("--lang", key="cli-nbgrader-lang", metavar="en|zh")] = None,
    ) -> int:
        chosen(lang)
        from rgteach.cli.authoring import for_nbgrader

        return for_nbgrader(folder, labs, root)


def add_present(app: typer.Typer) -> None:
    """Add `rgteach present`."""

    @command(app, "present")
    def present(
        what: Annotated[str, argument("DEMO|LAB", "cli-present-what")] = None,
        port: Annotated[str, option("--port", key="cli-present-port", metavar="N")] = "0",
        no_browser: Annotated[bool, flag("--no-browser", key="cli-present-no-browser")] = False,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        chosen(lang)
        from rgteach.cli.present import present as run

        return run(what, port, not no_browser)


def add_export(app: typer.Typer) -> None:
    """Add `rgteach export`."""

    @command(app, "export")
    def export(
        lessons: Annotated[list[str], argument("LESSON...", "cli-export-lessons")] = None,
        out: Annotated[Path, option("--out", "-o", key="cli-export-out", metavar="FILE|DIR")] = None,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        chosen(lang)
        from rgteach.cli.present import export as run

        return run(lessons or [], out)
