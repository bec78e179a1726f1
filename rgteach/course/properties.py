"""What must hold before digits are compared: one question a property."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rgteach.course.compare import family


def broken(names: tuple[str, ...], expected: object, given: object) -> str:
    """The first property that the expected value has and the given one has not, or nothing."""
    e, g = numbers(expected), numbers(given)
    if e is None or g is None or e.shape != g.shape:  # a wrong shape has its own sentence
        return ""
    for name in names:
        if name in HOLDS and HOLDS[name](e) and not HOLDS[name](g):
            return name
    return ""


def holds(name: str, value: object) -> bool:
    """Whether a value has a property."""
    array = numbers(value)
    return name not in HOLDS or (array is not None and bool(HOLDS[name](array)))


def numbers(value: object) -> np.ndarray | None:
    """A number, an array or a list of numbers as an array of floats; anything else is None."""
    if isinstance(value, bool | np.bool_ | str | dict) or value is None:
        return None
    try:
        array = np.asarray(value)
        return array.astype(np.float64) if family(array) == "number" else None
    except (ValueError, TypeError, OverflowError):
        return None


def _symmetric(a: np.ndarray) -> bool:
    """The last two axes mirror each other."""
    square = a.ndim >= 2 and a.shape[-1] == a.shape[-2]
    return square and np.allclose(a, a.swapaxes(-1, -2), rtol=1e-9, atol=1e-12, equal_nan=True)


def _finite_only(check: Callable[[np.ndarray], bool]) -> Callable[[np.ndarray], bool]:
    """Ask about the finite numbers; `finite` asks about the others."""
    return lambda a: bool(check(a[np.isfinite(a)]))


HOLDS: dict[str, Callable[[np.ndarray], bool]] = {
    "finite": lambda a: bool(np.isfinite(a).all()),
    "integer": _finite_only(lambda a: np.all(a == np.rint(a))),
    "non-negative": _finite_only(lambda a: np.all(a >= 0)),
    "positive": _finite_only(lambda a: np.all(a > 0)),
    "within-0-1": _finite_only(lambda a: np.all((a >= -1e-12) & (a <= 1 + 1e-12))),
    "sums-to-one": _finite_only(lambda a: abs(a.sum() - 1) < 1e-9),
    "symmetric": _symmetric,
    "sorted": lambda a: bool(np.all(np.diff(a) >= 0)) if a.ndim else True,
}
