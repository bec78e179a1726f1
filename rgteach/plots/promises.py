"""What rules for many tests promise, counted over simulated studies whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, label, style
from rgteach.wording import say

COUNTED = ("false-count", "small-count")  # what may stand below a histogram of studies
NOISE = ("independent", "together")  # how the noise of many tests goes
RATES = {"fwer": ("vermilion", "s"), "fdr": ("purple", "o"), "power": ("blue", "^")}
WITHIN_95 = 1.96  # standard errors


@style()
def per_study(ax: Axes, series: Mapping[str, Sequence[float]], bins, *, show: str = "false-count") -> Axes:
    """Draw how often a number turned up in repeated studies, one outline a series.

    Parameters
    ----------
    ax : Axes
    series : mapping of name to sequence of float
        The number in each study.
    bins : sequence of float
        Edges of the bars.
    show : str
        What the number is: one of `COUNTED`.

    Returns
    -------
    ax : Axes
    """
    told = []
    for k, (name, values) in enumerate(series.items()):
        values = np.asarray(values, float)
        colour = COLOURS[("blue", "vermilion", "green")[k % 3]]
        share = np.histogram(values, bins)[0] / len(values) * 100
        ax.stairs(share, bins, color=colour, linestyle=LINE_STYLES[k % 4], linewidth=2.5, label=name or None)
        if not k:
            ax.stairs(share, bins, fill=True, color=colour, alpha=0.25)
        ax.axvline(values.mean(), color=colour, linestyle=":", linewidth=2)
        spread = {"mean": f"{values.mean():.3g}", "sd": f"{values.std():.3g}", "top": f"{values.max():.3g}"}
        told.append(
            say("alt-lab06-series", name=name, n=len(values), zero=f"{np.mean(values == 0):.0%}", **spread)
        )
    ax.set_xlabel(label(f"lab06-{show}"))
    ax.set_ylabel(label("lab06-studies"))
    if any(series):
        ax.legend(loc="upper right")
    return describe(
        ax, say("alt-lab06-per-study", x=ax.get_xlabel(), told=" ".join(one.lstrip(":： ") for one in told))
    )


@style()
def family(ax: Axes, alpha: float, counted: Mapping[int, float], *, most: int = 300) -> Axes:
    """Draw the chance of at least one false discovery against the number of tests: formula and counts.

    Parameters
    ----------
    ax : Axes
    alpha : float
    counted : mapping of number of tests to share of studies with a false discovery
    most : int
        How far the curve of the formula reaches.

    Returns
    -------
    ax : Axes
    """
    tests = np.arange(1, most + 1)
    ax.plot(tests, 1 - (1 - alpha) ** tests, color=COLOURS["blue"], label=f"1 − (1 − {alpha:g})$^m$")
    ax.plot(
        list(counted), list(counted.values()), "D", color=COLOURS["vermilion"], label=label("lab06-counted")
    )
    ax.set_ylim(0, 1.03)
    ax.set_xlim(0, most)
    ax.set_xlabel(label("lab06-tests"))
    ax.set_ylabel(label("lab06-any-false"))
    ax.legend(loc="lower right")
    told = "; ".join(f"m = {m}: {share:.2f}" for m, share in counted.items())
    return describe(ax, say("alt-lab06-family", alpha=alpha, told=told))


@style()
def rates(ax: Axes, results: Mapping[str, object], alpha: float) -> Axes:
    """Draw the simulated error rates and the power of some rules, with 95 % intervals.

    Parameters
    ----------
    ax : Axes
    results : mapping of method to `stats.error_rates.ErrorRates`
    alpha : float
        The rate that was asked for, drawn as a dashed line.

    Returns
    -------
    ax : Axes
    """
    told = []
    for k, (name, (colour, marker)) in enumerate(RATES.items()):
        found = [getattr(result, name) for result in results.values()]
        ax.errorbar(
            np.arange(len(found)) + 0.17 * (k - 1),
            [rate.value for rate in found],
            [WITHIN_95 * rate.se for rate in found],
            fmt=marker, color=COLOURS[colour], ms=10, label=label(f"lab06-{name}"),
        )  # fmt: skip
    for method, result in results.items():
        values = ", ".join(f"{label(f'lab06-{name}')} {getattr(result, name).value:.2f}" for name in RATES)
        told.append(f"{say(f'adjust-{method}')}: {values}")
    ax.axhline(alpha, color="black", linestyle=LINE_STYLES[1], linewidth=1.5)
    ax.set_xticks(range(len(results)), [label(f"lab06-short-{method}") for method in results])
    ax.set_ylim(-0.03, 1.05)
    ax.set_ylabel(label("lab06-share"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=1.2, handletextpad=0.3)
    return describe(ax, say("alt-lab06-rates", alpha=alpha, told="; ".join(told)))


@style()
def by_bin(ax: Axes, p_adjusted, false, edges: Sequence[float]) -> Axes:
    """Draw, for bins of the adjusted p-value, the share of false ones in each bin, with 95 % intervals.

    Parameters
    ----------
    ax : Axes
    p_adjusted : sequence of float
        Of many tests of many studies.
    false : sequence of bool
        Which of them have no effect.
    edges : sequence of float

    Returns
    -------
    ax : Axes
    """
    share, low, high, n = shares(p_adjusted, false, edges)
    middle = (np.asarray(edges)[:-1] + np.asarray(edges)[1:]) / 2
    around = [share - low, high - share]
    ax.errorbar(
        middle, share, around, fmt="o", color=COLOURS["vermilion"], ms=10, label=label("lab06-counted")
    )
    ax.plot(edges, edges, "--", color="black", label=label("lab06-misread"))
    ax.set_xticks(edges)
    ax.set_ylim(0, min(1.0, 1.15 * np.nanmax(high)))
    ax.set_xlabel(label("lab06-adjusted"))
    ax.set_ylabel(label("lab06-false-here"))
    ax.legend(loc="upper left")
    told = "; ".join(
        f"{a:g}–{b:g}: {s:.2f} (n = {k})" for a, b, s, k in zip(edges, edges[1:], share, n, strict=False)
    )
    return describe(ax, say("alt-lab06-bins", told=told))


def shares(p_adjusted, false, edges) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Share of false ones in each bin, Wilson's 95 % interval, and how many there are; NaN in empty bins."""
    p_adjusted, false = np.ravel(p_adjusted), np.ravel(false)
    n = np.histogram(p_adjusted, edges)[0]
    hits = np.histogram(p_adjusted[false], edges)[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        share, z2 = hits / n, WITHIN_95**2
        middle = (hits + z2 / 2) / (n + z2)
        half = WITHIN_95 * np.sqrt(n * share * (1 - share) + z2 / 4) / (n + z2)
    return share, middle - half, middle + half, n


@style()
def stems(ax: Axes, counts: Sequence[int], *, title: str, top: float) -> Axes:
    """Draw a count of each of some studies, one stem a study, in the order in which they were made.

    Parameters
    ----------
    ax : Axes
    counts : sequence of int
    title : str
        One of `NOISE`, in the language of the page.
    top : float
        Upper end of the axis, the same for pictures that stand side by side.

    Returns
    -------
    ax : Axes
    """
    counts = np.asarray(counts)
    place, some = np.arange(1, len(counts) + 1), counts > 0
    ax.vlines(place[some], 0, counts[some], color=COLOURS["vermilion"])
    ax.plot(place[some], counts[some], "o", color=COLOURS["vermilion"], ms=5)
    ax.plot(place[~some], counts[~some], ".", color=COLOURS["blue"], ms=4)
    ax.set_ylim(-0.02 * top, top)
    ax.set_xlabel(label("lab06-study-number"))
    ax.set_ylabel(label("lab06-false-count"), fontsize=13)
    ax.set_title(label(f"lab06-{title}"))
    said = {"n": len(counts), "zero": int((~some).sum()), "top": int(counts.max(initial=0))}
    return describe(ax, say("alt-lab06-stems", title=ax.get_title(), mean=f"{counts.mean():.2g}", **said))
