"""The kernels of the scan: compiled, plain and a slow twin must agree; sums are exact up to their limits."""

from decimal import Decimal, getcontext
from fractions import Fraction

import naive_scan
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

from rgteach.core import order, pairsums, scan, tails
from rgteach.stats.scan.scattered import levels_of

RULES = {
    "two-sided": (1.0, -1.0, 1.0, 1.0),
    "greater": (1.0, 1.0, 1.0, 0.5),
    "less": (-1.0, -1.0, 0.0, 0.5),
}
tables = hnp.arrays(
    np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.integers(-2, 3)
)
rules = st.sampled_from(sorted(RULES)).map(lambda name: np.array(RULES[name]))
whole = hnp.arrays(np.float64, (5, 4), elements=st.integers(-40, 40))
SCALE, GENE_SCALE = np.array([0.5, 1, 0.25, 2]), np.array([1, 2, 0.5, 4, 1])


def both(kernel):
    return kernel, kernel.py_func


@given(tables)
def test_centred_ranks__compiled_equals_plain_equals_slow_twin(values):
    expected = [naive_scan.centred(row) for row in values]
    for kernel in both(scan.centred_ranks):
        for sort in (order.sorted_keys, order.sorted_levels):  # whole numbers differ in their first bits
            centred, spread = np.empty(values.shape, np.int32), np.empty(len(values))
            kernel(*sort(values), centred, spread)
            assert np.array_equal(centred, expected)
            assert np.array_equal(spread, np.square(expected).sum(axis=1))


@given(tables, st.integers(0, 2**32 - 1))
def test_carrier_sums__compiled_equals_plain_equals_slow_twin(values, seed):
    ranks = np.vstack([np.transpose([naive_scan.centred(row) for row in values]), np.zeros(len(values))])
    carries = np.random.default_rng(seed).random((3, values.shape[1])) < [[0.2], [0.5], [1.0]]
    for kernel in both(scan.carrier_sums):
        sums = np.empty((3, len(values)), np.int32)
        kernel(ranks.astype(np.int16), carries, np.empty(carries.shape[1] + 4, np.int64), sums)
        assert sums.tolist() == naive_scan.carrier_sums(ranks[:-1], carries)


