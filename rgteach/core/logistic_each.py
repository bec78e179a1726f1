"""Logistic regressions of one outcome on one feature at a time, for a whole table of features.

With covariates the loop over features stands in `models.logistic.each` and calls `core.logistic.climb`.
Arrays in, arrays out, no checks.  Missing values are NaN; each fit uses the patients it knows.
"""

import numpy as np

from rgteach.core.jit import kernel
from rgteach.core.logistic import MAX_STEPS, ROUNDING, THERE

# What became of a fit
FITTED, CONSTANT, ONE_CLASS, COLLINEAR, SUSPECT = 0, 1, 2, 3, 4
COMPLETE_UP, COMPLETE_DOWN, QUASI_UP, QUASI_DOWN = 5, 6, 7, 8


def each_slope(columns, y, out):
    """Log odds = intercept + slope x for every column x, without anything else in the model.

    columns : (f, n) float64, about of size 1;  y : (n,) 0, 1 or NaN.
    out     : (f, 7): slope, standard error, log-likelihood, that of the intercept alone, patients, events,
              what became of it.
    """
    out[:, :3] = np.nan
    known = ~np.isnan(columns)
    n = np.count_nonzero(known[:, ~np.isnan(y)], axis=1)
    n_events = np.count_nonzero(known[:, y == 1], axis=1)
    place, cut = lie(columns, y)
    place[(n_events == 0) | (n_events == n)] = ONE_CLASS
    out[:, 3], out[:, 4], out[:, 5] = share_loglik(n, n_events), n, n_events
    out[(place == CONSTANT) | (place == ONE_CLASS), 3] = np.nan
    for j in np.flatnonzero(place >= COMPLETE_UP):
        out[j, 0] = np.inf if place[j] in (COMPLETE_UP, QUASI_UP) else -np.inf
        uncertain = y[columns[j] == cut[j]]  # the limit of the likelihood: all others are certain
        uncertain = uncertain[~np.isnan(uncertain)]
        complete = place[j] in (COMPLETE_UP, COMPLETE_DOWN)
        out[j, 2] = 0.0 if complete else share_loglik(len(uncertain), np.count_nonzero(uncertain))
    out[:, 6] = place
    fit_slopes(columns, 2 * y - 1, np.flatnonzero(place == FITTED), out)


def lie(columns, y):
    """How the two classes lie on each column; of one column that is all that separation can be.

    returns : (f,) whether x is constant, or larger (smaller) in all events than in all others, and (f,) the
              smallest (largest) x of an event, on which the cut lies.
    """
    inside = {"axis": 1, "initial": np.inf}
    low_0, low_1 = (np.fmin.reduce(columns[:, y == each], **inside) for each in (0, 1))
    inside["initial"] = -np.inf
    high_0, high_1 = (np.fmax.reduce(columns[:, y == each], **inside) for each in (0, 1))
    cases = (
        (np.minimum(low_0, low_1) >= np.maximum(high_0, high_1), CONSTANT),
        (high_0 < low_1, COMPLETE_UP),
        (high_1 < low_0, COMPLETE_DOWN),
        (high_0 == low_1, QUASI_UP),
        (high_1 == low_0, QUASI_DOWN),
    )
    place = np.select([so for so, _ in cases], [name for _, name in cases], FITTED)
    return place, np.where(high_0 == low_1, low_1, high_1)


def share_loglik(n, n_events):
    """Log-likelihood of the share of events itself; 0 where there is one class."""
    from scipy.special import xlogy

    n, n_events = np.asarray(n, float), np.asarray(n_events, float)
    share = n_events / np.maximum(n, 1)
    return xlogy(n_events, share) + xlogy(n - n_events, 1 - share)


@kernel
def fit_slopes(columns, sign, which, out):
    """Newton's method for intercept and slope, for every column named in `which`.

    columns : (f, n);  sign : (n,) 1 of an event, -1 of none, or NaN;  which : (m,) int64.
    out     : (f, 7), as `each_slope` has it and begun there; slope, standard error, log-likelihood and
              whether to trust them are written.
    """
    for t in range(len(which)):
        j = which[t]
        # from the share of events, the top without a slope
        intercept, slope, step_0, step_1 = np.log(out[j, 5] / (out[j, 4] - out[j, 5])), 0.0, 0.0, 0.0
        loglik, size, before, out[j, 6] = -np.inf, 1.0, np.inf, SUSPECT
        for _ in range(2 * MAX_STEPS):
            found, rise_0, rise_1, h_00, h_01, h_11 = evaluate_slope(
                columns[j], sign, intercept + size * step_0, slope + size * step_1
            )
            if not found >= loglik - 1e-13 * abs(found):
                size /= 2
                continue
            intercept, slope, loglik, size = intercept + size * step_0, slope + size * step_1, found, 1.0
            det = h_00 * h_11 - h_01 * h_01  # two coefficients need no matrices
            step_0 = (h_11 * rise_0 - h_01 * rise_1) / det
            step_1 = (h_00 * rise_1 - h_01 * rise_0) / det
            decrement = rise_0 * step_0 + rise_1 * step_1
            out[j, 0], out[j, 1], out[j, 2] = slope, np.sqrt(h_00 / det), loglik
            if decrement <= THERE or (decrement <= ROUNDING and decrement > before / 2):
                out[j, 6] = FITTED
                break
            before = decrement


@kernel
def evaluate_slope(x, sign, intercept, slope):
    """Log-likelihood, its two first derivatives and minus its three second ones; as `core.logistic.evaluate`.

    x and the constant are multiplied by the sign of the outcome, so that the margin of a patient is
    intercept * sign + slope * signed.  The logarithms of 1 + small, each between 0 and log 2, are taken
    together: one of a product, before it grows too large.
    """
    loglik, product = 0.0, 1.0
    rise_0, rise_1, h_00, h_01, h_11 = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(len(x)):
        signed = sign[i] * x[i]
        if np.isnan(signed):
            continue
        margin = intercept * sign[i] + slope * signed
        small = np.exp(-abs(margin))
        product *= 1 + small
        if product > 1e300:
            loglik -= np.log(product)
            product = 1.0
        loglik -= (abs(margin) - margin) / 2
        share = 1 / (1 + small)
        missed = share * (small if margin > 0 else 1.0)
        rise_0 += sign[i] * missed
        rise_1 += signed * missed
        bent = share * share * small
        h_00 += bent
        h_01 += bent * x[i]
        h_11 += bent * signed * signed
    return loglik - np.log(product), rise_0, rise_1, h_00, h_01, h_11
