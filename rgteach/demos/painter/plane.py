"""How a stored slice is laid on the page: which way rows and columns run, what lies at its four edges.

A volume keeps the axes of its file.  Only the slice that is shown is turned: front on top and the patient's
right on the left for axial slices, head on top for coronal and sagittal ones.  Nothing is resampled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach.image.geometry import Grid

# Where an axis should grow to on the page: rows to the feet or the back, columns to the left or the back.
# Letters are ends of LPS axes: L left, P back, S head, and their opposites R, A, I.
DOWN, ACROSS = "IP", "LP"
OPPOSITE = dict(zip("LRPASI", "RLAPIS", strict=True))
PLANES = {"S": "axial", "I": "axial", "P": "coronal", "A": "coronal", "L": "sagittal", "R": "sagittal"}


@dataclass(frozen=True)
class Plane:
    """How slices along the first axis of a volume are turned for the page.

    Attributes
    ----------
    swapped : bool
        Whether the stored columns become rows.
    flipped : (bool, bool)
        Whether rows and columns, after the swap, are counted backwards.
    sides : dict
        Letters at "left", "right", "top" and "bottom": R, L, A, P, S or I; "" where nothing is known.
    name : str
        "axial", "coronal", "sagittal", or "" for an array, which has no position.
    """

    swapped: bool
    flipped: tuple[bool, bool]
    sides: dict[str, str]
    name: str

    def turn(self, flat: np.ndarray) -> np.ndarray:
        """A stored slice (or a mask of it) as it is seen, as a view: writing to it writes to the slice."""
        seen = flat.T if self.swapped else flat
        back = tuple(slice(None, None, -1) if flip else slice(None) for flip in self.flipped)
        return seen[back]

    def back(self, seen: np.ndarray) -> np.ndarray:
        """The way back: a slice (or a mask) as it is seen, in the axes in which it is stored."""
        way = tuple(slice(None, None, -1) if flip else slice(None) for flip in self.flipped)
        return seen[way].T if self.swapped else seen[way]

    def shape(self, stored: tuple[int, int, int]) -> tuple[int, int, int]:
        """Number of slices, rows and columns as they are seen."""
        n_z, n_y, n_x = stored
        return (n_z, n_x, n_y) if self.swapped else (n_z, n_y, n_x)

    def spacing(self, spacing_mm: tuple[float, float, float]) -> tuple[float, float, float]:
        """Millimetres between slices, rows and columns as they are seen."""
        dz, dy, dx = spacing_mm
        return (dz, dx, dy) if self.swapped else (dz, dy, dx)


UNPLACED = Plane(False, (False, False), dict.fromkeys(("left", "right", "top", "bottom"), ""), "")


def plane_of(grid: Grid) -> Plane:
    """How slices of a grid are laid on the page; oblique ones count as what they are nearest to.

    Parameters
    ----------
    grid : Grid
        Its affine takes (z, y, x) to (left, back, head) in mm.

    Returns
    -------
    Plane

    Examples
    --------
    >>> from rgteach.image.geometry import from_spacing
    >>> plane_of(from_spacing((3, 4, 5))).sides
    {'left': 'R', 'right': 'L', 'top': 'A', 'bottom': 'P'}
    """
    grow_z, grow_y, grow_x = _letters(grid)
    swapped = _rank(grow_x) < _rank(grow_y)
    down, across = (grow_x, grow_y) if swapped else (grow_y, grow_x)
    flips = down not in DOWN, across not in ACROSS
    down, across = (OPPOSITE[a] if flip else a for a, flip in zip((down, across), flips, strict=True))
    sides = {"left": OPPOSITE[across], "right": across, "top": OPPOSITE[down], "bottom": down}
    return Plane(swapped, flips, sides, PLANES[grow_z])


def _letters(grid: Grid) -> tuple[str, str, str]:
    """Where the axes z, y, x grow to, each axis of the patient taken once, the surest first."""
    share = np.abs(grid.direction)  # rows: left, back, head; columns: z, y, x
    letters = ["", "", ""]
    for _ in range(3):
        world, axis = np.unravel_index(share.argmax(), share.shape)
        letters[axis] = ("RL", "AP", "IS")[world][int(grid.direction[world, axis] > 0)]
        share[world, :] = share[:, axis] = -1
    return tuple(letters)


def _rank(letter: str) -> int:
    """Head to feet runs down the page before front to back does, and that before right to left."""
    return ("SI", "AP", "LR").index("SI" if letter in "SI" else "AP" if letter in "AP" else "LR")
