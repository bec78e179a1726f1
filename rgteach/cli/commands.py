"""The commands and their options.  What they do is imported when one of them runs, so that help is quick."""

# Without `from __future__ import annotations`: the options' sentences are said when the commands are built.

from pathlib import Path
from typing import Annotated

import typer
import typer.main

from rgteach.cli import screen, teaching
from rgteach.cli.shape import HELP, Group, argument, flag, option
from rgteach.cli.shape import chosen as _chosen
from rgteach.cli.shape import command as _command
from rgteach.wording import say


def build_group():
    """The commands as an object to be called."""
    return typer.main.get_command(build_app())


def build_app() -> typer.Typer:
    """The commands with help in the language of this moment."""
    app = typer.Typer(
        name="rgteach",
        cls=Group,
        help=say("cli-help"),
        epilog=say("cli-epilog"),
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings=HELP,
    )
    _add_top(app)
    for add in (
        _add_lab,
        _add_check,
        _add_extract,
        _add_scan,
        _add_doctor,
        _add_build,
        _add_grade,
        teaching.add_insight,
        teaching.add_new,
        teaching.add_import,
        teaching.add_nbgrader,
        teaching.add_present,
        teaching.add_export,
        _add_rubric,
        _add_gradebook,
    ):
        add(app)
    return app


def _add_top(app: typer.Typer) -> None:
    def say_version(wanted: bool) -> None:
        if wanted:
            from rgteach import __version__

            screen.tell(f"rgteach {__version__}")
            raise typer.Exit()

    version = typer.Option(
        "--version",
        callback=say_version,
        is_eager=True,
        help=say("cli-option-version"),
    )

    @app.callback()
    def top(
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
        version: Annotated[bool, version] = False,
    ) -> None:
        _chosen(lang)


def _add_lab(app: typer.Typer) -> None:
    @_command(app, "lab")
    def lab(
        folder: Annotated[Path, argument("DIR", "cli-lab-dir")] = Path("workspace"),
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
        no_browser: Annotated[bool, flag("--no-browser", key="cli-lab-no-browser")] = False,
    ) -> int:
        _chosen(lang)
        from rgteach.course.workspace import open_lab

        return open_lab(folder, screen.wanted_language(), browser=not no_browser)


