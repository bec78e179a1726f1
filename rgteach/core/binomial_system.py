"""The linear system of one Newton step."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs

JITTER = 1e-13  # relative, on the diagonal of a matrix that is singular (two features that are the same)
ROUNDING = 4e-16  # relative error of a product with a column
SLACK = 1e-14  # relative error of an objective: a step that raises it by no more has not raised it


class Solution(NamedTuple):
    """What was found at one penalty.

    coef : the free columns, then the features `active` (their places in X);  loss : mean negative log-
           likelihood;
    objective : loss and penalty;  gap : the most by which the objective could still fall.
    """

    active: np.ndarray
    coef: np.ndarray
    loss: float
    objective: float
    gap: float


class System:
    """H = S S' + ridge, of the columns in use: the free ones, then the penalised ones, which have the ridge.

    scaled : (m, n), row j is column j times the root of w p (1 - p);  l2 : the ridge;  n_free : how many
             are free.

    With more columns than patients it is solved by way of an n by n matrix.  With v = S' d the penalised
    part of H d = g says d_P = (g_P - S_P v) / l2; put into v this gives (I + S_P' S_P / l2) v = S_F' d_F +
    S_P' g_P / l2, and the free part says S_F v = g_F.
    """

    def __init__(self, scaled, l2, n_free, matrix=None):
        self.scaled, self.l2, self.n_free = scaled, l2, n_free
        self.is_wide = l2 > 0 and len(scaled) - n_free > scaled.shape[1]
        if self.is_wide:
            self._factor_wide()
            return
        if matrix is None:
            matrix = scaled @ scaled.T
            if l2:
                matrix.ravel()[n_free * (len(matrix) + 1) :: len(matrix) + 1] += l2
        self.matrix, self.factor = matrix, cholesky(matrix, n_free)

    def _factor_wide(self):
        free, rest = self.scaled[: self.n_free], self.scaled[self.n_free :]
        matrix = rest.T @ rest / self.l2
        matrix.ravel()[:: len(matrix) + 1] += 1
        self.factor = cholesky(matrix)
        self.free_part = dpotrs(self.factor, free.T)[0].T if self.n_free else free
        self.free_factor = cholesky(self.free_part @ free.T) if self.n_free else None

    def part(self, kept):
        """The system of some of the columns only, all free ones among them."""
        if self.is_wide:
            return System(self.scaled[kept], self.l2, self.n_free)
        return System(self.scaled[kept], self.l2, self.n_free, self.matrix[kept][:, kept])

    def solve(self, right):
        """Find d in H d = right."""
        if not self.is_wide:
            return dpotrs(self.factor, right)[0] if len(right) else right
        q = self.n_free
        free, rest = self.scaled[:q], self.scaled[q:]
        v = dpotrs(self.factor, right[q:] @ rest / self.l2)[0]
        step = np.empty(len(right))
        if q:
            step[:q] = dpotrs(self.free_factor, right[:q] - free @ v)[0]
            v += step[:q] @ self.free_part
        step[q:] = (right[q:] - rest @ v) / self.l2
        return step


def cholesky(matrix, n_free=0):
    """The upper factor of a symmetric matrix, moved a little away from being singular where it is.

    Only the penalised part of the diagonal is lifted: the equations of the free columns, on which the
    validity of a dual point rests, stay what they are.
    """
    if not len(matrix):
        return matrix
    factor, failed = dpotrf(matrix.T, clean=False)
    jitter = JITTER
    while failed and jitter < 1:
        lift = jitter * np.diag(matrix)
        lift[:n_free] = 0
        factor, failed = dpotrf(matrix.T + np.diag(lift), clean=False)
        jitter *= 10
    return factor
