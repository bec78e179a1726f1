"""First-order features: what the intensities say when their places are forgotten."""

from __future__ import annotations

import numpy as np

from rgteach.core.moments import count_values, moments, order_statistics
from rgteach.doors import door, one_of
from rgteach.errors import LearnerError
from rgteach.image.checks import CONVENTIONS
from rgteach.image.features import HISTOGRAM, STATISTICS, Features, named, renamed
from rgteach.image.quantise import Levels, as_levels, quantise
from rgteach.image.voi import VOI

PERCENTILES = (10, 25, 50, 75, 90)
COUNTED_SPAN = 2**20  # integer images with a smaller range are counted once; the histogram tells the rest
PYRADIOMICS_WIDTH = 25  # bin width of PyRadiomics when none is given
PYRADIOMICS_NAMES = {
    "10Percentile": "percentile_10",
    "90Percentile": "percentile_90",
    "Energy": "energy",
    "Entropy": "entropy",
    "InterquartileRange": "interquartile_range",
    "Kurtosis": "kurtosis",
    "Maximum": "maximum",
    "MeanAbsoluteDeviation": "mean_absolute_deviation",
    "Mean": "mean",
    "Median": "median",
    "Minimum": "minimum",
    "Range": "range",
    "RobustMeanAbsoluteDeviation": "robust_mean_absolute_deviation",
    "RootMeanSquared": "root_mean_square",
    "Skewness": "skewness",
    "TotalEnergy": "total_energy",
    "Uniformity": "uniformity",
    "Variance": "variance",
}


@door
def firstorder(voi: VOI, levels: Levels | object = None, convention: str = "ibsi") -> Features:
    """Mean, spread, shape and percentiles of the intensities, and of the gray levels if they are given.

    Parameters
    ----------
    voi : VOI
        From `rg.voi`.
    levels : Levels, optional
        From `rg.quantise`: adds IBSI's intensity-histogram family (`ih_entropy` and 22 others).  PyRadiomics
        takes Entropy and Uniformity from them; without levels it uses a bin width of 25, and so does this.
    convention : "ibsi" or "pyradiomics"
        IBSI's kurtosis of a normal distribution is 0, PyRadiomics' is 3, and the names differ.

    Returns
    -------
    Features
        IBSI: 18 intensity statistics, with levels 23 more.  PyRadiomics: the 18 it enables by default.

    Notes
    -----
    Percentiles interpolate between neighbours, as NumPy's.  The two relative measures, coefficient of
    variation and quartile coefficient of dispersion, mean little where intensities have no true zero (MRI),
    and are NaN where their denominator is 0.

    References
    ----------
    IBSI, sections 3.3 and 3.4, doi:10.1148/radiol.2020191145; PyRadiomics, doi:10.1158/0008-5472.CAN-17-0339.

    Examples
    --------
    >>> from rgteach.image.voi import voi
    >>> row = firstorder(voi([[1, 2], [3, 6]], np.ones((2, 2))))
    >>> row["mean"], row["variance"], row["median"]
    (3.0, 3.5, 2.5)
    """
    one_of("convention", convention, CONVENTIONS)
    if not isinstance(voi, VOI):
        raise LearnerError("not-a-voi", given=type(voi).__name__)
    values = _statistics(voi)
    if convention == "pyradiomics":
        return _as_pyradiomics(voi, levels, values)
    entries = named("stat", STATISTICS, values)
    if levels is not None:
        entries += named("ih", HISTOGRAM, _histogram(as_levels(levels).counts))
    return Features("features-firstorder", "", entries, convention)


def _as_pyradiomics(voi: VOI, levels: Levels | None, values: dict[str, float]) -> Features:
    if levels is None:
        flat = voi.minimum == voi.maximum
        levels = None if flat else quantise(voi, bin_width=PYRADIOMICS_WIDTH, convention="pyradiomics")
    p = np.ones(1) if levels is None else as_levels(levels).p
    values["kurtosis"] += 3 if values["variance"] > 0 else 0
    values["entropy"], values["uniformity"] = _entropy(p), float(np.sum(p**2))
    values["total_energy"] = values["energy"] * float(np.prod(voi.spacing_mm))
    codes = STATISTICS | {name: HISTOGRAM[name] for name in ("entropy", "uniformity")}
    entries = renamed("firstorder", PYRADIOMICS_NAMES, codes, values)
    return Features("features-firstorder", "", entries, "pyradiomics")


def _statistics(voi: VOI) -> dict[str, float]:
    """The 18 intensity statistics, from a histogram where the intensities are integers."""
    if not voi.is_whole(COUNTED_SPAN):
        return _from_values(voi)
    lowest = int(voi.minimum)
    counts = np.zeros(int(voi.maximum) - lowest + 1, np.int64)
    for _, image, mask in voi.chunks(np.int32):
        count_values(image.ravel(), mask.ravel(), lowest, counts)
    return _from_counts(lowest + np.arange(len(counts), dtype=float), counts)