def _add_check(app: typer.Typer) -> None:
    @_command(app, "check")
    def check(
        notebooks: Annotated[list[Path], argument("NOTEBOOK...", "cli-check-notebooks")] = None,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        _chosen(lang)
        from rgteach.cli.checking import run

        return run(notebooks or [])


def _add_extract(app: typer.Typer) -> None:
    @_command(app, "extract")
    def extract(
        image: Annotated[str, argument("IMAGE", "cli-extract-image")] = None,
        mask: Annotated[str, argument("MASK", "cli-extract-mask")] = None,
        label: Annotated[str, option("--label", key="cli-extract-label", metavar="N")] = None,
        bin_width: Annotated[str, option("--bin-width", key="cli-extract-bin-width", metavar="W")] = None,
        bin_count: Annotated[str, option("--bin-count", key="cli-extract-bin-count", metavar="N")] = None,
        convention: Annotated[
            str, option("--convention", key="cli-extract-convention", metavar="NAME")
        ] = "ibsi",
        aggregation: Annotated[
            str, option("--aggregation", key="cli-extract-aggregation", metavar="NAME")
        ] = "3d-averaged",
        distance: Annotated[str, option("--distance", key="cli-extract-distance", metavar="D")] = "1",
        series: Annotated[str, option("--series", key="cli-extract-series", metavar="NAME")] = None,
        case: Annotated[str, option("--case", key="cli-extract-case", metavar="NAME")] = None,
        cases: Annotated[Path, option("--cases", key="cli-extract-cases", metavar="TABLE.csv")] = None,
        out: Annotated[Path, option("--out", "-o", key="cli-extract-out", metavar="FILE")] = None,
        append: Annotated[bool, flag("--append", key="cli-extract-append")] = False,
        overwrite: Annotated[bool, flag("--overwrite", key="cli-extract-overwrite")] = False,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        _chosen(lang)
        from rgteach.cli.extract import Place, Wish, run

        wish = Wish.from_words(label, bin_width, bin_count, convention, aggregation, distance)
        return run(image, mask, case, series, cases, wish, Place(out, append, overwrite))


def _add_scan(app: typer.Typer) -> None:
    @_command(app, "scan")
    def scan(
        features: Annotated[Path, argument("FEATURES.csv", "cli-scan-features")] = None,
        genes: Annotated[Path, argument("GENES.csv", "cli-scan-genes")] = None,
        id: Annotated[str, option("--id", key="cli-scan-id", metavar="COL")] = None,
        genes_id: Annotated[str, option("--genes-id", key="cli-scan-genes-id", metavar="COL")] = None,
        feature: Annotated[list[str], option("--feature", key="cli-scan-feature", metavar="NAME")] = None,
        gene: Annotated[list[str], option("--gene", key="cli-scan-gene", metavar="NAME")] = None,
        carriers: Annotated[list[str], option("--carriers", key="cli-scan-carriers", metavar="WORD")] = None,
        missing: Annotated[list[str], option("--missing", key="cli-scan-missing", metavar="WORD")] = None,
        kind: Annotated[str, option("--kind", key="cli-scan-kind", metavar="KIND")] = "auto",
        method: Annotated[str, option("--method", key="cli-scan-method", metavar="NAME")] = "asymptotic",
        alpha: Annotated[str, option("--alpha", key="cli-scan-alpha", metavar="A")] = "0.05",
        min_group: Annotated[str, option("--min-group", key="cli-scan-min-group", metavar="N")] = "3",
        permutations: Annotated[
            str, option("--permutations", key="cli-scan-permutations", metavar="K")
        ] = "0",
        seed: Annotated[str, option("--seed", key="cli-scan-seed", metavar="S")] = "0",
        top: Annotated[str, option("--top", key="cli-scan-top", metavar="N")] = "10",
        all: Annotated[bool, flag("--all", key="cli-scan-all")] = False,
        out: Annotated[Path, option("--out", "-o", key="cli-scan-out", metavar="FILE")] = None,
        report: Annotated[Path, option("--report", key="cli-scan-report", metavar="FILE.html")] = None,
        overwrite: Annotated[bool, flag("--overwrite", key="cli-scan-overwrite")] = False,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        _chosen(lang)
        from rgteach.cli.scan import Place, Wish, run

        words = {"feature": feature, "gene": gene, "carriers": carriers, "missing": missing}
        words |= {"kind": kind, "method": method}
        counts = {"min_group": min_group, "permutations": permutations, "seed": seed}
        wish = Wish.from_words(id, genes_id, words, alpha, counts)
        return run(features, genes, wish, Place.from_words(out, report, all, overwrite, top))


def _add_doctor(app: typer.Typer) -> None:
    @_command(app, "doctor")
    def doctor(
        warm: Annotated[bool, flag("--warm", key="cli-doctor-warm")] = False,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        _chosen(lang)
        from rgteach.cli.report import show_doctor

        return show_doctor(warm)


def _add_build(app: typer.Typer) -> None:
    @_command(app, "build")
    def build(
        labs: Annotated[list[str], argument("LAB...", "cli-build-labs")] = None,
        check: Annotated[bool, flag("--check", key="cli-build-check")] = False,
        fresh: Annotated[bool, flag("--fresh", key="cli-build-fresh")] = False,
        root: Annotated[Path, option("--root", key="cli-build-root", metavar="DIR")] = Path(),
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        _chosen(lang)
        from rgteach.cli.report import show_build

        return show_build(root, labs or None, check=check, fresh=fresh)


def _add_grade(app: typer.Typer) -> None:
    @_command(app, "grade")
    def grade(
        submissions: Annotated[list[Path], argument("SUBMISSIONS...", "cli-grade-submissions")] = None,
        out: Annotated[Path, option("--out", "-o", key="cli-grade-out", metavar="DIR")] = None,
        seed_file: Annotated[Path, option("--seed-file", key="cli-grade-seed-file", metavar="FILE")] = None,
        jobs: Annotated[str, option("--jobs", "-j", key="cli-grade-jobs-option", metavar="N")] = None,
        lab: Annotated[str, option("--lab", key="cli-grade-lab-option", metavar="NN")] = None,
        student_from: Annotated[
            str, option("--student-from", key="cli-grade-student-from", metavar="WAY")
        ] = "auto",
        self_check: Annotated[bool, flag("--self-check", key="cli-grade-self-check")] = False,
        no_feedback: Annotated[bool, flag("--no-feedback", key="cli-grade-no-feedback")] = False,
        fresh: Annotated[bool, flag("--fresh", key="cli-grade-fresh")] = False,
        scheduler: Annotated[str, option("--scheduler", key="cli-grade-scheduler", metavar="URL")] = None,
        insecure_scheduler: Annotated[bool, flag("--insecure-scheduler", key="cli-grade-insecure")] = False,
        root: Annotated[Path, option("--root", key="cli-grade-root", metavar="DIR")] = None,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        _chosen(lang)
        from rgteach.cli.grading import Wish, run

        how = {"root": root, "secret_file": seed_file, "naming": student_from, "scheduler": scheduler}
        how |= {"self_check": self_check, "feedback": not no_feedback, "fresh": fresh}
        how |= {"insecure": insecure_scheduler}
        return run(submissions or [], Wish.from_words(out, jobs, lab, **how))


def _add_rubric(app: typer.Typer) -> None:
    @_command(app, "rubric")
    def rubric(
        folder: Annotated[Path, argument("SCORES_DIR", "cli-rubric-folder")] = None,
        lab: Annotated[str, option("--lab", key="cli-rubric-lab", metavar="NN")] = None,
        names: Annotated[bool, flag("--names/--blind", key="cli-rubric-names")] = False,
        notebook: Annotated[
            Path, option("--notebook", key="cli-rubric-notebook", metavar="FILE.ipynb")
        ] = None,
        who: Annotated[str, option("--who", key="cli-rubric-who", metavar="NAME")] = None,
        port: Annotated[str, option("--port", key="cli-rubric-port", metavar="N")] = "0",
        no_browser: Annotated[bool, flag("--no-browser", key="cli-rubric-no-browser")] = False,
        root: Annotated[Path, option("--root", key="cli-rubric-root", metavar="DIR")] = None,
        lang: Annotated[str, option("--lang", key="cli-option-lang", metavar="en|zh")] = None,
    ) -> int:
        _chosen(lang)
        from rgteach.cli.rubric import Wish, run

        wish = {"lab": lab, "names": names, "notebook": notebook, "who": who, "root": root}
        return run(folder, Wish.from_words(port, **wish, browser=not no_browser))


def _add_gradebook(app: typer.Typer) -> None:
    from rgteach.cli import gradebook

    app.add_typer(
        gradebook.build(),
        name="gradebook",
        cls=Group,
        help=say("cli-gradebook"),
        epilog=say("cli-gradebook-example"),
        context_settings=HELP,
    )
