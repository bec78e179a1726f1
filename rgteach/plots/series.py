"""Points and lines: a feature against a setting, repeated values, and two groups of patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, MARKERS, label, style
from rgteach.wording import say

SERIES = ("blue", "vermilion", "green", "purple")
SETTINGS = ("distance", "levels", "noise", "side", "signal")  # what may stand below a line
VALUES = ("correlation", "contrast", "homogeneity", "energy", "entropy", "voxels")  # and beside it
MOMENTS = ("mean", "sd", "skewness", "kurtosis")


@style()
def curves(
    ax: Axes, x: Sequence[float], series: Mapping[str, Sequence[float]], *, over: str, show: str
) -> Axes:
    """Draw one feature of several tumours against a setting.

    Parameters
    ----------
    ax : Axes
    x : sequence of float
        The setting.
    series : mapping of name to sequence of float
        The feature of each tumour, one value for each x.
    over : str
        What x is: one of `SETTINGS`.
    show : str
        What the values are: one of `VALUES`.

    Returns
    -------
    ax : Axes
    """
    markers = MARKERS if len(x) <= 30 else ("",) * len(MARKERS)
    for k, (name, values) in enumerate(series.items()):
        ax.plot(x, values, LINE_STYLES[k % 4], marker=markers[k], color=COLOURS[SERIES[k % 4]], label=name)
    ax.set_xlabel(label(f"lab02-over-{over}"))
    ax.set_ylabel(label(f"lab02-{show}"))
    if over == "levels":
        ax.set_xscale("log", base=2)
        ax.set_xticks(x, [str(n) for n in x])
    if show == "correlation":
        ax.set_ylim(min(-0.08, *map(min, series.values())), 1)
    ax.legend()
    return describe(ax, _curves_in_words(ax, x, series))


def _curves_in_words(ax: Axes, x, series) -> str:
    ends = "; ".join(
        say("alt-lab02-line", name=name, first=f"{values[0]:.3g}", last=f"{values[-1]:.3g}")
        for name, values in series.items()
    )
    return say(
        "alt-lab02-curves",
        y=ax.get_ylabel(),
        x=ax.get_xlabel(),
        first=f"{x[0]:.3g}",
        last=f"{x[-1]:.3g}",
        ends=ends,
    )


@style()
def clouds(ax: Axes, x: Sequence[float], series: Mapping[str, np.ndarray], *, over: str, show: str) -> Axes:
    """Draw every repeated value of a feature against a setting, tumours side by side.

    Parameters
    ----------
    ax : Axes
    x : sequence of float
        The setting.
    series : mapping of name to array, shape (len(x), repeats)
        Values of each tumour.
    over, show : str
        As in `curves`.

    Returns
    -------
    ax : Axes
    """
    places = np.arange(len(x))
    for k, (name, values) in enumerate(series.items()):
        values = np.asarray(values)
        beside = places[:, None] + 0.24 * (k - (len(series) - 1) / 2) + _jitter(values.shape[1], 0.09)
        colour = COLOURS[SERIES[k % 4]]
        ax.plot(beside.ravel(), values.ravel(), MARKERS[k], color=colour, alpha=0.6, ms=6, mew=0, label=name)
    ax.set_xticks(places, [f"{v:g}" for v in x])
    ax.set_xlabel(label(f"lab02-over-{over}"))
    ax.set_ylabel(label(f"lab02-{show}"))
    legend = ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(series))
    for sign in legend.legend_handles:
        sign.set_alpha(1)
    return describe(ax, _clouds_in_words(ax, x, series))


def _clouds_in_words(ax: Axes, x, series) -> str:
    spread = {name: np.ptp(np.asarray(values), axis=1)[[0, -1]] for name, values in series.items()}
    ends = "; ".join(
        say("alt-lab02-spread", name=n, first=f"{s[0]:.2g}", last=f"{s[1]:.2g}") for n, s in spread.items()
    )
    names = {"y": ax.get_ylabel(), "x": ax.get_xlabel()}
    return say("alt-lab02-clouds", **names, first=f"{x[0]:g}", last=f"{x[-1]:g}", ends=ends)


def _jitter(n: int, width: float) -> np.ndarray:
    """Fixed side steps, so that points stand apart and the picture is the same each time."""
    return width * (((np.arange(n) * 0.618034) % 1) * 2 - 1)


@style()
def two_groups(ax: Axes, values: Sequence[float], mutated: Sequence[bool], *, title: str) -> Axes:
    """Draw one feature of every patient, wild type and mutated side by side, with the two medians.

    Parameters
    ----------
    ax : Axes
    values : sequence of float
        The feature, one value for each patient.
    mutated : sequence of bool
    title : str
        One of `VALUES` or `MOMENTS`, which is then named in the language of the page, or a plain title.

    Returns
    -------
    ax : Axes
    """
    values, mutated = np.asarray(values, float), np.asarray(mutated, bool)
    said = []
    for k, (flag, key) in enumerate(((False, "lab02-wild"), (True, "lab02-mutated"))):
        mine = values[mutated == flag]
        if len(mine):
            beside = k + _jitter(len(mine), 0.16)
            ax.plot(beside, mine, MARKERS[k], color=COLOURS[SERIES[k]], alpha=0.8, mew=0)
            ax.plot([k - 0.3, k + 0.3], [np.median(mine)] * 2, color="black")
            said.append(_group_in_words(label(key), mine))
    ax.set_xticks([0, 1], [label("lab02-wild"), label("lab02-mutated")])
    ax.set_xlim(-0.6, 1.6)
    ax.set_title(label(f"lab02-{title}") if title in VALUES + MOMENTS else title)
    return describe(ax, f"{ax.get_title()}: " + " ".join(said))


def _group_in_words(name: str, values: np.ndarray) -> str:
    middle, low, high = (f"{v:.3g}" for v in (np.median(values), values.min(), values.max()))
    return say("alt-lab02-group", name=name, n=len(values), median=middle, low=low, high=high)
