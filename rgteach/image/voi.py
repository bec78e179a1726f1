"""The volume of interest: what is left of a scan once a mask has said where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from rgteach import views, wording
from rgteach.core.levels import extent
from rgteach.doors import door, shape_text
from rgteach.errors import LearnerError
from rgteach.image.checks import as_volume, own, spacing

CHUNK_VOXELS = 2**16  # how many voxels are converted at a time: half a megabyte stays in the cache
MOST_LISTED = 10  # labels named in an error
LABEL_TOLERANCE = 1e-3  # masks saved as scaled floats say 0.9999999998 for 1


@dataclass(frozen=True, eq=False, repr=False)
class VOI:
    """The part of an image inside a mask, cropped to the mask's bounding box.

    Attributes
    ----------
    intensity : array, shape (z, y, x)
        The image inside the box, a view with the scan's own dtype and unit.
    mask : array of bool, shape (z, y, x)
        Which of these voxels belong.
    spacing_mm : tuple of float
        Voxel size (dz, dy, dx).
    box : tuple of 3 slices
        Where the box lies in the scan.
    n_voxels : int
        How many voxels belong.
    minimum, maximum : float
        The intensity range inside.
    """

    intensity: np.ndarray
    mask: np.ndarray
    spacing_mm: tuple[float, float, float]
    box: tuple[slice, slice, slice]
    n_voxels: int
    minimum: float = field(default=np.nan)
    maximum: float = field(default=np.nan)

    @property
    def values(self) -> np.ndarray:
        """The intensities inside, as one row in the order z, y, x."""
        return self.intensity[self.mask]

    @property
    def volume_ml(self) -> float:
        """Number of voxels times the volume of one, in millilitres."""
        return self.n_voxels * float(np.prod(self.spacing_mm)) / 1000

    def is_whole(self, span: int) -> bool:
        """Whether the intensities are integers, fewer than `span` apart and within 32 bits."""
        whole = self.intensity.dtype.kind in "iu" and self.maximum - self.minimum < span
        return whole and self.minimum >= -(2**31) and self.maximum < 2**31

    def chunks(self, dtype: type | None = None) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Walk over stacks of slices in one dtype, so that a large box is never converted at once."""
        dtype = dtype or self.intensity.dtype.newbyteorder("=")
        yield from _chunks(self.intensity, self.mask, dtype)

    def _facts(self) -> dict[str, str]:
        return {
            wording.say("voi-voxels"): f"{self.n_voxels:,} ({self.volume_ml:.4g} ml)",
            wording.say("voi-box"): shape_text(self.mask.shape),
            wording.say("voi-spacing"): " × ".join(f"{mm:g}" for mm in self.spacing_mm) + " mm",
            wording.say("voi-range"): f"{self.minimum:g} … {self.maximum:g} ({self.intensity.dtype})",
        }

    def __repr__(self) -> str:
        return views.text_card("VOI", self._facts())

    def _repr_html_(self) -> str:
        z = int(self.mask.sum((1, 2)).argmax())
        alt = wording.say("voi-alt", z=z + self.box[0].start, **self._alt())
        picture = views.gray_picture(
            self.intensity[z], self.mask[z], alt, self.spacing_mm[1] / self.spacing_mm[2]
        )
        return views.card("VOI", self._facts(), picture)

    def _alt(self) -> dict[str, object]:
        return {"n": f"{self.n_voxels:,}", "low": f"{self.minimum:g}", "high": f"{self.maximum:g}"}


@door
def voi(image: object, mask: object, spacing_mm: object = (1.0, 1.0, 1.0), label: int = 1) -> VOI:
    """Cut the volume of interest out of a scan.

    Parameters
    ----------
    image : array, shape (z, y, x) or (y, x)
        Intensities in any unit.  Anything with a shape that can be sliced will do; only the box is read.
    mask : array, shape (z, y, x) or (y, x)
        Labels on the same grid; 0 is background.
    spacing_mm : three floats
        Voxel size (dz, dy, dx) in mm.
    label : int
        Which label of the mask to analyse.

    Returns
    -------
    VOI

    Raises
    ------
    LearnerError
        If the grids differ, the label is absent, a mask is empty or holds a single voxel or line, or an
        intensity inside is not a number.

    Examples
    --------
    >>> image = np.arange(12).reshape(3, 4)
    >>> region = voi(image, image > 5)
    >>> region.values.tolist(), region.mask.shape
    ([6, 7, 8, 9, 10, 11], (1, 2, 4))
    """
    spacing_mm = spacing(spacing_mm)
    _check_colour(image, mask)
    image, mask = as_volume("image", image), as_volume("mask", mask)
    _check_image(image, mask)
    if not isinstance(label, (int, float, np.integer, np.floating)) or label == 0:
        raise LearnerError("bad-label", given=label)
    box, inside = _crop(mask, label, spacing_mm)
    intensity = np.asarray(image[box])
    lowest, highest = _range_inside(intensity, inside)
    n_voxels = int(np.count_nonzero(inside))
    return VOI(intensity, inside, spacing_mm, box, n_voxels, lowest, highest)


