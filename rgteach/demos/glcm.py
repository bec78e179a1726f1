"""GLCM explorer: slide a square region over a slice with a tumour and watch its pairs of gray levels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.axes import Axes

from rgteach.demos.panel import Control, digits
from rgteach.errors import LearnerError
from rgteach.wording import say

N_AXES = 2
PATIENT = 1
N_LEVELS = 16
REACH_MM = (42, 62)  # how much of the slice is shown to the right and to the left of the tumour's middle
HALF_HEIGHT_MM = 52
PLACES = tuple(range(-20, 46, 5))
SHOWN = ("contrast", "correlation", "inverse_difference_moment", "angular_second_moment", "joint_entropy")


@dataclass(frozen=True)
class View:
    """A slice, a square region on it, the region's levels, its pairs and their features."""

    image: np.ndarray
    levels: np.ndarray
    box: tuple[slice, slice]
    p: np.ndarray
    features: dict[str, float]
    distance: int


def compute(place, side, distance) -> View:
    """Arrays: cut the region, count its pairs in four directions, sum them up."""
    image, levels, (row, column) = _slice()
    half = side // 2
    middle = column + place
    box = slice(row - half, row - half + side), slice(middle - half, middle - half + side)
    region = np.zeros_like(levels)
    region[box] = levels[box]
    p, features = _pairs(region[box], distance)
    return View(image, region, box, p, features, distance)


def draw(axes, view: View):
    """Draw the slice with the region's levels in colour, and the matrix of pairs."""
    from rgteach.plots.matrices import matrix_view
    from rgteach.plots.style import label, style

    with style():
        _region(axes[0], view)
        matrix_view(axes[1], view.p, title=label("demo-glcm-matrix", d=view.distance))
    return axes


def rows(view: View) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The table under the picture: the five features that the lab builds."""
    header = (say("demo-glcm-feature"), say("demo-glcm-value"))
    values = ((say(f"demo-feature-{name}"), view.features[name]) for name in SHOWN)
    undefined = say("demo-undefined")
    return header, [(name, undefined if np.isnan(value) else digits(value)) for name, value in values]


def controls() -> tuple[Control, ...]:
    """Where the region lies, how large it is, how far apart the two voxels of a pair are."""
    return (
        Control("place", PLACES, 0, lambda mm: f"{mm:+d} mm" if mm else "0 mm"),
        Control("side", (6, 10, 14, 20, 26, 32), 20, lambda mm: f"{mm} mm"),
        Control("distance", (1, 2, 3, 4, 5), 1, lambda mm: f"{mm} mm"),
    )


def thumbnail(ax: Axes) -> Axes:
    """A matrix of pairs of a smooth texture."""
    noise = np.random.default_rng(2).standard_normal((60, 60))
    smooth = sum(np.roll(noise, (y, x), (0, 1)) for y in range(4) for x in range(4))
    levels = np.searchsorted(np.linspace(smooth.min(), smooth.max(), N_LEVELS + 1)[1:-1], smooth)
    pairs = np.zeros((N_LEVELS, N_LEVELS))
    np.add.at(pairs, (levels[:, :-1].ravel(), levels[:, 1:].ravel()), 1)
    ax.imshow(np.sqrt(pairs + pairs.T), cmap="cividis")
    return ax


@cache
def _slice():
    """FLAIR signal and levels around a tumour (one voxel is 1 mm), and the tumour's middle."""
    from rgteach.cohorts import glioma
    from rgteach.image.quantise import quantise
    from rgteach.image.voi import voi

    patient = glioma(PATIENT)
    z = int(np.count_nonzero(patient.tumour, axis=(1, 2)).argmax())
    row, column = (int(np.median(places)) for places in np.nonzero(patient.tumour[z]))
    start = max(0, row - HALF_HEIGHT_MM), max(0, column - REACH_MM[0])
    window = slice(start[0], row + HALF_HEIGHT_MM), slice(start[1], column + REACH_MM[1])
    image = patient.image("FLAIR")[z][window]
    levels = quantise(voi(image, image > 0), bin_count=N_LEVELS).levels[0].astype(np.int32)
    inside = np.zeros(image.shape, np.int32)
    filled = np.nonzero(image > 0)
    inside[filled[0].min() : filled[0].max() + 1, filled[1].min() : filled[1].max() + 1] = levels
    return image, inside, (row - start[0], column - start[1])


def _pairs(levels: np.ndarray, distance: int) -> tuple[np.ndarray, dict[str, float]]:
    """The matrix of all four directions, N_LEVELS wide wherever the region lies, and its features."""
    from rgteach.image.texture import features, glcm

    try:
        matrix = glcm(levels, distance, aggregation="2d-merged")
    except LearnerError as trouble:
        if trouble.key != "one-gray-level":
            raise
        return _flat(int(levels.max()))
    p = np.zeros((N_LEVELS, N_LEVELS))
    n = matrix.n_levels
    p[:n, :n] = matrix.p[0]
    row = features(matrix)
    return p, {name: float(row[name]) for name in SHOWN}


def _flat(level: int) -> tuple[np.ndarray, dict[str, float]]:
    """A region of one level: every pair in one cell, and no correlation."""
    p = np.zeros((N_LEVELS, N_LEVELS))
    p[level - 1, level - 1] = 1.0
    return p, dict(zip(SHOWN, (0.0, np.nan, 1.0, 1.0, 0.0), strict=True))


def _region(ax: Axes, view: View) -> None:
    from rgteach.plots.anatomy import slice_view
    from rgteach.plots.page import describe
    from rgteach.plots.style import label

    inside = np.zeros(view.image.shape, bool)
    inside[view.box] = True
    slice_view(ax, view.image, mask=inside, title=label("demo-glcm-slice"))
    n_y, n_x = view.image.shape
    shown = np.ma.masked_equal(view.levels, 0)
    ax.imshow(shown, cmap="viridis", vmin=1, vmax=N_LEVELS, extent=(0, n_x, n_y, 0))
    used = view.levels[view.box]
    describe(
        ax, say("demo-glcm-alt", side=used.shape[0], n=len(set(used[used > 0].tolist())), levels=N_LEVELS)
    )
