"""Adjusted p-values, discoveries and q-values: hand examples, other libraries, and what must always hold."""

import math

import naive_fdr as naive
import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from statsmodels.stats.multitest import multipletests

import rgteach as rg
from rgteach import LearnerError
from rgteach.stats import adjustment
from rgteach.stats.multiplicity import adjust, discoveries, q_values

# Table 1 of Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x: 15 comparisons of two drugs
HEART = np.array(
    [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]
)  # fmt: skip
TWINS = {
    "bh": naive.bh, "by": naive.by, "holm": naive.holm, "hochberg": naive.hochberg, "sidak": naive.sidak,
    "holm-sidak": naive.holm_sidak, "bonferroni": naive.bonferroni,
}  # fmt: skip
STATSMODELS = {
    "bh": "fdr_bh", "by": "fdr_by", "hochberg": "simes-hochberg", "sidak": "sidak",
    "bonferroni": "bonferroni", "holm": "holm", "holm-sidak": "holm-sidak",
}  # fmt: skip
METHODS = list(TWINS)
p_lists = st.lists(
    st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1e-300, 0.01, 0.05, 1.0]), st.floats(0, 0.06)),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize(
    ("method", "n"),
    [("bh", 4), ("bonferroni", 3), ("hochberg", 3), ("holm", 3)],  # the first three are told in the paper
)
def test_discoveries__of_the_paper(method, n):
    found = discoveries(HEART[::-1], 0.05, method)
    assert found.n == n == found.mask.sum()
    assert found.mask[-n:].all()


def test_adjust__hand_example():
    # sorted .01 .02 .03 .5, times 4/1 4/2 4/3 4/4: .04 .04 .04 .5
    assert adjust([0.5, 0.03, 0.01, 0.02]).tolist() == pytest.approx([0.5, 0.04, 0.04, 0.04], rel=1e-15)
    # times 4 3 2 1, never falling: .04 .06 .06 .5
    holm = adjust([0.5, 0.03, 0.01, 0.02], method="holm")
    assert holm.tolist() == pytest.approx([0.5, 0.06, 0.04, 0.06], rel=1e-15)


@pytest.mark.parametrize("method", METHODS)
@given(p=p_lists)
def test_adjust__equals_the_slow_twin(method, p):
    assert adjust(p, method=method) == pytest.approx(np.array(TWINS[method](p)), rel=1e-12, abs=1e-320)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["uniform", "signals", "ties"])
def test_adjust__equals_statsmodels(method, kind):
    rng = np.random.default_rng(3)
    p = {"uniform": rng.random(999), "signals": rng.random(999) ** 6, "ties": rng.integers(1, 90, 999) / 100}
    expected = multipletests(p[kind], method=STATSMODELS[method])[1]
    # statsmodels' Šidák writes 1 − (1 − p)^m and loses digits of small p-values; hence an absolute part
    slack = 1e-12 if "sidak" in method else 0.0
    assert adjust(p[kind], method=method) == pytest.approx(expected, rel=1e-12, abs=slack)


@pytest.mark.parametrize("method", ["bh", "by"])
def test_adjust__equals_scipy(method):
    p = np.random.default_rng(4).random(5000) ** 3
    expected = scipy.stats.false_discovery_control(p, method=method)
    assert adjust(p, method=method) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
@given(p=p_lists)
def test_adjust__never_smaller_than_p_nor_above_one_and_in_the_same_order(method, p):
    p = np.array(p)
    adjusted = adjust(p, method=method)
    assert np.all(adjusted >= p)
    assert np.all(adjusted <= 1)
    assert np.all(np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0)


@given(p_lists)
def test_adjust__methods_stand_in_their_order(p):
    adjusted = {method: adjust(p, method=method) * (1 - 1e-12) for method in METHODS}
    for less, more in [("bh", "hochberg"), ("hochberg", "holm"), ("holm", "bonferroni"), ("bh", "by"),
                       ("sidak", "bonferroni"), ("holm-sidak", "holm"), ("holm-sidak", "sidak")]:  # fmt: skip
        assert np.all(adjusted[less] <= adjusted[more] * (1 + 1e-11)), (less, more)


