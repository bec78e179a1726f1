"""The exact path at a grid of penalties: a homotopy among few features, checked against all of them.

Of thousands of features few are ever inside.  So guess which may come in within the next grid points, walk
the path among these only, then compute X'r at every one of these grid points for all features in one product.
Where one that was left out breaks its bound, it joins and the walk is repeated from the last good point.  The
guess is that of the sequential strong rules (Tibshirani et al. 2012, doi:10.1111/j.1467-9868.2011.01004.x),
with each feature's own slope in place of the largest possible one; a wrong guess costs time and no accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.core.lasso import coordinate_descent, gap_of_sums
from rgteach.core.working import NEAR, WorkingSet

AHEAD = (12, 8, 5, 3, 2)  # grid points to look ahead; fewer where too many features would have to join
SLACK = 1e-9  # a bound is broken by more than this share of itself


@dataclass
class Station:
    """The last good grid point: everything a walk can start from."""

    l1: float
    slope: np.ndarray  # (p,) X'r/n
    coef: np.ndarray  # (m,) of the features in the working set
    side: np.ndarray  # (m,)
    trend: np.ndarray | None = None  # (p,) change of slope per unit of l1


@dataclass(frozen=True)
class ExactPath:
    """Solutions at k penalties for the s features that are ever inside, and how good they are."""

    support: np.ndarray  # (s,) places among all features
    coef: np.ndarray  # (k, s)
    gap: np.ndarray  # (k,)
    squares: np.ndarray  # (k,) r.r / n


class Outcome:
    """What never changes during a fit: y, X'y/n, penalties, and the gap that is allowed."""

    def __init__(self, features, y, l1, l2, tol, gram):
        self.features, self.y, self.l1, self.l2, self.tol, self.gram = features, y, l1, l2, tol, gram
        self.length = float(y @ y) / len(y)
        self.along = features @ y / len(y)

    def look(self, working, coefs, k, slack=SLACK):
        """Slopes of all features at grid points k, k + 1, …, and who is within the bounds.

        coefs : (h, m);  returns : slopes (h, p), squares (h,), gap (h,), and whether all is well (h,).
        """
        places, l1, l2 = working.places, self.l1[k : k + len(coefs)], self.l2[k : k + len(coefs)]
        along = self.length - coefs @ self.along[places]
        if self.gram is None:
            residual = self.y - coefs @ working.rows
            slopes = (self.features @ residual.T).T / len(self.y)
            squares = np.square(residual).sum(axis=1) / len(self.y)
        else:
            slopes = self.along - coefs @ self.gram[places]
            squares = along - (coefs * slopes[:, places]).sum(axis=1)
        broken = np.abs(slopes)
        if l2.any():
            broken[:, places] = np.abs(slopes[:, places] - l2[:, None] * coefs)
        most, over = broken.max(axis=1), np.full(len(coefs), np.inf)
        gap = gap_of_sums(squares, along, most, over, coefs.T, l1, l2)
        return slopes, squares, gap, (gap <= self.tol * self.length / 4) & (most <= l1 * (1 + slack))


def exact_path(features, y, l1, l2, *, tol=1e-10, gram=None) -> ExactPath:
    """Solve the lasso or elastic net of `core.lasso` at every grid point.

    features : (p, n) float64, C order, a feature a row;  y : (n,);  gram : (p, p) X'X/n, or None.
    l1, l2   : (k,) float64, l1 falling and positive.
    """
    outcome = Outcome(features, y, l1, l2, tol, gram)
    working, kept = WorkingSet(features, gram), []
    here = Station(np.abs(outcome.along).max(), outcome.along, np.empty(0), np.empty(0, np.int64))
    k, stuck = int(np.sum(l1 >= here.l1 * (1 - 1e-15))), 0  # λmax · l1_ratio may have lost its last digit
    kept += [(working.places, np.empty(0), 0.0, outcome.length)] * k
    while k < len(l1) and stuck < 2:
        new, stop = expected(working, here, l1[k : k + AHEAD[0]])
        working.join(new)
        here.coef, here.side = _padded(here, len(working.places))
        coefs, sides = among_few(working, here, outcome, k, k + stop, anew=stuck > 0)
        n_good = 0
        if coefs:
            # once stuck, among near twins, the gap alone decides: it is what was asked for
            slack = SLACK if not stuck else np.inf
            slopes, squares, gap, good = outcome.look(working, np.array(coefs), k, slack)
            n_good = len(good) if good.all() else int(np.argmin(good))
            missing = missed(working, slopes[n_good], l1[k + n_good]) if n_good < len(good) else []
        stuck = stuck + 1 if not n_good and not (coefs and len(missing)) else 0
        for i in range(n_good):
            kept.append((working.places, coefs[i], gap[i], squares[i]))
        if n_good:
            here = arrived(here, l1[k : k + n_good], slopes[:n_good], coefs[n_good - 1], sides[n_good - 1])
            k += n_good
        if coefs and len(missing):
            working.join(missing)
    if k < len(l1):
        kept += by_descent(outcome, working, here, k)
    return _gathered(kept)


