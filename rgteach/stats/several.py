"""Several groups at once: Kruskal and Wallis compare their ranks, Levene their spreads."""

from __future__ import annotations

import numpy as np

from rgteach.core.ranks import midranks2
from rgteach.doors import door, one_of
from rgteach.errors import LearnerError
from rgteach.stats.groups import groups
from rgteach.stats.result import Estimate, TestResult

CENTERS = {"median": np.median, "mean": np.mean}
FEW_FOR_CHI_SQUARE = 5  # patients in the smallest group


@door
def kruskal(*samples: object) -> TestResult:
    """Kruskal and Wallis: do two groups or more have values of the same height?

    Parameters
    ----------
    *samples : array-like
        One argument a group, such as a feature at copy number 1, 2, 3 …; missing values are left out.

    Returns
    -------
    TestResult
        `statistic` is H, corrected for ties; p from chi-square with k − 1 degrees of freedom, flagged as
        rough where a group has fewer than 5 patients.  `effect` is ε² = H / (n − 1), the share of the
        variance of the ranks that lies between the groups, without interval.  All values the same: p = 1,
        with a flag.

    References
    ----------
    Kruskal and Wallis 1952, doi:10.1080/01621459.1952.10483441.

    Examples
    --------
    >>> result = kruskal([1, 2, 3], [4, 5, 6], [7, 8, 9])
    >>> round(result.statistic, 6), round(result.p_value, 6), round(result.effect.value, 6)
    (7.2, 0.027324, 0.9)
    """
    from scipy.special import chdtrc

    values, n_missing = groups(samples, "kruskal")
    sizes = np.array([len(each) for each in values])
    every = np.concatenate(values)
    n, ranks2 = len(every), np.empty(len(every), np.int64)
    tie_sum = midranks2(every, np.argsort(every), ranks2)
    df = len(sizes) - 1
    if tie_sum == n**3 - n:
        h, flags = 0.0, ("flag-all-tied",)
    else:
        sums2 = np.add.reduceat(ranks2, np.cumsum(sizes) - sizes)
        above = (sums2 - sizes * (n + 1)) / 2  # distance of each rank sum from its mean: no digits are lost
        h = float(12 / (n * (n + 1)) * np.sum(above**2 / sizes) / (1 - tie_sum / (n**3 - n)))
        flags = ("flag-few-for-chi-square",) if sizes.min() < FEW_FOR_CHI_SQUARE else ()
    return TestResult(
        "kruskal", h, float(chdtrc(df, h)), tuple(sizes.tolist()), "kruskal", None,
        effect=Estimate("effect-epsilon-squared", h / (n - 1)),
        flags=flags,
        n_missing=n_missing,
        details={"df": df},
    )  # fmt: skip


@door
def levene(*samples: object, center: str = "median") -> TestResult:
    """Levene's test: are the values of two groups or more equally spread out?

    Parameters
    ----------
    *samples : array-like
        One argument a group, two values each at least; missing values are left out.
    center : "median" or "mean"
        What the distances are taken from.  "median" is Brown and Forsythe's version, as in SciPy and R's
        car; "mean" is Levene's own, which rejects too often for skewed values.

    Returns
    -------
    TestResult
        `statistic` is F of the distances, with `details["df"]` and `details["df_within"]`.  `effect` is the
        mean distance of the widest group over that of the narrowest, without interval.  All values of every
        group the same: p = 1, with a flag.

    Raises
    ------
    LearnerError
        If the distances do not vary within any group (as always with two patients a group) but differ
        between them: F would be something over 0.

    References
    ----------
    Brown and Forsythe 1974, doi:10.1080/01621459.1974.10482955.

    Examples
    --------
    >>> result = levene([1, 2, 3, 4], [2, 8, 14, 26])
    >>> round(result.statistic, 3), round(result.p_value, 3), result.effect.value
    (5.07, 0.065, 7.5)
    """
    from scipy.special import fdtrc

    middle = CENTERS[one_of("center", center, CENTERS)]
    values, n_missing = groups(samples, "levene", 2)
    away = []
    for each in values:
        steps = each - each[0]  # from the first value on: an offset of 1e8 costs no digit then
        away.append(np.abs(steps - middle(steps)))
    sizes = np.array([len(each) for each in values])
    df, df_within = len(sizes) - 1, int(sizes.sum()) - len(sizes)
    f, widest = _f_of(away), Estimate("effect-spread-ratio", _ratio(away))
    flat = not np.concatenate(away).any()
    return TestResult(
        "levene", f, float(fdtrc(df, df_within, f)), tuple(sizes.tolist()), f"levene-{center}", None,
        effect=None if flat else widest,
        flags=("flag-no-spread",) if flat else (),
        n_missing=n_missing,
        details={"df": df, "df_within": df_within},
    )  # fmt: skip


def _f_of(values: list[np.ndarray]) -> float:
    """F of a one-way analysis of variance."""
    every = np.concatenate(values)
    grand, means = every.mean(), [each.mean() for each in values]
    between = sum(len(each) * (mean - grand) ** 2 for each, mean in zip(values, means, strict=True))
    within = sum(float(np.sum((each - mean) ** 2)) for each, mean in zip(values, means, strict=True))
    n, k = len(every), len(values)
    if within <= (1e-15 * grand) ** 2 * n:  # nothing but the rounding of the distances
        if between <= (1e-15 * grand) ** 2 * n:
            return 0.0
        raise LearnerError("distances-alike", k=k)
    return float(between / (k - 1) / (within / (n - k)))


def _ratio(away: list[np.ndarray]) -> float:
    """The mean distance of the widest group over that of the narrowest."""
    means = [float(each.mean()) for each in away]
    return max(means) / min(means) if min(means) else float("inf")
