"""The order of the values in each row, by sorting whole numbers instead of places.

To sort numbers is several times as fast as to sort places by the numbers that stand there: processors have
instructions for it.  So each value takes its place along, written over its last few bits, and after the
sorting only the places are read.  The few rows in which those bits may have decided are sorted the slow way.
"""

from __future__ import annotations

import numpy as np

ALL_BITS = np.int64(-1)
_ALL_BUT_SIGN = np.int64(2**63 - 1)


def sorted_keys(values: np.ndarray) -> tuple[np.ndarray, np.int64]:
    """Whole numbers that ascend as the values of each row do, sorted, with the places in their last bits.

    Parameters
    ----------
    values : (k, n) float64, C order, without NaN

    Returns
    -------
    keys : (k, n) int64
    last_bits : int64
        Ones in the bits that hold the place: `keys & last_bits` are the places of the values from the
        smallest to the largest.  Where neighbours differ in nothing but these bits, that may be wrong for
        them; where none do, no values are equal.
    """
    n = values.shape[1]
    last_bits = np.int64((1 << max(n - 1, 0).bit_length()) - 1)
    bits = (values + 0.0).view(np.int64)  # -0.0 becomes 0.0, its equal
    keys = bits >> 63  # all ones where a value is negative
    keys &= _ALL_BUT_SIGN
    keys ^= bits  # now they ascend as the values do: bits of negative numbers descend
    keys &= ~last_bits
    keys |= np.arange(n)
    keys.sort(axis=1)
    return keys, last_bits


def sorted_places(values: np.ndarray) -> tuple[np.ndarray, np.int64]:
    """The places alone, as if all bits were theirs, in the form of `sorted_keys`; never wrong, but slower."""
    return np.argsort(values, axis=1), ALL_BITS
