"""Many tests at once: adjusted p-values, discoveries and q-values."""

from __future__ import annotations

import numpy as np

from rgteach.core import fdr
from rgteach.doors import between, door, numbers, one_of
from rgteach.errors import LearnerError, warn
from rgteach.stats.adjustment import RULES, bh, capped, penalty
from rgteach.stats.multiplicity_result import Discoveries, QValues
from rgteach.stats.null_share import FEW_TESTS, GRID, least_error, null_shares

NAN_RULES = ("skip", "count", "raise")


@door
def adjust(p: object, *, method: str = "bh", nan: str = "skip") -> np.ndarray:
    """Adjusted p-values, in the order and the shape in which the p-values came.

    Comparing an adjusted value with alpha gives the decision of the whole procedure about that test.

    Parameters
    ----------
    p : array-like of any shape, list, pandas Series or DataFrame
        p-values between 0 and 1; a table of features × genes is one family of tests.
    method : str
        What is held below alpha.

        The chance of any false discovery (family-wise error rate): "bonferroni", "holm" (never worse than
        Bonferroni, same assumptions: none), "sidak" and "holm-sidak" (independent or positively dependent
        tests), "hochberg" (likewise).  The expected share of false discoveries (false discovery rate): "bh",
        Benjamini and Hochberg (independent or positively dependent tests), "by", Benjamini and Yekutieli (any
        dependence), "storey", Benjamini and Hochberg times the estimated share of nulls, see `q_values`.
    nan : "skip", "count" or "raise"
        A missing p-value stays NaN in any case.  By default it is not counted as a test; "count" counts it,
        as a test that was planned and could not be done; "raise" refuses it.

    Returns
    -------
    array of float64, shape of p
        Never smaller than p, at most 1, and in the same order as p ("storey" can be smaller than p).

    Raises
    ------
    LearnerError
        "p-out-of-range" with the value and its place, "p-missing" for nan="raise"; for "storey" also
        "no-large-p".

    Notes
    -----
    One missing value makes every adjusted value NaN in some libraries; here it stays alone.  Tiny p-values
    keep their digits: Šidák's 1 − (1 − p)^m is computed as −expm1(m·log1p(−p)), else 1e-300 would become 0.
    For "bh" and "by" the adjusted value is the smallest float alpha at which `discoveries` finds the test, so
    that `adjust(p) <= alpha` and `discoveries(p, alpha)` are the same for every alpha.

    References
    ----------
    Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x; Benjamini and Yekutieli 2001,
    doi:10.1214/aos/1013699998; Hochberg 1988, doi:10.1093/biomet/75.4.800; adjusted values as in Wright 1992,
    doi:10.2307/2532694.

    Examples
    --------
    >>> adjust([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    >>> adjust([0.01, 0.04, float("nan")], method="holm").tolist()
    [0.02, 0.04, nan]
    """
    rule = RULES[one_of("method", method, RULES)]
    p, ordered, m = _family(p, nan)
    if not len(ordered):
        return np.full(p.shape, np.nan)
    if method == "storey":
        share, flags = _null_share(ordered, GRID)
        for flag in flags:
            warn(f"{flag}-warning", n=len(ordered), few=FEW_TESTS)
        return _put_back(p, ordered, share * capped(rule(ordered, m)))
    return _put_back(p, ordered, capped(rule(ordered, m)))


@door
def discoveries(p: object, alpha: float = 0.05, method: str = "bh", *, nan: str = "skip") -> Discoveries:
    """Which tests are discoveries at a given alpha, and how many.

    For "bh" and "by" nothing is sorted and nothing is copied: the rule k ← #{p ≤ alpha·k/m}, begun at k = m,
    falls to Benjamini and Hochberg's number of rejections in a few walks over the data
    (`core.fdr.bh_threshold` says why).  Beside the p-values, in single or double precision or in a memory
    map, it needs the mask: one byte a test.  The other methods compare `adjust(p, method)` with alpha.

    Parameters
    ----------
    p : array-like of any shape
        p-values between 0 and 1.
    alpha : float
        The error rate to hold, above 0 and below 1.
    method, nan
        As for `adjust`.

    Returns
    -------
    Discoveries
        `mask` (bool, shape of p), `n`, `cutoff` and what they were found with.  The result can stand for its
        mask: `p[discoveries(p)]`.

    Raises
    ------
    LearnerError
        As `adjust`, and "out-of-range" for alpha.

    Notes
    -----
    A p-value exactly at its bound is a discovery.  The bound is alpha·(k/m) in float64; the equal formulas
    alpha·k/m and p·m/k ≤ alpha can round to the other side of a tie, as other programs show.

    References
    ----------
    Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> found = discoveries([0.01, 0.04, 0.03, 0.5], alpha=0.05)
    >>> found.n, found.mask.tolist()
    (1, [True, False, False, False])
    """
    one_of("method", method, RULES)
    alpha = between("alpha", alpha, 0, 1)
    if method in ("bh", "by"):
        p = _as_given(p)
        m, n_missing = _count(p, nan)
        n, cutoff = fdr.bh_threshold(p, m, alpha / penalty(method, m))
        mask = np.less_equal(p, cutoff, signature=fdr.ALL_FLOAT64) if n else np.zeros(p.shape, np.bool_)
        return Discoveries(mask, n, cutoff, alpha, method, m, n_missing)
    p = numbers(p, "p")
    m, n_missing = _count(p, nan)
    mask = adjust(p, method=method, nan=nan) <= alpha
    return Discoveries(mask, int(mask.sum()), float(p[mask].max(initial=0.0)), alpha, method, m, n_missing)


