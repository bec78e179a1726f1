"""Gray levels: IBSI's two definitions, PyRadiomics' edges, and what rounding must not change."""

import naive
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import rgteach as rg

whole = hnp.arrays(np.int64, (3, 4, 5), elements=st.integers(-300, 300)).filter(np.ptp)
pytestmark = pytest.mark.filterwarnings("ignore::rgteach.errors.LearnerWarning")


def region(image, dtype=float):
    image = np.asarray(image)
    return rg.voi(image.astype(dtype), np.ones(image.shape))


@given(whole, st.integers(2, 40))
def test_bin_count__is_ibsis_definition(image, n):
    low, high = image.min(), image.max()
    expected = naive.bins(image.ravel().tolist(), int(low), int(high), n)
    for dtype in (np.int16, np.float32, float):
        levels = rg.quantise(region(image, dtype), bin_count=n)
        assert levels.levels.ravel().tolist() == expected
        assert levels.n_levels == n == levels.levels.max()


@given(whole, st.integers(5, 100), st.integers(0, 50))
def test_bin_width__is_ibsis_definition(image, width, below):
    start = int(image.min()) - below
    expected = naive.widths(image.ravel().tolist(), start, width)
    for dtype in (np.int16, np.float32, float):
        levels = rg.quantise(region(image, dtype), bin_width=width, minimum=start)
        assert levels.levels.ravel().tolist() == expected
        assert levels.n_levels == max(expected)


@given(whole, st.integers(2, 40), st.floats(1e-3, 1e3), st.floats(-1e4, 1e4))
def test_bin_count__does_not_notice_another_scale(image, n, a, b):
    """Edges that integers hit exactly are the hard case: a·x + b is rounded, and the bins must not change."""
    before = rg.quantise(region(image), bin_count=n)
    after = rg.quantise(region(a * image + b), bin_count=n)
    assert np.array_equal(before.levels, after.levels)


@given(whole, st.sampled_from([0.1, 0.3, 0.7, 1 / 3]), st.integers(20, 60))
def test_bin_width__finds_the_bin_of_a_decimal_on_an_edge(image, slope, bins_wide):
    """A scan stored as integers with slope 0.1 must fall into the bins of its integers."""
    before = rg.quantise(region(image), bin_width=bins_wide)
    after = rg.quantise(region(image * slope), bin_width=bins_wide * slope)
    assert np.array_equal(before.levels, after.levels)


def test_bin_width__a_tenth_above_two_tenths_is_one_bin():
    image = np.array([[0.1, 0.2, 0.3], [0.4, 0.6, 0.7]])  # (0.3 - 0.1) / 0.1 is 1.9999999999999998
    assert rg.quantise(region(image), bin_width=0.1).levels.ravel().tolist() == [1, 2, 3, 4, 6, 7]


def test_noise_on_a_large_offset__still_begins_at_level_one():
    """An intensity range of a few roundings: the tolerance for rounding must not swallow a bin."""
    image = 1e6 + np.arange(20).reshape(4, 5) * np.spacing(1e6)
    levels = rg.quantise(region(image), bin_count=20).levels.ravel()
    assert (levels[0], levels[-1]) == (1, 20)
    assert np.all(np.diff(levels.astype(int)) >= 0)


def test_last_bin__holds_the_largest_intensity():
    image = np.array([[0, 1, 2], [3, 4, 10]])
    assert rg.quantise(region(image), bin_count=5).levels.ravel().tolist() == [1, 1, 2, 2, 3, 5]
    assert rg.quantise(region(image), bin_width=2).levels.ravel().tolist() == [1, 1, 2, 2, 3, 6]


@given(whole, st.floats(3, 100), st.booleans())
def test_pyradiomics__bins_begin_at_a_multiple_of_the_width(image, width, as_float):
    voi = region(image, float if as_float else np.int16)
    levels = rg.quantise(voi, bin_width=width, convention="pyradiomics")
    low, high = voi.minimum, voi.maximum
    edges = np.arange(low - low % width, high + 2 * width, width)
    assert np.array_equal(levels.levels, np.digitize(image, edges))
    assert abs(levels.edges[0] / width - round(levels.edges[0] / width)) < 1e-9


