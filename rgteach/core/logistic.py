"""Logistic regression by Newton's method: the log-likelihood, its slope and curvature, and the climb.

Arrays in, arrays out, no checks.  `cases` is (n, 3) float64: outcome 0 or 1, weight (> 0), offset.  The
kernels make no arrays, which would take longer to compile than what is done with them: they fill those of
the plain functions beside them.
"""

from types import FunctionType

import numpy as np

from rgteach.core.inverse import SINGULAR, inverse
from rgteach.core.jit import kernel

MAX_STEPS = 25  # a climb that needs more is looked at from outside, and may go on from where it stands
THERE = 1e-24  # squared Newton decrement, that is the distance to the top in standard errors, squared
ROUNDING = 1e-15  # below this a decrement that no longer shrinks is rounding, not distance


def evaluate(design, cases, coef):
    """Log-likelihood of the coefficients, its first derivative and minus its second.

    design  : (n, k) float64;  coef : (k,) float64.
    returns : sum of w log P(what was seen), the smallest w |y - p| of all cases, score (k,) = sum of
              w (y - p) z, information (k, k) = sum of w p (1 - p) z z'.
    """
    n, k = design.shape
    score, information = np.empty(k), np.empty((k, k))
    return *likelihood(design, cases, coef, score, information, np.empty((2, n))), score, information


@kernel
def likelihood(design, cases, coef, score, information, each):
    """What `evaluate` says: two numbers are returned, score and information filled; each is room, (2, n).

    The margin is the linear predictor, counted positive in favour of what was seen.  exp is only taken of
    numbers below zero and nothing is subtracted from 1: no overflow, no digits lost where p is nearly 0 or 1.
    log(1 + small) is off by 1e-16 at most, which is less than the sum it goes into is rounded by; those of
    weight 1 are taken together, as one of a product, before it grows too large.
    """
    n, k = design.shape
    loglik, least, product = 0.0, np.inf, 1.0
    slope, bent = each[0], each[1]
    for i in range(n):
        z, sign, w, margin = design[i], 2 * cases[i, 0] - 1, cases[i, 1], cases[i, 2]
        for j in range(k):
            margin += z[j] * coef[j]
        margin *= sign
        small = np.exp(-abs(margin))
        likely = 1 / (1 + small)  # the larger of p and 1 - p
        missed = w * likely * (small if margin > 0 else 1.0)  # w |y - p|
        loglik -= w * (abs(margin) - margin) / 2  # and log(1 + small): together log(1 + exp(-margin))
        if w == 1.0 and product < 1e300:
            product *= 1 + small
        else:
            loglik -= w * np.log(1 + small)
        least = missed if missed < least else least
        slope[i], bent[i] = sign * missed, w * likely * likely * small  # w (y - p), w p (1 - p)
    for j in range(k):
        score[j] = 0.0
        for m in range(k):
            information[j, m] = 0.0
    for i in range(n):
        z, pull, bend = design[i], slope[i], bent[i]
        for j in range(k):
            score[j] += pull * z[j]
            part, row = bend * z[j], information[j]
            for m in range(j + 1):
                row[m] += part * z[m]
    for j in range(k):
        for m in range(j):
            information[m, j] = information[j, m]
    return loglik - np.log(product), least


def penalise(design, cases, coef, score, information):
    """Firth's penalty, log det(information) / 2: what it adds to the log-likelihood that `evaluate` gave.

    score (k,) and information (k, k) are changed in place.
    The modified score, sum of (w (y - p) + h (1/2 - p)) z with h the leverage of a case, is that of data in
    which each case stands a second time, with weight h, half of it as an event and half of it as none; the
    information becomes that of those data.  It is not the exact second derivative, only a good direction:
    the score decides where the climb ends.
    """
    spread, least, log_det = inverse(information)
    if least <= SINGULAR:
        return -np.inf
    eta = design @ coef + cases[:, 2]
    small = np.exp(-np.abs(eta))
    variance = small / ((1 + small) * (1 + small))  # p (1 - p)
    leverage = cases[:, 1] * variance * ((design @ spread) * design).sum(axis=1)
    score -= (leverage * (np.tanh(eta / 2) / 2)) @ design  # p - 1/2
    information += design.T @ ((leverage * variance)[:, np.newaxis] * design)
    return log_det / 2


