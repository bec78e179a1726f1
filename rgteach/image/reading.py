"""From two files to one VOI: where the mask's label lies, and only that part of the image."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass

import numpy as np

from rgteach.doors import shape_text
from rgteach.errors import LearnerError
from rgteach.image.geometry import Fit, fit
from rgteach.image.masks import Region, count_labels, read_region
from rgteach.image.opening import open_scan
from rgteach.image.scan import Scan
from rgteach.image.voi import VOI, voi


@dataclass(frozen=True, eq=False)
class Reading:
    """A VOI with what is known of its sources.

    Parameters
    ----------
    voi : VOI
    image, mask : Scan
    labels : dict
        How many voxels every label of the mask has.
    fit : Fit or None
        How the mask's grid lies on the image's; None for arrays, which have no position.
    """

    voi: VOI
    image: Scan
    mask: Scan
    labels: dict[int, int]
    fit: Fit | None


def read_voi(
    image: object, mask: object, *, label: int = 1, spacing_mm=None, series: str | None = None
) -> Reading:
    """Read the voxels inside one label of a mask, and no others.

    Parameters
    ----------
    image, mask : path, array or Scan
        On the same grid.  A mask stored along other axes is turned exactly; nothing is ever resampled.
    label : int
    spacing_mm : (dz, dy, dx), optional
        For arrays; a file says its own.
    series : str, optional
        Which series of a DICOM folder.

    Returns
    -------
    Reading

    Raises
    ------
    LearnerError
        If a file cannot be read, the grids differ, the label is absent or the region is too small.
    """
    image_scan = open_scan(image, series=series, spacing_mm=spacing_mm)
    mask_scan = open_scan(mask, spacing_mm=spacing_mm)
    kinds = (image_scan.kind, mask_scan.kind)
    if kinds == ("array", "array"):
        region = voi(image_scan.read(), mask_scan.read(), image_scan.grid.spacing_mm, label)
        return Reading(region, image_scan, mask_scan, count_labels(mask_scan), None)
    if "array" in kinds:
        return _half_placed(image_scan, mask_scan, label)
    _check_spacing(image_scan, spacing_mm)
    lies = fit(image_scan.grid, mask_scan.grid)
    if lies.differences:
        same_size = image_scan.grid.shape == mask_scan.grid.shape
        key = "scan-mask-elsewhere" if same_size else "scan-mask-other-grid"
        raise LearnerError(key, differences="\n".join(lies.differences))
    region = read_region(mask_scan, label)
    return Reading(_cut(image_scan, mask_scan, region, lies), image_scan, mask_scan, region.labels, lies)


def _cut(image: Scan, mask: Scan, region: Region, lies: Fit) -> VOI:
    """The image inside the region, whose box is turned to run along the image's axes."""
    box = tuple(
        _turned_span(region.box[old], mask.grid.shape[old], lies.flipped[new])
        for new, old in enumerate(lies.order)
    )
    inside = np.ascontiguousarray(lies.turn(region.inside))
    small = voi(image.read(box), inside, image.grid.spacing_mm)
    shifted = (
        slice(at.start + own.start, at.start + own.stop) for at, own in zip(box, small.box, strict=True)
    )
    return dataclasses.replace(small, box=tuple(shifted))


def _turned_span(span: slice, n: int, flipped: bool) -> slice:
    return slice(n - span.stop, n - span.start) if flipped else span


def _half_placed(image: Scan, mask: Scan, label: int) -> Reading:
    """A file and an array: the array has no position, so only the sizes can be compared."""
    if image.grid.shape != mask.grid.shape:
        shapes = {"image_shape": shape_text(image.grid.shape), "mask_shape": shape_text(mask.grid.shape)}
        raise LearnerError("shapes-differ", **shapes)
    if image.kind == "array":  # the file knows the voxel size
        image = dataclasses.replace(image, grid=mask.grid)
    region = read_region(mask, label)
    straight = Fit((0, 1, 2), (False, False, False), 0.0, ())
    return Reading(_cut(image, mask, region, straight), image, mask, region.labels, None)


def _check_spacing(image: Scan, spacing_mm) -> None:
    """Refuse two truths about the voxel size."""
    if spacing_mm is None or np.allclose(spacing_mm, image.grid.spacing_mm, rtol=1e-3):
        return
    found = " × ".join(f"{s:.6g}" for s in image.grid.spacing_mm)
    raise LearnerError("scan-spacing-given", path=image.name, given=spacing_mm, found=found)


def is_path(source: object) -> bool:
    """Whether a source is read from disk."""
    return isinstance(source, (str, os.PathLike))
