"""What can be painted on: the images that come with the course, and an instructor's own files and arrays."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from rgteach.cohorts import MODALITIES, Brain, Glioma, RealSlice, brain, ct_small, glioma, mr_small
from rgteach.demos.painter.plane import UNPLACED, Plane, plane_of
from rgteach.doors import nearest, one_of, shape_text
from rgteach.errors import LearnerError
from rgteach.image.checks import as_volume
from rgteach.image.geometry import Grid, from_ras
from rgteach.image.opening import open_scan
from rgteach.image.scan import Scan
from rgteach.wording import say


@cache
def first_patient() -> Glioma:
    """The glioma of those who ask for no other; growing it takes two seconds, so it is grown once."""
    return glioma(1)


NAMES = {"glioma": first_patient, "brain": brain, "ct": ct_small, "mr": mr_small}
SMALLEST = 4  # rows and columns that a slice needs before painting on it makes sense
CHANNELS = (3, 4)
# where DICOM says how a slice lies: a classic file, an enhanced one
ORIENTATION = (
    "ImageOrientationPatient",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
)


@dataclass(frozen=True, eq=False)
class Source:
    """An image ready to be painted on.

    Attributes
    ----------
    title : str
        What one sees, in words.
    image : array, shape (z, y, x)
        Intensities in the axes and the data type of the file.
    grid : Grid
        Where the voxels lie.
    plane : Plane
        How a slice is laid on the page.
    unit : str
        "HU", or "" where the unit is arbitrary.
    path : Path, optional
        The file whose header a saved mask takes over.
    space : str
        "scanner", "mni", or "" where the position is made up.
    parts : dict
        Masks (z, y, x) that come with the image, such as the parts of a simulated tumour.
    """

    title: str
    image: np.ndarray
    grid: Grid
    plane: Plane
    unit: str = ""
    path: Path | None = None
    space: str = "scanner"
    parts: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Voxel size (dz, dy, dx)."""
        return self.grid.spacing_mm


def open_source(
    given: object, *, sequence: str | None = None, series: str | None = None, spacing_mm: object = None
) -> Source:
    """Find the image that was asked for.

    Parameters
    ----------
    given : str, path, array, or an object of `rg.cohorts`
        "glioma", "brain", "ct", "mr"; a NIfTI file, a DICOM file or folder; an array (z, y, x) or (y, x).
    sequence : str, optional
        Of a glioma: "T1", "T1c", "T2" or "FLAIR".
    series : str, optional
        Of a DICOM folder: its number, its UID or a part of its description.
    spacing_mm : (dz, dy, dx), optional
        Voxel size of an array.

    Returns
    -------
    Source

    Raises
    ------
    LearnerError
        If there is no such image, or it is not one volume of gray values.
    """
    if isinstance(given, str) and given in NAMES:
        given = NAMES[given]()
    if isinstance(given, Glioma):
        _refuse(series=series)
        found = _of_glioma(given, sequence)
    elif isinstance(given, Brain):
        _refuse(series=series)
        found = _of_brain(given, sequence)
    elif isinstance(given, (RealSlice, str, os.PathLike, Scan)):
        _refuse(sequence=sequence)
        found = _of_file(given, series)
    else:
        _refuse(sequence=sequence, series=series)
        found = _of_array(given, spacing_mm)
    _check_spacing(found, given, spacing_mm)
    return _checked(found)


def _of_glioma(patient: Glioma, sequence: str | None) -> Source:
    sequence = one_of("sequence", "FLAIR" if sequence is None else sequence, MODALITIES)
    grid = from_ras(patient.labels.shape[::-1], patient.affine)
    title = say("painter-title-glioma", sequence=sequence, seed=patient.lesion.seed)
    parts = {"tumour": patient.tumour}
    parts |= {name: patient.labels == label for name, label in _labels().items()}
    if not patient.is_crop:
        parts["mirror"] = _mirrored(patient.tumour, patient.affine)
    image = patient.image(sequence)
    return Source(title, image, grid, plane_of(grid), space="mni", parts=parts)


def _labels() -> dict[str, int]:
    from rgteach.cohorts import PARTS

    return dict(PARTS)


def _mirrored(mask: np.ndarray, affine: np.ndarray) -> np.ndarray:
    """The same region on the other side of the midline, where the MNI coordinate x changes its sign."""
    n_x = mask.shape[2]
    last = round(float(-2 * affine[0, 3] / affine[0, 0]))  # x + mirrored x, in voxels
    columns = last - np.arange(n_x)
    inside = (columns >= 0) & (columns < n_x)
    mirrored = np.zeros_like(mask)
    mirrored[:, :, inside] = mask[:, :, columns[inside]]
    return mirrored


def _of_brain(head: Brain, sequence: str | None) -> Source:
    one_of("sequence", "T1" if sequence is None else sequence, ("T1",))
    grid = from_ras(head.shape[::-1], head.affine)
    parts = {"gray": head.gm > 0.5, "white": head.wm > 0.5}
    return Source(say("painter-title-brain"), head.t1, grid, plane_of(grid), space="mni", parts=parts)


