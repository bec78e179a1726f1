"""Means, ranks and spreads of groups: beside SciPy, textbook figures and the edges of the input."""

import numpy as np
import pytest
from scipy import stats

import rgteach as rg

SIDES = ["two-sided", "greater", "less"]
# Student 1908 (doi:10.2307/2331554): hours of sleep gained by ten patients on each of two drugs; R's `sleep`,
# whose help page and t.test examples give t = -1.8608, df = 17.776, p = 0.07939, interval -3.3655 to 0.2055
DRUG_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
DRUG_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
BOTH = pytest.mark.parametrize(("door", "equal"), [(rg.welch, False), (rg.student, True)])


def drawn(*sizes, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(k, 1 + k, size) for k, size in enumerate(sizes)]


@BOTH
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("sizes", [(2, 2), (5, 9), (12, 39), (400, 300)])
def test_t__equals_scipy(door, equal, side, sizes):
    x, y = drawn(*sizes)
    found, expected = (
        door(x, y, alternative=side), stats.ttest_ind(x, y, equal_var=equal, alternative=side),
    )  # fmt: skip
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.details["df"] == pytest.approx(expected.df, rel=1e-12)
    interval = stats.ttest_ind(x, y, equal_var=equal).confidence_interval(0.95)
    assert [found.shift.low, found.shift.high] == pytest.approx(list(interval), rel=1e-10)
    assert found.shift.value == pytest.approx(x.mean() - y.mean(), rel=1e-12)


def test_welch__sleep_data_as_in_r():
    found = rg.welch(DRUG_1, DRUG_2)
    shown = [found.statistic, found.details["df"], found.p_value, found.shift.low, found.shift.high]
    assert [f"{value:.5g}" for value in shown] == ["-1.8608", "17.776", "0.079394", "-3.3655", "0.20548"]


@BOTH
def test_t__an_offset_of_1e8_is_harmless(door, equal):
    x, y = (np.round(values * 64) / 64 for values in drawn(12, 39))
    near, far = door(x, y), door(x + 1e8, y + 1e8)
    assert far.p_value == pytest.approx(near.p_value, rel=1e-12)
    assert far.statistic == pytest.approx(near.statistic, rel=1e-12)


@BOTH
def test_t__p_values_down_to_1e_300(door, equal):
    rng = np.random.default_rng(1)
    x, y = rng.normal(0, 1, 400), rng.normal(4.05, 1, 400)
    found = door(x, y)
    assert 0 < found.p_value < 1e-280
    assert found.p_value == pytest.approx(stats.ttest_ind(x, y, equal_var=equal).pvalue, rel=1e-10)
    assert "< 1e-300" in repr(door(x, y * 1 + 900))


@BOTH
def test_t__values_that_are_all_the_same_are_flagged(door, equal):
    found = door([2.5, 2.5, 2.5], [2.5, 2.5])
    assert (found.p_value, found.statistic, found.flags) == (1, 0, ("flag-all-tied",))
    with pytest.raises(rg.LearnerError) as error:
        door([2.5, 2.5], [3.5, 3.5])
    assert error.value.key == "no-spread"


@BOTH
def test_t__missing_values_are_left_out_and_counted(door, equal):
    x, y = drawn(6, 8)
    found = door([*x, np.nan, None], y)
    assert (found.n, found.n_missing, found.p_value) == ((6, 8), 2, door(x, y).p_value)


def test_hedges_g__textbook_example():
    """Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 4: means 103 and 100, sd 5.5 and 4.5, 50
    a group give g = 0.5924 with a standard error of 0.2028 (theirs is shrunken as g is, ours is not).
    """
    half = np.r_[np.ones(25), -np.ones(25)] * np.sqrt(49 / 50)
    found = rg.student(103 + 5.5 * half, 100 + 4.5 * half)
    assert round(found.effect.value, 4) == 0.5924
    error = (found.effect.high - found.effect.low) / 2 / 1.959964
    assert error == pytest.approx(0.2028, abs=2e-3)


