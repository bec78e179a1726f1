"""Logistic regressions of one outcome on one feature at a time, for a whole table of features.

Arrays in, arrays out, no checks.  Missing values are NaN; each fit uses the patients it knows.
"""

import numpy as np

from rgteach.core.cholesky import inverse
from rgteach.core.jit import kernel
from rgteach.core.logistic import MAX_STEPS, ROUNDING, THERE, climb

# What became of a fit
FITTED, CONSTANT, ONE_CLASS, COLLINEAR, SUSPECT = 0, 1, 2, 3, 4
COMPLETE_UP, COMPLETE_DOWN, QUASI_UP, QUASI_DOWN = 5, 6, 7, 8
SURE = 1e-10  # see `rgteach.models.likelihood.Climber`


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
        row[3] = share_loglik(n, n_events)
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
    n, n_events = 0, 0
    for i in range(len(sign)):
        if sign[i] * signed[i] == cut:
            n += 1
            n_events += sign[i] > 0
    return share_loglik(n, n_events)


@kernel
def fit_slope(sign, signed, n_events):
    """Newton's method for intercept and slope.

    returns : slope, its standard error, log-likelihood, whether the top was reached.
    """
    n = len(sign)
    share = n_events / n
    bent, once, twice, rise = share * (1 - share), 0.0, 0.0, 0.0
    for i in range(n):  # at the share of events all probabilities are the same
        once += sign[i] * signed[i]
        twice += signed[i] ** 2
        rise += signed[i] * (1 - share if sign[i] > 0 else share)
    slope = rise / (bent * (twice - once * once / n))
    intercept = np.log(share / (1 - share)) - slope * once / n
    loglik, rise_0, rise_1, h_00, h_01, h_11 = evaluate_slope(sign, signed, intercept, slope)
    before, reached = np.inf, False
    for _ in range(MAX_STEPS):
        det = h_00 * h_11 - h_01 * h_01
        step_0 = (h_11 * rise_0 - h_01 * rise_1) / det
        step_1 = (h_00 * rise_1 - h_01 * rise_0) / det
        decrement = rise_0 * step_0 + rise_1 * step_1
        reached = decrement <= THERE or (decrement <= ROUNDING and decrement > before / 2)
        if reached:
            break
        before, size, found = decrement, 1.0, -np.inf
        while not found >= loglik - 1e-13 * abs(loglik) and size > 1e-9:
            found, rise_0, rise_1, h_00, h_01, h_11 = evaluate_slope(
                sign, signed, intercept + size * step_0, slope + size * step_1
            )
            size /= 2
        intercept += 2 * size * step_0
        slope += 2 * size * step_1
        loglik = found
    return slope, np.sqrt(h_00 / (h_00 * h_11 - h_01 * h_01)), loglik, reached


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


@kernel
def each_adjusted(base, columns, y, start, out):
    """The same with covariates: log odds = base a + slope x for every column x.

    base  : (n, c) float64, a column of ones and the covariates, NaN where missing.
    start : (c,) coefficients of the base alone;  out : as in `each_slope`.

    A fit that may be separated is called SUSPECT and its numbers are not meant to be used.
    """
    n_all, c = base.shape
    design, cases = np.empty((n_all, c + 1)), np.zeros((n_all, 3))
    inner, every = np.arange(c), np.arange(c + 1)
    for j in range(len(columns)):
        n, n_events, place = known_rows(base, columns[j], y, design, cases)
        row = out[j]
        for m in range(4):
            row[m] = np.nan
        row[4], row[5], row[6] = n, n_events, place
        if place != FITTED:
            continue
        coef = np.zeros(c + 1)
        for m in range(c):
            coef[m] = start[m]
        row[3], least_0, _, reached_0, _ = climb(design[:n], cases[:n], coef, inner, False)
        row[2], least_1, _, reached_1, curvature = climb(design[:n], cases[:n], coef, every, False)
        variance = inverse(curvature)[c, c]
        row[0], row[1] = coef[c], np.sqrt(variance)
        if variance * curvature[c, c] > 1e10:
            row[6] = COLLINEAR
        elif not (reached_0 and reached_1 and min(least_0, least_1) > SURE):
            row[6] = SUSPECT


@kernel
def known_rows(base, x, y, design, cases):
    """Copy the patients of whom everything is known; returns their number, events, and what hinders a fit."""
    n, n_events, c = 0, 0, base.shape[1]
    low, high = np.inf, -np.inf
    for i in range(len(y)):
        known = not (np.isnan(x[i]) or np.isnan(y[i]))
        for m in range(c):
            known = known and not np.isnan(base[i, m])
            design[n, m] = base[i, m]
        if not known:
            continue
        design[n, c] = x[i]
        cases[n, 0], cases[n, 1], cases[n, 2] = y[i], 1.0, 0.0
        low, high = min(low, x[i]), max(high, x[i])
        n_events += y[i] > 0
        n += 1
    place = FITTED
    if n_events == 0 or n_events == n:
        place = ONE_CLASS
    elif low >= high:
        place = CONSTANT
    elif n <= c + 1:
        place = COLLINEAR
    return n, n_events, place
