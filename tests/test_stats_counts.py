"""Tables and pairs: chi-square, Fisher, Pearson and Spearman beside SciPy, R and hand counts."""

from itertools import permutations
from math import factorial, inf

import naive_association as naive
import numpy as np
import pandas as pd
import pytest
from scipy import stats

import rgteach as rg

SIDES = ["two-sided", "greater", "less"]
# Agresti 1990, p. 61, as in the examples of R's help page of fisher.test: p = 0.2429, odds ratio 6.408309
TEA = [[3, 1], [1, 3]]
# Fisher 1962, criminal convictions of twins, same page: p = 0.0005367, odds ratio 0.04693661
CONVICTIONS = [[2, 10], [15, 3]]


@pytest.mark.parametrize("correction", [True, False])
@pytest.mark.parametrize("table", [TEA, CONVICTIONS, [[10, 20, 30], [6, 9, 40]], [[5, 5], [5, 5]]])
def test_chi_square__equals_scipy(table, correction):
    found, expected = rg.chi_square(table, correction=correction), stats.chi2_contingency(table, correction)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12, abs=1e-14)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.details["df"] == expected.dof
    assert found.details["n_few"] == np.sum(expected.expected_freq < 5)
    plain = naive.chi_square(table)
    v = np.sqrt(plain / (np.sum(table) * (min(np.shape(table)) - 1)))
    assert found.effect.value == pytest.approx(v, rel=1e-12, abs=1e-14)


def test_chi_square__expected_counts_below_five_are_flagged():
    found = rg.chi_square(TEA)
    assert found.flags == ("flag-few-expected",)
    assert "4 of 4 cells" in found.notes[0]
    assert rg.chi_square([[50, 60], [70, 80]]).flags == ()


def test_chi_square__p_values_down_to_1e_300():
    found = rg.chi_square([[670, 0], [0, 670]], correction=False)
    expected = stats.chi2_contingency([[670, 0], [0, 670]], correction=False).pvalue
    assert found.p_value == pytest.approx(expected, rel=1e-12)
    assert 0 < found.p_value < 1e-280


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["m", "w", "m", "w", "w", None], [1, 2, 1, 1, 2, 1]),
        (pd.Series(["m", "w", "m", "w", "w", pd.NA], dtype="string"), [True, False, True, True, False, True]),
        (np.array([1.0, 2, 1, 2, 2, np.nan]), pd.Categorical(["a", "b", "a", "a", "b", "a"])),
    ],
    ids=["lists", "pandas", "mixed"],
)
def test_chi_square__labels_are_counted_and_gaps_left_out(first, second):
    found = rg.chi_square(first, second, correction=False)
    assert (found.n, found.n_missing) == ((2, 3), 1)
    assert found.statistic == pytest.approx(naive.chi_square([[2, 0], [1, 2]]), rel=1e-12)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("table", [TEA, CONVICTIONS, [[0, 5], [7, 2]], [[300, 200], [150, 260]]])
def test_fisher__equals_scipy(table, side):
    found = rg.fisher(table, alternative=side)
    sample, p_value = stats.fisher_exact(table, side)
    assert found.p_value == pytest.approx(p_value, rel=1e-12)
    assert found.details["sample_odds_ratio"] == sample
    interval = stats.contingency.odds_ratio(table).confidence_interval(0.95)
    assert (found.effect.low, found.effect.high) == pytest.approx(tuple(interval), rel=1e-12)


def test_fisher__tea_and_twins_as_in_r():
    tea = rg.fisher(TEA, alternative="greater")
    assert (round(tea.p_value, 4), round(tea.statistic, 4)) == (0.2429, 6.4083)
    twins = rg.fisher(CONVICTIONS, alternative="less")
    assert (f"{twins.p_value:.4g}", round(twins.statistic, 7)) == ("0.0004652", 0.0469366)
    assert f"{rg.fisher(CONVICTIONS).p_value:.4g}" == "0.0005367"


def test_fisher__labels_go_in_order():
    carrier, grade = [0, 0, 0, 0, 1, 1, 1, 1], ["a", "a", "a", "b", "a", "b", "b", "b"]
    found = rg.fisher(carrier, grade)
    assert found.statistic == rg.fisher(TEA).statistic > 1  # carriers have the later grade
    assert found.names == ("0", "1")


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("n", [3, 4, 10, 51, 800])
def test_pearson__equals_scipy(n, side):
    rng = np.random.default_rng(n)
    x = rng.normal(size=n)
    y = x + rng.normal(size=n)
    found, expected = rg.pearson(x, y, alternative=side), stats.pearsonr(x, y, alternative=side)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-11)  # SciPy's by the beta distribution
    interval = stats.pearsonr(x, y).confidence_interval(0.95)
    assert (found.effect.low, found.effect.high) == pytest.approx(tuple(interval), rel=1e-10)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("rounded", [False, True], ids=["untied", "tied"])
