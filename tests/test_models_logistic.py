"""Logistic regression against statsmodels, scikit-learn and hand counts; what it refuses and what it says."""

import csv
import math
import warnings

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from sklearn.linear_model import LogisticRegression

import rgteach
from rgteach import LearnerError
from rgteach.models.logistic import logistic


def made(seed=0, n=200, p=5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * np.linspace(1, 30, p) + np.linspace(-3, 90, p)
    eta = (X[:, 0] - X[:, 0].mean()) - 0.02 * (X[:, -1] - X[:, -1].mean()) - 0.4
    return X, (rng.random(n) < 1 / (1 + np.exp(-eta))).astype(int)


def refused(key, *args, **settings):
    with pytest.raises(LearnerError) as caught:
        logistic(*args, **settings)
    assert caught.value.key == key
    assert str(caught.value)
    return caught.value.values


# ---------------------------------------------------------------- by hand: the 2 × 2 table

TABLE = (30, 12, 9, 25)  # carriers with and without the event, others with and without


def table_2x2(a=TABLE[0], b=TABLE[1], c=TABLE[2], d=TABLE[3]):
    return [1.0] * (a + b) + [0.0] * (c + d), [1] * a + [0] * b + [1] * c + [0] * d


def test_2x2__is_the_log_odds_ratio_with_woolfs_standard_error():
    a, b, c, d = TABLE
    fit = logistic(*table_2x2())
    assert fit.coef[0] == pytest.approx(math.log(a * d / (b * c)), rel=1e-12)
    assert fit.se[0] == pytest.approx(math.sqrt(1 / a + 1 / b + 1 / c + 1 / d), rel=1e-12)
    assert fit.intercept == pytest.approx(math.log(c / d), rel=1e-12)
    assert fit.intercept_se == pytest.approx(math.sqrt(1 / c + 1 / d), rel=1e-12)
    assert fit.odds_ratio[0] == pytest.approx(a * d / (b * c), rel=1e-12)


def test_2x2__likelihood_ratio_is_g_squared_and_score_is_pearsons_chi_square():
    a, b, c, d = TABLE
    fit = logistic(*table_2x2())
    for kind, found in (("log-likelihood", fit.lr_statistic), ("pearson", fit.score_statistic)):
        expected = stats.chi2_contingency([[a, b], [c, d]], correction=False, lambda_=kind)
        assert found[0] == pytest.approx(expected.statistic, rel=1e-11)
    assert fit.p_lr[0] == pytest.approx(fit.model_p, rel=1e-12)
    assert fit.p_score[0] == pytest.approx(expected.pvalue, rel=1e-10)


def test_2x2__p_values_do_not_end_at_1e_minus_16():
    fit = logistic(*table_2x2(600, 30, 30, 600))
    log_odds = math.log(400)
    z = log_odds / math.sqrt(2 / 600 + 2 / 30)
    assert fit.p_value[0] == pytest.approx(math.erfc(z / math.sqrt(2)), rel=1e-10)
    assert 0 < fit.p_lr[0] < 1e-240


def test_weights__count_patients():
    x, y, counts = [1.0, 1.0, 0.0, 0.0], [1, 0, 1, 0], TABLE
    one, other = logistic(x, y, weights=counts), logistic(*table_2x2())
    for name in ("coef", "se", "p_value", "p_lr", "p_score", "covariance"):
        assert np.allclose(getattr(one, name), getattr(other, name), rtol=1e-11), name
    for name in ("deviance", "null_deviance", "aic", "bic", "n", "n_events"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-12), name
    assert (one.n_rows, other.n_rows) == (4, 76)


def test_weights__of_zero_are_left_out_and_counted():
    X, y = made()
    weights = np.arange(200) % 4
    X[weights == 0] = 1e9  # what is not counted may be anything
    fit, other = (
        logistic(X, y, weights=weights),
        logistic(X[weights > 0], y[weights > 0], weights=weights[weights > 0]),
    )
    assert np.allclose(fit.coef, other.coef, rtol=1e-12)
    assert fit.n_zero_weight == 50
    assert len(fit.fitted) == fit.n_rows == 150
    assert "50 of weight 0" in repr(fit)


# ---------------------------------------------------------------- against the libraries


@pytest.mark.parametrize("seed", range(4))
def test_fit__agrees_with_statsmodels(seed):
    X, y = made(seed)
    ours, theirs = logistic(X, y), sm.Logit(y, sm.add_constant(X)).fit(disp=0, tol=1e-14)
    assert np.allclose(ours.coef, theirs.params[1:], rtol=1e-8)
    assert np.allclose(ours.se, theirs.bse[1:], rtol=1e-8)
    assert np.allclose(ours.p_value, theirs.pvalues[1:], rtol=1e-8)
    assert np.allclose(ours.interval("wald"), theirs.conf_int()[1:], rtol=1e-8)
    assert np.allclose(ours.covariance, theirs.cov_params(), rtol=1e-7)
    assert np.allclose(ours.fitted, theirs.predict(), rtol=1e-8)
    for name, expected in {"loglik": theirs.llf, "aic": theirs.aic, "bic": theirs.bic}.items():
        assert getattr(ours, name) == pytest.approx(expected, rel=1e-10)
    assert ours.null_deviance == pytest.approx(-2 * theirs.llnull, rel=1e-8)


def test_fit__with_weights_and_offset_agrees_with_statsmodels():
    X, y = made(5)
    rng = np.random.default_rng(5)
    weights, offset = rng.integers(1, 6, 200), rng.normal(size=200)
    model = sm.GLM(y, sm.add_constant(X), family=sm.families.Binomial(), freq_weights=weights, offset=offset)
    theirs = model.fit(tol=1e-14)
    ours = logistic(X, y, weights=weights, offset=offset)
    assert np.allclose(ours.coef, theirs.params[1:], rtol=1e-8)
    assert np.allclose(ours.se, theirs.bse[1:], rtol=1e-8)
    assert ours.deviance == pytest.approx(theirs.deviance, rel=1e-10)
    assert ours.null_deviance == pytest.approx(theirs.null_deviance, rel=1e-8)
    for j in range(5):
        less = sm.GLM(
            y,
            sm.add_constant(np.delete(X, j, 1)),
            family=sm.families.Binomial(),
            freq_weights=weights,
            offset=offset,
        ).fit(tol=1e-14)
        assert ours.lr_statistic[j] == pytest.approx(less.deviance - theirs.deviance, rel=1e-7, abs=1e-9)


def test_fit__without_intercept_agrees_with_statsmodels():
    X, y = made(6)
    ours, theirs = logistic(X, y, intercept=False), sm.Logit(y, X).fit(disp=0, tol=1e-14)
    assert np.allclose(ours.coef, theirs.params, rtol=1e-8)
    assert np.allclose(ours.se, theirs.bse, rtol=1e-8)
    assert ours.intercept == 0
    assert ours.null_deviance == pytest.approx(400 * math.log(2), rel=1e-12)


def test_score_test__agrees_with_statsmodels():
    X, y = made(7, p=3)
    ours = logistic(X, y)
    for j in range(3):
        others = sm.add_constant(np.delete(X, j, 1))
        less = sm.GLM(y, others, family=sm.families.Binomial()).fit(tol=1e-14)
        statistic, p = less.score_test(exog_extra=X[:, [j]])
        assert ours.score_statistic[j] == pytest.approx(float(np.squeeze(statistic)), rel=1e-7)
        assert ours.p_score[j] == pytest.approx(float(np.squeeze(p)), rel=1e-7)


def test_fit__agrees_with_scikit_learn_without_its_penalty():
    """Its solver stops at a gradient of 1e-10 of standardised columns: eight digits."""
    X, y = made(8)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # penalty=None is about to be called C=inf
        theirs = LogisticRegression(penalty=None, tol=1e-10, solver="newton-cholesky").fit(Z, y)
    ours = logistic(Z, y)
    assert np.allclose(ours.coef, theirs.coef_[0], rtol=1e-7)
    assert np.allclose(ours.predict(Z[:9]), theirs.predict_proba(Z[:9])[:, 1], rtol=1e-7)


def test_fit__score_is_zero_at_the_optimum():
    X, y = made(9)
    fit = logistic(X, y)
    Z = np.column_stack([np.ones(200), (X - X.mean(axis=0)) / X.std(axis=0)])
    assert np.abs((y - fit.fitted) @ Z).max() < 1e-10


@pytest.mark.parametrize("shift", [0.0, 1e8], ids=["no-shift", "shift-1e8"])
@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_fit__units_and_shifts_do_not_matter(shift, unit):
    """With a shift of 1e8 the columns themselves keep eight digits behind the point, so the answer does."""
    X, y = made(10)
    X = np.round(X * 2**20) / 2**20  # exact after adding 1e8
    plain, moved = logistic(X, y), logistic((X + shift) * unit, y)
    assert np.allclose(moved.coef * unit, plain.coef, rtol=1e-8)
    assert np.allclose(moved.se * unit, plain.se, rtol=1e-8)
    assert np.allclose(moved.predict((X[:7] + shift) * unit), plain.predict(X[:7]), rtol=1e-7)
    assert moved.deviance == pytest.approx(plain.deviance, rel=1e-10)


def test_fit__a_million_patients():
    rng = np.random.default_rng(11)
    X = rng.normal(size=(10**6, 5))
    y = rng.random(10**6) < 1 / (1 + np.exp(2 - X[:, 0]))
    fit = logistic(X, y)
    score = (y - fit.fitted) @ np.column_stack([np.ones(len(y)), X])
    assert np.abs(score).max() < 1e-6  # sums of a million numbers round at about 1e-10 each of them
    assert abs(fit.coef[0] - 1) < 4 * fit.se[0]


def test_fit__probabilities_far_out():
    """One patient lies forty standard deviations out: 1e-17 and no harm done."""
    rng = np.random.default_rng(12)
    x = np.r_[rng.normal(size=100), 40.0, -40.0]
    y = np.r_[(rng.random(100) < 1 / (1 + np.exp(-2 * x[:100]))), 1, 0].astype(int)
    fit, theirs = logistic(x, y), sm.Logit(y, sm.add_constant(x)).fit(disp=0, tol=1e-14)
    assert fit.separation is None
    assert fit.coef[0] == pytest.approx(theirs.params[1], rel=1e-8)
    assert fit.fitted.max() == 1.0 or 1 - fit.fitted.max() < 1e-20
    assert 0 < fit.fitted.min() < 1e-20


# ---------------------------------------------------------------- intervals


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_profile_interval__ends_where_the_deviance_has_risen_by_the_quantile(level):
    X, y = made(13, p=3)
    fit = logistic(X, y)
    for j, ends in enumerate(fit.interval("profile", level)):
        for end in ends:
            others = sm.add_constant(np.delete(X, j, 1))
            held = sm.GLM(y, others, family=sm.families.Binomial(), offset=X[:, j] * end).fit(tol=1e-14)
            rise = held.deviance - fit.deviance
            assert rise == pytest.approx(stats.chi2(1).ppf(level), rel=1e-8)
        assert ends[0] < fit.coef[j] < ends[1]


def test_interval__level_of_the_fit_is_the_usual_one():
    X, y = made(14)
    fit = logistic(X, y, level=0.9)
    assert np.array_equal(fit.interval(), fit.interval("wald", 0.9))
    assert np.allclose(fit.odds_ratio_interval("profile"), np.exp(fit.interval("profile", 0.9)))
    for bad in (0, 1, 95, "x"):
        with pytest.raises(LearnerError):
            fit.interval(level=bad)


# ---------------------------------------------------------------- real patients


def test_glioma__idh1_by_age_grade_and_gender_as_statsmodels_has_it(shared_data):
    with (shared_data / "tcga_glioma_mutations" / "tcga_glioma.csv").open() as file:
        rows = list(csv.DictReader(file))
    names = ["Age_at_diagnosis", "Grade", "Gender"]
    X = pd.DataFrame([[float(row[name]) for name in names] for row in rows], columns=names)
    y = np.array([int(row["IDH1"]) for row in rows])
    fit, theirs = logistic(X, y), sm.Logit(y, sm.add_constant(X)).fit(disp=0, tol=1e-14)
    assert fit.names == tuple(names)
    assert (fit.n, fit.n_events) == (839, y.sum())
    assert np.allclose(fit.coef, theirs.params[names], rtol=1e-8)
    assert np.allclose(fit.se, theirs.bse[names], rtol=1e-8)
    assert fit.model_statistic == pytest.approx(theirs.llr, rel=1e-8)
    assert fit.flags == ()
    assert fit.coef[1] < -2  # glioblastomas seldom carry it


def test_flat_names__lead_here():
    assert rgteach.logistic is logistic
