"""The features that are inside the model or may soon be, and the swept table of their products."""

import numpy as np

from rgteach.core.homotopy import RATE, SAME, VALUE, pivot, walk

NEAR = 0.95  # share of the bound from which a feature outside is watched


class WorkingSet:
    """A growing choice of features; everything here is of their number m, not of all p.

    places : (m,) int, which features;  member : (p,) bool, the same.
    side   : (m,) int64, sign of the coefficient of those inside, 0 outside.
    gram   : (m, m) X'X/n;  table : (m, m) gram + l2 I, swept by those inside (see `core.homotopy`).
    """

    def __init__(self, features, gram=None):
        """Of features (p, n), a feature a row;  gram : (p, p) where all products are known already."""
        self.features, self.all_products = features, gram
        self.member = np.zeros(len(features), bool)
        self.places, self.side = np.empty(0, np.int64), np.empty(0, np.int64)
        self.rows = np.empty((0, features.shape[1]))
        self.gram, self.table = np.empty((0, 0)), np.empty((0, 0))

    def join(self, new) -> None:
        """Let features (places) in, outside the model at first; rows and columns are added to the tables."""
        if not len(new):
            return
        old, products = len(self.places), self._products(new)
        inside = self.side != 0
        beside = np.where(inside[:, None], products[:old], 0.0)  # their products with those inside
        swept = np.where(inside[:, None], 0.0, products[:old]) + answer(self.table, beside)
        self.gram = _grown(self.gram, products)
        self.table = _grown(self.table, np.vstack([swept, products[old:] - beside.T @ swept]))
        self.places = np.concatenate([self.places, new])
        self.side = np.concatenate([self.side, np.zeros(len(new), np.int64)])
        self.member[new] = True

    def _products(self, new) -> np.ndarray:
        """X'X/n of old and new features (rows) with the new ones (columns)."""
        if self.all_products is not None:
            return self.all_products[np.ix_(np.concatenate([self.places, new]), new)]
        fresh = self.features[new]
        self.rows = np.vstack([self.rows, fresh])
        return self.rows @ fresh.T / fresh.shape[1]

    def turn_to(self, side) -> None:
        """Sweep until exactly these features are inside."""
        column = np.empty(len(side))
        for j in np.flatnonzero((side != 0) != (self.side != 0)):
            pivot(self.table, j, column)
        self.side = side.copy()

    def sweep(self) -> None:
        """Make the table anew, free of what rounding has done to it."""
        self.table = swept(self.gram, self.side != 0)

    def down(self, slope, coef, bounds, bound) -> tuple[list, list]:
        """Walk the lasso's path from a bound to lower ones: coefficients and sides at each.

        slope : (m,) X'r/n and coef : (m,), both at `bound`, where the features of `side` are inside.
        returns : two lists, shorter than `bounds` where the walk gets stuck.
        """
        inside = self.side != 0
        rounding = answer(self.table, np.where(inside, slope - bound * self.side, 0.0))  # is made good here
        rates = rates_of(self.table, self.side, -1.0, 0.0)
        state = start_of(np.where(inside, coef, slope) + rounding, rates, self.gram)
        coefs, sides = [], []
        for lower in bounds:
            arrived = travel(self.gram, self.table, state, self.side, (bound, -1.0, bound - lower), 0.0)
            if arrived is None:
                break
            self.table, bound = arrived, lower
            coefs.append(np.where(self.side != 0, state[VALUE], 0.0))
            sides.append(self.side.copy())
        return coefs, sides

    def across(self, along, coef, l1, l2) -> np.ndarray | None:
        """The elastic net at (l1, l2), walked to from coefficients whose signs are in `side`.

        along : (m,) X'y/n.  With c as it is, coef would solve a problem with another X'y; walk from that X'y
        to the true one while both penalties rest, at first with the features near their bound alone.
        """
        c, inside = along - self.gram @ coef - l2 * coef, self.side != 0
        start = np.where(inside, l1 * self.side, np.clip(c, -l1, l1))
        near = inside | (np.abs(c) > NEAR * l1)
        while True:
            few = np.flatnonzero(near)
            gram = self.gram[np.ix_(few, few)]
            gram.flat[:: len(few) + 1] += l2
            table, side, shift = swept(gram, inside[few]), self.side[few], (c - start)[few]
            rates = rates_of(table, side, 0.0, shift)
            state = start_of(np.where(inside, coef, start)[few], rates, gram)
            if travel(gram, table, state, side, (l1, 0.0, 1.0), shift) is None:
                return None
            found = np.zeros(len(c))
            found[few] = np.where(side != 0, state[VALUE], 0.0)
            broken = ~near & (np.abs(along - self.gram @ found) > l1)
            if not broken.any():
                self.side = np.sign(found).astype(np.int64)
                self.side[few] = side
                return found
            near |= broken


