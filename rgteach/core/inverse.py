"""The inverse of a small symmetric matrix, as loops that a kernel can call.

Other kernels may not use `np.linalg`, which takes seconds to compile.
"""

import numpy as np

from rgteach.core.jit import kernel

SINGULAR = 1e-13  # share of a diagonal element that must be left for its direction to count


def inverse(a):
    """The inverse of a symmetric matrix (k, k) with positive eigenvalues, and what `invert` returns."""
    out = np.empty_like(a)
    return out, *invert(a, out)


@kernel
def invert(a, out):
    """Invert a symmetric matrix with positive eigenvalues, as Gauss and Jordan do it; a is kept.

    a, out  : (k, k) float64, out is filled.
    returns : the smallest share of a diagonal element that was left when its turn came, 1 - R^2 of a column
              on those before it, and the logarithm of the determinant.

    No rows need to be exchanged: every pivot is what the columns before leave of a diagonal element, and > 0.
    A direction without curvature gets an infinite pivot, so that nothing moves along it.
    """
    k, least, log_det = len(a), 1.0, 0.0
    for i in range(k):
        for m in range(k):
            out[i, m] = a[i, m]
    for j in range(k):
        turned, size = out[j], a[j, j]
        pivot = turned[j]
        left = pivot / size if size > 0 else 0.0
        least = min(least, left)
        pivot = pivot if left > SINGULAR else np.inf
        log_det += np.log(pivot)
        turned[j] = 1.0
        for m in range(k):
            turned[m] /= pivot
        for i in range(k):
            row, times = out[i], out[i, j]
            if i != j:
                row[j] = 0.0
                for m in range(k):
                    row[m] -= times * turned[m]
    return least, log_det
