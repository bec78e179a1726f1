"""Slow twins of the rank-sum test: every definition as a loop over all pairs or all choices of a group."""

from fractions import Fraction
from itertools import combinations

import numpy as np


def midranks2(values):
    """Twice the midrank of each value, and Σ(t³ − t): compare it with every other one."""
    smaller = [sum(other < value for other in values) for value in values]
    alike = [sum(other == value for other in values) for value in values]
    return [2 * s + a + 1 for s, a in zip(smaller, alike, strict=True)], sum(a * a - 1 for a in alike)


def u_of_x(x, y):
    """Pairs in which x is above y; ties count half."""
    return sum(1.0 if a > b else 0.5 if a == b else 0.0 for a in x for b in y)


def all_sums(scores, n_x):
    """The sum of every choice of n_x scores, one entry a choice."""
    return [sum(scores[i] for i in chosen) for chosen in combinations(range(len(scores)), n_x)]


def permutation_p(scores, n_x, seen, alternative):
    """The share of all choices of n_x scores whose sum is at least as extreme as the one seen."""
    sums = all_sums(scores, n_x)
    mean = Fraction(sum(scores) * n_x, len(scores))
    extreme = {
        "less": lambda w: w <= seen,
        "greater": lambda w: w >= seen,
        "two-sided": lambda w: abs(w - mean) >= abs(seen - mean),
    }[alternative]
    return Fraction(sum(map(extreme, sums)), len(sums))


def orders_by_u(n_x, n_y, most):
    """Numbers of orders with U = 0 … most as whole numbers of any size, by Mann and Whitney's recurrence.

    The largest value is either an x, which wins n_y pairs, or a y, which wins none.
    """
    rows = [[1] + [0] * most for _ in range(n_y + 1)]  # no x yet: U is 0
    for _ in range(n_x):
        new = []
        for j in range(n_y + 1):
            largest_is_x = [0] * j + rows[j][: most + 1 - j]
            largest_is_y = new[j - 1] if j else [0] * (most + 1)
            new.append([a + b for a, b in zip(largest_is_x[: most + 1], largest_is_y, strict=True)])
        rows = new
    return rows[n_y]


def differences(x, y):
    """All x_i − y_j in order."""
    return sorted(a - b for a in x for b in y)


def newcombe_5(auc, n_x, n_y, z):
    """Ends of Newcombe's interval, from the roots of (auc − θ)² = z² V(θ), a polynomial of degree four."""
    theta, one = np.polynomial.Polynomial([0, 1]), np.polynomial.Polynomial([1])
    more = (n_x + n_y) / 2 - 1
    below = (2 - theta) * (1 + theta)
    spread = theta * (1 - theta) * (below + more * ((one - theta) * (1 + theta) + theta * (2 - theta)))
    roots = ((auc - theta) ** 2 * below * n_x * n_y - z**2 * spread).roots()
    real = sorted(r.real for r in roots if abs(r.imag) < 1e-7 and -1e-7 < r.real < 1 + 1e-7)
    low = 0.0 if auc == 0 else min(real)
    return low, 1.0 if auc == 1 else max(real)


def chi_square(table):
    """Σ (seen − expected)² / expected."""
    total = sum(map(sum, table))
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    return sum(
        (table[i][j] - rows[i] * columns[j] / total) ** 2 / (rows[i] * columns[j] / total)
        for i in range(len(rows))
        for j in range(len(columns))
    )
