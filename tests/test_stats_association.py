"""The rank-sum door: beside SciPy, R's published answers and enumeration; every known trap has its test."""

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb, inf

import naive_association as naive
import numpy as np
import pandas as pd
import pytest
from scipy import stats

import rgteach as rg
from rgteach.stats import association

SIDES = ["two-sided", "greater", "less"]
# Mehta and Patel 2001, table 9.6, as in R's exactRankTests::bloodp; its help page and its regression tests
# give the p-values below, those of StatXact-5.
TREATED = [94, 108, 110, 90]
CONTROL = [80, 94, 85, 90, 90, 90, 108, 94, 78, 105, 88]
# Hollander and Wolfe 1973, p. 69, as in the examples of R's help page of wilcox.test
AT_TERM = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
EARLIER = [1.15, 0.88, 0.90, 0.74, 1.21]


def drawn(n_x, n_y, kind, seed=0):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=n_x + n_y)
    values[:n_x] += 0.7
    if kind == "tied":
        values = np.round(2 * values)
    return values[:n_x], values[n_x:]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("kind", ["untied", "tied"])
@pytest.mark.parametrize("correction", [True, False])
@pytest.mark.parametrize(("n_x", "n_y"), [(1, 5), (7, 4), (12, 39), (200, 150), (3, 2000)])
def test_wilcoxon__asymptotic_equals_scipy(n_x, n_y, kind, correction, side):
    x, y = drawn(n_x, n_y, kind)
    found = rg.wilcoxon(x, y, alternative=side, method="asymptotic", correction=correction)
    expected = stats.mannwhitneyu(x, y, alternative=side, method="asymptotic", use_continuity=correction)
    assert found.statistic == expected.statistic
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)
    assert found.method == ("asymptotic-corrected" if correction else "asymptotic")


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("n_x", "n_y"), [(1, 5), (7, 4), (12, 39), (30, 30), (101, 100)])
def test_wilcoxon__exact_without_ties_equals_scipy(n_x, n_y, side):
    x, y = drawn(n_x, n_y, "untied")
    found = rg.wilcoxon(x, y, alternative=side, method="exact")
    expected = stats.mannwhitneyu(x, y, alternative=side, method="exact")
    assert (found.method, found.statistic) == ("exact", expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-12)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("seed", range(4))
def test_wilcoxon__exact_with_ties_equals_all_permutations(side, seed):
    x, y = drawn(4, 7, "tied", seed)
    ranks2, _ = naive.midranks2([*x, *y])
    expected = naive.permutation_p(ranks2, len(x), sum(ranks2[: len(x)]), side)
    found = rg.wilcoxon(x, y, alternative=side)
    assert found.method == "exact-ties"
    assert found.p_value == pytest.approx(float(expected), rel=1e-12)
    assert found.statistic == naive.u_of_x(x, y)


def test_wilcoxon__ties_as_in_exactranktests_and_statxact():
    assert round(rg.wilcoxon(TREATED, CONTROL).p_value, 4) == 0.0989
    assert round(rg.wilcoxon(TREATED, CONTROL, alternative="greater").p_value, 4) == 0.0542
    normal = rg.wilcoxon(TREATED, CONTROL, method="asymptotic", correction=False)
    assert round(normal.p_value, 4) == 0.0853
    assert normal.shift.value == 9.5


def test_wilcoxon__untied_as_in_hollander_and_wolfe():
    found = rg.wilcoxon(AT_TERM, EARLIER, alternative="greater")
    assert (found.statistic, round(found.p_value, 4)) == (35, 0.1272)
    normal = rg.wilcoxon(AT_TERM, EARLIER, alternative="greater", method="asymptotic", correction=False)
    assert round(normal.p_value, 4) == 0.1103


def test_wilcoxon__scipys_exact_ignores_ties_and_ours_does_not():
    ignoring = stats.mannwhitneyu(TREATED, CONTROL, method="exact").pvalue
    assert rg.wilcoxon(TREATED, CONTROL, method="exact").p_value == pytest.approx(27 / 273, rel=1e-12)
    assert abs(ignoring - 27 / 273) > 0.005


