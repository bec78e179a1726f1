"""Newton's method where no sign has to be kept: the null model, and logistic ridge regression."""

from __future__ import annotations

import numpy as np
from scipy.linalg.lapack import dpotrs

from rgteach.core.binomial import dual_value, logistic_state
from rgteach.core.binomial_system import SLACK, Solution, cholesky

STEPS = 100
ARRIVED = 1e-7  # change of any log-odds: the next step would be about its square
NOTHING = 1e-14  # share of the largest direction of X that is rounding


class RidgeWalk:
    """Ridge for one penalty after the other; the same interface as `binomial_newton.Walk`.

    At the optimum the coefficients are X' theta / lam with theta = w (y - p), so they lie in the space of
    the n patients even where p is much larger: Newton's method works in coordinates of that space
    (eigenvectors of X X'), and the coefficients are made at the end.  The gap is that of these
    coefficients, over all p of them.
    """

    def __init__(self, X, free, y, weights):
        self.rows, self.y, self.weights, self.n_free = X.T, y, weights, free.shape[1]
        self.free, nothing = np.ascontiguousarray(free.T), np.zeros(free.shape[1])
        start, self.null, dual, self.unsettled = smooth_fit(self.free, nothing, y, weights, nothing)
        self.eta, self.corr = start @ self.free, self.rows @ dual
        self.length = np.sqrt(np.einsum("ij,ij->i", self.rows, self.rows))
        self.is_wide = X.shape[1] > X.shape[0]
        self.short = short_coordinates(X) if self.is_wide else np.ascontiguousarray(self.rows)
        self.coef = np.concatenate([start, np.zeros(len(self.short))])

    def solve(self, lam, l1_ratio, tol):
        """Solve at `lam`; l1_ratio is 0, and Newton's method is always run to its end."""
        q, columns = self.n_free, np.concatenate([self.free, self.short])
        ridge = np.repeat([0.0, lam], [q, len(self.short)])
        self.coef, _, dual, _ = smooth_fit(columns, ridge, self.y, self.weights, self.coef)
        corr = self.rows @ dual
        slopes = corr / lam if self.is_wide else self.coef[q:]
        eta = self.coef[:q] @ self.free + slopes @ self.rows
        loss = logistic_state(eta, self.y, self.weights, np.empty_like(eta), np.empty_like(eta))
        objective = loss + 0.5 * lam * (slopes @ slopes)
        floor = dual_value(dual, self.y, self.weights, 1.0) - corr @ corr / (2 * lam)
        coef = np.concatenate([self.coef[:q], slopes])
        return Solution(np.arange(len(slopes)), coef, loss, objective, max(objective - floor, 0.0))


def short_coordinates(X):
    """Rows (r, n) with the same products between patients as the p columns of X have: r <= n."""
    sizes, vectors = np.linalg.eigh(X @ X.T)
    kept = sizes > NOTHING * sizes.max()
    return np.ascontiguousarray(vectors[:, kept].T) * np.sqrt(sizes[kept])[:, None]


def smooth_fit(columns, ridge, y, weights, coef):
    """Newton's method for the loss plus the sum of ridge b² / 2, with halved steps where a whole one goes up.

    columns : (m, n), one row a column;  ridge : (m,), 0 where free;  coef : (m,) where to start.
    returns : coef, loss, the residuals (n,) of the last quadratic model, the largest last change of log-odds.
    """
    theta, curvature = np.empty(len(y)), np.empty(len(y))
    eta, moved = coef @ columns, np.inf
    loss = logistic_state(eta, y, weights, theta, curvature)
    dual = theta
    for _ in range(STEPS if len(coef) else 0):
        scaled = columns * np.sqrt(curvature)
        matrix = scaled @ scaled.T
        matrix.ravel()[:: len(matrix) + 1] += ridge
        pull = columns @ theta - ridge * coef
        step = dpotrs(cholesky(matrix), pull)[0]
        shift = step @ columns
        dual, moved = theta - curvature * shift, np.abs(shift).max()
        before, share = loss + 0.5 * ridge @ coef**2, 1.0
        while True:
            theta, curvature, new = np.empty(len(y)), np.empty(len(y)), coef + share * step
            loss = logistic_state(eta + share * shift, y, weights, theta, curvature)
            value = loss + 0.5 * ridge @ new**2
            if value <= before - 1e-4 * share * (pull @ step) + SLACK * before or share < 1e-8:
                break
            share /= 2
        coef, eta = new, eta + share * shift
        if moved < ARRIVED:
            break
    return coef, loss, dual, moved
