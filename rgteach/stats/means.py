"""Two groups, two means: the t tests of Welch and of Student."""

from __future__ import annotations

from math import exp, sqrt
from typing import NamedTuple

import numpy as np

from rgteach.doors import door
from rgteach.errors import LearnerError
from rgteach.stats.groups import group, settings, two_names
from rgteach.stats.result import Estimate, TestResult
from rgteach.stats.tails import normal_quantile, t_p, t_quantile


@door
def welch(
    x: object,
    y: object,
    *,
    alternative: str = "two-sided",
    level: float = 0.95,
    names: tuple[str, str] | None = None,
) -> TestResult:
    """Welch's t test: are the means of two independent groups the same, whatever their variances?

    Parameters
    ----------
    x, y : array-like, shape (n_x,) and (n_y,)
        One value a patient, two in each group at least; missing values are left out and counted.
    alternative : "two-sided", "greater" or "less"
        "greater" asks whether the mean of x is above that of y.
    level : float
        Of the confidence intervals, which are two-sided for every alternative.
    names : two str, optional
        What the groups are called in the views.

    Returns
    -------
    TestResult
        `statistic` is t, `details["df"]` Welch's degrees of freedom.  `shift` is the difference of the
        means, x − y, in the unit of the data.  `effect` is Cohen's d with the mean of both variances below
        the line and Bonett's interval, which does not need them to be equal.

        All values the same: p = 1, with a flag.

    Raises
    ------
    LearnerError
        If a group has fewer than two values, or both are constant and differ: without any spread t has no
        scale.

    References
    ----------
    Welch 1947, doi:10.2307/2332510; interval of d: Bonett 2008, doi:10.1037/1082-989X.13.2.99.

    Examples
    --------
    >>> result = welch([5.1, 4.9, 6.2, 5.8], [4.1, 4.4, 3.9, 4.9])
    >>> round(result.statistic, 3), round(result.details["df"], 2), round(result.p_value, 4)
    (3.152, 5.44, 0.0225)
    """
    level = settings(alternative, level)
    names = two_names(names)
    two = _summary(x, y, names)
    if not two.spread:
        return _flat("welch", two, alternative, names, two.n_x + two.n_y - 2)
    a, b = two.var_x / two.n_x, two.var_y / two.n_y
    df = (a + b) ** 2 / (a**2 / (two.n_x - 1) + b**2 / (two.n_y - 1))
    return _answer("welch", two, sqrt(a + b), df, alternative, level, names, _cohens_d(two, level))


@door
def student(
    x: object,
    y: object,
    *,
    alternative: str = "two-sided",
    level: float = 0.95,
    names: tuple[str, str] | None = None,
) -> TestResult:
    """Student's t test: are the means of two independent groups of equal variance the same?

    Parameters
    ----------
    x, y, alternative, level, names
        As in `welch`, which is the safer choice: where variances and group sizes both differ, Student's test
        rejects too often or too seldom.

    Returns
    -------
    TestResult
        `statistic` is t with `details["df"]` = n_x + n_y − 2.  `shift` is the difference of the means with
        its t interval.  `effect` is Hedges' g, Cohen's d without its bias in small groups, with the
        large-sample interval of Hedges and Olkin (1985, chapter 5); it is rough below ten a group.

    Raises
    ------
    LearnerError
        As in `welch`.

    References
    ----------
    Student 1908, doi:10.2307/2331554; g: Hedges 1981, doi:10.3102/10769986006002107.

    Examples
    --------
    >>> result = student([5.1, 4.9, 6.2, 5.8], [4.1, 4.4, 3.9, 4.9])
    >>> round(result.statistic, 3), result.details["df"], round(result.p_value, 4)
    (3.152, 6, 0.0198)
    """
    level = settings(alternative, level)
    names = two_names(names)
    two = _summary(x, y, names)
    df = two.n_x + two.n_y - 2
    if not two.spread:
        return _flat("student", two, alternative, names, df)
    pooled = ((two.n_x - 1) * two.var_x + (two.n_y - 1) * two.var_y) / df
    error = sqrt(pooled * (1 / two.n_x + 1 / two.n_y))
    return _answer("student", two, error, df, alternative, level, names, _hedges_g(two, pooled, df, level))


class _Two(NamedTuple):
    """What a t test needs to know of two groups."""

    n_x: int
    n_y: int
    difference: float  # mean of x − mean of y
    var_x: float
    var_y: float
    n_missing: int

    @property
    def spread(self) -> bool:
        return self.var_x > 0 or self.var_y > 0


def _summary(x: object, y: object, names: tuple[str, str]) -> _Two:
    """Means and variances, counted from the first value of x: an offset of 1e8 costs no digit then."""
    (x, x_lost), (y, y_lost) = group(x, names[0], 2), group(y, names[1], 2)
    x, y = x - x[0], y - x[0]
    return _Two(len(x), len(y), float(x.mean() - y.mean()), _variance(x), _variance(y), x_lost + y_lost)


def _variance(values: np.ndarray) -> float:
    """Sample variance, exactly 0 if all values are the same."""
    return float(np.var(values - values[0], ddof=1))


def _answer(
    test: str, two: _Two, error: float, df: float, alternative: str, level: float, names, effect: Estimate
) -> TestResult:
    t = two.difference / error
    reach = t_quantile(level, df) * error
    ends = two.difference - reach, two.difference + reach
    return TestResult(
        test, t, t_p(t, df, alternative), (two.n_x, two.n_y), test, alternative,
        effect=effect,
        shift=Estimate("shift-mean-difference", two.difference, *ends, level),
        n_missing=two.n_missing,
        names=names,
        details={"df": df},
    )  # fmt: skip


def _flat(test: str, two: _Two, alternative: str, names: tuple[str, str], df: int) -> TestResult:
    """The answer where no value differs from any other."""
    if two.difference:
        raise LearnerError("no-spread", x=names[0], y=names[1])
    return TestResult(
        test, 0.0, 1.0, (two.n_x, two.n_y), test, alternative,
        flags=("flag-all-tied",), n_missing=two.n_missing, names=names, details={"df": df},
    )  # fmt: skip


def _cohens_d(two: _Two, level: float) -> Estimate:
    """The difference in units of the mean standard deviation, with Bonett's interval for unequal ones."""
    variance = (two.var_x + two.var_y) / 2
    d = two.difference / sqrt(variance)
    df_x, df_y = two.n_x - 1, two.n_y - 1
    own_error = d**2 * (two.var_x**2 / df_x + two.var_y**2 / df_y) / (8 * variance**2)
    error = sqrt(own_error + (two.var_x / df_x + two.var_y / df_y) / variance)
    reach = normal_quantile(level) * error
    return Estimate("effect-cohens-d", d, d - reach, d + reach, level)


def _hedges_g(two: _Two, pooled: float, df: int, level: float) -> Estimate:
    from scipy.special import gammaln

    unbias = exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / sqrt(df / 2)
    g = unbias * two.difference / sqrt(pooled)
    n = two.n_x + two.n_y
    reach = normal_quantile(level) * sqrt(n / (two.n_x * two.n_y) + g**2 / (2 * n))
    return Estimate("effect-hedges-g", g, g - reach, g + reach, level)
