"""Penalised logistic regression: the sums over patients, and the textbook solver.  Arrays in, arrays out."""

import numpy as np
from scipy.linalg.blas import idamax

from rgteach.core.jit import kernel
from rgteach.core.lasso import soft

ROUNDS = 200  # quadratic models of the textbook solver, and walks over the columns for each of them
SMALL = 1e-12  # change of any linear predictor below which the textbook solver has arrived


@kernel
def logistic_state(eta, y, weights, pull, curvature):
    """Loss of the linear predictors `eta`, and its first two derivatives, patient by patient.

    eta, y    : (n,) float64, y is 0 or 1;  weights : (n,) float64 that sum to 1.
    pull      : (n,) filled with w (y - p), minus the derivative of the loss, where p = 1 / (1 + exp(-eta)).
    curvature : (n,) filled with w p (1 - p).
    returns   : sum of w (log(1 + exp(eta)) - y eta), the mean negative log-likelihood.

    With m = eta for events and -eta for the others the loss is log(1 + exp(-m)): no exponential overflows,
    and the probability q = 1 / (1 + exp(m)) of the label that was not seen keeps its digits when it is tiny.
    """
    loss = 0.0
    for i in range(len(eta)):
        margin = eta[i] if y[i] > 0.5 else -eta[i]
        small = np.exp(-abs(margin))
        wrong = small / (1 + small) if margin > 0 else 1 / (1 + small)
        loss += weights[i] * (np.log1p(small) + max(-margin, 0.0))
        pull[i] = weights[i] * wrong if y[i] > 0.5 else -weights[i] * wrong
        curvature[i] = weights[i] * wrong * (1 - wrong)
    return loss


@kernel
def dual_value(theta, y, weights, scale):
    """What the dual point scale · theta proves: no coefficients have a loss + penalty below it.

    theta   : (n,) float64, in place of w (y - p);  weights : (n,) that sum to 1.
    returns : minus the sum of w (q log q + (1 - q) log(1 - q)), with q = scale · |theta| / w; minus infinity
              where a q is no probability.
    """
    total = 0.0
    for i in range(len(theta)):
        if weights[i] > 0:
            wrong = scale * (theta[i] if y[i] > 0.5 else -theta[i]) / weights[i]
            if not 0 <= wrong <= 1:
                return -np.inf
            if 0 < wrong < 1:
                total -= weights[i] * (wrong * np.log(wrong) + (1 - wrong) * np.log1p(-wrong))
    return total


def largest(values):
    """The largest size of any value, 0 if there is none."""
    return abs(float(values[idamax(values)])) if len(values) else 0.0


def coordinate_newton(X, y, weights, l1, l2, coef):
    """The textbook: coordinate descent on one quadratic model of the loss after the other.

    X       : (n, p) float64 in Fortran order, with a column of ones for the intercept;  y : 0 or 1.
    weights : (n,) that sum to 1;  l1, l2 : (p,) strength of |b| and of b² / 2 for each column, 0 where free.
    coef    : (p,) where to start; changed in place.
    returns : how many quadratic models were needed.

    Around the current coefficients the loss is nearly a weighted sum of squares with the weights w p (1 - p)
    (Newton's method, as iteratively reweighted least squares).  One coefficient at a time has a closed
    answer: the least-squares one, moved towards 0 by its l1, and 0 if it was closer than that (soft
    threshold). Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01; as there, without a line
    search.
    """
    pull, curvature = np.empty(len(y)), np.empty(len(y))
    for newton in range(ROUNDS):
        logistic_state(X @ coef, y, weights, pull, curvature)
        moved = 0.0
        for _ in range(ROUNDS):
            farthest = weighted_cycle(X, pull, curvature, l1, l2, coef)
            moved = max(moved, farthest)
            if farthest < SMALL:
                break
        if moved < SMALL:
            return newton + 1
    return ROUNDS


def weighted_cycle(X, pull, curvature, l1, l2, coef):
    """One walk over all columns, each coefficient set to its best value while the others rest.

    pull : (n,) minus the derivative of the quadratic model, patient by patient, kept up to date here;
           curvature : (n,) its second derivative;  X, l1, l2 and coef as for `coordinate_newton`.
    returns : the largest change of any linear predictor.
    """
    farthest = 0.0
    for j, x in enumerate(X.T):
        slope, bend = x @ pull, x * x @ curvature
        if bend + l2[j] <= 0.0:
            continue  # a column of zeros
        step = soft(slope + bend * coef[j], l1[j]) / (bend + l2[j]) - coef[j]
        if step != 0.0:
            coef[j] += step
            pull -= step * x * curvature
            farthest = max(farthest, largest(step * x))
    return farthest
