"""A painted mask as a NIfTI file that lies where its image lies, to the last bit of the header.

A mask of a NIfTI file takes over that file's own position: sform, qform, their codes and units.  Other
sources get both forms from their grid.  What was written is read again and compared with the image.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rgteach.demos.painter.sources import Source
from rgteach.errors import LearnerError
from rgteach.image.geometry import fit
from rgteach.image.opening import open_scan

SUFFIXES = (".nii", ".nii.gz")
# NIfTI's codes for where coordinates come from
CODES = {"scanner": 1, "": 2, "mni": 4}
PLACING = (
    "qform_code sform_code quatern_b quatern_c quatern_d qoffset_x qoffset_y qoffset_z "
    "srow_x srow_y srow_z xyzt_units"
).split()


def save(source: Source, mask: np.ndarray, path: object, *, overwrite: bool = False) -> Path:
    """Write a mask as NIfTI, 1 inside and 0 outside, on the grid of its image.

    Parameters
    ----------
    source : Source
    mask : array of bool, shape (z, y, x)
    path : str or Path
        Ends with .nii or .nii.gz.
    overwrite : bool
        Whether a file of that name may be replaced.

    Returns
    -------
    Path

    Raises
    ------
    LearnerError
        If the mask is empty, the name or the folder does not do, the file is there already or is the image
        itself, or what was written does not lie on the image.
    """
    import nibabel

    path = _checked(source, mask, path, overwrite)
    image = placed(source, mask.astype(np.uint8))
    kept = path.with_name(f".{path.name.removesuffix('.gz').removesuffix('.nii')}.part{_suffix(path)}")
    try:
        nibabel.save(image, kept)
        _prove(source, mask, kept)
        kept.replace(path)
    except OSError as error:
        raise LearnerError("painter-save-failed", path=path, reason=error) from None
    finally:
        kept.unlink(missing_ok=True)
    return path


def placed(source: Source, array: np.ndarray):
    """An array (z, y, x) as a nibabel image that lies where the image of the source lies."""
    voxels = np.ascontiguousarray(array.transpose(2, 1, 0))
    return _like_file(source.path, voxels) if source.path else _like_grid(source, voxels)


def _checked(source: Source, mask: np.ndarray, path: object, overwrite: bool) -> Path:
    try:
        path = Path(path).expanduser()
    except TypeError:
        raise LearnerError("painter-save-name", path=path) from None
    if not path.name.lower().endswith(SUFFIXES):
        raise LearnerError("painter-save-name", path=path)
    if not path.parent.is_dir():
        raise LearnerError("painter-save-folder", folder=path.parent)
    if path.exists() and (not overwrite or path.is_dir() or _is_the_image(source, path)):
        raise LearnerError("painter-save-exists", path=path)
    if not mask.any():
        raise LearnerError("painter-save-empty")
    return path


def _is_the_image(source: Source, path: Path) -> bool:
    """An image is never replaced by its mask, whatever was asked for."""
    return source.path is not None and path.samefile(source.path)


def _suffix(path: Path) -> str:
    return ".nii.gz" if path.name.lower().endswith(".gz") else ".nii"


def _like_file(path: Path, voxels: np.ndarray):
    """Voxels with the position of a file, field by field."""
    import nibabel

    scan = nibabel.load(path)
    theirs = scan.header
    if not isinstance(theirs, nibabel.Nifti1Header):  # Analyze, MGH: only an affine
        return _placed(voxels, scan.affine, CODES["scanner"])
    kind = nibabel.Nifti2Image if isinstance(theirs, nibabel.Nifti2Header) else nibabel.Nifti1Image
    ours = kind.header_class()
    ours.set_data_dtype(voxels.dtype)
    ours.set_data_shape(voxels.shape)
    ours["pixdim"][:4] = theirs["pixdim"][:4]
    for name in PLACING:
        ours[name] = theirs[name]
    return kind(voxels, scan.affine, ours)


def _like_grid(source: Source, voxels: np.ndarray):
    """Voxels placed by the grid of its image: DICOM, ITK, the course's own images, arrays."""
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ source.grid.affine[:, [2, 1, 0, 3]]
    return _placed(voxels, affine, CODES[source.space])


def _placed(voxels: np.ndarray, affine: np.ndarray, code: int):
    import nibabel

    image = nibabel.Nifti1Image(voxels, affine)
    image.header.set_xyzt_units("mm")
    image.set_sform(affine, code)
    image.set_qform(affine, code)
    return image


def _prove(source: Source, mask: np.ndarray, path: Path) -> None:
    """Read the file as anybody would and refuse it if a voxel or the position differs."""
    written = open_scan(path)
    lies = fit(source.grid, written.grid)
    if lies.differences or lies.turns or not np.array_equal(written.read() > 0, mask):
        raise LearnerError("painter-save-differs", differences="\n".join(lies.differences) or "–")
