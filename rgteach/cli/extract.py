"""`rgteach extract`: one case on the screen or into a table, or a list of cases."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rgteach import tables
from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.cli.shape import number, whole
from rgteach.errors import LearnerError, LearnerWarning
from rgteach.image.extract import Row, extract
from rgteach.tables.cases import Case, read_cases
from rgteach.wording import say

SAVE_EVERY_S = 30
ERROR = "error"  # the last column; empty where all went well


@dataclass(frozen=True)
class Wish:
    """How to extract."""

    label: int | None
    settings: dict = field(default_factory=dict)

    @classmethod
    def from_words(cls, label, bin_width, bin_count, convention, aggregation, distance) -> Wish:
        """The options as they were typed."""
        settings = {
            "bin_width": number("--bin-width", bin_width),
            "bin_count": whole("--bin-count", bin_count),
            "convention": convention,
            "aggregation": aggregation,
            "distance": whole("--distance", distance),
        }
        if bin_width is not None and bin_count is not None:
            raise WrongUsage("cli-both-bins")
        return cls(whole("--label", label), settings)


@dataclass(frozen=True)
class Place:
    """Where rows go."""

    path: Path | None
    append: bool
    overwrite: bool

    def check(self) -> None:
        """Refuse a place that cannot take rows, before anything is computed for it."""
        if self.path is None:
            if self.append or self.overwrite:
                raise WrongUsage("cli-needs-out", option="--append" if self.append else "--overwrite")
            return
        if self.append and self.overwrite:
            raise WrongUsage("cli-append-overwrite")
        if tables.check_place(self.path).exists() and not (self.append or self.overwrite):
            raise LearnerError("table-exists", path=self.path)


def run(image, mask, case, series, cases: Path | None, wish: Wish, place: Place) -> int:
    """Extract what was asked for; returns the exit code."""
    if cases is not None:
        if image is not None or case is not None or series is not None:
            raise WrongUsage("cli-cases-alone")
        if place.path is None:
            raise WrongUsage("cli-needs-out", option="--cases")
        place.check()
        return _batch(read_cases(cases), wish, place)
    if image is None or mask is None:
        raise WrongUsage("cli-image-and-mask")
    place.check()
    return _one(image, mask, case, series, wish, place)


# ---------------------------------------------------------------- one case


def _one(image: str, mask: str, case: str | None, series: str | None, wish: Wish, place: Place) -> int:
    with screen.console(stderr=True).status(say("cli-reading", image=image)):
        row, notes = _extracted(image, mask, case, series, wish.label, wish.settings)
    for note in notes:
        screen.remark(note)
    if place.path is None:
        _show(row)
        return 0
    tables.write({**row, ERROR: ""}, place.path, append=place.append)
    n = len(tables.load(place.path)) if place.append else 1
    screen.tell(say("cli-written", path=place.path, n=n, n_features=len(row.features)), "green")
    return 0


def _extracted(image, mask, case, series, label: int | None, settings: dict) -> tuple[Row, list[str]]:
    """A row, and the warnings that came with it; those of the libraries underneath are not for the reader."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        row = extract(image, mask, label=1 if label is None else label, case=case, series=series, **settings)
    notes = [str(w.message) for w in caught if issubclass(w.category, LearnerWarning)]
    return row, list(dict.fromkeys(notes))


