"""A mask to begin with: an array, or a file that lies on the image."""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np

from rgteach.demos.painter.messages import region_of
from rgteach.demos.painter.sources import Source
from rgteach.doors import shape_text
from rgteach.errors import LearnerError
from rgteach.image.checks import as_volume
from rgteach.image.geometry import fit
from rgteach.image.masks import ROUNDING
from rgteach.image.opening import open_scan
from rgteach.image.scan import Scan


def given_masks(source: Source, mask: object) -> dict[str, np.ndarray]:
    """What each region holds to begin with; a mask alone is for region a.

    Parameters
    ----------
    source : Source
    mask : array, path, dict of them, or None
        A dict names the regions: {"a": …, "b": …}, as `Painter.masks` gives it.
    """
    if mask is None:
        return {}
    named = mask if isinstance(mask, Mapping) else {"a": mask}
    return {region_of(name): given_mask(source, one) for name, one in named.items()}


def given_mask(source: Source, mask: object) -> np.ndarray:
    """A mask (z, y, x) of bool on the image's grid; every label but 0 belongs to it.

    Raises
    ------
    LearnerError
        If its shape or its place differs from the image's, or its numbers are not labels.
    """
    if isinstance(mask, (str, os.PathLike, Scan)):
        return _labels(_from_file(source, open_scan(mask)))
    try:
        array = np.asarray(as_volume("mask", mask))
    except ValueError as error:
        if isinstance(error, LearnerError):
            raise
        raise LearnerError("painter-ragged", given=type(mask).__name__) from None
    if array.shape != source.image.shape:
        shapes = {"image_shape": shape_text(source.image.shape), "mask_shape": shape_text(array.shape)}
        raise LearnerError("shapes-differ", **shapes)
    return _labels(array)


def _from_file(source: Source, scan: Scan) -> np.ndarray:
    """The voxels of a mask file, turned exactly where it is stored along other axes."""
    if not source.space:  # an array has no position: only the sizes can be compared
        return given_mask(source, scan.read())
    lies = fit(source.grid, scan.grid)
    if lies.differences:
        same = source.grid.shape == scan.grid.shape
        key = "scan-mask-elsewhere" if same else "scan-mask-other-grid"
        raise LearnerError(key, differences="\n".join(lies.differences))
    return lies.turn(scan.read())


def _labels(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "biuf":
        raise LearnerError("not-a-number-image", dtype=array.dtype)
    if array.dtype.kind != "f":
        return array != 0
    odd = ~(np.abs(array - np.rint(array)) <= ROUNDING)
    if odd.any():
        raise LearnerError("mask-not-whole", value=f"{array[odd][0]:g}", n=int(odd.sum()))
    return np.rint(array) != 0
