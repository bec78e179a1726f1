"""Logistic regressions of one outcome on one feature at a time, for a whole table of features.

With covariates the loop over features stands in `rgteach.models.univariate` and calls `core.logistic.climb`.
Arrays in, arrays out, no checks.  Missing values are NaN; each fit uses the patients it knows.
"""

import numpy as np

from rgteach.core.jit import kernel
from rgteach.core.logistic import MAX_STEPS, ROUNDING, THERE

# What became of a fit
FITTED, CONSTANT, ONE_CLASS, COLLINEAR, SUSPECT = 0, 1, 2, 3, 4
COMPLETE_UP, COMPLETE_DOWN, QUASI_UP, QUASI_DOWN = 5, 6, 7, 8


@kernel
def each_slope(columns, y, out):
    """Log odds = intercept + slope x for every column x, without anything else in the model.

    columns : (f, n) float64, about of size 1;  y : (n,) 0, 1 or NaN.
    out     : (f, 7): slope, standard error, log-likelihood, that of the intercept alone, patients, events,
    what
              became of it.

    Two coefficients need no matrices.  x and the constant are multiplied by the sign of the outcome, so that
    the margin of a patient is intercept * sign + slope * signed.
    """
    sign, signed = np.empty(len(y)), np.empty(len(y))
    for j in range(len(columns)):
        n, n_events, place = gather(columns[j], y, sign, signed)
        row = out[j]
        row[0], row[1], row[4], row[5], row[6] = np.nan, np.nan, n, n_events, place
        if n_events == 0 or n_events == n:
            row[6] = ONE_CLASS
        if row[6] == CONSTANT or row[6] == ONE_CLASS:
            row[2], row[3] = np.nan, np.nan
            continue
        row[3] = share_loglik(row[4], row[5])
        if place != FITTED:
            up = place % 2 == COMPLETE_UP % 2  # both up states are odd
            row[0] = np.inf if up else -np.inf
            row[2] = loglik_on_the_cut(sign[:n], signed[:n], up)
            continue
        row[0], row[1], row[2], reached = fit_slope(sign[:n], signed[:n], n_events)
        row[6] = FITTED if reached else SUSPECT


@kernel
def gather(x, y, sign, signed):
    """Put the known patients of a column into sign = ±1 and signed = ±x, and see how the classes lie.

    returns : patients, events, and whether x is constant, or larger (smaller) in all events than in all
    others;
              of one column that is all that separation can be.
    """
    n, n_events = 0, 0
    low_0, high_0, low_1, high_1 = np.inf, -np.inf, np.inf, -np.inf
    for i in range(len(y)):
        if np.isnan(x[i]) or np.isnan(y[i]):
            continue
        if y[i] > 0:
            sign[n], signed[n] = 1.0, x[i]
            low_1 = x[i] if x[i] < low_1 else low_1
            high_1 = x[i] if x[i] > high_1 else high_1
            n_events += 1
        else:
            sign[n], signed[n] = -1.0, -x[i]
            low_0 = x[i] if x[i] < low_0 else low_0
            high_0 = x[i] if x[i] > high_0 else high_0
        n += 1
    place = FITTED
    if min(low_0, low_1) >= max(high_0, high_1):
        place = CONSTANT
    elif high_0 < low_1:
        place = COMPLETE_UP
    elif high_1 < low_0:
        place = COMPLETE_DOWN
    elif high_0 == low_1:
        place = QUASI_UP
    elif high_1 == low_0:
        place = QUASI_DOWN
    return n, n_events, place


@kernel
def share_loglik(n, n_events):
    """Log-likelihood of the share of events itself; 0 where there is one class."""
    if n_events == 0 or n_events == n:
        return 0.0
    return n_events * np.log(n_events / n) + (n - n_events) * np.log(1 - n_events / n)


@kernel
def loglik_on_the_cut(sign, signed, up):
    """The limit of the log-likelihood of separated data: only patients on the cut itself are uncertain."""
    cut = np.inf if up else -np.inf
    for i in range(len(sign)):
        if sign[i] > 0:
            cut = min(cut, signed[i]) if up else max(cut, signed[i])
    n, n_events = 0.0, 0.0
    for i in range(len(sign)):
        if sign[i] * signed[i] == cut:
            n += 1.0
            n_events += 1.0 if sign[i] > 0 else 0.0
    return share_loglik(n, n_events)


@kernel
def fit_slope(sign, signed, n_events):
    """Newton's method for intercept and slope.

    returns : slope, its standard error, log-likelihood, whether the top was reached.
    """
    n = len(sign)
    share = n_events / n
    once, twice, rise = 0.0, 0.0, 0.0
    for i in range(n):  # at the share of events all probabilities are the same: a step of least squares
        once += sign[i] * signed[i]
        twice += signed[i] ** 2
        rise += signed[i] * (1 - share if sign[i] > 0 else share)
    step_1 = rise / (share * (1 - share) * (twice - once * once / n))
    step_0 = np.log(share / (1 - share)) - step_1 * once / n
    intercept, slope, loglik, det, size, before, reached = 0.0, 0.0, -np.inf, 0.0, 1.0, np.inf, False
    for _ in range(2 * MAX_STEPS):
        found, rise_0, rise_1, h_00, h_01, h_11 = evaluate_slope(
            sign, signed, intercept + size * step_0, slope + size * step_1
        )
        if not found >= loglik - 1e-13 * abs(found):
            size /= 2
            continue
        intercept, slope, loglik, size = intercept + size * step_0, slope + size * step_1, found, 1.0
        det = h_00 * h_11 - h_01 * h_01
        step_0 = (h_11 * rise_0 - h_01 * rise_1) / det
        step_1 = (h_00 * rise_1 - h_01 * rise_0) / det
        decrement = rise_0 * step_0 + rise_1 * step_1
        reached = decrement <= THERE or (decrement <= ROUNDING and decrement > before / 2)
        if reached:
            break
        before = decrement
    return slope, np.sqrt(h_00 / det), loglik, reached


@kernel
def evaluate_slope(sign, signed, intercept, slope):
    """Log-likelihood, its two first derivatives and minus its three second ones; as `core.logistic.evaluate`.

    The logarithms of 1 + small, each between 1 and 2, are taken together: one of a product of 500 of them.
    """
    loglik, product = 0.0, 1.0
    rise_0, rise_1, h_00, h_01, h_11 = 0.0, 0.0, 0.0, 0.0, 0.0
    for first in range(0, len(sign), 500):
        product = 1.0
        for i in range(first, min(first + 500, len(sign))):
            margin = intercept * sign[i] + slope * signed[i]
            small = np.exp(-abs(margin))
            product *= 1 + small
            loglik -= (abs(margin) - margin) / 2
            share = 1 / (1 + small)
            missed = share * (small if margin > 0 else 1.0)
            rise_0 += sign[i] * missed
            rise_1 += signed[i] * missed
            bent = share * share * small
            h_00 += bent
            h_01 += bent * sign[i] * signed[i]
            h_11 += bent * signed[i] * signed[i]
        loglik -= np.log(product)
    return loglik, rise_0, rise_1, h_00, h_01, h_11