@door
def q_values(p: object, *, above: float | None = None, nan: str = "skip") -> QValues:
    """Storey's q-values: the false discovery rate when everything at least as extreme is called a discovery.

    Benjamini and Hochberg reckon as if all hypotheses were null.  Storey estimates from the large p-values,
    where true effects hardly reach, which share of them is (pi0), and multiplies the adjusted values by it.

    Parameters
    ----------
    p : array-like of any shape
        All p-values of the family: a list that was cut at some p has no large ones to estimate pi0 from.
    above : float, optional
        Estimate pi0 from the p-values not below this point.  By default that one of the points 0.05, 0.10, …
        0.95 is taken whose mean squared error is smallest ("bootstrap" in Storey's program; the smoothing
        spline that it uses otherwise is not offered).
    nan : "skip", "count" or "raise"
        As for `adjust`; pi0 is estimated from the known ones.

    Returns
    -------
    QValues
        `q_value` (shape of p), `pi0`, and flags: "few-tests" below 100 tests, "pi0-above-one" if the estimate
        exceeded 1 and was cut.

    Raises
    ------
    LearnerError
        As `adjust`, and "no-large-p" if pi0 would be 0.

    References
    ----------
    Storey 2002, doi:10.1111/1467-9868.00346; Storey, Taylor and Siegmund 2004,
    doi:10.1111/j.1467-9868.2004.00439.x.

    Examples
    --------
    >>> result = q_values([0.001, 0.01, 0.2, 0.6, 0.9], above=0.5)
    >>> result.pi0
    0.8
    >>> result.q_value.round(4).tolist()
    [0.004, 0.02, 0.2667, 0.6, 0.72]
    """
    points = GRID if above is None else np.array([between("above", above, 0, 1)])
    p, ordered, m = _family(p, nan)
    if not len(ordered):
        return QValues(np.full(p.shape, np.nan), np.nan, above, m, p.size, ("few-tests",))
    share, flags = _null_share(ordered, points)
    q = _put_back(p, ordered, share * capped(bh(ordered, m)))
    return QValues(q, share, above, m, p.size - len(ordered), flags)


# ------------------------------------------------------------------------------------- reading p-values


def _family(p: object, nan: str) -> tuple[np.ndarray, np.ndarray, int]:
    """The p-values as float64, the known ones sorted, and how many tests count."""
    plain = type(p) is np.ndarray and p.dtype == np.float64 and p.flags.c_contiguous and p.flags.writeable
    p = p if plain else numbers(p, "p")  # nothing is written into it, so a copy would only cost time
    m, n_missing = _count(p, nan)
    return p, np.sort(p, axis=None)[: p.size - n_missing], m


def _as_given(p: object) -> np.ndarray:
    """Single and double precision as they are, without a copy; anything else as float64."""
    if isinstance(p, np.ndarray) and p.dtype.kind == "f" and p.dtype.itemsize in (4, 8):
        return p
    return numbers(p, "p")


def _count(p: np.ndarray, nan: str) -> tuple[int, int]:
    """How many tests count and how many p-values are missing; values that no p-value can have are refused."""
    one_of("nan", nan, NAN_RULES)
    n_missing = 0
    for block in fdr.blocks(p):
        low, high = block.min(initial=1), block.max(initial=0)
        if np.isnan(low):
            known = block[~np.isnan(block)]
            n_missing += len(block) - len(known)
            low, high = known.min(initial=1), known.max(initial=0)
        if low < 0 or high > 1:
            _refuse(p)
    if n_missing and nan == "raise":
        raise LearnerError("p-missing", n=n_missing, total=p.size)
    return p.size - (n_missing if nan == "skip" else 0), n_missing


def _refuse(p: np.ndarray) -> None:
    """Say which value is no p-value, and where it stands."""
    wrong = (p < 0) | (p > 1)
    place = np.unravel_index(np.argmax(wrong), p.shape)
    where = f"p[{', '.join(map(str, place))}]" if p.ndim else "p"
    raise LearnerError("p-out-of-range", value=f"{p[place]:g}", where=where, n=int(wrong.sum()))


def _put_back(p: np.ndarray, ordered: np.ndarray, adjusted: np.ndarray) -> np.ndarray:
    """Give every p-value the adjusted value of its place among the sorted ones."""
    return fdr.put_back(p.ravel(), ordered, np.ascontiguousarray(adjusted)).reshape(p.shape)


def _null_share(ordered: np.ndarray, above: np.ndarray) -> tuple[float, tuple[str, ...]]:
    """Storey's pi0 between 0 and 1, and what to be careful about."""
    share = least_error(ordered, above) if len(above) > 1 else float(null_shares(ordered, above)[0])
    if share <= 0:
        raise LearnerError("no-large-p", above=f"{above[0]:g}", largest=f"{ordered[-1]:.4g}")
    flags = ("few-tests",) * (len(ordered) < FEW_TESTS) + ("pi0-above-one",) * (share > 1)
    return min(share, 1.0), flags
