"""The fast way down a path of L1-penalised logistic regressions: Newton's method on the few features in use.

With the signs of the coefficients known the penalty is a straight line, and the problem is smooth in the few
coefficients that are not zero.  So, at each penalty: start from the last solution, moved along the path;
solve for the columns in use by Newton's method; drop the features that reach zero on the way; then ask all
features whether one pulls harder than the penalty holds it, and let it in.  Features that certainly do not
are known by a bound that holds always, not by a rule of thumb, and none is ruled out for good.

The gap.  A dual point is one number theta a patient, in the place of w (y - p), with u' theta = 0 for every
free column u and |x' theta| <= l1 = lam · l1_ratio for every penalised feature x.  Its dual value is a
floor under the objective of *all* coefficients, so objective - floor is the most that is still to gain.  We
take the residuals that the quadratic model has after its step: the linear system that was solved says that
they meet u' theta = 0, and x' theta = ± l1 for the features in use, to the last digits and not only as far
as the steps have converged.  The features not in use are met by shrinking theta until the strongest is at
l1.  For an elastic net nothing is shrunk: what stands above l1 costs (|x' theta| - l1)² / (2 l2), the
conjugate of the ridge part l2 b² / 2.
"""

from __future__ import annotations

import numpy as np

from rgteach.core.binomial import dual_value, largest, logistic_state
from rgteach.core.binomial_ridge import smooth_fit
from rgteach.core.binomial_system import ROUNDING, SLACK, Solution, System

NEWTON_STEPS = 100
REPAIRS = 8  # small steps with one and the same matrix, before a new one is made
CONTRACTION = 0.3  # by which each of them has to shrink what is left
REACH = 0.5  # largest change of a log-odds for which the quadratic model is trusted without asking the loss
STRIDE = 0.7  # a penalty further below the last one is approached in steps of this ratio
NEAR = 1e-2  # and the steps are solved to this
CLOSE = 0.9  # share of l1 below which a feature need not be known exactly
MANY = 0.15  # share of the features of which it is cheaper to ask all
LATE = 1e-3  # times the root of tol: by how much of l1 a feature that is not in use may pull too hard


