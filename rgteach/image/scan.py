"""A scan on disk: one small `Scan`, whatever the format.

It knows its grid at once and gives its voxels on request, plane by plane, so that a crop of a large scan
costs the memory of the crop.  What opens one stands in `opening`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rgteach.image.geometry import Grid

Box = tuple[slice, slice, slice]


@dataclass(frozen=True, eq=False)
class Scan:
    """A scan: its grid, and its voxels on request.

    Parameters
    ----------
    name : str
        The path as it was given, or "array".
    kind : str
        "NIfTI", "DICOM", "ITK" or "array".
    grid : Grid
    files : tuple of Path
        What is hashed: the file, or the slices of a DICOM series in their order.
    stored : callable (start, stop) -> iterator of 2-D arrays
        The planes start..stop-1 along z as they are stored, before slope and intercept.
    slopes, intercepts : array of float, shape (1,) or (n_z,)
        What turns stored numbers into intensities; a PET series has one pair for each plane.
    """

    name: str
    kind: str
    grid: Grid
    files: tuple[Path, ...]
    stored: Callable[[int, int], Iterator[np.ndarray]]
    slopes: np.ndarray
    intercepts: np.ndarray

    def __repr__(self) -> str:
        size = " × ".join(str(n) for n in self.grid.shape)
        step = " × ".join(f"{s:.4g}" for s in self.grid.spacing_mm)
        return (
            f"Scan({self.name}: {self.kind}, {size} voxels (z, y, x) of {step} mm, {self.grid.orientation})"
        )

    @property
    def slope(self) -> float:
        """The rescale slope; NaN where planes differ."""
        return _common(self.slopes)

    @property
    def intercept(self) -> float:
        """The rescale intercept; NaN where planes differ."""
        return _common(self.intercepts)

    def planes(self) -> Iterator[np.ndarray]:
        """All planes along z in turn, as intensities."""
        for z, plane in enumerate(self.stored(0, self.grid.shape[0])):
            yield self._rescaled(
                plane if plane.dtype.isnative else plane.astype(plane.dtype.newbyteorder("=")), z
            )

    def read(self, box: Box | None = None) -> np.ndarray:
        """The intensities in a box of three slices (the whole scan without one), shape (z, y, x)."""
        z, y, x = box or tuple(slice(0, n) for n in self.grid.shape)
        crop = None
        for at, plane in enumerate(self.stored(z.start, z.stop)):
            if crop is None:
                kind = plane.dtype.newbyteorder("=") if len(self.slopes) == 1 else np.float64
                crop = np.empty((z.stop - z.start, y.stop - y.start, x.stop - x.start), kind)
            crop[at] = plane[y, x] if len(self.slopes) == 1 else self._rescaled(plane[y, x], z.start + at)
        return self._rescaled(crop, 0) if len(self.slopes) == 1 else crop

    def sha256(self) -> str:
        """The SHA-256 of the file, or of the digests of a series' slices, one line each in slice order."""
        digests = [_file_sha256(file) for file in self.files]
        if len(digests) == 1:
            return digests[0]
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()

    def _rescaled(self, stored: np.ndarray, z: int) -> np.ndarray:
        """Slope and intercept applied; whole numbers stay whole, so that they can be quantised by lookup."""
        at = z if len(self.slopes) > 1 else 0
        slope, intercept = float(self.slopes[at]), float(self.intercepts[at])
        if slope == 1 and intercept == 0:
            return stored
        if stored.dtype.kind in "iu" and slope.is_integer() and intercept.is_integer():
            return _whole(stored, int(slope), int(intercept))
        values = stored.astype(np.float64)
        values *= slope
        values += intercept
        return values


def _whole(stored: np.ndarray, slope: int, intercept: int) -> np.ndarray:
    """Slope and intercept in the smallest signed integers that hold the result.

    On the way a value may wrap around; integers wrap back, so only the result has to fit.
    """
    ends = [int(end) * slope + intercept for end in (stored.min(), stored.max())]
    fits = (k for k in (np.int16, np.int32) if np.iinfo(k).min <= min(ends) and max(ends) <= np.iinfo(k).max)
    kind = next(fits, np.int64)
    values = stored.astype(kind)
    values *= np.asarray(slope).astype(kind)
    values += np.asarray(intercept).astype(kind)
    return values


def _common(values: np.ndarray) -> float:
    return float(values[0]) if (values == values[0]).all() else float("nan")


def _file_sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
