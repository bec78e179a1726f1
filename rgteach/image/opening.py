"""The door for scans: which reader a path, a folder or an array needs.

The formats live in `nifti`, `dicom` and `itk`; each imports its library when it is needed.
"""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rgteach.errors import LearnerError
from rgteach.image.checks import as_volume, spacing
from rgteach.image.geometry import from_spacing
from rgteach.image.scan import Box, Scan

NIFTI_SUFFIXES = (".nii", ".nii.gz", ".hdr", ".img", ".hdr.gz", ".img.gz", ".mgz", ".mgh")
ITK_SUFFIXES = (".nrrd", ".nhdr", ".mha", ".mhd", ".gipl", ".gipl.gz", ".vtk")
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp")


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
