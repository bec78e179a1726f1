"""The pictures of the report of a scan, each with a sentence that says how to read it."""

from __future__ import annotations

import numpy as np

from rgteach.plots import page, scanning
from rgteach.plots.names import shortened
from rgteach.report import html
from rgteach.tables.pairs import carried
from rgteach.tables.sweep import Sweep, on_one_scale
from rgteach.wording import say

NUMBERED, SHOWN, PATIENTS = (
    5,
    12,
    3,
)  # points with a number, effects with intervals, features shown by patient


def pictures(scan, seen: Sweep) -> list[str]:
    """Volcano, histogram and quantiles of all tests."""
    if not scan.result.n_tests:
        return []
    side_by_side = html.element("div", _histogram(scan) + _quantiles(scan, seen), class_="pair")
    return [html.section(say("report-pictures"), _volcano(scan, seen), side_by_side)]


def _volcano(scan, seen: Sweep) -> str:
    result = scan.result
    _, ax = page.new_axes()
    n_hits = len(result.hits.p_value)
    line = float(result.hits.p_value.max()) if n_hits else result.alpha / result.n_tests
    scanning.volcano(
        ax, seen.effect, seen.p_value, hit=seen.hit, line=line, reached=bool(n_hits),
        numbered=min(NUMBERED, len(seen.lines)), measure=seen.measure,
    )  # fmt: skip
    told = say("report-volcano-reads" if seen.measure == "auc" else "report-volcano-reads-rho", n=NUMBERED)
    if seen.n_points < result.n_tests:
        told += say("report-thinned", n=f"{seen.n_points:,}", m=f"{result.n_tests:,}")
    return html.figure(page.picture(ax), told)


def _histogram(scan) -> str:
    _, ax = page.new_axes()
    scanning.p_histogram(ax, np.asarray(scan.result.p_histogram))
    return html.figure(page.picture(ax), say("report-histogram-reads"))


def _quantiles(scan, seen: Sweep) -> str:
    _, ax = page.new_axes()
    scanning.qq(ax, seen.expected, seen.observed, n_tests=scan.result.n_tests)
    return html.figure(page.picture(ax), say("report-qq-reads"))


def best(scan, seen: Sweep) -> str:
    """The effects of the best lines with their intervals, and the patients behind the first few."""
    lines = seen.lines.head(SHOWN)
    if not len(lines):
        return ""
    one_gene = lines["gene"].nunique() == 1
    _, ax = page.new_axes(size=(8.6, 1.6 + 0.42 * len(lines)))
    names = list(lines["feature"])
    if not one_gene:
        sides = zip(names, lines["gene"], strict=True)
        names = [f"{shortened(feature, 25)} · {shortened(gene, 13)}" for feature, gene in sides]
    columns = [lines[name].to_numpy(float) for name in ("effect", "effect_low", "effect_high")]
    measure, *columns = on_one_scale(lines["test"], *columns)
    scanning.effects(ax, names, *columns, measure=measure)
    shown = [_patients(scan, line) for _, line in lines.head(PATIENTS).iterrows()]
    return html.section(
        say("report-best-pictures"),
        html.figure(page.picture(ax), say("report-effects-reads")),
        html.element("div", "".join(shown), class_="three"),
    )


def _patients(scan, line) -> str:
    _, ax = page.new_axes(size=(6.0, 5.0))
    values, gene = scan.features[line["feature"]], scan.genes[line["gene"]]
    names = {"feature": line["feature"], "gene": line["gene"]}
    if line["test"] == "wilcoxon":
        scanning.groups(ax, values, carried(gene), **names)
    else:
        scanning.cloud(ax, values, gene, **names)
    return html.figure(page.picture(ax), say("report-patients-read", **names))
