"""Logistic regression: which columns go with an event, and by how much they change its odds."""

from __future__ import annotations

import numpy as np

from rgteach.core.logistic import evaluate
from rgteach.doors import between, door, one_of
from rgteach.errors import warn
from rgteach.models.logistic import separation
from rgteach.models.logistic.likelihood import Climber, Fit, covariance
from rgteach.models.logistic.problem import Problem, problem
from rgteach.models.logistic.result import LogisticResult

EVENTS_PER_COLUMN = 10  # Peduzzi et al. 1996, doi:10.1016/S0895-4356(96)00236-3


@door
def logistic(
    X: object,
    y: object,
    *,
    weights: object = None,
    offset: object = None,
    intercept: bool = True,
    method: str = "ml",
    event: object = None,
    missing: str = "error",
    level: float = 0.95,
) -> LogisticResult:
    """Fit log(odds of an event) = intercept + X coef by maximum likelihood, or with Firth's penalty.

    Parameters
    ----------
    X : array or DataFrame, shape (n, p)
        One row a patient, one column a feature, in any units.
    y : array of two values, shape (n,)
        0 and 1, False and True, two numbers or two labels.  The event is the larger number, True, or the
        label that comes second in the alphabet, unless `event` names it; the result says which it was.
    weights : array, shape (n,), optional
        How many patients each row stands for.  Rows of weight 0 are left out and counted.
    offset : array, shape (n,), optional
        A part of the log odds that is known.
    intercept : bool
        Whether the model has one.
    method : "ml" or "firth"
        Maximum likelihood, or Firth's penalised likelihood: finite estimates with less bias for few events
        and for separated data.  Its fitted probabilities lie a little nearer to 1/2 on average than the share
        of events.
    event : optional
        The value of y that is the event.
    missing : "error" or "drop"
        Whether rows with missing values are refused, or left out and counted in `n_missing`.
    level : float
        Of the confidence intervals.

    Returns
    -------
    LogisticResult
        Wald tests and intervals at once; likelihood-ratio and score tests and profile intervals when they
        are asked for (`p_lr`, `p_score`, `interval("profile")`).

    Raises
    ------
    LearnerError
        One class only; a constant or collinear column (by name); as many columns as rows; missing values.

    Warns
    -----
    LearnerWarning
        If the data are separated.  The estimates of the columns named in `separation` are then infinite: they
        are given as ±inf (NaN where even the sign is open), never as a large number at which a program
        happened to stop.  Likelihood-ratio p-values and profile intervals keep their meaning.

    Notes
    -----
    Newton's method with step halving on columns that are centred and divided by their range, so that neither
    units nor a shift of 1e8 matter.  Separation is told exactly, see `models.logistic.separation`: a gap
    between the classes counts from 1e-7 of a column's range.  Standard errors come from the inverse
    information; of separated data, those of finite coefficients are from the patients who are not told
    apart, the limit of the usual ones.  Firth's tests and intervals use the penalty of the full model, as in
    R's logistf.  Scikit-learn penalises unless told not to (its `C`), so its coefficients differ by default.

    References
    ----------
    Albert and Anderson 1984, doi:10.1093/biomet/71.1.1; Firth 1993, doi:10.1093/biomet/80.1.27; Heinze and
    Schemper 2002, doi:10.1002/sim.1047; Konis 2007, Computational algorithms for detecting infinite
    coefficients, University of Oxford.

    Examples
    --------
    Of 10 carriers 6 have the event, of 10 others 2: the log odds ratio is log(6 · 8 / (4 · 2)) = log 6.

    >>> carrier = [1] * 10 + [0] * 10
    >>> response = [1] * 6 + [0] * 4 + [1] * 2 + [0] * 8
    >>> fit = logistic(carrier, response)
    >>> round(float(np.exp(fit.coef[0])), 6), round(float(fit.se[0]), 6)
    (6.0, 1.020621)
    """
    one_of("method", method, ("ml", "firth"))
    one_of("missing", missing, ("error", "drop"))
    between("level", level, 0, 1)
    posed = problem(
        X,
        y,
        weights,
        offset,
        intercept=bool(intercept),
        firth=method == "firth",
        event=event,
        missing=missing,
    )
    every = np.arange(posed.design.shape[1])
    fit = Climber(posed, every).climb(posed.start)
    result = _result(posed, fit, every, method, float(level))
    if result.separation:
        told = ", ".join(result.separation.columns or result.separation.undetermined)
        warn(f"logistic-separated-{result.separation.kind}", columns=told, n=result.separation.n_apart)
    return result


def _result(posed: Problem, fit: Fit, every: np.ndarray, method: str, level: float) -> LogisticResult:
    """Back to the columns as they were given."""
    first, told = int(posed.intercept), None
    turn = posed.unscale
    estimate, spread = turn.dot(fit.coef), turn.dot(covariance(posed, fit, every)).dot(turn.T)
    if fit.cut is not None:
        told = _infinite(posed, fit, estimate, spread)
    se = np.sqrt(spread.diagonal())
    loglik = fit.loglik if not posed.firth else evaluate(posed.design, posed.cases, fit.coef)[0]
    return LogisticResult(
        names=posed.names,
        coef=estimate[first:],
        se=se[first:],
        intercept=float(estimate[0]) if first else 0.0,
        intercept_se=float(se[0]) if first else np.nan,
        covariance=spread,
        loglik=float(loglik),
        penalised_loglik=float(fit.loglik + np.log(posed.scale).sum()) if posed.firth else np.nan,
        n=_count(posed.n),
        n_events=_count(posed.n_events),
        n_iterations=int(fit.n_steps),
        method=method,
        level=level,
        separation=told,
        flags=_flags(posed, told, min(posed.n_events, posed.n - posed.n_events)),
        problem=posed,
        fit=fit,
    )


def _infinite(posed: Problem, fit: Fit, estimate: np.ndarray, spread: np.ndarray) -> separation.Separation:
    """Put infinity where the likelihood of separated data rises for ever, NaN where its sign is open."""
    turn = posed.unscale
    lost = separation.depends(turn, fit.cut)
    estimate[lost] = separation.limits(turn[lost], posed.design, posed.sign)
    spread[lost] = np.nan
    spread[:, lost] = np.nan
    first = int(posed.intercept)
    of_columns = estimate[first:]
    return separation.Separation(
        kind="complete" if fit.cut.is_complete else "quasi",
        columns=tuple(name for name, b in zip(posed.names, of_columns, strict=True) if np.isinf(b)),
        undetermined=tuple(name for name, b in zip(posed.names, of_columns, strict=True) if np.isnan(b)),
        n_apart=int(fit.cut.rows.sum()),
    )


def _flags(posed: Problem, told, n_rarer: float) -> tuple[str, ...]:
    flags = []
    if told is not None:
        flags.append(f"logistic-flag-{told.kind}")
        if told.undetermined:
            flags.append("logistic-flag-undetermined")
    if n_rarer < EVENTS_PER_COLUMN * len(posed.names):
        flags.append("logistic-flag-few-events")
    return tuple(flags)


def _count(total: float) -> int | float:
    return int(total) if total == int(total) else float(total)
