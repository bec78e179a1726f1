"""Which features were chosen: by one sample of patients after another, in halves, and against the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rgteach.plots.page import describe
from rgteach.plots.paths import SERIES, SMALL_TEXT, short
from rgteach.plots.style import COLOURS, MARKERS, label, style
from rgteach.wording import say

JITTER = 0.618034
KINDS = ("everybody", "inside", "learnt", "held-out", "new")  # where features were chosen, or AUC measured


@style()
def swaps(
    ax: Axes, chosen: np.ndarray, names: Sequence[str], *, most: int = 14, bold: Sequence[str] = ()
) -> Axes:
    """Draw which features each repeat chose: features in rows, repeats in columns.

    Parameters
    ----------
    ax : Axes
    chosen : array of bool, shape (repeats, features)
    names : sequence of str
    most : int
        Rows drawn, the most often chosen on top.
    bold : sequence of str, optional
        Features of the fit to everybody, in another colour.

    Returns
    -------
    ax : Axes
    """
    chosen = np.asarray(chosen, bool)
    counts = chosen.sum(axis=0)
    order = [j for j in np.argsort(-counts, kind="stable")[:most] if counts[j]]
    for row, j in enumerate(order):
        there = np.flatnonzero(chosen[:, j]) + 1
        first = names[j] in bold
        colour, marker = (COLOURS["vermilion"], "D") if first else (COLOURS["blue"], "s")
        ax.plot(there, np.full(len(there), row), marker, color=colour, ms=8, mew=0, ls="")
        ax.axhline(row, color="0.92", linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(order)), [f"{short(names[j])}  {counts[j]}" for j in order], fontsize=SMALL_TEXT)
    ax.set_ylim(len(order) - 0.5, -0.5)
    ax.set_xlim(0, len(chosen) + 1)
    ax.set_xticks([1, *range(5, len(chosen) + 1, 5)])
    ax.set_xlabel(label("lab07-repeat"))
    ax.tick_params(axis="y", length=0)
    told = ", ".join(f"{names[j]} {counts[j]}" for j in order)
    return describe(ax, say("alt-lab07-swaps", n=len(chosen), told=told, ever=int((counts > 0).sum())))


@style()
def often(ax: Axes, found, *, most: int = 16) -> Axes:
    """Draw how often each feature came back in halves of the patients, and the share that it needs.

    Parameters
    ----------
    ax : Axes
    found : StabilitySelection
    most : int
        Features drawn.

    Returns
    -------
    ax : Axes
    """
    order = [j for j in found.order[:most] if found.probability[j] > 0]
    share = 100 * found.probability[order]
    needed = 100 * found.threshold
    for row, value in enumerate(share):
        good = value >= needed - 1e-6
        ax.plot([0, value], [row, row], color="0.8", linewidth=1.5, zorder=1)
        colour, fill = (COLOURS["vermilion"], COLOURS["vermilion"]) if good else (COLOURS["blue"], "white")
        ax.plot([value], [row], "D" if good else "o", color=colour, mfc=fill, mew=1.5, zorder=2)
    ax.axvline(needed, color="black", linestyle="--", linewidth=1.5)
    ax.set_yticks(range(len(order)), [short(found.names[j]) for j in order], fontsize=SMALL_TEXT)
    ax.set_ylim(len(order) - 0.5, -0.5)
    ax.set_xlim(0, 103)
    ax.set_xlabel(label("lab07-share-of-halves"))
    ax.tick_params(axis="y", length=0)
    told = ", ".join(f"{found.names[j]} {s:.0f} %" for j, s in zip(order, share, strict=True))
    return describe(ax, say("alt-lab07-often", needed=f"{needed:.0f}", told=told))


@style()
def columns(
    ax: Axes, values: Mapping[str, Sequence[float]], *, chance: float | None = 0.5, show: str = "auc"
) -> Axes:
    """Draw repeated studies as points in columns, each column with its mean.

    Parameters
    ----------
    ax : Axes
    values : mapping of kind to sequence of float
        One value a study; the kinds are those of `KINDS`.
    chance : float, optional
        A dotted line where a coin would be.
    show : str
        What the values are: the words "lab07-<show>".

    Returns
    -------
    ax : Axes
    """
    names, told = [label(f"lab07-column-{kind}") for kind in values], []
    for k, (name, mine) in enumerate(zip(names, values.values(), strict=True)):
        mine = np.asarray(mine, float)
        beside = k + 0.32 * ((np.arange(len(mine)) * JITTER) % 1 - 0.5)
        ax.plot(beside, mine, MARKERS[k % 8], color=COLOURS[SERIES[k % 6]], alpha=0.75, mew=0, ms=8)
        ax.plot([k - 0.3, k + 0.3], [mine.mean()] * 2, color="black")
        numbers = {"n": len(mine), "mean": f"{mine.mean():.2f}", "low": f"{mine.min():.2f}"}
        told.append(say("alt-lab07-column", name=name, **numbers, high=f"{mine.max():.2f}"))
    if chance is not None:
        ax.axhline(chance, color="0.4", linestyle=":", linewidth=1.5)
    ax.set_xticks(range(len(names)), names)
    ax.set_xlim(-0.6, len(values) - 0.4)
    ax.set_ylabel(label(f"lab07-{show}"))
    return describe(ax, say("alt-lab07-columns", what=say(f"lab07-{show}"), told=" ".join(told)))


@style()
def moved(ax: Axes, shift: Sequence[float], *, chosen: Sequence[int], stable: Sequence[int] = ()) -> Axes:
    """Draw how far the mutation moves each feature in truth, and mark the features that were chosen.

    Parameters
    ----------
    ax : Axes
    shift : sequence of float
        In standard deviations, one a feature.
    chosen, stable : sequence of int
        Places of the features in the chosen model, and of those that stability selection kept.

    Returns
    -------
    ax : Axes
    """
    shift = np.asarray(shift, float)
    place = np.arange(1, len(shift) + 1)
    ax.vlines(place, 0, shift, color="0.75", linewidth=2)
    for who, colour, marker, size, key in (
        (chosen, "blue", "o", 9, "lab07-in-model"),
        (stable, "vermilion", "D", 6, "lab07-stable"),
    ):
        who = np.asarray(who, int)
        ax.plot(
            place[who],
            shift[who],
            marker,
            color=COLOURS[colour],
            ms=size,
            ls="",
            label=label(key, n=len(who)),
        )
    ax.set_xlabel(label("lab07-feature-number"))
    ax.set_ylabel(label("lab07-true-shift"))
    ax.set_ylim(-0.04 * shift.max(initial=1), 1.3 * shift.max(initial=1e-9))
    ax.legend(loc="upper right")
    true = set(np.flatnonzero(shift).tolist())
    return describe(
        ax,
        say(
            "alt-lab07-moved",
            n=len(true),
            p=len(shift),
            right=len(true & set(map(int, chosen))),
            chosen=len(chosen),
            stable=", ".join(str(j + 1) for j in stable) or "–",
        ),
    )
