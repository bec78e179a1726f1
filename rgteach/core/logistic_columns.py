"""Around a logistic regression: columns are centred and scaled before it, coefficients brought back after
it.
"""

import numpy as np

from rgteach.core.jit import kernel


def scale_columns(X, cases, intercept, design):
    """Write the columns of X into the last columns of `design`, centred and divided by their largest size.

    returns : weighted means (p,), 0 without an intercept, the divisors (p,), 1 for a column of zeros, and the
              weights of events and of the others, summed.

    Without an intercept the model passes through zero, and zero must stay where it is.
    """
    centre, scale = np.zeros((2, X.shape[1]))
    events, others = fill_design(X, cases, intercept, design, centre, scale)
    return centre, scale, events, others


@kernel
def fill_design(X, cases, intercept, design, centre, scale):
    """The loops of `scale_columns`; `centre` and `scale` (p,) are zeros, filled here."""
    n, p = X.shape
    first, events, others = design.shape[1] - p, 0.0, 0.0
    for i in range(n):
        events += cases[i, 1] * cases[i, 0]
        others += cases[i, 1] * (1 - cases[i, 0])
        for j in range(p):
            centre[j] += cases[i, 1] * (X[i, j] - X[0, j])  # differences: a shift of 1e8 adds no rounding
    for j in range(p):
        centre[j] = X[0, j] + centre[j] / (events + others) if intercept else 0.0
    for i in range(n):
        design[i, 0] = 1.0  # overwritten where there is no intercept
        for j in range(p):
            design[i, first + j] = X[i, j] - centre[j]
            size = abs(design[i, first + j])
            scale[j] = size if size > scale[j] else scale[j]
    for j in range(p):
        scale[j] = scale[j] if scale[j] > 0 else 1.0
        times = 1 / scale[j]
        for i in range(n):
            design[i, first + j] *= times
    return events, others


def given_units(coef, spread, centre, scale):
    """Coefficients and their covariance for the columns as they were before `scale_columns`.

    coef : (k,) with an intercept first if k is larger than len(scale) = p;  spread : (k, k).
    returns : the same two for (intercept,) X;  b / scale, and intercept - sum of centre b / scale.
    """
    k, first = len(coef), len(coef) - len(scale)
    turn = np.zeros((k, k))
    turn.flat[first * (k + 1) :: k + 1] = 1 / scale
    if first:
        turn[0, 0], turn[0, 1:] = 1.0, -centre / scale
    return turn @ coef, turn @ spread @ turn.T


def slopes_at_share(design, cases, share):
    """Score and design' W design where all patients have the same probability, `share`.

    Times share (1 - share) the second is the information there: the first Newton step is a regression by
    least squares and needs no exp.
    """
    weighted = design * cases[:, 1:2]
    return (cases[:, 0] - share) @ weighted, weighted.T @ design
