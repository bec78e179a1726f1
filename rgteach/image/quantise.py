"""Gray levels: from intensities in any unit to whole numbers 1..Ng."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rgteach import views, wording
from rgteach.core.levels import bin_up, look_up
from rgteach.doors import door, one_of, shape_text, whole_number
from rgteach.errors import LearnerError, warn
from rgteach.image.checks import CONVENTIONS, as_volume, own
from rgteach.image.voi import VOI

TABLE_SPAN = 2**16  # integer images whose range is below this are quantised by a table
MANY_LEVELS = 256
MOST_LEVELS = 1024  # 13 matrices of this side and what is made of them take half a gigabyte
GOOD_LEVELS = 32


@dataclass(frozen=True, eq=False, repr=False)
class Levels:
    """A quantised volume of interest.

    Attributes
    ----------
    levels : array of small unsigned int, shape (z, y, x)
        1..n_levels inside the VOI, 0 outside.
    n_levels : int
        Ng, the highest level that occurs.
    edges : array of float, shape (n_levels + 1,), or None
        Level k holds edges[k-1] <= intensity < edges[k]; with a bin count the last one includes its end.
    counts : array of int64, shape (n_levels,)
        How many voxels have each level.
    convention : "ibsi" or "pyradiomics"
    bin_count, bin_width : what was asked for; the other is None
    spacing_mm : tuple of float
        Voxel size (dz, dy, dx).
    """

    levels: np.ndarray
    n_levels: int
    edges: np.ndarray | None
    counts: np.ndarray
    convention: str = "ibsi"
    bin_count: int | None = None
    bin_width: float | None = None
    spacing_mm: tuple[float, float, float] = (1.0, 1.0, 1.0)

    @property
    def p(self) -> np.ndarray:
        """The histogram p(i): the share of the voxels at each level."""
        return self.counts / self.counts.sum()

    @property
    def n_voxels(self) -> int:
        """How many voxels belong to the VOI."""
        return int(self.counts.sum())

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.array(self.levels, dtype=dtype, copy=copy)

    def _facts(self) -> dict[str, str]:
        if self.bin_count:
            how = f"bin_count = {self.bin_count}, {self.convention}"
        elif self.bin_width:
            how = f"bin_width = {self.bin_width:g}, {self.convention}"
        else:
            how = wording.say("levels-given")
        used = int(np.count_nonzero(self.counts))
        return {
            wording.say("levels-n"): wording.say("levels-used", n=self.n_levels, used=used),
            wording.say("levels-how"): how,
            wording.say("voi-voxels"): f"{self.n_voxels:,}",
            wording.say("voi-box"): shape_text(self.levels.shape),
        }

    def __repr__(self) -> str:
        return views.text_card("Levels", self._facts())

    def _repr_html_(self) -> str:
        z = len(self.levels) // 2
        mode = int(self.counts.argmax()) + 1
        alt = wording.say("levels-alt", z=z, n=self.n_levels, mode=mode, share=f"{self.p.max():.0%}")
        picture = views.map_picture(
            self.levels[z], self.n_levels, alt, self.spacing_mm[1] / self.spacing_mm[2]
        )
        return views.card("Levels", self._facts(), picture)


@door
def quantise(
    voi: VOI,
    *,
    bin_count: int | None = None,
    bin_width: float | None = None,
    convention: str = "ibsi",
    minimum: float | None = None,
) -> Levels:
    """Sort intensities into bins and number the bins 1..Ng.

    Parameters
    ----------
    voi : VOI
        From `rg.voi`.
    bin_count : int
        Fixed bin number: so many bins between the lowest and the highest intensity.  For MRI and other
        images without a unit.
    bin_width : float
        Fixed bin size, in the unit of the image.  For CT (HU) and PET (SUV).
    convention : "ibsi" or "pyradiomics"
        Where bins of fixed width begin: at `minimum` or the VOI's lowest intensity (IBSI), or at a
        multiple of the width (PyRadiomics).
    minimum : float, optional
        With `bin_width` and IBSI: the lower end of the re-segmentation range, the start of the first bin.

    Returns
    -------
    Levels

    Notes
    -----
    An intensity that misses an IBSI edge by the rounding of a few float64 operations is taken to lie on it,
    so 0.3 is two bins of 0.1 above 0.1.  Edges under "pyradiomics" are compared to the last bit, as there.

    References
    ----------
    IBSI, section 2.7, doi:10.1148/radiol.2020191145; PyRadiomics, doi:10.1158/0008-5472.CAN-17-0339.

    Examples
    --------
    >>> from rgteach.image.voi import voi
    >>> region = voi([[0, 1, 2], [6, 7, 9]], np.ones((2, 3)))
    >>> quantise(region, bin_width=5).levels.tolist()
    [[[1, 1, 1], [2, 2, 2]]]
    >>> quantise(region, bin_count=3).counts.tolist()
    [3, 0, 3]
    """
    if not isinstance(voi, VOI):
        raise LearnerError("not-a-voi", given=type(voi).__name__)
    one_of("convention", convention, CONVENTIONS)
    bin_count = _check_bins(bin_count, bin_width)
    if minimum is not None and (bin_width is None or convention != "ibsi"):
        raise LearnerError("minimum-unused", minimum=minimum)
    if voi.minimum == voi.maximum:
        raise LearnerError("flat-voi", n=f"{voi.n_voxels:,}", value=f"{voi.minimum:g}")
    edges = _edges(voi, bin_count, bin_width, convention, minimum)
    levels, counts = _apply(voi, _nudged(edges, convention))
    counts = counts[: np.flatnonzero(counts)[-1] + 1]
    _advise(voi, len(counts), f"bin_count={bin_count}" if bin_count else f"bin_width={bin_width:g}")
    edges = edges[: len(counts) + 1]
    return Levels(levels, len(counts), edges, counts, convention, bin_count, bin_width, voi.spacing_mm)


def as_levels(levels: Levels | object) -> Levels:
    """Take a plain array of levels (1..Ng, 0 outside) where `quantise` was not needed."""
    if isinstance(levels, Levels):
        return levels
    if isinstance(levels, VOI):
        raise LearnerError("voi-not-levels")
    array = np.asarray(as_volume("levels", levels))
    if array.size == 0:
        raise LearnerError("empty-mask", n=0)
    whole = array.dtype.kind in "iub" or (array.dtype.kind == "f" and bool(np.all(array == np.rint(array))))
    if not whole or array.min() < 0:
        odd = array[(array < 0) | (array != np.rint(array))] if array.dtype.kind in "iuf" else array.ravel()
        raise LearnerError("not-levels", value=odd[0])
    n_levels = int(array.max())
    if n_levels == 0:
        raise LearnerError("empty-mask", n=f"{array.size:,}")
    if n_levels > MOST_LEVELS:
        raise LearnerError("levels-too-high", n=f"{n_levels:,}", most=MOST_LEVELS)
    counts = np.bincount(array.ravel().astype(np.int64), minlength=2)[1:]
    return Levels(own(array, _dtype(n_levels)), n_levels, None, counts.astype(np.int64))


def _check_bins(bin_count: int | None, bin_width: float | None) -> int | None:
    if (bin_count is None) == (bin_width is None):
        raise LearnerError("both-bins" if bin_count is not None else "no-bins")
    if bin_count is not None:
        return whole_number("bad-bin-count", bin_count, 1)
    if not isinstance(bin_width, (int, float, np.integer, np.floating)) or not 0 < bin_width < np.inf:
        raise LearnerError("bad-bin-width", given=bin_width)
    return None


def _edges(voi: VOI, bin_count, bin_width, convention: str, minimum: float | None) -> np.ndarray:
    """Bin edges; the last one lies above every intensity."""
    low, high = voi.minimum, voi.maximum
    if bin_count is not None:
        _check_number(bin_count, voi)
        return np.linspace(low, high, bin_count + 1)
    if convention == "pyradiomics":
        start = low - low % bin_width
    else:
        start = _start(voi, minimum)
    _check_number((high - start) / bin_width + 1, voi)
    if convention == "pyradiomics":
        return np.arange(start, high + 2 * bin_width, bin_width)
    return start + bin_width * np.arange(int((high - start) / bin_width) + 3)


def _start(voi: VOI, minimum: float | None) -> float:
    if minimum is None:
        return voi.minimum
    if minimum > voi.minimum:
        raise LearnerError("below-minimum", minimum=f"{minimum:g}", lowest=f"{voi.minimum:g}")
    return float(minimum)


def _nudged(edges: np.ndarray, convention: str) -> np.ndarray:
    """Lower IBSI's edges by the rounding error of computing them, never by more than a hair of a bin."""
    if convention == "pyradiomics":
        return edges
    rounding = 4 * np.finfo(float).eps * np.abs(edges[[0, -1]]).max()
    return edges - min(rounding, (edges[1] - edges[0]) / 1000)


