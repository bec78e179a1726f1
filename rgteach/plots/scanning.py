"""The pictures of a scan: effects against p-values, the p-values' histogram and quantiles, the best features.

Effects lie around a middle that means "nothing": 0.5 for an AUC, 0 for a rank correlation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.names import drawn, families
from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, label, style
from rgteach.wording import say

SMALLEST_P = 1e-300  # smaller ones are drawn here
LONGEST_LINE = 42  # letters of a name beside an effect
FEW_POINTS = 300  # so many are seen one by one; of more one sees where they lie close
SMALL_GROUP = 100  # below this every patient is a point


@style()
def volcano(
    ax: Axes,
    effect,
    p_value,
    *,
    hit=None,
    line: float | None = None,
    reached: bool = True,
    numbered: int = 0,
    measure: str = "auc",
) -> Axes:
    """Draw each pair of feature and gene as a point: the effect to the side, −log10 p upwards.

    Parameters
    ----------
    ax : Axes
    effect, p_value : sequence of float, shape (n,)
        The smallest p-values first where points are numbered.
    hit : sequence of bool, optional
        Which are discoveries; they are drawn as filled diamonds.
    line : float, optional
        The p-value of the dashed line: the largest one that is still a discovery.
    reached : bool
        Whether any point lies on or above the line; if not, it is what the smallest p would have needed.
    numbered : int
        Write 1, 2, 3, … at so many of the first points.
    measure : "auc" or "rho"
        What the effect is; the middle is 0.5 or 0.

    Returns
    -------
    ax : Axes
    """
    effect, heights = np.asarray(effect, dtype=float), _heights(p_value)
    hit = np.zeros(len(effect), bool) if hit is None else np.asarray(hit, dtype=bool)
    middle = {"auc": 0.5, "rho": 0.0}[measure]
    look = {"alpha": 0.7 if len(effect) <= FEW_POINTS else 0.4, "markersize": 5, "markeredgewidth": 0}
    ax.plot(effect[~hit], heights[~hit], "o", color=COLOURS["blue"], **look)
    ax.plot(effect[hit], heights[hit], "D", color=COLOURS["vermilion"], markersize=7, markeredgecolor="black")
    ax.axvline(middle, color="black", linewidth=1, linestyle=":")
    if line:
        told = label("plot-bh-line" if reached else "plot-bh-needed")
        ax.axhline(_heights(line), color="black", linestyle=LINE_STYLES[1], label=told)
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    reach = max(np.abs(effect - middle).max(initial=0.05) * 1.12, 0.05)
    ax.set_xlim(middle - reach, middle + reach)
    ax.set_ylim(0, max(heights.max(initial=1), _heights(line) if line else 0) * 1.1)
    ax.set_xlabel(label(f"plot-{measure}"))
    ax.set_ylabel(label("plot-minus-log-p"))
    _number(ax, effect[:numbered], heights[:numbered], middle)
    top = f"{effect[heights.argmax()]:.3g}" if len(effect) else "–"
    height = f"{heights.max(initial=0):.3g}"
    return describe(ax, say("alt-volcano", n=len(effect), n_hits=int(hit.sum()), effect=top, height=height))


def _number(ax: Axes, x: np.ndarray, y: np.ndarray, middle: float) -> None:
    """Write 1, 2, 3, … beside points, away from the middle; one that would hide another moves on."""
    (left, right), (_, top) = ax.get_xlim(), ax.get_ylim()
    taken: list[tuple[float, float]] = []
    for k, (across, up) in enumerate(zip((x - left) / (right - left), y / top, strict=True)):
        outwards = -1 if x[k] < middle else 1
        place = [across + 0.012 * outwards, up]
        while any(abs(place[0] - a) < 0.03 and abs(place[1] - b) < 0.05 for a, b in taken):
            place[1] += 0.01 if up < 0.2 else -0.01
        taken.append(tuple(place))
        side = "right" if outwards < 0 else "left"
        ax.text(*place, str(k + 1), transform=ax.transAxes, ha=side, va="center", fontsize=13, weight="bold")


@style()
def p_histogram(ax: Axes, counts) -> Axes:
    """Draw how many p-values lie in each of some equal bins from 0 to 1, and what chance alone gives.

    Parameters
    ----------
    ax : Axes
    counts : sequence of int, shape (k,)

    Returns
    -------
    ax : Axes
    """
    counts = np.asarray(counts, dtype=float)
    edges = np.linspace(0, 1, len(counts) + 1)
    expected = counts.sum() / len(counts)
    ax.stairs(counts, edges, fill=True, facecolor=COLOURS["sky"], edgecolor="black", linewidth=1)
    ax.stairs(counts, edges, color="black", linewidth=1)
    ax.axhline(expected, color=COLOURS["vermilion"], linestyle=LINE_STYLES[1], label=label("plot-chance"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    ax.set_xlim(0, 1)
    ax.set_ylim(0, max(counts.max(initial=1), expected) * 1.08)
    ax.set_xlabel(label("plot-p"))
    ax.set_ylabel(label("plot-n-tests"))
    said = {"n": f"{counts.sum():.0f}", "first": f"{counts[0]:.0f}", "expected": f"{expected:.0f}"}
    return describe(ax, say("alt-p-histogram", width=f"{1 / len(counts):g}", **said))


@style()
def qq(ax: Axes, expected, observed, *, n_tests: int) -> Axes:
    """Draw the sorted p-values against those of chance, both as −log10, and the band of independent tests.

    Parameters
    ----------
    ax : Axes
    expected, observed : sequence of float
        Shares of the p-values that are this small, and the p-values themselves.
    n_tests : int
        How many tests there were; sets the width of the band.

    Returns
    -------
    ax : Axes
    """
    x, y = _heights(expected), _heights(observed)
    _band(ax, n_tests)
    size = 8 if len(x) <= FEW_POINTS else 5
    ax.plot(x, y, "o", color=COLOURS["blue"], markersize=size, markeredgewidth=0)
    side = max(x.max(initial=1), 1) * 1.05
    ax.plot(
        [0, side], [0, side], color=COLOURS["vermilion"], linestyle=LINE_STYLES[1], label=label("plot-chance")
    )
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=1.2)
    ax.set_xlim(0, side)
    ax.set_ylim(0, max(y.max(initial=1) * 1.08, side * 1.15))
    ax.set_xlabel(label("plot-qq-expected"))
    ax.set_ylabel(label("plot-qq-observed"))
    said = {"expected": f"{x.max(initial=0):.3g}", "observed": f"{y.max(initial=0):.3g}"}
    return describe(ax, say("alt-qq", n=n_tests, **said))


def _band(ax: Axes, n_tests: int) -> None:
    """Where 95 % of each order statistic of independent uniform p-values lie: a beta distribution each."""
    from scipy.special import betaincinv

    rank = np.unique(np.geomspace(1, max(n_tests, 1), 80).round())
    share = (rank - 0.5) / max(n_tests, 1)
    low, high = (betaincinv(rank, n_tests - rank + 1, q) for q in (0.025, 0.975))
    told = label("plot-qq-band")
    ax.fill_between(_heights(share), _heights(high), _heights(low), color="0.85", linewidth=0, label=told)


@style()
def effects(ax: Axes, names: Sequence[str], value, low, high, *, measure: str = "auc") -> Axes:
    """Draw the effects of some features with their confidence intervals, the first on top.

    Parameters
    ----------
    ax : Axes
    names : sequence of str, length n
        They are numbered from 1.
    value, low, high : sequence of float, shape (n,)
        NaN where there is no interval.
    measure : "auc" or "rho"

    Returns
    -------
    ax : Axes
    """
    value, low, high = (np.asarray(column, dtype=float) for column in (value, low, high))
    rows = np.arange(len(value))
    ax.hlines(rows, low, high, color="black")
    ax.plot(value, rows, "s", color=COLOURS["blue"], markersize=9)
    ax.axvline({"auc": 0.5, "rho": 0.0}[measure], color="black", linewidth=1, linestyle=":")
    ax.set_yticks(rows, [f"{k}  {drawn(name, LONGEST_LINE)}" for k, name in enumerate(names, 1)], fontsize=12)
    for tick in ax.get_yticklabels():
        tick.set_parse_math(False)  # a name may hold a dollar sign
        tick.set_family(families())
    ax.set_ylim(len(value) - 0.4, -0.6)
    ax.locator_params(axis="x", nbins=5)
    ax.set_xlabel(label(f"plot-{measure}"))
    told = "; ".join(
        f"{name}: {v:.2f}" + ("" if np.isnan(a + b) else f" ({a:.2f}–{b:.2f})")
        for name, v, a, b in zip(names, value, low, high, strict=True)
    )
    return describe(ax, say("alt-effects", n=len(value), told=told))


@style()
def groups(ax: Axes, values, carrier, *, feature: str, gene: str) -> Axes:
    """Draw one feature of patients with and without a mutation: boxes, and every patient if there are few.

    Parameters
    ----------
    ax : Axes
    values : sequence of float, shape (n,)
    carrier : sequence of float, shape (n,)
        1 carries it, 0 does not, NaN unknown.
    feature, gene : str

    Returns
    -------
    ax : Axes
    """
    values, carrier = np.asarray(values, dtype=float), np.asarray(carrier, dtype=float)
    sides = [values[(carrier == group) & ~np.isnan(values)] for group in (0, 1)]
    ax.boxplot(
        sides,
        positions=[0, 1],
        widths=0.55,
        showfliers=max(map(len, sides)) >= SMALL_GROUP,
        medianprops={"color": "black", "linewidth": 2.5},
    )
    for at, (side, colour, marker) in enumerate(zip(sides, ("blue", "vermilion"), "o^", strict=True)):
        if len(side) < SMALL_GROUP:
            ax.plot(at + _jitter(len(side)), side, marker, color=COLOURS[colour], alpha=0.75, markersize=7)
    names = ("plot-not-carriers", "plot-carriers")
    ax.set_xticks([0, 1], [label(key, n=len(side)) for key, side in zip(names, sides, strict=True)])
    ax.set_ylabel(drawn(feature), parse_math=False, family=families(), fontsize=13)
    ax.set_title(drawn(gene), parse_math=False, family=families())
    medians = [f"{np.median(side):.4g}" if len(side) else "–" for side in sides]
    said = {"n": len(sides[1]), "m": len(sides[0]), "carriers": medians[1], "others": medians[0]}
    return describe(ax, say("alt-groups", feature=feature, gene=gene, **said))


@style()
def cloud(ax: Axes, values, gene_values, *, feature: str, gene: str) -> Axes:
    """Draw one feature against a gene that is measured rather than carried, a point a patient."""
    values, gene_values = np.asarray(values, dtype=float), np.asarray(gene_values, dtype=float)
    known = ~(np.isnan(values) | np.isnan(gene_values))
    ax.plot(gene_values[known], values[known], "o", color=COLOURS["blue"], alpha=0.6, markersize=6)
    ax.set_xlabel(drawn(gene), parse_math=False, family=families())
    ax.set_ylabel(drawn(feature), parse_math=False, family=families(), fontsize=13)
    return describe(ax, say("alt-cloud", feature=feature, gene=gene, n=int(known.sum())))


def _heights(p):
    """−log10 of p-values."""
    return -np.log10(np.maximum(np.asarray(p, dtype=float), SMALLEST_P))


def _jitter(n: int) -> np.ndarray:
    """Small steps to the side, the same at every run."""
    return (np.arange(n) * 0.618034 % 1 - 0.5) * 0.36
