"""Image and regions in three dimensions, by NiiVue through ipyniivue: an optional extra.

Everything travels with the notebook's own messages, as small NIfTI files in memory; nothing is fetched.
"""

from __future__ import annotations

import gzip

import numpy as np

from rgteach.demos.painter.out import placed
from rgteach.demos.panel import someone_listens
from rgteach.errors import LearnerError

# NiiVue's own colour maps; told apart by eyes of every kind: from red to yellow, from blue to cyan
COLOURS = {"a": "redyell", "b": "blue2cyan"}
HEIGHT_PX = 480
OPACITY = 0.4  # the texture stays visible through the region
CROSSHAIR_VOXELS = 0.3


def view3d(painter):
    """Three planes and a rendered volume, with the painted regions laid over.

    Parameters
    ----------
    painter : Painter

    Returns
    -------
    ipyniivue.NiiVue
        As it is painted now: ask again after painting on.  Where no front end listens, the painter's picture.

    Raises
    ------
    LearnerError
        If ipyniivue is not installed.
    """
    try:
        import ipyniivue
    except ImportError as error:
        raise LearnerError("painter-no-niivue", reason=error) from None
    if not someone_listens():
        return painter.still()
    viewer = ipyniivue.NiiVue(
        height=HEIGHT_PX,
        slice_type=ipyniivue.SliceType.MULTIPLANAR,
        multiplanar_show_render=ipyniivue.ShowRender.ALWAYS,
        is_radiological_convention=True,  # the patient's right on the left, as in the painter
        is_orient_cube=True,
        crosshair_width=CROSSHAIR_VOXELS,
    )
    viewer.load_volumes(volumes(painter))
    return viewer


def volumes(painter) -> list[dict]:
    """The image and every region that holds a voxel, as `NiiVue.load_volumes` wants them."""
    source, (low, high) = painter._source, painter.window
    image = np.nan_to_num(source.image, nan=low, posinf=painter.span[1], neginf=painter.span[0])
    kind = image.dtype if image.dtype in (np.uint8, np.int16) else np.float32
    shown = [{"name": "image.nii.gz", "data": _packed(source, image.astype(kind)), "colormap": "gray"}]
    shown[0] |= {"cal_min": low, "cal_max": high, "colorbar_visible": False}
    for name, mask in painter.masks.items():
        if mask.any():
            data = _packed(source, mask.astype(np.uint8))
            how = {"colormap": COLOURS[name], "opacity": OPACITY, "colorbar_visible": False}
            shown.append({"name": f"{name}.nii.gz", "data": data, "cal_min": 0.5, "cal_max": 1.0, **how})
    return shown


def _packed(source, voxels: np.ndarray) -> bytes:
    return gzip.compress(placed(source, voxels).to_bytes(), compresslevel=1, mtime=0)