def _apply(voi: VOI, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n_bins = len(edges) - 1
    levels, counts = np.empty(voi.mask.shape, _dtype(n_bins)), np.zeros(n_bins, np.int64)
    if voi.is_whole(TABLE_SPAN):
        lowest = int(voi.minimum)
        candidates = np.arange(lowest, int(voi.maximum) + 1, dtype=float)
        table = np.minimum(np.searchsorted(edges, candidates, side="right"), n_bins).astype(levels.dtype)
        for part, image, mask in voi.chunks(np.int32):
            look_up(image.ravel(), mask.ravel(), table, lowest, levels[part].reshape(-1), counts)
    else:
        for part, image, mask in voi.chunks(np.float64):
            bin_up(image.ravel(), mask.ravel(), edges, levels[part].reshape(-1), counts)
    return levels, counts


def _dtype(n_levels: int) -> type:
    return np.uint8 if n_levels <= 255 else np.uint16


def _check_number(n_levels: float, voi: VOI) -> None:
    if n_levels >= MOST_LEVELS + 1:
        better = f"{good_width(voi):g}"
        raise LearnerError("too-many-levels", n=f"{n_levels:,.0f}", most=MOST_LEVELS, better=better)


def _advise(voi: VOI, n_levels: int, setting: str) -> None:
    """Warn of one bin, or of so many that most stay empty."""
    if n_levels == 1 or n_levels > MANY_LEVELS:
        warn(
            "one-level" if n_levels == 1 else "many-levels",
            n=n_levels,
            many=MANY_LEVELS,
            setting=setting,
            low=f"{voi.minimum:g}",
            high=f"{voi.maximum:g}",
            better=f"{good_width(voi):g}",
        )


def good_width(voi: VOI) -> float:
    """A round bin width (1, 2, 2.5 or 5 times a power of ten) that gives about 32 levels."""
    exact = (voi.maximum - voi.minimum) / GOOD_LEVELS
    power = 10.0 ** np.floor(np.log10(exact))
    steps = np.array([1, 2, 2.5, 5, 10])
    return float(steps[np.abs(np.log(steps * power / exact)).argmin()] * power)
