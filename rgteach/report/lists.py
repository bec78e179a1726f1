"""The tables of the report of a scan: best lines, patients, groups, and what was left out."""

from __future__ import annotations

from collections import Counter

import numpy as np

from rgteach.report import html
from rgteach.stats.result import SMALLEST_P, p_text
from rgteach.tables.carriers import counted
from rgteach.tables.sweep import Sweep
from rgteach.wording import say

MOST_GENES, MOST_NAMES = 40, 200  # lines of a list that grows with the input


def best(scan, seen: Sweep) -> str:
    """The pairs with the smallest p-values; the gene has a column where there is more than one."""
    if not len(seen.lines):
        return ""
    caption, header, rows = best_lines(scan, seen)
    return html.section(
        say("report-best", n=len(rows)),
        html.table(caption, header, rows, 5),
        html.paragraph(say("report-best-note"), class_="dim"),
    )


def best_lines(scan, seen: Sweep) -> tuple[str, list[str], list[list[str]]]:
    """Caption, column names and lines of the best pairs, as texts; the last five columns are numbers."""
    lines = seen.lines
    genes = lines["gene"].unique()
    columns = ("feature", "gene", "n", "effect", "interval", "p", "adjusted")
    rows = [_best_row(k, line, scan.result.alpha) for k, (_, line) in enumerate(lines.iterrows(), 1)]
    caption = say("report-best-caption")
    if len(genes) == 1:
        caption = say("report-best-caption-one", gene=genes[0])
        columns, rows = columns[:1] + columns[2:], [row[:1] + row[2:] for row in rows]
    return caption, [say(f"report-column-{name}") for name in columns], rows


def _best_row(k: int, line, alpha: float) -> list[str]:
    sizes = f"{line['n']}"
    if line["test"] == "wilcoxon":
        sizes = f"{line['n_carriers']} : {line['n'] - line['n_carriers']}"
    adjusted = line["p_adjusted"]
    low, high = line["effect_low"], line["effect_high"]
    return [
        f"{k}. {line['feature']}",
        line["gene"],
        sizes,
        f"{line['effect']:.3f}",
        "–" if np.isnan(low) else f"[{low:.3f}, {high:.3f}]",
        p_digits(line["p_value"]),
        f"> {alpha:g}" if np.isnan(adjusted) else p_digits(adjusted),
    ]


def p_digits(p: float) -> str:
    """A p-value with three digits, zeros at the end included, so that a column of them lines up."""
    if p >= 1e-4:
        return f"{p:#.3g}"
    return f"{p:.2e}" if p >= SMALLEST_P else p_text(p)


def patients(scan) -> str:
    """Who was in both tables, who was lost, and how words were read."""
    header = (say("report-fact"), say("report-value"))
    told = [html.table(say("report-joined-by", by=scan.joined.by or say("report-by-row")), header,
                       list(scan.joined.facts().items()), 0)]  # fmt: skip
    if scan.codings:
        columns = [say(f"report-coding-{part}") for part in ("gene", "carriers", "others", "missing")]
        rows = [
            (one.name, *(counted(side) for side in (one.carriers, one.others, one.missing)))
            for one in scan.codings[:MOST_GENES]
        ]
        told.append(html.table(say("report-codings"), columns, rows, 0))
    if scan.joined.alike:
        told.append(html.paragraph(say("report-alike")))
    return html.section(say("report-patients"), *told)


def groups(scan) -> str:
    """How many patients each gene splits into which groups, those with hits first."""
    result = scan.result
    if not result.genes:
        return ""
    hits = Counter(int(gene) for gene in result.hits.gene)
    order = sorted(range(len(result.genes)), key=lambda j: (-hits[j], j))
    tests = result.tests
    rows = []
    for j in order[:MOST_GENES]:
        known, carriers = (int(n) for n in result.group_sizes[j])
        pair = (f"{carriers:,}", f"{known - carriers:,}") if tests[j] == "wilcoxon" else ("–", "–")
        rows.append((result.genes[j], say(f"test-{tests[j]}"), f"{known:,}", *pair, f"{hits[j]:,}"))
    header = [say(f"report-group-{part}") for part in ("gene", "test", "known", "carriers", "others", "hits")]
    more = len(order) - MOST_GENES
    return html.section(
        say("report-groups"),
        html.table(say("report-groups-caption"), header, rows, 4),
        html.paragraph(say("report-more", n=f"{more:,}"), class_="dim") if more > 0 else "",
    )


def left_out(scan) -> str:
    """Every column that was not tested, counted by reason, with its name where one asks for it."""
    excluded = [*scan.left_out, *scan.result.excluded]
    if not excluded:
        return html.section(say("report-left-out"), html.paragraph(say("report-left-out-none")))
    counts = Counter(one.kind for one in excluded)
    told = say("report-left-out-some", features=f"{counts['feature']:,}", genes=f"{counts['gene']:,}")
    rows = [(one.name, say(f"report-kind-{one.kind}"), say(one.reason_key, **one.values)) for one in excluded]
    header = [say(f"report-left-{part}") for part in ("name", "kind", "reason")]
    listed = html.table(say("report-left-out"), header, rows[:MOST_NAMES], 0)
    more = len(rows) - MOST_NAMES
    if more > 0:
        listed += html.paragraph(say("report-more", n=f"{more:,}"), class_="dim")
    few = len(rows) <= 12
    return html.section(
        say("report-left-out"),
        html.paragraph(told),
        listed if few else html.folded(say("report-show-all", n=f"{min(len(rows), MOST_NAMES):,}"), listed),
    )
