"""Slow twins of logistic regression: the definitions in plain Python, written to be believed."""

from itertools import combinations
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
    """Complete, quasi or no separation of a design of two or three columns of whole numbers, exactly.

    The directions along which nobody moves to the wrong side form a cone whose edges each lie at a right
    angle to one or two patients' rows; the sum of all edges tells apart whoever can be told apart.
    """
    away = design * (2 * y - 1)[:, None]
    if design.shape[1] == 2:
        edges = [np.array([row[1], -row[0]]) for row in away]
    else:
        edges = [np.cross(one, other) for one, other in combinations(away, 2)]
    inside = [edge for edge in [*edges, *(-e for e in edges)] if (away @ edge).min() >= 0]
    sides = away @ sum(inside, np.zeros(design.shape[1]))
    if not sides.any():
        return None
    return "complete" if sides.min() > 0 else "quasi"


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
