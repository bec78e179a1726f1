"""Ranks, counts and differences behind the rank-sum test: compiled, plain and slow twins agree."""

import os
import subprocess
import sys
from fractions import Fraction
from itertools import accumulate
from math import comb

import naive_association as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from rgteach.core import counting, wilcoxon
from rgteach.core.ranks import midranks2

few = st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=5)
many = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=9)
sides = st.sampled_from(["two-sided", "greater", "less"])


def ranked(values, kernel=midranks2):
    values = np.array(values, float)
    out = np.empty(len(values), np.int64)
    tie_sum = kernel(values, np.argsort(values), out)
    return out.tolist(), tie_sum


@given(few | many)
def test_midranks2__compiled_equals_plain_equals_slow_twin(values):
    assert ranked(values) == ranked(values, midranks2.py_func) == naive.midranks2(values)


def test_midranks2__by_hand():
    assert ranked([10.0, 20.0, 20.0, 5.0]) == ([4, 7, 7, 2], 2**3 - 2)


def test_midranks2__all_tied_and_nobody():
    assert ranked([7.0] * 5) == ([6] * 5, 5**3 - 5)
    assert ranked([]) == ([], 0)


def test_midranks2__an_offset_of_1e8_changes_nothing():
    values = np.random.default_rng(0).integers(0, 50, 200) / 64
    assert ranked(values + 1e8) == ranked(values)