def _check_colour(image: object, mask: object) -> None:
    shape, grid = np.shape(image), np.shape(mask)
    if len(shape) == 3 and len(grid) == 2 and shape[:2] == grid and shape[2] in (3, 4):
        raise LearnerError("colour-image", name="image", shape=shape_text(shape))


def _check_image(image: object, mask: object) -> None:
    kind = np.dtype(image.dtype).kind
    if kind == "b":
        raise LearnerError("bool-image")
    if kind not in "iuf":
        raise LearnerError("not-a-number-image", dtype=image.dtype)
    if tuple(image.shape) != tuple(mask.shape):
        raise LearnerError(
            "shapes-differ", image_shape=shape_text(image.shape), mask_shape=shape_text(mask.shape)
        )


def _crop(mask: object, label: float, spacing_mm: tuple) -> tuple[tuple[slice, slice, slice], np.ndarray]:
    """The bounding box of a label and the boolean mask inside it, read a few slices at a time."""
    planes, shadow = np.zeros(mask.shape[0], bool), np.zeros(mask.shape[1:], bool)
    for part in _parts(mask.shape):
        inside = _is_label(np.asarray(mask[part]), label)
        planes[part] = inside.any(axis=(1, 2))
        shadow |= inside.any(axis=0)
    if not planes.any():
        _complain_of_labels(mask, label, spacing_mm)
    box = tuple(_span(hits) for hits in (planes, shadow.any(axis=1), shadow.any(axis=0)))
    inside = _is_label(np.asarray(mask[box]), label)
    _check_extent(inside)
    return box, inside


def _is_label(values: np.ndarray, label: float) -> np.ndarray:
    if values.dtype.kind == "b":
        return values & (label == 1)
    if values.dtype.kind != "f":
        return values == label
    whole = np.rint(values)
    odd = ~(np.abs(values - whole) <= LABEL_TOLERANCE)
    if odd.any():
        raise LearnerError("mask-not-whole", value=f"{values[odd][0]:g}", n=int(odd.sum()))
    return whole == label


def _span(hits: np.ndarray) -> slice:
    places = np.flatnonzero(hits)
    return slice(int(places[0]), int(places[-1]) + 1)


def _check_extent(inside: np.ndarray) -> None:
    n_long = sum(n > 1 for n in inside.shape)
    if inside.size == 1:
        raise LearnerError("one-voxel")
    if n_long == 1:
        raise LearnerError("one-line", n=int(inside.sum()), axis="zyx"[int(np.argmax(inside.shape))])


def _complain_of_labels(mask: object, label: float, spacing_mm: tuple) -> None:
    """Say which labels there are, with voxel counts and volumes."""
    there: Counter = Counter()
    for z in range(len(mask)):
        labels, counts = np.unique(np.rint(np.asarray(mask[z], dtype=float)), return_counts=True)
        there.update(dict(zip(labels.tolist(), counts.tolist(), strict=True)))
    n_background = there.pop(0.0, 0)
    if not there:
        raise LearnerError("empty-mask", n=f"{n_background:,}")
    ml = float(np.prod(spacing_mm)) / 1000
    items = [
        wording.say("label-item", label=f"{value:g}", n=f"{n:,}", ml=f"{n * ml:.3g}")
        for value, n in there.most_common(MOST_LISTED)
    ]
    if len(there) > MOST_LISTED:
        items.append(wording.say("label-more", n=len(there) - MOST_LISTED))
    largest = f"{there.most_common(1)[0][0]:g}"
    listed = wording.say("list-comma").join(items)
    raise LearnerError("label-absent", label=label, listed=listed, largest=largest)


def _range_inside(intensity: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    lowest, highest, n_nan, n_infinite = np.inf, -np.inf, 0, 0
    for _, image, mask in _chunks(intensity, inside, np.float64):
        low, high, nan, infinite = extent(image.ravel(), mask.ravel())
        lowest, highest = min(lowest, low), max(highest, high)
        n_nan, n_infinite = n_nan + nan, n_infinite + infinite
    if n_nan or n_infinite:
        n = int(np.count_nonzero(inside))
        raise LearnerError("not-finite", n_nan=n_nan, n_infinite=n_infinite, n=f"{n:,}")
    return float(lowest), float(highest)


def _chunks(image: np.ndarray, mask: np.ndarray, dtype: type) -> Iterator[tuple]:
    for part in _parts(image.shape):
        yield part, own(image[part], dtype), own(mask[part], np.bool_)


def _parts(shape: tuple[int, ...]) -> Iterator[slice]:
    """Stacks of slices of about CHUNK_VOXELS."""
    step = max(1, CHUNK_VOXELS // max(1, shape[1] * shape[2]))
    for start in range(0, shape[0], step):
        yield slice(start, start + step)
