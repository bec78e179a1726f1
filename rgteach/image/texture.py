"""Gray-level co-occurrence matrices and what is read off them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rgteach import views, wording
from rgteach.core.glcm import cooccurrence, maximal_correlation, texture
from rgteach.doors import door, one_of, whole_number
from rgteach.errors import LearnerError
from rgteach.image.checks import CONVENTIONS
from rgteach.image.features import PYRADIOMICS_TEXTURE, TEXTURE, Features, named, renamed
from rgteach.image.quantise import Levels, as_levels

# IBSI's six ways to go from directions and slices to one number, and their codes
AGGREGATIONS = {
    "3d-averaged": "ITBB",
    "3d-merged": "IAZD",
    "2d-averaged": "BTW3",
    "2d-merged": "SUJT",
    "2.5d-direction-merged": "JJUI",
    "2.5d-merged": "ZW7Z",
}
BATCH_CELLS = 2**20  # matrix cells held at a time when slices are summed up: 8 MB of float64


@dataclass(frozen=True, eq=False, repr=False)
class Glcm:
    """Co-occurrence matrices of one VOI.

    Attributes
    ----------
    counts : array of int64, shape (k, Ng, Ng)
        ``counts[k, i-1, j-1]`` is how often level j lies one step from level i.  One matrix a direction, or
        fewer where the aggregation adds them up.
    offsets : array of int64, shape (n, 3)
        The steps (dz, dy, dx) that were counted.
    aggregation : str
        One of IBSI's six.
    symmetric : bool
        Whether every pair was counted in both orders.
    distance : int
        Length of the steps in voxels.
    """

    counts: np.ndarray
    offsets: np.ndarray
    aggregation: str = "3d-averaged"
    symmetric: bool = True
    distance: int = 1

    @property
    def n_levels(self) -> int:
        """Ng, the side of each matrix."""
        return self.counts.shape[-1]

    @property
    def p(self) -> np.ndarray:
        """Each matrix divided by its sum, shape (k, Ng, Ng); a direction without pairs stays zero."""
        return _normalised(self.counts)

    def merged(self) -> np.ndarray:
        """The sum of all matrices, shape (Ng, Ng)."""
        return self.counts.sum(axis=0)

    def features(self, convention: str = "ibsi") -> Features:
        """All features, averaged over the matrices that hold pairs."""
        return features(self, convention=convention)

    def _facts(self) -> dict[str, str]:
        k = len(self.counts)
        empty = int(np.sum(self.counts.sum((1, 2)) == 0))
        return {
            wording.say("glcm-matrices"): wording.say("glcm-sides", k=k, n=self.n_levels, empty=empty),
            wording.say("glcm-aggregation"): f"{self.aggregation} ({AGGREGATIONS[self.aggregation]})",
            wording.say("glcm-directions"): wording.say(
                "glcm-steps", n=len(self.offsets), distance=self.distance
            ),
            wording.say("glcm-pairs"): f"{int(self.counts.sum()):,}",
            wording.say("glcm-symmetric"): wording.say("word-yes" if self.symmetric else "word-no"),
        }

    def __repr__(self) -> str:
        return views.text_card("GLCM", self._facts())

    def _repr_html_(self) -> str:
        merged = self.merged()
        share = merged / max(merged.sum(), 1)
        i, j = np.unravel_index(share.argmax(), share.shape)
        alt = wording.say(
            "glcm-alt",
            n=self.n_levels,
            i=i + 1,
            j=j + 1,
            share=f"{share.max():.1%}",
            diagonal=f"{np.trace(share):.0%}",
        )
        return views.card(
            "GLCM", self._facts(), views.matrix_picture(share, alt, wording.say("glcm-caption"))
        )


@door
def glcm(
    levels: Levels | object,
    distance: int = 1,
    aggregation: str = "3d-averaged",
    symmetric: bool = True,
    offsets: object = None,
) -> Glcm:
    """Count which gray levels lie side by side.

    Parameters
    ----------
    levels : Levels, or array of int, shape (z, y, x)
        Gray levels 1..Ng inside the VOI and 0 outside, from `quantise`.
    distance : int
        Length of each step in voxels (largest of its three parts), not in mm.
    aggregation : str
        "3d-averaged" (one matrix for each of 13 directions), "3d-merged" (one in all), "2d-averaged" (one a
        slice and direction, 4 in the plane), "2d-merged" (one a slice), "2.5d-direction-merged" (one a
        direction; PyRadiomics' `force2D`), "2.5d-merged" (one in all).
    symmetric : bool
        Count every pair in both orders, as in Haralick's definition.
    offsets : array of int, shape (n, 3), optional
        Other steps (dz, dy, dx) than the 13 or 4 directions.

    Returns
    -------
    Glcm

    Raises
    ------
    LearnerError
        If the VOI holds a single gray level, or no pair of voxels.

    References
    ----------
    Haralick et al. 1973, doi:10.1109/TSMC.1973.4309314; IBSI, section 3.6, doi:10.1148/radiol.2020191145.

    Examples
    --------
    >>> glcm([[1, 1, 2]], offsets=[[0, 0, 1]]).counts.tolist()
    [[[2, 1], [1, 0]]]
    """
    levels = as_levels(levels)
    one_of("aggregation", aggregation, AGGREGATIONS)
    steps = _steps(distance, aggregation, offsets)
    _check_levels(levels)
    counts = np.concatenate(list(_matrices(levels, steps, aggregation, symmetric)))
    if not counts.any():
        raise LearnerError("no-pairs", n=f"{levels.n_voxels:,}", distance=distance)
    return Glcm(counts, steps, aggregation, bool(symmetric), int(np.abs(steps).max()))


@door
def features(
    levels: Levels | Glcm | object,
    distance: int = 1,
    aggregation: str = "3d-averaged",
    symmetric: bool = True,
    offsets: object = None,
    convention: str = "ibsi",
) -> Features:
    """All co-occurrence features: IBSI's 25 and the maximal correlation coefficient.

    Parameters
    ----------
    levels : Levels, Glcm, or array of int, shape (z, y, x)
        What `quantise` or `glcm` returned.
    distance, aggregation, symmetric, offsets
        As in `glcm`; a Glcm brings its own.
    convention : "ibsi" or "pyradiomics"
        Whose names: `angular_second_moment` and 25 others, or `JointEnergy` and 23 others.  From distance
        2 on also whose steps: 13 directions (4 in the plane), or every step of that length.

    Returns
    -------
    Features
        Averages over the matrices; those without a pair are left out.

    References
    ----------
    IBSI, section 3.6, doi:10.1148/radiol.2020191145; maximal correlation coefficient: Haralick et al. 1973,
    doi:10.1109/TSMC.1973.4309314.

    Examples
    --------
    >>> row = features([[1, 1, 2], [2, 2, 1]], aggregation="2d-merged")
    >>> round(row["contrast"], 3), row["joint_maximum"]
    (0.636, 0.3181818181818182)
    """
    one_of("convention", convention, CONVENTIONS)
    if isinstance(levels, Glcm):
        if offsets is not None or (distance, aggregation, symmetric) != (1, "3d-averaged", True):
            raise LearnerError("glcm-is-counted", aggregation=levels.aggregation, distance=levels.distance)
        batches, how = iter([levels.counts]), levels.aggregation
    else:
        levels, how = as_levels(levels), one_of("aggregation", aggregation, AGGREGATIONS)
        _check_levels(levels)
        steps = _steps(distance, aggregation, offsets, shell=convention == "pyradiomics")
        batches = _matrices(levels, steps, aggregation, symmetric)
    values = _averages(batches)
    if values is None:
        raise LearnerError("no-pairs", n=f"{levels.n_voxels:,}", distance=distance)
    if convention == "pyradiomics":
        entries = renamed("glcm", PYRADIOMICS_TEXTURE, TEXTURE, values)
    else:
        entries = named("cm", TEXTURE, values)
    return Features("features-glcm", how, entries, convention)


def directions(distance: int = 1, planar: bool = False, shell: bool = False) -> np.ndarray:
    """The steps (dz, dy, dx) that are counted, of which none is another's opposite.

    Parameters
    ----------
    distance : int
        Length in voxels, the largest of the three parts.
    planar : bool
        Only steps within a slice.
    shell : bool
        Every step of that length (PyRadiomics: 49 at distance 2), not only the 13 straight and diagonal ones.

    Returns
    -------
    array of int64, shape (n, 3)

    Examples
    --------
    >>> directions(planar=True).tolist()
    [[0, 0, 1], [0, 1, -1], [0, 1, 0], [0, 1, 1]]
    >>> len(directions()), len(directions(2)), len(directions(2, shell=True))
    (13, 13, 49)
    """
    reach = range(-distance, distance + 1) if shell else (-distance, 0, distance)
    steps = [(z, y, x) for z in reach for y in reach for x in reach if (z, y, x) > (0, 0, 0)]
    longest = [s for s in steps if max(map(abs, s)) == distance and not (planar and s[0])]
    return np.array(longest, np.int64)


def _steps(distance: int, aggregation: str, offsets: object, shell: bool = False) -> np.ndarray:
    planar = not aggregation.startswith("3d")
    if offsets is None:
        return directions(whole_number("bad-distance", distance, 1), planar, shell)
    steps = np.atleast_2d(np.asarray(offsets))
    whole = steps.ndim == 2 and steps.shape[1] == 3 and steps.dtype.kind in "iu" and len(steps) > 0
    if not whole or not np.all(np.any(steps != 0, axis=1)):
        raise LearnerError("bad-offsets", given=np.asarray(offsets).tolist())
    if planar and steps[:, 0].any():
        raise LearnerError("offsets-leave-slice", given=steps.tolist(), aggregation=aggregation)
    return np.array(steps, np.int64)


def _check_levels(levels: Levels) -> None:
    if np.count_nonzero(levels.counts) == 1:
        level = int(levels.counts.argmax()) + 1
        raise LearnerError("one-gray-level", n=f"{levels.n_voxels:,}", level=level)


def _matrices(levels: Levels, steps: np.ndarray, aggregation: str, symmetric: bool) -> Iterator[np.ndarray]:
    """Batches of count matrices (k, Ng, Ng), added up as the aggregation says."""
    per_slice = aggregation.startswith("2d")
    merged = aggregation in ("3d-merged", "2d-merged", "2.5d-merged")
    parts = [levels.levels[z : z + 1] for z in range(len(levels.levels))] if per_slice else [levels.levels]
    held = max(1, BATCH_CELLS // ((1 if merged else len(steps)) * levels.n_levels**2))
    for start in range(0, len(parts), held):
        batch = []
        for part in parts[start : start + held]:
            counts = cooccurrence(part, steps, levels.n_levels)
            batch.append(counts.sum(axis=0, keepdims=True) if merged else counts)
        counts = np.concatenate(batch)
        yield counts + counts.transpose(0, 2, 1) if symmetric else counts


def _averages(batches: Iterator[np.ndarray]) -> dict[str, float] | None:
    """Features averaged over the matrices that hold pairs; None if there is none."""
    total, n = np.zeros(len(TEXTURE)), 0
    for counts in batches:
        counts = counts[counts.any(axis=(1, 2))]
        if len(counts):
            p = np.ascontiguousarray(_normalised(counts))
            total[:-1] += texture(p).sum(axis=0)
            total[-1] += maximal_correlation(p).sum()
            n += len(counts)
    return dict(zip(TEXTURE, total / n, strict=True)) if n else None


def _normalised(counts: np.ndarray) -> np.ndarray:
    sums = counts.sum(axis=(1, 2), keepdims=True)
    return counts / np.maximum(sums, 1)
