"""First-order kernels against plain Python, NumPy and SciPy."""

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from rgteach.core import moments

numbers = hnp.arrays(
    np.float64, st.integers(3, 60), elements=st.floats(-1e6, 1e6, width=32, allow_subnormal=False)
)


@given(numbers)
def test_moments__compiled_equals_plain_equals_slow_twin(values):
    low, median, high = np.percentile(values, [10, 50, 90])
    compiled = moments.moments(values, median, low, high)
    assert np.allclose(compiled, moments.moments.py_func(values, median, low, high), rtol=1e-12)
    mean, second, _, _, energy, absolute, from_median, robust = compiled
    with np.errstate(all="ignore"):
        expected = naive.statistics(values)
    scale = np.abs(values).max() + 1e-30
    assert mean == pytest.approx(expected["mean"], abs=1e-12 * scale)
    assert second == pytest.approx(expected["variance"], abs=1e-12 * scale**2)
    assert energy == pytest.approx(expected["energy"], rel=1e-12)
    for got, name in ((absolute, "mean"), (from_median, "median"), (robust, "robust_mean")):
        assert got == pytest.approx(expected[f"{name}_absolute_deviation"], abs=1e-12 * scale)


def test_moments__agree_with_scipy():
    values = np.random.default_rng(0).gamma(2.0, 3.0, 10_000)
    mean, second, third, fourth, *_ = moments.moments(values, 0.0, -np.inf, np.inf)
    assert mean == pytest.approx(values.mean(), rel=1e-12)
    assert third / second**1.5 == pytest.approx(stats.skew(values), rel=1e-10)
    assert fourth / second**2 - 3 == pytest.approx(stats.kurtosis(values), rel=1e-10)


def test_moments__survive_a_mean_far_from_zero():
    values = np.random.default_rng(1).normal(size=5_000)
    far = moments.moments(values + 1e8, 1e8, -np.inf, np.inf)
    near = moments.moments(values, 0.0, -np.inf, np.inf)
    assert far[1] == pytest.approx(near[1], rel=1e-6)
    assert far[3] == pytest.approx(near[3], rel=1e-5)


@given(numbers, st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_order_statistics__equal_a_full_sort(values, places):
    ranks = np.sort([int(place * (len(values) - 1)) for place in places])
    found = moments.order_statistics(values, ranks, values.min(), values.max())
    assert np.array_equal(found, np.sort(values)[ranks])


@pytest.mark.parametrize(
    "case", ["ties", "one outlier", "tiny range", "sorted", "heavy tail", "infinitesimal", "widest"]
)
def test_order_statistics__whatever_the_values_look_like(case):
    rng = np.random.default_rng(2)
    values = {
        "ties": rng.integers(0, 3, 9_999).astype(float),
        "one outlier": np.append(rng.normal(size=9_998), 1e300),
        "tiny range": 1 + rng.integers(0, 3, 9_999) * np.finfo(float).eps,
        "sorted": np.arange(9_999.0),
        "heavy tail": rng.standard_cauchy(9_999),
        "widest": np.append(rng.normal(size=9_997), [-1.7e308, 1.7e308]),
        "infinitesimal": rng.integers(0, 9, 9_999) * 5e-324,
    }[case]
    ranks = np.array([0, 1, 999, 5_000, 9_997, 9_998])
    with np.errstate(over="ignore"):
        found = moments.order_statistics(values, ranks, values.min(), values.max())
    assert np.array_equal(found, np.sort(values)[ranks])


@given(hnp.arrays(np.int32, (2, 3, 4), elements=st.integers(-5, 5)), hnp.arrays(np.bool_, (2, 3, 4)))
def test_count_values__compiled_equals_plain_equals_bincount(image, mask):
    for count in (moments.count_values, moments.count_values.py_func):
        counts = np.zeros(11, np.int64)
        count(image.ravel(), mask.ravel(), -5, counts)
        assert np.array_equal(counts, np.bincount(image[mask] + 5, minlength=11))


@given(numbers)
def test_buckets__are_counted_and_taken_whole(values):
    low, per_unit = values.min(), 7 / (np.ptp(values) + 1)
    for fill, take in (
        (moments.count_buckets, moments.take_buckets),
        (moments.count_buckets.py_func, moments.take_buckets.py_func),
    ):
        bucket, counts = np.empty(len(values), np.uint16), np.zeros(8, np.int64)
        fill(values, low, per_unit, bucket, counts)
        assert np.array_equal(bucket, ((values - low) * per_unit).astype(int))
        assert np.array_equal(counts, np.bincount(bucket, minlength=8))
        taken, wanted = np.empty(len(values)), np.arange(8) % 2 == 0
        take(values, bucket, wanted, taken)
        expected = values[wanted[bucket]]
        assert np.array_equal(taken[: len(expected)], expected)
