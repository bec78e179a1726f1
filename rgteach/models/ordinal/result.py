"""What a fitted proportional-odds model answers, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rgteach import views
from rgteach.core import ordinal as core
from rgteach.doors import between, door
from rgteach.errors import LearnerError
from rgteach.models.linear_result import MOST_ROWS, as_lines, coef_texts, new_rows
from rgteach.models.ordinal import brant
from rgteach.models.ordinal.rows import Rows
from rgteach.models.ordinal.separation import Apart
from rgteach.stats.result import number_text, p_text
from rgteach.wording import say


@dataclass(frozen=True, eq=False, repr=False)
class OrdinalResult:
    """A fitted model logit P(y ≤ j) = θ_j − X coef.  p is the number of columns, J of categories.

    Attributes
    ----------
    names : tuple of str, length p
    categories : tuple of str, length J
        From lowest to highest, without empty ones.
    coef, se, z, p_value : arrays, shape (p,)
        Log odds ratios of a higher category for one unit of each column, their standard errors, Wald's
        statistics and two-sided p-values.  For separated data see `separation`.
    thresholds, threshold_se : arrays, shape (J − 1,)
    separation : Apart or None
    empty : tuple of str
        Categories that nobody is in.
    n, n_zero_weight : float and int
        Patients (sum of the weights), and rows left out for a weight of zero.
    flags : tuple of str
        Keys of sentences about what to be careful with; the views print them.
    """

    rows: Rows
    fit: core.Climb
    separation: Apart | None
    level: float
    n_zero_weight: int
    empty: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self.rows.names

    @property
    def categories(self) -> tuple[str, ...]:
        """Labels of the categories, from lowest to highest."""
        return self.rows.labels

    @property
    def n(self) -> float:
        """Sum of the weights: without weights, patients."""
        return float(self.rows.weights.sum())

    # ------------------------------------------------------------ estimates

    @cached_property
    def _to_given(self) -> np.ndarray:
        """From thresholds and coefficients of columns of sd 1 to those of the columns as they were given."""
        k, p = len(self.fit.theta), len(self.names)
        turned = np.zeros((k + p, k + p))
        turned[:k, :k] = np.eye(k)
        turned[:k, k:] = self.rows.mean / self.rows.size
        turned[k:, k:] = np.diag(1 / self.rows.size)
        return turned

    @cached_property
    def _estimates(self) -> np.ndarray:
        return self._to_given @ np.concatenate([self.fit.theta, self.fit.beta])

    @cached_property
    def covariance(self) -> np.ndarray:
        """Of (thresholds, coefficients), from the observed information; NaN if the data are separated."""
        if self.separation:
            return np.full(self.fit.information.shape, np.nan)
        return self._to_given @ np.linalg.inv(self.fit.information) @ self._to_given.T

    @property
    def coef(self) -> np.ndarray:
        """Log odds ratios, shape (p,); ±inf or NaN for the columns that separate."""
        coef = self._estimates[len(self.fit.theta) :].copy()
        if self.separation:
            moved = self.separation.signs != 0
            coef[moved] = self.separation.signs[moved] * np.inf
        return coef

    @property
    def thresholds(self) -> np.ndarray:
        """θ_1 < θ_2 < …, shape (J − 1,); NaN if the data are separated."""
        theta = self._estimates[: len(self.fit.theta)]
        return np.full(len(theta), np.nan) if self.separation else theta.copy()

    @property
    def se(self) -> np.ndarray:
        """Standard errors of the coefficients, shape (p,)."""
        return np.sqrt(self.covariance.diagonal()[len(self.fit.theta) :])

    @property
    def threshold_se(self) -> np.ndarray:
        """Standard errors of the thresholds, shape (J − 1,)."""
        return np.sqrt(self.covariance.diagonal()[: len(self.fit.theta)])

    @property
    def z(self) -> np.ndarray:
        """Wald's statistics coef / se, shape (p,)."""
        return self.coef / self.se

    @property
    def p_value(self) -> np.ndarray:
        """Wald's two-sided p-values, shape (p,)."""
        from scipy.special import erfc

        return erfc(np.abs(self.z) / np.sqrt(2))

    @property
    def odds_ratio(self) -> np.ndarray:
        """exp(coef), the odds ratio of a higher category, shape (p,)."""
        with np.errstate(over="ignore"):
            return np.exp(self.coef)

    def interval(self, level: float | None = None) -> np.ndarray:
        """Wald's confidence intervals of the coefficients, shape (p, 2); NaN if the data are separated."""
        from scipy.special import ndtri

        level = self.level if level is None else between("level", level, 0, 1)
        half = ndtri((1 + level) / 2) * self.se
        middle = np.where(np.isfinite(half), self._estimates[len(self.fit.theta) :], np.nan)
        return np.column_stack([middle - half, middle + half])

    # ------------------------------------------------------------ tests and fit

    @property
    def loglik(self) -> float:
        """Log-likelihood at the estimate; of separated data the value it tends to."""
        return self.fit.loglik

    @cached_property
    def null_loglik(self) -> float:
        """Log-likelihood of the thresholds alone."""
        counts = np.bincount(self.rows.codes, self.rows.weights)
        return float(counts @ np.log(counts / counts.sum()))

    @property
    def lr_statistic(self) -> float:
        """Likelihood-ratio statistic of all columns at once, chi-square with p degrees of freedom."""
        return 2 * (self.loglik - self.null_loglik)

    @property
    def lr_p_value(self) -> float:
        """Whether the columns say anything about the outcome at all."""
        return _chi_square_p(len(self.names), self.lr_statistic)

    @cached_property
    def column_lr_statistic(self) -> np.ndarray:
        """Likelihood-ratio statistic of each column, shape (p,), from a fit without it."""
        unit = self.rows.unit
        without = [np.delete(unit, j, axis=1) for j in range(unit.shape[1])]
        logliks = [
            core.climb(X, self.rows.codes, self.rows.weights, len(self.categories)).loglik for X in without
        ]
        return 2 * np.maximum(self.loglik - np.array(logliks), 0.0)

    @property
    def column_lr_p_value(self) -> np.ndarray:
        """p-values of `column_lr_statistic`, chi-square with 1 degree of freedom, shape (p,)."""
        return np.array([_chi_square_p(1, statistic) for statistic in self.column_lr_statistic])

    @property
    def deviance(self) -> float:
        """−2 log-likelihood."""
        return -2 * self.loglik

    @property
    def aic(self) -> float:
        """Deviance + 2 × (thresholds and coefficients)."""
        return self.deviance + 2 * len(self._estimates)

    @property
    def gradient_norm(self) -> float:
        """Largest slope of the log-likelihood at the estimate, columns in units of their sd: 0 at the top."""
        return float(np.abs(self.fit.gradient).max())

    def brant(self) -> brant.BrantTest:
        """Test whether the coefficients are the same at every threshold (Brant 1990, doi:10.2307/2532457).

        A Wald test of logistic regressions of y above each threshold; no score test is given.  For three
        categories or more.

        Raises
        ------
        LearnerError
            "brant-two-categories".
        """
        return brant.brant(self.rows)

    @door
    def predict(self, X: object) -> np.ndarray:
        """Probability of every category for new patients, shape (n, J).

        Raises
        ------
        LearnerError
            "linear-other-columns" if X has other columns than the fit; "ordinal-no-prediction" if the data
            were separated.
        """
        if self.separation:
            raise LearnerError("ordinal-no-prediction", columns=", ".join(self.separation.columns))
        X = (new_rows(X, self.names) - self.rows.mean) / self.rows.size
        return core.probabilities(self.fit.theta, X @ self.fit.beta)

    # ------------------------------------------------------------ views

    def facts(self) -> dict[str, str]:
        """Patients, categories, how well it fits, and what to be careful with."""
        counts = np.bincount(self.rows.codes, self.rows.weights)
        shown = [f"{label}: {n:g}" for label, n in zip(self.categories, counts, strict=True)]
        told = {
            say("linear-patients"): f"{self.n:,g}",
            say("ordinal-categories"): ", ".join(shown[:12]) + ", …" * (len(shown) > 12),
        }
        if self.n_zero_weight:
            told[say("linear-left-out")] = say("linear-zero-weight", n=self.n_zero_weight)
        p = p_text(self.lr_p_value)
        statistic = number_text(self.lr_statistic)
        told[say("ordinal-all-columns")] = say("ordinal-chi2", statistic=statistic, df=len(self.names), p=p)
        told["AIC"] = number_text(self.aic)
        if self.flags:
            told[say("linear-careful")] = " ".join(self._sentence(flag) for flag in self.flags)
        return told

    def _sentence(self, flag: str) -> str:
        columns = ", ".join(self.separation.columns) if self.separation else ""
        return say(flag, columns=columns, empty=", ".join(self.empty))

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: coefficient, standard error, interval, p, odds ratio; then the thresholds."""
        header = [say(f"linear-{key}") for key in ("column", "coef", "se")]
        header += [say("linear-interval", level=f"{100 * self.level:g}"), "p", say("ordinal-odds-ratio")]
        shown = zip(
            self.names, self.coef, self.se, self.interval(), self.p_value, self.odds_ratio, strict=True
        )
        rows = [[name, *coef_texts(*row), number_text(odds)] for name, *row, odds in list(shown)[:MOST_ROWS]]
        if len(self.names) > MOST_ROWS:
            rows.append([say("columns-more", n=len(self.names) - MOST_ROWS), *[""] * 5])
        thresholds = zip(self.thresholds, self.threshold_se, strict=True)
        for j, (theta, se) in enumerate(list(thresholds)[:MOST_ROWS]):
            between_ = f"{self.categories[j]} | {self.categories[j + 1]}"
            rows.append([between_, number_text(theta), number_text(se), "", "", ""])
        return header, rows

    def __repr__(self) -> str:
        return views.text_card(say("ordinal-title"), self.facts() | as_lines(*self.table()))

    def _repr_html_(self) -> str:
        return views.card(say("ordinal-title"), self.facts(), below=views.table(*self.table()))


def _chi_square_p(df: int, statistic: float) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, max(statistic, 0.0)))