class Walk:
    """Where we are on the way down.

    X       : (n, p) float64 in Fortran order;  y : (n,) 0 or 1;  weights : (n,) that sum to 1.
    free    : (n, q), columns without a penalty, orthonormal or nearly so.

    After the start: `null`, the loss of the null model (free columns only); `corr`, x' theta of each
    feature there; `unsettled`, by how much a log-odds of the null model still changed in its last step: not
    small if the free columns alone tell the classes apart.
    """

    def __init__(self, X, free, y, weights):
        self.rows, self.y, self.weights, self.n_free = X.T, y, weights, free.shape[1]
        self.used = np.ascontiguousarray(free.T)
        nothing = np.zeros(self.n_free)
        self.coef, self.null, self.dual, self.unsettled = smooth_fit(self.used, nothing, y, weights, nothing)
        self.active, self.sign = np.empty(0, np.int64), nothing  # the sign of a free column is 0
        self.system, self.bend = None, None
        self._stand(self.coef @ self.used)
        self.corr = self.rows @ self.dual
        self.lam = self.lam_before = None
        self.length = np.sqrt(np.einsum("ij,ij->i", self.rows, self.rows))  # of each feature
        self.longest = max(largest(self.length), 1.0)

    def _stand(self, eta):
        """Take these linear predictors, and find the loss and its derivatives there."""
        self.eta, self.theta, self.curvature = eta, np.empty(len(eta)), np.empty(len(eta))
        self.loss = logistic_state(eta, self.y, self.weights, self.theta, self.curvature)

    # ------------------------------------------------------------ one penalty

    def solve(self, lam, l1_ratio, tol):
        """Solve at `lam`: optimality conditions to tol times l1, duality gap to tol times the null loss."""
        if self.lam is None:
            first = largest(self.corr) / l1_ratio  # where the first feature comes in
            if lam >= first:
                self.l1, self.l2 = lam * l1_ratio, lam * (1 - l1_ratio)
                gap = max(self.null - self._floor(self.corr / self.l1), 0.0)
                return Solution(self.active, self.coef, self.null, self.null, gap)
            self.lam = self.lam_before = first
            self.share = self.share_before = self.corr / (first * l1_ratio)
            self.known, self.known_at = self.share, self.dual / (first * l1_ratio)
        while lam < STRIDE * STRIDE * self.lam:
            self._solve(STRIDE * self.lam, l1_ratio, NEAR)
        return self._solve(lam, l1_ratio, tol)

    def _solve(self, lam, l1_ratio, tol):
        self.l1, self.l2 = lam * l1_ratio, lam * (1 - l1_ratio)
        self._move_along()
        self._let_in(self._expected(lam))
        late = LATE * np.sqrt(tol)
        for _ in range(NEWTON_STEPS):
            moved = self._newton()
            left = self._repair(tol)
            share = self._ask()
            gap = self.objective() - self._floor(share)
            is_done = gap <= tol * self.null and left <= tol
            if not moved or (is_done and largest(self._outside(share)) <= 1 + late):
                break
            self._let_in(share, tol)
        self.share_before, self.share = self.share, share
        self.lam_before, self.lam = self.lam, lam
        return Solution(self.active, self.coef, self.loss, self.objective(), max(gap, 0.0))

    def objective(self):
        """Loss and penalty; |b| is sign · b."""
        b = self.coef[self.n_free :]
        return self.loss + self.l1 * (self.sign @ self.coef) + 0.5 * self.l2 * (b @ b)

    def _pull(self):
        """Minus the slope of the objective in the columns that are in use."""
        pull = self.used @ self.theta
        pull -= self.l1 * self.sign
        if self.l2:
            pull[self.n_free :] -= self.l2 * self.coef[self.n_free :]
        return pull

    def _ask(self):
        """All x' theta over l1, known exactly wherever the size may be above CLOSE.

        With t = theta / l1, no x' t can have changed by more than the length of x times the distance that t
        has moved since all of them were known (Cauchy and Schwarz).  That settles most features without
        touching their columns; they keep the value they had.
        """
        at = self.dual / self.l1
        away = at - self.known_at
        doubtful = np.abs(self.known) + np.sqrt(away @ away) * self.length >= CLOSE
        doubtful[self.active] = False
        new = np.flatnonzero(doubtful)
        if len(new) > MANY * len(doubtful):
            self.known, self.known_at = self.rows @ at, at
            return self.known
        share = self.known.copy()
        share[new] = self.rows[new] @ at
        share[self.active] = (self.used @ at)[self.n_free :]
        return share

    def _floor(self, share):
        """The dual value, below which no objective is; `share` is x' theta over l1."""
        if self.l2:
            above = self.l1 * np.maximum(np.abs(share) - 1, 0.0)
            return dual_value(self.dual, self.y, self.weights, 1.0) - above @ above / (2 * self.l2)
        return dual_value(self.dual, self.y, self.weights, 1 / max(largest(share), 1.0))

    # ------------------------------------------------------------ from one penalty to the next

    def _move_along(self):
        """Follow the path with the last matrix: it is nearly straight until a feature comes or goes."""
        if self.system is None:
            return
        target = self.coef + self.system.solve(self._pull())
        crossed = target * self.sign < 0
        target[crossed] = 0
        shift = (target - self.coef) @ self.used
        if largest(shift) < 2 * REACH:
            self.coef = target
            self._stand(self.eta + shift)
            self._keep(~crossed)

    def _expected(self, lam):
        """All x' theta over l1 at `lam`, if they go on changing with log(lam) as they last did."""
        if self.lam_before <= self.lam:
            return self.share * (self.lam / lam)
        ahead = np.log(self.lam / lam) / np.log(self.lam_before / self.lam)
        return self.share + ahead * (self.share - self.share_before)

    def _let_in(self, share, slack=0.0):
        """Take in the features that pull harder than l1, the strongest first if they are many."""
        outside = self._outside(share)
        new = np.flatnonzero(outside > 1 + slack)
        most = 10 + len(self.y) // 5
        if len(new) > most:
            new = new[np.argpartition(-outside[new], most)[:most]]
        if len(new):
            self.system = None
            self.active = np.concatenate([self.active, new])
            self.sign = np.concatenate([self.sign, np.sign(share[new])])
            self.coef = np.concatenate([self.coef, np.zeros(len(new))])
            self.used = np.concatenate([self.used, self.rows[new]])

    def _outside(self, share):
        """Size of x' theta over l1 for the features that are not in use; 0 for those that are."""
        outside = np.abs(share)
        outside[self.active] = 0
        return outside

    def _keep(self, stay):
        """Drop the features that do not stay."""
        if not stay.all():
            self.active, self.sign = self.active[stay[self.n_free :]], self.sign[stay]
            self.coef, self.used = self.coef[stay], self.used[stay]

    # ------------------------------------------------------------ Newton's method

    def _newton(self):
        """One step to the minimum of the quadratic model, with the signs kept; False if none goes down."""
        whole = System(self.used * np.sqrt(self.curvature), self.l2, self.n_free)
        pull = self._pull()
        step, stay = self._signed_step(whole, pull)
        if not pull @ step > 0:
            step, stay = self._signed_step(whole, pull, one_by_one=True)
        shift = step @ self.used
        self.bend = self.curvature
        self.dual = self.theta - self.bend * shift
        return self._search(step, shift, pull @ step, stay)

    def _signed_step(self, whole, pull, one_by_one=False):
        """The step to the minimum, where a feature whose coefficient would change its sign is left at 0.

        All of them are dropped at once and the rest is solved again.  That is nearly always a step down;
        where it is not, they are dropped one by one, in the order in which they reach zero, which always is
        one.
        returns : the step, and whether each column stays.
        """
        at, kept, self.system = self.coef.copy(), np.arange(len(pull)), whole
        target = self.coef + whole.solve(pull)
        wrong = target * self.sign < 0
        if not (wrong.any() or (target[self.n_free :] == 0).any()):
            return target - self.coef, ~wrong  # the usual case, without any copies
        while True:
            wrong = target * self.sign[kept] <= 0
            wrong[: self.n_free] = False
            if not wrong.any():
                break
            if one_by_one:
                way = np.where(wrong, at[kept] / np.where(wrong, at[kept] - target, 1), 2.0)
                at[kept] += way.min() * (target - at[kept])
                wrong = way == way.min()
            kept = kept[~wrong]
            stay = np.zeros(len(pull), bool)
            stay[kept] = True
            self.system = whole.part(kept)
            right = pull[kept] + self.system.scaled @ (self.coef[~stay] @ whole.scaled[~stay])
            target = self.coef[kept] + self.system.solve(right)
        step = -self.coef
        step[kept] += target
        return step, stay

    def _search(self, step, shift, slope, stay):
        """Go the whole step, or half of it, a quarter, …, until the objective falls as its slope promises."""
        before, coef, eta, share = self.objective(), self.coef, self.eta, 1.0
        while share > 1e-8:
            self._stand(eta + share * shift)
            self.coef = coef + share * step
            if self.objective() <= before - 1e-4 * share * slope + SLACK * before:
                if share == 1.0:
                    self._keep(stay)
                elif not stay.all():
                    self.system = None
                return True
            share /= 2
        self.coef = coef
        self._stand(eta)
        self.system = None
        return False

    def _repair(self, tol):
        """Small steps with the matrix at hand: cheap, and each leaves a small share of the miss.

        returns : by how much the columns in use miss their optimality conditions, relative to l1.
        """
        before, rounding = np.inf, ROUNDING * self.longest * np.sqrt(self.theta @ self.theta)
        for _ in range(REPAIRS):
            pull = self._pull()
            left = max(largest(pull) - rounding, 0.0) / self.l1
            if left <= tol or left > CONTRACTION * before or self.system is None:
                break
            step = self.system.solve(pull)
            shift = step @ self.used
            if ((self.coef + step) * self.sign < 0).any() or largest(shift) > REACH:
                break
            before, self.coef, self.dual = left, self.coef + step, self.theta - self.bend * shift
            self._stand(self.eta + shift)
        return left