def test_cohens_d__interval_of_equal_groups_is_that_of_equal_variances():
    """With equal sizes and variances Bonett's standard error is √(d² / (4·df) + 2 / df), df of one group."""
    half = np.r_[np.ones(10), -np.ones(10)]
    effect = rg.welch(half + 1, half).effect
    expected = np.sqrt(effect.value**2 / (4 * 19) + 2 / 19)
    assert (effect.high - effect.low) / 2 / 1.9599639845 == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("rounded", [False, True], ids=["untied", "tied"])
@pytest.mark.parametrize("sizes", [(1, 4), (5, 6, 7), (30, 20, 10, 40)])
def test_kruskal__equals_scipy(sizes, rounded):
    samples = [np.round(each) if rounded else each for each in drawn(*sizes)]
    found, expected = rg.kruskal(*samples), stats.kruskal(*samples)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.n == sizes
    assert ("flag-few-for-chi-square" in found.flags) == (min(sizes) < 5)


def test_kruskal__of_two_groups_is_the_squared_z_of_the_rank_sum_test():
    x, y = (np.round(each) for each in drawn(12, 39))
    z = rg.wilcoxon(x, y, method="asymptotic", correction=False).details["z"]
    assert rg.kruskal(x, y).statistic == pytest.approx(z**2, rel=1e-12)


def test_kruskal__effect_is_the_share_of_the_variance_of_the_ranks():
    samples = drawn(5, 6, 7)
    ranks = stats.rankdata(np.concatenate(samples))
    means = [part.mean() for part in np.split(ranks, [5, 11])]
    between = sum(n * (mean - ranks.mean()) ** 2 for n, mean in zip((5, 6, 7), means, strict=True))
    expected = between / np.sum((ranks - ranks.mean()) ** 2)
    assert rg.kruskal(*samples).effect.value == pytest.approx(expected, rel=1e-12)


def test_kruskal__all_values_tied_and_tiny_p():
    tied = rg.kruskal([1.0, 1.0], [1.0], [1.0] * 5)
    assert (tied.p_value, tied.statistic, tied.flags) == (1, 0, ("flag-all-tied",))
    apart = rg.kruskal(np.arange(900.0), np.arange(900.0) + 900, [5.0])
    assert 0 < apart.p_value < 1e-280


@pytest.mark.parametrize("center", ["median", "mean"])
@pytest.mark.parametrize("sizes", [(3, 4), (5, 6, 7), (30, 20, 10, 40)])
def test_levene__equals_scipy(sizes, center):
    samples = drawn(*sizes)
    found, expected = rg.levene(*samples, center=center), stats.levene(*samples, center=center)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.method == f"levene-{center}"


def test_levene__an_offset_of_1e8_is_harmless():
    samples = [np.round(each * 64) / 64 for each in drawn(12, 39)]
    near, far = rg.levene(*samples), rg.levene(*[each + 1e8 for each in samples])
    assert far.p_value == pytest.approx(near.p_value, rel=1e-12)


def test_levene__groups_without_spread():
    flat = rg.levene([1, 1, 1], [2, 2])
    assert (flat.p_value, flat.effect, flat.flags) == (1, None, ("flag-no-spread",))
    with pytest.raises(rg.LearnerError) as error:
        rg.levene([1, 2], [1, 5])
    assert error.value.key == "distances-alike"
    assert rg.levene([1, 2, 3], [5, 5, 5]).effect.value == np.inf


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: rg.welch([1.0], [1.0, 2.0]), "small-group"),
        (lambda: rg.student([], [1.0, 2.0]), "empty-group"),
        (lambda: rg.kruskal([1.0, 2.0]), "one-group"),
        (lambda: rg.kruskal([1.0], [np.nan]), "empty-group"),
        (lambda: rg.levene([1.0, 2.0], [1.0]), "small-group"),
        (lambda: rg.levene([1.0, 2.0], [1.0, 3.0], center="trimmed"), "unknown-option"),
        (lambda: rg.welch([1, 2], [3, 4], alternative="above"), "unknown-option"),
        (lambda: rg.student([1, 2], [3, "4"]), "not-numbers"),
    ],
    ids=["one-value", "empty", "one-group", "all-missing", "levene-one", "center", "side", "text"],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_groups__bad_input_is_told_in_a_sentence(call, key, lang):
    rg.setup(lang)
    with pytest.raises(rg.LearnerError) as error:
        call()
    assert error.value.key == key
    assert str(error.value)
