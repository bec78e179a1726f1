"""Two columns of the same patients: do they rise together?  Pearson on values, Spearman on ranks."""

from __future__ import annotations

from math import atanh, exp, inf, lgamma, log, sqrt, tanh

import numpy as np

from rgteach.core.ranks import midranks2
from rgteach.doors import door
from rgteach.stats.groups import pairs, settings
from rgteach.stats.result import Estimate, TestResult
from rgteach.stats.tails import normal_quantile, t_p

FEW_FOR_T = 10  # pairs, for ranks


@door
def pearson(x: object, y: object, *, alternative: str = "two-sided", level: float = 0.95) -> TestResult:
    """Pearson's correlation: how close do the points lie to a straight line?

    Parameters
    ----------
    x, y : array-like, shape (n,)
        The same patients in the same order, three at least; a patient with either value missing is left out
        and counted.
    alternative : "two-sided", "greater" or "less"
        "greater" asks whether y rises with x.
    level : float
        Of the confidence interval, which is two-sided for every alternative.

    Returns
    -------
    TestResult
        `statistic` and `effect` are r, `details["t"]` is r √((n − 2) / (1 − r²)) with n − 2 degrees of
        freedom.  The interval is Fisher's (atanh r ± z / √(n − 3)); three patients give (−1, 1).

        A constant column correlates with nothing: r = 0, p = 1 and no effect, with a flag (SciPy: NaN).  A
        perfect line has p = 0 under the normal model; that is flagged too, as it is nearly always one column
        computed from the other.

    References
    ----------
    Fisher 1921, Metron 1, 3-32; Student 1908, doi:10.2307/2331474.

    Examples
    --------
    >>> result = pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> round(result.statistic, 3), round(result.p_value, 4)
    (0.8, 0.1041)
    """
    level = settings(alternative, level)
    x, y, n_missing = pairs(x, y, 3)
    found = _correlate(x - x[0], y - y[0])  # an offset of 1e8 costs no digit then
    if found is None:
        return _constant("pearson", "pearson", len(x), alternative, n_missing)
    r, t = found
    return TestResult(
        "pearson", r, t_p(t, len(x) - 2, alternative), (len(x),), "pearson", alternative,
        effect=_fisher_interval("effect-pearson", r, len(x), 1.0, level),
        flags=("flag-perfect-line",) if abs(r) == 1 else (),
        n_missing=n_missing,
        details={"t": t, "df": len(x) - 2},
    )  # fmt: skip


@door
def spearman(x: object, y: object, *, alternative: str = "two-sided", level: float = 0.95) -> TestResult:
    """Spearman's rank correlation: do the patients stand in the same order?

    Parameters
    ----------
    x, y, alternative, level
        As in `pearson`.

    Returns
    -------
    TestResult
        `statistic` and `effect` are ρ, Pearson's r of the midranks, so ties are accounted for.  p is from t
        with n − 2 degrees of freedom, as in SciPy, and flagged as rough below ten pairs.  The interval is
        Fisher's with the standard error of Bonett and Wright, √((1 + ρ²/2) / (n − 3)).

        Where both orders agree without exception (ρ = ±1) t is infinite and would say p = 0, as SciPy does.
        The exact share is given instead: the permutations with that ρ, 1 of n! without ties.

        A constant column: ρ = 0, p = 1 and no effect, with a flag.

    References
    ----------
    Spearman 1904, doi:10.2307/1412159; interval: Bonett and Wright 2000, doi:10.1007/BF02294183.

    Examples
    --------
    >>> result = spearman([1, 2, 3, 4], [10, 20, 30, 1000])
    >>> result.statistic, round(result.p_value, 6), result.method
    (1.0, 0.083333, 'spearman-exact')
    """
    level = settings(alternative, level)
    x, y, n_missing = pairs(x, y, 3)
    n = len(x)
    x, y = _ranks2(x), _ranks2(y)
    found = _correlate(x - (n + 1), y - (n + 1))
    if found is None:
        return _constant("spearman", "spearman-t", n, alternative, n_missing)
    rho, t = found
    method, p_value = "spearman-t", t_p(t, n - 2, alternative)
    if np.array_equal(x, y) or np.array_equal(x, 2 * (n + 1) - y):
        rho, t = (1.0, inf) if rho > 0 else (-1.0, -inf)
        method, p_value = "spearman-exact", _perfect_order_p(x, rho, alternative)
    return TestResult(
        "spearman", rho, p_value, (n,), method, alternative,
        effect=_fisher_interval("effect-spearman", rho, n, 1 + rho**2 / 2, level),
        flags=("flag-few-for-t",) if n < FEW_FOR_T and method == "spearman-t" else (),
        n_missing=n_missing,
        details={"t": t, "df": n - 2},
    )  # fmt: skip


def _ranks2(values: np.ndarray) -> np.ndarray:
    ranks2 = np.empty(len(values), np.int64)
    midranks2(values, np.argsort(values), ranks2)
    return ranks2


def _correlate(x: np.ndarray, y: np.ndarray) -> tuple[float, float] | None:
    """R and t, or None if a column is constant.

    Both columns are scaled to length 1.  Then 1 − r is half the squared distance of their tips, which keeps
    its digits where r is so close to 1 that 1 − r would have lost them.
    """
    if not x.any() or not y.any() or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    u, v = _unit(x), _unit(y)
    r = min(1.0, max(-1.0, float(np.sum(u * v))))
    apart = float(np.sum((u - v) ** 2) * np.sum((u + v) ** 2)) / 4  # (1 − r)(1 + r)
    if apart <= (len(x) * 1e-16) ** 2:  # nothing but rounding: a perfect line
        return (1.0, inf) if r > 0 else (-1.0, -inf)
    return r, r * sqrt((len(x) - 2) / apart)


def _unit(values: np.ndarray) -> np.ndarray:
    centred = values / np.max(np.abs(values))  # no overflow in the squares
    centred = centred - centred.mean()
    return centred / sqrt(np.sum(centred**2))


def _constant(test: str, method: str, n: int, alternative: str, n_missing: int) -> TestResult:
    flags = ("flag-constant-column",)
    return TestResult(test, 0.0, 1.0, (n,), method, alternative, flags=flags, n_missing=n_missing)


def _fisher_interval(key: str, r: float, n: int, factor: float, level: float) -> Estimate:
    """Fisher's interval: even around atanh r; factor widens the variance 1 / (n − 3)."""
    if n <= 3:
        return Estimate(key, r, -1.0, 1.0, level)
    if abs(r) == 1:  # atanh r has no value, and every interval around it shrinks to the point itself
        return Estimate(key, r, level=level)
    reach = normal_quantile(level) * sqrt(factor / (n - 3))
    return Estimate(key, r, tanh(atanh(r) - reach), tanh(atanh(r) + reach), level)


def _perfect_order_p(ranks2: np.ndarray, rho: float, alternative: str) -> float:
    """The share of the n! orders with this ρ or one beyond it, where ρ is 1 or −1.

    Tied patients can change places without changing ρ, hence the product of t! over the ties.  The other end
    can be reached, and counts in a two-sided test, only if the ties look the same from above and from below.
    """
    if alternative == ("less" if rho > 0 else "greater"):
        return 1.0
    _, ties = np.unique(ranks2, return_counts=True)
    share = exp(sum(lgamma(t + 1) for t in ties) - lgamma(len(ranks2) + 1))
    both = alternative == "two-sided" and np.array_equal(ties, ties[::-1])
    return exp(log(share) + log(2)) if both and share > 0 else share
