"""Where voxels lie in the patient: one grid, and whether two grids are the same.

Headers say x, y, z and count in LPS (DICOM, ITK) or RAS (NIfTI) millimetres.  Here array axes come in the
order (z, y, x) and a position is LPS: x grows to the patient's left, y to the back, z to the head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.errors import LearnerError
from rgteach.wording import say

# Headers round their numbers; a grid that moves by less than this everywhere is the same grid.
TOLERANCE_VOXELS = 0.1
# Axes further from a right angle than this make voxel steps that are not distances any more.
TOLERANCE_DEGREES = 0.5


@dataclass(frozen=True, eq=False)
class Grid:
    """The voxel grid of a scan.

    Parameters
    ----------
    shape : (n_z, n_y, n_x)
    affine : array of float, shape (4, 4)
        Takes the index (z, y, x, 1) of a voxel to the position (L, P, S, 1) of its centre in mm.
    """

    shape: tuple[int, int, int]
    affine: np.ndarray

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Voxel size (dz, dy, dx)."""
        return tuple(float(s) for s in np.linalg.norm(self.affine[:3, :3], axis=0))

    @property
    def origin_mm(self) -> tuple[float, float, float]:
        """Position (L, P, S) of the centre of voxel [0, 0, 0]."""
        return tuple(float(v) for v in self.affine[:3, 3])

    @property
    def direction(self) -> np.ndarray:
        """(3, 3); column a is the unit step along array axis a (z, y, x), written as (L, P, S)."""
        return self.affine[:3, :3] / np.linalg.norm(self.affine[:3, :3], axis=0)

    @property
    def orientation(self) -> str:
        """Where x, y and z grow to, in the order that headers print: "LPS", "RAS", …"""
        letters = []
        for step in self.direction.T[::-1]:
            axis = int(np.argmax(np.abs(step)))
            letters.append(("RL", "AP", "IS")[axis][int(step[axis] > 0)])
        return "".join(letters)

    def turned(self, order: tuple[int, int, int], flipped: tuple[bool, bool, bool]) -> Grid:
        """The same voxels with array axes taken in another order and some counted backwards."""
        step = np.zeros((4, 4))
        step[3, 3] = 1
        for new, old in enumerate(order):
            step[old, new] = -1 if flipped[new] else 1
            step[old, 3] = self.shape[old] - 1 if flipped[new] else 0
        return Grid(tuple(self.shape[old] for old in order), self.affine @ step)


def from_ras(shape_xyz: tuple[int, ...], affine: np.ndarray) -> Grid:
    """The grid of a header that maps (i, j, k) to RAS millimetres, as NIfTI does."""
    lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ np.asarray(affine, float)
    return checked(Grid(tuple(int(n) for n in shape_xyz[::-1]), lps[:, [2, 1, 0, 3]]))


def from_lps(shape_xyz, spacing_xyz, origin, direction) -> Grid:
    """The grid of a header that gives size, spacing, origin and direction in LPS, as ITK does."""
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(np.asarray(direction, float), (3, 3)) * np.asarray(spacing_xyz, float)
    affine[:3, 3] = origin
    return checked(Grid(tuple(int(n) for n in shape_xyz[::-1]), affine[:, [2, 1, 0, 3]]))


def from_spacing(shape: tuple[int, int, int], spacing_mm=(1.0, 1.0, 1.0)) -> Grid:
    """The grid of an array that came without a header: it starts at zero and grows along L, P, S."""
    return from_lps(shape[::-1], tuple(spacing_mm)[::-1], (0, 0, 0), np.eye(3))


def checked(grid: Grid) -> Grid:
    """Refuse a header whose numbers cannot place voxels."""
    spacing = np.linalg.norm(grid.affine[:3, :3], axis=0)
    if not np.isfinite(grid.affine).all() or not (spacing > 0).all():
        raise LearnerError("scan-impossible-spacing", spacing=_mm(spacing, 4))
    off = _degrees_from_right_angle(grid)
    if off > TOLERANCE_DEGREES:
        raise LearnerError("scan-tilted", degrees=off)
    return grid


def _degrees_from_right_angle(grid: Grid) -> float:
    """How far the worst pair of axes is from 90 degrees."""
    cosines = grid.direction.T @ grid.direction
    worst = np.abs(cosines[[0, 0, 1], [1, 2, 2]]).max()
    return float(np.degrees(np.arcsin(min(worst, 1.0))))


# ---------------------------------------------------------------- two grids


