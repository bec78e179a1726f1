"""What the image doors ask of their input before a kernel sees it."""

from __future__ import annotations

import numpy as np

from rgteach.doors import shape_text
from rgteach.errors import LearnerError

CONVENTIONS = ("ibsi", "pyradiomics")


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