def _of_file(given: object, series: str | None) -> Source:
    """A scan on disk, in the axes of its file."""
    path = given.path if isinstance(given, RealSlice) else given
    if isinstance(path, str):
        _refuse_unknown_name(path)
    scan = open_scan(path, series=series)
    if scan.kind != "DICOM":
        _refuse(series=series)
    modality, unit, is_placed = _told(scan)
    name = Path(scan.name).name or scan.name
    title = say("painter-title-file", name=f"{modality} · {name}" if modality else name)
    file = scan.files[0] if scan.kind == "NIfTI" and scan.files else None
    path = Path(scan.name) if file else None
    plane = plane_of(scan.grid)
    if not is_placed:  # the way it is turned is a habit of readers; a letter would be a claim
        plane = replace(plane, sides=UNPLACED.sides, name=UNPLACED.name)
    return Source(title, scan.read(), scan.grid, plane, unit=unit, path=path)


def _refuse_unknown_name(given: str) -> None:
    """A word that is neither a file nor a known image was meant to be one of ours."""
    is_word = given.replace("_", "").replace("-", "").replace(" ", "").isalnum()
    if is_word and not Path(given).expanduser().exists():
        known = ", ".join(f'"{name}"' for name in NAMES)
        raise LearnerError("painter-unknown-source", given=given, known=known, nearest=nearest(given, NAMES))


def _told(scan: Scan) -> tuple[str, str, bool]:
    """What a file says: its modality, a unit that is fixed, and whether it knows the patient's sides."""
    if scan.kind == "NIfTI":
        import nibabel

        header = nibabel.load(scan.name).header
        codes = [header[f"{form}_code"] for form in ("sform", "qform") if f"{form}_code" in header]
        return "", "", bool(np.any(codes)) if codes else not isinstance(header, nibabel.AnalyzeHeader)
    if scan.kind != "DICOM":
        return "", "", True
    from pydicom import dcmread

    header = dcmread(scan.files[0], stop_before_pixels=True, specific_tags=["Modality", *ORIENTATION])
    modality = str(header.get("Modality", ""))
    return modality, "HU" if modality == "CT" else "", any(tag in header for tag in ORIENTATION)


def _refuse(**settings: str | None) -> None:
    """Refuse to be silent about a setting that means nothing for this source."""
    for setting, given in settings.items():
        if given is not None:
            raise LearnerError("painter-no-choice", setting=setting, given=given)


def _of_array(given: object, spacing_mm: object) -> Source:
    try:
        shape = np.shape(given)
    except ValueError:  # lists of different lengths
        raise LearnerError("painter-ragged", given=type(given).__name__) from None
    if len(shape) == 3 and shape[2] in CHANNELS and min(shape[:2]) > max(CHANNELS):
        raise LearnerError("colour-image", name="image", shape=shape_text(shape))
    scan = open_scan(as_volume("image", given), spacing_mm=spacing_mm)
    image = np.asarray(scan.read())
    return Source(say("painter-title-array"), image, scan.grid, UNPLACED, space="")


def _check_spacing(found: Source, given: object, spacing_mm: object) -> None:
    """Refuse two truths about the voxel size."""
    if spacing_mm is None or found.plane is UNPLACED:
        return
    from rgteach.image.checks import spacing

    if not np.allclose(spacing(spacing_mm), found.spacing_mm, rtol=1e-3):
        steps = " × ".join(f"{mm:.6g}" for mm in found.spacing_mm)
        raise LearnerError("scan-spacing-given", path=found.title, given=spacing_mm, found=steps)


def _checked(source: Source) -> Source:
    """Refuse what has no picture: masks, complex numbers, nothing but NaN, one value everywhere."""
    image = source.image
    if image.dtype.kind == "b":
        raise LearnerError("painter-is-mask", shape=shape_text(image.shape))
    if image.dtype.kind not in "iuf":
        raise LearnerError("not-a-number-image", dtype=image.dtype)
    if min(image.shape[1:]) < SMALLEST or image.shape[0] < 1:
        raise LearnerError("painter-too-small", shape=shape_text(image.shape), least=SMALLEST)
    low, high = span_of(image)
    if not np.isfinite(high - low):
        raise LearnerError("painter-no-values", shape=shape_text(image.shape))
    if low == high:
        raise LearnerError("painter-one-value", value=f"{low:g}", shape=shape_text(image.shape))
    native = image.dtype.newbyteorder("=")
    return source if image.dtype == native else replace(source, image=image.astype(native))


def span_of(image: np.ndarray) -> tuple[float, float]:
    """The smallest and the largest number; infinite ones and NaN do not count, NaN twice if nothing does."""
    if image.dtype.kind in "iu":
        return float(image.min()), float(image.max())
    low, high = np.inf, -np.inf
    for flat in image:  # slice by slice: a whole volume of True and False would be held otherwise
        finite = flat[np.isfinite(flat)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return (low, high) if low <= high else (np.nan, np.nan)