@dataclass(frozen=True)
class Fit:
    """How a mask's grid lies on the image's grid.

    Parameters
    ----------
    order, flipped : tuple
        How to turn the mask's array axes so that they run like the image's.
    off_voxels : float
        How far any voxel of the mask lies from its partner in the image; header rounding.
    differences : tuple of str
        What differs by more than rounding, as sentences; empty when the grids are the same.
    """

    order: tuple[int, int, int]
    flipped: tuple[bool, bool, bool]
    off_voxels: float
    differences: tuple[str, ...]

    @property
    def turns(self) -> bool:
        """Whether the mask is stored along other axes than the image."""
        return self.order != (0, 1, 2) or any(self.flipped)

    def turn(self, array: np.ndarray) -> np.ndarray:
        """A mask array (or a crop of one) as a view along the image's axes."""
        back = tuple(slice(None, None, -1) if flip else slice(None) for flip in self.flipped)
        return array.transpose(self.order)[back]


def fit(image: Grid, mask: Grid) -> Fit:
    """Compare two grids; a mask stored along other axes is turned first, exactly and without resampling."""
    order, flipped = _axes_that_match(image, mask)
    turned = mask.turned(order, flipped)
    return Fit(order, flipped, _shift(image, turned), tuple(_differences(image, turned, mask)))


def _axes_that_match(image: Grid, mask: Grid) -> tuple[tuple, tuple]:
    """For each image axis the mask axis that runs along it, and whether it runs backwards."""
    cosines = image.direction.T @ mask.direction
    order = tuple(int(a) for a in np.abs(cosines).argmax(axis=1))
    if len(set(order)) < 3:  # no axis runs along another: leave the mask as it is, its direction will differ
        return (0, 1, 2), (False, False, False)
    return order, tuple(bool(cosines[new, old] < 0) for new, old in enumerate(order))


def _shift(image: Grid, mask: Grid) -> float:
    """How many image voxels the worst corner of the mask lies from where the image has it."""
    ends = np.array(np.meshgrid(*[(-0.5, n - 0.5) for n in mask.shape], indexing="ij")).reshape(3, 8)
    corners = np.vstack([ends, np.ones(8)])
    there = np.linalg.solve(image.affine, mask.affine @ corners)
    return float(np.abs(there - corners)[:3].max())


def _differences(image: Grid, turned: Grid, mask: Grid):
    """One sentence for each of size, spacing, origin and direction that differs, with both values."""
    if image.shape != turned.shape:
        yield say("scan-differs-size", image=_times(image.shape), mask=_times(turned.shape))
    if _shift(image, turned) <= TOLERANCE_VOXELS:
        return
    shifts = {
        part: _shift(image, _with_one(part, image, turned)) for part in ("spacing", "origin", "direction")
    }
    floor = min(TOLERANCE_VOXELS, max(shifts.values()) / 2)  # several small ones may add up to a large one
    if shifts["spacing"] > floor:
        yield say(
            "scan-differs-spacing",
            image=_mm(image.spacing_mm, 6),
            mask=_mm(turned.spacing_mm, 6),
            voxels=shifts["spacing"],
        )
    if shifts["origin"] > floor:
        yield say(
            "scan-differs-origin",
            image=_mm(image.origin_mm, 7),
            mask=_mm(turned.origin_mm, 7),
            voxels=shifts["origin"],
        )
    axes = {"image": _axes_in_words(image), "mask": _axes_in_words(mask)}
    if shifts["direction"] > floor:
        yield say("scan-differs-direction", voxels=shifts["direction"], **axes)
    elif image.orientation != mask.orientation:
        yield say("scan-differs-orientation", **axes)


def _with_one(part: str, image: Grid, mask: Grid) -> Grid:
    """The image's grid with only the spacing, only the origin or only the direction of the mask."""
    spacing = (mask if part == "spacing" else image).spacing_mm
    direction = (mask if part == "direction" else image).direction
    affine = np.eye(4)
    affine[:3, :3] = direction * np.asarray(spacing)
    affine[:3, 3] = (mask if part == "origin" else image).origin_mm
    return Grid(mask.shape, affine)


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(str(n) for n in shape)


def _mm(values, digits: int) -> str:
    return "(" + ", ".join(f"{v:.{digits}g}" for v in values) + ")"


def _axes_in_words(grid: Grid) -> str:
    """The orientation and its cosines, in the order of headers (x, y, z)."""
    cosines = np.round(grid.direction.T[::-1], 3) + 0.0  # + 0.0 turns -0.0 into 0.0
    return f"{grid.orientation} " + " ".join(_mm(row, 3) for row in cosines)
