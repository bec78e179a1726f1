"""From what a learner passes to what the climb needs: two classes, scaled columns, weights, offset."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log

import numpy as np

from rgteach.core.inverse import inverse
from rgteach.core.logistic_columns import scale_columns
from rgteach.doors import column, matrix, same_length
from rgteach.errors import LearnerError
from rgteach.models.design import refuse_collinear

NEARLY = 1e-10  # 1 - R^2 of a column on those before it: se keep six digits


@dataclass(eq=False, repr=False)  # frozen, it would take three times as long to make
class Problem:
    """A logistic regression in columns that are centred and scaled.

    Attributes
    ----------
    design : array, shape (n, k)
        A column of ones first if there is an intercept, then (X - centre) / scale.
    cases : array, shape (n, 3)
        Outcome 0 or 1, weight (> 0), offset.
    names : tuple of str
        Of the columns of X.
    centre, scale : arrays, shape (p,)
    intercept, firth : bool
    classes : tuple
        The label that counts as 0 and the one that counts as 1, the event.
    start : array, shape (k,)
        Coefficients to begin with.
    n, n_events : float
        Sums of the weights.
    n_missing, n_zero_weight : int
        Patients that were left out.
    """

    design: np.ndarray
    cases: np.ndarray
    names: tuple[str, ...]
    centre: np.ndarray
    scale: np.ndarray
    intercept: bool
    firth: bool
    classes: tuple
    start: np.ndarray
    n: float
    n_events: float
    n_missing: int = 0
    n_zero_weight: int = 0

    @property
    def sign(self) -> np.ndarray:
        """+1 for an event and -1 for none, shape (n,)."""
        return 2 * self.cases[:, 0] - 1

    @property
    def unscale(self) -> np.ndarray:
        """The matrix (k, k) that turns coefficients of `design` into those of the intercept and of X."""
        first, k = int(self.intercept), self.design.shape[1]
        turn = np.zeros((k, k))
        turn.flat[first * (k + 1) :: k + 1] = 1 / self.scale
        if first:
            turn[0, 0] = 1.0
            turn[0, 1:] = -self.centre / self.scale
        return turn

    def plain(self) -> Problem:
        """The same without Firth's penalty."""
        return replace(self, firth=False)

    def scaled(self, X: np.ndarray) -> np.ndarray:
        """New patients in the columns of `design`."""
        scaled = (X - self.centre) / self.scale
        return np.column_stack([np.ones(len(X)), scaled]) if self.intercept else scaled


def problem(X, y, weights, offset, *, intercept, firth, event, missing) -> Problem:
    """Check everything, leave out what is to be left out, scale the columns."""
    gaps = missing == "drop"
    X, names = matrix(X, "X", gaps=gaps)
    y, classes = two_classes(y, event, gaps)
    lengths = {"X": len(X), "y": len(y)}
    cases = np.zeros((len(y), 3))
    cases[:, 0], cases[:, 1] = y, 1.0
    for place, name, values in ((1, "weights", weights), (2, "offset", offset)):
        if values is not None:
            values = column(values, name, gaps=gaps)
            lengths[name] = len(values)
            same_length(**lengths)
            cases[:, place] = values
    same_length(**lengths)
    n_missing = 0
    if gaps:
        known = ~(np.isnan(X).any(axis=1) | np.isnan(cases).any(axis=1))
        n_missing = int(len(known) - known.sum())
        X, cases = X[known], cases[known]
    n_zero = 0
    if weights is not None:
        X, cases, n_zero = _without_zero_weights(X, cases)
    return pose(
        X, cases, names, intercept=intercept, firth=firth, classes=classes, weighted=weights is not None,
        n_missing=n_missing, n_zero_weight=n_zero,
    )  # fmt: skip


def pose(
    X, cases, names, *, intercept=True, firth=False, classes=(0, 1), weighted=True, **left_out
) -> Problem:
    """Columns and cases that are complete, as a problem; refused if it has no answer."""
    n, p = X.shape
    if not p:
        raise LearnerError("logistic-no-columns")
    if not n:
        raise LearnerError("logistic-nobody-left")
    design, centre, scale = np.empty((n, p + intercept)), np.empty(p), np.empty(p)
    events, others = scale_columns(X, cases, intercept, design, centre, scale)
    if not (events and others):
        raise LearnerError("logistic-one-class", name="y", n=n, label=classes[int(others == 0)])
    if p >= n:
        raise LearnerError("logistic-too-wide", n=n, p=p)
    # Newton's first step, from where all patients have the same probability: no more than least squares
    share = events / (events + others) if intercept else 0.5
    times_weight = design * cases[:, 1:2] if weighted else design
    information = times_weight.T.dot(design) * (share * (1 - share))
    spread, left, _ = inverse(information)
    if left < NEARLY:
        _refuse_rank(information, X, names, intercept)
    start = spread.dot((cases[:, 0] - share).dot(times_weight))
    if intercept:
        start[0] += log(events / others)
    return Problem(
        design, cases, names, centre, scale, intercept, firth, classes, start, events + others, events,
        **left_out,
    )  # fmt: skip