@pytest.mark.parametrize("method", METHODS)
@given(p=p_lists, alpha=st.sampled_from([0.01, 0.05, 0.2]))
def test_discoveries__are_the_adjusted_values_up_to_alpha(method, p, alpha):
    found = discoveries(p, alpha, method)
    assert np.array_equal(found.mask, adjust(p, method=method) <= alpha)
    assert np.array_equal(found.mask, np.array(p) <= found.cutoff) or not found.n
    assert found.n == found.mask.sum()


@pytest.mark.parametrize("m", [1, 3, 7, 20, 49, 1000, 4321])
@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1, 0.3])
@pytest.mark.parametrize("formula", ["a(k/m)", "ak/m", "a/mk"])
def test_discoveries__p_values_exactly_at_their_bounds(m, alpha, formula):
    """Rounding decides here; the two answers must not decide differently, nor reject a p above alpha."""
    k = np.arange(1, m + 1)
    p = {"a(k/m)": alpha * (k / m), "ak/m": alpha * k / m, "a/mk": alpha / m * k}[formula]
    found = discoveries(p, alpha)
    assert np.array_equal(found.mask, adjust(p) <= alpha)
    assert not np.any(found.mask & (p > alpha))
    assert found.n == naive.rejected_by_bh(p, m, alpha)
    if formula == "a(k/m)":
        assert found.n == m
        assert np.array_equal(found.mask, multipletests(p, alpha, "fdr_bh")[0])


@pytest.mark.parametrize("method", METHODS)
def test_adjust__one_missing_value_does_not_poison_the_others(method):
    """In statsmodels (issue 2899) every adjusted value becomes NaN."""
    with_gap = np.insert(HEART, 5, np.nan)
    skipped = adjust(with_gap, method=method)
    assert np.isnan(skipped[5])
    assert np.array_equal(np.delete(skipped, 5), adjust(HEART, method=method))
    found = discoveries(with_gap, method=method)
    assert (found.n_tests, found.n_missing, found.mask[5]) == (15, 1, False)


@pytest.mark.parametrize("method", METHODS)
def test_adjust__a_missing_test_can_be_counted(method):
    """As a test that would have come out largest."""
    counted = adjust(np.insert(HEART, 5, np.nan), method=method, nan="count")
    assert np.delete(counted, 5) == pytest.approx(adjust([*HEART, 1.0], method=method)[:15], rel=1e-15)
    found = discoveries([*HEART, np.nan], method=method, nan="count")
    assert (found.n_tests, found.n_missing) == (16, 1)
    assert found.n == discoveries([*HEART, 1.0], method=method).n


@pytest.mark.parametrize("function", [adjust, discoveries, q_values])
def test_doors__a_missing_value_can_be_refused(function):
    with pytest.raises(LearnerError) as caught:
        function([0.1, None, 0.2], nan="raise")
    assert caught.value.key == "p-missing"


@pytest.mark.parametrize("function", [adjust, discoveries, q_values])
@pytest.mark.parametrize(
    ("p", "where", "value"),
    [
        ([0.1, 1.5, 2.0], "p[1]", "1.5"),
        (np.array([[0.1, 0.2], [np.nan, -0.25]], np.float32), "p[1, 1]", "-0.25"),
        (np.float64(-1), "p is", "-1"),
        ([0.1, np.inf], "p[1]", "inf"),
    ],
    ids=["above", "table", "scalar", "infinite"],
)
def test_doors__refuse_what_is_no_p_value_and_say_where(function, p, where, value):
    with pytest.raises(LearnerError) as caught:
        function(p)
    assert caught.value.key == "p-out-of-range"
    assert where in str(caught.value)
    assert value in str(caught.value)


@pytest.mark.parametrize("function", [adjust, discoveries, q_values])
def test_doors__text_is_not_a_p_value(function):
    with pytest.raises(LearnerError) as caught:
        function(["0.01", "0.2"])
    assert caught.value.key == "not-numbers"


def test_doors__a_misspelt_setting_is_told():
    for call in (lambda: adjust([0.1], metod="bh"), lambda: adjust([0.1], method="bhh")):
        with pytest.raises(LearnerError) as caught:
            call()
        assert "'method'" in str(caught.value) or "'bh'" in str(caught.value)
    with pytest.raises(LearnerError):
        discoveries([0.1], alpha=1.5)


