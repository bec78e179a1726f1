"""Two real scanner slices that pydicom carries as test files; nothing is ever downloaded."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from rgteach import views
from rgteach.errors import LearnerError
from rgteach.wording import say


@dataclass(frozen=True, eq=False, repr=False)
class RealSlice:
    """One slice of a real scan, kept as a stack of one.

    Attributes
    ----------
    image : array, shape (1, y, x)
        Signal (int16) with the file's rescale applied: Hounsfield units for CT, arbitrary for MR. Read only:
        take a copy to change it.
    spacing_mm : tuple of float
        Voxel size (dz, dy, dx) in mm; dz is the slice spacing, or the slice thickness if only that is known.
    modality, unit : str
        "CT" and "HU", or "MR" and "a.u.".
    path : Path
        The DICOM file, for readers and the command line.
    orientation : str
        Where the axes x, y, z grow to; "LPS" is left, back, head.
    """

    image: np.ndarray = field(repr=False)
    spacing_mm: tuple[float, float, float]
    modality: str
    unit: str
    path: Path = field(repr=False)
    orientation: str = "LPS"

    def _facts(self) -> dict[str, str]:
        _, n_y, n_x = self.image.shape
        return {
            say("card-file"): self.path.name,
            say("card-size"): f"{n_y} × {n_x} (y, x)",
            say("card-spacing"): " × ".join(f"{mm:.3g}" for mm in self.spacing_mm) + " mm",
            say("card-signal"): f"{self.image.min()} … {self.image.max()} {self.unit}",
        }

    def __repr__(self) -> str:
        return views.text_card(self.modality, self._facts())

    def _repr_html_(self) -> str:
        flat = self.image[0]
        picture = views.gray_picture(flat, np.ones(flat.shape, bool), say("card-slice-alt", **self._alt()))
        return views.card(self.modality, self._facts(), picture)

    def _alt(self) -> dict[str, object]:
        return {
            "modality": self.modality,
            "low": self.image.min(),
            "high": self.image.max(),
            "unit": self.unit,
        }


@cache
def ct_small() -> RealSlice:
    """A CT slice through the body (128 x 128, contrast given, GE scanner 1997), in Hounsfield units."""
    return _read("CT_small.dcm")


@cache
def mr_small() -> RealSlice:
    """A 64 x 64 corner of a heavily T2-weighted MR slice (TE 240 ms: fluid is bright), arbitrary units."""
    return _read("MR_small.dcm")


def _read(name: str) -> RealSlice:
    from pydicom import dcmread

    path = _bundled(name)
    scan = dcmread(path)
    stored = scan.pixel_array
    slope, intercept = float(scan.get("RescaleSlope", 1)), float(scan.get("RescaleIntercept", 0))
    image = stored * slope + intercept
    if image.min() >= -32768 and image.max() <= 32767 and (image == np.rint(image)).all():
        image = image.astype(np.int16)
    image = image[np.newaxis]
    image.setflags(write=False)
    dy, dx = (float(step) for step in scan.PixelSpacing)
    dz = float(scan.get("SpacingBetweenSlices") or scan.SliceThickness)
    unit = "HU" if scan.Modality == "CT" else "a.u."
    return RealSlice(image, (dz, dy, dx), str(scan.Modality), unit, Path(path))


def _bundled(name: str) -> str:
    from pydicom.data import get_testdata_file

    path = get_testdata_file(name, download=False)
    if path is None:
        raise LearnerError("pydicom-file-missing", file=name)
    return path
