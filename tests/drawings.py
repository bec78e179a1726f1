"""One small example of every figure of `rgteach.plots` and of its edges: module, function, edge."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module

import numpy as np
from matplotlib.figure import Figure

import rgteach as rg
from rgteach import plots
from rgteach.plots import (
    anatomy,
    chance,
    fits,
    groups,
    histograms,
    matrices,
    multiple,
    odds,
    paths,
    penalties,
    promises,
    scanning,
    selected,
    series,
)
from rgteach.stats.error_rates import error_rates

EIGHT = [2, 2, 3, 3, 5, 5, 6, 10]
HARALICK = np.array([[1, 1, 2, 2], [1, 1, 2, 2], [1, 3, 3, 3], [3, 3, 4, 4]])
RIGHT = np.array([[2, 2, 1, 0], [0, 2, 0, 0], [0, 0, 3, 1], [0, 0, 0, 1]])
LINES = {"I": [0.9, 0.5, 0.1], "II": [0.95, 0.7, 0.3]}
POINTS = {"I": np.array([[0.1, 0.9], [0.4, 0.6]]), "II": np.array([[0.2, 0.3], [0.5, 0.5]])}
MUTANT, WILD = [0.9, 2.5, 6.5], [0.2, 0.5, 1.4, 2.9]
VALUES, CARRIERS = [*MUTANT, *WILD], [1, 1, 1, 0, 0, 0, 0]
NULL = np.array([1, 1, 2, 3, 4, 4, 5, 4, 4, 3, 2, 1, 1]) / 35
X = np.array([-2.0, -1.0, -0.5, 0.0, 0.4, 1.0, 1.5, 2.0])
Y = np.array([0, 0, 1, 0, 0, 1, 1, 1])
TOP = (-0.359, 1.689)  # the fit of y on x
B = np.linspace(-1, 3, 101)
TEN = np.array([0.21, 0.001, 0.060, 0.017, 0.62, 0.0052, 0.90, 0.019, 0.35, 0.040])
MAPPED = np.zeros((12, 4), bool)
MAPPED[3, 1] = True
P = [1e-6, 0.01, 0.2, 0.8]
EFFECT = [0.9, 0.2, 0.6, 0.51]
CHOSEN = np.array([[1, 0, 1, 0]] * 2 + [[0, 0, 1, 0]] * 4, bool)
SHIFT = [0.8, 0, 0.7, 0]


@cache
def _brain():
    """A small scan with two labels on it."""
    patient = rg.cohorts.glioma(seed=1, size="small")
    return patient.image("FLAIR"), patient.labels


@cache
def _patients():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 12)) * np.linspace(1, 5, 12)
    return X, (X[:, 0] - X[:, 3] / 2 + rng.normal(size=60) > 0).astype(int)


@cache
def _path():
    return rg.lasso_path(*_patients(), family="binomial", n_lam=20)


@cache
def _stable():
    return rg.stability_selection(*_patients(), family="binomial", pairs=10, q=4)


@cache
def _rates():
    return {m: error_rates(n_tests=40, n_effects=4, repetitions=20, method=m) for m in ("none", "bh")}


def _by_scanner() -> Figure:
    fig, axes = plots.new_axes(3)
    assert groups.by_scanner(axes, VALUES, CARRIERS, [0, 1, 1, 0, 0, 0, 1], [0.1, 0.2, 0.3]) is axes
    return fig


# Functions that take the axes, and return them.
DRAWINGS: dict[str, Callable] = {
    "anatomy.slice_view": lambda ax: anatomy.slice_view(
        ax, _brain()[0], mask=_brain()[1], names={1: "core", 2: "rim"}, unit="a.u."
    ),
    "anatomy.level_view": lambda ax: anatomy.level_view(ax, [[[0, 1, 2], [3, 4, 0]]]),
    "chance.null_bars": lambda ax: chance.null_bars(ax, np.arange(13), NULL, 9, curve=(6, 2.83)),
    "chance.p_lines": lambda ax: chance.p_lines(ax, [0, 1], {"W": [0.01, 0.2]}, over="x", marked=1),
    "chance.false_alarms": lambda ax: chance.false_alarms(
        ax, [1, 2], {key: [0.05, 0.1] for key in chance.ALARMS}, 99
    ),
    "chance.forest": lambda ax: chance.forest(ax, {"a": rg.wilcoxon(MUTANT, WILD).effect}, {"a": 0.5}),
    "fits.patients": lambda ax: fits.patients(
        ax, X, Y, curves={"fit": (-0.3, 1.1), "truth": (0, 1)}, feature="texture"
    ),
    "fits.patients-none": lambda ax: fits.patients(ax, X, np.zeros(8), feature="texture", doublings=True),
    "fits.shares": lambda ax: fits.shares(ax, [-2.0, 2.0], [1, 20], [34, 33], line=(0.3, 0.2), feature="x"),
    "fits.shares-odds": lambda ax: fits.shares(
        ax, [-2.0, 2.0], [1, 20], [34, 33], line=(0.0, 1.0), log_odds=True
    ),
    "fits.sticks": lambda ax: fits.sticks(ax, X, Y, (0.0, 1.0), feature="texture", doublings=True),
    "fits.hill": lambda ax: fits.hill(
        ax, X, Y, {"steps": [(0, 0), (0, 0.7)], "Newton": [(0, 0), (-0.2, 1.0), TOP]}, top=TOP
    ),
    "groups.strip": lambda ax: groups.strip(ax, VALUES, CARRIERS, feature="texture", means=True),
    "groups.strip-empty": lambda ax: groups.strip(ax, [1.0, np.nan], [0, 1]),
    "groups.ladder": lambda ax: groups.ladder(ax, MUTANT, WILD),
    "groups.pair_grid": lambda ax: groups.pair_grid(ax, MUTANT, WILD),
    "groups.pair_grid-many": lambda ax: groups.pair_grid(ax, np.arange(60), np.arange(70)),
    "groups.shapes": lambda ax: groups.shapes(ax, MUTANT, WILD, ("A", "B")),
    "histograms.number_line": lambda ax: histograms.number_line(ax, EIGHT, [2, 4, 6, 8, 10], title="t"),
    "histograms.number_line-bare": lambda ax: histograms.number_line(ax, EIGHT),
    "histograms.balance": lambda ax: histograms.balance(ax, EIGHT),
    "histograms.bars": lambda ax: histograms.bars(ax, [0.5, 0.25, 0.25, 0], questions=True),
    "histograms.bars-many": lambda ax: histograms.bars(ax, np.full(64, 1 / 64)),
    "histograms.shapes": lambda ax: histograms.shapes(ax, "skewness"),
    "histograms.shapes-kurtosis": lambda ax: histograms.shapes(ax, "kurtosis"),
    "histograms.tissues": lambda ax: histograms.tissues(ax, [-800, -100, 40, 50, 500]),
    "histograms.overlay": lambda ax: histograms.overlay(
        ax, {"scanner-1": [1, 2, 3], "other": [2, 3, 4]}, unit="a.u."
    ),
    "histograms.cohort": lambda ax: histograms.cohort(
        ax, {"mean": [1, 2, 3, 4], "x": [4, 3, 2, 2]}, [0, 1, 0, 1]
    ),
    "matrices.number_grid": lambda ax: matrices.number_grid(ax, HARALICK, step=(0, 1)),
    "matrices.number_grid-row": lambda ax: matrices.number_grid(ax, [1, 2, 2]),
    "matrices.matrix_view": lambda ax: matrices.matrix_view(ax, RIGHT),
    "matrices.matrix_view-many": lambda ax: matrices.matrix_view(ax, np.eye(16) / 16),
    "multiple.pair_map": lambda ax: multiple.pair_map(ax, {"small": MAPPED}, list("ABCD")),
    "multiple.pair_map-empty": lambda ax: multiple.pair_map(
        ax, {"cause": ~MAPPED, "missed": MAPPED & False}, list("ABCD")
    ),
    "multiple.ladder": lambda ax: multiple.ladder(
        ax, TEN, 0.05, ["none", "bonferroni", "holm", "by", "bh"], first=6
    ),
    "multiple.ladder-none": lambda ax: multiple.ladder(ax, [0.5, 0.9], 0.05, ["none"]),
    "multiple.adjusted_view": lambda ax: multiple.adjusted_view(ax, TEN, first=6),
    "multiple.adjusted_view-one": lambda ax: multiple.adjusted_view(ax, [0.3]),
    "multiple.survivors": lambda ax: multiple.survivors(ax, [0.001, 0.2, np.nan]),
    "multiple.survivors-none": lambda ax: multiple.survivors(ax, [1.0]),
    "multiple.crossed": lambda ax: multiple.crossed(ax, [1, 2, 3, 4], [0, 0, 1, 1], [0, 1, 0, 1], "AB"),
    "multiple.crossed-empty": lambda ax: multiple.crossed(ax, [1, 2], [0, 1], [0, 0], ("A", "B")),
    "multiple.smallest": lambda ax: multiple.smallest(ax, [1, 2, 3], [0.05, 2e-3, 1e-6], line=1e-3),
    "odds.slopes": lambda ax: odds.slopes(ax, [0.8, 1.0, 1.0, 1.1, 1.2], 1.0, 0.15),
    "odds.three_tests": lambda ax: odds.three_tests(
        ax, B, -0.5 * ((B - 1) / 0.5) ** 2, top=(1.0, 0.0), se=0.5
    ),
    "odds.runaway": lambda ax: odds.runaway(
        ax, 2 * B, {"ML": -np.exp(-B), "Firth": -((B - 1) ** 2)}, {"solver": 5.5}
    ),
    "odds.few_events": lambda ax: odds.few_events(
        ax,
        (1, 4),
        {"ml": [[1.0, 1.2, np.inf], [1.5, np.inf, np.inf]], "firth": [[0.9, 1.0, 1.1], [0.8, 1.0, 1.4]]},
        truth=1.0,
        n_events=12,
    ),
    "odds.forest": lambda ax: odds.forest(
        ax, {"alone": {"one": (2.0, 1.0, 4.0)}, "both": {"one": (1.1, 0.5, 2.2)}}, {"one": 1.0}
    ),
    "odds.by_scanner": lambda ax: odds.by_scanner(
        ax, X, Y, np.tile([0, 1], 4), (0.0, 0.5, -1.0), feature="texture"
    ),
    "paths.path_lines": lambda ax: paths.path_lines(ax, _path(), named=3, marks={"here": _path().lam[5]}),
    "paths.path_lines-groups": lambda ax: paths.path_lines(ax, _path(), groups={"a": [0, 1], "b": [3]}),
    "paths.error_curve": lambda ax: paths.error_curve(
        ax, rg.lasso_cv(*_patients(), family="binomial", folds=5, n_lam=20)
    ),
    "penalties.price": lambda ax: penalties.price(ax, -0.4, (0, 0.1, 0.5)),
    "penalties.rules": lambda ax: penalties.rules(ax, 0.3, ("soft", "ridge", "elastic")),
    "penalties.walk": lambda ax: penalties.walk(
        ax,
        lambda a, b: a * a + b * b,
        [(0, 0), (0.2, 0), (0.2, 0.3)],
        names=("one", "two"),
        others={"λ = 0": (0.1, 0.4)},
    ),
    "promises.per_study": lambda ax: promises.per_study(
        ax, {"x": [0, 1, 2], "y": [0, 0, 5]}, np.arange(-0.5, 7)
    ),
    "promises.per_study-unnamed": lambda ax: promises.per_study(
        ax, {"": [3, 4]}, [2.5, 3.5, 4.5], show="small-count"
    ),
    "promises.family": lambda ax: promises.family(ax, 0.01, {1: 0.01, 70: 0.52}),
    "promises.rates": lambda ax: promises.rates(ax, _rates(), 0.05),
    "promises.by_bin": lambda ax: promises.by_bin(
        ax, [0.01, 0.03, 0.04], [True, False, True], (0, 0.02, 0.05)
    ),
    "promises.stems": lambda ax: promises.stems(ax, [0, 3, 0, 12], title="together", top=13),
    "promises.stems-none": lambda ax: promises.stems(ax, [0, 0], title="independent", top=13),
    "scanning.volcano": lambda ax: scanning.volcano(ax, EFFECT, P, hit=[1, 0, 0, 0], line=1e-6, numbered=2),
    "scanning.volcano-none": lambda ax: scanning.volcano(ax, EFFECT, P, line=0.0125, reached=False),
    "scanning.volcano-rho": lambda ax: scanning.volcano(ax, [-0.5, 0.2, 0, 0.1], P, measure="rho"),
    "scanning.volcano-one": lambda ax: scanning.volcano(ax, [0.5], [1.0], numbered=5),
    "scanning.volcano-zero": lambda ax: scanning.volcano(ax, [1.0, 0.4], [0.0, 0.5], line=0.0),
    "scanning.volcano-empty": lambda ax: scanning.volcano(ax, [], []),
    "scanning.p_histogram": lambda ax: scanning.p_histogram(ax, [9, 3, 2, 2]),
    "scanning.p_histogram-one": lambda ax: scanning.p_histogram(ax, [0] * 19 + [1]),
    "scanning.qq": lambda ax: scanning.qq(ax, [0.125, 0.375, 0.625, 0.875], P, n_tests=4),
    "scanning.qq-one": lambda ax: scanning.qq(ax, [0.5], [0.0], n_tests=1),
    "scanning.effects": lambda ax: scanning.effects(
        ax, ["a", "b"], [0.9, 0.2], [0.8, np.nan], [0.95, np.nan]
    ),
    "scanning.effects-rho": lambda ax: scanning.effects(ax, ["a"], [-0.4], [-0.6], [-0.1], measure="rho"),
    "scanning.groups": lambda ax: scanning.groups(
        ax, [1, 2, 3, 4, np.nan], [0, 0, 1, 1, 1], feature="x", gene="G"
    ),
    "scanning.groups-many": lambda ax: scanning.groups(ax, range(300), [0, 1] * 150, feature="x", gene="G"),
    "scanning.groups-nobody": lambda ax: scanning.groups(ax, [1, 2], [0, np.nan], feature="x", gene="G"),
    "scanning.cloud": lambda ax: scanning.cloud(ax, [1, 2, np.nan], [0, 1, 2], feature="x", gene="G"),
    "selected.swaps": lambda ax: selected.swaps(ax, CHOSEN, list("abcd"), bold=["c"]),
    "selected.often": lambda ax: selected.often(ax, _stable()),
    "selected.columns": lambda ax: selected.columns(
        ax, {kind: [0.9, 0.8, 0.4 + 0.1 * k] for k, kind in enumerate(selected.KINDS[2:])}
    ),
    "selected.moved": lambda ax: selected.moved(ax, SHIFT, chosen=[0, 1], stable=[0]),
    "selected.moved-nothing": lambda ax: selected.moved(ax, [0.0, 0.0], chosen=[], stable=[]),
    "series.curves": lambda ax: series.curves(ax, [1, 2, 3], LINES, over="distance", show="correlation"),
    "series.clouds": lambda ax: series.clouds(ax, [3, 6], POINTS, over="side", show="correlation"),
    "series.two_groups": lambda ax: series.two_groups(ax, [1, 2, 3, 4], [0, 1, 0, 1], title="sd"),
}
# Functions that make their own figure, or fill several axes.
FIGURES: dict[str, Callable[[], Figure]] = {
    "groups.by_scanner": _by_scanner,
    "matrices.counting": lambda: matrices.counting(HARALICK, RIGHT, step=(0, 1)),
    "matrices.side_by_side": lambda: matrices.side_by_side({"I": np.eye(16) / 16, "II": RIGHT / 12}),
    "matrices.weight_maps": lambda: matrices.weight_maps(4),
    "matrices.directions": matrices.directions,
}
EXAMPLES = (*DRAWINGS, *FIGURES)
MACHINERY = {"page"}  # says how a figure comes on the page; holds none


def made(name: str) -> Figure:
    """The figure of an example; its function gives back the axes that it was given."""
    if name in FIGURES:
        return FIGURES[name]()
    fig, ax = plots.new_axes()
    assert DRAWINGS[name](ax) is ax
    return fig


def public() -> dict[str, str]:
    """Every public function of `rgteach.plots` that draws, with what it says that it returns."""
    found = {}
    for name in {module.name for module in pkgutil.iter_modules(plots.__path__)} - MACHINERY:
        module = import_module(f"rgteach.plots.{name}")
        for key, one in inspect.getmembers(module, inspect.isfunction):
            if one.__module__ == module.__name__ and not key.startswith("_") and _draws(one):
                found[f"{name}.{key}"] = str(inspect.signature(one).return_annotation)
    return found


def _draws(one: Callable) -> bool:
    how = inspect.signature(one)
    return next(iter(how.parameters), "") in ("ax", "axes") or str(how.return_annotation) == "Figure"