@pytest.mark.parametrize("sign", [1, -1])
def test_carrier_sums__are_exact_where_8192_patients_differ_most(sign):
    ranks = sign * np.append(np.arange(-8191, 8192, 2), 0).astype(np.int16)[:, None]
    sums = np.empty((2, 1), np.int32)
    carries = np.array([ranks[:-1, 0] > 0, ranks[:-1, 0] < 0])
    scan.carrier_sums(ranks, carries, np.empty(8192 + 4, np.int64), sums)
    assert sums[:, 0].tolist() == [8192**2 // 4, -(8192**2) // 4]


def nearest():
    return np.empty(tails.AT_ONCE, np.int64)


def strengths(sums, gene_scale, scale, rule):
    strength = np.empty(sums.shape)
    scan.strengths(sums, gene_scale, scale, rule, strength)
    return strength


@given(whole, rules)
def test_rank_sum_tests__compiled_equals_plain_equals_slow_twin(sums, rule):
    gene, scale = np.array([[0.3] * 5, np.arange(41.0, 46)]), np.array([0.1, 0.11, 0.2, 0.05])
    expected = naive_scan.rank_sum_tests(sums, gene, scale, rule)
    for tails_of in both(tails.normal_tails):
        out, strength = np.empty((3, 5, 4)), strengths(sums, gene[0], scale, rule)
        tails_of(strength.ravel(), rule[3], tails.erfc_nodes(), nearest(), out[0].ravel())
        scan.areas(sums, gene[1], out[1], out[2])
        assert np.allclose(out, expected, rtol=1e-13, atol=0)


@given(whole, rules, st.lists(st.integers(-9, 9), min_size=1, max_size=4))
def test_count_reached__compiled_equals_plain_equals_slow_twin(sums, rule, edges):
    strength = strengths(sums, GENE_SCALE, SCALE, rule)
    for kernel in both(scan.count_reached):
        counts = np.full(len(edges), 7)
        kernel(strength, np.array(edges, float), counts)
        assert counts.tolist() == [7 + sum(s >= edge for s in strength.ravel().tolist()) for edge in edges]


@given(whole, rules)
def test_strengths__equal_their_slow_twin(sums, rule):
    expected = naive_scan.strengths(sums, GENE_SCALE, SCALE, rule)
    assert strengths(sums, GENE_SCALE, SCALE, rule).tolist() == expected


levels = st.integers(2, 8).flatmap(
    lambda n: st.tuples(
        *[hnp.arrays(np.float64, (k, n), elements=st.sampled_from([0, 1, 2, 3, np.nan])) for k in (2, 3)]
    )
)


@given(levels)
def test_pair_sums__compiled_equals_plain_equals_slow_twin(columns):
    x, y = columns
    coded = [levels_of(c.T) for c in columns]
    expected = np.array([[naive_scan.pair_sums(a, b) for b in y] for a in x], float).transpose(2, 0, 1)
    for kernel in both(pairsums.pair_sums):
        out = np.empty((4, len(x), len(y)))
        kernel(*coded, np.empty(2 * x.shape[1], np.int64), out)
        assert np.array_equal(out, expected)


def normal_tail(z):
    """Both tails beyond z by a continued fraction in 60 digits (z of a few units and more)."""
    getcontext().prec = 60
    z, fraction = Decimal(z), Decimal(0)
    for k in range(2000, 0, -1):
        fraction = k / (z + fraction)
    root_2_pi = Decimal("2.50662827463100050241576528481104525300698674060993831662992357634229365")
    return 2 * (-(z * z) / 2).exp() / root_2_pi / (z + fraction)


@pytest.mark.parametrize("z", [3.0, 5.5, 10.0, 20.25, 30.0, 36.0, 37.0])
def test_normal_tails__right_to_twelve_digits_down_to_1e_300(z):
    out = np.empty(1)
    tails.tails(np.array([z]), 1.0, out)
    assert abs(Decimal(float(out[0])) / normal_tail(z) - 1) < Decimal("1e-12")


@pytest.mark.parametrize("z", [2.5, 3.3, 7.7, 15.015625, 29.1, 35.5, 36.9])
def test_normal_tails__lose_at_most_the_last_digits(z):
    out = np.empty(1)
    tails.tails(np.array([z]), 1.0, out)
    assert abs(Decimal(float(out[0])) / normal_tail(z) - 1) < Decimal("1e-14" if z > 8 else "1e-15")


@pytest.mark.parametrize("sides", [1.0, 0.5])
def test_normal_tails__agree_with_scipy_everywhere(sides):
    z = np.linspace(-9, 37.4, 20_001)
    expected = np.minimum(1.0, 2 * sides * special.ndtr(-z))
    for kernel in both(tails.normal_tails):
        out = np.empty_like(z)
        kernel(z, sides, tails.erfc_nodes(), nearest(), out)
        assert np.allclose(out, expected, rtol=5e-13, atol=0)  # SciPy's own last digits move at 1e-300


@pytest.mark.parametrize("z", [0.0, -0.0, 36.769, 36.77, 38.4, 60.0, -60.0, np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("sides", [1.0, 0.5])
def test_normal_tails__at_the_ends(z, sides):
    expected = np.minimum(1.0, sides * special.erfc(z * 0.5**0.5))
    for kernel in both(tails.normal_tails):
        out = np.empty(3)
        kernel(np.array([1.0, z, 2.0]), sides, tails.erfc_nodes(), nearest(), out)
        assert out[1] == pytest.approx(expected, rel=1e-12, abs=1e-307, nan_ok=True)
        assert out[[0, 2]] == pytest.approx(2 * sides * special.ndtr([-1.0, -2.0]), rel=1e-14)


@settings(max_examples=12)
@given(st.sampled_from([8190, 8191, 8192]), st.integers(0, 2**32 - 1), st.booleans())
def test_products__single_precision_is_exact_up_to_8192_patients(n, seed, worst):
    rng = np.random.default_rng(seed)
    ranks = rng.permutation(2 * np.arange(n) - (n - 1))
    carriers = ranks > 0 if worst else rng.random(n) < rng.random()
    single = ranks.astype(np.float32)[None] @ carriers.astype(np.float32)[:, None]
    assert int(single[0, 0]) == sum(ranks[carriers].tolist())


def test_products__the_largest_sum_of_8192_patients_is_the_last_whole_number_of_single_precision():
    n = 8192
    assert sum(r for r in range(-(n - 1), n, 2) if r > 0) == n * n // 4 == 2**24
    assert np.float32(2**24) + np.float32(1) == np.float32(2**24)


@pytest.mark.parametrize(("n", "fits"), [(369, True), (370, False)])
def test_products__the_limit_of_rank_correlations(n, fits):
    assert (Fraction(n**3 - n, 3) <= 2**24) is fits
