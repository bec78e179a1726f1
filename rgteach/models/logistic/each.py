"""One logistic regression for every feature (and every gene): which of them go with an event."""

from __future__ import annotations

import numpy as np

from rgteach.core import logistic_each as core
from rgteach.core.inverse import inverse
from rgteach.core.logistic import climb
from rgteach.doors import door, matrix, same_length
from rgteach.errors import LearnerError
from rgteach.models.design import refuse_collinear
from rgteach.models.logistic import separation
from rgteach.models.logistic.each_result import COVARIATES, NO_TOP, UNDETERMINED, EachResult
from rgteach.models.logistic.intervals import without
from rgteach.models.logistic.likelihood import SURE, Climber, covariance
from rgteach.models.logistic.problem import NEARLY, pose, two_classes

_NOTHING = (np.nan,) * 4


@door
def logistic_each(
    features: object, y: object, *, covariates: object = None, event: object = None
) -> EachResult:
    """Fit log(odds of an event) = intercept + covariates + one feature, for every feature in turn.

    Parameters
    ----------
    features : array or DataFrame, shape (n, f)
        NaN where a feature is missing: that fit leaves the patient out, the others do not.
    y : array of two values, shape (n,), or array or DataFrame, shape (n, g)
        The event, as for `logistic`; or one column a gene, of two numbers each, the larger of which is the
        event.  NaN is missing.
    covariates : array or DataFrame, shape (n, c), optional
        Columns that are in every fit, such as age.  Patients who lack one are in no fit.
    event : optional
        The value of y that is the event, if y is one column.

    Returns
    -------
    EachResult
        Arrays of shape (f,), or (f, g) if y has a column for each gene.  Nothing is adjusted for the number
        of fits: pass `p_lr` to `adjust`.

    Raises
    ------
    LearnerError
        More than two values in an outcome, collinear covariates, different numbers of patients.

    Notes
    -----
    The same numbers as `logistic([covariates, feature], y)` to ten digits, without the price of a call for
    each. A feature without covariates is separated exactly if its ranges in the two classes do not overlap,
    so this is looked up and not guessed; with covariates, fits that do not pass the proof of
    `models.logistic.likelihood` are decided one by one by a linear programme.  A feature that is constant
    among its patients, or a gene that nobody or everybody carries, gets NaN and a reason instead of a number.

    Examples
    --------
    >>> result = logistic_each([[1, 0], [2, 1], [3, 0], [4, 1], [5, 1], [6, 0]], [0, 0, 1, 0, 1, 1])
    >>> result.p_lr.round(4).tolist()
    [0.0667, 0.4097]
    """
    features, names = matrix(features, "features", gaps=True)
    outcomes, genes = _outcomes(y, event)
    lengths = {"features": len(features), "y": len(outcomes)}
    base, c_names = None, ()
    if covariates is not None:
        base, c_names = matrix(covariates, "covariates", gaps=True)
        lengths["covariates"] = len(base)
    same_length(**lengths)
    columns, centre, scale = _scaled(features.T)
    if base is not None:
        _check_covariates(base, c_names)
        base = np.column_stack([np.ones(len(base)), _scaled(base.T)[0].T])
    shape = (len(names), outcomes.shape[1])
    numbers = {name: np.empty(shape) for name in ("coef", "se", "loglik", "null_loglik", "n", "n_events")}
    state = np.empty(shape, np.uint8)
    out = np.empty((len(names), 7))
    for g in range(shape[1]):
        outcome = np.ascontiguousarray(outcomes[:, g])
        if base is None:
            core.each_slope(columns, outcome, out)
        else:
            _adjusted(base, columns, outcome, out)
        _decide_suspects(base, columns, outcome, out)
        for k, values in enumerate(numbers.values()):
            values[:, g] = out[:, k]
        state[:, g] = out[:, 6]
    numbers["coef"] /= scale[:, None]
    numbers["se"] /= scale[:, None]
    return _result(numbers, state, names, genes, c_names)


def _result(numbers, state, names, genes, c_names) -> EachResult:
    rise = 2 * (numbers.pop("loglik") - numbers.pop("null_loglik"))
    arrays = {**numbers, "lr_statistic": np.maximum(rise, 0.0), "state": state}
    arrays["n"], arrays["n_events"] = arrays["n"].astype(np.int64), arrays["n_events"].astype(np.int64)
    if genes is None:
        arrays = {name: values[:, 0] for name, values in arrays.items()}
    return EachResult(features=names, outcomes=genes or ("y",), covariates=c_names, **arrays)


def _outcomes(y: object, event: object) -> tuple[np.ndarray, tuple[str, ...] | None]:
    """Columns of 0, 1 and NaN (n, g), and their names if y is a table."""
    shape = getattr(y, "shape", None) or np.shape(np.asarray(y, dtype=object))
    if len(shape) < 2:
        return two_classes(y, event, gaps=True)[0][:, None], None
    table, names = matrix(y, "y", gaps=True)
    for g, name in enumerate(names):
        values = table[:, g]
        known = values[~np.isnan(values)]
        if len(known) and np.all((known == 0) | (known == 1)):
            continue
        if len(np.unique(known)) > 2:
            shown = f"{known.min():g}, …, {known.max():g}"
            raise LearnerError("logistic-many-classes", name=name, shown=shown)
        if len(np.unique(known)) == 2:
            table[:, g] = np.where(np.isnan(values), np.nan, values == known.max())
    return table, names


