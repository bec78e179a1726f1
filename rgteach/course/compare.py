"""Whether two plain values are the same: to the last bit, or within a tolerance."""

from __future__ import annotations

import math

import numpy as np

NUMBER = (int, float, np.number)
TRUTH = (bool, np.bool_)
_PLAIN_NUMBERS = frozenset({float, int, np.float64, np.int64})


def alike(expected: object, given: object, rtol: float = 1e-9, atol: float = 1e-12) -> bool:
    """Whether a given value counts as the expected one.

    Numbers may differ by `atol + rtol * |expected|`, NaN equals NaN, and an int equals a float of the same
    value; a truth value is not a number.  A list equals a tuple of the same items, and where a list is
    expected an array with one axis will do: plain Python and NumPy are both right.  An array equals arrays
    of its shape only.
    """
    kind = type(expected)
    if kind is type(given):  # nearly always
        if kind in _PLAIN_NUMBERS:
            return bool(expected == given) or _close(expected, given, rtol, atol)
        if kind is tuple or kind is list:
            same = len(expected) == len(given)
            return same and all(alike(e, g, rtol, atol) for e, g in zip(expected, given, strict=True))
    expected, given = _unwrapped(expected), _unwrapped(given)
    if isinstance(expected, list | tuple) and isinstance(given, np.ndarray) and given.ndim == 1:
        given = given.tolist()
    if isinstance(expected, list | tuple) and isinstance(given, np.ndarray):
        expected = _as_array(expected)
    if isinstance(expected, np.ndarray) or isinstance(given, np.ndarray):
        return _alike_arrays(expected, given, rtol, atol)
    if isinstance(expected, TRUTH) or isinstance(given, TRUTH):
        return isinstance(expected, TRUTH) and isinstance(given, TRUTH) and bool(expected) == bool(given)
    if isinstance(expected, NUMBER) and isinstance(given, NUMBER):
        return _close(expected, given, rtol, atol)
    if isinstance(expected, list | tuple) and isinstance(given, list | tuple):
        same = len(expected) == len(given)
        return same and all(alike(e, g, rtol, atol) for e, g in zip(expected, given, strict=True))
    if isinstance(expected, dict) and isinstance(given, dict):
        return expected.keys() == given.keys() and all(
            alike(expected[k], given[k], rtol, atol) for k in expected
        )
    return type(expected) is type(given) and expected == given


def _unwrapped(value: object) -> object:
    """An array without axes is the number that it holds, and NumPy's text is text."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    return str(value) if isinstance(value, np.str_) else value


def _as_array(values: list | tuple) -> np.ndarray | None:
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different length
        return None
    return array if array.dtype.kind in "biufU" else None


def _close(expected, given, rtol: float, atol: float) -> bool:
    if isinstance(expected, int | np.integer) and isinstance(given, int | np.integer):
        return int(expected) == int(given)
    try:
        expected, given = float(expected), float(given)
    except OverflowError:  # an int beyond every float
        return False
    if math.isfinite(expected) and math.isfinite(given):
        return abs(expected - given) <= atol + rtol * abs(expected)
    return expected == given or (math.isnan(expected) and math.isnan(given))


def _alike_arrays(expected, given, rtol: float, atol: float) -> bool:
    if not (isinstance(expected, np.ndarray) and isinstance(given, np.ndarray)):
        return False
    if identical(expected, given):  # nearly always, and told sooner than how close they are
        return True
    if expected.shape != given.shape or family(expected) != family(given):
        return False
    if family(expected) != "number":
        return bool(np.array_equal(expected, given))
    return bool(close(expected, given, rtol, atol).all())


def close(expected: np.ndarray, given: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Elementwise: which numbers agree within the tolerance (NaN with NaN, inf with inf)."""
    expected, given = np.asarray(expected, np.float64), np.asarray(given, np.float64)
    with np.errstate(all="ignore"):
        near = np.abs(expected - given) <= atol + rtol * np.abs(expected)
    return (near & np.isfinite(expected)) | (expected == given) | (np.isnan(expected) & np.isnan(given))


def family(value: np.ndarray) -> str:
    """Number, truth or text: what an array holds."""
    return {"b": "truth", "U": "text"}.get(value.dtype.kind, "number")


def identical(a: object, b: object) -> bool:
    """Whether nothing at all differs: type, dtype, shape and every bit of the numbers."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        same = a.dtype == b.dtype and a.shape == b.shape
        return same and np.ascontiguousarray(a).tobytes() == np.ascontiguousarray(b).tobytes()
    if isinstance(a, np.generic):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(identical(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return list(a) == list(b) and all(identical(a[k], b[k]) for k in a)
    return a == b