@pytest.mark.parametrize("n", [4, 10, 51, 800])
def test_spearman__equals_scipy(n, rounded, side):
    rng = np.random.default_rng(n)
    x = rng.normal(size=n)
    y = x + 2 * rng.normal(size=n)
    x, y = (np.round(x), np.round(y)) if rounded else (x, y)
    found, expected = rg.spearman(x, y, alternative=side), stats.spearmanr(x, y, alternative=side)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12, abs=1e-15)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-11)
    assert ("flag-few-for-t" in found.flags) == (n < 10)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("x", [[1, 2, 3, 4], [1, 1, 2, 3], [1, 1, 2, 2], [1, 2, 2, 2, 3]])
@pytest.mark.parametrize("sign", [1, -1])
def test_spearman__perfect_order_has_the_exact_p(x, side, sign):
    """SciPy says p = 0; the share of all n! orders with a ρ as extreme is 1 of n! without ties."""
    y = sign * 10 * np.array(x)
    rhos = np.array([stats.spearmanr(x, order).statistic for order in permutations(y)])
    extreme = {"greater": rhos > sign - 1e-9, "less": rhos < sign + 1e-9, "two-sided": abs(rhos) > 1 - 1e-9}
    found = rg.spearman(x, y, alternative=side)
    assert found.p_value == pytest.approx(np.mean(extreme[side]), rel=1e-12)
    assert (found.statistic, found.method) == (sign, "spearman-exact")


def test_spearman__perfect_order_of_many_patients_is_not_p_0():
    found = rg.spearman(np.arange(100.0), np.arange(100.0) ** 3)
    assert found.p_value == pytest.approx(2 / factorial(100), rel=1e-12)
    assert found.details["t"] == inf


@pytest.mark.parametrize("door", [rg.pearson, rg.spearman])
def test_correlation__a_constant_column_is_flagged(door):
    for x, y in [([1, 2, 3, 4], [5.1] * 4), ([1e8] * 4, [5.1] * 4)]:
        found = door(x, y)
        assert (found.statistic, found.p_value, found.effect) == (0, 1, None)
        assert found.flags == ("flag-constant-column",)


@pytest.mark.parametrize("door", [rg.pearson, rg.spearman])
def test_correlation__an_offset_of_1e8_is_harmless(door):
    rng = np.random.default_rng(3)
    x, y = (np.round(rng.normal(size=60) * 64) / 64 for _ in range(2))
    near, far = door(x, y), door(x + 1e8, y - 1e8)
    assert far.p_value == pytest.approx(near.p_value, rel=1e-12)


def test_pearson__p_values_down_to_1e_300():
    rng = np.random.default_rng(4)
    x = rng.normal(size=400)
    y = x + 0.18 * rng.normal(size=400)
    found = rg.pearson(x, y)
    assert 0 < found.p_value < 1e-280
    assert found.p_value == pytest.approx(stats.pearsonr(x, y).pvalue, rel=1e-9)


def test_pearson__a_perfect_line_is_flagged():
    found = rg.pearson([1, 2, 3, 4], [-3, -5, -7, -9])
    assert (found.statistic, found.p_value, found.flags) == (-1, 0, ("flag-perfect-line",))
    assert "< 1e-300" in repr(found)


def test_pearson__pairs_with_a_gap_are_left_out():
    found = rg.pearson([1, 2, np.nan, 4, 7], [1, None, 3, 5, 6])
    assert (found.n, found.n_missing) == ((3,), 2)
    assert found.statistic == rg.pearson([1, 4, 7], [1, 5, 6]).statistic
    assert (found.effect.low, found.effect.high) == (-1, 1)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: rg.chi_square([[1, -2], [3, 4]]), "no-counts"),
        (lambda: rg.chi_square([[1.5, 2], [3, 4]]), "no-counts"),
        (lambda: rg.chi_square([[1, 2], [0, 0]]), "empty-row"),
        (lambda: rg.chi_square([[0, 2], [0, 3]]), "empty-column"),
        (lambda: rg.chi_square([[1, 2]]), "one-category"),
        (lambda: rg.chi_square(["a", "a"], ["u", "v"]), "one-category"),
        (lambda: rg.chi_square(["a", "b"], ["u"]), "lengths-differ"),
        (lambda: rg.chi_square(["a", None], [None, "v"]), "no-labels"),
        (lambda: rg.chi_square([["a"], ["b"]], ["u", "v"]), "not-a-column"),
        (lambda: rg.fisher([[1, 2, 3], [4, 5, 6]]), "not-two-by-two"),
        (lambda: rg.fisher([[0, 0], [1, 2]]), "empty-row"),
        (lambda: rg.pearson([1, 2], [3, 4]), "few-pairs"),
        (lambda: rg.spearman([1, 2, 3], [3, 4]), "lengths-differ"),
        (lambda: rg.pearson([1, 2, 3], [3, 4, "x"]), "not-numbers"),
        (lambda: rg.pearson([1, 2, 3], [3, 4, 6], level=0), "out-of-range"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_counts__bad_input_is_told_in_a_sentence(call, key, lang):
    rg.setup(lang)
    with pytest.raises(rg.LearnerError) as error:
        call()
    assert error.value.key == key
    assert str(error.value)
