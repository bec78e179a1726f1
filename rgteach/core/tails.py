"""The tail of the normal distribution, quickly: a value known nearby and a short power series from there.

erfc(z / √2) is known at the nodes z = 0, 1/512, 2/512 …; its derivatives there follow from one another,
because the first one is -√(2/π) · exp(-z²/2).  Seven terms reach halfway to the next node: right to 15 digits
at moderate p-values, to 14 at 1e-300, in a small part of the time of the library's function.
"""

from __future__ import annotations

from functools import cache
from math import erfc, pi, sqrt

import numpy as np

from rgteach.core.jit import kernel

PER_UNIT = 512  # nodes in an interval of length 1
LAST = 38.75  # what lies beyond it is less than the smallest number, and becomes 0
N_TERMS = 7
AT_ONCE = 1024  # numbers that stay in the processor's nearest cache from one loop to the next


@cache
def erfc_nodes() -> np.ndarray:
    """Coefficients of the power series of erfc(z / √2) around every node; shape (nodes, terms) float64.

    With f' = -√(2/π) exp(-z²/2), every further derivative is f(m+2) = -z f(m+1) - m f(m); divided by m! these
    are the coefficients, for steps counted in distances between nodes.
    """
    z = np.arange(int(LAST * PER_UNIT) + 1) / PER_UNIT
    series = np.empty((N_TERMS, len(z)))
    series[1] = -sqrt(2 / pi) * np.exp(-z * z / 2)
    series[0] = [erfc(at) for at in z * sqrt(0.5)] + series[1] * _lost(z)
    series[2] = -z * series[1] / 2
    for m in range(1, N_TERMS - 2):
        series[m + 2] = (-z * series[m + 1] - m / (m + 1) * series[m]) / (m + 2)
    return np.ascontiguousarray(series.T * float(PER_UNIT) ** -np.arange(N_TERMS))


def _lost(z: np.ndarray) -> np.ndarray:
    """By how much z is larger than √2 times the rounded z / √2, which far out changes the last digits.

    From the difference of the squares, taken in halves so that nothing is lost.
    """
    x = z * sqrt(0.5)
    high = x.astype(np.float32).astype(float)
    low = x - high
    return ((z * z / 2 - high * high) - 2 * high * low - low * low) / np.maximum(z, 1e-300)


def tails(z, sides, out):
    """Fill `out` with the tails of the normal distribution beyond each z; all as in `normal_tails`."""
    normal_tails(z, sides, erfc_nodes(), np.empty(AT_ONCE, np.int64), out)


@kernel
def normal_tails(z, sides, nodes, nearest, out):
    """Tails of the normal distribution beyond each z, both of them (sides = 1.0) or the upper one (0.5).

    z, out  : (n,) float64; out is filled with sides · erfc(z / √2), at most 1, and NaN for NaN.
    nodes   : from `erfc_nodes`;  nearest : (AT_ONCE,) int64, room for the places of some of them.

    First the nearest nodes, then the series for all as if they were positive, then what is to be mended:
    short loops without a fork in them are twice as fast as a long one.
    """
    for first in range(0, len(z), AT_ONCE):
        at, p = z[first : first + AT_ONCE], out[first : first + AT_ONCE]
        for k in range(len(at)):
            size = abs(at[k]) * PER_UNIT
            size = size if size < LAST * PER_UNIT else LAST * PER_UNIT  # also NaN
            nearest[k] = np.int32(size + 0.5)
            p[k] = size - nearest[k]
        for k in range(len(at)):
            c, step, square = nodes[nearest[k]], p[k], p[k] * p[k]
            even = ((c[6] * square + c[4]) * square + c[2]) * square + c[0]
            odd = (c[5] * square + c[3]) * square + c[1]
            p[k] = even + step * odd
        for k in range(len(at)):
            tails = sides * (p[k] if at[k] >= 0 else 2.0 - p[k])
            tails = tails if tails < 1.0 else 1.0
            p[k] = tails if at[k] == at[k] else at[k]