def two_classes(y: object, event: object, gaps: bool, name: str = "y") -> tuple[np.ndarray, tuple]:
    """Outcomes as 0 and 1 (NaN where missing), and the labels they stand for.

    The event, 1, is the larger number, True, or the label that comes second in the alphabet, unless `event`
    names it.
    """
    try:
        values = column(y, name, gaps=gaps)
    except LearnerError as error:
        if error.key != "not-numbers":
            raise
        return _two_labels(y, event, gaps, name)
    if event is None and not gaps and _is_binary(values):
        return values, (0, 1)
    known = values[~np.isnan(values)] if gaps else values
    if not len(known):
        raise LearnerError("logistic-no-outcome", name=name, n=len(values))
    low, high = float(known.min()), float(known.max())
    if np.count_nonzero(known == low) + np.count_nonzero(known == high) < len(known) and low < high:
        raise LearnerError("logistic-many-classes", name=name, shown=_shown(np.unique(known)))
    if event is not None and not (isinstance(event, (int, float, np.number)) and event in (low, high)):
        raise LearnerError("logistic-unknown-event", given=event, known=f"{low:g}, {high:g}")
    if low == high:
        raise LearnerError("logistic-one-class", name=name, n=len(known), label=f"{low:g}")
    if event is not None and event == low:
        low, high = high, low
    if (low, high) != (0.0, 1.0):
        values = np.where(np.isnan(values), np.nan, (values == high).astype(float))
    return values, (_whole(low), _whole(high))


def _is_binary(values: np.ndarray) -> bool:
    n_events = np.count_nonzero(values)
    return 0 < n_events < len(values) and n_events == np.count_nonzero(values == 1)


def _two_labels(y: object, event: object, gaps: bool, name: str) -> tuple[np.ndarray, tuple]:
    cells = np.asarray(y, dtype=object)
    if cells.ndim == 2 and 1 in cells.shape:
        cells = cells.ravel()
    if cells.ndim != 1:
        raise LearnerError("not-a-column", name=name, shape=" × ".join(map(str, cells.shape)))
    absent = np.array([cell is None or (isinstance(cell, float) and cell != cell) for cell in cells], bool)
    if hasattr(y, "isna"):  # pandas knows a missing value of its own
        absent |= np.asarray(y.isna(), bool).ravel()
    if absent.any() and not gaps:
        n = int(absent.sum())
        raise LearnerError("has-gaps", name=name, n=n, rows=n, total=len(cells))
    labels = sorted({str(cell) for cell in cells[~absent]})
    if not labels:
        raise LearnerError("logistic-no-outcome", name=name, n=len(cells))
    if len(labels) > 2:
        raise LearnerError("logistic-many-classes", name=name, shown=_shown(labels))
    if event is not None and str(event) not in labels:
        raise LearnerError("logistic-unknown-event", given=event, known=", ".join(labels))
    if len(labels) == 1:
        raise LearnerError("logistic-one-class", name=name, n=int((~absent).sum()), label=labels[0])
    if event is not None and str(event) == labels[0]:
        labels.reverse()
    values = np.array([float(str(cell) == labels[1]) for cell in cells])
    values[absent] = np.nan
    return values, tuple(labels)


def _without_zero_weights(X, cases):
    weights = cases[:, 1]
    if (weights < 0).any():
        raise LearnerError(
            "logistic-negative-weights", n=int((weights < 0).sum()), least=f"{weights.min():g}"
        )
    used = weights > 0
    return X[used], cases[used], int(len(used) - used.sum())


def _refuse_rank(information, X, names, intercept) -> None:
    """Name the columns that are sums of others, or so nearly that standard errors would be made of
    rounding.
    """
    refuse_collinear(X, names, with_intercept=intercept)
    left = 1 / (np.diag(information) * np.diag(np.linalg.inv(information)))
    close = [names[j] for j in range(len(names)) if left[j + intercept] < 10 * NEARLY]
    raise LearnerError("logistic-nearly-collinear", names=", ".join(close), left=f"{left.min():.0e}")


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else float(value)


def _shown(labels) -> str:
    shown = [f"{v:g}" if isinstance(v, float) else str(v) for v in labels[:5]]
    return ", ".join(shown) + (", …" if len(labels) > 5 else "")
