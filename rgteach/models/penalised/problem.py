"""What every penalised fit starts from: checked, centred and scaled columns, weights, and a grid.

Nothing here knows the family; `gaussian_path` and `binomial_path` take a `Problem` and give a path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.doors import between, column, matrix, nearest, same_length, whole_number
from rgteach.errors import LearnerError
from rgteach.models.penalised.path import PenalisedPath

BLOCK = 256  # columns
LAM_RATIO = 0.01
RIDGE_GRID = 10.0, 1e-7  # ridge has no λmax; see `Problem.grid`


@dataclass(frozen=True)
class Problem:
    """A penalised fit, ready for numbers: min over γ, β of  loss(fixed γ + columns β) + penalty(β).

    Attributes
    ----------
    columns : array, shape (n, m), Fortran order
        The penalised columns of X, centred (with an intercept) and divided by `scale`.  A constant column is
        all zeros here, so that nothing can choose it.  Rows of weight zero are gone.
    fixed : array, shape (n, q)
        What is not penalised: a column of ones where there is an intercept, then the unpenalised columns,
        centred and scaled too, which only helps their arithmetic.
    y : array, shape (n,)
    weights : array, shape (n,)
        Sum to n; all ones where none were given.
    centre, scale : array, shape (m,), and fixed_centre, fixed_scale : array, shape (q - intercept,)
        columns = (X - centre) / scale.
    penalised, unpenalised : array of int
        Places of the m and of the other columns in X.
    lam : array, shape (k,), or None
        The penalties asked for, falling; None means a grid of n_lam from λmax to lam_ratio·λmax.
    l1_ratio, tol, n_lam, lam_ratio, intercept, standardise
    names : tuple of str
        All columns of X.
    flags : tuple of str
    """

    columns: np.ndarray
    fixed: np.ndarray
    y: np.ndarray
    weights: np.ndarray
    centre: np.ndarray
    scale: np.ndarray
    fixed_centre: np.ndarray
    fixed_scale: np.ndarray
    penalised: np.ndarray
    unpenalised: np.ndarray
    lam: np.ndarray | None
    l1_ratio: float
    tol: float
    n_lam: int
    lam_ratio: float
    intercept: bool
    standardise: bool
    names: tuple[str, ...]
    flags: tuple[str, ...]

    def grid(self, slope: np.ndarray) -> tuple[float, np.ndarray]:
        """λmax and the penalties to solve for.

        Ridge never gets to zero, and how much it shrinks has nothing to do with y: a direction of the columns
        with variance d by d / (d + λ).  No d exceeds the sum T of the columns' variances, so its grid goes
        from 10 T, where little is left, down to 10⁻⁶ T, where hardly anything is taken.

        Parameters
        ----------
        slope : array, shape (m,)
            Columns' part in the loss's gradient at the null model (its sign does not matter): X'Wr/n.

        Raises
        ------
        LearnerError
            "nothing-to-explain", if no column has anything to do with what the null model leaves over.
        """
        first = int(np.abs(slope).argmax()) if len(slope) else 0
        steepest = float(np.abs(slope[first])) if len(slope) else 0.0
        largest = np.linalg.norm(self.columns[:, first : first + 1]) * np.linalg.norm(self.y - self.y.mean())
        if steepest <= 1e-14 * largest / len(self.y):  # zero but for rounding
            raise LearnerError("nothing-to-explain", n=self.columns.shape[1], rows=len(self.y))
        lam_max = steepest / self.l1_ratio if self.l1_ratio else RIDGE_GRID[0] * self.total_variance()
        if self.lam is not None:
            return lam_max, self.lam
        if self.n_lam == 1:
            return lam_max, np.array([lam_max])
        grid = lam_max * self.lam_ratio ** (np.arange(self.n_lam) / (self.n_lam - 1))
        grid[0] = lam_max
        return lam_max, grid

    def total_variance(self) -> float:
        """Sum of the variances of the penalised columns: their number, if they are standardised."""
        squares = np.einsum("i,ij,ij->", self.weights, self.columns, self.columns)
        return float(squares) / len(self.y)

    def penalties(self, lam: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Strengths of the absolute and of the squared part, l1 and l2."""
        return lam * self.l1_ratio, lam * (1 - self.l1_ratio)

    def finish(self, family, beta, gamma, found: dict, flags=(), support=slice(None)) -> PenalisedPath:
        """Put a fit back on the scale of X.

        Parameters
        ----------
        beta : array, shape (k, m), coefficients of `columns`; or (k, s), of its `support`, others being 0.
        gamma : array, shape (k, q), coefficients of `fixed`.
        found : dict
            lam, gap, relative_gap, objective, deviance_ratio, each of shape (k,).
        """
        beta, gamma = np.asarray(beta), np.asarray(gamma)
        coef = np.zeros((len(beta), len(self.names)))
        slopes = gamma[:, 1:] if self.intercept else gamma
        chosen = self.penalised[support]
        coef[:, chosen] = beta / self.scale[support]
        coef[:, self.unpenalised] = slopes / self.fixed_scale
        if self.intercept:
            offset = coef[:, chosen] @ self.centre[support] + coef[:, self.unpenalised] @ self.fixed_centre
            intercept = gamma[:, 0] - offset
        else:
            intercept = np.zeros(len(beta))
        n_nonzero = np.count_nonzero(beta, axis=1)
        flags = [*self.flags, *flags]
        if (found["relative_gap"] > self.tol).any():
            flags.append("path-not-converged")
        if self.l1_ratio == 1 and n_nonzero.max(initial=0) >= len(self.y) - self.fixed.shape[1]:
            flags.append("path-saturated")
        settings = {
            "standardise": self.standardise,
            "intercept": self.intercept,
            "tol": self.tol,
            "unpenalised": tuple(self.names[j] for j in self.unpenalised),
            "n": len(self.y),
        }
        return PenalisedPath(
            coef=coef,
            intercept=intercept,
            n_nonzero=n_nonzero,
            family=family,
            l1_ratio=self.l1_ratio,
            names=self.names,
            settings=settings,
            flags=tuple(dict.fromkeys(flags)),
            **found,
        )


