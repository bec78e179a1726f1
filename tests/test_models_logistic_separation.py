"""Separated data are recognised with certainty, and no number is given that has no meaning."""

import csv
import warnings

import naive_logistic as naive
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from rgteach import LearnerError, LearnerWarning
from rgteach.models.logistic import logistic, separation


def quietly(*args, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LearnerWarning)
        return logistic(*args, **settings)


def quasi(seed=0, n=120):
    """Every carrier has the event; of the others some do.  A second column is noise."""
    rng = np.random.default_rng(seed)
    carrier = (np.arange(n) % 4 == 0).astype(float)
    y = np.where(carrier == 1, 1, rng.random(n) < 0.4).astype(int)
    return np.column_stack([carrier, rng.normal(size=n)]), y


small = st.lists(
    st.tuples(st.integers(-2, 2), st.integers(-1, 1), st.integers(0, 1)), min_size=4, max_size=10
)


@given(small)
def test_detection__equals_trying_out_all_cuts(rows):
    table = np.array(rows, float)
    X, y = table[:, :2], table[:, 2]
    design = np.column_stack([np.ones(len(X)), X])
    assume(0 < y.sum() < len(y))
    assume(np.linalg.matrix_rank(design) == 3)
    fit = quietly(X, y)
    expected = naive.separated(design, y)
    assert (fit.separation.kind if fit.separation else None) == expected
    if expected is None:
        assert np.all(np.isfinite(np.r_[fit.coef, fit.se]))
    else:
        assert not np.all(np.isfinite(fit.coef))


