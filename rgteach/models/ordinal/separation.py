"""Columns that tell ordered categories apart without error: then no finite coefficients fit best."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rgteach.models.ordinal.rows import Rows

TOLERANCE = 1e-7  # of a direction of length 1 in columns of sd 1


class Apart(NamedTuple):
    """What is known of separated data.

    Attributes
    ----------
    columns : tuple of str
        Columns whose coefficients grow without end.
    signs : array, shape (p,)
        +1 or −1 for those columns, NaN where even the sign is open, 0 for the others.
    n_apart : int
        Patients whose category is told apart from a neighbouring one without error.
    """

    columns: tuple[str, ...]
    signs: np.ndarray
    n_apart: int


def separating(rows: Rows) -> Apart | None:
    """Whether thresholds and coefficients can move for ever without making anybody's category less likely.

    A direction (t, b) does so if x·b ≤ t_j for all patients of category j and below its upper threshold, and
    x·b ≥ t_(j-1) for its lower one.  Linear programs find the largest and the smallest b of each column among
    these directions; all zero means that the maximum exists (as Albert and Anderson 1984,
    doi:10.1093/biomet/71.1.1, for two categories).
    """
    from scipy.optimize import linprog

    needed, owner = _inequalities(rows)
    k, p = len(rows.labels) - 1, rows.unit.shape[1]
    bounds = [(-10.0, 10.0)] * k + [(-1.0, 1.0)] * p
    lowest, highest, moved = np.zeros(p), np.zeros(p), np.zeros(len(rows.codes), bool)
    for column in range(p):
        for sign, ends in ((1, lowest), (-1, highest)):
            cost = np.zeros(k + p)
            cost[k + column] = sign
            found = linprog(cost, needed, np.zeros(len(needed)), bounds=bounds, method="highs")
            ends[column] = found.x[k + column]
            if abs(ends[column]) > TOLERANCE:
                moved[owner[needed @ found.x < -TOLERANCE]] = True
    up, down = highest > TOLERANCE, lowest < -TOLERANCE
    if not (up | down).any():
        return None
    signs = np.where(up & down, np.nan, up * 1.0 - down * 1.0)
    names = tuple(name for name, used in zip(rows.names, up | down, strict=True) if used)
    return Apart(names, signs, int(moved.sum()))


def _inequalities(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Rows A with A (t, b) ≤ 0, and the patient each belongs to."""
    n, k = len(rows.codes), len(rows.labels) - 1
    each = np.arange(n)
    under, over = each[rows.codes < k], each[rows.codes > 0]
    below, above = np.zeros((len(under), k)), np.zeros((len(over), k))
    below[np.arange(len(under)), rows.codes[under]] = -1.0
    above[np.arange(len(over)), rows.codes[over] - 1] = 1.0
    needed = np.block([[below, rows.unit[under]], [above, -rows.unit[over]]])
    return needed, np.concatenate([under, over])
