"""Around a logistic regression: columns are centred and scaled before it, coefficients brought back after
it.
"""

import numpy as np

from rgteach.core.jit import kernel


@kernel
def scale_columns(X, cases, intercept, design):
    """Write the columns of X into the last columns of `design`, centred and divided by their largest size.

    returns : weighted means (p,), 0 without an intercept, the divisors (p,), 1 for a column of zeros, and the
              weights of events and of the others, summed.

    Without an intercept the model passes through zero, and zero must stay where it is.
    """
    n, p = X.shape
    first = design.shape[1] - p
    centre, scale, events, others = np.zeros(p), np.zeros(p), 0.0, 0.0
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
    times = np.empty(p)
    for j in range(p):
        scale[j] = scale[j] if scale[j] > 0 else 1.0
        times[j] = 1 / scale[j]
    for i in range(n):
        for j in range(p):
            design[i, first + j] *= times[j]
    return centre, scale, events, others


@kernel
def given_units(coef, spread, centre, scale):
    """Coefficients and their covariance for the columns as they were before `scale_columns`.

    coef : (k,) with an intercept first if k is larger than len(scale) = p;  spread : (k, k).
    returns : the same two for (intercept,) X;  b / scale, and intercept - sum of centre b / scale.
    """
    p, k = len(scale), len(coef)
    first = k - p
    b, c = coef.copy(), spread.copy()
    for j in range(p):
        b[first + j] /= scale[j]
        for m in range(k):
            c[first + j, m] /= scale[j]
            c[m, first + j] /= scale[j]
    if first:
        for j in range(p):
            b[0] -= centre[j] * b[1 + j]
        for m in range(k):  # the row of the intercept, then its column
            for j in range(p):
                c[0, m] -= centre[j] * c[1 + j, m]
        for m in range(k):
            for j in range(p):
                c[m, 0] -= centre[j] * c[m, 1 + j]
    return b, c


@kernel
def slopes_at_share(design, cases, share):
    """Score and design' W design where all patients have the same probability, `share`.

    Times share (1 - share) the second is the information there: the first Newton step is a regression by
    least squares and needs no exp.
    """
    n, k = design.shape
    score, gram = np.zeros(k), np.zeros((k, k))
    for i in range(n):
        for j in range(k):
            part = cases[i, 1] * design[i, j]
            score[j] += part * (cases[i, 0] - share)
            for m in range(j + 1):
                gram[j, m] += part * design[i, m]
    for j in range(k):
        for m in range(j):
            gram[m, j] = gram[j, m]
    return score, gram