def _from_values(voi: VOI) -> dict[str, float]:
    values, filled = np.empty(voi.n_voxels), 0
    for _, image, mask in voi.chunks():
        inside = image[mask]
        values[filled : filled + len(inside)] = inside
        filled += len(inside)
    ranks, weights = _percentile_ranks(len(values))
    found = order_statistics(values, ranks.ravel(), voi.minimum, voi.maximum).reshape(ranks.shape)
    percentiles = _between(found, weights)
    *central, energy, absolute, from_median, robust = moments(
        values, percentiles[2], percentiles[0], percentiles[4]
    )
    deviation = (absolute, robust, from_median)
    return _named(len(values), central, energy, deviation, percentiles, (voi.minimum, voi.maximum))


def _from_counts(values: np.ndarray, counts: np.ndarray) -> dict[str, float]:
    """The same from each distinct value and how often it occurs."""
    values, counts = values[counts > 0], counts[counts > 0]
    n = int(counts.sum())
    mean = float(values @ counts) / n
    step = values - mean
    powers = tuple(float(step**power @ counts) / n for power in (2, 3, 4))
    ranks, weights = _percentile_ranks(n)
    found = values[np.searchsorted(np.cumsum(counts), ranks, side="right")]
    p10, p25, median, p75, p90 = _between(found, weights)
    kept = (values >= p10) & (values <= p90)
    n_kept = max(counts[kept].sum(), 1)  # of two values neither lies between their percentiles
    middle = values[kept] @ counts[kept] / n_kept
    robust = np.abs(values[kept] - middle) @ counts[kept] / n_kept
    deviation = (np.abs(step) @ counts / n, robust, np.abs(values - median) @ counts / n)
    ends = (values[0], values[-1])
    energy = float(values**2 @ counts)
    return _named(n, (mean, *powers), energy, deviation, (p10, p25, median, p75, p90), ends)


def _percentile_ranks(n: int) -> tuple[np.ndarray, np.ndarray]:
    """For each percentile the two neighbouring ranks (k, 2), and how far it lies towards the second."""
    place = np.array(PERCENTILES) / 100 * (n - 1)
    low = np.floor(place).astype(np.int64)
    return np.stack([low, np.minimum(low + 1, n - 1)], axis=1), place - low


def _between(found: np.ndarray, weights: np.ndarray) -> list[float]:
    """Interpolate between neighbours, with NumPy's roundings."""
    low, high = found[:, 0], found[:, 1]
    gap = high - low
    return np.where(weights < 0.5, low + gap * weights, high - gap * (1 - weights)).tolist()


def _named(n: int, central, energy: float, deviation, percentiles, ends) -> dict[str, float]:
    mean, second, third, fourth = central
    p10, p25, median, p75, p90 = percentiles
    spread = np.sqrt(second)
    return {
        "mean": mean,
        "variance": second,
        "skewness": third / spread**3 if second > 0 else 0.0,
        "kurtosis": fourth / second**2 - 3 if second > 0 else 0.0,
        "median": median,
        "minimum": ends[0],
        "percentile_10": p10,
        "percentile_90": p90,
        "maximum": ends[1],
        "interquartile_range": p75 - p25,
        "range": ends[1] - ends[0],
        "mean_absolute_deviation": deviation[0],
        "robust_mean_absolute_deviation": deviation[1],
        "median_absolute_deviation": deviation[2],
        "coefficient_of_variation": spread / mean if mean else np.nan,
        "quartile_coefficient_of_dispersion": (p75 - p25) / (p75 + p25) if p75 + p25 else np.nan,
        "energy": energy,
        "root_mean_square": np.sqrt(energy / n),
    }


def _histogram(counts: np.ndarray) -> dict[str, float]:
    """The 23 features of the histogram of gray levels."""
    levels = np.arange(1, len(counts) + 1, dtype=float)
    values = _from_counts(levels, counts)
    slope = np.gradient(counts.astype(float)) if len(counts) > 1 else np.zeros(1)
    p = counts / counts.sum()
    steepest, lowest = int(slope.argmax()), int(slope.argmin())
    return values | {
        "mode": _mode(levels, counts, values["mean"]),
        "entropy": _entropy(p),
        "uniformity": float(np.sum(p**2)),
        "maximum_gradient": slope[steepest],
        "maximum_gradient_level": levels[steepest],
        "minimum_gradient": slope[lowest],
        "minimum_gradient_level": levels[lowest],
    }


def _mode(levels: np.ndarray, counts: np.ndarray, mean: float) -> float:
    """The commonest level; of several the one nearest to the mean, then the lower."""
    candidates = levels[counts == counts.max()]
    return candidates[np.abs(candidates - mean).argmin()]


def _entropy(p: np.ndarray) -> float:
    p = p[p > 0]
    return float(-np.sum(p * np.log2(p)))