@pytest.mark.parametrize("method", METHODS)
def test_adjust__of_nothing_of_one_and_of_ones(method):
    assert adjust([], method=method).shape == (0,)
    assert np.isnan(adjust([np.nan, np.nan], method=method)).all()
    assert adjust([0.03], method=method).tolist() == [0.03]
    assert adjust(0.03, method=method).shape == ()
    assert adjust(np.ones(7), method=method).tolist() == [1.0] * 7
    assert adjust(np.zeros(7), method=method).tolist() == [0.0] * 7
    assert discoveries([], method=method).n == discoveries([np.nan], method=method).n == 0


@pytest.mark.parametrize("method", METHODS)
def test_adjust__tiny_p_values_keep_their_digits(method):
    p = np.r_[1e-300, 3e-200, 1e-17, np.linspace(0.1, 1, 97)]
    factor = {"by": 100 * adjustment.harmonic(100)}.get(method, 100.0)
    assert adjust(p, method=method)[0] == pytest.approx(factor * 1e-300, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_adjust__tables_keep_their_shape_and_are_one_family(method):
    table = np.random.default_rng(5).random((6, 7)) ** 4
    flat = adjust(table.ravel(), method=method)
    assert np.array_equal(adjust(table, method=method).ravel(), flat)
    assert np.array_equal(adjust(np.asfortranarray(table), method=method).ravel(), flat)
    frame = pd.DataFrame(table).astype("Float64")
    assert np.array_equal(adjust(frame, method=method).ravel(), flat)
    assert discoveries(frame, 0.1, method).mask.shape == (6, 7)


def test_adjust__leaves_its_input_alone():
    p = HEART.copy()
    adjust(p), discoveries(p), q_values(p)
    assert np.array_equal(p, HEART)


@pytest.mark.parametrize("m", [1, 2, 10, 1000, 1001, 5000, 10**6])
def test_harmonic__equals_the_sum(m):
    assert adjustment.harmonic(m) == pytest.approx(math.fsum(1 / np.arange(1, m + 1)), rel=3e-16)


def test_harmonic__of_a_hundred_million_terms():
    assert adjustment.harmonic(10**8) == pytest.approx(18.997896413853898325, rel=3e-16)


@given(hnp.arrays(np.float32, st.integers(0, 50), elements=st.floats(0, 1, width=32)))
def test_discoveries__single_precision_is_compared_in_double(p):
    assert np.array_equal(discoveries(p).mask, discoveries(p.astype(float)).mask)


def test_discoveries__of_a_memory_map(tmp_path):
    p = np.random.default_rng(6).random(200_000).astype(np.float32) ** 2
    p.tofile(tmp_path / "p.f4")
    found = discoveries(np.memmap(tmp_path / "p.f4", np.float32, mode="r"))
    assert found.n == naive.rejected_by_bh(p[p < 0.06], p.size, 0.05)


def test_discoveries__stand_for_their_mask():
    found = rg.discoveries(HEART)
    assert HEART[found].tolist() == HEART[:4].tolist()
    assert np.asarray(found).dtype == bool
    assert len(found) == 15
    assert found.cutoff == pytest.approx(0.05 * 4 / 15)


def test_adjust__nothing_survives_in_the_lung_cancer_scan(shared_data):
    """51 patients with known EGFR status × 1,764 image features; its README states the figure."""
    folder = shared_data / "nsclc_radiogenomics"
    features = pd.read_csv(folder / "features.csv").set_index("Case ID")
    status = pd.read_csv(folder / "clinical.csv").set_index("Case ID").filter(like="EGFR").iloc[:, 0]
    status = status[status.isin(["Mutant", "Wildtype"])]
    both = features.join(status.rename("egfr"), how="inner")
    mutant = both.pop("egfr") == "Mutant"
    values = both.select_dtypes("number")
    p = scipy.stats.mannwhitneyu(values[mutant], values[~mutant], axis=0, method="asymptotic").pvalue
    assert len(p) == 1764
    assert adjust(p).min() == pytest.approx(0.700, abs=5e-4)
    assert discoveries(p).n == 0
