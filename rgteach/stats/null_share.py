"""How many of the tested hypotheses are null, seen from the flat part of the histogram of p-values."""

from __future__ import annotations

import numpy as np

GRID = np.arange(1, 20) / 20  # 0.05 to 0.95, as in Storey's own program
FEW_TESTS = 100


def null_shares(ordered: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Storey's estimate at each point: the share of p-values not below it, over the share nulls have there.

    ordered : (m,) float64, ascending;  above : (k,) points in [0, 1).
    returns : (k,) float64, not cut at 1.
    """
    m = len(ordered)
    return (m - np.searchsorted(ordered, above)) / (m * (1 - above))


def least_error(ordered: np.ndarray, above: np.ndarray) -> float:
    """The estimate whose mean squared error is smallest, with the bootstrap's errors in closed form.

    Near 0 a point counts true effects as nulls (bias), near 1 few p-values are left to count (variance).  The
    bias is taken against the 10 % quantile of all estimates (Storey, Taylor and Siegmund 2004,
    doi:10.1111/j.1467-9868.2004.00439.x; the closed form is that of the qvalue program, method "bootstrap").
    """
    m, shares = len(ordered), null_shares(ordered, above)
    n_left = m - np.searchsorted(ordered, above)
    variance = n_left / (m * (1 - above)) ** 2 * (1 - n_left / m)
    error = variance + (shares - np.quantile(shares, 0.1)) ** 2
    return float(shares[error == error.min()].min())
