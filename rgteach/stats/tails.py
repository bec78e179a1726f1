"""Tails of the t distribution and the normal quantile of a level, asked for by several tests."""

from __future__ import annotations


def t_p(t: float, df: float, alternative: str) -> float:
    """P-value of a t statistic; the small tail is asked for directly, so it is right down to 1e-300.

    Examples
    --------
    >>> f"{t_p(2.0, 10, 'two-sided'):.4f}", f"{t_p(60.0, 100, 'greater'):.2g}"
    ('0.0734', '1.6e-80')
    """
    from scipy.special import stdtr

    if alternative == "two-sided":
        return float(2 * stdtr(df, -abs(t)))
    return float(stdtr(df, t if alternative == "less" else -t))


def t_quantile(level: float, df: float) -> float:
    """How many standard errors a two-sided interval reaches to either side."""
    from scipy.special import stdtrit

    return -float(stdtrit(df, (1 - level) / 2))


def normal_quantile(level: float) -> float:
    """The same for the normal distribution: 1.96 at 0.95."""
    from scipy.special import ndtri

    return -float(ndtri((1 - level) / 2))
