"""First-order features against their definitions, SciPy, and each other."""

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

import rgteach as rg
from rgteach.image.features import HISTOGRAM, STATISTICS
from rgteach.image.firstorder import PYRADIOMICS_NAMES

whole = hnp.arrays(np.int16, (3, 4, 5), elements=st.integers(1, 400)).filter(np.ptp)


def region(image, spacing_mm=1.0):
    return rg.voi(image, np.ones(image.shape), spacing_mm)


@given(whole)
def test_counted_and_walked__both_are_the_definitions(image):
    expected = pytest.approx(naive.statistics(image.ravel()), rel=1e-9, abs=1e-9)
    assert rg.firstorder(region(image)).to_dict() == expected  # integers: one count
    assert rg.firstorder(region(image + 0.0)).to_dict() == expected  # floats: walks over the values


@given(whole)
def test_percentiles__are_numpys_to_the_last_bit(image):
    expected = np.percentile(image, [10, 50, 90]).tolist()
    for given_as in (image, image + 0.0):
        row = rg.firstorder(region(given_as))
        assert [row[name] for name in ("percentile_10", "median", "percentile_90")] == expected


@given(whole, st.randoms(use_true_random=False))
def test_places__do_not_matter(image, random):
    moved = image.ravel().tolist()
    random.shuffle(moved)
    moved = np.array(moved, image.dtype).reshape(image.shape)
    assert rg.firstorder(region(moved)).to_dict() == rg.firstorder(region(image)).to_dict()


@given(whole, st.floats(0.1, 10), st.floats(-100, 100))
def test_shift_and_scale__move_what_they_should(image, a, b):
    before, after = rg.firstorder(region(image + 0.0)), rg.firstorder(region(a * image + b))
    same = ("skewness", "kurtosis")
    scaled = ("range", "interquartile_range", "mean_absolute_deviation", "robust_mean_absolute_deviation")
    for name in same:
        assert after[name] == pytest.approx(before[name], rel=1e-6, abs=1e-6)
    for name in scaled:
        assert after[name] == pytest.approx(a * before[name], rel=1e-9, abs=1e-9)
    assert after["mean"] == pytest.approx(a * before["mean"] + b, rel=1e-9, abs=1e-9)


def test_shape__agrees_with_scipy():
    image = np.random.default_rng(0).gamma(2.0, 30.0, (20, 20, 20))
    row = rg.firstorder(region(image))
    assert row["skewness"] == pytest.approx(stats.skew(image.ravel()), rel=1e-10)
    assert row["kurtosis"] == pytest.approx(stats.kurtosis(image.ravel()), rel=1e-10)
    plain = rg.firstorder(region(image), rg.quantise(region(image), bin_count=8), "pyradiomics")
    assert plain["Kurtosis"] == pytest.approx(stats.kurtosis(image.ravel(), fisher=False), rel=1e-10)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.int64, np.uint64, np.float32])
def test_types__give_one_answer(dtype):
    image = np.random.default_rng(0).integers(0, 255, (9, 9, 9))
    expected = rg.firstorder(region(image.astype(float))).to_dict()
    assert rg.firstorder(region(image.astype(dtype))).to_dict() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("far", [2**33, -(2**33), 2**40])
def test_integers_beyond_32_bits__are_walked(far):
    image = np.random.default_rng(0).integers(0, 255, (4, 5, 6))
    near, away = rg.firstorder(region(image)), rg.firstorder(region(image + far))
    assert away["variance"] == pytest.approx(near["variance"], rel=1e-6)
    assert away["range"] == near["range"]
    assert away["median"] == near["median"] + far


def test_wide_integer_ranges__are_walked():
    image = np.array([[0, 1, 2**31 - 2], [5, 7, 9]])
    assert rg.firstorder(region(image)).to_dict() == pytest.approx(naive.statistics(image.ravel()), rel=1e-12)


def test_flat_voi__has_a_mean_and_no_shape():
    row = rg.firstorder(region(np.full((3, 4, 5), 7)))
    assert (row["mean"], row["variance"], row["skewness"], row["kurtosis"]) == (7, 0, 0, 0)
    row = rg.firstorder(region(np.full((3, 4, 5), 7.5)), convention="pyradiomics")
    assert (row["Mean"], row["Kurtosis"], row["Entropy"], row["Uniformity"]) == (7.5, 0, 0, 1)


def test_two_voxels__leave_nothing_between_the_percentiles():
    for image in (np.array([[1, 5], [0, 9]]), np.array([[1.5, 5], [0, 9.5]])):
        row = rg.firstorder(rg.voi(image, np.eye(2)))
        assert row["robust_mean_absolute_deviation"] == 0
        assert row["mean_absolute_deviation"] == 4


def test_histogram__of_levels_by_hand():
    image = np.array([[1, 1, 1, 2], [2, 2, 4, 5]])
    row = rg.firstorder(region(image), image)
    assert row["ih_mode"] == row["mode"] == 2  # three 1s, three 2s: the mean, 2.25, is nearer to 2
    assert row["ih_entropy"] == pytest.approx(-2 * 3 / 8 * np.log2(3 / 8) + 2 / 8 * 3)
    assert row["ih_uniformity"] == pytest.approx((9 + 9 + 1 + 1) / 64)
    # counts 3 3 0 1 1: slopes 0, -1.5, -1, 0.5, 0
    assert (row["ih_maximum_gradient"], row["ih_maximum_gradient_level"]) == (0.5, 4)
    assert (row["ih_minimum_gradient"], row["ih_minimum_gradient_level"]) == (-1.5, 2)


def test_mode__of_two_equally_near_is_the_lower():
    image = np.array([[1, 1, 2], [3, 3, 2], [1, 3, 2], [1, 3, 2]]) * np.array([[1, 1, 1]] * 4)
    levels = np.array([[1, 1, 3], [3, 2, 2]])
    assert rg.firstorder(region(image), levels)["ih_mode"] == 2
    assert rg.firstorder(region(image), np.array([[1, 1, 2], [3, 3, 2]]))["ih_mode"] == 2
    assert rg.firstorder(region(image), np.array([[1, 1, 4], [4, 2, 3]]))["ih_mode"] == 1


@given(whole)
def test_histogram_family__is_the_statistics_of_the_levels(image):
    levels = rg.quantise(region(image), bin_count=9)
    row = rg.firstorder(region(image), levels)
    expected = naive.statistics(levels.levels.ravel())
    for name in set(STATISTICS) & set(HISTOGRAM):
        assert row[f"ih_{name}"] == pytest.approx(expected[name], rel=1e-9, abs=1e-9)


def test_columns__name_the_family():
    image = np.random.default_rng(0).integers(0, 255, (4, 5, 6))
    row = rg.firstorder(region(image), rg.quantise(region(image), bin_count=8))
    assert len(row) == 18 + 23
    assert {"stat_mean", "ih_entropy"} < set(row.columns())
    assert row["mean"] == row["stat_mean"]
    theirs = rg.firstorder(region(image, (2, 1, 1)), convention="pyradiomics")
    assert set(theirs) == set(PYRADIOMICS_NAMES)
    assert len(theirs) == 18
    assert theirs["TotalEnergy"] == pytest.approx(2 * theirs["Energy"])
    assert "original_firstorder_10Percentile" in theirs.columns()
