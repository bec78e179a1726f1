"""What every door asks of its input before a kernel sees it."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Iterable

import numpy as np

from rgteach.errors import LearnerError

CONVENTIONS = ("ibsi", "pyradiomics")


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
    if given not in known:
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


def nearest(given: str, known: Iterable[str]) -> str:
    """The known name that looks most like the given one."""
    plain = {name.lower().replace("_", "").replace("-", ""): name for name in known}
    wanted = given.lower().replace("_", "").replace("-", "")
    return plain[difflib.get_close_matches(wanted, plain, n=1, cutoff=0)[0]]


def spacing(spacing_mm: object) -> tuple[float, float, float]:
    """Voxel size (dz, dy, dx) in mm; two numbers mean one slice, one number a cube."""
    try:
        sizes = np.atleast_1d(np.asarray(spacing_mm, dtype=float))
    except (TypeError, ValueError):
        raise LearnerError("bad-spacing", given=spacing_mm) from None
    if sizes.shape == (1,):
        sizes = np.repeat(sizes, 3)
    elif sizes.shape == (2,):
        sizes = np.append(1.0, sizes)
    if sizes.shape != (3,) or not np.all(np.isfinite(sizes)) or not np.all(sizes > 0):
        raise LearnerError("bad-spacing", given=spacing_mm)
    return tuple(sizes.tolist())


def as_volume(name: str, array: object) -> object:
    """Something with a 3-D shape that can be sliced; a 2-D image becomes one slice."""
    if not (hasattr(array, "shape") and hasattr(array, "dtype")):
        array = np.asarray(array)
    if len(array.shape) == 2:
        return np.asarray(array)[None]
    if len(array.shape) != 3:
        colour = len(array.shape) == 4 and array.shape[-1] in (3, 4)
        key = "colour-image" if colour else "not-3d"
        raise LearnerError(key, name=name, shape=shape_text(array.shape), ndim=len(array.shape))
    return array


def own(array: np.ndarray, dtype: type) -> np.ndarray:
    """The array in the one form that the kernels are compiled for: this dtype, C order, writable."""
    array = np.ascontiguousarray(array, dtype=dtype)
    return array if array.flags.writeable else array.copy()


def shape_text(shape: Iterable[int]) -> str:
    """(4, 5, 6) as "4 × 5 × 6"."""
    return " × ".join(str(n) for n in shape)
