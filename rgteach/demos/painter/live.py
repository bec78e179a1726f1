"""From a painted region of one slice to its gray levels, its pairs and its features, by the public doors.

A region that cannot carry texture (nothing painted, one voxel, one line, one value) gives a sentence and no
numbers: what `rg.voi`, `rg.quantise` and `rg.glcm` refuse is refused here, for the same reasons.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rgteach.errors import LearnerError
from rgteach.image.quantise import quantise
from rgteach.image.texture import features, glcm
from rgteach.image.voi import voi
from rgteach.wording import say

AGGREGATION = "2d-merged"
# The five that lab 02 builds come first; the page may fold the others away.
MAIN = ("contrast", "correlation", "inverse_difference_moment", "angular_second_moment", "joint_entropy")
REFUSED = ("one-voxel", "one-line", "flat-voi", "one-gray-level", "not-finite", "no-pairs")
ONE_LEVEL = ("one-voxel", "flat-voi")


@dataclass(frozen=True, eq=False)
class Live:
    """What is known of a painted region of one slice.

    Attributes
    ----------
    n : int
        Voxels.
    area_mm2 : float
    box : (y0, y1, x0, x1)
        Rows and columns of the slice that hold the region; zeros where nothing is painted.
    levels : array of uint8, shape (y1 - y0, x1 - x0)
        1..Ng inside, 0 outside.
    p : array of float, shape (Ng, Ng)
        Shares of the pairs, four directions merged and symmetric; all 0 where there is trouble.
    features : dict
        Every co-occurrence feature by its name, as from `rg.features`; empty where there is trouble.
    trouble : str
        Why there are no numbers; "" where there are.
    """

    n: int
    area_mm2: float
    box: tuple[int, int, int, int]
    levels: np.ndarray
    p: np.ndarray
    features: dict[str, float] = field(default_factory=dict)
    trouble: str = ""


def live(flat, inside, *, spacing_mm=(1.0, 1.0, 1.0), n_levels: int = 32, distance: int = 1) -> Live:
    """Measure the painted region of one slice.

    Parameters
    ----------
    flat : array, shape (y, x)
        Intensities of the slice.
    inside : array of bool, shape (y, x)
        What is painted.
    spacing_mm : (dz, dy, dx)
    n_levels : int
        Bins of equal width between the lowest and the highest intensity of the region.
    distance : int
        Between the two voxels of a pair, in voxels.

    Returns
    -------
    Live
        With the numbers, or with the sentence that says why there are none.

    Examples
    --------
    >>> found = live(np.array([[0, 0, 9], [9, 9, 0]]), np.ones((2, 3), bool), n_levels=8)
    >>> found.n, found.levels.tolist(), round(found.features["contrast"], 2)
    (6, [[1, 1, 8], [8, 8, 1]], 31.18)
    """
    n = int(np.count_nonzero(inside))
    p = np.zeros((n_levels, n_levels))
    if n == 0:
        return Live(0, 0.0, (0, 0, 0, 0), np.zeros((0, 0), np.uint8), p, trouble=say("painter-empty"))
    box = box_of(inside)
    cut = slice(*box[:2]), slice(*box[2:])
    flat, inside = flat[cut], inside[cut]
    area = n * float(spacing_mm[1]) * float(spacing_mm[2])
    levels = np.zeros(inside.shape, np.uint8)
    try:
        quantised = quantise(voi(flat, inside, spacing_mm), bin_count=n_levels)
        levels = quantised.levels[0]
        matrix = glcm(quantised, distance, AGGREGATION)
    except LearnerError as error:
        if error.key in ONE_LEVEL:
            levels = inside.astype(np.uint8)
        return Live(n, area, box, levels, p, trouble=in_words(error, flat[inside], distance))
    side = matrix.n_levels
    p[:side, :side] = matrix.p[0]
    return Live(n, area, box, levels, p, dict(features(matrix)))


def box_of(inside: np.ndarray) -> tuple[int, int, int, int]:
    """First row, last row + 1, first column, last column + 1 of what is True."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def in_words(error: LearnerError, values: np.ndarray, distance: int) -> str:
    """Why a region has no numbers, for one who paints and not for one who writes code."""
    if error.key not in REFUSED:
        return " ".join(error.advice.what.split())
    n_odd = int(np.count_nonzero(~np.isfinite(values)))
    value = f"{values.flat[0]:.6g}"
    return say(
        f"painter-refused-{error.key}", n=f"{values.size:,}", n_odd=n_odd, value=value, distance=distance
    )
