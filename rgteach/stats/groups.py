"""What every test asks of its input: groups without gaps, enough patients, names for the sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rgteach.doors import between, column, one_of, same_length
from rgteach.errors import LearnerError

ALTERNATIVES = ("two-sided", "greater", "less")


def group(values: object, name: str, least: int = 1) -> tuple[np.ndarray, int]:
    """The values of one group that are not missing, and how many are.

    Raises
    ------
    LearnerError
        "empty-group" or "small-group", beside what `column` refuses.
    """
    array = column(values, name, gaps=True)
    kept = array[~np.isnan(array)]
    if not len(kept):
        raise LearnerError("empty-group", name=name, n=len(array))
    if len(kept) < least:
        raise LearnerError("small-group", name=name, n=len(kept), least=least)
    return kept, len(array) - len(kept)


def groups(given: Sequence[object], function: str, least: int = 1) -> tuple[list[np.ndarray], int]:
    """Two groups or more, called by their numbers in the sentences, and how many values are missing."""
    if len(given) < 2:
        raise LearnerError("one-group", n=len(given), function=function)
    cleaned = [group(values, f"#{k}", least) for k, values in enumerate(given, 1)]
    return [values for values, _ in cleaned], sum(lost for _, lost in cleaned)


def pairs(x: object, y: object, least: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Two columns of the same patients, those left out of whom either value is missing."""
    x, y = column(x, "x", gaps=True), column(y, "y", gaps=True)
    n = same_length(x=len(x), y=len(y))
    kept = ~(np.isnan(x) | np.isnan(y))
    n_kept = int(np.count_nonzero(kept))
    if n_kept < least:
        raise LearnerError("few-pairs", n=n_kept, total=n, least=least)
    return x[kept], y[kept], n - n_kept


def settings(alternative: str, level: float) -> float:
    """Check what all tests have in common; returns the level as a float."""
    one_of("alternative", alternative, ALTERNATIVES)
    return between("level", level, 0, 1)


def two_names(names: object) -> tuple[str, str]:
    """What the two groups are called; "x" and "y" if nobody said."""
    if names is None:
        return ("x", "y")
    if isinstance(names, str) or not isinstance(names, Sequence) or len(names) != 2:
        raise LearnerError("two-names", given=names)
    return (str(names[0]), str(names[1]))