@pytest.mark.parametrize(
    ("n_x", "n_y", "kind", "method"),
    [
        (50, 50, "untied", "exact"), (50, 50, "tied", "exact-ties"), (5, 500, "tied", "exact-ties"),
        (51, 50, "untied", "asymptotic-corrected"), (51, 50, "tied", "asymptotic-corrected"),
    ],
)  # fmt: skip
def test_wilcoxon__auto_goes_by_the_sizes_of_this_pair_alone(n_x, n_y, kind, method):
    assert rg.wilcoxon(*drawn(n_x, n_y, kind)).method == method


def test_wilcoxon__exact_p_is_never_too_small():
    """Under the null all splits are alike: the share of those with p ≤ α is at most α, for every α."""
    for ranks2 in ([2, 4, 6, 8, 10, 12, 14, 16], [3, 3, 7, 7, 7 + 4, 12, 14, 16], [7] * 6 + [15] * 2):
        for side in SIDES:
            p_values = Counter()
            for chosen in combinations(range(8), 3):
                rest = [k for k in range(8) if k not in chosen]
                x, y = [ranks2[k] for k in chosen], [ranks2[k] for k in rest]
                p_values[rg.wilcoxon(x, y, alternative=side).p_value] += 1
            for alpha in p_values:
                share = Fraction(sum(n for p, n in p_values.items() if p <= alpha), comb(8, 3))
                assert share <= Fraction(alpha) + Fraction(1, 10**12)


@pytest.mark.parametrize("method", ["exact", "asymptotic"])
@pytest.mark.parametrize("side", SIDES)
def test_wilcoxon__all_values_tied_is_p_1_with_a_flag(method, side):
    found = rg.wilcoxon([3.0] * 6, [3.0] * 9, method=method, alternative=side)
    assert (found.p_value, found.effect.value, found.shift.value) == (1, 0.5, 0)
    assert found.flags == ("flag-all-tied",)
    assert "p is 1 by definition" in repr(found)


@pytest.mark.parametrize("kind", ["untied", "tied"])
@pytest.mark.parametrize("method", ["exact", "asymptotic"])
def test_wilcoxon__an_offset_of_1e8_is_harmless(kind, method):
    x, y = (np.round(values * 64) / 64 for values in drawn(12, 39, kind))
    near, far = rg.wilcoxon(x, y, method=method), rg.wilcoxon(x + 1e8, y + 1e8, method=method)
    assert (near.statistic, near.p_value, near.shift) == (far.statistic, far.p_value, far.shift)


def test_wilcoxon__p_values_down_to_1e_300():
    x, y = np.arange(900.0), np.arange(900.0) + 900
    found = rg.wilcoxon(x, y)
    assert found.p_value == pytest.approx(stats.mannwhitneyu(x, y).pvalue, rel=1e-12)
    assert 0 < found.p_value < 1e-290
    exact = rg.wilcoxon(x[:500], y[:520], method="exact", alternative="less").p_value
    assert exact == pytest.approx(float(Fraction(1, comb(1020, 500))), rel=1e-12)
    beyond = rg.wilcoxon(np.arange(2000.0), np.arange(2000.0) + 2000)
    assert beyond.p_value == 0
    assert "< 1e-300" in repr(beyond)


def test_wilcoxon__one_patient_a_group_can_show_nothing():
    found = rg.wilcoxon([1.0], [2.0])
    assert (found.p_value, found.flags, found.details["smallest_p"]) == (1, ("flag-smallest-p",), 1)
    assert (found.shift.value, found.shift.low, found.shift.high) == (-1, -inf, inf)
    assert 0 == found.effect.low < found.effect.high < 1


