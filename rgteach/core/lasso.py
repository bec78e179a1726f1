"""The lasso as on the blackboard: soft threshold, cyclic coordinate descent, and how far it still is to go.

The objective, for centred columns, weights of one, l1 = lam * l1_ratio and l2 = lam * (1 - l1_ratio):

    P(b) = 1/(2n) ||y - Xb||^2 + l1 ||b||_1 + l2/2 ||b||_2^2

A table comes in as features in rows, shape (p, n): the walk over one feature then reads neighbours in memory.
"""

import numpy as np

from rgteach.core.jit import kernel


@kernel
def soft(value, threshold):
    """Move a number towards zero by the threshold, and stop there."""
    if value > threshold:
        return value - threshold
    if value < -threshold:
        return value + threshold
    return 0.0


@kernel
def cycle(features, residual, coef, l1, l2):
    """One walk over all features, each coefficient set to its best value while the others rest.

    features : (p, n) float64, one row a feature;  residual : (n,) y - Xb, kept up to date here.
    coef     : (p,) float64, changed here;  l1, l2 : strength of the two penalties.
    returns  : the largest change of any fitted value's root mean square, |change of b_j| * sqrt(x_j.x_j / n).

    For one feature alone the objective is a parabola with a kink at zero, and its lowest point is
    b_j = soft(x_j.r / n + (x_j.x_j / n) b_j, l1) / (x_j.x_j / n + l2), with r and b_j from before.
    """
    n_features, n = features.shape
    largest = 0.0
    for j in range(n_features):
        x, slope, square = features[j], 0.0, 0.0
        for i in range(n):
            slope += x[i] * residual[i]
            square += x[i] * x[i]
        slope, square = slope / n, square / n
        if square == 0.0:  # a feature without spread explains nothing
            continue
        best = soft(slope + square * coef[j], l1) / (square + l2)
        change = best - coef[j]
        if change != 0.0:
            for i in range(n):
                residual[i] -= change * x[i]
            coef[j] = best
            largest = max(largest, abs(change) * np.sqrt(square))
    return largest


def coordinate_descent(features, y, l1, l2, start, *, tol=1e-10, most=100_000):
    """Walk in cycles until the duality gap is at most tol times the objective of b = 0.

    start   : (p,) where to begin; a solution for a slightly larger penalty is a good place ("warm start").
    returns : coef (p,), the gap, and how many cycles it took.  Friedman et al. 2007, doi:10.1214/07-AOAS131.
    """
    coef = np.array(start, float)
    residual = y - coef @ features
    null = y @ y / (2 * len(y))
    for k in range(1, most + 1):
        cycle(features, residual, coef, l1, l2)
        if k % 10 == 1 or k == most:
            residual = y - coef @ features  # anew, so that no rounding piles up
            gap = float(duality_gap(y, residual, features @ residual / len(y), coef, l1, l2))
            if gap <= tol * null:
                break
    return coef, gap, k


def duality_gap(y, residual, slope, coef, l1, l2):
    """The most by which the objective at b can still fall: P(b) minus the value of a dual point.

    y        : (n,) with everything unpenalised taken out;  residual : (n,) or (n, k), y - Xb.
    slope    : (p,) or (p, k), X'residual / n over *all* features;  coef : (p,) or (p, k), b.
    l1, l2   : numbers or (k,).
    returns  : () or (k,); zero at the solution, never below zero but for rounding.

    The elastic net is a lasso with sqrt(n l2) I below X and zeros below y.  A multiple s of its residual,
    as large as keeps every |slope| within l1, is a point of the dual; the best s lies in closed form.  With
    l2 > 0 there is a second dual point that needs no shrinking (it is the only one for ridge, l1 = 0); the
    higher of the two counts.
    """
    l1, l2 = np.asarray(l1, float), np.asarray(l2, float)
    most = np.abs(slope - l2 * coef).max(axis=0, initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.square(np.maximum(np.abs(slope) - l1, 0)).sum(axis=0) / (2 * l2)
    squares = np.square(residual).sum(axis=0) / len(y)
    return gap_of_sums(squares, y @ residual / len(y), most, over, coef, l1, l2)


def gap_of_sums(squares, along, most, over, coef, l1, l2):
    """The gap from sums over patients and features, as `duality_gap` or a table of products has them.

    squares, along : r.r / n and y.r / n;  most : the largest |X'r/n - l2 b|.
    over           : sum of max(|X'r/n| - l1, 0)^2 / (2 l2);  all (k,), and coef (p, k).
    """
    ridge, absolute = l2 * np.square(coef).sum(axis=0), l1 * np.abs(coef).sum(axis=0)
    tall = squares + ridge  # squared length of the long residual, over n
    with np.errstate(divide="ignore", invalid="ignore"):
        limit = np.where(most > 0, l1 / most, np.inf)
        s = np.where(tall > 0, np.clip(along / tall, -limit, limit), 0.0)
    gap = np.where(l1 > 0, tall * (1 + s * s) / 2 - s * along + absolute, np.inf)
    free = squares + ridge / 2 - along + absolute + over
    return np.where(l2 > 0, np.fmin(gap, free), gap)
