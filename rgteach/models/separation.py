"""Separated data: a straight cut through the columns tells the classes apart, and some estimates are
infinite.

The likelihood then has no top.  Along a direction d with sign * (z'd) >= 0 for every patient and > 0 for some
it rises for ever: complete separation if > 0 holds for every patient, quasi-complete otherwise (Albert and
Anderson 1984, doi:10.1093/biomet/71.1.1).  Whether such a direction exists is a linear programme (Konis
2007), which is asked here instead of guessing from large numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

REACH = 1e7  # longest direction looked at: a gap of 1e-7 of a column's range still counts as a gap


@dataclass(frozen=True)
class Separation:
    """How the columns tell the two classes apart.

    Attributes
    ----------
    kind : "complete" or "quasi"
        Whether all patients are told apart, or some lie on the cut between the classes.
    columns : tuple of str
        Columns whose coefficient is infinite, with certain sign.
    undetermined : tuple of str
        Columns that take part in some cuts with a plus and in others with a minus: no estimate at all.
    n_apart : int
        Patients whose fitted probability is exactly 0 or 1.
    """

    kind: str
    columns: tuple[str, ...]
    undetermined: tuple[str, ...]
    n_apart: int


@dataclass(frozen=True, eq=False)
class Cut:
    """What the linear programmes found, in the columns of one design.

    rows      : (n,) bool, the patients told apart; all of them if the separation is complete.
    direction : (k,) a direction that tells them apart.
    flat      : (k, r) orthonormal basis of the directions along which the others do not move.
    """

    rows: np.ndarray
    direction: np.ndarray
    flat: np.ndarray

    @property
    def is_complete(self) -> bool:
        """Whether no patient lies on the cut or on the wrong side of it."""
        return bool(self.rows.all())


def find(design: np.ndarray, sign: np.ndarray) -> Cut | None:
    """The cut that tells most patients apart, or None where there is none.

    Maximise the sum of t with sign * (design d) >= t and 0 <= t <= 1.  Directions can be made longer at
    will, so every patient that some direction tells apart gets t = 1 and every other one t = 0.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, identity

    n, k = design.shape
    away = design * sign[:, None]
    bounds = [(-REACH, REACH)] * k + [(0, 1)] * n
    left = hstack([csr_array(-away), identity(n)], format="csr")
    found = linprog(np.r_[np.zeros(k), -np.ones(n)], left, np.zeros(n), bounds=bounds, method="highs")
    if found.x is None:
        return None
    rows, direction = found.x[k:] > 0.5, found.x[:k]
    margin = away @ direction
    if not rows.any() or not np.all(margin[rows] > 0.4) or not np.all(margin[~rows] > -1e-5):
        return None
    return Cut(rows, direction / np.abs(direction).max(), null_space(design[~rows]))


def null_space(design: np.ndarray) -> np.ndarray:
    """Orthonormal directions (k, r) along which no row of the design moves."""
    _, sizes, right = np.linalg.svd(
        np.vstack([design, np.zeros((design.shape[1],) * 2)]), full_matrices=False
    )
    return right[sizes <= 1e-9 * max(1.0, sizes.max(initial=0.0))].T


def depends(functionals: np.ndarray, cut: Cut) -> np.ndarray:
    """Which linear functions of the coefficients, rows (m, k), have no finite estimate."""
    size = np.linalg.norm(functionals, axis=1)
    return np.linalg.norm(functionals @ cut.flat, axis=1) > 1e-7 * size


def limit(functional: np.ndarray, design: np.ndarray, sign: np.ndarray) -> float:
    """Where a function of the coefficients goes as the likelihood rises: inf, -inf, or NaN for either.

    Its largest and its smallest value over all directions of length <= 1 along which the likelihood never
    falls: only if both lie on one side of zero is the sign of infinity certain.
    """
    from scipy.optimize import linprog

    functional = functional / np.abs(functional).max()
    k = design.shape[1]
    task = {"A_ub": -design * sign[:, None], "b_ub": np.zeros(len(design)), "bounds": [(-1, 1)] * k}
    most = -linprog(-functional, method="highs", **task).fun
    least = linprog(functional, method="highs", **task).fun
    if most > 1e-6 and least < -1e-6:
        return np.nan
    return np.inf if most > -least else -np.inf


def independent(design: np.ndarray) -> np.ndarray:
    """Indices of columns that span all columns of the design."""
    from scipy.linalg import qr

    if not len(design):
        return np.zeros(0, np.int64)
    _, triangle, order = qr(design, mode="economic", pivoting=True)
    sizes = np.abs(np.diag(triangle))
    return np.sort(order[: int((sizes > 1e-9 * max(sizes[0], 1e-300)).sum())]).astype(np.int64)
