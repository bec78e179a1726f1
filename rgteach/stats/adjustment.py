"""Adjusted values of sorted p-values, one function a procedure: the smallest alpha that rejects each."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum, log

import numpy as np

from rgteach.core import fdr

EULER = 0.57721566490153286


def _bonferroni(ordered: np.ndarray, m: int) -> np.ndarray:
    return m * ordered


def _sidak(ordered: np.ndarray, m: int | np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):  # p = 1
        chance = -np.expm1(m * np.log1p(-ordered))
    return np.maximum(chance, ordered)  # a single test keeps its p to the last digit


def _holm(ordered: np.ndarray, m: int) -> np.ndarray:
    return np.maximum.accumulate(_still_open(ordered, m) * ordered)


def _holm_sidak(ordered: np.ndarray, m: int) -> np.ndarray:
    return np.maximum.accumulate(_sidak(ordered, _still_open(ordered, m)))


def _hochberg(ordered: np.ndarray, m: int) -> np.ndarray:
    return np.minimum.accumulate((_still_open(ordered, m) * ordered)[::-1])[::-1]


def bh(ordered: np.ndarray, m: int, divisor: float = 1.0) -> np.ndarray:
    """Benjamini and Hochberg's, with alpha divided by a number first."""
    adjusted = np.empty_like(ordered)
    fdr.step_up(ordered, m, divisor, adjusted)
    return adjusted


def _by(ordered: np.ndarray, m: int) -> np.ndarray:
    return bh(ordered, m, penalty("by", m))


RULES: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "bh": bh,
    "by": _by,
    "holm": _holm,
    "hochberg": _hochberg,
    "bonferroni": _bonferroni,
    "sidak": _sidak,
    "holm-sidak": _holm_sidak,
    "storey": bh,  # times the share of nulls
}


def _still_open(ordered: np.ndarray, m: int) -> np.ndarray:
    """How many hypotheses are still undecided when each p-value, the smallest first, has its turn."""
    return np.arange(m, m - len(ordered), -1.0)


def penalty(method: str, m: int) -> float:
    """What alpha is divided by."""
    return harmonic(m) if method == "by" else 1.0


def harmonic(m: int) -> float:
    """1 + 1/2 + … + 1/m; beyond 1,000 terms by Euler and Maclaurin's formula, as exact."""
    if m <= 1000:
        return fsum(1 / k for k in range(1, m + 1)) if m else 1.0
    return log(m) + EULER + 1 / (2 * m) - 1 / (12 * m**2) + 1 / (120 * m**4)


def capped(adjusted: np.ndarray) -> np.ndarray:
    """At most 1, in place."""
    return np.minimum(adjusted, 1.0, out=adjusted)
