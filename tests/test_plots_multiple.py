"""The pictures of lab 06 say what the numbers say, in both languages, at every edge."""

import numpy as np
import pytest
from drawings import DRAWINGS, TEN

import rgteach as rg
from rgteach.plots import multiple, promises
from rgteach.plots.page import new_axes
from rgteach.stats.multiplicity import adjust, discoveries


def test_map__a_sign_stands_at_its_feature_and_gene():
    _, ax = new_axes()
    DRAWINGS["multiple.pair_map"](ax)
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
    DRAWINGS["multiple.ladder"](ax)
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
    DRAWINGS["promises.family"](ax)
    tests, chance = ax.lines[0].get_data()
    np.testing.assert_allclose(chance, 1 - 0.99**tests)