@pytest.mark.parametrize(
    ("n_x", "n_y", "values", "settings", "flags"),
    [
        (3, 3, "untied", {}, ("flag-smallest-p",)),
        (4, 4, "untied", {}, ()),
        (3, 3, "untied", {"alternative": "less"}, ()),
        (3, 80, "rare", {}, ("flag-smallest-p",)),
        (8, 40, "untied", {"method": "asymptotic"}, ("flag-few-for-normal",)),
        (20, 20, "rare", {"method": "asymptotic"}, ("flag-ties-for-normal",)),
        (20, 20, "untied", {"method": "asymptotic"}, ()),
    ],
)
def test_wilcoxon__says_where_the_number_could_mislead(n_x, n_y, values, settings, flags):
    order = np.random.default_rng(2).permutation(n_x + n_y)
    column = np.maximum(order - 0.8 * len(order), 0) if values == "rare" else order * 1.0
    if n_y == 80:
        column = np.isin(order, [0, 1, 2, 3, 40, 41, 42, 43] + list(range(50, 80))) * 1.0
    assert rg.wilcoxon(column[:n_x], column[n_x:], **settings).flags == flags


def test_wilcoxon__missing_values_are_left_out_and_counted():
    x, y = drawn(6, 8, "untied")
    with_gaps = rg.wilcoxon([np.nan, *x], pd.Series([*y, None, None], dtype="Float64"))
    assert with_gaps.n_missing == 3
    assert with_gaps.n == (6, 8)
    assert with_gaps.p_value == rg.wilcoxon(x, y).p_value


@pytest.mark.parametrize("kind", ["untied", "tied"])
def test_wilcoxon__groups_that_change_places_mirror_everything(kind):
    x, y = drawn(9, 14, kind)
    there, back = rg.wilcoxon(x, y, alternative="greater"), rg.wilcoxon(y, x, alternative="less")
    assert there.p_value == back.p_value
    assert there.effect.value == pytest.approx(1 - back.effect.value, abs=1e-15)
    assert there.effect.low == pytest.approx(1 - back.effect.high, abs=1e-12)
    assert [there.shift.low, there.shift.value] == [-back.shift.high, -back.shift.value]


def test_shift__interval_holds_what_the_exact_test_does_not_reject():
    x, y = drawn(7, 9, "untied")
    shift = rg.wilcoxon(x, y).shift
    for end, outwards in ((shift.low, -1e-9), (shift.high, 1e-9)):
        assert rg.wilcoxon(x - (end + outwards), y).p_value < 0.05
        assert rg.wilcoxon(x - (end - outwards), y).p_value >= 0.05


def test_shift__is_the_median_of_all_differences_for_even_and_odd_numbers():
    for n_x, n_y in [(7, 9), (6, 9)]:
        x, y = drawn(n_x, n_y, "untied")
        assert rg.wilcoxon(x, y).shift.value == pytest.approx(np.median(np.subtract.outer(x, y)), rel=1e-14)


def test_shift__normal_rank_is_next_to_the_counted_one():
    counted = association.differences_outside(100, 100, 0.95)
    sd = np.sqrt(100 * 100 * 201 / 12)
    assert abs(counted - (5000 - 1.959964 * sd)) < 1
    assert abs(association.differences_outside(101, 100, 0.95) - (5050 - 1.959964 * sd * 1.0075)) < 2


def test_auc__perfect_separation_has_an_interval_with_a_width():
    effect = rg.wilcoxon(np.arange(10.0) + 20, np.arange(15.0)).effect
    assert effect.value == effect.high == 1
    assert 0.7 < effect.low < 0.95