def penalised(design, cases, coef, score, information, each):
    """What `likelihood` says, with Firth's penalty in it."""
    found, least = likelihood(design, cases, coef, score, information, each)
    return found + penalise(design, cases, coef, score, information), least


@kernel
def newton_step(score, curvature, moves, factor, step):
    """Where Newton would go along the coefficients that move: step = curvature^-1 score.

    moves   : (k,) float64, 1, or 0 if the coefficient is held;  step : (k,), filled here, 0 where held.
    factor  : (k, k), its lower half is filled.  With curvature = L D L' (Cholesky, without roots) it holds
              L D, and in the diagonal 1 / D; 0 in a direction without curvature: nothing moves along it.
    returns : the squared decrement score' curvature^-1 score.
    """
    k, decrement = len(step), 0.0
    for j in range(k):
        row, rest = factor[j], moves[j] * score[j]
        for m in range(j + 1):
            left = moves[j] * moves[m] * curvature[j, m]
            for i in range(m):
                left -= row[i] * factor[m, i] * factor[i, i]
            row[m] = left
        for m in range(j):
            rest -= row[m] * step[m]
        row[j] = 1 / row[j] if row[j] > SINGULAR * curvature[j, j] else 0.0
        step[j] = rest * row[j]
        decrement += rest * step[j]
    for j in range(k - 1, -1, -1):
        for m in range(j + 1, k):
            step[j] -= factor[j, j] * factor[m, j] * step[m]
    return decrement


def climb(design, cases, coef, free, firth):
    """Newton's method with step halving, from `coef`, which is changed in place.

    free    : (m,) int64, the coefficients that may move;  firth : whether the likelihood is Firth's.
    returns : log-likelihood, smallest w |y - p|, number of steps, whether the top is reached, and the
              curvature there (k, k).
    """
    n, k = design.shape
    rows, each = np.zeros((2 * k + 4, k)), np.empty((2, n))
    walk = walk_penalised if firth else walk_up
    return *walk(design, cases, coef, free, rows, each), rows[:k]


@kernel
def walk_up(design, cases, coef, free, rows, each):
    """What `climb` does; `rows` is room, zeros (2 k + 4, k), curvature first, and `each` too, (2, n).

    A step that would lower the likelihood is halved until it does not.  Not reaching the top in MAX_STEPS is
    an answer, not a failure: separated data have no top.
    """
    k = len(coef)
    curvature, factor = rows[:k], rows[k : 2 * k]
    there, step, score, moves = rows[2 * k], rows[2 * k + 1], rows[2 * k + 2], rows[2 * k + 3]
    for j in free:
        moves[j] = 1.0
    loglik, lowest, before, size, n_steps, reached = 0.0, -np.inf, np.inf, 1.0, 0, False
    while size > 1e-9:
        for j in range(k):
            there[j] = coef[j] + size * step[j]
        found, least = likelihood(design, cases, there, score, curvature, each)
        if not found >= lowest:
            size /= 2
            continue
        for j in range(k):
            coef[j] = there[j]
        decrement = newton_step(score, curvature, moves, factor, step)
        loglik, lowest, size = found, found - 1e-13 * abs(found), 1.0
        reached = decrement <= THERE or (decrement <= ROUNDING and decrement > before / 2)
        if reached or n_steps == MAX_STEPS:
            break
        before = decrement
        n_steps += 1
    return loglik, least, n_steps, reached


# The same walk over Firth's likelihood: in plain Python, because the penalty is what takes the time.
walk_penalised = FunctionType(walk_up.py_func.__code__, globals() | {"likelihood": penalised})