@pytest.mark.parametrize(("n_x", "n_y"), [(1, 1), (1, 6), (2, 3), (4, 4), (3, 7)])
def test_count_untied__equals_enumeration(n_x, n_y):
    sums = naive.all_sums(range(1, n_x + n_y + 1), n_x)
    expected = np.bincount(np.array(sums) - n_x * (n_x + 1) // 2)
    for count in (counting.count_untied, counting.count_untied.py_func):
        ways = np.zeros(n_x * n_y + 1)
        count(n_x, n_y, ways)
        assert ways.tolist() == expected.tolist()


def test_count_untied__table_of_mann_and_whitney():
    """Their table I (1947, doi:10.1214/aoms/1177730491), n = 4, m = 4: P(U ≤ u) of 0 … 7."""
    below = np.cumsum(counting.untied_counts(4, 4, 7)) / comb(8, 4)
    assert below.round(3).tolist() == [0.014, 0.029, 0.057, 0.100, 0.171, 0.243, 0.343, 0.443]


@pytest.mark.parametrize(("n_x", "n_y"), [(12, 39), (20, 30), (50, 50), (100, 100), (20, 500), (3, 800)])
def test_count_untied__tails_equal_whole_numbers_of_any_size(n_x, n_y):
    half = min(n_x * n_y // 2, 1500)
    tails = np.cumsum(counting.untied_counts(n_x, n_y, half))
    for seen, whole in zip(tails.tolist(), accumulate(naive.orders_by_u(n_x, n_y, half)), strict=True):
        assert abs(Fraction(seen) / whole - 1) < Fraction(1, 10**14)


@given(st.lists(st.integers(1, 12), min_size=2, max_size=9).map(sorted), st.data())
def test_count_tied__compiled_equals_plain_equals_enumeration(scores, data):
    n_x = data.draw(st.integers(1, len(scores) - 1))
    most = data.draw(st.integers(0, 20))
    excess = np.array(naive.all_sums(scores, n_x)) - sum(scores[:n_x])
    expected = np.bincount(excess[excess <= most], minlength=most + 1)
    for count in (counting.count_tied, counting.count_tied.py_func):
        ways = np.zeros((n_x + 1, most + 1))
        count(np.array(scores, np.int64), ways)
        assert ways[n_x].tolist() == expected.tolist()


@given(few, few, sides)
def test_tied_p__equals_enumeration(x, y, side):
    ranks2, _ = ranked(x + y)
    expected = naive.permutation_p(ranks2, len(x), sum(ranks2[: len(x)]), side)
    found = counting.tied_p(np.sort(ranks2), len(x), sum(ranks2[: len(x)]), side)
    assert found == pytest.approx(float(expected), rel=1e-13)


@given(st.integers(1, 6), st.integers(1, 6), st.data(), sides)
def test_untied_p__equals_tied_p_and_enumeration(n_x, n_y, data, side):
    ranks = data.draw(st.permutations(range(1, n_x + n_y + 1)))
    seen = sum(ranks[:n_x])
    expected = float(naive.permutation_p(ranks, n_x, seen, side))
    assert counting.untied_p(n_x, n_y, seen - n_x * (n_x + 1) // 2, side) == pytest.approx(
        expected, rel=1e-13
    )
    doubled = 2 * np.arange(1, n_x + n_y + 1)
    assert counting.tied_p(doubled, n_x, 2 * seen, side) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("u", [0, 3, 300, 1500])
def test_untied_p__many_patients_keep_the_smallest_tail(u):
    """Above 10,000 pairs by the shift algorithm; 1e-94 is as exact as 1e-50."""
    expected = Fraction(sum(naive.orders_by_u(20, 600, u)), comb(620, 20))
    assert counting.untied_p(20, 600, u, "less") == pytest.approx(float(expected), rel=1e-13)
    assert counting.untied_p(600, 20, 12_000 - u, "greater") == pytest.approx(float(expected), rel=1e-13)


def test_untied_p__reaches_1e_300():
    found = counting.untied_p(500, 510, 2, "less")
    expected = Fraction(4, comb(1010, 500))  # U = 0, U = 1, and U = 2 in two ways
    assert found == pytest.approx(float(expected), rel=1e-13)
    assert 0 < found < 1e-300


def test_tied_p__reaches_1e_200():
    """Groups that are apart, each with ties: the one choice of 340 from 700 patients that is so extreme."""
    ranks2, _ = ranked([*np.repeat(np.arange(170.0), 2), *np.repeat(np.arange(170.0, 350), 2)])
    found = counting.tied_p(np.sort(ranks2), 340, sum(ranks2[:340]), "less")
    assert found == pytest.approx(float(Fraction(1, comb(700, 340))), rel=1e-13)


@given(few, few, sides)
def test_smallest_p__is_the_least_of_all_splits(x, y, side):
    ranks2, _ = ranked(x + y)
    sums = set(naive.all_sums(ranks2, len(x)))
    expected = min(naive.permutation_p(ranks2, len(x), seen, side) for seen in sums)
    assert counting.smallest_p(np.sort(ranks2), len(x), side) == pytest.approx(float(expected), rel=1e-13)


@given(few | many, few | many)
def test_nth_difference__compiled_equals_plain_equals_sorting(x, y):
    x, y = np.sort(x), np.sort(y)
    ordered = naive.differences(x, y)
    for k in {0, len(ordered) // 3, len(ordered) // 2, len(ordered) - 1}:
        assert wilcoxon.nth_difference(x, y, k) == ordered[k]
        assert wilcoxon.nth_difference.py_func(x, y, k) == ordered[k]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([0.0, 1e-300, 1.0], [0.0, 5e-324]),
        ([1e300, -1e300], [1e300, 0.0, -1e300]),
        ([1e8 + 1e-8, 1e8], [1e8, 1e8 + 2e-8]),
        ([3.0] * 5, [3.0] * 4),
    ],
    ids=["tiny", "huge", "offset", "alike"],
)
def test_nth_difference__of_numbers_at_the_edge(x, y):
    x, y = np.sort(x), np.sort(y)
    assert [wilcoxon.nth_difference(x, y, k) for k in range(len(x) * len(y))] == naive.differences(x, y)


@pytest.mark.parametrize(("n_x", "n_y"), [(1, 1), (1, 7), (10, 10), (12, 39), (300, 40)])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_auc_bound__solves_newcombes_equation(n_x, n_y, level):
    z = special.ndtri((1 + level) / 2)
    for auc in (0.0, 0.5 / (n_x * n_y), 0.3, 0.5, 0.71, 1.0):
        expected = naive.newcombe_5(auc, n_x, n_y, z)
        found = [wilcoxon.auc_bound(auc, n_x, n_y, z, end) for end in (0.0, 1.0)]
        assert found == pytest.approx(expected, abs=1e-7)  # the roots of the polynomial are the rough ones


def test_kernels__stay_within_bounds(tmp_path):
    """The same calls with bounds checks compiled in, in a process of their own."""
    code = (
        "import numpy as np; from rgteach.stats.association import wilcoxon\n"
        "rng = np.random.default_rng(0)\n"
        "for k, n in [(1, 2), (1, 6), (6, 8), (12, 51)]:\n"
        "    for values in (rng.normal(size=n), rng.integers(0, 4, n), np.zeros(n)):\n"
        "        for side in ('two-sided', 'greater', 'less'):\n"
        "            wilcoxon(values[:k], values[k:], alternative=side)\n"
        "print('within')"
    )
    extra = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | extra, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "within", done.stderr
