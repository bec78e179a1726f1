"""Cholesky's factor of a small symmetric matrix, as loops that a kernel can call.

Other kernels may not use `np.linalg`, which takes seconds to compile.
"""

import numpy as np

from rgteach.core.jit import kernel

SINGULAR = 1e-13  # share of a diagonal element that must be left for its direction to count


@kernel
def factor(a):
    """Cholesky's L with L L' = a, written over the lower triangle of a.

    returns : the smallest share of a diagonal element that was left when its turn came, 1 - R^2 of a column
              on those before it.

    A direction without curvature gets an infinite pivot, so that nothing moves along it.
    """
    least = 1.0
    for j in range(len(a)):
        whole = a[j, j]
        for m in range(j):
            a[j, j] -= a[j, m] ** 2
        left = a[j, j] / whole if whole > 0 else 0.0
        least = min(least, left)
        a[j, j] = np.sqrt(a[j, j]) if left > SINGULAR else np.inf
        for i in range(j + 1, len(a)):
            for m in range(j):
                a[i, j] -= a[i, m] * a[j, m]
            a[i, j] /= a[j, j]
    return least


@kernel
def forward(lower, b):
    """Solve L x = b; x is written over b."""
    for j in range(len(b)):
        for m in range(j):
            b[j] -= lower[j, m] * b[m]
        b[j] /= lower[j, j]


@kernel
def inverse(a):
    """The inverse of a symmetric matrix with positive eigenvalues, as Gauss and Jordan do it; a is kept.

    No rows need to be exchanged: every pivot is what the columns before leave of a diagonal element, and > 0.
    """
    out = a.copy()
    for j in range(len(a)):
        pivot = out[j, j]
        out[j, j] = 1.0
        for m in range(len(a)):
            out[j, m] /= pivot
        for i in range(len(a)):
            factor_i = out[i, j]
            if i != j:
                out[i, j] = 0.0
                for m in range(len(a)):
                    out[i, m] -= factor_i * out[j, m]
    return out
