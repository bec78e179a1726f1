"""`rgteach scan`: a table of features and a table of genes, to the screen, to a tidy table, to a report."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from rgteach import tables
from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.cli.shape import number, one_of, whole
from rgteach.errors import LearnerError, LearnerWarning
from rgteach.tables import pairs
from rgteach.tables.columns import choose
from rgteach.tables.genes import GeneScan, scan
from rgteach.tables.sheets import Sheet, open_sheet
from rgteach.tables.sweep import MOST_LINES, Sweep, sweep
from rgteach.wording import say

KINDS = ("auto", "binary", "ordinal", "continuous")
METHODS = ("asymptotic", "exact")
MOST_PAIRS = 5_000_000  # beyond, p-values are not kept one by one
MOST_INTERVALS = 2_000  # hits whose intervals are computed, smallest p-values first


@dataclass(frozen=True)
class Wish:
    """What to test, and how."""

    id: str | None
    genes_id: str | None
    feature: list[str] | None
    gene: list[str] | None
    carriers: list[str]
    missing: tuple[str, ...]
    settings: dict = field(default_factory=dict)

    @classmethod
    def from_words(cls, id, genes_id, words: dict, alpha, counts: dict) -> Wish:
        """The options as they were typed."""
        if genes_id is not None and id is None:
            raise WrongUsage("cli-scan-genes-id-alone")
        settings = {name: whole(f"--{name.replace('_', '-')}", text) for name, text in counts.items()}
        settings |= {"alpha": number("--alpha", alpha), "kind": one_of("--kind", words["kind"], KINDS)}
        settings["method"] = one_of("--method", words["method"], METHODS)
        lists = words["feature"] or None, words["gene"] or None, words["carriers"] or []
        return cls(id, genes_id, *lists, tuple(words["missing"] or ()), settings)


@dataclass(frozen=True)
class Place:
    """Where the results go."""

    out: Path | None
    report: Path | None
    everything: bool
    top: int

    @classmethod
    def from_words(cls, out, report, everything: bool, overwrite: bool, top: str) -> Place:
        """The options as they were typed; a bad place is refused before anything is read."""
        if out is None and everything:
            raise WrongUsage("cli-needs-out", option="--all")
        if out is None and report is None and overwrite:
            raise WrongUsage("cli-needs-out", option="--overwrite")
        top = whole("--top", top)
        if not 0 <= top <= MOST_LINES:
            raise WrongUsage("cli-scan-top-range", given=top, most=MOST_LINES)
        if report is not None:
            from rgteach.report.place import check_page

            report = _free(check_page(report), overwrite)
        return cls(_free(tables.check_place(out), overwrite) if out else None, report, everything, top)


def _free(path: Path, overwrite: bool) -> Path:
    if path.exists() and not overwrite:
        raise LearnerError("cli-scan-exists", path=path)
    return path


def run(features: Path | None, genes: Path | None, wish: Wish, place: Place) -> int:
    """Scan what was asked for; returns the exit code."""
    if features is None or genes is None:
        raise WrongUsage("cli-scan-two-tables")
    sheets = _read(features, genes, wish)
    found = _scanned(sheets, wish, place)
    with screen.console(stderr=True).status(say("cli-scan-collecting")):
        seen = sweep(found, max(place.top, _report_lines(place)))
    _show(found, seen, place.top)
    if place.out is not None:
        _write_table(found, place)
    if place.report is not None:
        _write_report(found, seen, sheets, place)
    return 0


# ---------------------------------------------------------------- reading


def _read(features: Path, genes: Path, wish: Wish) -> tuple[Sheet, Sheet]:
    """Both tables; a file that is given twice is read once."""
    text = tuple(name for name in (wish.id, wish.genes_id) if name)
    sheets = []
    for path in (features, genes):
        if sheets and path.exists() and path.samefile(features):
            sheets.append(sheets[0])
            continue
        with screen.console(stderr=True).status(say("cli-reading", image=path)):
            sheets.append(open_sheet(path, text=text, missing=wish.missing))
    if wish.id is None and sheets[0] is not sheets[1]:
        shared = [name for name in sheets[0].frame.columns if name in set(sheets[1].frame.columns)]
        raise WrongUsage("cli-scan-needs-id", shared=", ".join(map(str, shared[:6])) or "–")
    return sheets[0], sheets[1]


def _scanned(sheets: tuple[Sheet, Sheet], wish: Wish, place: Place) -> GeneScan:
    """The scan of the columns that were asked for; warnings of our own are shown."""
    features, genes = sheets[0].frame, sheets[1].frame
    if sheets[0] is sheets[1]:
        genes = _others(genes, wish)
    sides = choose(features, wish.feature, "feature"), choose(genes, wish.gene, "gene")
    ids = (wish.id, wish.genes_id or wish.id) if wish.id else None
    n_pairs = math.prod(sum(name not in (ids or ()) for name in side.columns) for side in sides)
    if place.everything and n_pairs > MOST_PAIRS:
        raise LearnerError("cli-scan-too-many", n=f"{n_pairs:,}", most=f"{MOST_PAIRS:,}")
    with (
        warnings.catch_warnings(record=True) as caught,
        screen.console(stderr=True).status(say("cli-scanning")),
    ):
        warnings.simplefilter("always")
        found = scan(
            features, genes, id=ids, feature=wish.feature, gene=wish.gene,
            carriers=_carriers(wish.carriers, genes), missing=wish.missing,
            output="table" if n_pairs <= MOST_PAIRS else "hits", **wish.settings,
        )  # fmt: skip
    for told in dict.fromkeys(str(w.message) for w in caught if issubclass(w.category, LearnerWarning)):
        screen.remark(told)
    return found


def _others(frame, wish: Wish):
    """The columns of one file that may be genes: those that are not asked for as features."""
    if wish.feature is None and wish.gene is None:
        raise WrongUsage("cli-scan-which")
    if wish.feature is None or wish.gene is not None:
        return frame
    taken = choose(frame, wish.feature, "feature").columns
    return frame.drop(columns=[name for name in taken if name != wish.id])


def _carriers(words: list[str], genes) -> dict[str, list[str]] | None:
    """Words for all columns, and COLUMN=WORD for one of them."""
    wishes: dict[str, list[str]] = {}
    for text in words:
        column, sign, word = text.rpartition("=")
        known = bool(sign) and column in genes.columns
        wishes.setdefault(column if known else "*", []).append(word if known else text)
    return wishes or None


# ---------------------------------------------------------------- showing and writing


def _show(found: GeneScan, seen: Sweep, top: int) -> None:
    """What was found in plain words, the best pairs, and what was lost on the way."""
    from rgteach.report.headline import headline

    first, *rest = headline(found, seen)
    screen.tell(first, "bold")
    for told in rest:
        screen.tell(told)
    if top and len(seen.lines):
        _show_lines(found, seen, top)
    for name, fact in found.joined.facts().items():
        screen.aside(f"{name}: {fact}", "dim")
    for coding in found.codings[:5]:
        screen.aside(say("cli-scan-coding", gene=coding.name, told=coding.told()), "dim")
    if found.joined.alike:
        screen.aside(say("report-alike"), "bold yellow")
    n_left = len(found.left_out) + len(found.result.excluded)
    if n_left:
        screen.aside(say("cli-scan-left-out", n=f"{n_left:,}"), "dim")


def _show_lines(found: GeneScan, seen: Sweep, top: int) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from rgteach.report.lists import best_lines

    caption, header, rows = best_lines(found, seen)
    table = Table(title=caption, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column("", justify="right")
    for at, name in enumerate(header):
        table.add_column(name, justify="left" if at < len(header) - 5 else "right", overflow="fold")
    for row in rows[:top]:
        number, _, name = row[0].partition(". ")
        table.add_row(*map(Text, [number, name, *row[1:]]))
    screen.console().print(table)


def _write_table(found: GeneScan, place: Place) -> None:
    if place.everything:
        lines = found.table
    else:
        hits = found.hits
        lines = found.intervals(hits.head(MOST_INTERVALS))
        if len(hits) > MOST_INTERVALS:
            lines = hits.merge(
                lines[["feature", "gene", "effect_low", "effect_high"]], "left", ["feature", "gene"]
            )
    pairs.write(lines, place.out)
    key = "cli-scan-written-all" if place.everything else "cli-scan-written"
    screen.tell(say(key, path=place.out, n=f"{len(lines):,}"), "green")


def _report_lines(place: Place) -> int:
    from rgteach.report.place import N_LINES

    return N_LINES if place.report else 0


def _write_report(found: GeneScan, seen: Sweep, sheets: tuple[Sheet, Sheet], place: Place) -> None:
    with screen.console(stderr=True).status(say("cli-scan-drawing")):
        from rgteach.report.scan import Source, write

        sources = [
            Source(sheet.path.name, sheet.sha256, sheet.frame.shape, sheet.encoding)
            for sheet in dict.fromkeys(sheets)
        ]
        write(found, place.report, sources=sources, seen=seen)
    screen.tell(say("cli-scan-reported", path=place.report), "green")
