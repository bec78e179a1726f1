"""Slow twins of the lasso: coordinate descent in plain Python, and the table of the homotopy by inversion."""

import numpy as np


def soft(value, threshold):
    """Towards zero by the threshold, sign kept."""
    return float(np.sign(value) * max(abs(value) - threshold, 0.0))


def cycle(features, y, coef, l1, l2):
    """One walk over the features; every residual is computed from the start, with the feature left out."""
    coef, n = [float(b) for b in coef], len(y)
    for j in range(len(features)):
        rest = [
            y[i] - sum(coef[k] * features[k][i] for k in range(len(features)) if k != j) for i in range(n)
        ]
        slope = sum(features[j][i] * rest[i] for i in range(n)) / n
        square = sum(features[j][i] ** 2 for i in range(n)) / n
        if square > 0:
            coef[j] = soft(slope, l1) / (square + l2)
    return np.array(coef)


def lasso(features, y, l1, l2=0.0, cycles=2000):
    """As many cycles as a small problem needs to stand still."""
    coef = np.zeros(len(features))
    for _ in range(cycles):
        before, coef = coef, cycle(features, y, coef, l1, l2)
        if np.abs(coef - before).max() == 0:
            break
    return coef


def swept(gram, inside):
    """The table of `core.homotopy` by its definition in blocks."""
    table, a, o = np.empty_like(gram), np.flatnonzero(inside), np.flatnonzero(~inside)
    inverse = np.linalg.inv(gram[np.ix_(a, a)])
    across = gram[np.ix_(a, o)]
    table[np.ix_(a, a)] = -inverse
    table[np.ix_(a, o)], table[np.ix_(o, a)] = inverse @ across, (inverse @ across).T
    table[np.ix_(o, o)] = gram[np.ix_(o, o)] - across.T @ inverse @ across
    return table


def objective(features, y, coef, l1, l2):
    """What is minimised."""
    rest = y - np.asarray(coef) @ features
    return rest @ rest / (2 * len(y)) + l1 * np.abs(coef).sum() + l2 / 2 * np.square(coef).sum()


def worst_condition(features, y, coef, l1, l2):
    """How far a solution is from the optimality conditions, as a share of l1.

    Inside: X'r/n - l2 b = l1 sign(b).  Outside: |X'r/n| <= l1.
    """
    slope = features @ (y - coef @ features) / len(y) - l2 * coef
    inside = coef != 0
    wrong = np.where(inside, np.abs(slope - l1 * np.sign(coef)), np.maximum(np.abs(slope) - l1, 0))
    return wrong.max(initial=0.0) / l1
