"""Tables of counts: is the share of mutants the same in every grade?  Chi-square and Fisher's exact test."""

from __future__ import annotations

from math import sqrt

import numpy as np

from rgteach.doors import door, matrix, same_length, shape_text
from rgteach.errors import LearnerError
from rgteach.stats.groups import settings
from rgteach.stats.result import Estimate, TestResult

FEW_EXPECTED = 5


@door
def chi_square(table: object, labels: object = None, *, correction: bool = True) -> TestResult:
    """Pearson's chi-square test: do two ways of sorting the patients have to do with one another?

    Parameters
    ----------
    table : array-like of counts, shape (r, c), or labels, shape (n,)
        How many patients fall into each pair of categories; or each patient's first label (text, numbers,
        truth values), and then `labels` must hold the second one.  Patients with a missing label are left
        out and counted.
    labels : array-like, shape (n,), optional
        The second label of each patient.
    correction : bool
        Yates' continuity correction, in tables of 2 × 2 only, as in SciPy and R: every count moves half a
        patient towards what was expected, or all the way if that is nearer.

    Returns
    -------
    TestResult
        `statistic` is χ² with `details["df"]` = (r − 1)(c − 1).  `effect` is Cramér's V, from χ² without the
        correction, without interval; it is above 0 even for unrelated labels, the more the smaller the
        table's counts.  Expected counts below 5 are flagged: there p is rough, and `fisher` is better.

    Raises
    ------
    LearnerError
        For negative or broken counts, a row or column of zeros, or a single category.

    References
    ----------
    Pearson 1900, doi:10.1080/14786440009463897; V: Cramér 1946, Mathematical Methods of Statistics, 282.

    Examples
    --------
    >>> result = chi_square([[10, 20], [30, 40]], correction=False)
    >>> round(result.statistic, 4), round(result.p_value, 4), round(result.effect.value, 4)
    (0.7937, 0.373, 0.0891)
    """
    from scipy.special import chdtrc

    counts, names, n_missing = _table(table, labels)
    n, expected = counts.sum(), np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    gap = np.abs(counts - expected)
    plain = float(np.sum(gap**2 / expected))
    yates = correction and counts.shape == (2, 2)
    if yates:
        gap = gap - np.minimum(0.5, gap)
    chi2, df = float(np.sum(gap**2 / expected)), (counts.shape[0] - 1) * (counts.shape[1] - 1)
    n_few = int(np.sum(expected < FEW_EXPECTED))
    return TestResult(
        "chi-square", chi2, float(chdtrc(df, chi2)), tuple(int(k) for k in counts.sum(axis=1)),
        "chi-square-yates" if yates else "chi-square", None,
        effect=Estimate("effect-cramers-v", sqrt(plain / (n * (min(counts.shape) - 1)))),
        flags=("flag-few-expected",) if n_few else (),
        n_missing=n_missing,
        names=names,
        details={"df": df, "n_few": n_few, "n_cells": counts.size},
    )  # fmt: skip