def _scaled(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows (p, n) centred and divided by their largest size, with what that was; NaN stays NaN."""
    known = ~np.isnan(columns)
    first = np.where(known.any(axis=1), columns[np.arange(len(columns)), known.argmax(axis=1)], 0.0)
    apart = np.where(known, columns - first[:, None], 0.0)
    centre = first + apart.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    scaled = columns - centre[:, None]
    scale = np.abs(np.where(known, scaled, 0.0)).max(axis=1, initial=0.0)
    scale[scale == 0] = 1.0
    return np.ascontiguousarray(scaled / scale[:, None]), centre, scale


def _check_covariates(base: np.ndarray, names: tuple[str, ...]) -> None:
    complete = base[~np.isnan(base).any(axis=1)]
    if not len(complete):
        raise LearnerError("logistic-nobody-left")
    refuse_collinear(complete, names)


# ---------------------------------------------------------------- with covariates


def _adjusted(base, columns, y, out) -> None:
    """All fits of one outcome; none if the covariates alone tell its classes apart."""
    known = ~(np.isnan(base).any(axis=1) | np.isnan(y))
    alone = _Alone(base[known], y[known])
    if alone.is_separated:
        _note_covariates(columns, y, known, out)
        return
    gaps = np.isnan(columns[:, known])
    for j in range(len(columns)):
        x = columns[j, known]
        if gaps[j].any():
            seen = ~gaps[j]
            out[j] = _Alone(alone.base[seen], alone.y[seen], alone.start).and_(x[seen])
        else:
            out[j] = alone.and_(x)


class _Alone:
    """The covariates alone, fitted once for all features that miss nobody."""

    def __init__(self, base: np.ndarray, y: np.ndarray, start: np.ndarray | None = None):
        n, c = base.shape
        self.base, self.y = base, y
        self.n_events = int(np.count_nonzero(y))
        self.is_separated, self.is_sure, self.loglik = False, False, np.nan
        self.start = np.zeros(c) if start is None else start.copy()
        self.cases = np.column_stack([y, np.ones(n), np.zeros(n)])
        self.design = np.empty((n, c + 1))
        self.design[:, :c] = base
        self.every = np.arange(c + 1)
        if n > c + 1 and 0 < self.n_events < n:
            self._fit(first=start is None)

    def _fit(self, first: bool) -> None:
        self.loglik, least, _, reached, _ = climb(self.base, self.cases, self.start, self.every[:-1], False)
        self.is_sure = bool(reached and least > SURE)
        if first and not self.is_sure:
            self.is_separated = separation.find(self.base, 2 * self.y - 1) is not None

    def and_(self, x: np.ndarray) -> tuple:
        """One row of results: the covariates and a feature that is known of all these patients."""
        n, c = self.base.shape
        if not 0 < self.n_events < n:
            return (*_NOTHING, n, self.n_events, core.ONE_CLASS)
        if (x == x[0]).all():
            return (*_NOTHING, n, self.n_events, core.CONSTANT)
        if n <= c + 1:
            return (*_NOTHING, n, self.n_events, core.COLLINEAR)
        self.design[:, c] = x
        coef = np.append(self.start, 0.0)
        loglik, least, _, reached, curvature = climb(self.design, self.cases, coef, self.every, False)
        spread, left, _ = inverse(curvature)
        state = core.FITTED
        if not (self.is_sure and reached and least > SURE):
            state = core.SUSPECT
        elif left < NEARLY:
            return (*_NOTHING, n, self.n_events, core.COLLINEAR)
        return coef[c], np.sqrt(spread[c, c]), loglik, self.loglik, n, self.n_events, state


def _note_covariates(columns, y, known, out) -> None:
    """No numbers but the counts: there is nothing left for any feature to explain."""
    seen = ~np.isnan(columns[:, known])
    out[:] = np.nan
    out[:, 4], out[:, 5], out[:, 6] = seen.sum(axis=1), seen @ y[known], COVARIATES


def _decide_suspects(base, columns, y, out) -> None:
    """Settle the fits that the kernel could not vouch for, one linear programme each."""
    for j in np.flatnonzero(out[:, 6] == core.SUSPECT):
        known = ~(np.isnan(columns[j]) | np.isnan(y))
        X = columns[j][:, None]
        if base is not None:
            known &= ~np.isnan(base).any(axis=1)
            X = np.column_stack([base[:, 1:], X])
        cases = np.column_stack([y[known], np.ones(known.sum()), np.zeros(known.sum())])
        try:
            out[j, :4], out[j, 6] = _settled(X[known], cases)
        except LearnerError as error:
            out[j, :4] = np.nan
            out[j, 6] = NO_TOP if error.key == "logistic-no-top" else core.COLLINEAR


def _settled(X, cases) -> tuple[list[float], int]:
    """Slope, se and both log-likelihoods of the last column, and what became of it."""
    posed = pose(X, cases, tuple(f"x{j}" for j in range(X.shape[1])))
    every, last = np.arange(X.shape[1] + 1), X.shape[1]
    fit = Climber(posed, every).climb(posed.start)
    reduced = without(posed, fit, last)
    if reduced.cut is not None:
        return [np.nan] * 4, COVARIATES
    if fit.cut is None:
        slope, se = fit.coef[last], np.sqrt(covariance(posed, fit, every)[last, last])
        state = core.FITTED
    else:  # the covariates alone do not separate, so this column takes part in every cut
        slope, se = separation.limits(np.eye(last + 1)[[last]], posed.design, posed.sign)[0], np.nan
        up = core.COMPLETE_UP if fit.cut.is_complete else core.QUASI_UP
        state = UNDETERMINED if np.isnan(slope) else up + (slope < 0)
    scale = posed.scale[-1]
    return [slope / scale, se / scale, fit.loglik, reduced.loglik], state
