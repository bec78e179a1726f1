"""NIfTI (and Analyze, MGH) files: headers through nibabel, voxels plane by plane from the open file.

A plain file is read at the planes that are needed; a gzipped one is unpacked from start to end (its checksum
comes last) and only those planes are kept.  Neither way holds the whole scan in memory.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rgteach.errors import LearnerError, warn
from rgteach.image.geometry import TOLERANCE_VOXELS, fit, from_ras
from rgteach.image.scan import Scan

TO_MM = {"meter": 1000.0, "micron": 0.001}
GZIP_MAGIC = b"\x1f\x8b"
HEADER_SIZES = tuple(size.to_bytes(4, order) for size in (348, 540) for order in ("little", "big"))


def open_nifti(path: Path) -> Scan:
    """The scan in a NIfTI file; `open_scan` finds the way here."""
    image = _load(path)
    shape = _three_axes(path, image.shape)
    proxy = image.dataobj
    _refuse_colours(path, proxy.dtype)
    grid = from_ras(shape, _affine_mm(path, image))
    _refuse_truncated(path, proxy)
    return Scan(
        name=str(path),
        kind="NIfTI",
        grid=grid,
        files=_files(path, image),
        stored=lambda start, stop: _planes(path, proxy, shape, start, stop),
        slopes=np.array([proxy.slope], float),
        intercepts=np.array([proxy.inter], float),
    )


def _load(path: Path):
    import nibabel

    try:
        return nibabel.load(path)
    except PermissionError:
        raise
    except (EOFError, zlib.error):
        raise LearnerError("scan-cut-stream", path=path, found=path.stat().st_size) from None
    except (nibabel.filebasedimages.ImageFileError, nibabel.spatialimages.HeaderDataError, OSError) as error:
        raise _why_not_loaded(path, error) from None


def _why_not_loaded(path: Path, error: Exception) -> LearnerError:
    """Tell apart an empty file, a wrong suffix and a file that is something else."""
    with open(path, "rb") as file:
        head = file.read(4)
    if not head:
        return LearnerError("scan-empty-file", path=path)
    packed, is_gzip = path.name.lower().endswith(".gz"), head[:2] == GZIP_MAGIC
    if not is_gzip and head not in HEADER_SIZES:
        return LearnerError("scan-not-nifti", path=path)
    if packed != is_gzip:
        right = path.name[:-3] if packed else path.name + ".gz"
        return LearnerError("scan-wrong-suffix", path=path, right=right)
    return LearnerError("scan-damaged", path=path, detail=str(error).splitlines()[0] if str(error) else "")


def _three_axes(path: Path, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(n_x, n_y, n_z); axes of one element at the end are dropped, a 2-D file is one slice."""
    while len(shape) > 3 and shape[-1] == 1:
        shape = shape[:-1]
    if len(shape) == 2:
        shape = (*shape, 1)
    if len(shape) != 3:
        raise LearnerError("scan-not-3d", path=path, shape=" × ".join(map(str, shape)), n=len(shape))
    return shape


def _refuse_colours(path: Path, dtype: np.dtype) -> None:
    if dtype.fields or dtype.kind not in "iuf":
        kind = "RGB" if dtype.fields else str(dtype)
        raise LearnerError("scan-is-colour", path=path, kind=kind)


def _affine_mm(path: Path, image) -> np.ndarray:
    """The header's affine in mm; where it holds two that disagree, say which one is used."""
    header = image.header
    affine = np.array(image.affine, float)
    if hasattr(header, "get_xyzt_units"):
        affine[:3] *= TO_MM.get(header.get_xyzt_units()[0], 1.0)
    if hasattr(header, "get_sform"):
        _warn_about_two_forms(path, image)
    return affine


def _warn_about_two_forms(path: Path, image) -> None:
    (sform, s_code), (qform, q_code) = image.get_sform(coded=True), image.get_qform(coded=True)
    if s_code == 0 or q_code == 0 or not np.isfinite(sform).all() or not np.isfinite(qform).all():
        return
    shape = (*image.shape[:3], *[1] * (3 - len(image.shape)))
    try:
        apart = fit(from_ras(shape, sform), from_ras(shape, qform))
    except LearnerError:  # one of them is impossible; the one in use is checked by the caller
        return
    if apart.turns or apart.off_voxels > TOLERANCE_VOXELS:
        warn("scan-two-forms", path=path, voxels=apart.off_voxels)


def _refuse_truncated(path: Path, proxy) -> None:
    """A file that ends early is refused before anything is computed from its first part."""
    expected = proxy.offset + int(np.prod(proxy.shape, dtype=np.int64)) * proxy.dtype.itemsize
    source = Path(proxy.file_like)
    name = source.name.lower()
    if name.endswith((".gz", ".mgz")):
        if _size_in_trailer(source) == expected % 2**32:
            return
        found = _unpacked_size(source)  # the trailer may be of a padded or joined file: count
    elif name.endswith((".bz2", ".zst")):
        return
    else:
        found = source.stat().st_size
    if found < expected:
        raise LearnerError("scan-truncated", path=path, found=found, expected=expected)


def _size_in_trailer(path: Path) -> int:
    """What gzip wrote in its last four bytes: the unpacked size, modulo 2**32."""
    with open(path, "rb") as file:
        file.seek(-4, 2)
        return struct.unpack("<I", file.read(4))[0]


def _unpacked_size(path: Path) -> int:
    import gzip

    size = 0
    try:
        with gzip.open(path) as file:
            while block := file.read(2**20):
                size += len(block)
    except (EOFError, OSError, zlib.error):
        pass  # what could be unpacked until here is the answer
    return size


def _planes(path: Path, proxy, shape, start: int, stop: int) -> Iterator[np.ndarray]:
    """Planes start..stop-1 as views (n_y, n_x) of the bytes just read."""
    from nibabel.openers import ImageOpener

    n_x, n_y, _ = shape
    n_bytes = n_x * n_y * proxy.dtype.itemsize
    is_packed = Path(proxy.file_like).suffix.lower() in (".gz", ".mgz", ".bz2", ".zst")
    try:
        with ImageOpener(proxy.file_like) as file:
            file.seek(proxy.offset + start * n_bytes)
            for _ in range(start, stop):
                block = file.read(n_bytes)
                if len(block) < n_bytes:
                    raise EOFError
                yield np.frombuffer(block, proxy.dtype).reshape(n_y, n_x)
            if is_packed:
                _to_the_end(file)
    except PermissionError:
        raise
    except (EOFError, zlib.error):
        raise LearnerError("scan-cut-stream", path=path, found=path.stat().st_size) from None
    except OSError as error:  # gzip's own word for a block that does not add up
        raise LearnerError("scan-damaged", path=path, detail=error) from None


def _to_the_end(file) -> None:
    """Unpack what is left: gzip's checksum comes last and proves that nothing before it was damaged."""
    while file.read(2**20):
        pass


def _files(path: Path, image) -> tuple[Path, ...]:
    """The file, or header and voxels where they are two files."""
    names = {Path(holder.filename) for holder in image.file_map.values() if holder.filename}
    return tuple(sorted(name for name in names if name.exists())) or (path,)
