"""Two groups of patients: their values, their ranks, and every pair of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from rgteach.plots.page import describe
from rgteach.plots.style import COLOURS, LINE_STYLES, MARKERS, label, style
from rgteach.wording import say

GROUP_COLOURS = ("blue", "vermilion")  # patients without the mutation, patients with it
PAIR_COLOURS = ("#CFE6F5", "#FFFFFF", "#F3C3A5")  # pair lost, tied, won: lighter than the groups' own
PAIR_SIGNS = {0.0: "0", 0.5: "½", 1.0: "1"}
FEW = 100  # patients; below this the points are large
WRITTEN = 12  # patients of a group, up to which numbers are written


@style()
def strip(
    ax: Axes,
    values: Sequence[float],
    carriers: Sequence[bool],
    *,
    feature: str = "",
    names: tuple[str, str] | None = None,
    means: bool = False,
    title: str = "",
    large: bool | None = None,
) -> Axes:
    """Draw every patient as a point, the two groups side by side with their medians.

    Parameters
    ----------
    ax : Axes
    values : sequence of float
        One value a patient; missing ones are not drawn.
    carriers : sequence of bool
        Who belongs to the second group.
    feature : str
        What the values are, for the axis.
    names : two str, optional
        The groups, the one without the mutation first; else "wild type" and "mutant".
    means : bool
        Mark the means as well.
    title : str
    large : bool, optional
        Large points; without it, where there are fewer than `FEW` patients.

    Returns
    -------
    ax : Axes
    """
    values, carriers = np.asarray(values, float), np.asarray(carriers, bool)
    names = names or (label("lab04-wild"), label("lab04-mutant"))
    large = len(values) < FEW if large is None else large
    said = []
    for k, name in enumerate(names):
        mine = values[(carriers == bool(k)) & np.isfinite(values)]
        _one_group(ax, k, mine, means=means, large=large)
        said.append(_group_in_words(name, mine))
    if means:
        ax.plot([], [], color="black", lw=3, label=label("lab04-median"))
        ax.plot([], [], "<", color="black", ms=11, label=label("lab04-mean"))
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    ax.set_xticks([0, 1], names)
    ax.set_xlim(-0.55, 1.55)
    ax.set_ylabel(feature)
    ax.set_title(title)
    return describe(ax, f"{title or feature}: " + " ".join(said))


def _one_group(ax: Axes, k: int, mine: np.ndarray, *, means: bool, large: bool) -> None:
    look = {"alpha": 0.8 if large else 0.45, "ms": 8 if large else 5, "mew": 0}
    ax.plot(k + _jitter(len(mine), 0.2), mine, MARKERS[k], color=COLOURS[GROUP_COLOURS[k]], **look)
    if len(mine):
        ax.plot([k - 0.3, k + 0.3], [np.median(mine)] * 2, color="black", lw=3)
    if len(mine) and means:
        ax.plot([k + 0.36], [mine.mean()], "<", color="black", ms=11)


def _group_in_words(name: str, mine: np.ndarray) -> str:
    if not len(mine):
        return say("alt-lab04-empty", name=name)
    middle, low, high = (f"{v:.3g}" for v in (np.median(mine), mine.min(), mine.max()))
    return say("alt-lab04-group", name=name, n=len(mine), median=middle, low=low, high=high)


def _jitter(n: int, width: float) -> np.ndarray:
    """Fixed side steps, so that points stand apart and the picture is the same each time."""
    return width * (((np.arange(n) * 0.618034) % 1) * 2 - 1)


@style()
def by_scanner(
    axes: Sequence[Axes],
    values: Sequence[float],
    carriers: Sequence[bool],
    scanner: Sequence[int],
    p_values: Sequence[float],
    *,
    feature: str = "",
) -> Sequence[Axes]:
    """Draw one feature of all patients, then of those of each scanner, with a p-value in each title.

    Parameters
    ----------
    axes : three Axes
    values : sequence of float
    carriers : sequence of bool
    scanner : sequence of 0 or 1
    p_values : three floats
        Of all patients, of scanner A (0) and of scanner B (1).
    feature : str
        What the values are, for the first axis.

    Returns
    -------
    axes : three Axes
    """
    values, carriers, scanner = np.asarray(values), np.asarray(carriers), np.asarray(scanner)
    parts = (np.ones(len(values), bool), scanner == 0, scanner == 1)
    for ax, key, part, p in zip(axes, ("both", "first", "second"), parts, p_values, strict=True):
        title = label(f"lab04-scanner-{key}", p=f"{p:.2g}")
        strip(ax, values[part], carriers[part], title=title, large=len(values) < FEW)
        ax.set_ylim(values.min() - 0.3, values.max() + 0.3)
    axes[0].set_ylabel(feature)
    return axes


@style()
def ladder(ax: Axes, x: Sequence[float], y: Sequence[float], *, feature: str = "") -> Axes:
    """Draw how values become ranks: values above, where they lie; ranks below, evenly spaced.

    Parameters
    ----------
    ax : Axes
    x, y : sequence of float
        Values of the mutant and of the wild-type group, a dozen patients in all at most.
    feature : str
        What the values are.

    Returns
    -------
    ax : Axes
    """
    from scipy.stats import rankdata

    values = np.concatenate([np.asarray(x, float), np.asarray(y, float)])
    ranks, n = rankdata(values), len(values)
    above = 1 + (n - 1) * (values - values.min()) / max(np.ptp(values), 1e-12)
    for k, mine in enumerate((slice(len(x), None), slice(0, len(x)))):
        look = {"color": COLOURS[GROUP_COLOURS[k]], "marker": MARKERS[k], "zorder": 3}
        ax.plot([above[mine], ranks[mine]], [1, 0], color=look["color"], ls=LINE_STYLES[k], lw=1.5)
        name = label("lab04-mutant" if k else "lab04-wild")
        ax.scatter(above[mine], np.ones(len(above[mine])), s=170, label=name, **look)
        ax.scatter(ranks[mine], np.zeros(len(ranks[mine])), s=420, **look)
    for rank in ranks:
        ax.text(rank, 0, f"{rank:g}", color="white", ha="center", va="center", zorder=4)
    for place, value in ((above.min(), values.min()), (above.max(), values.max())):
        ax.text(place, 1.14, f"{value:.3g}", ha="center")
    ax.set(ylim=(-0.25, 1.35), xlim=(0.3, n + 0.7), xticks=[])
    ax.set_yticks([1, 0], [feature or label("lab04-value"), label("lab04-rank")])
    ax.spines[:].set_visible(False)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    shown = ", ".join(f"{v:.3g} → {r:g}" for v, r in sorted(zip(values, ranks, strict=True)))
    mutant = ", ".join(f"{r:g}" for r in sorted(ranks[: len(x)]))
    return describe(ax, say("alt-lab04-ladder", pairs=shown, mutant=mutant))


@style()
def pair_grid(
    ax: Axes, x: Sequence[float], y: Sequence[float], *, names: tuple[str, str] | None = None
) -> Axes:
    """Draw every pair of one x and one y as a cell: who has the larger value?

    Both groups stand in falling order from the lower left corner on, so that the pairs that x wins lie
    below a staircase, which is the ROC curve.

    Parameters
    ----------
    ax : Axes
    x, y : sequence of float
        Values of the mutant (upwards) and of the wild-type group (to the right).
    names : two str, optional
        The groups, the one without the mutation first.

    Returns
    -------
    ax : Axes
    """
    x, y = np.sort(np.asarray(x, float))[::-1], np.sort(np.asarray(y, float))[::-1]
    won = (x[:, None] > y) + 0.5 * (x[:, None] == y)
    n_x, n_y = won.shape
    cmap = ListedColormap(PAIR_COLOURS)
    ax.imshow(won, cmap=cmap, vmin=0, vmax=1, origin="lower", extent=(0, n_y, 0, n_x), aspect="auto")
    if max(n_x, n_y) <= WRITTEN:
        _write_pairs(ax, won, x, y)
    elif n_x * n_y < 2_000:
        ax.hlines(np.arange(1, n_x), 0, n_y, color="white", lw=0.8)
        ax.vlines(np.arange(1, n_y), 0, n_x, color="white", lw=0.8)
    if max(n_x, n_y) > WRITTEN:
        ax.plot([0, n_y], [0, n_x], ":", color="dimgray")  # where nobody tends to be higher
    steps = _staircase(x, y)
    ax.plot(*steps, color="black", lw=3, solid_joinstyle="miter", clip_on=False)
    names = names or (label("lab04-wild"), label("lab04-mutant"))
    ax.set_xlabel(label("lab04-highest-first", name=names[0], n=n_y))
    ax.set_ylabel(label("lab04-highest-first", name=names[1], n=n_x))
    if max(n_x, n_y) > WRITTEN:
        ax.set(xticks=[0, n_y], yticks=[0, n_x])
    ax.set_title(label("lab04-pairs-won", won=f"{won.sum():,g}", n=f"{won.size:,}"))
    words = {"x": names[1], "y": names[0], "n_x": n_x, "n_y": n_y, "won": f"{won.sum():,g}"}
    return describe(ax, say("alt-lab04-pairs", **words, n=f"{won.size:,}", auc=f"{won.mean():.3f}"))


def _write_pairs(ax: Axes, won: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
    for (row, column), value in np.ndenumerate(won):
        ax.text(column + 0.5, row + 0.5, PAIR_SIGNS[float(value)], ha="center", va="center")
    ax.set_xticks(np.arange(len(y)) + 0.5, [f"{v:.3g}" for v in y])
    ax.set_yticks(np.arange(len(x)) + 0.5, [f"{v:.3g}" for v in x])


def _staircase(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many of y, and of x, are at least as large as each threshold, from above every value down."""
    cuts = np.unique(np.concatenate((x, y)))[::-1]
    along = np.concatenate(([0], [(y >= cut).sum() for cut in cuts]))
    up = np.concatenate(([0], [(x >= cut).sum() for cut in cuts]))
    return along, up


@style()
def shapes(ax: Axes, x: Sequence[float], y: Sequence[float], names: tuple[str, str]) -> Axes:
    """Draw the histograms of two groups over each other, with the two medians.

    Parameters
    ----------
    ax : Axes
    x, y : sequence of float
    names : two str

    Returns
    -------
    ax : Axes
    """
    edges = np.histogram_bin_edges(np.concatenate((x, y)), 24)
    said = []
    for k, (name, mine) in enumerate(zip(names, (x, y), strict=True)):
        colour = COLOURS[GROUP_COLOURS[k]]
        ax.hist(mine, edges, histtype="step", color=colour, lw=2.5, ls=LINE_STYLES[k], label=name)
        middle = label("lab04-median-of", name=name)
        ax.axvline(np.median(mine), color=colour, ls=LINE_STYLES[k], lw=4 - 2 * k, label=middle)
        said.append(_group_in_words(name, np.asarray(mine)))
    ax.set_xlabel(label("lab04-value"))
    ax.set_ylabel(label("lab04-patients"))
    ax.legend()
    return describe(ax, " ".join(said))