def expected(working, here, bounds):
    """Features that may come in at the next grid points, and how many points to go."""
    # a walk costs the square of the features in it, a check costs one look at all of them
    room = 100 + 2 * np.count_nonzero(here.side) + len(here.slope) // 100
    for ahead in AHEAD:
        end = bounds[:ahead][-1]
        guess = here.slope if here.trend is None else here.slope + here.trend * (end - here.l1)
        new = np.flatnonzero((np.abs(guess) >= NEAR * end) & ~working.member)
        if len(new) + len(working.places) <= room:
            break
    return new, min(ahead, len(bounds))


def among_few(working, here, outcome, start, stop, anew):
    """Solutions among the features of the working set from one grid point to another, or fewer."""
    l1, l2, slope = outcome.l1[start:stop], outcome.l2[start:stop], here.slope[working.places]
    if not l2.any():
        working.turn_to(here.side)
        if anew:
            working.sweep()
        return working.down(slope, here.coef, l1, here.l1)
    coefs, sides, coef = [], [], here.coef
    working.side = here.side.copy()
    for first, second in zip(l1, l2, strict=True):
        coef = working.across(outcome.along[working.places], coef, first, second)
        if coef is None:
            break
        coefs.append(coef)
        sides.append(working.side.copy())
    return coefs, sides


def missed(working, slope, bound):
    """Features outside the working set that break their bound."""
    return np.flatnonzero((np.abs(slope) > bound * (1 + SLACK)) & ~working.member)


def arrived(here, l1, slopes, coef, side) -> Station:
    """The station at the last of some good grid points."""
    before, slope = (l1[-2], slopes[-2]) if len(l1) > 1 else (here.l1, here.slope)
    return Station(l1[-1], slopes[-1], coef, side, (slopes[-1] - slope) / (l1[-1] - before))


def by_descent(outcome, working, here, start):
    """The rest of the path by coordinate descent: slower, but nothing can get it stuck."""
    found = []
    coef = here.coef
    for k in range(start, len(outcome.l1)):
        l1, l2 = outcome.l1[k], outcome.l2[k]
        for _ in range(10):
            subset = outcome.features[working.places]
            start_at = np.zeros(len(working.places))
            start_at[: len(coef)] = coef
            coef, _, _ = coordinate_descent(
                subset, outcome.y, l1, l2, start_at, tol=outcome.tol / 8, most=1000
            )
            slopes, squares, gap, _ = outcome.look(working, coef[None], k)
            missing = missed(working, slopes[0], l1)
            if not len(missing):
                break
            working.join(missing)
        found.append((working.places, coef, gap[0], squares[0]))
    return found


def _padded(here, m):
    """Coefficients and sides with zeros for features that joined since."""
    more = m - len(here.coef)
    return np.append(here.coef, np.zeros(more)), np.append(here.side, np.zeros(more, np.int64))


def _gathered(kept) -> ExactPath:
    """All grid points with one set of columns: a feature keeps its place in the working set."""
    places = kept[-1][0]
    coef = np.zeros((len(kept), len(places)))
    for k in range(len(kept)):
        coef[k, : len(kept[k][1])] = kept[k][1]
    ever = coef.any(axis=0)
    gap, squares = (np.array([entry[i] for entry in kept]) for i in (2, 3))
    return ExactPath(places[ever], coef[:, ever], gap, squares)
