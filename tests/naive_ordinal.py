"""Slow twin of the proportional-odds likelihood: one patient at a time, as it is written in the paper."""

from math import exp, log


def log_likelihood(theta, beta, X, y, weights):
    """McCullagh 1980: log of P(y <= j) - P(y <= j - 1), with logit P(y <= j) = theta_j - x beta."""
    total = 0.0
    for row, category, weight in zip(X, y, weights, strict=True):
        eta = sum(x * b for x, b in zip(row, beta, strict=True))
        upper = 1.0 if category == len(theta) else 1 / (1 + exp(-(theta[category] - eta)))
        lower = 0.0 if category == 0 else 1 / (1 + exp(-(theta[category - 1] - eta)))
        total += weight * log(upper - lower)
    return total