@given(hnp.arrays(np.float64, (3, 4, 5), elements=st.floats(-1e3, 1e3, width=32)), st.integers(2, 64))
def test_pyradiomics__bin_count_is_numpys_histogram(image, n):
    assume(np.ptp(image) > 1e-3)
    levels = rg.quantise(region(image), bin_count=n, convention="pyradiomics")
    edges = np.histogram(image, n)[1]
    edges[-1] += 1
    assert np.array_equal(levels.levels, np.digitize(image, edges))


def test_conventions__differ_where_the_first_bin_starts():
    image = np.array([[54, 60, 74], [75, 99, 166]])
    ibsi = rg.quantise(region(image), bin_width=25)
    pyradiomics = rg.quantise(region(image), bin_width=25, convention="pyradiomics")
    assert ibsi.levels.ravel().tolist() == [1, 1, 1, 1, 2, 5]
    assert pyradiomics.levels.ravel().tolist() == [1, 1, 1, 2, 2, 5]
    assert (ibsi.edges[0], pyradiomics.edges[0]) == (54, 50)


@given(whole, st.integers(2, 40))
def test_levels__lie_between_their_edges(image, n):
    voi = region(image)
    levels = rg.quantise(voi, bin_count=n)
    below, above = levels.edges[levels.levels - 1], levels.edges[levels.levels]
    slack = 1e-9 * np.abs(levels.edges).max()
    assert np.all((below <= image + slack) & (image <= above + slack))


@given(whole, st.integers(2, 40))
def test_histogram__counts_the_levels(image, n):
    mask = image % 3 > 0
    assume(np.count_nonzero(mask) > 30 and image[mask].min() < image[mask].max())
    levels = rg.quantise(rg.voi(image, mask), bin_count=n)
    assert levels.counts.sum() == np.count_nonzero(mask) == levels.n_voxels
    assert np.array_equal(levels.counts, np.bincount(levels.levels.ravel(), minlength=n + 1)[1:])
    assert levels.p.sum() == pytest.approx(1)
    assert np.array_equal(levels.levels == 0, ~rg.voi(image, mask).mask)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.int64, np.uint64])
def test_table_and_arithmetic__agree(dtype):
    rng = np.random.default_rng(0)
    top = min(np.iinfo(dtype).max, 60_000)
    image, mask = rng.integers(0, top, (9, 9, 9)).astype(dtype), rng.random((9, 9, 9)) > 0.3
    for setting in ({"bin_count": 32}, {"bin_width": top / 50}, {"bin_width": top / 7.5}):
        for convention in ("ibsi", "pyradiomics"):
            by_table = rg.quantise(rg.voi(image, mask), **setting, convention=convention)
            by_arithmetic = rg.quantise(rg.voi(image.astype(float), mask), **setting, convention=convention)
            assert np.array_equal(by_table.levels, by_arithmetic.levels)
            assert np.array_equal(by_table.counts, by_arithmetic.counts)


@pytest.mark.parametrize("far", [0, 2**33, -(2**33)])
def test_integers_beyond_32_bits__are_binned_all_the_same(far):
    image = np.arange(60).reshape(3, 4, 5) + far
    assert rg.quantise(region(image, np.int64), bin_width=20).counts.tolist() == [20, 20, 20]


def test_wide_integer_ranges__need_no_table():
    image = np.array([[0, 1, 2**30], [5, 7, 2**31 - 1]])
    assert rg.quantise(region(image, np.int64), bin_count=4).levels.ravel().tolist() == [1, 1, 3, 1, 1, 4]


def test_levels__are_small_whole_numbers():
    image = np.arange(60).reshape(3, 4, 5)
    assert rg.quantise(region(image), bin_count=32).levels.dtype == np.uint8
    with pytest.warns(rg.LearnerWarning):
        assert rg.quantise(region(image), bin_count=300).levels.dtype == np.uint16
