"""Brant's test: are the coefficients of an ordinal model the same at every threshold?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach import views
from rgteach.core import ordinal as core
from rgteach.errors import LearnerError
from rgteach.models.linear_result import as_lines
from rgteach.models.ordinal.rows import Rows
from rgteach.stats.result import number_text, p_text
from rgteach.wording import say

CERTAIN = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class BrantTest:
    """Brant's Wald test of proportional odds, for all columns and for each.

    Attributes
    ----------
    statistic, p_value : float
        Chi-square with `df` = p (thresholds − 1); NaN if a threshold is separated.
    df : int
    names : tuple of str, length p
    coef : array, shape (thresholds, p)
        Log odds ratios of lying above each threshold, from a logistic regression of its own.
    column_statistic, column_p_value : arrays, shape (p,)
        The same for one column, with thresholds − 1 degrees of freedom.
    flags : tuple of str
    """

    statistic: float
    p_value: float
    df: int
    names: tuple[str, ...]
    coef: np.ndarray
    column_statistic: np.ndarray
    column_p_value: np.ndarray
    thresholds: tuple[str, ...]
    flags: tuple[str, ...] = ()

    def facts(self) -> dict[str, str]:
        """What the views show above the columns."""
        statistic, p = number_text(self.statistic), p_text(self.p_value)
        told = {say("ordinal-all-columns"): say("ordinal-chi2", statistic=statistic, df=self.df, p=p)}
        told[say("ordinal-p-low")] = say("brant-reading")
        if self.flags:
            told[say("linear-careful")] = " ".join(say(flag) for flag in self.flags)
        return told

    def table(self) -> tuple[list[str], list[list[str]]]:
        """One row a column: its coefficient at each threshold, and whether they differ."""
        header = [say("linear-column"), *(f"> {name}" for name in self.thresholds), "χ²", "p"]
        rows = [
            [name, *map(number_text, coef), number_text(statistic), p_text(p)]
            for name, coef, statistic, p in zip(
                self.names, self.coef.T, self.column_statistic, self.column_p_value, strict=True
            )
        ]
        return header, rows

    def __repr__(self) -> str:
        return views.text_card(say("brant-title"), self.facts() | as_lines(*self.table()))

    def _repr_html_(self) -> str:
        return views.card(say("brant-title"), self.facts(), below=views.table(*self.table()))


def brant(rows: Rows) -> BrantTest:
    """Fit one logistic regression a threshold, and test whether their coefficients differ.

    Brant 1990, doi:10.2307/2532457.  The regressions of y > j share their patients; their estimates at two
    thresholds j < l have the covariance (X'W_j X)⁻¹ X'W_jl X (X'W_l X)⁻¹ with W_jl = P(y > l) (1 − P(y > j)).
    """
    k, p = len(rows.labels) - 1, len(rows.names)
    if k < 2:
        raise LearnerError("brant-two-categories", labels=", ".join(rows.labels))
    X = np.column_stack([np.ones(len(rows.codes)), rows.unit])
    beta, above, certain = np.empty((k, p)), np.empty((k, len(X))), False
    for j in range(k):
        fit = core.climb(rows.unit, (rows.codes > j).astype(np.int64), rows.weights, 2)
        beta[j] = fit.beta
        above[j] = core.probabilities(fit.theta, rows.unit @ fit.beta)[:, 1]
        own = np.where(rows.codes > j, above[j], 1 - above[j])
        certain |= not fit.at_top or own.max() > 1 - CERTAIN
    named = rows.names, beta / rows.size
    if certain:
        nan = np.full(p, np.nan)
        return BrantTest(
            np.nan, np.nan, p * (k - 1), *named, nan, nan, rows.labels[:-1], ("brant-separated",)
        )
    spread = _spread(X, above, rows.weights)
    each = [_wald(beta[:, [c]], spread[:, [c]][:, :, :, [c]]) for c in range(p)]
    statistic = np.array([one[0] for one in each])
    p_values = np.array([one[1] for one in each])
    whole = _wald(beta, spread)
    return BrantTest(*whole, p * (k - 1), *named, statistic, p_values, rows.labels[:-1])


def _spread(X: np.ndarray, above: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Covariances of the coefficients at all thresholds, shape (thresholds, p, thresholds, p)."""
    k, p = len(above), X.shape[1] - 1
    inverse = [np.linalg.inv((X * (weights * q * (1 - q))[:, None]).T @ X) for q in above]
    spread = np.empty((k, p, k, p))
    for j in range(k):
        for m in range(j, k):
            middle = (X * (weights * above[m] * (1 - above[j]))[:, None]).T @ X
            block = (inverse[j] @ middle @ inverse[m])[1:, 1:]
            spread[j, :, m], spread[m, :, j] = block, block.T
    return spread


def _wald(beta: np.ndarray, spread: np.ndarray) -> tuple[float, float]:
    """Chi-square of all differences from the first threshold, and its p-value."""
    from scipy.special import chdtrc

    k, p = beta.shape
    differences = (beta[1:] - beta[0]).ravel()
    contrast = np.kron(np.column_stack([-np.ones(k - 1), np.eye(k - 1)]), np.eye(p))
    of_differences = contrast @ spread.reshape(k * p, k * p) @ contrast.T
    statistic = float(differences @ np.linalg.solve(of_differences, differences))
    return statistic, float(chdtrc(len(differences), statistic))
