"""NRRD, MetaImage and the rest of ITK's formats, through SimpleITK, which is an optional extra."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rgteach.errors import LearnerError
from rgteach.image.geometry import from_lps
from rgteach.image.scan import Scan


def open_itk(path: Path) -> Scan:
    """The scan in a file that SimpleITK reads; `open_scan` finds the way here."""
    sitk = _simpleitk(path)
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        raise LearnerError("scan-damaged", path=path, detail=_last_line(error)) from None
    size = _three_axes(path, reader)
    _refuse_colours(path, reader, sitk)
    return Scan(
        name=str(path),
        kind="ITK",
        grid=_grid(reader, size),
        files=_files(path),
        stored=lambda start, stop: _planes(path, reader, sitk, start, stop),
        slopes=np.ones(1),
        intercepts=np.zeros(1),
    )


def _simpleitk(path: Path):
    try:
        import SimpleITK
    except ImportError:
        raise LearnerError("scan-needs-itk", path=path, suffix=path.suffix) from None
    return SimpleITK


def _three_axes(path: Path, reader) -> tuple[int, int, int]:
    size = tuple(reader.GetSize())
    if any(n > 1 for n in size[3:]) or len(size) < 2:
        raise LearnerError("scan-not-3d", path=path, shape=" × ".join(map(str, size)), n=len(size))
    return (*size[:3], *[1] * (3 - len(size)))


def _refuse_colours(path: Path, reader, sitk) -> None:
    kind = sitk.GetPixelIDValueAsString(reader.GetPixelID())
    if reader.GetNumberOfComponents() > 1 or "complex" in kind:
        raise LearnerError("scan-is-colour", path=path, kind=kind)


def _grid(reader, size):
    """ITK counts in LPS as we do; a 2-D or a 4-D file with one volume is brought to three axes."""
    n = len(reader.GetSize())
    direction = np.eye(max(n, 3))
    direction[:n, :n] = np.reshape(reader.GetDirection(), (n, n))
    spacing = (*reader.GetSpacing(), 1.0)[:3]
    origin = (*reader.GetOrigin(), 0.0)[:3]
    return from_lps(size, spacing, origin, direction[:3, :3])


def _planes(path: Path, reader, sitk, start: int, stop: int) -> Iterator[np.ndarray]:
    """Planes start..stop-1; ITK reads only this slab where the format lets it."""
    size = list(reader.GetSize())
    index = [0] * len(size)
    if len(size) >= 3:
        index[2], size[2] = start, stop - start
    reader.SetExtractIndex(index)
    reader.SetExtractSize(size)
    try:
        slab = sitk.GetArrayViewFromImage(image := reader.Execute())
    except RuntimeError as error:
        raise LearnerError("scan-damaged", path=path, detail=_last_line(error)) from None
    slab = slab.reshape(-1, *slab.shape[-2:])
    yield from slab
    del image  # the view above lives in it


def _files(path: Path) -> tuple[Path, ...]:
    """The file; for a header with its voxels next to it (.mhd, .nhdr) both."""
    if path.suffix.lower() not in (".mhd", ".nhdr"):
        return (path,)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    words = [line.replace("=", ":", 1).partition(":") for line in lines]
    names = [
        value.strip() for key, _, value in words if key.strip().lower() in ("elementdatafile", "data file")
    ]
    return (path, *(path.parent / name for name in names if (path.parent / name).is_file()))


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else ""
