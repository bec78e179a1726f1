"""Ordinal models at their limits: separated categories, Brant's test, and how the results read."""

import numpy as np
import pytest
import statsmodels.api as sm

import rgteach as rg
from rgteach import LearnerError, LearnerWarning
from rgteach.models.ordinal import ordinal


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(150, 3))
    return X, np.digitize(X @ [1.0, -0.5, 0.0] + rng.logistic(size=150), [-1.5, 0.0, 2.0])


def fitted(X, y, **settings):
    with pytest.warns(LearnerWarning, match="told apart"):
        return ordinal(X, y, **settings)


def test_separation__all_categories_told_apart_by_one_column(data):
    X, _ = data
    y = np.digitize(X[:, 1], [-1, 0, 1])
    fit = fitted(X, y)
    assert fit.coef[1] == np.inf
    assert "x1" in fit.separation.columns
    assert fit.separation.n_apart == 150
    assert np.isnan(fit.se).all()
    assert np.isnan(fit.p_value).all()
    assert np.isnan(fit.thresholds).all()
    assert fit.loglik == pytest.approx(0, abs=1e-6)
    assert fit.lr_p_value < 1e-30
    assert "infinite" in repr(fit)
    with pytest.raises(LearnerError) as caught:
        fit.predict(X)
    assert caught.value.key == "ordinal-no-prediction"


@pytest.mark.parametrize("sign", [1, -1])
def test_separation__a_rare_marker_that_only_the_highest_category_carries(data, sign):
    X, y = data
    marker = np.zeros(150)
    marker[np.flatnonzero(y == 3)[:4]] = sign
    fit = fitted(np.c_[X, marker], y)
    assert fit.separation.columns == ("x3",)
    assert fit.coef[3] == sign * np.inf
    without = ordinal(X[marker == 0], y[marker == 0])
    assert fit.coef[:3] == pytest.approx(without.coef, rel=1e-6)  # where the likelihood tends to
    assert fit.loglik == pytest.approx(without.loglik, abs=1e-6)
    assert fit.separation.n_apart == 4


def test_separation__one_point_on_the_edge_is_still_quasi_separation():
    x = np.array([1, 2, 3, 4, 4, 5, 6, 7.0])
    fit = fitted(x, [0, 0, 0, 0, 1, 1, 1, 1])
    assert fit.coef[0] == np.inf
    assert fit.loglik == pytest.approx(2 * np.log(0.5), abs=1e-5)  # the two at 4 are a coin toss


def test_separation__a_single_overlap_has_an_answer():
    x = np.array([1, 2, 3, 4.5, 4, 5, 6, 7.0])
    fit = ordinal(x, [0, 0, 0, 0, 1, 1, 1, 1])
    assert fit.separation is None
    assert np.isfinite(fit.se).all()
    assert fit.gradient_norm < 1e-8


def test_separation__a_middle_category_may_be_told_apart_alone():
    """Below 0 there is only category 1: it is the middle one that one direction cannot separate."""
    x = np.r_[np.full(10, -1.0), np.arange(20) % 7]
    y = np.r_[np.full(10, 1), np.arange(20) % 2 * 2]
    assert ordinal(x, y).separation is None


def naive_brant(X, y):
    """Brant's statistic from statsmodels' logistic regressions, written out block by block."""
    k = y.max()
    Z = sm.add_constant(X)
    fits = [sm.Logit(y > j, Z).fit(disp=False, tol=1e-12, method="newton") for j in range(k)]
    above = [fit.predict(Z) for fit in fits]
    p = X.shape[1]
    cov = np.empty((k * p, k * p))
    for j in range(k):
        for m in range(k):
            both = above[max(j, m)] - above[j] * above[m]  # P(y > j and y > m) minus the product
            block = fits[j].cov_params() @ (Z.T * both) @ Z @ fits[m].cov_params()
            cov[j * p : (j + 1) * p, m * p : (m + 1) * p] = block[1:, 1:]
    D = np.hstack([np.tile(-np.eye(p), (k - 1, 1)), np.eye((k - 1) * p)])
    d = D @ np.concatenate([fit.params[1:] for fit in fits])
    return d @ np.linalg.inv(D @ cov @ D.T) @ d


def test_brant__equals_the_formula_with_statsmodels_fits(data):
    X, y = data
    test = ordinal(X, y).brant()
    assert test.statistic == pytest.approx(naive_brant(X, y), rel=1e-7)
    assert test.df == 6
    for column in range(3):
        assert test.coef[:, column].shape == (3,)
        assert 0 < test.column_p_value[column] < 1
    first = sm.Logit(y > 0, sm.add_constant(X)).fit(disp=False, tol=1e-12)
    assert test.coef[0] == pytest.approx(first.params[1:], rel=1e-7)


def test_brant__does_not_depend_on_units(data):
    X, y = data
    here, there = ordinal(X, y).brant(), ordinal(X * [1e6, 1, 1e-6] + 5, y).brant()
    assert there.statistic == pytest.approx(here.statistic, rel=1e-7)
    assert there.column_statistic == pytest.approx(here.column_statistic, rel=1e-6)


def test_brant__keeps_its_level_when_odds_are_proportional():
    rng = np.random.default_rng(3)
    p_values = []
    for _ in range(200):
        X = rng.normal(size=(400, 2))
        y = np.digitize(X @ [0.8, -0.4] + rng.logistic(size=400), [-1, 1])
        p_values.append(ordinal(X, y).brant().p_value)
    assert 0.02 < np.mean(np.array(p_values) < 0.05) < 0.09  # 10 of 200 expected, sd 3
    assert 0.4 < np.mean(p_values) < 0.6


def test_brant__sees_odds_that_are_not_proportional():
    rng = np.random.default_rng(4)
    X = rng.normal(size=(600, 2))
    first = X[:, 0] * 2.0 + rng.logistic(size=600) > 0
    second = X[:, 0] * 0.0 + rng.logistic(size=600) > 0.5
    test = ordinal(X, first.astype(int) + (first & second)).brant()
    assert test.p_value < 1e-6
    assert test.column_p_value[0] < 1e-6 < test.column_p_value[1]


def test_brant__of_two_categories_and_of_a_separated_threshold(data):
    X, y = data
    with pytest.raises(LearnerError) as caught:
        ordinal(X, y > 1).brant()
    assert caught.value.key == "brant-two-categories"
    marker = np.isin(np.arange(150), [*np.flatnonzero(y == 0)[:4], *np.flatnonzero(y == 1)[:4]])
    fit = ordinal(np.c_[X, marker], y)  # carriers are 0 or 1, so nobody of them is above 1
    assert fit.separation is None
    test = fit.brant()
    assert test.flags == ("brant-separated",)
    assert np.isnan(test.p_value)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_views__read_in_both_languages(data, lang):
    rg.setup(lang)
    X, y = data
    fit = ordinal(np.c_[X, np.random.default_rng(5).normal(size=(150, 32))], y)
    with pytest.warns(LearnerWarning):
        apart = ordinal(X, np.digitize(X[:, 0], [0, 1]), weights=np.r_[0, np.ones(149)])
    for result in (fit, apart, ordinal(X, y).brant()):
        assert "{" not in repr(result)
        assert result._repr_html_().startswith("<div")
    assert ("优势比" if lang == "zh" else "odds ratio") in repr(fit)
