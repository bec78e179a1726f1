"""The largest likelihood of a problem, with some coefficients held where they are, separated or not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rgteach.core.inverse import inverse
from rgteach.core.logistic import climb, evaluate
from rgteach.errors import LearnerError
from rgteach.models.logistic import separation
from rgteach.models.logistic.problem import Problem

SURE = 1e-10  # no separation if every patient's share w |y - p| is larger; see `Climber`
PATIENCE = 40  # times 25 steps


@dataclass(eq=False)
class Fit:
    """Where the climb ended.

    coef   : (k,) in the columns of the design; of separated data one of many with the same finite parts.
    loglik : the largest log-likelihood (penalised for Firth's); of separated data its limit.
    n_steps : Newton steps.
    information : (k, k) minus the second derivative of the ordinary log-likelihood; of Firth's fit and of
        separated data it is only worked out when standard errors are asked for.
    cut    : the separation among the free columns, or None.
    """

    coef: np.ndarray
    loglik: float
    n_steps: int
    information: np.ndarray | None = None
    cut: separation.Cut | None = None


class Climber:
    """Climbs one problem along the free coefficients, as often as asked, and knows whether it is separated.

    When a climb has ended, no linear programme is needed in the usual case.  Let d be a direction with
    sign * z'd = m >= 0 for all and > 0 for some patients, r = w |y - p|.  Then the squared Newton decrement
    is at least (sum r m)^2 / sum r (1 - |y - p|) m^2 >= sum r m / max m >= r of the patient with the largest
    m.  So a decrement below every patient's r proves that there is no such direction.
    """

    def __init__(self, problem: Problem, free: np.ndarray):
        self.problem = problem
        self.free = np.asarray(free, np.int64)
        self.cut: separation.Cut | None = None
        self.asked = problem.firth or not len(self.free)  # Firth's likelihood always has a top

    def climb(self, start: np.ndarray) -> Fit:
        """The top over the free coefficients; the others stay as in `start`."""
        problem, coef, n_steps = self.problem, np.array(start), 0
        if self.cut is not None:
            return self._limit(coef)
        for _ in range(PATIENCE):
            loglik, least, n, reached, curvature = climb(
                problem.design, problem.cases, coef, self.free, problem.firth
            )
            n_steps += n
            if reached and (self.asked or least > SURE):
                return Fit(coef, loglik, n_steps, None if problem.firth else curvature)
            if not self.asked:
                self.asked = True
                self.cut = separation.find(problem.design[:, self.free], problem.sign)
                if self.cut is not None:
                    return self._limit(np.array(start))
                if reached:
                    return Fit(coef, loglik, n_steps, curvature)
        raise LearnerError("logistic-no-top", n=n_steps)

    def _limit(self, coef: np.ndarray) -> Fit:
        """What is left to fit where the patients told apart are certain (they add log 1 = 0)."""
        coef[self.free] = 0.0
        if self.cut.is_complete:
            return Fit(coef, 0.0, 0, cut=self.cut)
        design, cases, kept = self.left
        loglik, n_steps = 0.0, 0
        for _ in range(PATIENCE):
            loglik, _, n, reached, _ = climb(design, cases, coef, kept, False)
            n_steps += n
            if reached:
                return Fit(coef, loglik, n_steps, cut=self.cut)
        raise LearnerError("logistic-no-top", n=n_steps)

    @cached_property
    def left(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Design and cases of the patients not told apart, and columns that span their design."""
        others = ~self.cut.rows
        design = self.problem.design[others]
        return design, self.problem.cases[others], self.free[separation.independent(design[:, self.free])]


def covariance(problem: Problem, fit: Fit, free: np.ndarray) -> np.ndarray:
    """Inverse information at the fit (k, k), in the columns of the design.

    Of separated data: that of the patients who are not told apart, for the columns that still tell
    something; only functions with a finite estimate may be read off it.
    """
    if fit.information is not None and len(free) == len(fit.coef):
        return inverse(fit.information)[0]
    design, cases, kept = problem.design, problem.cases, free
    if fit.cut is not None:
        design, cases = design[~fit.cut.rows], cases[~fit.cut.rows]
        kept = free[separation.independent(design[:, free])]
    whole = np.zeros((problem.design.shape[1],) * 2)
    if len(kept):
        information = evaluate(design, cases, fit.coef)[3]
        whole[np.ix_(kept, kept)] = inverse(information[np.ix_(kept, kept)])[0]
    return whole


def columns(problem: Problem, *without: int) -> np.ndarray:
    """Indices of all columns of the design but the given ones."""
    return np.array([j for j in range(problem.design.shape[1]) if j not in without], np.int64)
