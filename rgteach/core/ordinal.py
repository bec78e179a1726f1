"""The likelihood of the proportional-odds model, and Newton's climb to its top.  Arrays only, no checks.

The category y of a patient with linear predictor eta = x·beta lies between two thresholds on a logistic
scale: P(y <= j) = s(theta_j - eta), with s(t) = 1 / (1 + exp(-t)).  With a and b the upper and the lower
threshold of the patient's own category, less eta, its probability is

    s(a) - s(b) = s(a) s(-b) (1 - exp(b - a)),

and the right side loses no digits, however far out a and b are.  Its logarithm is concave in (theta, beta).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MOST_STEPS = 100


class Climb(NamedTuple):
    """Where the climb ended: thresholds, coefficients, what is known there, and how it went."""

    theta: np.ndarray
    beta: np.ndarray
    loglik: float
    gradient: np.ndarray  # of (theta, beta)
    information: np.ndarray  # minus the second derivatives
    n_steps: int
    at_top: bool  # whether a further step promised nothing


def climb(X: np.ndarray, y: np.ndarray, weights: np.ndarray, n_categories: int) -> Climb:
    """Newton's method from the observed shares of the categories; a step is halved until it leads upwards.

    X : (n, p), columns of about unit size;  y : (n,) int, 0 .. n_categories - 1, none empty;
    weights : (n,), above 0.
    """
    counts = np.bincount(y, weights, n_categories)
    below = np.cumsum(counts)[:-1]
    theta, beta = np.log(below / (counts.sum() - below)), np.zeros(X.shape[1])
    loglik = log_likelihood(theta, X @ beta, y, weights)
    for n_steps in range(1, MOST_STEPS + 1):
        gradient, information = derivatives(theta, beta, X, y, weights)
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:  # flat to the last digit: the data are separated
            return Climb(theta, beta, loglik, gradient, information, n_steps, False)
        promised = gradient @ step / 2  # by which the log-likelihood would rise on a parabola
        theta, beta, loglik, rose = _step(theta, beta, step, (X, y, weights), loglik)
        if promised <= 1e-20 * counts.sum() or not rose:
            gradient, information = derivatives(theta, beta, X, y, weights)
            return Climb(theta, beta, loglik, gradient, information, n_steps, promised <= 1e-9 * counts.sum())
    return Climb(theta, beta, loglik, gradient, information, MOST_STEPS, False)


def _step(theta, beta, step, data, loglik):
    """Go the step, or the largest half, quarter, ... of it that does not lower the log-likelihood."""
    X, y, weights = data
    k, share = len(theta), 1.0
    while share > 1e-10:
        new = theta + share * step[:k], beta + share * step[k:]
        reached = log_likelihood(new[0], X @ new[1], y, weights)
        if reached >= loglik:
            return *new, reached, reached > loglik or share == 1.0
        share /= 2
    return theta, beta, loglik, False


def log_likelihood(theta: np.ndarray, eta: np.ndarray, y: np.ndarray, weights: np.ndarray) -> float:
    """Weighted sum of the log-probabilities; -inf where the thresholds do not ascend."""
    from scipy.special import log_expit

    width = np.diff(theta)
    if not np.all(width > 0):
        return -np.inf
    upper, lower = np.append(theta, np.inf), np.append(-np.inf, theta)
    log_width = np.concatenate([[0.0], np.log(-np.expm1(-width)), [0.0]])
    return float(weights @ (log_expit(upper[y] - eta) + log_expit(eta - lower[y]) + log_width[y]))


def derivatives(theta, beta, X, y, weights) -> tuple[np.ndarray, np.ndarray]:
    """Gradient and information of (theta, beta); the width of a category binds its two thresholds together.

    For one patient, with d = a - b:  d/da = s(-a) + 1 / (e^d - 1),  d/db = -s(b) - 1 / (e^d - 1),  and
    -d2/da2 = s(a) s(-a) + e^d / (e^d - 1)^2,  -d2/dadb = -e^d / (e^d - 1)^2;  eta moves a and b together.
    """
    from scipy.special import expit

    k, eta = len(theta), X @ beta
    above = expit(eta - np.append(theta, np.inf)[y])  # s(-a)
    below = expit(np.append(-np.inf, theta)[y] - eta)  # s(b)
    width = np.diff(theta)
    with np.errstate(over="ignore"):  # thresholds that far apart do not feel each other
        pull = np.concatenate([[0.0], 1 / np.expm1(width), [0.0]])
        bond = np.concatenate([[0.0], 0.25 / np.sinh(width / 2) ** 2, [0.0]])
    upper, lower = weights * above * (1 - above), weights * below * (1 - below)

    counts = np.bincount(y, weights, k + 1)
    by_upper, by_lower = _sums(y, weights * above, k) + (counts * pull)[:-1], _sums(y - 1, weights * below, k)
    gradient = np.concatenate([by_upper - by_lower - (counts * pull)[1:], -X.T @ (weights * (above - below))])

    information = np.zeros((k + len(beta),) * 2)
    ties = counts * bond
    diagonal = _sums(y, upper, k) + _sums(y - 1, lower, k) + ties[:-1] + ties[1:]
    information[np.arange(k), np.arange(k)] = diagonal
    information[np.arange(1, k), np.arange(k - 1)] = information[np.arange(k - 1), np.arange(1, k)] = -ties[
        1:-1
    ]
    for j in range(k):
        across = upper * (y == j) + lower * (y == j + 1)
        information[j, k:] = information[k:, j] = -across @ X
    information[k:, k:] = (X * (upper + lower)[:, None]).T @ X
    return gradient, information


def _sums(places: np.ndarray, values: np.ndarray, k: int) -> np.ndarray:
    """Sums of the values at each place 0 .. k - 1; other places have no threshold."""
    inside = (places >= 0) & (places < k)
    return np.bincount(places[inside], values[inside], k)


def probabilities(theta: np.ndarray, eta: np.ndarray) -> np.ndarray:
    """Probability of every category, shape (n, k + 1)."""
    from scipy.special import expit

    lower, upper = np.append(-np.inf, theta), np.append(theta, np.inf)
    width = -np.expm1(lower - upper)
    return expit(upper - eta[:, None]) * expit(eta[:, None] - lower) * width
