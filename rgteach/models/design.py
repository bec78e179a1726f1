"""The columns of a model before it is fitted: which of them say nothing that others have not said already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rgteach import wording
from rgteach.doors import column, same_length
from rgteach.errors import LearnerError

EPS = np.finfo(float).eps
# A column of which the others leave no more than this share is called their combination: eleven digits that
# agree are no accident, while the powers 1 to 10 of one measurement still pass.
SHARE_LEFT = 1e-11
ROUNDING = 8  # times the rounding of the numbers themselves


class Dependent(NamedTuple):
    """A column that others determine.

    Attributes
    ----------
    name : str
    combination : str
        What it equals, such as "2 × x1 − x2 + 5"; a plain number for a constant column.
    factors : dict
        Names of the columns it is made of and their factors; empty for a constant column.
    """

    name: str
    combination: str
    factors: dict[str, float]

    @property
    def is_constant(self) -> bool:
        """Whether no other column is needed to know it."""
        return not self.factors


def collinear(
    X: np.ndarray, names: Sequence[str], weights: np.ndarray | None = None, *, with_intercept: bool = True
) -> list[Dependent]:
    """Name every column that is constant or a combination of the columns before it.

    Parameters
    ----------
    X : array of float64, shape (n, p), without NaN
    names : sequence of str, length p
    weights : array, shape (n,)
        Rows of weight zero are left out; other weights change nothing that matters here, and are not used.
    with_intercept : bool
        Whether the model has an intercept: then a constant column says nothing new, and columns are centred
        first, so that a shift of 1e8 is not taken for agreement.

    Returns
    -------
    list of Dependent
        In the order of the columns; empty when each says something of its own.

    Notes
    -----
    Columns of length one are factored, X = QR.  The entry R[j, j] is what the columns before j leave of
    column j; it counts as nothing when it is at most 1e-11, or at most what rounding of the given numbers can
    leave: eps times their size, carried along by the factors.  A column found is left out of the next look.
    """
    if weights is not None and not np.all(weights > 0):
        X = X[weights > 0]
    scaled, size, noise = _unit_columns(X, with_intercept)
    spoiled = size <= ROUNDING * noise
    found = {j: {} for j in np.flatnonzero(spoiled)}
    kept = list(np.flatnonzero(~spoiled))
    noise = noise / np.where(size > 0, size, 1)
    while kept:
        place, factors = _first_dependent(scaled[:, kept], noise[kept])
        if place is None:
            break
        j = kept.pop(place)
        found[j] = {k: f * size[j] / size[k] for k, f in zip(kept[:place], factors, strict=True)}
    return [_dependent(X, names, j, found[j], with_intercept) for j in sorted(found)]


def refuse_collinear(
    X: np.ndarray, names: Sequence[str], weights: np.ndarray | None = None, *, with_intercept: bool = True
) -> None:
    """Raise "constant-columns" or "collinear-columns" with the columns' names, if there are any."""
    found = collinear(X, names, weights, with_intercept=with_intercept)
    constant = [each for each in found if each.is_constant]
    if constant:
        raise LearnerError("constant-columns", told=_listed(constant), n=len(constant))
    if found:
        raise LearnerError("collinear-columns", told=_listed(found), n=len(found))


def case_weights(weights: object, n: int) -> np.ndarray:
    """Weights of n rows, ones where none are given; negative ones and nothing but zeros are refused."""
    if weights is None:
        return np.ones(n)
    weights = column(weights, "weights")
    same_length(X=n, weights=len(weights))
    if weights.min(initial=0.0) < 0 or not weights.any():
        raise LearnerError("case-weights", n=int((weights < 0).sum()), least=f"{weights.min(initial=0.0):g}")
    return weights


def _unit_columns(X: np.ndarray, with_intercept: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centred columns of length one, their lengths before, and the length that rounding alone can have."""
    noise = EPS * np.sqrt(len(X)) * np.abs(X).max(axis=0, initial=0.0)
    if with_intercept and len(X):
        X = X - X.mean(axis=0)
    top = np.abs(X).max(axis=0, initial=0.0)
    top = np.where(top > 0, top, 1.0)  # squares of 1e-200 would vanish
    size = top * np.sqrt(np.square(X / top).sum(axis=0))
    return X / np.where(size > 0, size, 1), size, noise


def _first_dependent(unit: np.ndarray, noise: np.ndarray) -> tuple[int | None, np.ndarray]:
    """The first column that those before it determine, and its factors for them."""
    R = np.linalg.qr(unit, mode="r")
    left = np.zeros(unit.shape[1])
    left[: len(R)] = np.abs(np.diagonal(R))
    for j in np.flatnonzero(left < 1e-4 + 100 * noise.sum()):  # what leaves more is not in doubt
        factors = np.linalg.solve(R[:j, :j], R[:j, j]) if j <= len(R) else np.zeros(j)
        rounding = ROUNDING * (noise[j] + np.abs(factors) @ noise[:j])
        if left[j] <= max(SHARE_LEFT, rounding):
            return int(j), factors
    return None, np.empty(0)


def _dependent(X: np.ndarray, names: Sequence[str], j: int, factors: dict, with_intercept: bool) -> Dependent:
    """Put what was found into words, without factors and shifts that are rounding."""
    mean = X.mean(axis=0) if with_intercept else np.zeros(X.shape[1])
    spread = np.abs(X - mean).max(axis=0)
    told = {k: float(f) for k, f in factors.items() if abs(f) * spread[k] > 1e-6 * spread[j]}
    shift = float(mean[j] - sum(f * mean[k] for k, f in told.items()))
    if told and abs(shift) <= 1e-6 * spread[j] + 1e-12 * abs(mean[j]):
        shift = 0.0
    named = {names[k]: f for k, f in told.items()}
    return Dependent(names[j], _as_sum(named, shift), named)


def _as_sum(factors: dict[str, float], constant: float) -> str:
    """The sum as one would write it: "2 × x1 − x2 + 5"."""
    parts = []
    for name, factor in factors.items():
        times = "" if f"{abs(factor):.4g}" == "1" else f"{abs(factor):.4g} × "
        parts.append((factor < 0, times + name))
    if constant or not parts:
        parts.append((constant < 0, f"{abs(constant):.6g}"))
    (minus, first), *others = parts
    return " ".join(["−" * minus + first, *(f"{'−' if minus else '+'} {part}" for minus, part in others)])


def _listed(found: Sequence[Dependent], most: int = 5) -> str:
    told = [f"{each.name} = {each.combination}" for each in found[:most]]
    if len(found) > most:
        told.append(wording.say("columns-more", n=len(found) - most))
    return wording.say("list-comma").join(told)
