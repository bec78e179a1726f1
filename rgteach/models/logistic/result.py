"""What a fitted logistic regression answers, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rgteach import views
from rgteach.doors import between, column, door, matrix, one_of, same_length
from rgteach.errors import LearnerError
from rgteach.models.logistic import intervals
from rgteach.models.logistic import views as logistic_views
from rgteach.models.logistic.likelihood import Fit
from rgteach.models.logistic.problem import Problem
from rgteach.models.logistic.separation import Separation


@dataclass(frozen=True, eq=False, repr=False)
class LogisticResult:
    """A fitted logistic regression.  p is the number of columns of X.

    Attributes
    ----------
    names : tuple of str, length p
    coef : array, shape (p,)
        Log odds ratios for one unit of each column.  ±inf where the data are separated along the column, NaN
        where the sign of infinity is not determined either.
    se : array, shape (p,)
        Standard errors, from the inverse information; NaN where the coefficient is not finite.
    intercept, intercept_se : float
        0 and NaN without an intercept.
    covariance : array, shape (k, k)
        Of (intercept,) and the coefficients, in this order; for Firth's fit the inverse of the ordinary
        information at the penalised estimate.
    loglik, penalised_loglik : float
        The log-likelihood, and for Firth's fit with half the log-determinant of the information (else NaN).
    n, n_events : int or float
        Sums of the weights: without weights, patients and events.
    n_rows, n_missing, n_zero_weight : int
        Rows that were used, rows left out for a missing value, rows left out for a weight of zero.
    n_iterations : int
        Newton steps.
    classes : tuple
        The label of no event and the label of the event.
    method : "ml" or "firth"
    level : float
        Of the intervals, such as 0.95.
    separation : Separation or None
    flags : tuple of str
        Keys of sentences about what to be careful with; the views print them.
    """

    names: tuple[str, ...]
    coef: np.ndarray
    se: np.ndarray
    intercept: float
    intercept_se: float
    covariance: np.ndarray
    loglik: float
    penalised_loglik: float
    n: float
    n_events: float
    n_iterations: int
    method: str
    level: float
    separation: Separation | None
    flags: tuple[str, ...]
    problem: Problem
    fit: Fit

    @property
    def classes(self) -> tuple:
        """The label of no event and the label of the event."""
        return self.problem.classes

    @property
    def n_rows(self) -> int:
        """Rows that were used."""
        return len(self.problem.cases)

    @property
    def n_missing(self) -> int:
        """Rows left out for a missing value."""
        return self.problem.n_missing

    @property
    def n_zero_weight(self) -> int:
        """Rows left out for a weight of zero."""
        return self.problem.n_zero_weight

    # ------------------------------------------------------------ tests

    @property
    def z(self) -> np.ndarray:
        """Wald's statistics coef / se, shape (p,); NaN where the coefficient is not finite."""
        return self.coef / self.se  # se is NaN where coef is infinite

    @cached_property
    def p_value(self) -> np.ndarray:
        """Wald's p-values, two-sided, shape (p,); NaN where the coefficient is not finite."""
        return intervals.normal_p(self.z)

    @cached_property
    def lr_statistic(self) -> np.ndarray:
        """Likelihood-ratio statistic of each column, shape (p,): twice what the column adds to the
        likelihood.

        Finite for separated data too.  For Firth's fit of the penalised likelihood, with the penalty of the
        full model on both sides (as R's logistf).  Computed when first asked for: p further fits.
        """
        return intervals.likelihood_ratio(self.problem, self.fit)

    @cached_property
    def p_lr(self) -> np.ndarray:
        """p-values of `lr_statistic`, chi-square with 1 degree of freedom, shape (p,)."""
        return intervals.chi_square_p(self.lr_statistic)

    @cached_property
    def score_statistic(self) -> np.ndarray:
        """Rao's score statistic of each column, shape (p,), from the fit without it.

        Of a single column of 0 and 1 it is Pearson's chi-square of the 2 × 2 table without correction.  NaN
        where the fit without the column is separated; for Firth's fit, of the ordinary likelihood.
        """
        return intervals.score_statistics(self.problem, self.fit)

    @cached_property
    def p_score(self) -> np.ndarray:
        """p-values of `score_statistic`, chi-square with 1 degree of freedom, shape (p,)."""
        return intervals.chi_square_p(self.score_statistic)

    @cached_property
    def null(self) -> Fit:
        """The fit of the intercept (and the offset) alone."""
        return intervals.null_fit(self.problem)

    @property
    def model_statistic(self) -> float:
        """Likelihood-ratio statistic of all columns at once, with `df` degrees of freedom."""
        return 2 * (self.fit.loglik - self.null.loglik)

    @property
    def model_p(self) -> float:
        """p-value of `model_statistic`: whether the columns say anything about the outcome at all."""
        return float(intervals.chi_square_p(self.model_statistic, self.df))

    @property
    def df(self) -> int:
        """Number of columns."""
        return len(self.names)

    # ------------------------------------------------------------ how well it fits

    @property
    def deviance(self) -> float:
        """-2 log-likelihood; of Firth's fit the ordinary one, at its estimate."""
        return -2 * self.loglik + 0.0  # a perfect fit has 0, not −0

    @cached_property
    def null_deviance(self) -> float:
        """-2 log-likelihood of the intercept (and the offset) alone."""
        return -2 * intervals.null_fit(self.problem.plain()).loglik

    @property
    def aic(self) -> float:
        """Akaike's criterion, deviance + 2 × number of coefficients, the intercept included."""
        return self.deviance + 2 * len(self.covariance)

    @property
    def bic(self) -> float:
        """Schwarz' criterion, deviance + log(n) × number of coefficients, the intercept included."""
        return self.deviance + np.log(self.n) * len(self.covariance)

    # ------------------------------------------------------------ intervals

    def interval(self, method: str | None = None, level: float | None = None) -> np.ndarray:
        """Confidence intervals of the coefficients, shape (p, 2).

        Parameters
        ----------
        method : "wald" or "profile", optional
            coef ± quantile × se, or all values that a likelihood-ratio test does not reject.  The second is
            better with few events, the only one that knows about separation, and costs some dozen fits a
            column.  By default "wald", for Firth's fit and for separated data "profile".
        level : float, optional
            Other than the result's own.
        """
        method = one_of("method", method or self.best_interval, ("wald", "profile"))
        level = self.level if level is None else between("level", level, 0, 1)
        if method == "profile":
            return self._profile(level)
        from scipy.special import ndtri

        half = ndtri((1 + level) / 2) * self.se
        middle = np.where(np.isfinite(self.coef), self.coef, np.nan)
        return np.column_stack([middle - half, middle + half])

    def odds_ratio_interval(self, method: str | None = None, level: float | None = None) -> np.ndarray:
        """The same for the odds ratios, exp of `interval`, shape (p, 2)."""
        with np.errstate(over="ignore"):
            return np.exp(self.interval(method, level))

    @property
    def best_interval(self) -> str:
        """The kind of interval that is shown."""
        return "profile" if self.method == "firth" or self.separation else "wald"

    @property
    def odds_ratio(self) -> np.ndarray:
        """exp(coef), shape (p,)."""
        with np.errstate(over="ignore"):
            return np.exp(self.coef)

    @cached_property
    def _profiles(self) -> dict[float, np.ndarray]:
        return {}

    def _profile(self, level: float) -> np.ndarray:
        if level not in self._profiles:
            ends = intervals.profile_intervals(self.problem, self.fit, self.se, level)
            self._profiles[level] = ends
        return self._profiles[level].copy()

    # ------------------------------------------------------------ probabilities

    @cached_property
    def fitted(self) -> np.ndarray:
        """Probability of an event of every row that was used; exactly 0 or 1 where the data are separated."""
        problem, cut = self.problem, self.fit.cut
        p = _probability(problem.design @ self.fit.coef + problem.cases[:, 2])
        return p if cut is None else np.where(cut.rows, problem.cases[:, 0], p)

    @door
    def predict(self, X: object, offset: object = None) -> np.ndarray:
        """Probability of an event for new patients, shape (n,).

        Raises
        ------
        LearnerError
            "logistic-other-columns" if X has other columns than the fit, "logistic-no-prediction" if the data
            were separated: infinite coefficients promise certainty that few patients cannot give.
        """
        if self.separation:
            raise LearnerError("logistic-no-prediction", n=f"{self.n:g}")
        named = getattr(X, "columns", None) is not None
        X, names = matrix(X, "X")
        if X.shape[1] != len(self.names) or (named and names != self.names):
            given = ", ".join(names[:8])
            raise LearnerError("logistic-other-columns", given=given, wanted=", ".join(self.names[:8]))
        eta = self.problem.scaled(X) @ self.fit.coef
        if offset is not None:
            offset = column(offset, "offset")
            same_length(X=len(X), offset=len(offset))
            eta = eta + offset
        return _probability(eta)

    # ------------------------------------------------------------ views

    def _facts(self) -> Mapping[str, str]:
        return logistic_views.facts(self)

    def __repr__(self) -> str:
        return views.text_card(logistic_views.title(self), self._facts() | logistic_views.lines(self))

    def _repr_html_(self) -> str:
        header, rows = logistic_views.table(self)
        return views.card(logistic_views.title(self), self._facts(), below=views.table(header, rows))


def _probability(eta: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    return expit(eta)
