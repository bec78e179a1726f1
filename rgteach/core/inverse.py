"""The inverse of a small symmetric matrix, as loops that a kernel can call.

Other kernels may not use `np.linalg`, which takes seconds to compile.
"""

import numpy as np

from rgteach.core.jit import kernel

SINGULAR = 1e-13  # share of a diagonal element that must be left for its direction to count


@kernel
def inverse(a):
    """The inverse of a symmetric matrix with positive eigenvalues, as Gauss and Jordan do it; a is kept.

    returns : the inverse, the smallest share of a diagonal element that was left when its turn came,
              1 - R^2 of a column on those before it, and the logarithm of the determinant.

    No rows need to be exchanged: every pivot is what the columns before leave of a diagonal element, and > 0.
    A direction without curvature gets an infinite pivot, so that nothing moves along it.
    """
    out, least, log_det = a.copy(), 1.0, 0.0
    for j in range(len(a)):
        pivot = out[j, j]
        left = pivot / a[j, j] if a[j, j] > 0 else 0.0
        least = min(least, left)
        pivot = pivot if left > SINGULAR else np.inf
        log_det += np.log(pivot)
        out[j, j] = 1.0
        for m in range(len(a)):
            out[j, m] /= pivot
        for i in range(len(a)):
            times = out[i, j]
            if i != j:
                out[i, j] = 0.0
                for m in range(len(a)):
                    out[i, m] -= times * out[j, m]
    return out, least, log_det