def test_auc__interval_holds_the_truth_about_as_often_as_it_says():
    """Two normal groups whose true AUC is Φ(1/√2) = 0.760: 400 cohorts, 92 to 98 in 100 intervals hold it."""
    rng = np.random.default_rng(7)
    truth, held = stats.norm.cdf(1 / np.sqrt(2)), 0
    for _ in range(400):
        effect = rg.wilcoxon(rng.normal(1, 1, 12), rng.normal(0, 1, 39), method="asymptotic").effect
        held += effect.low <= truth <= effect.high
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize(("spread", "flags"), [(1, ()), (4, ("flag-auc-spread",))])
def test_auc__an_interval_that_unequal_spreads_make_too_narrow_is_flagged(spread, flags):
    """DeLong's variance by its definition: shares of the other group beaten, one for each patient."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(0, spread, 12), rng.normal(0, 1, 39)
    found = rg.wilcoxon(x, y)
    assert found.flags == flags
    wins = np.greater.outer(x, y)
    delong = wins.mean(axis=1).var(ddof=1) / 12 + wins.mean(axis=0).var(ddof=1) / 39
    auc, more = wins.mean(), 51 / 2 - 1
    newcombe = auc * (1 - auc) * (1 + more * ((1 - auc) / (2 - auc) + auc / (1 + auc))) / (12 * 39)
    assert found.details["error_ratio"] == pytest.approx(np.sqrt(delong / newcombe), rel=1e-12)


def test_wilcoxon__smallest_p_of_many_patients_comes_from_logarithms():
    zeros, carriers = np.zeros(1500), np.r_[np.ones(40), 0, 0, 0]
    found = rg.wilcoxon(carriers, zeros, alternative="greater").details["smallest_p"]
    expected = Fraction(comb(1503, 3), comb(1543, 43))
    assert found == pytest.approx(float(expected), rel=1e-9)


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: rg.wilcoxon([], [1, 2]), "empty-group"),
        (lambda: rg.wilcoxon([1, 2], [np.nan, None]), "empty-group"),
        (lambda: rg.wilcoxon([1, 2], ["a", "b"]), "not-numbers"),
        (lambda: rg.wilcoxon([1, np.inf], [1, 2]), "infinite-values"),
        (lambda: rg.wilcoxon(np.ones((3, 2)), [1, 2]), "not-a-column"),
        (lambda: rg.wilcoxon([1], [2], alternative="bigger"), "unknown-option"),
        (lambda: rg.wilcoxon([1], [2], method="normal"), "unknown-option"),
        (lambda: rg.wilcoxon([1], [2], level=95), "out-of-range"),
        (lambda: rg.wilcoxon([1], [2], corection=False), "unknown-setting"),
        (lambda: rg.wilcoxon([1], [2], names="xy"), "two-names"),
        (lambda: rg.wilcoxon(np.arange(600), np.arange(600), method="exact"), "exact-too-large"),
        (lambda: rg.wilcoxon(np.arange(4000.0), np.arange(4000) + 0.5, method="exact"), "exact-too-large"),
    ],
    ids=[
        "empty", "all-missing", "text", "infinite", "table", "side", "method", "level", "misspelt", "names",
        "tied-and-large", "untied-and-large",
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_wilcoxon__bad_input_is_told_in_a_sentence(call, key, lang):
    rg.setup(lang)
    with pytest.raises(rg.LearnerError) as error:
        call()
    assert error.value.key == key
    assert str(error.value)


def test_wilcoxon__real_cohort_gives_the_figures_of_its_readme(shared_data):
    """51 patients with known EGFR × 1,764 features: 55 raw p below 0.05, the smallest 0.00326."""
    folder = shared_data / "nsclc_radiogenomics"
    features = pd.read_csv(folder / "features.csv").set_index("Case ID")
    egfr = pd.read_csv(folder / "clinical.csv").set_index("Case ID")["EGFR mutation status"]
    joined = features.join(egfr[egfr.isin(["Mutant", "Wildtype"])], how="inner")
    mutant = joined.pop("EGFR mutation status") == "Mutant"
    table = joined.to_numpy(float)
    x, y = table[mutant], table[~mutant]
    assert (len(x), len(y), table.shape[1]) == (12, 39, 1764)
    found = [rg.wilcoxon(x[:, j], y[:, j], method="asymptotic") for j in range(table.shape[1])]
    p_values = np.array([each.p_value for each in found])
    expected = stats.mannwhitneyu(x, y, method="asymptotic")
    flat = np.array([each.flags == ("flag-all-tied",) for each in found])
    assert np.allclose(p_values[~flat], expected.pvalue[~flat], rtol=1e-12, atol=0)
    assert np.array_equal([each.statistic for each in found], expected.statistic)
    assert (np.sum(p_values < 0.05), f"{p_values.min():.3g}") == (55, "0.00326")
