"""Item analysis: how hard an exercise is, and whether it tells strong students from weak ones.

difficulty       mean share of the points, everybody who handed in counted; its interval is Wilson's (1927)
                 score interval, which for partial credit is rather too wide than too narrow: no share
                 between 0 and 1 varies more than p (1 - p)
item-rest        correlation of an exercise's points with the points in all others; the exercise itself is
                 left out, else it would agree with itself.  Interval by Fisher's z
upper - lower    mean share among the best 27 % minus that among the last 27 % (Kelley 1939); those who tie
                 at the border count in part, so that no order of the list matters
alpha            Cronbach's (1951)

Below `FEWEST` students the last three are not computed: their intervals would hold nearly everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, sqrt, tanh

import numpy as np

Z = 1.959963984540054  # the normal quantile of a 95 % interval
FEWEST = 30
TAIL = 0.27


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Item:
    """One exercise; None where a number cannot be had (too few students, or all had the same)."""

    exercise: str
    difficulty: Interval
    rest: Interval | None
    upper_lower: float | None


def wilson(share: float, n: int) -> Interval:
    """Wilson's score interval for a share among n."""
    if n < 1:
        return Interval(float("nan"), 0.0, 1.0)
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(max(share * (1 - share), 0) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def analyse(names: tuple[str, ...], points: np.ndarray, shares: np.ndarray) -> list[Item]:
    """Every exercise of a lab.

    Parameters
    ----------
    names : tuple of str, length k
        The exercises.
    points, shares : array, shape (students, k)
        Points, and points as a share of what can be had.
    """
    n = len(points)
    enough = n >= FEWEST and len(names) > 1
    return [
        Item(
            name,
            wilson(float(shares[:, k].mean()) if n else float("nan"), n),
            item_rest(points, k) if enough else None,
            upper_lower(points, shares[:, k]) if enough else None,
        )
        for k, name in enumerate(names)
    ]


def item_rest(points: np.ndarray, k: int) -> Interval | None:
    """The corrected item-total correlation of column k, or None where one of the two does not vary."""
    rest = points.sum(axis=1) - points[:, k]
    if np.ptp(points[:, k]) == 0 or np.ptp(rest) < 1e-9:
        return None
    r = float(np.clip(np.corrcoef(points[:, k], rest)[0, 1], -1, 1))
    if abs(r) > 1 - 1e-12 or len(rest) < 4:
        return Interval(r, r, r)
    half = Z / sqrt(len(rest) - 3)
    return Interval(r, tanh(atanh(r) - half), tanh(atanh(r) + half))


def upper_lower(points: np.ndarray, share: np.ndarray, tail: float = TAIL) -> float | None:
    """Mean share of the best tail of a class minus that of the last; None where all have the same total."""
    total = points.sum(axis=1)
    if np.ptp(total) < 1e-9:
        return None
    best, last = (np.average(share, weights=_tail(sign * total, tail)) for sign in (1, -1))
    return float(best - last)


def _tail(total: np.ndarray, tail: float) -> np.ndarray:
    """Weights of those with the largest totals, tail · n in all; a tie at the border is shared out."""
    wanted = tail * len(total)
    _, place, counts = np.unique(-np.round(total, 9), return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    return np.clip((wanted - before) / counts, 0, 1)[place]


def alpha(points: np.ndarray) -> float | None:
    """Cronbach's alpha, or None where there are too few students or exercises, or all have the same."""
    n, k = points.shape
    total = points.sum(axis=1)
    if n < FEWEST or k < 2 or np.ptp(total) < 1e-9:
        return None
    return float(k / (k - 1) * (1 - points.var(axis=0, ddof=1).sum() / total.var(ddof=1)))
