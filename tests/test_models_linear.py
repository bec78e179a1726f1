"""Least squares: certified and hand-made values, statsmodels, and what must hold for any data."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.anova import anova_lm

import rgteach as rg
from rgteach import LearnerError
from rgteach.models.linear import compare, linear

# NIST StRD, dataset Longley: certified coefficients and standard errors
LONGLEY = {
    "GNPDEFL": (15.0618722713733, 84.9149257747669),
    "GNP": (-0.358191792925910e-01, 0.334910077722432e-01),
    "UNEMP": (-2.02022980381683, 0.488399681651699),
    "ARMED": (-1.03322686717359, 0.214274163161675),
    "POP": (-0.511041056535807e-01, 0.226073200069370),
    "YEAR": (1829.15146461355, 455.478499142212),
}


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 4)) + [0, 1e3, -5, 2]
    return X, X @ [1, 2, 0, -1] + rng.normal(size=80), rng.uniform(0.1, 3, 80)


def test_linear__certified_values_of_longley():
    longley = sm.datasets.longley.load_pandas()
    fit = rg.linear(longley.exog, longley.endog)
    for name, coef, se in zip(fit.names, fit.coef, fit.se, strict=True):
        assert (coef, se) == pytest.approx(LONGLEY[name], rel=1e-11)
    assert fit.intercept == pytest.approx(-3482258.63459582, rel=1e-11)
    assert fit.intercept_se == pytest.approx(890420.383607373, rel=1e-11)
    assert fit.residual_sd == pytest.approx(304.854073561965, rel=1e-11)
    assert fit.r2 == pytest.approx(0.995479004577296, rel=1e-12)
    assert fit.f_statistic == pytest.approx(330.285339234588, rel=1e-11)


@pytest.mark.parametrize("base", [1.0, 0.1], ids=["Wampler1", "Wampler2"])
def test_linear__certified_values_of_wamplers_polynomials(base):
    """NIST StRD: y is exactly the polynomial, so the coefficients are powers of 1 or 0.1."""
    x = np.arange(21.0)
    powers = np.arange(6)
    fit = linear(np.stack([x**k for k in powers[1:]], axis=1), (x[:, None] ** powers) @ (base**powers))
    assert fit.coef == pytest.approx(base ** powers[1:], rel=1e-7)  # condition number 6e6
    assert fit.intercept == pytest.approx(1, rel=1e-6)
    assert "linear-perfect" in fit.flags
    assert "perfect up to rounding" in repr(fit)


@pytest.mark.parametrize("intercept", [True, False], ids=["intercept", "through 0"])
@pytest.mark.parametrize("weighted", [True, False], ids=["weights", "alike"])
@pytest.mark.parametrize("errors", ["classic", "hc3"])
def test_linear__equals_statsmodels(data, intercept, weighted, errors):
    X, y, w = data
    w = w if weighted else np.ones(80)
    fit = linear(X, y, weights=w, intercept=intercept, errors=errors, level=0.9)
    peer = sm.WLS(y, sm.add_constant(X) if intercept else X, weights=w).fit()
    robust = peer.get_robustcov_results("HC3", use_t=True) if errors == "hc3" else peer
    first = int(intercept)
    assert fit.coef == pytest.approx(peer.params[first:], rel=1e-8)
    assert fit.se == pytest.approx(robust.bse[first:], rel=1e-8)
    assert fit.t == pytest.approx(robust.tvalues[first:], rel=1e-8)
    assert fit.p_value == pytest.approx(robust.pvalues[first:], rel=1e-8)
    assert fit.interval() == pytest.approx(robust.conf_int(0.1)[first:], rel=1e-8)
    assert fit.covariance == pytest.approx(robust.cov_params(), rel=1e-7, abs=1e-9)
    if intercept:
        assert fit.intercept == pytest.approx(peer.params[0], rel=1e-8)
        assert fit.intercept_se == pytest.approx(robust.bse[0], rel=1e-8)
        ends = tuple(robust.conf_int(0.1)[0])  # one lies near 0, where 1e-8 of the other is what counts
        assert fit.intercept_interval() == pytest.approx(ends, rel=1e-8, abs=1e-8 * max(map(abs, ends)))
    assert (fit.r2, fit.adjusted_r2) == pytest.approx((peer.rsquared, peer.rsquared_adj), rel=1e-10)
    assert (fit.f_statistic, fit.f_p_value) == pytest.approx((peer.fvalue, peer.f_pvalue), rel=1e-8)
    assert fit.loglik == pytest.approx(peer.llf, rel=1e-10)
    assert fit.aic == pytest.approx(peer.aic + 2, rel=1e-10)  # R counts the residual sd, statsmodels does not
    assert fit.bic == pytest.approx(peer.bic + np.log(80), rel=1e-10)
    assert fit.residuals == pytest.approx(peer.resid, rel=1e-7, abs=1e-10)


@given(st.integers(0, 10**6))
def test_linear__residuals_are_orthogonal_to_every_column(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(20, 3)) * [1, 1e4, 1e-4], rng.normal(size=20)
    fit = linear(X, y)
    assert np.abs((X - X.mean(axis=0)).T @ fit.residuals / X.std(axis=0)).max() < 1e-12
    assert abs(fit.residuals.sum()) < 1e-12


@pytest.mark.parametrize("shift", [1e4, 1e8], ids=["1e4", "1e8"])
def test_linear__a_shift_of_the_columns_changes_only_the_intercept(data, shift):
    X, y, _ = data
    shifted = X + shift  # the numbers themselves are rounded here, so compare with what they are now
    here, there = linear(shifted - shift, y), linear(shifted, y + shift)
    y_here = linear(shifted - shift, (y + shift) - shift)
    assert there.coef == pytest.approx(y_here.coef, rel=1e-8)
    assert there.se == pytest.approx(y_here.se, rel=1e-8)
    assert here.coef == pytest.approx(y_here.coef, rel=1e-6)


@pytest.mark.parametrize("unit", [1e-150, 1e-8, 1e8, 1e150])
def test_linear__units_scale_the_coefficients(data, unit):
    X, y, _ = data
    plain, other = linear(X, y), linear(X * unit, y)
    assert other.coef * unit == pytest.approx(plain.coef, rel=1e-10)
    assert other.t == pytest.approx(plain.t, rel=1e-10)


@pytest.mark.parametrize("errors", ["classic", "hc3"])
def test_linear__rows_of_weight_zero_are_not_there(data, errors):
    X, y, w = data
    with_zeros = np.r_[w, np.zeros(3)]
    rows, outcomes = np.r_[X, np.full((3, 4), 1e6)], np.r_[y, 1e9, -1e9, 0]
    fit = linear(rows, outcomes, weights=with_zeros, errors=errors)
    plain = linear(X, y, weights=w, errors=errors)
    assert (fit.n, fit.df, fit.n_zero_weight) == (80, 75, 3)
    assert np.array_equal(fit.coef, plain.coef)
    assert np.array_equal(fit.p_value, plain.p_value)
    assert fit.aic == plain.aic


def test_linear__hc3_of_a_row_that_stands_alone_is_not_known():
    X = np.c_[np.r_[1.0, np.zeros(9)], np.arange(10.0)]  # the first column is that row's own
    fit = linear(X, np.sqrt(np.arange(10.0)), errors="hc3")
    assert "linear-alone" in fit.flags
    assert np.isnan(fit.se[0])


def test_linear__an_outcome_that_does_not_vary_is_flagged():
    fit = linear(np.arange(5.0), np.full(5, 3.0))
    assert "linear-flat-outcome" in fit.flags
    assert fit.coef.tolist() == [0.0]
    assert np.isnan(fit.r2)
    assert "NaN" in repr(fit)


def test_linear__a_huge_t_has_a_tiny_p_value():
    x = np.arange(400.0)
    fit = linear(x, x + 0.01 * np.random.default_rng(0).normal(size=400))
    assert 0 <= fit.p_value[0] < 1e-300
    assert "< 1e-300" in repr(fit)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda X, y: (X[:5], y[:5]), "too-few-rows"),
        (lambda X, y: (np.c_[X, np.ones(80)], y), "constant-columns"),
        (lambda X, y: (np.c_[X, X[:, 0] - X[:, 1]], y), "collinear-columns"),
        (lambda X, y: (X[:, :0], y), "no-columns"),
        (lambda X, y: (X, np.where(y > 2000, np.nan, y)), "has-gaps"),
        (lambda X, y: (X, y[1:]), "lengths-differ"),
    ],
    ids=["few rows", "constant", "collinear", "no columns", "gaps", "lengths"],
)
def test_linear__refuses_what_has_no_answer(data, change, key):
    with pytest.raises(LearnerError) as caught:
        linear(*change(*data[:2]))
    assert caught.value.key == key


@pytest.mark.parametrize("weights", [np.zeros(80), np.r_[-1, np.ones(79)]], ids=["zeros", "negative"])
def test_linear__refuses_weights_that_are_none(data, weights):
    with pytest.raises(LearnerError) as caught:
        linear(*data[:2], weights=weights)
    assert caught.value.key == "case-weights"


def test_linear__rows_without_weight_do_not_save_a_constant_column(data):
    X, y, _ = data
    X[:70, 0] = 5
    with pytest.raises(LearnerError) as caught:
        linear(X, y, weights=np.r_[np.ones(70), np.zeros(10)])
    assert "x0 = 5" in str(caught.value)


def test_compare__equals_anova(data):
    X, y, _ = data
    frame = pd.DataFrame(X, columns=list("abcd")).assign(y=y)
    small, large = (sm.OLS.from_formula(f"y ~ {rhs}", frame).fit() for rhs in ("a + c", "a + b + c + d"))
    table = anova_lm(small, large)
    result = compare(linear(frame[["a", "c"]], y), linear(frame[list("abcd")], y))
    assert result.df == (2, 75)
    assert result.statistic == pytest.approx(table["F"].iloc[1], rel=1e-9)
    assert result.p_value == pytest.approx(table["Pr(>F)"].iloc[1], rel=1e-8)


def test_compare__refuses_what_is_not_nested(data):
    X, y, _ = data
    frame = pd.DataFrame(X, columns=list("abcd"))
    with pytest.raises(LearnerError) as caught:
        compare(linear(frame[["a", "b"]], y), linear(frame[["b", "c", "d"]], y))
    assert caught.value.key == "not-nested"
    with pytest.raises(LearnerError) as caught:
        compare(linear(frame[["a"]], y), linear(frame[["a", "b"]][1:], y[1:]))
    assert caught.value.key == "not-the-same-rows"


def test_predict__is_the_line_and_knows_its_columns(data):
    X, y, _ = data
    frame = pd.DataFrame(X, columns=list("abcd"))
    fit = linear(frame, y)
    assert fit.predict(frame) == pytest.approx(fit.fitted, rel=1e-12)
    assert fit.predict(X[:3]) == pytest.approx(fit.fitted[:3], rel=1e-12)
    with pytest.raises(LearnerError) as caught:
        fit.predict(frame[list("bacd")])
    assert caught.value.key == "linear-other-columns"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_views__read_in_both_languages(data, lang):
    rg.setup(lang)
    X, y, w = data
    wide = np.random.default_rng(1).normal(size=(80, 35))
    small, large = linear(X[:, :2], y), linear(X, y)
    fits = [large, linear(X, y, weights=w, errors="hc3", intercept=False), linear(wide, y)]
    for result in [*fits, linear(np.arange(5.0), np.arange(5.0)), compare(small, large)]:
        assert "{" not in repr(result)
        assert result._repr_html_().startswith("<div")
    assert ("截距" if lang == "zh" else "intercept") in repr(large)
