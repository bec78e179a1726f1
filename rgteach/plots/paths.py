"""Penalised models: coefficients along a path, and the error of held-out patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, label, style
from rgteach.wording import say

SERIES = ("blue", "vermilion", "green", "purple", "orange", "sky")
SMALL_TEXT = 13
NAMED = 5  # features of a path whose name is written


@style()
def path_lines(
    ax: Axes,
    path,
    *,
    scale: Sequence[float] | None = None,
    named: int = NAMED,
    marks: Mapping[str, float] | None = None,
    groups: Mapping[str, Sequence[int]] | None = None,
) -> Axes:
    """Draw every coefficient against the penalty strength, strong penalties on the left.

    Parameters
    ----------
    ax : Axes
    path : PenalisedPath
    scale : array, shape (p,), optional
        Standard deviations of the columns: coefficients are then drawn per standard deviation.
    named : int
        How many features get a colour and a name: those with the largest coefficient at the weak end.
    marks : mapping of name to penalty, optional
        Upright lines.
    groups : mapping of name to places of columns, optional
        Colour groups of features instead of single ones.

    Returns
    -------
    ax : Axes
    """
    coef = path.coef if scale is None else path.coef * np.asarray(scale, float)
    if groups is None:
        first = _first_in(coef)[:named]
        groups = {short(path.names[j]): [int(j)] for j in first}
    taken = {j for places in groups.values() for j in places}
    for j in set(range(coef.shape[1])) - taken:
        if np.any(coef[:, j]):
            ax.plot(path.lam, coef[:, j], color="0.78", linewidth=1, zorder=1)
    for k, (name, places) in enumerate(groups.items()):
        colour, line = COLOURS[SERIES[k % 6]], LINE_STYLES[k % 4]
        for number, j in enumerate(places):
            ax.plot(path.lam, coef[:, j], line, color=colour, label=name if number == 0 else None, zorder=2)
    top = ax.get_ylim()[1]
    for k, (name, lam) in enumerate((marks or {}).items()):
        ax.axvline(lam, color="black", linestyle=("--", ":")[k % 2], linewidth=1.5)
        ax.annotate(name, (lam, top), ha="center", va="bottom", fontsize=SMALL_TEXT, annotation_clip=False)
    _penalty_axis(ax, path.lam)
    ax.axhline(0, color="gray", linewidth=1, zorder=0)
    ax.set_ylabel(label("lab07-coefficient" if scale is None else "lab07-per-sd"))
    if groups:
        ax.legend(fontsize=SMALL_TEXT, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return describe(ax, _path_in_words(path, coef, groups, marks or {}))


def _first_in(coef: np.ndarray) -> np.ndarray:
    """Places of the features in the order in which they come in, the largest first among those at once."""
    used = coef != 0
    first = np.where(used.any(axis=0), used.argmax(axis=0), len(coef))
    order = np.lexsort((-np.abs(coef).max(axis=0), first))
    return order[first[order] < len(coef)]


def _path_in_words(path, coef, groups, marks) -> str:
    ends = "; ".join(
        say("alt-lab07-ends", name=name, coef=", ".join(f"{coef[-1, j]:+.2f}" for j in places))
        for name, places in groups.items()
    )
    counts = np.count_nonzero(coef, axis=1)
    lines = ", ".join(f"{name} {lam:.3g}" for name, lam in marks.items())
    return say(
        "alt-lab07-path",
        high=f"{path.lam[0]:.3g}",
        low=f"{path.lam[-1]:.3g}",
        first=int(counts[0]),
        last=int(counts[-1]),
        ends=ends,
        marks=lines or "–",
    )


@style()
def error_curve(ax: Axes, cv) -> Axes:
    """Draw the error of held-out patients against the penalty, with its standard error and the two choices.

    Parameters
    ----------
    ax : Axes
    cv : CrossValidation

    Returns
    -------
    ax : Axes
    """
    colour = COLOURS["blue"]
    ax.fill_between(cv.lam, cv.error - cv.se, cv.error + cv.se, color=colour, alpha=0.2, lw=0)
    ax.plot(cv.lam, cv.error, color=colour)
    within = cv.error[cv.best] + cv.se[cv.best]
    ax.axhline(within, color="0.5", linestyle=":", linewidth=1.5)
    for place, key, marker, name in (
        (cv.best, "lab07-lam-min", "o", "black"),
        (cv.sparse, "lab07-lam-1se", "D", "vermilion"),
    ):
        told = label(key, n=int(cv.n_nonzero[place]))
        ax.plot(
            [cv.lam[place]],
            [cv.error[place]],
            marker,
            color=COLOURS[name],
            ms=11,
            ls="",
            label=told,
            zorder=3,
            clip_on=False,
        )
        ax.axvline(cv.lam[place], color=COLOURS[name], linestyle="--", linewidth=1)
    _penalty_axis(ax, cv.lam)
    _counts_above(ax, cv)
    ax.set_ylabel(label(f"lab07-error-{cv.measure}"))
    ax.legend(loc="upper center")
    return describe(ax, _errors_in_words(cv))


def _errors_in_words(cv) -> str:
    points = [
        say(
            "alt-lab07-at",
            lam=f"{cv.lam[k]:.3g}",
            error=f"{cv.error[k]:.3g}",
            se=f"{cv.se[k]:.2g}",
            n=int(cv.n_nonzero[k]),
        )
        for k in (0, cv.sparse, cv.best, -1)
    ]
    start, sparse, best, end = points
    return say("alt-lab07-errors", start=start, sparse=sparse, best=best, end=end)


def _counts_above(ax: Axes, cv) -> None:
    """How many features are in, above the picture."""
    shown = np.linspace(0, len(cv.lam) - 1, 7).astype(int)
    above = ax.secondary_xaxis("top")
    above.set_xticks(cv.lam[shown], [str(int(n)) for n in cv.n_nonzero[shown]], minor=False)
    above.set_xticks([], minor=True)
    above.set_xlabel(label("lab07-features-in"))


def _penalty_axis(ax: Axes, lam: np.ndarray) -> None:
    from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

    ax.set_xscale("log")
    if len(lam) > 1:
        ax.set_xlim(lam.max(), lam.min())
    wide = np.log10(lam.max() / lam.min()) > 1.8
    ax.xaxis.set_major_locator(LogLocator(subs=(1.0,) if wide else (1.0, 2.0, 5.0)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    ax.set_xlabel(label("lab07-lam"))


def short(name: str, most: int = 24) -> str:
    """A name that leaves room for the picture: a long one loses its middle."""
    return name if len(name) <= most else f"{name[: most // 2 - 1]}…{name[-(most // 2) :]}"
