"""The pictures of lab 06 say what the numbers say, in both languages, at every edge."""

import numpy as np
import pytest
from drawing import described

import rgteach as rg
from rgteach.plots import multiple, promises
from rgteach.plots.page import new_axes
from rgteach.stats.error_rates import error_rates
from rgteach.stats.multiplicity import adjust, discoveries
from rgteach.wording import LANGUAGES

TEN = np.array([0.21, 0.001, 0.060, 0.017, 0.62, 0.0052, 0.90, 0.019, 0.35, 0.040])
MASK = np.zeros((12, 4), bool)
MASK[3, 1] = True
RATES = {m: error_rates(n_tests=40, n_effects=4, repetitions=20, method=m) for m in ("none", "bh")}
DRAWINGS = {
    "map": lambda ax: multiple.pair_map(ax, {"small": MASK}, ["A", "B", "C", "D"]),
    "map-empty": lambda ax: multiple.pair_map(ax, {"cause": ~MASK, "missed": MASK & False}, list("ABCD")),
    "ladder": lambda ax: multiple.ladder(ax, TEN, 0.05, ["none", "bonferroni", "holm", "by", "bh"], first=6),
    "ladder-none": lambda ax: multiple.ladder(ax, [0.5, 0.9], 0.05, ["none"]),
    "adjusted": lambda ax: multiple.adjusted_view(ax, TEN, first=6),
    "adjusted-one": lambda ax: multiple.adjusted_view(ax, [0.3]),
    "survivors": lambda ax: multiple.survivors(ax, [0.001, 0.2, np.nan]),
    "survivors-none": lambda ax: multiple.survivors(ax, [1.0]),
    "crossed": lambda ax: multiple.crossed(ax, [1, 2, 3, 4], [0, 0, 1, 1], [0, 1, 0, 1], ("A", "B")),
    "crossed-empty": lambda ax: multiple.crossed(ax, [1, 2], [0, 1], [0, 0], ("A", "B")),
    "smallest": lambda ax: multiple.smallest(ax, [1, 2, 3], [0.05, 2e-3, 1e-6], line=1e-3),
    "studies": lambda ax: promises.per_study(ax, {"x": [0, 1, 2], "y": [0, 0, 5]}, np.arange(-0.5, 7)),
    "studies-unnamed": lambda ax: promises.per_study(ax, {"": [3, 4]}, [2.5, 3.5, 4.5], show="small-count"),
    "family": lambda ax: promises.family(ax, 0.01, {1: 0.01, 70: 0.52}),
    "rates": lambda ax: promises.rates(ax, RATES, 0.05),
    "bins": lambda ax: promises.by_bin(ax, [0.01, 0.03, 0.04], [True, False, True], (0, 0.02, 0.05)),
    "stems": lambda ax: promises.stems(ax, [0, 3, 0, 12], title="together", top=13),
    "stems-none": lambda ax: promises.stems(ax, [0, 0], title="independent", top=13),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing__returns_its_axes_and_describes_them(name, lang):
    described(DRAWINGS[name], lang)


def test_map__a_sign_stands_at_its_feature_and_gene():
    _, ax = new_axes()
    DRAWINGS["map"](ax)
    (sign,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert sign.get_xydata().tolist() == [[4, 1]]
    assert ax.yaxis_inverted()


@pytest.mark.parametrize("method", ["bonferroni", "bh", "by"])
def test_bounds__decide_as_the_library_does(method):
    ordered = np.sort(TEN)
    below = np.flatnonzero(ordered <= multiple.bounds(method, len(TEN), 0.05))
    n = below[-1] + 1 if len(below) else 0
    assert n == discoveries(TEN, 0.05, method).n


def test_bounds__of_holm_hold_up_to_the_first_failure():
    fails = np.sort(TEN) > multiple.bounds("holm", len(TEN), 0.05)
    assert fails.argmax() == discoveries(TEN, 0.05, "holm").n == 2


def test_ladder__fills_the_discoveries_of_the_last_rule():
    _, ax = new_axes()
    DRAWINGS["ladder"](ax)
    filled, open_ = ax.lines[-2:]
    assert filled.get_ydata().tolist() == [0.001, 0.0052, 0.017, 0.019]
    assert open_.get_ydata().tolist() == [0.040, 0.060]


def test_adjusted_view__draws_what_adjust_computes():
    _, ax = new_axes()
    multiple.adjusted_view(ax, TEN)
    np.testing.assert_allclose(ax.lines[1].get_ydata(), np.sort(adjust(TEN)))


def test_survive__counts_what_is_left_and_no_missing_value():
    counts = multiple.survive(np.append(TEN, np.nan))
    assert counts == {"chance": 0.5, "none": 5, "bh": 4, "by": 1, "holm": 2, "bonferroni": 1}


@pytest.mark.parametrize(
    ("p", "word"),
    [([0.5, 0.9], "Nothing is left"), ([0.001, 0.5, 0.9], "A part is left"),
     ([0.001, 0.002, 0.9], "Most are"), ([0.001, 0.002], "All are left")],
)  # fmt: skip
def test_verdict__follows_the_numbers(p, word):
    rg.setup("en")
    assert word in multiple.verdict(p)
    assert multiple.verdict(p).startswith(f"{len(p)} tests.")


def test_shares__are_false_ones_of_each_bin_within_their_interval():
    share, low, high, n = promises.shares([0.01, 0.011, 0.03], [True, False, False], (0, 0.02, 0.04, 0.06))
    np.testing.assert_allclose(share[:2], [0.5, 0.0])
    assert n.tolist() == [2, 1, 0]
    assert np.isnan(share[2])
    assert np.all((low[:2] <= share[:2]) & (share[:2] <= high[:2]))


def test_family__the_curve_is_the_formula():
    _, ax = new_axes()
    DRAWINGS["family"](ax)
    tests, chance = ax.lines[0].get_data()
    np.testing.assert_allclose(chance, 1 - 0.99**tests)