def answer(table, push) -> np.ndarray:
    """How b inside and c outside answer when c inside is pushed.

    push : (m,) or (m, k), zero outside;  returns : the same shape; inv(H_AA) push, and -H_IA times that.
    """
    if not len(push):
        return np.zeros_like(push)
    from scipy.linalg.blas import dsymm, dsymv

    # the upper triangle in Fortran's order is the lower one in C's
    return (dsymv if push.ndim == 1 else dsymm)(-1.0, table.T, push)


def rates_of(table, side, speed, shift) -> np.ndarray:
    """How fast b inside and c outside move while the bound moves with a speed and X'y/n with a shift."""
    push = np.where(side != 0, shift - speed * side, 0.0)
    return np.where(side != 0, 0.0, shift) + answer(table, push)


def start_of(value, rate, gram) -> np.ndarray:
    """The state that `core.homotopy.walk` begins with; (4, m)."""
    return np.stack([value, rate, SAME * gram.diagonal(), np.zeros(len(gram))])


def travel(gram, table, state, side, leg, shift) -> np.ndarray | None:
    """Walk a leg (bound, speed, length) to its end, making the table anew where that is needed.

    state and side are changed; returns : the table at the end, or None if it does not get there.
    """
    bound, speed, length = leg
    for _ in range(len(side) + 20):
        left = walk(table, state, side, bound, speed, length)
        if left == 0 or not np.isfinite(left):
            break
        bound, length = bound + speed * (length - left), left
        table = swept(gram, side != 0)
        state[RATE] = rates_of(table, side, speed, shift)
    return table if left == 0 and np.isfinite(state[VALUE]).all() else None


def swept(gram, inside) -> np.ndarray:
    """The table of `core.homotopy` from scratch, by Cholesky; its lower triangle counts."""
    from scipy.linalg.blas import dsymm
    from scipy.linalg.lapack import dpotrf, dpotri

    table, inner, outer = gram.copy(), np.flatnonzero(inside), np.flatnonzero(~inside)
    if not len(inner):
        return table
    square = gram[np.ix_(inner, inner)]
    least = SAME * square.diagonal()
    factor, failed = dpotrf(square, lower=1)
    if failed or (np.square(factor.diagonal()) <= 100 * least).any():  # near twins: a ridge, as in `walk`
        factor, _ = dpotrf(square + np.diag(least), lower=1)
    inverse, _ = dpotri(factor, lower=1)  # its lower triangle
    table[np.ix_(inner, inner)] = -inverse
    if len(outer):
        across = gram[np.ix_(inner, outer)]
        solved = dsymm(1.0, inverse, across, lower=1)
        table[np.ix_(outer, outer)] -= across.T @ solved
        table[np.ix_(inner, outer)], table[np.ix_(outer, inner)] = solved, solved.T
    return table


def _grown(square, columns) -> np.ndarray:
    """A symmetric matrix with more columns, and the same as rows."""
    old, new = len(square), len(columns)
    grown = np.empty((new, new))
    grown[:old, :old] = square
    grown[:, old:] = columns
    grown[old:, :old] = columns[:old].T
    return grown
