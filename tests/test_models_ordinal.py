"""The proportional-odds model: published values, statsmodels, and data that have no answer."""

import naive_ordinal as naive
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.miscmodels.ordinal_model import OrderedModel

import rgteach as rg
from rgteach import LearnerError
from rgteach.core import ordinal as core
from rgteach.models.ordinal import ordinal

# Satisfaction of 1,681 tenants in Copenhagen (Madsen 1976; `housing` of R's MASS): low, medium, high, for
# low, medium and high influence with low contact, then the same with high contact
HOUSING = {
    "Tower": [21, 21, 28, 34, 22, 36, 10, 11, 36, 14, 19, 37, 17, 23, 40, 3, 5, 23],
    "Apartment": [61, 23, 17, 43, 35, 40, 26, 18, 54, 78, 46, 43, 48, 45, 86, 15, 25, 62],
    "Atrium": [13, 9, 10, 8, 8, 12, 6, 7, 9, 20, 23, 20, 10, 22, 24, 7, 10, 21],
    "Terrace": [18, 6, 7, 15, 13, 13, 7, 5, 11, 57, 23, 13, 31, 21, 13, 5, 6, 13],
}
# What MASS prints for polr(Sat ~ Infl + Type + Cont, weights = Freq, data = housing)
POLR = {
    "InflMedium": (0.5663937, 0.10465), "InflHigh": (1.2888191, 0.12716), "Apartment": (-0.5723501, 0.11924),
    "Atrium": (-0.3661866, 0.15517), "Terrace": (-1.0910149, 0.15149), "ContHigh": (0.3602841, 0.09554),
}  # fmt: skip


@pytest.fixture
def housing():
    rows = [
        (infl == 1, infl == 2, kind == "Apartment", kind == "Atrium", kind == "Terrace", cont == 1, sat, freq)
        for kind, counts in HOUSING.items()
        for (cont, infl, sat), freq in zip(np.ndindex(2, 3, 3), counts, strict=True)
    ]
    return pd.DataFrame(rows, columns=[*POLR, "sat", "freq"]).astype(float)


