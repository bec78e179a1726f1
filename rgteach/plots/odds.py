"""What a slope is worth: how it varies, three ways to test it, where it runs away, and odds ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.fits import (
    GROUP_COLOURS,
    LINE_COLOURS,
    Curve,
    feature_axis,
    logistic_curve,
    name_group,
)
from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, MARKERS, label, style
from rgteach.wording import say

PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1}  # behind words that cross lines
ESTIMATES = ("ml", "firth")


@style()
def slopes(ax: Axes, estimates: Sequence[float], truth: float, se: float) -> Axes:
    """Draw the slopes of many studies of the same truth, and a normal curve as wide as the standard error.

    Parameters
    ----------
    ax : Axes
    estimates : sequence of float
        One slope a study.
    truth : float
    se : float
        Standard error that a study reports, on average.

    Returns
    -------
    ax : Axes
    """
    estimates = np.asarray(estimates, float)
    heights, edges, _ = ax.hist(estimates, 40, color=COLOURS["sky"], ec="white", lw=0.5)
    along = np.linspace(edges[0], edges[-1], 200)
    middle, area = estimates.mean(), len(estimates) * (edges[1] - edges[0])
    bell = area * np.exp(-0.5 * ((along - middle) / se) ** 2) / (se * np.sqrt(2 * np.pi))
    ax.plot(along, bell, color="black", label=label("lab05-bell", se=f"{se:.3f}"))
    ax.axvline(truth, color=COLOURS["vermilion"], ls="--", lw=3, label=label("lab05-put-in"))
    ax.set_xlabel(label("lab05-slope"))
    ax.set_ylabel(label("lab05-studies"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    numbers = {"mean": f"{middle:.2f}", "sd": f"{estimates.std():.3f}", "truth": f"{truth:.2f}"}
    return describe(ax, say("alt-lab05-slopes", n=f"{len(estimates):,}", se=f"{se:.3f}", **numbers))


@style()
def three_tests(
    ax: Axes, b: Sequence[float], profile: Sequence[float], *, top: tuple[float, float], se: float
) -> Axes:
    """Draw the log-likelihood over the slope, and what each of three tests looks at.

    Parameters
    ----------
    ax : Axes
    b, profile : sequence of float
        Slopes, 0 among them, and the best log-likelihood that each allows.
    top : (slope, log-likelihood)
        Of the fit.
    se : float
        Standard error of the slope.

    Returns
    -------
    ax : Axes
    """
    b, profile = np.asarray(b, float), np.asarray(profile, float)
    drop = top[1] - np.interp(0, b, profile)
    rise = np.gradient(profile, b)[np.argmin(np.abs(b))]
    ax.plot(b, profile, color="black", lw=3, label=label("lab05-profile"))
    ax.plot(b, top[1] - 0.5 * ((b - top[0]) / se) ** 2, ":", color="gray", label=label("lab05-parabola"))
    arrow = {"arrowstyle": "<->", "lw": 2.5, "shrinkA": 0, "shrinkB": 0}
    colours = {name: COLOURS[c] for name, c in zip(("lr", "wald", "score"), LINE_COLOURS[1:], strict=True)}
    ax.annotate("", (0, top[1]), (0, top[1] - drop), arrowprops=arrow | {"color": colours["lr"]})
    ax.annotate("", (0, top[1] + 0.3), (top[0], top[1] + 0.3), arrowprops=arrow | {"color": colours["wald"]})
    ax.plot([-0.25, 0.25], top[1] - drop + rise * np.array([-0.25, 0.25]), color=colours["score"], lw=4)
    for name, place, side in (
        ("lr", (-0.06, top[1] - drop / 2), ("right", "center")),
        ("wald", (top[0] / 2, top[1] + 0.45), ("center", "bottom")),
        ("score", (0.22, top[1] - drop - 0.1), ("left", "top")),
    ):
        ha, va = side
        ax.text(*place, label(f"lab05-{name}"), ha=ha, va=va, bbox=PLATE)
    ax.plot(*top, "*", color=COLOURS["vermilion"], ms=20, mec="white")
    ax.set_ylim(top[1] - drop - 2.2, top[1] + 1.6)
    ax.set_xlabel(label("lab05-slope"))
    ax.set_ylabel(label("lab05-loglik"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    numbers = {
        "b": f"{top[0]:.2f}",
        "drop": f"{drop:.2f}",
        "far": f"{top[0] / se:.2f}",
        "rise": f"{rise:.2f}",
    }
    return describe(ax, say("alt-lab05-tests", **numbers))


@style()
def runaway(
    ax: Axes, b: Sequence[float], lines: Mapping[str, Sequence[float]], stops: Mapping[str, float]
) -> Axes:
    """Draw likelihoods over the slope of separated data: one rises for ever, the other has a top.

    Parameters
    ----------
    ax : Axes
    b : sequence of float
    lines : mapping of name to sequence of float
        Log-likelihoods, the highest value of each set to 0 by the caller or not.
    stops : mapping of name to float
        Slopes at which programs stopped.

    Returns
    -------
    ax : Axes
    """
    b, said = np.asarray(b, float), []
    for k, (name, values) in enumerate(lines.items()):
        values = np.asarray(values, float)
        ax.plot(b, values, LINE_STYLES[k], color=COLOURS[LINE_COLOURS[k]], lw=3, label=name)
        best = int(values.argmax())
        where = say("alt-lab05-no-top") if best == len(b) - 1 else f"{b[best]:.1f}"
        said.append(say("alt-lab05-line", name=name, where=where))
    low, high = ax.get_ylim()
    for k, (name, slope) in enumerate(stops.items()):
        ax.axvline(slope, color="gray", ls=":")
        place = (slope, low + (0.06 + 0.11 * k) * (high - low))
        ax.annotate(name, place, xytext=(-5, 0), textcoords="offset points", ha="right", bbox=PLATE)
        said.append(say("alt-lab05-stop", name=name, slope=f"{slope:.1f}"))
    ax.set_xlabel(label("lab05-slope"))
    ax.set_ylabel(label("lab05-loglik"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return describe(ax, " ".join(said))


@style()
def few_events(
    ax: Axes, columns: Sequence[int], found: Mapping[str, np.ndarray], *, truth: float, n_events: int
) -> Axes:
    """Draw the slopes of many small studies against how many columns each model had.

    Parameters
    ----------
    ax : Axes
    columns : sequence of int
    found : mapping of "ml" and "firth" to array (len(columns), studies)
        Infinite where a study is separated; such points stand at the upper edge.
    truth : float
    n_events : int

    Returns
    -------
    ax : Axes
    """
    edge, said = 4.5 * truth, []
    for k, kind in enumerate(ESTIMATES):
        values = np.asarray(found[kind])
        shown, places = np.minimum(values, edge), np.arange(len(columns)) + 0.4 * (k - 0.5)
        beside = places[:, None] + 0.13 * (((np.arange(values.shape[1]) * 0.618034) % 1) * 2 - 1)
        look = {"color": COLOURS[GROUP_COLOURS[1 - k]], "alpha": 0.45, "ms": 5, "mew": 0}
        ax.plot(beside.ravel(), shown.ravel(), MARKERS[k], label=label(f"lab05-{kind}"), **look)
        middle = np.median(values, axis=1)
        ax.hlines(middle, places - 0.16, places + 0.16, color="black", lw=4, zorder=3)
        told = ", ".join(f"{m:.2f}" for m in middle)
        said.append(say("alt-lab05-median", name=label(f"lab05-{kind}"), told=told))
    ax.axhline(truth, color="black", ls="--", lw=1.5)
    lowest = min(np.min(values) for values in found.values())
    ax.set_ylim(min(-truth, lowest) - 0.2, edge * 1.06)
    words = [f"{c}\n({n_events / c:g})" for c in columns]
    ax.set_xticks(range(len(columns)), words)
    ax.set_xlabel(label("lab05-columns"))
    ax.set_ylabel(label("lab05-slope"))
    legend = ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, markerscale=2)
    for sign in legend.legend_handles:
        sign.set_alpha(1)
    told = ", ".join(map(str, columns))
    return describe(ax, say("alt-lab05-few", told=told, truth=f"{truth:.2f}") + " " + " ".join(said))


@style()
def forest(
    ax: Axes,
    series: Mapping[str, Mapping[str, tuple[float, float, float]]],
    truth: Mapping[str, float] | None = None,
    *,
    xlabel: str = "",
) -> Axes:
    """Draw odds ratios with their intervals, one row a question, one marker a model.

    Parameters
    ----------
    ax : Axes
    series : mapping of model to mapping of row to (odds ratio, low, high)
    truth : mapping of row to float, optional
        The odds ratio that the simulation put in.
    xlabel : str
        What one unit is; else "odds ratio".

    Returns
    -------
    ax : Axes
    """
    names = list(dict.fromkeys(name for rows in series.values() for name in rows))
    said = []
    for k, (model, rows) in enumerate(series.items()):
        values = np.array([rows.get(name, (np.nan,) * 3) for name in names])
        places = np.arange(len(names)) + 0.26 * (k - (len(series) - 1) / 2)
        ends = np.abs(values[:, 1:] - values[:, :1]).T
        look = {"fmt": MARKERS[k], "color": COLOURS[GROUP_COLOURS[k % 2]], "capsize": 5}
        ax.errorbar(values[:, 0], places, xerr=ends, label=model, **look)
        for name, (ratio, low, high) in rows.items():
            numbers = {"ratio": f"{ratio:.2f}", "low": f"{low:.2f}", "high": f"{high:.2f}"}
            said.append(say("alt-lab05-row", model=model, name=name, **numbers))
    if truth:
        places = [names.index(name) for name in truth]
        ax.plot(list(truth.values()), places, "*", color="black", ms=16, ls="", label=label("lab05-truth"))
        said.append(say("alt-lab05-truths", told=", ".join(f"{n} {v:.2f}" for n, v in truth.items())))
    _ratio_axis(ax, xlabel)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.legend(loc="lower center", bbox_to_anchor=(0.3, 1.0), ncols=len(series) + bool(truth))
    return describe(ax, " ".join(said))


def _ratio_axis(ax: Axes, xlabel: str) -> None:
    """Powers of two with plain numbers, and the line of no effect."""
    ax.set_xscale("log", base=2)
    ax.axvline(1, color="gray", ls=":")
    low, high = np.log2(ax.get_xlim())
    step = max(1, round((high - low) / 6))
    powers = range(int(np.ceil(low)), int(np.floor(high)) + 1, step)
    ax.set_xticks([2.0**k for k in powers], [f"1/{2**-k}" if k < 0 else f"{2**k}" for k in powers])
    ax.set_xlabel(xlabel or label("lab05-odds-ratio"))


@style()
def by_scanner(
    ax: Axes, x: Sequence[float], y: Sequence[bool], scanner: Sequence[int], coef: tuple, *, feature: str = ""
) -> Axes:
    """Draw the patients of two scanners, and a curve for each scanner from one model.

    Parameters
    ----------
    ax : Axes
    x, y : sequences
    scanner : sequence of 0 or 1
    coef : (intercept, slope, scanner)
        Of one model.
    feature : str

    Returns
    -------
    ax : Axes
    """
    x, y, scanner = np.asarray(x, float), np.asarray(y, bool), np.asarray(scanner)
    along, said = np.linspace(x.min(), x.max(), 200), []
    for k, name in enumerate((label("lab05-scanner-a"), label("lab05-scanner-b"))):
        colour, mine = COLOURS[("green", "purple")[k]], scanner == k
        curve: Curve = (coef[0] + k * coef[2], coef[1])
        p = logistic_curve(along, curve)
        ax.plot(along, p, LINE_STYLES[k], color=colour, lw=3, label=name)
        for flag in (0, 1):
            place = x[mine & (y == flag)]
            beside = (-0.05 - 0.09 * k, 1.14 - 0.09 * k)[flag] + 0.03 * np.cos(9 * np.arange(len(place)))
            ax.plot(place, beside, MARKERS[k], color=colour, ms=5, alpha=0.6, mew=0)
        numbers = {"n": int(mine.sum()), "events": int(y[mine].sum())}
        said.append(say("alt-lab05-scanner", name=name, first=f"{p[0]:.2f}", last=f"{p[-1]:.2f}", **numbers))
    for flag, key in enumerate(("wild", "mutant")):
        name_group(ax, label(f"lab05-{key}"), flag)
    ax.set_ylim(-0.2, 1.2)
    ax.set_yticks([0, 0.5, 1])
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    feature_axis(ax, feature)
    return describe(ax, f"{feature}: " + " ".join(said))
