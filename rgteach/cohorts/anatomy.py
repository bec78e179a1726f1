"""The MNI152 brain that nilearn carries, read as plain files.

nilearn itself is never imported: that takes seconds, and nothing of its code is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from rgteach import views
from rgteach.errors import LearnerError
from rgteach.wording import say

FILES = {kind: f"mni_icbm152_{kind}_tal_nlin_sym_09a_converted.nii.gz" for kind in ("t1", "gm", "wm")}
MARGIN = 4  # voxels of air that are kept around the head


@dataclass(frozen=True, eq=False, repr=False)
class Brain:
    """A healthy brain: the ICBM 2009a symmetric average of 152 people, without skull, 1 mm voxels.

    Attributes
    ----------
    t1 : array of float32, shape (z, y, x)
        T1-weighted signal, 0..255 in arbitrary units, 0 outside the brain.
    gm, wm : array of float32, shape (z, y, x)
        Share of gray and of white matter in each voxel, 0..1.
    spacing_mm : tuple of float
        Voxel size (dz, dy, dx) in mm.
    affine : array of float, shape (4, 4)
        From voxel (x, y, z) to MNI coordinates in mm (right, front, head are positive), as in nibabel.
    orientation : str
        Where the axes x, y, z grow to: "LPS" is left, back (posterior), head (superior).

    References
    ----------
    Fonov et al. 2011, doi:10.1016/j.neuroimage.2010.07.033.
    """

    bytes: dict[str, np.ndarray] = field(repr=False)
    affine: np.ndarray = field(repr=False)
    spacing_mm: tuple[float, float, float] = (1.0, 1.0, 1.0)
    orientation: str = "LPS"

    @cached_property
    def t1(self) -> np.ndarray:
        """T1-weighted signal, 0..255."""
        return _kept(self.bytes["t1"].astype(np.float32))

    @cached_property
    def gm(self) -> np.ndarray:
        """Share of gray matter, 0..1."""
        return _kept(self.bytes["gm"].astype(np.float32) / np.float32(255))

    @cached_property
    def wm(self) -> np.ndarray:
        """Share of white matter, 0..1."""
        return _kept(self.bytes["wm"].astype(np.float32) / np.float32(255))

    @cached_property
    def mask(self) -> np.ndarray:
        """True inside the brain, its fluid spaces included."""
        return _kept(self.bytes["t1"] > 0)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of voxels (z, y, x)."""
        return self.bytes["t1"].shape

    def to_mni(self, voxel) -> tuple[float, float, float]:
        """MNI coordinates (x, y, z) in mm of a voxel (z, y, x)."""
        point = self.affine @ [*reversed(tuple(voxel)), 1.0]
        return tuple(float(v) for v in point[:3])

    def _facts(self) -> dict[str, str]:
        n_z, n_y, n_x = self.shape
        return {
            say("card-size"): f"{n_z} × {n_y} × {n_x} (z, y, x)",
            say("card-spacing"): " × ".join(f"{mm:g}" for mm in self.spacing_mm) + " mm",
            say("card-axes"): say("card-lps"),
        }

    def __repr__(self) -> str:
        return views.text_card("Brain, MNI152", self._facts())

    def _repr_html_(self) -> str:
        z = self.shape[0] // 2
        alt = say("card-brain-alt", z=z)
        picture = views.gray_picture(self.bytes["t1"][z], self.mask[z], alt)
        return views.card("Brain, MNI152", self._facts(), picture)


def _kept(array: np.ndarray) -> np.ndarray:
    """An array that everybody shares, and so nobody may change."""
    array.setflags(write=False)
    return array


@cache
def brain() -> Brain:
    """The MNI152 brain: T1 signal and the shares of gray and white matter.

    Returns
    -------
    Brain
        Arrays (z, y, x), 1 mm, cropped to the brain. The same object at every call, so its arrays cannot be
        written to: take a copy to change one.

    Raises
    ------
    LearnerError
        If nilearn's folder, or a file in it, is not there or cannot be read.

    Examples
    --------
    >>> brain().t1.ndim
    3
    """
    volumes = {kind: _read(kind) for kind in FILES}
    affine = volumes["t1"][1]
    box = _box_around(volumes["t1"][0] > 0)
    pieces = {kind: np.ascontiguousarray(volume[box]) for kind, (volume, _) in volumes.items()}
    pieces = {kind: _kept(piece) for kind, piece in pieces.items()}
    return Brain(pieces, _affine_of_crop(affine, volumes["t1"][0].shape, box))


def _read(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """One volume turned to (z, y, x), growing to the head, the back and the left, and its file's affine."""
    path = data_folder() / FILES[kind]
    if not path.is_file():
        raise LearnerError("brain-file-missing", file=path.name, folder=path.parent)
    import nibabel

    try:
        scan = nibabel.load(path)
        voxels = np.asarray(scan.dataobj)
    except Exception as trouble:  # gzip, zlib, nibabel and the disk each have their own way to fail
        raise LearnerError("brain-file-broken", file=path.name, reason=trouble) from trouble
    return voxels.transpose(2, 1, 0)[:, ::-1, ::-1], scan.affine


def data_folder() -> Path:
    """The folder of nilearn's data files, found without running nilearn."""
    found = find_spec("nilearn")
    if found is None or not found.submodule_search_locations:
        raise LearnerError("nilearn-missing")
    return Path(next(iter(found.submodule_search_locations))) / "datasets" / "data"


def _box_around(mask: np.ndarray) -> tuple[slice, slice, slice]:
    box = []
    for axis in range(3):
        others = tuple(a for a in range(3) if a != axis)
        filled = np.flatnonzero(mask.any(axis=others))
        box.append(slice(max(0, filled[0] - MARGIN), min(mask.shape[axis], filled[-1] + 1 + MARGIN)))
    return tuple(box)


def _affine_of_crop(affine: np.ndarray, shape: tuple[int, ...], box: tuple[slice, ...]) -> np.ndarray:
    """The file's affine (x right, y front) for a crop that runs the other way in x and y."""
    n_y, n_x = shape[1:]
    turn = np.diag([-1.0, -1.0, 1.0, 1.0])
    turn[:3, 3] = [n_x - 1 - box[2].start, n_y - 1 - box[1].start, box[0].start]
    return affine @ turn
