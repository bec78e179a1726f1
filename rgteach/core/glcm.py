"""Loops that count pairs of gray levels and sum up the matrices.  Arrays in, arrays out, no checks."""

import numpy as np

from rgteach.core.jit import kernel


def cooccurrence(levels, offsets, n_levels):
    """Count ordered level pairs (i, j) at each offset.

    levels  : (z, y, x) uint8 or uint16, 1..n_levels inside the VOI, 0 outside.
    offsets : (k, 3) int64 steps (dz, dy, dx).
    returns : (k, n_levels, n_levels) int64; row = level at the start voxel, column = level at its end.
    """
    margin = np.abs(offsets).max(axis=0, initial=0) + (0, 0, 1)
    padded = np.zeros(levels.shape + 2 * margin, levels.dtype)
    padded[tuple(slice(m, m + n) for m, n in zip(margin, levels.shape, strict=True))] = levels
    even, odd = np.zeros((2, len(offsets), n_levels + 1, n_levels + 1), np.uint32)
    count_pairs(padded.ravel(), padded.shape, margin, offsets, even, odd)
    return np.add(even, odd, dtype=np.int64)[:, 1:, 1:]


@kernel
def count_pairs(flat, shape, margin, offsets, even, odd):
    """Count level pairs at each offset, all offsets in one walk over the voxels.

    flat      : the levels in a margin of zeros, row after row;  shape : (z, y, x), the voxels on each axis.
    margin    : (3,) int64, its width on each axis.
    offsets   : (k, 3) int64 steps (dz, dy, dx), none longer than the margin.
    even, odd : (k, n_levels + 1, n_levels + 1) uint32, added to; the counts are their sum.

    The margin keeps every step inside the volume, and level 0 has a row and a column like any other, which
    are dropped in the end: both are cheaper than asking at each voxel.  Two tables take turns along a row,
    so that a pair which comes twice running need not wait for its own first count to be stored.
    """
    n_z, n_y, n_x = shape
    for z in range(margin[0], n_z - margin[0]):
        for y in range(margin[1], n_y - margin[1]):
            row = (z * n_y + y) * n_x
            first, last = occupied(flat, row + margin[2], row + n_x - margin[2])
            start = flat[first:last]
            for k in range(len(offsets)):
                step = (offsets[k, 0] * n_y + offsets[k, 1]) * n_x + offsets[k, 2]
                end = flat[first + step : last + step]
                one, other = even[k], odd[k]
                for x in range(0, len(start), 2):
                    one[start[x], end[x]] += 1
                    other[start[x + 1], end[x + 1]] += 1


@kernel
def occupied(flat, first, last):
    """Narrow a stretch first..last to the part between its outermost levels, of even length."""
    while first < last and flat[first] == 0:
        first += 1
    while first < last and flat[last - 1] == 0:
        last -= 1
    return first, last + (last - first) % 2


def texture(p):
    """Sum up normalised matrices: one row of features a matrix, in the order of `TEXTURE`.

    p       : (k, n, n) float64, each matrix sums to 1.
    returns : (k, 25) float64.
    """
    row, column, difference, total = marginals(p)
    mean_i, variance_i, bits_i = mean_variance_entropy(row)
    mean_j, variance_j, bits_j = mean_variance_entropy(column)
    bits = entropy(p.reshape(len(p), -1))
    features = np.empty((25, len(p)))
    features[0] = p.max(axis=(1, 2))
    features[1:4] = mean_i + 1, variance_i, bits
    features[4] = np.einsum("kij,kij->k", p, p)
    features[5:8] = mean_variance_entropy(difference)
    features[8:11] = mean_variance_entropy(total)
    features[8] += 2  # the sum of the levels, which count from 1
    features[11:18] = difference_weights(len(row[0])) @ difference.T
    features[18:20] = correlations(p, mean_i, mean_j, np.sqrt(variance_i * variance_j))
    step = np.arange(total.shape[1]) - (mean_i + mean_j)[:, None]  # of the sum i + j from its mean
    features[20:23] = [(total * step**m).sum(axis=1) for m in (2, 3, 4)]  # tendency, shade and prominence
    features[23:] = information_correlations(bits_i, bits_j, bits)
    return features.T


