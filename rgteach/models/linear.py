"""Linear regression: how a measured outcome moves with the columns, by least squares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rgteach.doors import between, column, door, matrix, one_of, same_length
from rgteach.errors import LearnerError
from rgteach.models.design import EPS, case_weights, refuse_collinear
from rgteach.models.linear_result import Comparison, LinearResult


@door
def linear(
    X: object,
    y: object,
    *,
    weights: object = None,
    intercept: bool = True,
    errors: str = "classic",
    level: float = 0.95,
) -> LinearResult:
    """Fit y = intercept + X coef + error by least squares.

    Parameters
    ----------
    X : array or DataFrame, shape (n, p)
        One row a patient, one column a feature, in any units.
    y : array, shape (n,)
        The measured outcome.
    weights : array, shape (n,), optional
        The variance of a row's error is residual_sd² / weight.  Rows of weight 0 are left out of everything,
        the number of patients and the degrees of freedom too; only ratios of weights matter for the tests.
    intercept : bool
        Whether the model has one.  Without it R² and the F test compare with y = 0, as R and statsmodels do.
    errors : "classic" or "hc3"
        Standard errors for errors of one variance, or those that also hold when the variance differs between
        patients (MacKinnon and White's HC3).  Coefficients, R² and the F test are the same for both.
    level : float
        Of the confidence intervals.

    Returns
    -------
    LinearResult
        `coef`, `se`, `t`, `p_value` and `interval()` by column, `r2`, `residual_sd`, `f_statistic`, `aic`, …

    Raises
    ------
    LearnerError
        "constant-columns" or "collinear-columns" with their names, "too-few-rows" if there are not more rows
        than coefficients, "case-weights", or what the doors say about gaps, infinities and text.

    Notes
    -----
    Columns and y are centred at their weighted means, divided by their length and factored as QR (the normal
    equations X'X would square the condition number), and the solution is refined once with its own residuals.
    A shift of 1e8 in a column costs the digits that the shift itself takes from the numbers, and no others.

    AIC is R's: −2 log-likelihood + 2 (number of coefficients + 1 for the residual sd).  Statsmodels leaves
    the 1 out.  Tests under "hc3" use t with n − k degrees of freedom; statsmodels takes the normal law.

    References
    ----------
    HC3: MacKinnon and White 1985, doi:10.1016/0304-4076(85)90158-7; Long and Ervin 2000,
    doi:10.1080/00031305.2000.10474549.

    Examples
    --------
    By hand: means 2 and 4, Sxy = 5, Sxx = 2, so the slope is 5 / 2.

    >>> fit = linear([1, 2, 3], [2, 3, 7])
    >>> round(float(fit.coef[0]), 12), round(fit.intercept, 12)
    (2.5, -1.0)
    """
    one_of("errors", errors, ("classic", "hc3"))
    level = between("level", level, 0, 1)
    X, names = matrix(X, "X")
    y = column(y, "y")
    n_given = same_length(X=len(X), y=len(y))
    weights = case_weights(weights, n_given)
    used = weights > 0
    X, y, weights = X[used], y[used], weights[used]
    _check(X, names, bool(intercept))
    return _fit(X, y, weights, bool(intercept), names, errors, level, n_given)


@door
def compare(small: LinearResult, large: LinearResult) -> Comparison:
    """F test of two nested models: whether the columns that only the large one has explain anything.

    Parameters
    ----------
    small, large : LinearResult
        Fits to the same patients and weights; every column of the small one is in the large one.

    Raises
    ------
    LearnerError
        "not-nested" with the columns that the large model lacks, or "not-the-same-rows".

    Examples
    --------
    >>> x = np.arange(6.0)
    >>> result = compare(linear(x[:, None], x**2), linear(np.c_[x, x**3], x**2))
    >>> result.df, result.p_value < 0.01
    ((1, 3), True)
    """
    lacking = [name for name in small.names if name not in large.names]
    if lacking or len(small.names) >= len(large.names) or small.has_intercept > large.has_intercept:
        told = ", ".join(lacking) or ", ".join(small.names)
        raise LearnerError("not-nested", told=told, n_small=len(small.names), n_large=len(large.names))
    same = np.array_equal(small.y, large.y) and np.array_equal(small.weights, large.weights)
    if not same or small.has_intercept != large.has_intercept:
        raise LearnerError("not-the-same-rows", n_small=small.n, n_large=large.n)
    df = len(large.names) - len(small.names), large.df
    gain = max(small.rss - large.rss, 0.0)
    statistic = np.inf if large.rss == 0 else gain / df[0] / (large.rss / df[1])
    return Comparison(float(statistic), _f_tail(*df, statistic), df, small.aic, large.aic)


def _check(X: np.ndarray, names: tuple[str, ...], intercept: bool) -> None:
    n, p = X.shape
    if not p:
        raise LearnerError("no-columns")
    if n <= p + intercept:
        raise LearnerError("too-few-rows", n=n, k=p + intercept, p=p)
    refuse_collinear(X, names, with_intercept=intercept)


class _Factored(NamedTuple):
    """Centred, weighted columns of length one, and their factors."""

    unit: np.ndarray
    target: np.ndarray
    Q: np.ndarray
    R: np.ndarray
    size: np.ndarray
    mean: np.ndarray
    y_mean: float
    root: np.ndarray
    intercept_share: (
        np.ndarray
    )  # what each row adds to the mean of y, weight / total; zeros without intercept


def _factored(X: np.ndarray, y: np.ndarray, weights: np.ndarray, intercept: bool) -> _Factored:
    root = np.sqrt(weights)
    mean, y_mean = (_mean(X, weights), float(_mean(y, weights))) if intercept else (np.zeros(X.shape[1]), 0.0)
    unit, target = root[:, None] * (X - mean), root * (y - y_mean)
    size = np.abs(unit).max(axis=0)
    size = size * np.sqrt(np.square(unit / size).sum(axis=0))
    unit = unit / size
    share = weights / weights.sum() if intercept else np.zeros(len(y))
    return _Factored(unit, target, *np.linalg.qr(unit), size, mean, y_mean, root, share)


def _fit(X, y, weights, intercept, names, errors, level, n_given) -> LinearResult:
    """Least squares on the factored columns, and back to the columns as they were given."""
    made = _factored(X, y, weights, intercept)
    solved = _refined(made)
    coef, residuals = solved / made.size, made.target - made.unit @ solved
    df = len(y) - X.shape[1] - intercept
    rss, tss = float(residuals @ residuals), float(made.target @ made.target)
    spread = _sandwich(made, residuals) if errors == "hc3" else rss / df * _inverse_information(made)
    if not intercept:
        spread = spread[1:, 1:]
    flags = {
        "linear-perfect": _is_perfect(X, y, coef, made.root, rss),
        "linear-flat-outcome": tss == 0,
        "linear-alone": np.isnan(spread).any(),
    }
    return LinearResult(
        names=names,
        coef=coef,
        intercept=float(made.y_mean - made.mean @ coef),
        has_intercept=intercept,
        covariance=spread,
        rss=rss,
        tss=tss,
        df=df,
        n=len(y),
        n_zero_weight=n_given - len(y),
        errors=errors,
        level=level,
        flags=tuple(flag for flag, holds in flags.items() if holds),
        y=y,
        weights=weights,
        fitted=y - residuals / made.root,
    )


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted means, then of what is left around them: a shift of 1e8 takes no digits."""
    first = np.average(values, axis=0, weights=weights)
    return first + np.average(values - first, axis=0, weights=weights)


def _refined(made: _Factored) -> np.ndarray:
    """Solve by QR, then once more for what the first solution leaves."""
    solved = np.linalg.solve(made.R, made.Q.T @ made.target)
    return solved + np.linalg.solve(made.R, made.Q.T @ (made.target - made.unit @ solved))


def _influence(made: _Factored) -> np.ndarray:
    """How far a weighted residual of 1 in a row moves intercept and coefficients, shape (n, 1 + p)."""
    on_coef = made.Q @ np.linalg.inv(made.R).T / made.size
    return np.column_stack([made.intercept_share / made.root - on_coef @ made.mean, on_coef])


def _inverse_information(made: _Factored) -> np.ndarray:
    """(X'WX)⁻¹ of the intercept and the columns."""
    inverse = np.linalg.inv(made.R) / made.size[:, None]
    inner = inverse @ inverse.T
    with_mean = inner @ made.mean
    corner = (made.intercept_share / made.root**2)[0] + made.mean @ with_mean
    return np.block([[np.array([[corner]]), -with_mean[None, :]], [-with_mean[:, None], inner]])


def _sandwich(made: _Factored, residuals: np.ndarray) -> np.ndarray:
    """HC3: each row moves the estimate by its influence times its residual as if it had been left out."""
    leverage = np.square(made.Q).sum(axis=1) + made.intercept_share
    moved = _influence(made) * (residuals / np.where(leverage > 1 - 1e-10, np.nan, 1 - leverage))[:, None]
    return moved.T @ moved


def _is_perfect(X, y, coef, root, rss: float) -> bool:
    """Whether the residuals are no more than the rounding of the numbers that went in."""
    rounding = EPS * (np.abs(y).max() + np.abs(X).max(axis=0) @ np.abs(coef))
    return rss <= len(y) * (16 * rounding * root.max()) ** 2


def _f_tail(df1: int, df2: int, statistic: float) -> float:
    from scipy.special import fdtrc

    return float(fdtrc(df1, df2, statistic)) if np.isfinite(statistic) else 0.0
