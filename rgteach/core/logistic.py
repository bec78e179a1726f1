"""Logistic regression by Newton's method: the log-likelihood, its slope and curvature, and the climb.

Arrays in, arrays out, no checks.  `cases` is (n, 3) float64: outcome 0 or 1, weight (> 0), offset.
"""

import numpy as np

from rgteach.core.inverse import SINGULAR, inverse
from rgteach.core.jit import kernel

MAX_STEPS = 25  # a climb that needs more is looked at from outside, and may go on from where it stands
THERE = 1e-24  # squared Newton decrement, that is the distance to the top in standard errors, squared
ROUNDING = 1e-15  # below this a decrement that no longer shrinks is rounding, not distance


@kernel
def evaluate(design, cases, coef):
    """Log-likelihood of the coefficients, its first derivative and minus its second.

    design  : (n, k) float64;  coef : (k,) float64.
    returns : sum of w log P(what was seen), the smallest w |y - p| of all cases, score (k,) = sum of
              w (y - p) z, information (k, k) = sum of w p (1 - p) z z'.

    The margin is the linear predictor, counted positive in favour of what was seen.  exp is only taken of
    numbers below zero and nothing is subtracted from 1: no overflow, no digits lost where p is nearly 0 or 1.
    log(1 + small) is off by 1e-16 at most, which is less than the sum it goes into is rounded by; those of
    weight 1 are taken together, as one of a product, before it grows too large.
    """
    n, k = design.shape
    loglik, least, product = 0.0, np.inf, 1.0
    slope, bent = np.empty(n), np.empty(n)
    for i in range(n):
        sign, w, margin = 2 * cases[i, 0] - 1, cases[i, 1], cases[i, 2]
        for j in range(k):
            margin += design[i, j] * coef[j]
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
        slope[i] = sign * missed
        bent[i] = w * likely * likely * small  # w p (1 - p)
    loglik -= np.log(product)
    score, information = np.zeros(k), np.zeros((k, k))
    for i in range(n):
        for j in range(k):
            score[j] += slope[i] * design[i, j]
            part = bent[i] * design[i, j]
            for m in range(j + 1):
                information[j, m] += part * design[i, m]
    for j in range(k):
        for m in range(j):
            information[m, j] = information[j, m]
    return loglik, least, score, information


@kernel
def penalise(design, cases, coef, score, information):
    """Firth's penalty, log det(information) / 2: what it adds to the log-likelihood that `evaluate` gave.

    score (k,) and information (k, k) are changed in place.  The modified score, sum of (w (y - p) +
    h (1/2 - p)) z with h the leverage of a case, is that of data in which each case stands a second time,
    with weight h, half of it as an event and half of it as none; the information becomes that of those data.
    It is not the exact second derivative, only a good direction: the score decides where the climb ends.
    """
    n, k = design.shape
    spread, least, log_det = inverse(information)
    if least <= SINGULAR:
        return -np.inf
    for i in range(n):
        eta, leverage = cases[i, 2], 0.0
        for j in range(k):
            eta += design[i, j] * coef[j]
            for m in range(k):
                leverage += design[i, j] * spread[j, m] * design[i, m]
        small = np.exp(-abs(eta))
        variance = small / ((1 + small) * (1 + small))  # p (1 - p)
        leverage *= cases[i, 1] * variance
        tilt = np.tanh(eta / 2) / 2  # p - 1/2
        for j in range(k):
            score[j] -= leverage * tilt * design[i, j]
            for m in range(k):
                information[j, m] += leverage * variance * design[i, j] * design[i, m]
    return log_det / 2


@kernel
def newton_step(score, curvature, free):
    """Where Newton would go along the free coefficients: curvature^-1 score.

    returns : the step (len(free),), the squared decrement score' curvature^-1 score, and the smallest share
              of curvature left (see `inverse`).
    """
    k = len(free)
    step, kept = np.zeros(k), np.empty((k, k))
    for j in range(k):
        for m in range(k):
            kept[j, m] = curvature[free[j], free[m]]
    spread, left, _ = inverse(kept)
    decrement = 0.0
    for j in range(k):
        for m in range(k):
            step[j] += spread[j, m] * score[free[m]]
        decrement += step[j] * score[free[j]]
    return step, decrement, left


@kernel
def climb(design, cases, coef, free, firth):
    """Newton's method with step halving, from `coef`, which is changed in place.

    free    : (m,) int64, the coefficients that may move;  firth : whether the likelihood is Firth's.
    returns : log-likelihood, smallest w |y - p|, number of steps, whether the top is reached, and the
              curvature there (k, k).

    A step that would lower the likelihood is halved until it does not.  Not reaching the top in MAX_STEPS is
    an answer, not a failure: separated data have no top.
    """
    there, step = coef.copy(), np.zeros(len(free))
    loglik, lowest, before, size, n_steps, reached = 0.0, -np.inf, np.inf, 1.0, 0, False
    while size > 1e-9:
        for j in range(len(free)):
            there[free[j]] = coef[free[j]] + size * step[j]
        found, least, score, curvature = evaluate(design, cases, there)
        if firth:
            found += penalise(design, cases, there, score, curvature)
        if not found >= lowest:
            size /= 2
            continue
        for j in range(len(free)):
            coef[free[j]] = there[free[j]]
        step, decrement, _ = newton_step(score, curvature, free)
        loglik, lowest, size = found, found - 1e-13 * abs(found), 1.0
        reached = decrement <= THERE or (decrement <= ROUNDING and decrement > before / 2)
        if reached or n_steps == MAX_STEPS:
            break
        before = decrement
        n_steps += 1
    return loglik, least, n_steps, reached, curvature