def marginals(p):
    """Distributions of the start level, the end level, their difference |i - j| and their sum i + j.

    p       : (k, n, n) float64.
    returns : (k, n) for the first three, (k, 2n - 1) for the sum.
    """
    j, cells = np.arange(p.shape[2]), p.reshape(len(p), -1)
    i = j[:, None]
    apart, together = np.abs(i - j).ravel(), (i + j).ravel()
    difference = np.array([np.bincount(apart, shares) for shares in cells])
    total = np.array([np.bincount(together, shares) for shares in cells])
    return p.sum(axis=2), p.sum(axis=1), difference, total


def entropy(p):
    """-sum p log2 p of each row (k, n), over the cells that hold anything, in bits."""
    return np.einsum("kj,kj->k", p, -np.log2(np.where(p > 0, p, 1.0))) + 0.0  # which makes 0.0 of -0.0


def mean_variance_entropy(p):
    """Mean, variance and entropy of each row (k, n), a distribution over 0, 1, 2, …"""
    k = np.arange(p.shape[1])
    mean = p @ k
    return mean, (p * (k - mean[:, None]) ** 2).sum(axis=1), entropy(p)


def difference_weights(n):
    """What only the distance d = |i - j| from the diagonal decides: the weight of each d, below n; (7, n).

    Contrast d^2, dissimilarity d, inverse difference 1/(1+d) and the same normalised by the number of levels,
    inverse difference moment 1/(1+d^2) and normalised, inverse variance 1/d^2 (d > 0).
    """
    d = np.arange(n)
    share, inverse = d / n, np.append(0.0, 1 / d[1:] ** 2)
    return np.array([d**2, d, 1 / (1 + d), 1 / (1 + share), 1 / (1 + d**2), 1 / (1 + share**2), inverse])


def correlations(p, mean_i, mean_j, spread):
    """How far the end level follows from the start level; means count from 0, as the places in p do.

    returns : correlation, 1 where the levels have no spread, and autocorrelation.
    """
    level = np.arange(p.shape[1])
    i, j = level - mean_i[:, None], level - mean_j[:, None]
    covariance = np.einsum("ki,ki->k", i, np.einsum("kij,kj->ki", p, j))
    correlation = np.divide(covariance, spread, out=np.ones(len(p)), where=spread > 0)
    return correlation, p @ (level + 1) @ (level + 1)


def information_correlations(bits_i, bits_j, bits):
    """Information correlation 1 and 2, from the entropies of the start, of the end and of the pair."""
    shared = np.maximum(bits_i + bits_j - bits, 0.0)  # mutual information, in bits
    most = np.maximum(bits_i, bits_j)
    return np.divide(-shared, most, out=np.zeros(len(bits)), where=most > 0), np.sqrt(1 - np.exp(-2 * shared))


def maximal_correlation(p):
    """The largest correlation that any scoring of the levels could give, one number a matrix.

    p       : (k, n, n) float64, each matrix sums to 1.
    returns : (k,) float64 from 0 (independent, or a single level) to 1; a 1 x 1 matrix gets 1 by agreement.

    It is the second singular value of p(i, j) / sqrt(p_x(i) p_y(j)); the first is always 1.  The singular
    values of a symmetric matrix are its eigenvalues without sign, which are found faster.
    """
    row, column = p.sum(axis=2), p.sum(axis=1)
    used = (row + column).any(axis=0)
    if used.sum() < 2:
        return np.full(len(p), float(len(used) < 2))
    if not used.all():
        p, row, column = p[:, used][:, :, used], row[:, used], column[:, used]
    scale = np.sqrt(row[:, :, None] * column[:, None, :])
    whitened = p / np.where(scale > 0, scale, 1)
    if np.array_equal(p, p.transpose(0, 2, 1)):
        second = np.sort(np.abs(np.linalg.eigvalsh(whitened)), axis=1)[:, -2]
    else:
        second = np.linalg.svd(whitened, compute_uv=False)[:, 1]
    return np.minimum(second, 1.0)
