"""Rank-sum explorer: shift one group of tumours, mistype one value, and watch U, AUC and two p-values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.axes import Axes

from rgteach.demos.panel import Control, digits
from rgteach.wording import say

N_AXES = 2
SEED = 4
SIZES = (3, 5, 10, 20, 40)
SHIFTS = (0.0, 0.5, 1.0, 1.5, 2.0)
ADDED = (-20, -10, -5, -2, 0, 2, 5, 10, 20)
SHOWN = ("u", "auc", "p_wilcoxon", "difference", "t", "p_t")


@dataclass(frozen=True)
class View:
    """Two groups, one value of the mutants moved; what both tests say, and would say for other values."""

    mutant: np.ndarray
    wild: np.ndarray
    features: dict[str, float]
    p_wilcoxon: tuple[float, ...]
    p_t: tuple[float, ...]
    outlier: float


def compute(shift, outlier, size) -> View:
    """Arrays: the groups of this setting, and both tests for every place of the one moved value."""
    mutant, wild = _groups(size)
    mutant = mutant + shift
    p_wilcoxon, p_t = zip(*(_both_p(_moved(mutant, added), wild) for added in ADDED), strict=True)
    now = _moved(mutant, outlier)
    return View(now, wild, _numbers(now, wild), p_wilcoxon, p_t, outlier)


def draw(axes, view: View):
    """Draw the patients, and both p-values against the place of the moved value."""
    from rgteach.plots.chance import p_lines
    from rgteach.plots.groups import strip
    from rgteach.plots.style import label, style

    with style():
        values = np.concatenate((view.wild, view.mutant))
        carriers = np.repeat((False, True), (len(view.wild), len(view.mutant)))
        strip(axes[0], values, carriers, feature=label("demo-wilcoxon-feature"), means=True)
        lines = {label("demo-wilcoxon-rank"): view.p_wilcoxon, label("demo-wilcoxon-welch"): view.p_t}
        p_lines(axes[1], ADDED, lines, over=label("demo-wilcoxon-outlier"), marked=view.outlier)
    return axes


def rows(view: View) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: what each test looks at, and its p-value."""
    header = (say("demo-wilcoxon-number"), say("demo-wilcoxon-value"))
    return header, [(say(f"demo-wilcoxon-{name}"), digits(view.features[name])) for name in SHOWN]


def controls() -> tuple[Control, ...]:
    """How far the mutants are shifted, how far one of them is moved besides, how many patients there are."""
    return (
        Control("shift", SHIFTS, 1.0, lambda sd: f"{sd:g}"),
        Control("outlier", ADDED, 0, lambda sd: f"{sd:+d}" if sd else "0"),
        Control("size", SIZES, 20, str),
    )


def thumbnail(ax: Axes) -> Axes:
    """Two groups of points, one value of the second far away."""
    from rgteach.plots.style import COLOURS

    mutant, wild = _groups(20)
    across = np.linspace(-0.25, 0.25, len(wild))
    ax.plot(wild, across, "o", color=COLOURS["blue"], ms=6, mew=0)
    ax.plot(_moved(mutant + 1, 3.5), 1 + across, "s", color=COLOURS["vermilion"], ms=6, mew=0)
    ax.set_ylim(-0.6, 1.6)
    return ax


@cache
def _groups(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Two groups of standard normal values; smaller groups are the first patients of larger ones."""
    drawn = np.random.default_rng(SEED).standard_normal((2, SIZES[-1]))
    return drawn[0, :size], drawn[1, :size]


def _moved(mutant: np.ndarray, added: float) -> np.ndarray:
    """The mutants after the highest of them has been moved."""
    moved = mutant.copy()
    moved[moved.argmax()] += added
    return moved


def _numbers(mutant: np.ndarray, wild: np.ndarray) -> dict[str, float]:
    from rgteach.stats.association import wilcoxon
    from rgteach.stats.means import welch

    ranks, means = wilcoxon(mutant, wild), welch(mutant, wild)
    return {
        "u": ranks.statistic,
        "auc": ranks.effect.value,
        "p_wilcoxon": ranks.p_value,
        "difference": means.shift.value,
        "t": means.statistic,
        "p_t": means.p_value,
    }


def _both_p(mutant: np.ndarray, wild: np.ndarray) -> tuple[float, float]:
    numbers = _numbers(mutant, wild)
    return numbers["p_wilcoxon"], numbers["p_t"]