def prepare(
    X, y, *, l1_ratio, lam, n_lam, lam_ratio, standardise, intercept, weights, unpenalised, tol
) -> Problem:
    """Check what was given and make a `Problem` of it; see `lasso_path` for the settings."""
    if lam_ratio is None:
        lam_ratio = RIDGE_GRID[1] if l1_ratio == 0 else LAM_RATIO
    table, names = matrix(X, "X")
    outcome = column(y, "y")
    weights = np.ones(len(outcome)) if weights is None else column(weights, "weights")
    same_length(X=len(table), y=len(outcome), weights=len(weights))
    if not table.size:
        raise LearnerError("empty-table", rows=table.shape[0], columns=table.shape[1])
    if (weights < 0).any() or not (weights > 0).any():
        raise LearnerError("bad-weights", n=int((weights < 0).sum()), positive=int((weights > 0).sum()))
    used = weights > 0
    if not used.all():
        table, outcome, weights = table[used], outcome[used], weights[used]
    weights = weights * (len(weights) / weights.sum())
    free = _places(unpenalised, names)
    penalised = np.delete(np.arange(len(names)), free)
    columns, centre, scale, constant = standardised(table, weights, penalised, intercept, standardise)
    others, other_centre, other_scale, same = standardised(table, weights, free, intercept, True)
    if same.any():
        others, other_scale = table[:, free] - other_centre, np.ones(len(free))
    fixed = np.column_stack([np.ones((len(outcome), 1)), others] if intercept else [others])
    _check_independent(fixed, [names[j] for j in free])
    return Problem(
        columns, fixed, outcome, weights, centre, scale, other_centre, other_scale, penalised, free,
        _penalties(lam), between("l1_ratio", l1_ratio, 0, 1, open_=False), between("tol", tol, 0, 1),
        whole_number("bad-n-lam", n_lam, 1), between("lam_ratio", lam_ratio, 0, 1), bool(intercept),
        bool(standardise), names, ("path-constant-features",) if constant.any() else (),
    )  # fmt: skip


def standardised(table, weights, places, intercept, scaled):
    """Columns of a table, centred if there is an intercept, over their standard deviation if scaled.

    returns : columns (n, m) in Fortran order, centre (m,), scale (m,), constant (m,) bool.

    The standard deviation is the population's (divided by n) and weighted.  A constant column has none: it
    becomes zeros where it would be centred or scaled, with a scale of 1.
    """
    share, m = weights / weights.sum(), len(places)
    columns, constant = np.empty((len(table), m), order="F"), np.zeros(m, bool)
    centre, scale = np.empty(m), np.ones(m)
    for start in range(0, m, BLOCK):  # so many that they stay in the cache
        here = slice(start, start + BLOCK)
        raw = np.ascontiguousarray(table[:, here if m == table.shape[1] else places[here]].T)
        rest = raw - (first := raw @ share)[:, None]
        rest -= (second := rest @ share)[:, None]  # the first mean of 1e8 + small numbers is not exact
        deviation, centre[here] = np.sqrt(np.square(rest) @ share), first + second
        near = np.flatnonzero(deviation <= 1e-9 * np.abs(first))  # near enough to look at closely
        low, high = raw[near].min(axis=1, initial=np.inf), raw[near].max(axis=1, initial=-np.inf)
        flat = near[high - low <= 8 * np.finfo(float).eps * np.maximum(np.abs(low), np.abs(high))]
        constant[start + flat] = True
        deviation[flat] = 1.0
        kept = rest if intercept else raw
        if scaled:
            kept /= deviation[:, None]
            scale[here] = deviation
        if intercept or scaled:
            kept[flat] = 0.0
        columns.T[here] = kept
    return columns, centre if intercept else np.zeros(m), scale, constant


def _places(unpenalised, names: tuple[str, ...]) -> np.ndarray:
    """Places of the columns that are named, or counted from 0."""
    if unpenalised is None:
        return np.array([], int)
    if isinstance(unpenalised, (str, int, np.integer)):
        unpenalised = [unpenalised]
    places = []
    for one in unpenalised:
        if isinstance(one, (int, np.integer)) and not isinstance(one, (bool, np.bool_)):
            inside = -len(names) <= one < len(names)
            place = int(one) % len(names) if inside else None
        else:
            place = names.index(str(one)) if str(one) in names else None
        if place is None:
            raise LearnerError("no-such-column", given=one, nearest=nearest(str(one), names), n=len(names))
        places.append(place)
    return np.unique(places)


def _check_independent(fixed: np.ndarray, names: list[str]) -> None:
    """Refuse unpenalised columns that cannot be told apart: nothing would decide between them."""
    if fixed.shape[1] and np.linalg.matrix_rank(fixed) < fixed.shape[1]:
        raise LearnerError("unpenalised-collinear", names=", ".join(names), rows=len(fixed))


def _penalties(lam) -> np.ndarray | None:
    """Given penalties as an array, the strongest first."""
    if lam is None:
        return None
    values = column([lam] if np.ndim(lam) == 0 else lam, "lam")
    if not len(values) or (values <= 0).any():
        raise LearnerError("bad-penalties", given=float(values.min()) if len(values) else "[]")
    return np.unique(values)[::-1].copy()
