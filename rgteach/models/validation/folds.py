"""Who is held out when: folds of patients for cross-validation.

The dealing itself is scikit-learn's; what stands here is the choice of the way (stratified, grouped, given)
and what has to be true of the folds before an error measured on them means anything.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rgteach.doors import same_length, whole_number
from rgteach.errors import LearnerError

USUAL = 10  # folds when nothing is said
SMALL = 5  # patients; a fold below this size says little by itself


@dataclass(frozen=True, eq=False)
class Fold:
    """Rows to learn from and rows held out, both ascending."""

    train: np.ndarray
    test: np.ndarray


def deal(
    n: int,
    folds: object = None,
    *,
    classes: np.ndarray | None = None,
    groups: np.ndarray | None = None,
    repeats: int = 1,
    seed: int = 0,
) -> tuple[Fold, ...]:
    """Deal n patients to folds.

    Parameters
    ----------
    n : int
    folds : int, array of int of shape (n,), list of (train, test), or splitter of scikit-learn
        How many folds; or the number of the fold in which each patient is held out (-1: never); or the rows
        themselves; or anything with ``split(X, y, groups)``.  None takes ten, or fewer (but two) so
        that a fold holds out five patients, and one of the smaller class.
    classes : array of shape (n,), optional
        Folds are stratified: each holds its share of every class.
    groups : array of shape (n,), optional
        Rows of one group (lesions of one patient) are held out together.
    repeats : int
        How often to deal anew; only where `folds` is a number.
    seed : int
        Deals number r = 0, 1, … use the seed (seed, r), so that more of them leave the first as they were.

    Raises
    ------
    LearnerError
        "folds-not-whole", "folds-too-many", "folds-not-numbers", "folds-repeat-given", "fold-splits-group",
        "fold-overlaps", "fold-empty".
    """
    if groups is not None:
        groups = group_numbers(groups, n)
    repeats = whole_number("folds-not-whole", repeats, 1)
    seed = whole_number("cv-bad-seed", seed, 0)
    if folds is None or np.isscalar(folds):
        k = _how_many(n, folds, classes, groups)
        dealt = [fold for r in range(repeats) for fold in _shuffled(n, k, classes, groups, (seed, r))]
    elif repeats > 1:
        raise LearnerError("folds-repeat-given", repeats=repeats)
    else:
        dealt = _given(n, folds, classes, groups)
    made = tuple(Fold(np.sort(train), np.sort(test)) for train, test in dealt)
    _check(made, groups)
    return made


def group_numbers(groups: object, n: int) -> np.ndarray:
    """Groups by any names as numbers 0, 1, … in the order of their names."""
    names = np.asarray(groups)
    same_length(X=n, groups=len(names))
    absent = sum(name is None or name != name for name in names.tolist())
    if absent:
        raise LearnerError("has-gaps", name="groups", n=absent, rows=absent, total=n)
    if names.dtype.kind == "O":
        names = names.astype(str)
    return np.unique(names, return_inverse=True)[1].reshape(n)


def _how_many(n: int, folds: object, classes: np.ndarray | None, groups: np.ndarray | None) -> int:
    """The number of folds asked for, or as many as the data carry."""
    most = n if groups is None else int(groups.max()) + 1
    if folds is None:
        smaller = n if classes is None else int(np.unique(classes, return_counts=True)[1].min())
        return max(2, min(USUAL, n // SMALL, most, smaller))
    k = whole_number("folds-not-whole", folds, 2)
    if k > most:
        raise LearnerError("folds-too-many", given=k, most=most)
    return k


def _shuffled(n: int, k: int, classes, groups, seed: tuple[int, int]) -> list[tuple[np.ndarray, np.ndarray]]:
    """K folds in an order that the seed decides, stratified and grouped as asked."""
    from sklearn.model_selection import KFold, StratifiedGroupKFold, StratifiedKFold

    state = int(np.random.SeedSequence(seed).generate_state(1)[0])
    if groups is not None and classes is None:  # whole groups are dealt; GroupKFold took no seed before 1.6
        parts = KFold(k, shuffle=True, random_state=state).split(np.arange(groups.max() + 1))
        return [(np.flatnonzero(np.isin(groups, a)), np.flatnonzero(np.isin(groups, b))) for a, b in parts]
    if classes is not None and (groups is not None or np.unique(classes, return_counts=True)[1].max() >= k):
        way = StratifiedGroupKFold if groups is not None else StratifiedKFold
    else:
        way, classes = KFold, None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # small classes are told in our own words
        return list(way(k, shuffle=True, random_state=state).split(np.zeros((n, 1)), classes, groups))


def _given(n: int, folds: object, classes, groups) -> list[tuple[np.ndarray, np.ndarray]]:
    """Folds that somebody else made."""
    if hasattr(folds, "split"):
        return list(folds.split(np.zeros((n, 1)), classes, groups))
    if _are_pairs(folds):
        return [(_rows(train, n), _rows(test, n)) for train, test in folds]
    try:
        numbers = np.asarray(folds, dtype=float)
    except (TypeError, ValueError):
        raise LearnerError("folds-not-numbers", given=str(folds)[:60]) from None
    if numbers.ndim != 1 or not np.all(numbers == np.floor(numbers)):
        raise LearnerError("folds-not-numbers", given=str(folds)[:60])
    same_length(X=n, folds=len(numbers))
    everyone = np.arange(n)
    used = [number for number in np.unique(numbers) if number != -1]
    return [(everyone[numbers != number], everyone[numbers == number]) for number in used]


def _are_pairs(folds: object) -> bool:
    """Whether this is a list of (train rows, test rows)."""
    return isinstance(folds, Sequence) and all(isinstance(f, Sequence) and len(f) == 2 for f in folds)


def _rows(rows: object, n: int) -> np.ndarray:
    """Row numbers, or a mask of rows, as row numbers."""
    rows = np.asarray(rows)
    rows = np.flatnonzero(rows) if rows.dtype == bool and len(rows) == n else rows
    if rows.size == 0:
        return np.array([], int)  # told as an empty fold
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or not 0 <= rows.min() <= rows.max() < n:
        raise LearnerError("folds-not-numbers", given=str(rows)[:60])
    return rows


def _check(folds: tuple[Fold, ...], groups: np.ndarray | None) -> None:
    """No patient, and no group, on both sides of a fold; nothing empty."""
    if len(folds) < 2:
        raise LearnerError("folds-not-whole", given=len(folds))
    for number, fold in enumerate(folds):
        if len(fold.train) == 0 or len(fold.test) == 0:
            raise LearnerError("fold-empty", fold=number)
        both = np.intersect1d(fold.train, fold.test)
        if len(both):
            raise LearnerError("fold-overlaps", fold=number, n=len(both), row=int(both[0]))
        shared = () if groups is None else np.intersect1d(groups[fold.train], groups[fold.test])
        if len(shared):
            row = int(np.flatnonzero(groups == shared[0])[0])
            raise LearnerError("fold-splits-group", fold=number, n=len(shared), row=row)
