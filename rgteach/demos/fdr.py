"""A thousand tests whose truth is known: what three rules find, what they miss, what they make up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.axes import Axes

from rgteach.demos.panel import Control
from rgteach.wording import say

N_AXES = 2
N_TESTS = 1000
STUDIES = 100  # behind the mean share of false discoveries
METHODS = ("none", "bonferroni", "bh")
SEED = 6
BINS = np.linspace(0, 1, 21)
COUNTED = ("true", "false", "missed")


@dataclass(frozen=True)
class View:
    """One study, and what each rule does in it."""

    p: np.ndarray
    real: np.ndarray
    counts: dict[str, tuple[int, int, int]]
    features: dict[str, float]


def compute(share, alpha, effect) -> View:
    """Arrays: p-values of one study with this share of true effects, counts by rule, means of 100 studies."""
    from scipy.special import erfc

    n_effects = round(N_TESTS * share / 100)
    real = np.arange(N_TESTS) < n_effects
    p = erfc(np.abs(_noise() + effect * real) / np.sqrt(2))
    counts = {method: _count(_found(p, alpha, method), real) for method in METHODS}
    features = {f"{m}_{name}": n for m in METHODS for name, n in zip(COUNTED, counts[m], strict=True)}
    features |= {f"{m}_fdr": _mean_share(n_effects, alpha, effect, m) for m in METHODS}
    return View(p, real, counts, features)


def draw(axes, view: View):
    """Draw the p-values by truth, and a bar for each rule: found, made up, missed."""
    from rgteach.plots.style import style

    with style():
        _histogram(axes[0], view)
        _bars(axes[1], view)
    return axes


def rows(view: View) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: the counts of this study, and the mean share of many."""
    columns = ("rule", "true", "false", "missed", "here", "mean")
    header = tuple(say(f"demo-fdr-{name}") for name in columns)
    lines = []
    for method in METHODS:
        true, false, missed = view.counts[method]
        here = f"{false / max(true + false, 1):.0%}" if true + false else "–"
        mean = f"{view.features[f'{method}_fdr']:.1%}"
        lines.append((say(f"adjust-{method}"), f"{true}", f"{false}", f"{missed}", here, mean))
    return header, lines


def controls() -> tuple[Control, ...]:
    """How many tests have an effect, the level, and how large an effect is in standard errors."""
    return (
        Control("share", (0, 1, 2, 5, 10, 20, 50, 80), 5, lambda share: f"{share} %"),
        Control("alpha", (0.001, 0.01, 0.05, 0.1, 0.2, 0.5), 0.05, str),
        Control("effect", (1.0, 2.0, 2.5, 3.0, 4.0, 5.0), 3.0, str),
    )


def thumbnail(ax: Axes) -> Axes:
    """P-values in order and a bound that rises with the rank."""
    from rgteach.plots.style import COLOURS

    p = np.concatenate((0.05 * np.linspace(0, 1, 14) ** 2, np.linspace(0.1, 1, 18)))
    ranks = np.arange(1, len(p) + 1)
    found = p <= 0.012 * ranks
    ax.plot(ranks, 0.012 * ranks, color=COLOURS["green"], lw=3)
    ax.plot(ranks[found], p[found], "o", color=COLOURS["blue"], ms=6, mew=0)
    ax.plot(ranks[~found], p[~found], "x", color=COLOURS["vermilion"], ms=6, mew=2)
    ax.set_ylim(-0.03, 0.8)
    return ax


@cache
def _noise() -> np.ndarray:
    return np.random.default_rng(SEED).standard_normal(N_TESTS)


def _found(p: np.ndarray, alpha: float, method: str) -> np.ndarray:
    from rgteach.stats.multiplicity import discoveries

    return p <= alpha if method == "none" else discoveries(p, alpha, method).mask


def _count(found: np.ndarray, real: np.ndarray) -> tuple[int, int, int]:
    return int((found & real).sum()), int((found & ~real).sum()), int((real & ~found).sum())


@cache
def _mean_share(n_effects: int, alpha: float, effect: float, method: str) -> float:
    """Mean share of false ones among the discoveries: the false discovery rate, simulated."""
    from rgteach.stats.error_rates import error_rates

    setting = {"n_tests": N_TESTS, "n_effects": n_effects, "repetitions": STUDIES, "seed": SEED}
    return error_rates(alpha=alpha, effect=effect, method=method, **setting).fdr.value


def _histogram(ax: Axes, view: View) -> None:
    from rgteach.plots.page import describe
    from rgteach.plots.style import COLOURS, label

    null, real = (np.histogram(view.p[view.real == flag], BINS)[0] for flag in (False, True))
    ax.stairs(null, BINS, fill=True, color=COLOURS["sky"], label=label("demo-fdr-null"))
    ax.stairs(
        null + real,
        BINS,
        baseline=null,
        fill=True,
        facecolor=COLOURS["orange"],
        edgecolor="black",
        hatch="//",
        label=label("demo-fdr-real"),
    )
    ax.set_xlim(0, 1)
    ax.set_ylim(0, max((null + real).max(), 1) * 1.05)
    ax.set_xlabel(label("plot-p"))
    ax.set_ylabel(label("plot-n-tests"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), fontsize=13)
    describe(ax, say("demo-fdr-alt-p", n=N_TESTS, real=int(view.real.sum()), first=int(null[0] + real[0])))


def _bars(ax: Axes, view: View) -> None:
    from rgteach.plots.page import describe
    from rgteach.plots.style import COLOURS, label

    looks = {"true": ("blue", ""), "false": ("vermilion", "xx"), "missed": ("white", "")}
    left = np.zeros(len(METHODS))
    for k, name in enumerate(COUNTED):
        width = np.array([view.counts[method][k] for method in METHODS], float)
        colour, hatch = looks[name]
        face = COLOURS.get(colour, colour)
        told = label(f"demo-fdr-{name}")
        ax.barh(METHODS, width, left=left, color=face, edgecolor="black", hatch=hatch, height=0.6, label=told)
        left += width
    ax.set_yticks(range(len(METHODS)), [label(f"demo-fdr-short-{method}") for method in METHODS], fontsize=13)
    ax.invert_yaxis()
    ax.set_xlim(0, max(left.max(), 10) * 1.05)  # whole tests on the axis, also where there are none
    ax.locator_params(axis="x", nbins=4)
    ax.set_xlabel(label("plot-n-tests"))
    ax.legend(loc="lower center", bbox_to_anchor=(0.35, 1.0), fontsize=13, ncols=2, columnspacing=0.8)
    told = "; ".join(
        say("demo-fdr-alt-rule", rule=say(f"adjust-{m}"), true=a, false=b, missed=c)
        for m, (a, b, c) in view.counts.items()
    )
    describe(ax, say("demo-fdr-alt-bars", told=told))
