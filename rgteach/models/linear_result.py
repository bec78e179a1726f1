"""What a fitted linear regression answers, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach import views
from rgteach.doors import between, door, matrix
from rgteach.errors import LearnerError
from rgteach.stats.result import number_text, p_text
from rgteach.wording import say

MOST_ROWS = 30


@dataclass(frozen=True, eq=False, repr=False)
class LinearResult:
    """A fitted linear regression.  p is the number of columns of X.

    Attributes
    ----------
    names : tuple of str, length p
    coef : array, shape (p,)
        Change of the outcome for one unit of each column.
    intercept : float
        0 without one.
    has_intercept : bool
    covariance : array, shape (k, k)
        Of (intercept,) and the coefficients, in this order.
    rss, tss : float
        Weighted sums of squares: of the residuals, and of y around its mean (around 0 without intercept).
    df : int
        Degrees of freedom of the residuals, n − k.
    n, n_zero_weight : int
        Rows that were used, and rows left out for a weight of zero.
    errors : "classic" or "hc3"
    level : float
    flags : tuple of str
        Keys of sentences about what to be careful with; the views print them.
    y, weights, fitted : arrays, shape (n,)
        Of the rows that were used.
    """

    names: tuple[str, ...]
    coef: np.ndarray
    intercept: float
    has_intercept: bool
    covariance: np.ndarray
    rss: float
    tss: float
    df: int
    n: int
    n_zero_weight: int
    errors: str
    level: float
    flags: tuple[str, ...]
    y: np.ndarray
    weights: np.ndarray
    fitted: np.ndarray

    # ------------------------------------------------------------ each column

    @property
    def _all_se(self) -> np.ndarray:
        return np.sqrt(self.covariance.diagonal())

    @property
    def se(self) -> np.ndarray:
        """Standard errors of the coefficients, shape (p,)."""
        return self._all_se[self.has_intercept :]

    @property
    def intercept_se(self) -> float:
        """Standard error of the intercept, NaN without one."""
        return float(self._all_se[0]) if self.has_intercept else np.nan

    @property
    def t(self) -> np.ndarray:
        """Student's t, coef / se, shape (p,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.coef / self.se

    @property
    def p_value(self) -> np.ndarray:
        """Two-sided p-values of t with `df` degrees of freedom, shape (p,)."""
        from scipy.special import stdtr

        return 2 * stdtr(self.df, -np.abs(self.t))

    def interval(self, level: float | None = None) -> np.ndarray:
        """Confidence intervals of the coefficients, shape (p, 2)."""
        half = self._quantile(level) * self.se
        return np.column_stack([self.coef - half, self.coef + half])

    def intercept_interval(self, level: float | None = None) -> tuple[float, float]:
        """Confidence interval of the intercept."""
        half = self._quantile(level) * self.intercept_se
        return self.intercept - half, self.intercept + half

    def _quantile(self, level: float | None) -> float:
        from scipy.special import stdtrit

        level = self.level if level is None else between("level", level, 0, 1)
        return float(stdtrit(self.df, (1 + level) / 2))

    # ------------------------------------------------------------ how well it fits

    @property
    def residuals(self) -> np.ndarray:
        """What is left, y − fitted, shape (n,)."""
        return self.y - self.fitted

    @property
    def residual_sd(self) -> float:
        """Standard deviation of the error of a row of weight 1, √(rss / df)."""
        return float(np.sqrt(self.rss / self.df))

    @property
    def r2(self) -> float:
        """Share of the variation of y that the columns explain; NaN if y does not vary."""
        return 1 - self.rss / self.tss if self.tss else np.nan

    @property
    def adjusted_r2(self) -> float:
        """R² that pays for each column: 1 − (rss / df) / (tss / its degrees of freedom)."""
        return 1 - (1 - self.r2) * (self.n - self.has_intercept) / self.df

    @property
    def f_statistic(self) -> float:
        """Of all columns at once, with p and `df` degrees of freedom."""
        gain = max(self.tss - self.rss, 0.0) / len(self.names)
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.divide(gain, self.rss / self.df))

    @property
    def f_p_value(self) -> float:
        """Whether the columns say anything about the outcome at all."""
        from scipy.special import fdtrc

        return float(fdtrc(len(self.names), self.df, self.f_statistic))

    @property
    def loglik(self) -> float:
        """Log-likelihood of normal errors at the estimates; inf for a fit without any residual."""
        with np.errstate(divide="ignore"):
            spread = np.log(2 * np.pi * self.rss / self.n)
        return float(0.5 * np.log(self.weights).sum() - self.n / 2 * (spread + 1))

    @property
    def aic(self) -> float:
        """−2 log-likelihood + 2 × (coefficients and the residual sd), as in R."""
        return -2 * self.loglik + 2 * (self.n - self.df + 1)

    @property
    def bic(self) -> float:
        """−2 log-likelihood + log(n) × (coefficients and the residual sd), as in R."""
        return -2 * self.loglik + np.log(self.n) * (self.n - self.df + 1)

    @door
    def predict(self, X: object) -> np.ndarray:
        """The expected outcome of new patients, shape (n,); "linear-other-columns" if X has other columns."""
        return self.intercept + new_rows(X, self.names) @ self.coef

    # ------------------------------------------------------------ views

    def facts(self) -> dict[str, str]:
        """Patients, how well it fits, and what to be careful with."""
        told = {say("linear-patients"): f"{self.n:,}"}
        if self.n_zero_weight:
            told[say("linear-left-out")] = say("linear-zero-weight", n=self.n_zero_weight)
        told[say("linear-r2")] = say(
            "linear-r2-both", r2=number_text(self.r2), adjusted=number_text(self.adjusted_r2)
        )
        told[say("linear-residual-sd")] = say(
            "linear-with-df", value=number_text(self.residual_sd), df=self.df
        )
        told[say("linear-all-columns")] = say(
            "linear-f-test", f=number_text(self.f_statistic), df1=len(self.names), df2=self.df,
            p=p_text(self.f_p_value),
        )  # fmt: skip
        told["AIC"] = number_text(self.aic)
        told[say("linear-errors")] = say(f"linear-errors-{self.errors}")
        if self.flags:
            told[say("linear-careful")] = " ".join(say(flag) for flag in self.flags)
        return told

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows: name, coefficient, standard error, interval, p-value."""
        header = [say(f"linear-{key}") for key in ("column", "coef", "se")]
        header += [say("linear-interval", level=f"{100 * self.level:g}"), "p"]
        shown = zip(self.names, self.coef, self.se, self.interval(), self.p_value, strict=True)
        rows = [[name, *coef_texts(*row)] for name, *row in list(shown)[:MOST_ROWS]]
        if len(self.names) > MOST_ROWS:
            rows.append([say("columns-more", n=len(self.names) - MOST_ROWS), "", "", "", ""])
        if self.has_intercept:
            ends = self.intercept_interval()
            rows.insert(
                0, [say("linear-intercept"), *coef_texts(self.intercept, self.intercept_se, ends, None)]
            )
        return header, rows

    def __repr__(self) -> str:
        return views.text_card(say("linear-title"), self.facts() | as_lines(*self.table()))

    def _repr_html_(self) -> str:
        return views.card(say("linear-title"), self.facts(), below=views.table(*self.table()))


@dataclass(frozen=True, repr=False)
class Comparison:
    """F test of two nested linear models.

    Attributes
    ----------
    statistic, p_value : float
    df : tuple of int
        Columns that only the large model has, and the degrees of freedom of its residuals.
    small_aic, large_aic : float
    """

    statistic: float
    p_value: float
    df: tuple[int, int]
    small_aic: float
    large_aic: float

    def facts(self) -> dict[str, str]:
        """Everything that the views show."""
        f = number_text(self.statistic)
        told = say("linear-f-test", f=f, df1=self.df[0], df2=self.df[1], p=p_text(self.p_value))
        both = say("linear-aic-both", small=number_text(self.small_aic), large=number_text(self.large_aic))
        return {say("linear-added"): told, "AIC": both}

    def __repr__(self) -> str:
        return views.text_card(say("linear-compare-title"), self.facts())

    def _repr_html_(self) -> str:
        return views.card(say("linear-compare-title"), self.facts())


def coef_texts(coef: float, se: float, ends, p: float | None) -> list[str]:
    """Coefficient, standard error, interval and p-value as a row of a table."""
    between_ = say("linear-to", low=number_text(ends[0]), high=number_text(ends[1]))
    return [number_text(coef), number_text(se), between_, "" if p is None else p_text(p)]


def as_lines(header: list[str], rows: list[list[str]]) -> dict[str, str]:
    """A table as aligned lines for a terminal: the first cell names the line."""
    wide = [max(len(row[k]) for row in [header, *rows]) for k in range(len(header))]
    return {
        row[0]: "  ".join(cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True))
        for row in [header, *rows]
    }


def new_rows(X: object, names: tuple[str, ...]) -> np.ndarray:
    """New patients with the columns that a model was fitted to; others are refused."""
    named = getattr(X, "columns", None) is not None
    X, given = matrix(X, "X")
    if X.shape[1] != len(names) or (named and given != names):
        raise LearnerError("linear-other-columns", given=", ".join(given[:8]), wanted=", ".join(names[:8]))
    return X