@given(st.integers(0, 10**6))
def test_detection__agrees_with_the_linear_programme_alone(seed):
    """The proof by the Newton decrement, which spares the programme, never says anything else."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(12, 2)), rng.integers(0, 2, 12)
    assume(0 < y.sum() < 12)
    cut = separation.find(np.column_stack([np.ones(12), X]), 2.0 * y - 1)
    assert (quietly(X, y).separation is None) == (cut is None)


def test_complete__one_column_that_repeats_the_outcome():
    x, y = np.arange(10.0), np.arange(10) >= 5
    with pytest.warns(LearnerWarning, match="10 patients, complete separation.*x0"):
        fit = logistic(x, y)
    assert fit.coef[0] == np.inf
    assert np.isnan(fit.se[0])
    assert np.isnan(fit.p_value[0])
    assert fit.separation == separation.Separation("complete", ("x0",), (), 10)
    assert fit.deviance == 0
    assert fit.lr_statistic[0] == pytest.approx(20 * np.log(2), rel=1e-12)
    assert np.array_equal(fit.fitted, y)
    assert "logistic-flag-complete" in fit.flags


def test_complete__a_column_that_takes_part_either_way_has_no_sign():
    x = np.arange(10.0)
    noise = np.array([1, -1, 0, 2, -2, 1, 0, -1, 2, 1.0])
    fit = quietly(np.column_stack([-x, noise]), x >= 5)
    assert fit.coef[0] == -np.inf
    assert np.isnan(fit.coef[1])
    assert fit.separation.undetermined == ("x1",)
    assert np.array_equal(fit.interval("profile")[1], [-np.inf, np.inf])


def test_quasi__the_other_coefficients_are_those_of_the_patients_not_told_apart():
    X, y = quasi()
    others = X[:, 0] == 0
    with pytest.warns(LearnerWarning, match="30 patients are told apart"):
        fit = logistic(X, y)
    rest = logistic(X[others, 1], y[others])
    assert fit.separation == separation.Separation("quasi", ("x0",), (), 30)
    assert fit.coef[0] == np.inf
    assert (fit.coef[1], fit.se[1]) == pytest.approx((rest.coef[0], rest.se[0]), rel=1e-9)
    assert (fit.intercept, fit.intercept_se) == pytest.approx((rest.intercept, rest.intercept_se), rel=1e-9)
    assert fit.loglik == pytest.approx(rest.loglik, rel=1e-12)
    assert np.array_equal(fit.fitted[~others], np.ones(30))


def test_quasi__tests_and_interval_keep_their_meaning():
    """The likelihood ratio has a limit; the interval is open on one side and ends where the deviance says."""
    X, y = quasi()
    fit, without = quietly(X, y), logistic(X[:, 1], y)
    assert fit.lr_statistic[0] == pytest.approx(without.deviance - fit.deviance, rel=1e-10)
    low, high = fit.interval()[0]
    assert high == np.inf
    held = logistic(X[:, 1], y, offset=low * X[:, 0])
    assert held.deviance - fit.deviance == pytest.approx(stats.chi2(1).ppf(0.95), rel=1e-8)
    assert np.isfinite(fit.p_score[0])
    assert np.isnan(fit.p_score[1])  # the fit without the noise is separated too
    assert np.all(np.isnan(fit.interval("wald")[0]))


def test_quasi__with_weights_and_zero_weights():
    """Whoever has weight 0 cannot spoil a cut; other weights change nothing about it."""
    X, y = quasi()
    y = np.r_[y, 0]
    X = np.vstack([X, [1.0, 0.0]])  # a carrier without the event: no separation any more
    assert quietly(X, y).separation is None
    weights = np.r_[np.random.default_rng(0).uniform(0.1, 9, 120), 0.0]
    assert quietly(X, y, weights=weights).coef[0] == np.inf


@pytest.mark.parametrize("gap", [1.0, 1e-3, 1e-6])
def test_complete__a_narrow_gap_is_a_gap_and_an_overlap_is_none(gap):
    rng = np.random.default_rng(1)
    x = np.r_[rng.uniform(-1, 0, 30), rng.uniform(gap, 1 + gap, 30)]
    y = np.repeat([0, 1], 30)
    assert quietly(x, y).separation.kind == "complete"
    x[0], x[-1] = gap, 0.0  # now the ranges overlap by the gap
    fit = quietly(x, y)
    assert fit.separation is None
    assert np.isfinite(fit.coef[0])


def test_separated__shift_and_unit_change_nothing():
    X, y = quasi()
    fit, moved = quietly(X, y), quietly(X * [1e-9, 1e6] + 1e8 * np.array([1e-9, 1e6]), y)
    assert moved.separation == fit.separation
    assert moved.coef[1] * 1e6 == pytest.approx(fit.coef[1], rel=1e-6)


def test_separated__no_prediction_is_made():
    X, y = quasi()
    with pytest.raises(LearnerError) as caught:
        quietly(X, y).predict(X)
    assert caught.value.key == "logistic-no-prediction"


def test_separated__as_many_coefficients_as_patients():
    """Three patients and two columns: always a cut, never a number."""
    fit = quietly([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]], [0, 1, 1])
    assert fit.separation.kind == "complete"
    assert not np.any(np.isfinite(fit.coef))


def test_separated__without_intercept_and_with_offset():
    fit = quietly([1.0, 2.0, -1.0, -3.0], [1, 1, 0, 0], intercept=False, offset=[9.0, -9, 9, -9])
    assert fit.separation.kind == "complete"
    assert fit.coef[0] == np.inf


def test_glioma__a_gene_is_separated_if_and_only_if_its_carriers_have_one_grade(shared_data):
    """Of one column of 0 and 1 that can be counted; the last gene is made, to have one in any case."""
    with (shared_data / "tcga_glioma_mutations" / "tcga_glioma.csv").open() as file:
        rows = list(csv.DictReader(file))
    grade = np.array([int(row["Grade"]) for row in rows])
    genes = [name for name in rows[0] if name.isupper()]
    X = np.array([[float(row[gene]) for gene in genes] for row in rows])
    one_sided = [(X[:, j] @ grade) in (0, X[:, j].sum()) for j in range(len(genes))]
    for j, gene in enumerate(genes):
        fit = quietly(X[:, j], grade)
        assert (fit.separation is not None) == one_sided[j], gene
    both = X[:, genes.index("IDH1")] * X[:, genes.index("CIC")] * (1 - grade)  # a made one
    fit = quietly(np.column_stack([both, X[:, genes.index("TP53")]]), grade)
    assert fit.coef[0] == -np.inf
    assert np.isfinite(fit.coef[1])


def test_separated__many_patients_are_settled_in_seconds():
    """One patient in a hundred carries, and all carriers have the event: a few small programmes."""
    rng = np.random.default_rng(4)
    X = rng.normal(size=(5000, 3))
    carrier = rng.random(5000) < 0.01
    y = carrier | (rng.random(5000) < 0.3)
    fit = quietly(np.column_stack([carrier, X]), y)
    rest = logistic(X[~carrier], y[~carrier])
    assert fit.separation == separation.Separation("quasi", ("x0",), (), int(carrier.sum()))
    assert np.allclose(fit.coef[1:], rest.coef, rtol=1e-9)


def test_limits__one_programme_speaks_for_many_columns():
    """A hundred columns and 140 patients: every column takes part in cuts of either sign."""
    rng = np.random.default_rng(5)
    fit = quietly(rng.normal(size=(140, 100)), rng.integers(0, 2, 140))
    assert fit.separation.kind == "complete"
    assert np.all(np.isnan(fit.coef) | np.isinf(fit.coef))
    assert len(fit.separation.columns) + len(fit.separation.undetermined) == 100


def test_find__a_design_without_columns_separates_nobody():
    assert separation.find(np.empty((4, 0)), np.array([1.0, -1.0, 1.0, -1.0])) is None
