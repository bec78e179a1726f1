"""The door for scans on disk: one small `Scan`, whatever the format.

A scan knows its grid at once and gives its voxels on request, plane by plane, so that a crop of a large scan
costs the memory of the crop.  The formats live in `nifti`, `dicom` and `itk`; each imports its library when
it is needed.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rgteach.errors import LearnerError
from rgteach.image.checks import as_volume, spacing
from rgteach.image.geometry import Grid, from_spacing

NIFTI_SUFFIXES = (".nii", ".nii.gz", ".hdr", ".img", ".hdr.gz", ".img.gz", ".mgz", ".mgh")
ITK_SUFFIXES = (".nrrd", ".nhdr", ".mha", ".mhd", ".gipl", ".gipl.gz", ".vtk")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp")

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


def open_scan(source: object, *, series: str | None = None, spacing_mm=None) -> Scan:
    """Open a scan for reading; no voxel is read yet.

    Parameters
    ----------
    source : path, array or Scan
        A NIfTI file, a DICOM file, a folder with a DICOM series, a file that SimpleITK reads, or an array
        (z, y, x); a 2-D array is one slice.
    series : str, optional
        Which series to take where a folder holds several: its number, its UID or a part of its description.
    spacing_mm : (dz, dy, dx), optional
        Voxel size of an array, 1 mm without it.  A file says its own.

    Returns
    -------
    scan : Scan

    Raises
    ------
    LearnerError
        If there is nothing to read, or what is there is not one three-dimensional gray-value scan.
    """
    if isinstance(source, Scan):
        return source
    if not isinstance(source, (str, os.PathLike)):
        return _from_array(source, spacing_mm)
    path = Path(source).expanduser()
    try:
        return _door(path)(path, series=series) if _is_there(path) else None
    except PermissionError as error:
        raise LearnerError("scan-not-allowed", path=error.filename or path) from None


def _is_there(path: Path) -> bool:
    if path.exists():
        return True
    names = [p.name for p in _siblings(path)]
    near = difflib.get_close_matches(path.name, names, n=3, cutoff=0.5)
    if near:
        raise LearnerError("scan-missing-near", path=path, near=", ".join(near), folder=path.parent.resolve())
    if not path.parent.exists():
        raise LearnerError("scan-missing-folder", path=path, folder=path.parent)
    raise LearnerError("scan-missing", path=path, here=Path.cwd(), folder=path.parent.resolve(), n=len(names))


def _siblings(path: Path) -> list[Path]:
    try:
        return sorted(path.parent.iterdir())
    except OSError:
        return []


def _door(path: Path) -> Callable[..., Scan]:
    """Which reader a path needs, by its suffix and, where that says nothing, by its first bytes."""
    name = path.name.lower()
    if path.is_dir():
        return _dicom
    if name.endswith(NIFTI_SUFFIXES):
        return _nifti
    if name.endswith(ITK_SUFFIXES):
        return _itk
    if name.endswith(PICTURE_SUFFIXES):
        raise LearnerError("scan-is-picture", path=path)
    if name.endswith((".npy", ".npz")):
        raise LearnerError("scan-is-array", path=path)
    return _door_by_content(path)


def _door_by_content(path: Path) -> Callable[..., Scan]:
    with open(path, "rb") as file:
        head = file.read(352)
    if not head:
        raise LearnerError("scan-empty-file", path=path)
    if head[128:132] == b"DICM" or path.suffix.lower() in (".dcm", ".ima", ".dicom"):
        return _dicom
    if head[344:347] in (b"n+1", b"ni1") or head[4:7] in (b"n+2", b"ni2"):
        raise LearnerError("scan-no-suffix", path=path, right=path.name + ".nii")
    if head.startswith(b"NRRD") or b"ElementType" in head or b"NDims" in head:
        return _itk
    raise LearnerError("scan-unknown-format", path=path, suffix=path.suffix or "–")


def _nifti(path: Path, series: str | None = None) -> Scan:
    from rgteach.image.nifti import open_nifti

    return open_nifti(path)


def _dicom(path: Path, series: str | None = None) -> Scan:
    from rgteach.image.dicom import open_dicom

    return open_dicom(path, series=series)


def _itk(path: Path, series: str | None = None) -> Scan:
    from rgteach.image.itk import open_itk

    return open_itk(path)


def _from_array(array: object, spacing_mm) -> Scan:
    """An array as a scan, so that one path leads on from here."""
    array = as_volume("image", array)
    grid = from_spacing(array.shape, spacing(1.0 if spacing_mm is None else spacing_mm))
    planes = lambda start, stop: (np.asarray(array[z]) for z in range(start, stop))  # noqa: E731
    return _ArrayScan("array", "array", grid, (), planes, np.ones(1), np.zeros(1), array)


@dataclass(frozen=True, eq=False, repr=False)
class _ArrayScan(Scan):
    """Voxels that are in memory already; their hash is of the values, plane by plane."""

    array: object = None

    def read(self, box: Box | None = None) -> object:
        return self.array if box is None else np.asarray(self.array[box])

    def sha256(self) -> str:
        digest = hashlib.sha256()
        for plane in self.planes():
            digest.update(np.ascontiguousarray(plane))
        return digest.hexdigest()


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