@door
def fisher(
    table: object, labels: object = None, *, alternative: str = "two-sided", level: float = 0.95
) -> TestResult:
    """Fisher's exact test of a table of 2 × 2.

    Parameters
    ----------
    table : array-like of counts, shape (2, 2), or labels, shape (n,)
    labels : array-like, shape (n,), optional
        As in `chi_square`.  Labels are put in order (False, True; 0, 1; the alphabet), so the odds ratio is
        that of the later second label for the later first label.
    alternative : "two-sided", "greater" or "less"
        "greater" asks whether the odds ratio is above 1.  Two-sided adds up all tables that are no more
        likely than the one seen, as SciPy and R do.
    level : float
        Of the confidence interval, which is two-sided for every alternative.

    Returns
    -------
    TestResult
        `statistic` and `effect` are the conditional maximum-likelihood odds ratio, with its exact interval,
        as in R's fisher.test.  The sample odds ratio a·d / (b·c), which SciPy's fisher_exact returns, is in
        `details["sample_odds_ratio"]`.  The interval comes from two one-sided tests, so it can hold 1 where
        the two-sided p is a little below 1 − level.

    Raises
    ------
    LearnerError
        As in `chi_square`, and if the table is not 2 × 2.

    References
    ----------
    Fisher 1935, doi:10.2307/2342435.

    Examples
    --------
    Fisher's lady, who told three of four cups of tea right:

    >>> result = fisher([[3, 1], [1, 3]], alternative="greater")
    >>> round(result.p_value, 4), round(result.statistic, 3)
    (0.2429, 6.408)
    """
    from scipy.stats import contingency, fisher_exact

    level = settings(alternative, level)
    counts, names, n_missing = _table(table, labels)
    if counts.shape != (2, 2):
        raise LearnerError("not-two-by-two", shape=shape_text(counts.shape))
    counts = counts.astype(np.int64)
    sample, p_value = fisher_exact(counts, alternative)
    found = contingency.odds_ratio(counts, kind="conditional")
    low, high = found.confidence_interval(level)
    odds = float(found.statistic)
    return TestResult(
        "fisher", odds, min(1.0, float(p_value)), tuple(int(k) for k in counts.sum(axis=1)), "fisher",
        alternative,
        effect=Estimate("effect-fisher", odds, float(low), float(high), level),
        n_missing=n_missing,
        names=names,
        details={"sample_odds_ratio": float(sample)},
    )  # fmt: skip


def _table(table: object, labels: object) -> tuple[np.ndarray, tuple[str, ...], int]:
    """Counts as float64, names of the rows, and how many patients lacked a label."""
    if labels is None:
        counts, names, n_missing = _given(table), (), 0
    else:
        counts, names, n_missing = _counted(table, labels)
    if min(counts.shape) < 2:
        raise LearnerError("one-category", shape=shape_text(counts.shape))
    for axis, key in ((1, "empty-row"), (0, "empty-column")):
        empty = np.flatnonzero(counts.sum(axis=axis) == 0)
        if len(empty):
            raise LearnerError(key, k=int(empty[0]) + 1)
    return counts, names, n_missing


def _given(table: object) -> np.ndarray:
    counts, _ = matrix(table, "table")
    if np.any(counts < 0) or np.any(counts != np.floor(counts)):
        odd = counts[(counts < 0) | (counts != np.floor(counts))][0]
        raise LearnerError("no-counts", given=f"{odd:g}")
    return counts


def _counted(first: object, second: object) -> tuple[np.ndarray, tuple[str, ...], int]:
    """Count the pairs of labels; categories in ascending order."""
    first, second = _labels(first, "table"), _labels(second, "labels")
    n = same_length(table=len(first), labels=len(second))
    both = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    if not both:
        raise LearnerError("no-labels", n=n)
    rows, columns = _ordered({a for a, _ in both}), _ordered({b for _, b in both})
    counts = np.zeros((len(rows), len(columns)))
    row_of, column_of = {a: i for i, a in enumerate(rows)}, {b: j for j, b in enumerate(columns)}
    for a, b in both:
        counts[row_of[a], column_of[b]] += 1
    return counts, tuple(map(str, rows)), n - len(both)


def _labels(values: object, name: str) -> list:
    """Labels as plain Python values, None where one is missing (None, NaN, pandas' NA)."""
    array = np.asarray(values, dtype=object)
    if array.ndim != 1:
        raise LearnerError("not-a-column", name=name, shape=shape_text(array.shape))
    plain = (each.item() if isinstance(each, np.generic) else each for each in array)
    return [None if each is None or type(each).__name__ in ("NAType", "NaTType") or each != each else each
            for each in plain]  # fmt: skip


def _ordered(labels: set) -> list:
    try:
        return sorted(labels)
    except TypeError:  # numbers beside texts
        return sorted(labels, key=lambda label: (type(label).__name__, str(label)))
