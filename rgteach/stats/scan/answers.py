"""From the sums of a scan to statistic, effect and p-value; from a p-value to the strength it needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.core.tails import tails

SIDES = {"two-sided": (1.0, -1.0), "greater": (1.0, 1.0), "less": (-1.0, -1.0)}
HALVES = 2.0**27 + 1  # splits a float64 into two halves of 26 bits


@dataclass(frozen=True)
class Question:
    """What every pair is asked.

    Attributes
    ----------
    alternative : "two-sided", "greater" or "less"
    correction : bool
        Continuity correction of the rank-sum test.
    """

    alternative: str
    correction: bool

    def rule(self, test: str) -> np.ndarray:
        """(up, down, less, sides) for the kernels: strength is max(up S, down S) - less, times its scales."""
        if test == "kruskal":
            return np.array([1.0, 1.0, 0.0, 1.0])
        both = self.alternative == "two-sided"
        less = float(self.correction) if test == "wilcoxon" else 0.0  # S counts in half pairs
        return np.array([*SIDES[self.alternative], less, 1.0 if both else 0.5])

    def strength_of(self, p: np.ndarray, test: str, n: int, n_groups: int = 0) -> np.ndarray:
        """The strength whose p-value is p, for n patients."""
        from scipy import special

        if test == "kruskal":
            return special.chdtri(n_groups - 1, p)
        tail = p / 2 if self.alternative == "two-sided" else p
        if test == "wilcoxon":
            return -special.ndtri(tail)
        t = -special.stdtrit(n - 2, tail)
        return t / np.sqrt(n - 2 + t * t)

    def p_of(self, strength: float, test: str, n: int, n_groups: int = 0) -> float:
        """The p-value of a strength, the inverse of `strength_of`."""
        from scipy import special

        if test == "kruskal":
            return float(special.chdtrc(n_groups - 1, strength))
        both = self.alternative == "two-sided"
        if test == "wilcoxon":
            out = np.empty(1)
            tails(np.array([strength]), 1.0 if both else 0.5, out)
            return float(out[0])
        t = strength * np.sqrt((n - 2) / max((1 - strength) * (1 + strength), 5e-324))
        return float(min(1.0, (2 if both else 1) * special.stdtr(n - 2, -t)))

    def answers(self, test: str, sums, spread, gene_spread, n) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """P-value, statistic and effect of pairs; arrays that broadcast to one shape.

        sums, spread, gene_spread, n : S and what `scan_parts.Part` says of its scales; NaN stays NaN.
        """
        if test == "wilcoxon":
            return self._rank_sum(sums, spread, gene_spread, n)
        if test == "spearman":
            rho = sums * (1 / np.sqrt(spread)) * (1 / np.sqrt(gene_spread))
            return self._rank_correlation(sums, spread, gene_spread, n), rho, rho
        from scipy import special

        return (
            special.chdtrc(gene_spread - 1, sums),
            sums,
            sums / (n - 1),
        )  # the number of groups, see `blocks`

    def _rank_sum(self, sums, spread, n_pairs, n):
        up, down, less, sides = self.rule("wilcoxon")
        z = (
            (np.maximum(up * sums, down * sums) - less)
            * np.sqrt(n * (n - 1) / spread)
            * (1 / np.sqrt(n_pairs))
        )
        p = np.empty(z.size)
        tails(z.ravel(), sides, p)
        u = (sums + n_pairs) * 0.5
        return np.where(np.isnan(z), np.nan, p.reshape(z.shape)), u, u / n_pairs

    def _rank_correlation(self, sums, spread, gene_spread, n):
        """Student's t with n - 2 degrees of freedom: t = rho sqrt((n - 2) / (1 - rho²)).

        Near rho = 1 the difference 1 - rho² would lose the digits that a small p-value hangs on.  Times both
        spreads it is spread · gene_spread - S², a difference of two products that is taken exactly.
        """
        from scipy.special import stdtr

        rest = np.maximum(_difference_of_products(spread, gene_spread, sums, sums), 0.0)
        with np.errstate(divide="ignore"):
            t = sums * np.sqrt((n - 2) / rest)
        if self.alternative == "two-sided":
            return 2 * stdtr(n - 2, -np.abs(t))
        return stdtr(n - 2, t if self.alternative == "less" else -t)


def _difference_of_products(a, b, c, d) -> np.ndarray:
    """a·b - c·d, each product in two parts so that nothing is lost (Dekker 1971, doi:10.1007/BF01397083)."""
    high, low = _product(a, b)
    other_high, other_low = _product(c, d)
    return (high - other_high) + (low - other_low)


def _product(a, b) -> tuple[np.ndarray, np.ndarray]:
    """A product, and what its rounding left out."""
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    product = a * b
    return product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


def _halves(a) -> tuple[np.ndarray, np.ndarray]:
    large = HALVES * a
    first = large - (large - a)
    return first, a - first
