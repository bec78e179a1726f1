"""Firth's fit against exact small tables and an independent search for the top of its likelihood."""

import math
import warnings

import naive_logistic as naive
import numpy as np
import pytest
from scipy import optimize, stats

from rgteach import LearnerWarning
from rgteach.models.logistic import logistic


def made(seed=0, n=40, p=2):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    return X, (rng.random(n) < 1 / (1 + np.exp(1 - X[:, 0]))).astype(int)


def searched(X, y, held=None, weights=None):
    """The largest penalised log-likelihood by a general search, with one coefficient held or none."""
    design = np.column_stack([np.ones(len(X)), X])
    cases = np.column_stack([y, np.ones(len(y)) if weights is None else weights, np.zeros(len(y))])
    free = [j for j in range(design.shape[1]) if held is None or j != held[0]]
    coef = np.zeros(design.shape[1])
    if held is not None:
        coef[held[0]] = held[1]

    def fall(part):
        coef[free] = part
        return -naive.firth_loglik(design, cases, coef)

    found = optimize.minimize(fall, np.zeros(len(free)), method="BFGS", options={"gtol": 1e-9})
    coef[free] = found.x
    return coef.copy(), -found.fun


@pytest.mark.parametrize("cells", [(5, 3, 2, 6), (7, 0, 2, 6), (4, 0, 0, 4), (1, 0, 0, 3)], ids=str)
def test_2x2__is_half_a_patient_added_to_each_cell(cells):
    """Firth 1993, section 3.2: in a saturated table the penalty adds 1/2 to every cell, empty ones too."""
    a, b, c, d = cells
    x, y = [1.0] * (a + b) + [0.0] * (c + d), [1] * a + [0] * b + [1] * c + [0] * d
    fit = logistic(x, y, method="firth")
    assert fit.coef[0] == pytest.approx(math.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5))), rel=1e-9)
    assert fit.intercept == pytest.approx(math.log((c + 0.5) / (d + 0.5)), rel=1e-9)
    p, q = (a + 0.5) / (a + b + 1), (c + 0.5) / (c + d + 1)
    spread = 1 / ((a + b) * p * (1 - p)) + 1 / ((c + d) * q * (1 - q))
    assert fit.se[0] == pytest.approx(math.sqrt(spread), rel=1e-9)
    assert fit.separation is None


@pytest.mark.parametrize("seed", range(3))
def test_fit__is_the_top_of_the_penalised_likelihood(seed):
    X, y = made(seed)
    fit = logistic(X, y, method="firth")
    coef, top = searched(X, y)
    assert np.allclose(np.r_[fit.intercept, fit.coef], coef, atol=1e-6)  # a search by differences ends there
    assert fit.penalised_loglik == pytest.approx(top, rel=1e-10)
    assert fit.penalised_loglik >= top - 1e-12


def test_fit__of_separated_data_is_finite_and_silent():
    x = np.arange(10.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", LearnerWarning)
        fit = logistic(x, x >= 5, method="firth")
    coef, top = searched(x[:, None], (x >= 5).astype(int))
    assert fit.coef[0] == pytest.approx(coef[1], rel=1e-5)
    assert fit.penalised_loglik == pytest.approx(top, rel=1e-9)
    assert 0 < fit.predict([4.5])[0] < 1


def test_tests__keep_the_penalty_of_the_full_model():
    """As R's logistf: the restricted likelihood is penalised with the information of all columns."""
    X, y = made(4)
    fit = logistic(X, y, method="firth")
    for j in (0, 1):
        top = searched(X, y, held=(j + 1, 0.0))[1]
        assert fit.lr_statistic[j] == pytest.approx(2 * (fit.penalised_loglik - top), rel=1e-6)
        assert fit.p_lr[j] == pytest.approx(stats.chi2(1).sf(fit.lr_statistic[j]), rel=1e-10)


def test_interval__ends_where_the_penalised_likelihood_has_fallen():
    X, y = made(5)
    fit = logistic(X, y, method="firth")
    assert fit.best_interval == "profile"
    for j, ends in enumerate(fit.interval()):
        for end in ends:
            top = searched(X, y, held=(j + 1, end))[1]
            assert 2 * (fit.penalised_loglik - top) == pytest.approx(stats.chi2(1).ppf(0.95), rel=1e-7)


def test_fit__unit_and_shift_change_nothing():
    X, y = made(6)
    fit, moved = logistic(X, y, method="firth"), logistic(X * 1e-6 + 5, y, method="firth")
    assert np.allclose(moved.coef * 1e-6, fit.coef, rtol=1e-8)
    assert np.allclose(moved.p_lr, fit.p_lr, rtol=1e-7)
    assert moved.penalised_loglik == pytest.approx(fit.penalised_loglik + 2 * math.log(1e-6), rel=1e-10)


def test_weights__count_patients():
    X, y = made(7)
    counts = np.random.default_rng(7).integers(1, 4, len(y))
    fit = logistic(X, y, weights=counts, method="firth")
    long = logistic(np.repeat(X, counts, axis=0), np.repeat(y, counts), method="firth")
    assert np.allclose(fit.coef, long.coef, rtol=1e-9)
    assert np.allclose(fit.se, long.se, rtol=1e-9)
    assert np.allclose(fit.coef, searched(X, y, weights=counts)[0][1:], atol=1e-6)


def test_bias__of_few_events_is_taken_away():
    """Maximum likelihood exaggerates with few patients; Firth's mean estimate lies near the truth."""
    rng = np.random.default_rng(8)
    ml, firth = [], []
    for _ in range(1200):
        x = rng.normal(size=40)
        y = rng.random(40) < 1 / (1 + np.exp(-1.0 * x))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LearnerWarning)
            ml.append(logistic(x, y).coef[0])
            firth.append(logistic(x, y, method="firth").coef[0])
    assert np.mean([b for b in ml if np.isfinite(b)]) > 1.06
    assert abs(np.mean(firth) - 1) < 0.05  # four standard errors of the mean of 1200
