"""Figures of co-occurrence: pictures of numbers, tables of pairs, their weights, the 13 directions.

Draw functions take `ax` and return `ax`; the few that fill a whole figure return it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure

from rgteach.plots.page import describe, new_axes
from rgteach.plots.style import COLOURS, LEVELS, TEXT_PT, label, style
from rgteach.wording import say

MOST_NUMBERS = 6  # a table of more levels is shown in colour only


@style()
def number_grid(ax: Axes, levels, *, step: tuple[int, int] | None = None, title: str | None = None) -> Axes:
    """Draw a small picture as numbers in coloured cells, with an arrow on every pair of one step.

    Parameters
    ----------
    ax : Axes
    levels : array of int, shape (y, x)
        Gray levels 1..Ng; 0 is outside the mask and left white.
    step : (dy, dx), optional
        Step from the first to the second end of a pair.
    title : str, optional

    Returns
    -------
    ax : Axes
    """
    levels = np.atleast_2d(levels)
    seen = np.ma.masked_equal(levels, 0)
    ax.imshow(seen, cmap=LEVELS, vmin=0.5, vmax=max(levels.max(), 1) + 0.5)
    for (y, x), level in np.ndenumerate(levels):
        ink = "white" if 0 < level <= levels.max() / 2 else "black"
        text = str(level) if level else "·"
        ax.text(x, y, text, ha="center", va="center", color=ink, fontsize=TEXT_PT + 5)
    pairs = [] if step is None else _pairs(levels, step)
    for start, end in pairs:
        _arrow(ax, start, end)
    ax.set_xticks(range(levels.shape[1]))
    ax.set_yticks(range(levels.shape[0]))
    ax.set_xlabel(label("lab02-column"))
    ax.set_ylabel(label("lab02-row"))
    ax.set_title(label("lab02-picture") if title is None else title)
    rows = "; ".join(" ".join(map(str, row)) for row in levels)
    said = say("alt-lab02-picture", rows=rows)
    return describe(
        ax, said + (say("alt-lab02-arrows", n=len(pairs), dy=step[0], dx=step[1]) if step else "")
    )


def _pairs(levels: np.ndarray, step: tuple[int, int]) -> list[tuple]:
    """Both ends (y, x) of every pair that lies in the picture and in the mask."""
    n_y, n_x = levels.shape
    starts = [(y, x) for y, x in np.argwhere(levels) if 0 <= y + step[0] < n_y and 0 <= x + step[1] < n_x]
    ends = [(y + step[0], x + step[1]) for y, x in starts]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if levels[end]]


def _arrow(ax: Axes, start, end) -> None:
    """A short arrow between two cells that leaves both numbers readable."""
    (y0, x0), (y1, x1) = np.asarray(start, float), np.asarray(end, float)
    reach = np.hypot(y1 - y0, x1 - x0)
    cut = 0.3 / reach
    ax.annotate(
        "",
        xy=(x1 - cut * (x1 - x0), y1 - cut * (y1 - y0)),
        xytext=(x0 + cut * (x1 - x0), y0 + cut * (y1 - y0)),
        arrowprops={"arrowstyle": "-|>", "color": COLOURS["vermilion"], "lw": 2, "mutation_scale": 14},
    )


@style()
def matrix_view(
    ax: Axes, table, *, title: str | None = None, top: float | None = None, bar: bool = True
) -> Axes:
    """Draw a table of pairs; numbers stand in the cells of a small one.

    Parameters
    ----------
    ax : Axes
    table : array, shape (Ng, Ng)
        Counts or shares of the pairs (i, j): row = level at the start, column = level at the end.
    title : str, optional
    top : float, optional
        Value of the brightest colour, to compare tables; by default the highest of this one.
    bar : bool
        Draw the colour bar of a table too large for numbers.

    Returns
    -------
    ax : Axes
    """
    table = np.asarray(table)
    n = len(table)
    top = top or table.max() or 1
    norm = None if n <= MOST_NUMBERS else PowerNorm(0.5, 0, top)  # rare pairs stay visible
    edge = (0.5, n + 0.5, n + 0.5, 0.5)
    limits = {"vmin": 0, "vmax": top} if norm is None else {}
    shown = ax.imshow(table, cmap="cividis", norm=norm, extent=edge, **limits)
    if n <= MOST_NUMBERS:
        _write_numbers(ax, table, top)
    elif bar:
        ax.figure.colorbar(shown, ax=ax, shrink=0.7, format="%.2g").set_label(label("lab02-share"))
    ticks = range(1, n + 1) if n <= 8 else [1, *(round(n * quarter / 4) for quarter in (1, 2, 3, 4))]
    ax.set_xticks(ticks)
    ax.set_yticks(ticks)
    ax.set_xlabel(label("lab02-end-level"))
    ax.set_ylabel(label("lab02-start-level"))
    whole = np.issubdtype(table.dtype, np.integer)
    ax.set_title(label("lab02-matrix" if whole else "lab02-share") if title is None else title)
    return describe(ax, _table_in_words(table, title))


def _write_numbers(ax: Axes, table: np.ndarray, top: float) -> None:
    whole = np.issubdtype(table.dtype, np.integer)
    for (i, j), value in np.ndenumerate(table):
        text = str(value) if whole else f"{value:.2f}" if value < 10 else f"{value:.0f}"
        ink = "black" if value > 0.55 * top else "white"
        size = TEXT_PT + 3 if whole else TEXT_PT
        ax.text(j + 1, i + 1, text, ha="center", va="center", color=ink, fontsize=size)


def _table_in_words(table: np.ndarray, title: str | None) -> str:
    head = f"{title}. " if title else ""
    if len(table) <= MOST_NUMBERS:
        rows = "; ".join(" ".join(f"{v:.3g}" for v in row) for row in table)
        return head + say("alt-lab02-table", rows=rows)
    i, j = np.indices(table.shape)
    near = table[abs(i - j) <= 1].sum() / max(table.sum(), 1e-300)
    return head + say("alt-lab02-heat", n=len(table), near=f"{100 * near:.0f}")


def counting(levels, counts, *, step: tuple[int, int] | None = None) -> Figure:
    """A picture with its pairs on the left, the table that counts them on the right."""
    fig, axes = _pair_of_axes()
    number_grid(axes[0], levels, step=step)
    matrix_view(axes[1], np.asarray(counts))
    return fig


def _pair_of_axes():
    """Two square axes with room between them."""
    fig, axes = new_axes(2, size=(8.6, 4.4))
    fig.get_layout_engine().set(wspace=0.08)
    return fig, axes


def side_by_side(tables: Mapping[str, np.ndarray]) -> Figure:
    """Tables of several pictures, by name, on one colour scale."""
    fig, axes = new_axes(len(tables), size=(4.6 * len(tables), 4.4))
    fig.get_layout_engine().set(wspace=0.06)
    top = max(np.max(table) for table in tables.values())
    for ax, (name, table) in zip(axes, tables.items(), strict=True):
        matrix_view(ax, table, title=name, top=top, bar=ax is axes[-1])
    return fig


def weight_maps(n_levels: int = 6) -> Figure:
    """What contrast and homogeneity multiply each cell of the table with."""
    i, j = np.indices((n_levels, n_levels))
    distance = (i - j) ** 2
    fig, axes = _pair_of_axes()
    matrix_view(axes[0], distance, title=label("lab02-weight-contrast"))
    matrix_view(axes[1], 1 / (1 + distance), title=label("lab02-weight-homogeneity"))
    return fig


@style()
def directions() -> Figure:
    """The 26 neighbours of a voxel in three slices: 13 directions, and their opposites in gray."""
    from itertools import product

    half = [step for step in product((-1, 0, 1), repeat=3) if step > (0, 0, 0)]
    fig, axes = new_axes(3, size=(10, 4.2))
    for ax, dz in zip(axes, (-1, 0, 1), strict=True):
        for dy, dx in product((-1, 0, 1), repeat=2):
            _neighbour(ax, (dz, dy, dx), half)
        ax.set(xlim=(-1.5, 1.5), ylim=(1.5, -1.5), aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        ax.set_xlabel("dx")
        ax.set_title(f"dz = {dz:+d}" if dz else "dz = 0")
        mine = [f"{half.index(step) + 1}: {step}" for step in half if step[0] == dz]
        describe(ax, say("alt-lab02-plane", dz=dz, n=len(mine), steps=", ".join(mine) or "-"))
    axes[0].set_ylabel("dy")
    return fig


def _neighbour(ax: Axes, step: tuple[int, int, int], half: list) -> None:
    _, dy, dx = step
    if step == (0, 0, 0):
        text, face, ink = "", COLOURS["black"], "white"
    elif step in half:
        text, face, ink = str(half.index(step) + 1), COLOURS["blue"], "white"
    else:
        opposite = tuple(-d for d in step)
        text, face, ink = f"−{half.index(opposite) + 1}", "#D9D9D9", "black"
    ax.add_patch(_square(dx, dy, face))
    ax.text(dx, dy, text, ha="center", va="center", color=ink, fontsize=TEXT_PT + 1)


def _square(x: float, y: float, face: str):
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.46, y - 0.46), 0.92, 0.92, facecolor=face, edgecolor="none")
