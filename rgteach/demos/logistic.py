"""Separation explorer: move one patient until the classes part, and watch the slope run away."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache

import numpy as np

from rgteach.demos.panel import Control, digits
from rgteach.errors import LearnerWarning
from rgteach.wording import say

N_AXES = 2
LOWEST_MUTANT = 0.4
PLACES = (2.0, 1.6, 1.2, 0.8, 0.5, 0.4, 0.3, 0.0, -0.4, -0.8)  # of the one patient, from deep inside outwards
SIZES = (3, 6, 12, 24)
STEPS = (5, 10, 15, 20, 25)
SHOWN = ("slope", "se", "p_wald", "p_lr", "firth", "firth_low", "firth_high")


@dataclass(frozen=True)
class View:
    """The patients of this setting, their fits, and the slopes for every place of the one moved patient."""

    x: np.ndarray
    y: np.ndarray
    place: float
    ml: tuple[float, float]
    firth: tuple[float, float]
    features: dict[str, float]
    slopes: tuple[float, ...]
    firth_slopes: tuple[float, ...]


def compute(place, steps, size) -> View:
    """Arrays: fit both ways at every place of the moved patient; look closer at the one in force."""
    fits = {where: (_newton(*_patients(where, size), steps), _firth(where, size)) for where in PLACES}
    x, y = _patients(place, size)
    (ml, se), firth = fits[place]
    return View(
        x=x,
        y=y,
        place=place,
        ml=ml,
        firth=(firth.intercept, float(firth.coef[0])),
        features=_numbers(place, size, ml, se, firth),
        slopes=tuple(fit[0][0][1] for fit in fits.values()),
        firth_slopes=tuple(float(fit[1].coef[0]) for fit in fits.values()),
    )


def draw(axes, view: View):
    """Draw the patients with both curves, and both slopes against the place of the moved patient."""
    from rgteach.plots.fits import patients
    from rgteach.plots.style import label, style

    with style():
        curves = {label("lab05-newton"): view.ml, label("lab05-firth"): view.firth}
        patients(axes[0], view.x, view.y, curves=curves, feature=label("demo-logistic-feature"))
        mark = {"ms": 16, "mfc": "none", "mec": "black", "mew": 2}
        axes[0].plot([view.place], [-0.14], "o", **mark)  # where the first of a group is drawn
        _slope_lines(axes[1], view)
    return axes


def rows(view: View) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: what a program would print, and what stands on firm ground."""
    header = (say("demo-logistic-number"), say("demo-logistic-value"))
    told = [(say(f"demo-logistic-{name}"), digits(view.features[name])) for name in SHOWN]
    state = ("overlap", "quasi", "complete")[int(view.features["state"])]
    return header, [(say("demo-logistic-state"), say(f"demo-logistic-{state}")), *told]


def controls() -> tuple[Control, ...]:
    """Where one wild type lies, after how many steps a program stops, how many patients there are."""
    return (
        Control("place", PLACES, 0.8, lambda sd: f"{sd:+.1f}" if sd else "0"),
        Control("steps", STEPS, 10, str),
        Control("size", SIZES, 6, str),
    )


def thumbnail(ax):
    """Two groups that lie apart, and curves that get steeper and steeper between them."""
    from rgteach.plots.style import COLOURS

    x, y = _patients(-0.4, 6)
    along = np.linspace(x.min(), x.max(), 200)
    for slope, dash in ((2, "--"), (6, "--"), (40, "-")):
        ax.plot(along, 1 / (1 + np.exp(-slope * along)), dash, color=COLOURS["green"], lw=2)
    for group, (colour, mark) in enumerate((("blue", "o"), ("vermilion", "s"))):
        mine = x[y == bool(group)]
        ax.plot(mine, np.full(len(mine), (-0.1, 1.1)[group]), mark, color=COLOURS[colour], ms=7, mew=0)
    return ax


@cache
def _patients(place: float, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Wild types from −2.2 to −1, mutants from 0.4 to 2.2, and one wild type of its own."""
    wild, mutant = np.linspace(-2.2, -1.0, size - 1), np.linspace(LOWEST_MUTANT, 2.2, size)
    return np.concatenate(([place], wild, mutant)), np.repeat((False, True), size)


def _newton(x: np.ndarray, y: np.ndarray, steps: int) -> tuple[tuple[float, float], float]:
    """Intercept, slope and standard error where a program that never doubts would stop."""
    from rgteach.core.logistic import evaluate

    design = np.column_stack((np.ones_like(x), x))
    cases = np.column_stack((y.astype(float), np.ones_like(x), np.zeros_like(x)))
    coef = np.zeros(2)
    for _ in range(steps):
        _, _, score, information = evaluate(design, cases, coef)
        coef = coef + np.linalg.solve(information, score)
    information = evaluate(design, cases, coef)[3]
    return (float(coef[0]), float(coef[1])), float(np.sqrt(np.linalg.inv(information)[1, 1]))


@cache
def _firth(place: float, size: int):
    from rgteach.models.logistic import logistic

    return logistic(*_patients(place, size), method="firth")


def _numbers(place: float, size: int, ml: tuple[float, float], se: float, firth) -> dict[str, float]:
    from scipy.stats import norm

    from rgteach.models.logistic import logistic

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LearnerWarning)  # the table says so itself
        exact = logistic(*_patients(place, size))
    kinds = {None: 0, "quasi": 1, "complete": 2}
    low, high = firth.interval("profile")[0]
    return {
        "state": kinds[exact.separation and exact.separation.kind],
        "slope": ml[1],
        "se": se,
        "p_wald": float(2 * norm.sf(abs(ml[1]) / se)),
        "p_lr": float(exact.p_lr[0]),
        "firth": float(firth.coef[0]),
        "firth_low": float(low),
        "firth_high": float(high),
    }


def _slope_lines(ax, view: View) -> None:
    from rgteach.plots.page import describe
    from rgteach.plots.style import COLOURS, label

    for values, colour, mark, name in (
        (view.slopes, "black", "o-", "newton"),
        (view.firth_slopes, "green", "s--", "firth"),
    ):
        ax.plot(PLACES, values, mark, color=COLOURS[colour], label=label(f"lab05-{name}"))
    ax.axvspan(min(PLACES) - 0.1, LOWEST_MUTANT, color="lightgray", alpha=0.6, lw=0)
    ax.axvline(view.place, color="black", lw=1, ls=":")
    ax.set_yscale("log")
    ax.set_ylim(0.3, 1000)
    ax.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    ax.minorticks_off()
    ax.set_xlabel(label("demo-logistic-place-axis"))
    ax.set_ylabel(label("demo-logistic-slope-axis"))
    ax.set_title(label("demo-logistic-apart"), loc="left")
    ends = {"first": f"{view.slopes[0]:.2g}", "last": f"{view.slopes[-1]:.2g}"}
    firth = {"first_firth": f"{view.firth_slopes[0]:.2g}", "last_firth": f"{view.firth_slopes[-1]:.2g}"}
    describe(ax, say("demo-logistic-alt", **ends, **firth))
