"""Slow twins of the penalised logistic regression, written to be believed and not to be fast."""

from math import exp, inf, log

import numpy as np


def logistic_state(eta, y, weights):
    """Loss, w (y - p) and w p (1 - p), straight from the definitions."""
    loss, pull, curvature = 0.0, [], []
    for one, label, weight in zip(eta, y, weights, strict=True):
        p = 1 / (1 + exp(-one))
        loss += -weight * (log(p) if label == 1 else log(1 - p))
        pull.append(weight * (label - p))
        curvature.append(weight * p * (1 - p))
    return loss, pull, curvature


def dual_value(theta, y, weights, scale):
    """The largest floor under the loss that theta gives: the sum of the conjugates, patient by patient."""
    total = 0.0
    for one, label, weight in zip(theta, y, weights, strict=True):
        if weight == 0:
            continue
        p = label - scale * one / weight  # theta stands for w (y - p)
        if p < 0 or p > 1:
            return -inf
        total -= weight * sum(share * log(share) for share in (p, 1 - p) if share > 0)
    return total


def objective(X, y, weights, l1, l2, coef):
    """What is minimised; l1 and l2 are 0 for the columns without a penalty."""
    loss, _, _ = logistic_state(X @ coef, y, weights)
    return loss + sum(l1 * np.abs(coef)) + sum(l2 * coef**2) / 2


def proximal_gradient(X, y, weights, l1, l2, n_steps=20_000):
    """A short step down the slope of the loss, then soft-threshold: slow, and nothing can go wrong."""
    coef = np.zeros(X.shape[1])
    stride = (
        4 / np.linalg.eigvalsh(X.T @ (weights[:, None] * X)).max()
    )  # the curvature p (1 - p) is at most 1/4
    for _ in range(n_steps):
        eta = X @ coef
        coef = coef + stride * (X.T @ (weights * (y - 1 / (1 + np.exp(-eta)))))
        coef = np.sign(coef) * np.maximum(np.abs(coef) - stride * l1, 0) / (1 + stride * l2)
    return coef


def violation(X, y, weights, l1, l2, coef):
    """By how much the worst column misses its optimality condition.

    slope of the loss + l1 sign(b) + l2 b = 0 where b is not zero, |slope| <= l1 where it is.
    """
    p = 1 / (1 + np.exp(-(X @ coef)))
    slope = -X.T @ (weights * (y - p))
    moving = coef != 0
    miss = np.abs(slope + l1 * np.sign(coef) + l2 * coef)
    return max(np.max(miss[moving], initial=0), np.max(np.abs(slope[~moving]) - l1[~moving], initial=0))


def gap(X, y, weights, l1, l2, coef):
    """A duality gap from the coefficients alone.

    The residuals w (y - p) are moved so that they are orthogonal to the columns without a penalty, and then,
    if there is no ridge part, shrunk until no penalised column has more than l1.
    """
    p = 1 / (1 + np.exp(-(X @ coef)))
    theta, bend = weights * (y - p), weights * p * (1 - p)
    free = X[:, (l1 == 0) & (l2 == 0)]
    if free.shape[1]:
        theta = theta - bend * (free @ np.linalg.solve(free.T @ (bend[:, None] * free), free.T @ theta))
    corr = np.abs(X.T @ theta)
    held = (l1 > 0) | (l2 > 0)
    if (l2 > 0).any():
        floor = dual_value(theta, y, weights, 1.0)
        floor -= sum(np.maximum(corr - l1, 0)[held] ** 2 / (2 * l2[held]))
    else:
        floor = dual_value(theta, y, weights, min(1.0, np.min(l1[held] / corr[held])))
    return objective(X, y, weights, l1, l2, coef) - floor
