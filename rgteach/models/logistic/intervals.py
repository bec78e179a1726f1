"""What is read off a fitted logistic regression: score and likelihood-ratio tests, profile intervals."""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np

from rgteach.core.inverse import inverse
from rgteach.core.logistic import evaluate, penalise
from rgteach.models.logistic import separation
from rgteach.models.logistic.likelihood import Climber, Fit, columns
from rgteach.models.logistic.problem import Problem

ROOT_2 = sqrt(2)


def chi_square_p(statistic: np.ndarray, df: int = 1) -> np.ndarray:
    """Upper tail of the chi-square distribution, down to 1e-300."""
    from scipy.special import chdtrc

    return chdtrc(df, np.maximum(statistic, 0.0))  # of a statistic that is zero, rounding may leave -1e-14


def normal_p(z: np.ndarray) -> np.ndarray:
    """Two-sided p-value of a z-score; 1 - cdf would be 0 from z = 8 on."""
    return _erfc()(np.abs(z) / ROOT_2)


@cache
def _erfc():
    """Imported once: to ask for it each time takes longer than the answer."""
    from scipy.special import erfc

    return erfc


def without(problem: Problem, fit: Fit, j: int) -> Fit:
    """The fit with coefficient j of the design held at zero.

    Firth's penalty stays that of the full model (Heinze and Schemper 2002), so that the two are comparable.
    """
    begin = fit.coef.copy() if fit.cut is None else problem.start.copy()
    begin[j] = 0.0
    return Climber(problem, columns(problem, j)).climb(begin)


def likelihood_ratio(problem: Problem, fit: Fit) -> np.ndarray:
    """Twice the log-likelihood that each column of X adds, shape (p,).

    Of separated data the log-likelihood is its limit, which is finite: the test keeps its meaning where
    Wald's has none.
    """
    first = int(problem.intercept)
    return np.array([2 * (fit.loglik - without(problem, fit, j).loglik) for j in range(first, len(fit.coef))])


def score_statistics(problem: Problem, fit: Fit) -> np.ndarray:
    """Rao's score statistic of each column of X, shape (p,): how steep the likelihood is at the fit without
    it.

    NaN where the fit without that column is separated itself.  Also for Firth's fit of the ordinary
    likelihood.
    """
    first, k = int(problem.intercept), len(fit.coef)
    statistics = np.full(k - first, np.nan)
    plain = problem.plain()
    for j in range(first, k):
        reduced = without(plain, fit, j)
        if reduced.cut is None:
            _, _, score, information = evaluate(problem.design, problem.cases, reduced.coef)
            statistics[j - first] = score[j] ** 2 * inverse(information)[0][j, j]
    return statistics


def null_fit(problem: Problem) -> Fit:
    """Only the intercept (and the offset)."""
    coef = np.zeros(problem.design.shape[1])
    if problem.intercept:
        coef[0] = np.log(problem.n_events / (problem.n - problem.n_events))
    return Climber(problem, np.arange(int(problem.intercept))).climb(coef)


# ---------------------------------------------------------------- profile likelihood


def profile_intervals(problem: Problem, fit: Fit, se: np.ndarray, level: float) -> np.ndarray:
    """Profile intervals of the columns of X on their own scale, shape (p, 2)."""
    from scipy.special import ndtri

    first, quantile = int(problem.intercept), ndtri((1 + level) / 2)
    guess = np.where(np.isfinite(se), se * problem.scale, 1.0) * quantile
    ends = [profile_interval(problem, fit, first + j, guess[j], quantile**2) for j in range(len(se))]
    return np.array(ends) / problem.scale[:, None]


def profile_interval(problem: Problem, fit: Fit, j: int, half_width: float, rise: float) -> tuple:
    """Where twice the profile log-likelihood of coefficient j lies `rise` below its top, on either side.

    j          : column of the design, and the answer in its units;  half_width : a first guess.
    returns    : low, high; infinite on the side where the likelihood of separated data never falls so far.
    """
    ends = [-np.inf, np.inf]
    if fit.cut is None:
        centre, sides = fit.coef[j], (-1, 1)
    else:
        unit = np.eye(len(fit.coef))[[j]]
        centre = fit.coef[j]
        if not separation.depends(unit, fit.cut)[0]:
            sides = (-1, 1)
        else:
            to = separation.limits(unit, problem.design, problem.sign)[0]
            if np.isnan(to):
                return tuple(ends)
            sides, centre = ((-1,) if to > 0 else (1,)), 0.0
    for side in sides:
        walk = _Walk(problem, fit, j, rise)
        ends[side > 0] = walk.end(centre, side, half_width)
    return tuple(ends)


class _Walk:
    """Looks for one end of a profile interval by Newton's method on the root of the fall, kept in a bracket.

    The fall D(b) = 2 (top - profile(b)) is nearly a parabola, so its root is nearly a line; its slope
    costs nothing: dD/db = -2 score_j at the constrained top.
    """

    def __init__(self, problem: Problem, fit: Fit, j: int, rise: float):
        self.problem, self.fit, self.j, self.rise = problem, fit, j, rise
        self.climber = Climber(problem, columns(problem, j))
        self.coef = fit.coef.copy()

    def fall(self, b: float) -> tuple[float, float]:
        """How far the profile has fallen at b, and its slope there."""
        self.coef[self.j] = b
        found = self.climber.climb(self.coef)
        self.coef = found.coef.copy()
        return 2 * (self.fit.loglik - found.loglik), -2 * self._slope(found)

    def _slope(self, found: Fit) -> float:
        """The score of coefficient j; patients told apart without it have none."""
        design, cases = self.problem.design, self.problem.cases
        if found.cut is not None:
            design, cases = design[~found.cut.rows], cases[~found.cut.rows]
        _, _, score, information = evaluate(design, cases, found.coef)
        if self.problem.firth:
            penalise(design, cases, found.coef, score, information)
        return score[self.j]

    def end(self, centre: float, side: int, step: float) -> float:
        """The point beyond `centre` on this side where the fall equals `rise`."""
        inner, outer, b = None, None, centre + side * step
        near = 1e-11 * self.rise + 1e-13 * abs(self.fit.loglik)
        for _ in range(200):
            fall, slope = self.fall(b)
            if abs(fall - self.rise) <= near:
                return b
            if fall < self.rise:
                inner = b
            else:
                outer = b
            root = np.sqrt(max(fall, 0.0))
            rate = slope / (2 * root) if root > 0 else 0.0
            new = b + (np.sqrt(self.rise) - root) / rate if rate * side > 0 else np.inf * side
            new = _inside(new, inner, outer, b, side, step)
            if new == b:
                return b
            b, step = new, 2 * step
        return b


def _inside(new: float, inner, outer, b: float, side: int, step: float) -> float:
    """Newton's point if it lies in the bracket (or not too far out), else the middle or a longer stride."""
    if inner is not None and outer is not None:
        low, high = sorted((inner, outer))
        return new if low < new < high else (low + high) / 2
    if outer is None:
        return new if 0 < (new - b) * side <= 4 * step else b + 2 * side * step
    return new if 0 < (b - new) * side <= 4 * step else b - 2 * side * step
