"""The rule of Benjamini and Hochberg: kernels, slow twins and the search without sorting agree."""

from unittest import mock

import naive_fdr as naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgteach.core import fdr

ALPHA = 0.05
shares = st.floats(0, 1)
awkward = st.sampled_from([0.0, 5e-324, 1e-300, 0.01, 0.025, 0.05, np.nextafter(0.05, 1), 0.5, 1.0])
p_values = st.lists(st.one_of(shares, awkward, st.floats(0, 0.06)), max_size=60).map(
    lambda rows: np.array(rows, float)
)
alphas = st.sampled_from([0.001, 0.01, 0.05, 0.1, 0.2, 0.5])


@given(p_values, alphas, st.integers(0, 50))
def test_bh_threshold__finds_what_the_definition_finds(p, alpha, others):
    m = len(p) + others
    k, cutoff = fdr.bh_threshold(p, m, alpha)
    assert k == naive.rejected_by_bh(p, m, alpha)
    assert np.count_nonzero(p <= cutoff) == k if k else cutoff == 0


@given(p_values, alphas)
def test_search_down__finds_the_same_from_any_start(p, alpha):
    m = max(len(p), 1)
    expected = naive.rejected_by_bh(p, m, alpha)
    for start in {m, (m + expected + 1) // 2, max(expected, 1)}:
        assert fdr._search_down(p, m, alpha, start) == expected


@pytest.mark.parametrize("excess", [0.0, 1e-9], ids=["on the bounds", "just above the bounds"])
def test_bh_threshold__every_p_at_its_own_bound(excess, monkeypatch):
    """The worst case of the search: above the bounds, each step would take away a single p-value."""
    monkeypatch.setattr(fdr, "BLOCK", 64)
    m = 3000
    p = ALPHA * (np.arange(1, m + 1) / m) * (1 + excess)
    k, _ = fdr.bh_threshold(p[::-1], m, ALPHA)
    assert k == naive.rejected_by_bh(p, m, ALPHA) == (0 if excess else m)


def test_bh_threshold__leaves_out_nothing_when_only_candidates_are_given():
    p = np.random.default_rng(0).random(5000) ** 3
    assert fdr.bh_threshold(p[p <= ALPHA], 5000, ALPHA) == fdr.bh_threshold(p, 5000, ALPHA)


def test_bh_threshold__ignores_nan():
    p = np.array([np.nan, 0.01, np.nan, 0.9])
    assert fdr.bh_threshold(p, 2, ALPHA)[0] == 1


@pytest.mark.parametrize("p", [np.array([]), np.array([np.nan]), np.ones(7)], ids=["none", "NaN", "ones"])
def test_bh_threshold__of_nothing_is_nothing(p):
    assert fdr.bh_threshold(p, p.size, ALPHA) == (0, 0.0)


@pytest.mark.parametrize("layout", ["C", "F", "strided", "swapped", "single"])
def test_bh_threshold__any_layout_and_single_precision(layout, monkeypatch):
    monkeypatch.setattr(fdr, "BLOCK", 100)
    p = np.random.default_rng(1).random((60, 50)) ** 2
    p[7, 7] = np.float32(ALPHA)  # in single precision slightly more than 0.05
    given_as = {
        "C": p,
        "F": np.asfortranarray(p),
        "strided": np.repeat(p, 2, axis=1)[:, ::2],
        "swapped": p.astype(">f8"),
        "single": p.astype(np.float32),
    }[layout]
    expected = naive.rejected_by_bh(given_as.ravel().astype(float), p.size, ALPHA)
    assert fdr.bh_threshold(given_as, p.size, ALPHA)[0] == expected
    assert fdr._search_down(given_as, p.size, ALPHA, p.size) == expected


@given(p_values.filter(len), st.sampled_from([1.0, 2.5]), st.integers(0, 20))
def test_step_up__is_near_the_slow_twin_and_blocks_change_no_bit(p, penalty, others):
    ordered, m = np.sort(p), len(p) + others
    whole, in_blocks = np.empty(len(p)), np.empty(len(p))
    fdr.step_up(ordered, m, penalty, whole)
    with mock.patch.object(fdr, "BLOCK", 3):
        fdr.step_up(ordered, m, penalty, in_blocks)
    assert np.array_equal(whole, in_blocks)
    assert np.allclose(np.minimum(whole, 1), naive.bh(ordered, m, penalty), rtol=1e-12, atol=1e-320)


@given(st.lists(st.floats(1e-300, 1), min_size=1, max_size=40), st.sampled_from([1.0, 1 + 1 / 2 + 1 / 3]))
def test_step_up__is_the_smallest_alpha_that_rejects(p, penalty):
    """An adjusted value rejects its own p-value, and the float below it does not."""
    ordered, m = np.sort(p), len(p)
    adjusted = np.empty(m)
    fdr.step_up(ordered, m, penalty, adjusted)
    for value, alpha in zip(ordered, adjusted, strict=True):
        for level, rejected in ((alpha, True), (np.nextafter(alpha, 0), False)):
            k = naive.rejected_by_bh(ordered, m, level, penalty)
            assert bool(k > 0 and value <= ordered[k - 1]) is rejected
            assert fdr.bh_threshold(ordered, m, level / penalty)[0] == k


@given(st.floats(1e-300, 1e300), st.booleans())
def test_next__is_the_float_beside(x, down):
    beside = x - fdr.NEXT * x if down else x + fdr.NEXT * x
    assert beside == np.nextafter(x, 0 if down else np.inf)


@given(p_values.filter(len), st.integers(1, 50))
def test_find_first__counts_what_lies_before_each_part(p, n_buckets):
    ordered = np.sort(p)
    first = fdr.find_first(ordered, n_buckets)
    parts = np.array([int(value * n_buckets) for value in ordered])
    assert first.tolist() == [np.count_nonzero(parts < b) for b in range(n_buckets + 2)]


@given(p_values, st.integers(1, 50), st.booleans())
def test_group__keeps_everything_but_nan_part_by_part(p, n_parts, with_nan):
    p = np.append(p, [np.nan] * with_nan)
    value, place, plain, plain_place = (np.zeros(len(p), dtype) for dtype in (float, int, float, int))
    n = fdr.group(p, np.zeros(n_parts + 2, int), value, place)
    assert n == fdr.group.py_func(p, np.zeros(n_parts + 2, int), plain, plain_place) == len(p) - with_nan
    assert np.array_equal(value, plain)
    assert np.array_equal(place, plain_place)
    known = np.flatnonzero(~np.isnan(p))
    expected = known[np.argsort((p[known] * n_parts).astype(int), kind="stable")]
    assert place[:n].tolist() == expected.tolist()
    assert np.array_equal(value[:n], p[expected])


@given(p_values.filter(len), st.integers(1, 50))
def test_look_up__finds_every_value_at_its_place(p, n_buckets):
    ordered, place = np.sort(p), np.arange(len(p))[::-1].copy()
    first = fdr.find_first(ordered, n_buckets)
    compiled, plain = np.empty(len(p)), np.empty(len(p))
    fdr.look_up(p, place, ordered, ordered, first, compiled)
    fdr.look_up.py_func(p, place, ordered, ordered, first, plain)
    assert np.array_equal(compiled, plain)
    assert np.array_equal(compiled[::-1], p)


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_put_back__any_number_at_once(at_once, monkeypatch):
    monkeypatch.setattr(fdr, "AT_ONCE", at_once)
    p = np.append(np.random.default_rng(2).random(50) ** 9, [np.nan, 0, 1, 1])
    ordered = np.sort(p)[:-1]
    assert np.array_equal(fdr.put_back(p, ordered, 1 - ordered), 1 - p, equal_nan=True)
