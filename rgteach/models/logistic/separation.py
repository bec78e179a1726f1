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
CLEAR, EXACT = 1e-6, 1e-12  # margins that the programme's own tolerance of 1e-7 cannot have made, or hidden
OPEN = 1e-6  # a value of a direction that is more than tolerance


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

    rows : (n,) bool, the patients told apart; all of them if the separation is complete.
    flat : (k, r) orthonormal basis of the directions along which the others do not move.
    """

    rows: np.ndarray
    flat: np.ndarray

    @property
    def is_complete(self) -> bool:
        """Whether no patient lies on the cut or on the wrong side of it."""
        return bool(self.rows.all())


def find(design: np.ndarray, sign: np.ndarray) -> Cut | None:
    """The cut that tells most patients apart, or None where there is none.

    Who is told apart clearly by one direction needs no further thought: that direction, made long enough,
    outweighs any other.  The question is then the same for the rest, until nobody more is told apart.
    """
    if design.shape[1] == 0:  # no column, no cut
        return None
    away = design * sign[:, None]
    rest = np.arange(len(away))
    while len(rest):
        margin = _push(away[rest])
        clear = margin > CLEAR
        if margin.max() > EXACT and (margin.min() < -EXACT or not clear.any()):
            clear = _push_far(away[rest])  # too close for a programme of six digits
        if not clear.any():
            break
        rest = rest[~clear]
    if len(rest) == len(away):
        return None
    rows = np.ones(len(away), bool)
    rows[rest] = False
    return Cut(rows, null_space(design[rest]))


def _push(away: np.ndarray) -> np.ndarray:
    """Margins (n,) of the direction d, no part of it longer than 1, with the largest sum of away d >= 0."""
    found = _programme(-away.mean(axis=0), away)
    return away @ found


def _push_far(away: np.ndarray) -> np.ndarray:
    """Who is told apart (n,), however narrow the gap: maximise the sum of t with away d >= t, 0 <= t <= 1.

    Directions may be as long as REACH, so that t is 1 for whom any direction tells apart, and 0 for others.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, identity

    n, k = away.shape
    bounds = [(-REACH, REACH)] * k + [(0, 1)] * n
    left = hstack([csr_array(-away), identity(n)], format="csr")
    found = linprog(np.r_[np.zeros(k), -np.ones(n)], left, np.zeros(n), bounds=bounds, method="highs")
    if found.x is None:
        return np.zeros(n, bool)
    rows, margin = found.x[k:] > 0.5, away @ found.x[:k]
    holds = np.all(margin[rows] > 0.4) and np.all(margin[~rows] > -1e-5)
    return rows if holds else np.zeros(n, bool)


def _programme(cost: np.ndarray, away: np.ndarray) -> np.ndarray:
    """The direction d with -1 <= d <= 1 and away d >= 0 that costs least; 0 if none is found."""
    from scipy.optimize import linprog

    found = linprog(cost, -away, np.zeros(len(away)), bounds=[(-1, 1)] * len(cost), method="highs")
    return np.zeros(len(cost)) if found.x is None else found.x


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


def limits(functionals: np.ndarray, design: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Where functions of the coefficients, rows (m, k), go as the likelihood rises: ±inf, or NaN for either.

    A function's largest and smallest value over all directions, no part of them longer than 1, along which
    the likelihood never falls: only if one of them is zero is the sign of infinity certain.  Every direction
    that is found speaks for all functions, so that few programmes are needed for many columns.
    """
    functionals = functionals / np.abs(functionals).max(axis=1, keepdims=True)
    away = design * sign[:, None]
    most, least = np.zeros(len(functionals)), np.zeros(len(functionals))
    for j, cost in enumerate(functionals):
        for towards in (1, -1):
            if most[j] > OPEN and least[j] < -OPEN:
                break
            values = functionals @ _programme(-towards * cost, away)
            np.maximum(most, values, out=most)
            np.minimum(least, values, out=least)
    up, down = most > OPEN, least < -OPEN
    return np.where(up & ~down, np.inf, np.where(down & ~up, -np.inf, np.nan))


def independent(design: np.ndarray) -> np.ndarray:
    """Indices of columns that span all columns of the design."""
    from scipy.linalg import qr

    if not len(design):
        return np.zeros(0, np.int64)
    _, triangle, order = qr(design, mode="economic", pivoting=True)
    sizes = np.abs(np.diag(triangle))
    return np.sort(order[: int((sizes > 1e-9 * max(sizes[0], 1e-300)).sum())]).astype(np.int64)
