"""Penalty explorer: features that say nearly the same; set the penalty, mix it, change the patients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.axes import Axes

from rgteach.demos.panel import Control, digits
from rgteach.wording import say

N_AXES = 2
SEED = 7
N_PATIENTS = 80
N_OF_A_KIND = 8  # versions of one texture, as from eight bin widths
ALIKE = 0.95  # their correlation
FAMILIES = ("moved", "still")  # the first goes with the gene's expression, the second does not
SHARES = (3.0, 1.0, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02)  # of the lasso's λmax
MIXES = (1.0, 0.9, 0.5, 0.2, 0.05, 0.0)
DRAWS = (0, 1, 2, 3, 4, 5, 6)
GRID = np.geomspace(SHARES[0], SHARES[-1], 41)
SHOWN = ("moved_in", "still_in", "largest", "ratio", "explained")


@dataclass(frozen=True)
class View:
    """Coefficients along the path and at one penalty, of two families of features."""

    shares: np.ndarray
    path: np.ndarray
    coef: np.ndarray
    now: float
    features: dict[str, float]


def compute(share, mix, draw) -> View:
    """Arrays: the path of these patients with this mix, and the coefficients at one penalty."""
    from rgteach.models.penalised import lasso_path

    X, y = _patients(draw)
    top = np.abs(X.T @ (y - y.mean())).max() / len(y)
    shares = np.unique(np.append(GRID, share))[::-1]
    path = lasso_path(X, y, l1_ratio=mix, lam=shares * top)
    at = int(np.argmin(np.abs(shares - share)))
    return View(shares, path.coef, path.coef[at], share, _numbers(path.coef[at], path.deviance_ratio[at]))


def draw(axes, view: View):
    """Draw the path of both families with the penalty in force, and the coefficients there."""
    from rgteach.plots.style import style

    with style():
        _path(axes[0], view)
        _bars(axes[1], view)
    return axes


def rows(view: View) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: who is in, how large, how shared."""
    header = (say("demo-lasso-number"), say("demo-lasso-value"))
    return header, [(say(f"demo-lasso-{name}"), digits(view.features[name])) for name in SHOWN]


def controls() -> tuple[Control, ...]:
    """How strong the penalty is, how it is mixed, and which patients were drawn."""
    return (
        Control("share", SHARES, 0.5, lambda s: f"{s:g} λmax"),
        Control("mix", MIXES, 1.0, lambda m: f"{m:g}"),
        Control("draw", DRAWS, 0, lambda d: say("demo-lasso-draw-all") if d == 0 else f"{d}"),
    )


def thumbnail(ax: Axes) -> Axes:
    """Coefficients that enter one after the other as the penalty falls."""
    from rgteach.plots.style import COLOURS

    share = np.geomspace(1, 0.02, 60)
    for k, (start, height) in enumerate(((0.9, 1.0), (0.5, 0.7), (0.35, -0.5), (0.15, 0.3), (0.08, -0.2))):
        coef = height * np.clip(1 - share / start, 0, None)
        colour, dash = (("blue", "-"), ("vermilion", "--"))[k >= 3]
        ax.plot(-np.log(share), coef, dash, color=COLOURS[colour], lw=2.5)
    ax.axhline(0, color="#808080", lw=1)
    return ax


@cache
def _patients(draw: int) -> tuple[np.ndarray, np.ndarray]:
    """Standardised features of two families and the expression of a gene; from 1 on a bootstrap sample."""
    rng = np.random.default_rng(SEED)
    factors = np.repeat(rng.standard_normal((N_PATIENTS, len(FAMILIES))), N_OF_A_KIND, axis=1)
    X = np.sqrt(ALIKE) * factors + np.sqrt(1 - ALIKE) * rng.standard_normal(factors.shape)
    y = factors[:, 0] + rng.standard_normal(N_PATIENTS)
    if draw:
        rows = np.random.default_rng((SEED, draw)).integers(0, N_PATIENTS, N_PATIENTS)
        X, y = X[rows], y[rows]
    return (X - X.mean(axis=0)) / X.std(axis=0), y


def _numbers(coef: np.ndarray, explained: float) -> dict[str, float]:
    moved, still = np.abs(coef[:8]), np.abs(coef[8:])
    return {
        "moved_in": float(np.count_nonzero(moved)),
        "still_in": float(np.count_nonzero(still)),
        "largest": float(moved.max()),
        "ratio": float(moved.sum() / moved.max()) if moved.max() else 0.0,
        "explained": float(explained),
    }


def _path(ax: Axes, view: View) -> None:
    from rgteach.plots.page import describe
    from rgteach.plots.style import COLOURS, label

    for k, (name, colour, line) in enumerate((("moved", "blue", "-"), ("still", "orange", "--"))):
        lines = ax.plot(view.shares, view.path[:, 8 * k : 8 * k + 8], line, color=COLOURS[colour], lw=1.8)
        lines[0].set_label(label(f"demo-lasso-{name}"))
    ax.axvline(view.now, color="black", linestyle=":")
    ax.set_xscale("log")
    ax.set_xlim(view.shares[0], view.shares[-1])
    ax.set_xticks([1, 0.3, 0.1, 0.03], ["1", "0.3", "0.1", "0.03"])
    ax.set_xticks([], minor=True)
    ax.set_xlabel("λ / λmax")
    ax.set_ylabel(label("demo-lasso-coefficient"))
    ax.legend(fontsize=13, loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2, columnspacing=1.0)
    ends = [
        f"{c:.2f}"
        for c in (view.path[-1, :8].max(), view.path[-1, :8].min(), np.abs(view.path[-1, 8:]).max())
    ]
    describe(ax, say("demo-lasso-alt-path", high=ends[0], low=ends[1], other=ends[2]))


def _bars(ax: Axes, view: View) -> None:
    from rgteach.plots.page import describe
    from rgteach.plots.style import COLOURS, label

    place = np.arange(1, 17)
    for k, colour in enumerate(("blue", "orange")):
        mine = slice(8 * k, 8 * k + 8)
        ax.bar(place[mine], view.coef[mine], color=COLOURS[colour], hatch=("", "//")[k], edgecolor="white")
    ax.plot(place[view.coef == 0], np.zeros(int((view.coef == 0).sum())), "x", color="black", ms=6)
    ax.axhline(0, color="gray", linewidth=1)
    reach = max(0.12, 1.1 * np.abs(view.coef).max())
    ax.set_ylim(-0.35 * reach if view.coef.min() > -0.3 * reach else -reach, reach)
    ax.set_xticks([1, 8, 9, 16])
    ax.locator_params(axis="y", nbins=5)
    ax.set_xlabel(label("demo-lasso-feature"))
    told = ", ".join(f"{c:.2f}" for c in view.coef)
    describe(ax, say("demo-lasso-alt-bars", told=told))