def _show(row: Row) -> None:
    """The row as a reader wants it: what it is, then every feature with its IBSI code."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    show = screen.console()
    show.print(row["case"], style="bold", markup=False)
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name, fact in row.facts().items():
        facts.add_row(Text(f"  {name}"), Text(fact, overflow="fold"))
    show.print(facts)
    for family in row.families:
        table = Table(title=family.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
        for part, side in (("name", "left"), ("value", "right"), ("code", "left")):
            table.add_column(say(f"features-{part}"), justify=side, overflow="fold")
        for entry in family.entries:
            table.add_row(entry.column, f"{entry.value:.6g}", entry.code)
        show.print(table)


# ---------------------------------------------------------------- many cases


def _batch(cases: list[Case], wish: Wish, place: Place) -> int:
    """Every case in turn: one that fails is told and kept in the error column, and does not stop the rest."""
    old = tables.load(place.path) if place.append and place.path.exists() else []
    done = {_key(row) for row in old if not row.get(ERROR)}
    todo = [case for case in cases if _key(_names(case, wish)) not in done]
    again = {_key(_names(case, wish)) for case in todo}
    kept = [row for row in old if _key(row) not in again]  # a case that failed before is tried again
    if len(todo) < len(cases):
        screen.aside(say("cli-batch-skipped", n=len(cases) - len(todo), path=place.path))
    rows: list[dict] = []
    saved = time.monotonic()
    try:
        for case in _with_progress(todo):
            rows.append(_row_or_error(case, wish))
            if time.monotonic() - saved > SAVE_EVERY_S:
                _save(kept, rows, place)
                saved = time.monotonic()
    except KeyboardInterrupt:
        _save(kept, rows, place)
        screen.aside(say("cli-batch-interrupted", n=len(rows), total=len(todo), path=place.path), "bold red")
        return 130
    return _summary(kept, rows, place)


def _names(case: Case, wish: Wish) -> dict:
    """What a row has even where nothing could be computed."""
    label = re.sub(r"\.0*$", "", case.label) or str(1 if wish.label is None else wish.label)
    name = case.case or Path(case.image).name
    return {"case": name, "image": case.image, "mask": case.mask, "label": label}


def _key(row: dict) -> tuple[str, str]:
    return str(row["case"]), str(row["label"])


def _with_progress(cases: list[Case]) -> Iterator[Case]:
    """The cases one after the other under a progress bar, where somebody is looking."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    show = screen.console(stderr=True)
    with Progress(*columns, console=show, transient=True, disable=not show.is_terminal) as progress:
        task = progress.add_task("", total=len(cases))
        for case in cases:
            progress.update(task, description=case.case)
            yield case
            progress.advance(task)


def _row_or_error(case: Case, wish: Wish) -> dict:
    """The row of a case, or its names and the sentence that says why there is none."""
    given = _names(case, wish)
    try:
        missing = [name for name in ("image", "mask") if not given[name]]
        if missing:
            raise LearnerError("case-incomplete", line=case.line, missing=", ".join(missing))
        label, series = whole("label", given["label"]), case.series or None
        row, _ = _extracted(case.image, case.mask, given["case"], series, label, wish.settings)
        return {**row, ERROR: ""}
    except LearnerError as error:
        screen.complain(error, about=given["case"])
        told = " ".join(error.advice.what.split())
    except Exception as error:  # one strange file must not cost the others
        told = say("cli-case-broke", kind=type(error).__name__, detail=error)
        screen.aside(f"{given['case']}: {told}", "bold red")
    label = given["label"]
    return {**given, "label": int(label) if label.lstrip("-").isdigit() else None, ERROR: told}


def _save(kept: list[dict], rows: list[dict], place: Place) -> None:
    good = [row for row in rows if not row[ERROR]]
    if not (kept or good):
        return
    tables.check_columns(place.path, kept, good)
    columns = [name for name in dict.fromkeys(n for row in [*kept, *good] for n in row) if name != ERROR]
    whole_rows = [{name: row.get(name) for name in [*columns, ERROR]} for row in [*kept, *rows]]
    tables.write(whole_rows, place.path)


def _summary(kept: list[dict], rows: list[dict], place: Place) -> int:
    _save(kept, rows, place)
    failed = [row for row in rows if row[ERROR]]
    if rows and len(failed) == len(rows) and not kept:
        screen.aside(say("cli-batch-none", n=len(rows)), "bold red")
        return 1
    n = len(kept) + len(rows)
    if not failed:
        screen.tell(say("cli-batch-done", n=n, path=place.path), "green")
        return 0
    names = ", ".join(row["case"] for row in failed[:8]) + (" …" if len(failed) > 8 else "")
    screen.tell(say("cli-batch-some", n=n, n_failed=len(failed), path=place.path, names=names), "yellow")
    return 3
