"""What every door asks of its input before a kernel sees it: known settings, plain finite numbers."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Iterable

import numpy as np

from rgteach.errors import LearnerError


def door(function: Callable) -> Callable:
    """Let a misspelt setting fail with the nearest name instead of a Python sentence about keywords."""
    known = [p.name for p in inspect.signature(function).parameters.values()]

    @functools.wraps(function)
    def checked(*args, **settings):
        for name in settings:
            if name not in known:
                raise LearnerError(
                    "unknown-setting",
                    given=name,
                    function=function.__name__,
                    nearest=nearest(name, known),
                    known=", ".join(known),
                )
        return function(*args, **settings)

    return checked


def one_of(setting: str, given: object, known: Iterable[str]) -> str:
    """Return a setting's value if it is a known one; otherwise name the nearest."""
    known = list(known)
    if not isinstance(given, str) or given not in known:
        raise LearnerError(
            "unknown-option",
            setting=setting,
            given=given,
            nearest=nearest(str(given), known),
            known=", ".join(known),
        )
    return given


def whole_number(key: str, given: object, least: int) -> int:
    """A number without a fraction; otherwise the error named by the key."""
    number = isinstance(given, (int, float, np.integer, np.floating)) and not isinstance(given, bool)
    if not number or given != given // 1 or given < least:
        raise LearnerError(key, given=given)
    return int(given)


def between(setting: str, given: object, low: float, high: float, *, open_: bool = True) -> float:
    """A number in the open interval (low, high), or in the closed one; otherwise say which it may be."""
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = np.nan
    inside = low < value < high if open_ else low <= value <= high
    if isinstance(given, (str, bool)) or not inside:
        raise LearnerError("out-of-range", setting=setting, given=given, low=f"{low:g}", high=f"{high:g}")
    return value


def nearest(given: str, known: Iterable[str]) -> str:
    """The known name that looks most like the given one."""
    plain = {name.lower().replace("_", "").replace("-", ""): name for name in known}
    wanted = given.lower().replace("_", "").replace("-", "")
    return plain[difflib.get_close_matches(wanted, plain, n=1, cutoff=0)[0]]


# ---------------------------------------------------------------- columns and tables of numbers


def column(values: object, name: str, *, gaps: bool = False) -> np.ndarray:
    """One number a patient as float64, in C order and our own to change.

    Parameters
    ----------
    values : array-like, list or pandas Series, shape (n,)
    name : str
        What the learner called it; it stands in the sentence.
    gaps : bool
        Whether missing values (NaN, None, pandas' NA) are let through as NaN.

    Raises
    ------
    LearnerError
        "not-a-column", "not-numbers", "infinite-values" or "has-gaps".
    """
    array = _as_floats(values, name)
    if array.ndim == 2 and 1 in array.shape and array.size:  # a table of one column, as pandas gives it
        array = array.ravel()
    if array.ndim != 1:
        raise LearnerError("not-a-column", name=name, shape=shape_text(array.shape))
    return _checked(array, name, gaps)


def matrix(
    values: object, name: str, *, gaps: bool = False, stem: str = "x"
) -> tuple[np.ndarray, tuple[str, ...]]:
    """A table of numbers as float64 (patients, columns), and the names of its columns.

    The names are those of a DataFrame, else the stem and a number: "x0", "x1", …; one column may come as a
    plain list.

    Raises
    ------
    LearnerError
        "not-a-matrix", "not-numbers", "infinite-values" or "has-gaps".
    """
    array = _as_floats(values, name)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise LearnerError("not-a-matrix", name=name, shape=shape_text(array.shape))
    given = getattr(values, "columns", None)
    if given is None:
        given = [values.name] if getattr(values, "name", None) is not None else []
    names = tuple(map(str, given)) if len(given) else tuple([f"{stem}{j}" for j in range(array.shape[1])])
    return _checked(array, name, gaps), names


def numbers(values: object, name: str) -> np.ndarray:
    """Numbers of any shape as float64, missing and infinite ones included; a copy, ours to change."""
    return _as_floats(values, name)


def same_length(**lengths: int) -> int:
    """The number of patients, if everything that is given by patient has it."""
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name}: {n}" for name, n in lengths.items())
        raise LearnerError("lengths-differ", told=told)
    return next(iter(lengths.values()))


def _as_floats(values: object, name: str) -> np.ndarray:
    """A float64 copy; pandas' NA and None become NaN, texts and complex numbers are refused."""
    try:
        if hasattr(values, "to_numpy"):
            array = _from_pandas(values)
        else:
            array = np.asarray(values)
        if array.dtype.kind in "USMmcV":
            raise TypeError
        if array.dtype.kind == "O" and any(isinstance(cell, (str, bytes, complex)) for cell in array.flat):
            raise TypeError
        return np.array(array, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise LearnerError("not-numbers", name=name, example=_odd_one(values)) from None


def _from_pandas(values) -> np.ndarray:
    """The numbers of a Series or DataFrame, whatever extension types its columns have."""
    try:
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        return values.to_numpy()


def _odd_one(values: object) -> str:
    """The first entry that is no number, as it would be typed."""
    cells = np.asarray(values, dtype=object).ravel()
    for cell in cells:
        try:
            if not isinstance(cell, (str, bytes)):
                float(cell)
                continue
        except (TypeError, ValueError):
            pass
        return repr(cell)[:40]
    return type(values).__name__


def _checked(array: np.ndarray, name: str, gaps: bool) -> np.ndarray:
    if np.isfinite(array).all():  # the usual case, in one look
        return array
    n_infinite = int(np.isinf(array).sum())
    if n_infinite:
        raise LearnerError("infinite-values", name=name, n=n_infinite)
    n_gaps = 0 if gaps else int(np.isnan(array).sum())
    if n_gaps:
        rows = int(np.isnan(array).reshape(len(array), -1).any(axis=1).sum())
        raise LearnerError("has-gaps", name=name, n=n_gaps, rows=rows, total=len(array))
    return array


def shape_text(shape: Iterable[int]) -> str:
    """(4, 5, 6) as "4 × 5 × 6"."""
    return " × ".join(str(n) for n in shape)
