"""Slow twins of logistic regression: the definitions in plain Python, written to be believed."""

from itertools import product
from math import exp, log

import numpy as np


def loglik(design, cases, coef):
    """Sum over patients of w log P(what was seen)."""
    total = 0.0
    for row, (y, w, offset) in zip(design, cases, strict=True):
        eta = offset + sum(z * b for z, b in zip(row, coef, strict=True))
        p = 1 / (1 + exp(-eta))
        total += w * log(p if y else 1 - p)
    return total


def firth_loglik(design, cases, coef):
    """The same plus half the log-determinant of the information."""
    return loglik(design, cases, coef) + np.linalg.slogdet(information(design, cases, coef))[1] / 2


def score(design, cases, coef):
    """First derivatives: the sum of w (y - p) z."""
    return [
        sum(
            w * (y - _p(row, offset, coef)) * row[j]
            for row, (y, w, offset) in zip(design, cases, strict=True)
        )
        for j in range(len(coef))
    ]


def information(design, cases, coef):
    """Sum of w p (1 - p) z z'."""
    total = np.zeros((len(coef), len(coef)))
    for row, (_, w, offset) in zip(design, cases, strict=True):
        p = _p(row, offset, coef)
        total += w * p * (1 - p) * np.outer(row, row)
    return total


def firth_score(design, cases, coef):
    """Derivative of the penalised log-likelihood by central differences."""
    steps = 1e-5 * np.eye(len(coef))
    return [
        (firth_loglik(design, cases, coef + h) - firth_loglik(design, cases, coef - h)) / 2e-5 for h in steps
    ]


def slope_sums(sign, signed, intercept, slope):
    """Log-likelihood, two first and three second derivatives of a line, by the general definitions."""
    y = [float(s > 0) for s in sign]
    design = np.array([[1.0, s * t] for s, t in zip(sign, signed, strict=True)])
    cases = np.array([[each, 1.0, 0.0] for each in y])
    coef = np.array([intercept, slope])
    inside = information(design, cases, coef)
    return (
        loglik(design, cases, coef), *score(design, cases, coef), inside[0, 0], inside[0, 1], inside[1, 1]
    )  # fmt: skip


def separated(design, y):
    """Whether whole coefficients from -3 to 3 tell some patients apart and put none on the wrong side.

    Enough for designs of very small whole numbers, where a cut can be turned until it has such coefficients.
    """
    for coef in product(range(-3, 4), repeat=design.shape[1]):
        sides = (2 * y - 1) * (design @ np.array(coef))
        if sides.min() >= 0 and sides.max() > 0:
            return "complete" if any_complete(design, y) else "quasi"
    return None


def any_complete(design, y):
    """Whether whole coefficients from -6 to 6 put every patient on the right side."""
    for coef in product(range(-6, 7), repeat=design.shape[1]):
        if ((2 * y - 1) * (design @ np.array(coef))).min() > 0:
            return True
    return False


def ranges_overlap(x, y):
    """Whether some event lies below some other patient, and some above: two pairs, one each way."""
    pairs = _ordered(x, y)
    return any(a > b for a, b in pairs) and any(a < b for a, b in pairs)


def _ordered(x, y):
    """Every event beside every other patient."""
    return [(a, b) for a, ya in zip(x, y, strict=True) for b, yb in zip(x, y, strict=True) if ya and not yb]


def _p(row, offset, coef):
    eta = offset + sum(z * b for z, b in zip(row, coef, strict=True))
    return 1 / (1 + exp(-eta))
