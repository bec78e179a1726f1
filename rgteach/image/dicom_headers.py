"""What one DICOM file says about its slices: place, axes, spacing, slope and intercept.

Classic objects hold one slice; Enhanced ones hold many, with what they share and what differs in functional
groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rgteach.errors import LearnerError

# Only these are read from each file of a series: hundreds of files, milliseconds each.
TAGS = [
    "SOPClassUID", "SOPInstanceUID", "Modality", "ImageType", "SeriesInstanceUID", "SeriesNumber",
    "SeriesDescription", "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "PhotometricInterpretation",
    "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "ImagerPixelSpacing", "SliceThickness",
    "SpacingBetweenSlices", "RescaleSlope", "RescaleIntercept", "ModalityLUTSequence",
    "LossyImageCompression", "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
]  # fmt: skip
DECODERS = "pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg"


@dataclass(frozen=True, eq=False)
class Frame:
    """One slice: where its pixels are kept and where it lies in the patient (LPS, mm).

    Parameters
    ----------
    path, index : the file, and which of its frames
    rows, columns : the size of the slice
    position : centre of its first pixel, or None where the header does not say
    along_x, along_y : unit steps to the next column and to the next row
    spacing : (dy, dx), or None
    thickness : mm, or None
    slope, intercept : what turns stored numbers into intensities
    """

    path: Path
    index: int
    rows: int
    columns: int
    position: np.ndarray | None
    along_x: tuple[float, ...]
    along_y: tuple[float, ...]
    spacing: tuple[float, float] | None
    thickness: float | None
    slope: float
    intercept: float


def read_header(path: Path, must: bool = False):
    """The header of a DICOM file without its pixels; None (or an error, if it must be) for any other file."""
    import pydicom
    from pydicom.errors import InvalidDicomError

    # Files of old exports lack the preamble; only their suffix says that they are DICOM.
    trusted = must or path.suffix.lower() in (".dcm", ".ima", ".dicom")
    for force in (False, True)[: 1 + trusted]:
        try:
            header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=TAGS, force=force)
        except InvalidDicomError:
            continue
        except (EOFError, AttributeError, ValueError, KeyError, NotImplementedError) as error:
            raise LearnerError("scan-damaged", path=path, detail=str(error) or type(error).__name__) from None
        if "SOPClassUID" in header or "Rows" in header:
            return header
    if must:
        raise LearnerError("scan-not-dicom", path=path)
    return None


def frames_of(header) -> Iterator[Frame]:
    """The slices in one file; what could not be read as gray values is refused here."""
    path = Path(header.filename)
    _refuse(path, header)
    shared = _first(header.get("SharedFunctionalGroupsSequence"))
    each = header.get("PerFrameFunctionalGroupsSequence")
    n = int(header.get("NumberOfFrames") or 1)
    if n > 1 and not each:
        raise LearnerError("scan-frames-unplaced", path=path, n=n)
    for index in range(n):
        yield _frame(path, index, header, (each[index] if each else None), shared)


def _refuse(path: Path, header) -> None:
    if (
        int(header.get("SamplesPerPixel") or 1) > 1
        or header.get("PhotometricInterpretation") == "PALETTE COLOR"
    ):
        raise LearnerError("scan-is-colour", path=path, kind=header.get("PhotometricInterpretation"))
    if "MOSAIC" in (header.get("ImageType") or ()):
        raise LearnerError("scan-is-mosaic", path=path)
    if header.get("ModalityLUTSequence"):
        raise LearnerError("scan-has-lut", path=path)
    _refuse_without_decoder(path, header)


def _refuse_without_decoder(path: Path, header) -> None:
    """Compressed pixels need a decoder that pydicom does not bring along."""
    from pydicom.pixels import get_decoder

    syntax = header.file_meta.get("TransferSyntaxUID") if hasattr(header, "file_meta") else None
    if syntax is None or not syntax.is_compressed or not syntax.is_encapsulated:
        return
    try:
        available = get_decoder(syntax).is_available
    except NotImplementedError:
        available = False
    if not available:
        raise LearnerError("scan-no-decoder", path=path, syntax=syntax.name, packages=DECODERS)


def _frame(path: Path, index: int, header, own, shared) -> Frame:
    def find(group: str, tag: str):
        """A value from the frame's own groups, else from the shared ones, else from the top of the file."""
        for groups in (own, shared):
            item = _first(groups.get(group)) if groups is not None else None
            if item is not None and item.get(tag) not in (None, ""):
                return item.get(tag)
        return header.get(tag)

    axes = find("PlaneOrientationSequence", "ImageOrientationPatient") or (1, 0, 0, 0, 1, 0)
    position = find("PlanePositionSequence", "ImagePositionPatient")
    spacing = find("PixelMeasuresSequence", "PixelSpacing") or header.get("ImagerPixelSpacing")
    thickness = find("PixelMeasuresSequence", "SliceThickness") or find(
        "PixelMeasuresSequence", "SpacingBetweenSlices"
    )
    slope = _number(find("PixelValueTransformationSequence", "RescaleSlope"), 1.0)
    if slope == 0 or not np.isfinite(slope):
        raise LearnerError("scan-slope-zero", path=path, slope=slope)
    return Frame(
        path=path,
        index=index,
        rows=int(header.Rows),
        columns=int(header.Columns),
        position=np.array(position, float) if position else None,
        along_x=tuple(float(v) for v in axes[:3]),
        along_y=tuple(float(v) for v in axes[3:]),
        spacing=tuple(float(v) for v in spacing) if spacing else None,
        thickness=_number(thickness, None),
        slope=slope,
        intercept=_number(find("PixelValueTransformationSequence", "RescaleIntercept"), 0.0),
    )


def _first(sequence):
    return sequence[0] if sequence else None


def _number(value, default):
    return default if value in (None, "") else float(value)