@pytest.fixture
def data():
    """Four ordered categories of 150 patients and three columns."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(150, 3))
    hidden = X @ [1.0, -0.5, 0.0] + rng.logistic(size=150)
    return X, np.digitize(hidden, [-1.5, 0.0, 2.0])


def test_ordinal__published_values_of_polr(housing):
    fit = rg.ordinal(housing[list(POLR)], housing["sat"], weights=housing["freq"])
    assert fit.n == 1681
    for name, coef, se in zip(fit.names, fit.coef, fit.se, strict=True):
        assert coef == pytest.approx(POLR[name][0], abs=2e-5)  # polr stops early
        assert se == pytest.approx(POLR[name][1], abs=1e-5)
    assert fit.thresholds == pytest.approx([-0.4961353, 0.6907083], abs=2e-5)
    assert fit.threshold_se == pytest.approx([0.1248, 0.1255], abs=5e-5)
    assert fit.deviance == pytest.approx(3479.149, abs=5e-4)
    assert fit.aic == pytest.approx(3495.149, abs=5e-4)
    assert fit.gradient_norm < 1e-10


def test_ordinal__equals_statsmodels_and_lies_higher(data):
    X, y = data
    fit = ordinal(X, y)
    model = OrderedModel(y, X, distr="logit")
    peer = model.fit(method="bfgs", disp=False, gtol=1e-8, maxiter=500)
    assert fit.coef == pytest.approx(peer.params[:3], abs=1e-6)  # its optimiser stops at about 1e-7
    assert fit.thresholds == pytest.approx(model.transform_threshold_params(peer.params)[1:-1], abs=1e-6)
    assert fit.se == pytest.approx(peer.bse[:3], rel=1e-4)  # its second derivatives are differences
    assert fit.p_value == pytest.approx(peer.pvalues[:3], rel=1e-3)
    assert fit.loglik >= peer.llf
    assert fit.loglik == pytest.approx(peer.llf, rel=1e-10)
    assert fit.null_loglik == pytest.approx(peer.llnull, rel=1e-6)
    assert fit.predict(X) == pytest.approx(peer.model.predict(peer.params, X), abs=1e-6)
    assert fit.gradient_norm < 1e-11 < np.abs(model.score(peer.params)).max()


@pytest.mark.parametrize("weighted", [False, True], ids=["alike", "weights"])
def test_ordinal__two_categories_are_logistic_regression(data, weighted):
    X, y = data
    w = np.random.default_rng(1).integers(1, 4, 150) if weighted else np.ones(150)
    fit = ordinal(X, y > 1, weights=w, level=0.9)
    peer = sm.GLM(y > 1, sm.add_constant(X), family=sm.families.Binomial(), freq_weights=w).fit(tol=1e-14)
    assert fit.coef == pytest.approx(peer.params[1:], rel=1e-8)
    assert fit.thresholds == pytest.approx([-peer.params[0]], rel=1e-8)
    assert fit.se == pytest.approx(peer.bse[1:], rel=1e-8)
    assert fit.p_value == pytest.approx(peer.pvalues[1:], rel=1e-7)
    assert fit.interval() == pytest.approx(peer.conf_int(0.1)[1:], rel=1e-7)
    assert fit.loglik == pytest.approx(peer.llf, rel=1e-12)


@given(st.integers(0, 10**6))
def test_likelihood__equals_the_slow_twin_and_its_slopes(seed):
    rng = np.random.default_rng(seed)
    X, y, w = rng.normal(size=(12, 2)), rng.integers(0, 4, 12), rng.uniform(0.5, 2, 12)
    at = np.concatenate([np.cumsum(rng.uniform(0.2, 2, 3)) - 2, rng.normal(size=2)])
    assert core.log_likelihood(at[:3], X @ at[3:], y, w) == pytest.approx(
        naive.log_likelihood(at[:3], at[3:], X, y, w), rel=1e-10
    )
    gradient, information = core.derivatives(at[:3], at[3:], X, y, w)
    step = 1e-6 * np.eye(5)
    slopes = [
        (naive.log_likelihood(up[:3], up[3:], X, y, w) - naive.log_likelihood(lo[:3], lo[3:], X, y, w)) / 2e-6
        for up, lo in zip(at + step, at - step, strict=True)
    ]
    assert gradient == pytest.approx(slopes, abs=1e-6)
    bends = [
        (core.derivatives(lo[:3], lo[3:], X, y, w)[0] - core.derivatives(up[:3], up[3:], X, y, w)[0]) / 2e-6
        for up, lo in zip(at + step, at - step, strict=True)
    ]
    assert information == pytest.approx(np.array(bends), rel=1e-6, abs=1e-6)


def test_likelihood__keeps_its_digits_far_out():
    """At 40 on the logistic scale 1 − s(40) is no float any more; the logarithm still is -40 and a bit."""
    loglik = core.log_likelihood(np.array([0.0, 1.0]), np.array([40.0, -700.0]), np.array([0, 2]), np.ones(2))
    assert loglik == pytest.approx(-40 - 701, rel=1e-12)
    assert core.log_likelihood(np.array([1.0, 1.0]), np.zeros(1), np.zeros(1, int), np.ones(1)) == -np.inf


def test_ordinal__more_patients_of_a_kind_are_weights(data):
    X, y = data
    twice, weighted = (
        ordinal(np.r_[X, X[:70]], np.r_[y, y[:70]]),
        ordinal(X, y, weights=np.repeat([2, 1], [70, 80])),
    )
    assert twice.coef == pytest.approx(weighted.coef, rel=1e-8)
    assert twice.se == pytest.approx(weighted.se, rel=1e-8)
    assert twice.n == weighted.n == 220


def test_ordinal__rows_of_weight_zero_are_not_there(data):
    X, y = data
    w = np.where(y == 3, 0.0, 1.0)
    fit = ordinal(X, y, weights=w)
    plain = ordinal(X[y < 3], y[y < 3])
    assert np.array_equal(fit.coef, plain.coef)
    assert fit.categories == ("0", "1", "2")
    assert fit.empty == ("3",)
    assert fit.flags == ("ordinal-empty",)
    assert "Nobody is in: 3" in repr(fit)


@pytest.mark.parametrize("shift", [0.0, 1e8], ids=["0", "1e8"])
@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
def test_ordinal__units_and_shifts_do_not_matter(data, shift, unit):
    X, y = data
    X = (X + shift) - shift
    plain, other = ordinal(X, y), ordinal((X + shift) * unit, y)
    assert other.z == pytest.approx(plain.z, rel=1e-6, abs=1e-8)  # (x + 1e8) 1e9 is rounded once more
    assert other.loglik == pytest.approx(plain.loglik, rel=1e-9)


def test_ordinal__reversing_the_order_turns_every_sign(data):
    X, y = data
    here, there = ordinal(X, y), ordinal(X, -y)
    assert there.coef == pytest.approx(-here.coef, rel=1e-9)
    assert there.thresholds == pytest.approx(-here.thresholds[::-1], rel=1e-9)


def test_ordinal__lr_of_each_column_is_a_fit_without_it(data):
    X, y = data
    fit = ordinal(X, y)
    for j in range(3):
        without = ordinal(np.delete(X, j, axis=1), y)
        assert fit.column_lr_statistic[j] == pytest.approx(2 * (fit.loglik - without.loglik), rel=1e-9)
    assert fit.lr_p_value < fit.column_lr_p_value.min() * 1e3
    assert 0 < fit.column_lr_p_value[2] < 1


@pytest.mark.parametrize(
    "y",
    [
        pd.Series(pd.Categorical(["mid", "low", "high"] * 20, ["low", "mid", "high"], ordered=True)),
        pd.Categorical(["mid", "low", "high"] * 20, ["low", "mid", "high"], ordered=True),
        np.array([2, 1, 3] * 20),
        pd.Series([20.0, 1.0, 21.0] * 20),
    ],
    ids=["series", "categorical", "numbers", "gaps between"],
)
def test_ordinal__reads_ordered_outcomes(y):
    X = np.random.default_rng(2).normal(size=(60, 2))
    fit, told = ordinal(X, y), ordinal(X, ["mid", "low", "high"] * 20, levels=["low", "mid", "high"])
    assert np.array_equal(fit.coef, told.coef)
    assert told.categories == ("low", "mid", "high")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda X, y: (X, np.where(y > 1, "high", "low")), "ordinal-text"),
        (lambda X, y: (X, np.ones(150)), "ordinal-one-category"),
        (lambda X, y: (np.repeat(X, 2, axis=0), np.arange(300)), "ordinal-many-categories"),
        (lambda X, y: (X[:6], [0, 1, 2, 3, 0, 1]), "too-few-rows"),
        (lambda X, y: (np.c_[X, X[:, 0] * 2], y), "collinear-columns"),
        (lambda X, y: (np.c_[X, np.ones(150)], y), "constant-columns"),
        (lambda X, y: (X, np.where(y > 2, np.nan, y)), "has-gaps"),
        (lambda X, y: (X, y[1:]), "lengths-differ"),
        (lambda X, y: (X[:, :0], y), "no-columns"),
    ],
    ids=["text", "one", "many", "few rows", "collinear", "constant", "gaps", "lengths", "no columns"],
)
def test_ordinal__refuses_what_has_no_answer(data, change, key):
    with pytest.raises(LearnerError) as caught:
        ordinal(*change(*data))
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("y", "levels", "key"),
    [
        (["low", "hihg"], ["low", "high"], "ordinal-unknown-level"),
        (["low", "high"], ["low", "high", "low"], "ordinal-levels-twice"),
        (["low", None], ["low", "high"], "has-gaps"),
    ],
)
def test_ordinal__refuses_levels_that_do_not_fit(y, levels, key):
    with pytest.raises(LearnerError) as caught:
        ordinal(np.arange(20.0), y * 10, levels=levels)
    assert caught.value.key == key
