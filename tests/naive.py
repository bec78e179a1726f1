"""Slow twins: the same definitions in plain Python, written to be believed and not to be fast."""

from math import exp, log2, sqrt

import numpy as np


def cooccurrence(levels, offsets, n_levels):
    """Ordered level pairs at each offset: every voxel, and the voxel one step on if there is one."""
    levels = np.asarray(levels)
    counts = np.zeros((len(offsets), n_levels, n_levels), int)
    for k, step in enumerate(offsets):
        for start in np.ndindex(levels.shape):
            end = tuple(int(a + b) for a, b in zip(start, step, strict=True))
            if all(0 <= place < size for place, size in zip(end, levels.shape, strict=True)):
                i, j = int(levels[start]), int(levels[end])
                if i > 0 and j > 0:
                    counts[k, i - 1, j - 1] += 1
    return counts


def texture(p):
    """IBSI's 25 features of one matrix, each as its own sum over all cells."""
    n = len(p)
    cells = [(i + 1, j + 1, float(p[i, j])) for i in range(n) for j in range(n)]
    row = [sum(p[i, :]) for i in range(n)]
    column = [sum(p[:, j]) for j in range(n)]
    apart = [sum(v for i, j, v in cells if abs(i - j) == d) for d in range(n)]
    added = [sum(v for i, j, v in cells if i + j == s) for s in range(2, 2 * n + 1)]
    mu_i, mu_j = sum(i * v for i, _, v in cells), sum(j * v for _, j, v in cells)
    sd_i = sqrt(sum((i - mu_i) ** 2 * v for i, _, v in cells))
    sd_j = sqrt(sum((j - mu_j) ** 2 * v for _, j, v in cells))
    both = [-v * log2(row[i - 1] * column[j - 1]) for i, j, v in cells if v > 0]
    alone = [r * c for r in row for c in column if r * c > 0]
    hxy, hx, hy = _bits(v for _, _, v in cells), _bits(row), _bits(column)
    d_mean, s_mean = _mean(apart, 0), _mean(added, 2)
    return {
        "joint_maximum": max(v for _, _, v in cells),
        "joint_average": mu_i,
        "joint_variance": sum((i - mu_i) ** 2 * v for i, _, v in cells),
        "joint_entropy": hxy,
        "angular_second_moment": sum(v * v for _, _, v in cells),
        "difference_average": d_mean,
        "difference_variance": sum((d - d_mean) ** 2 * v for d, v in enumerate(apart)),
        "difference_entropy": _bits(apart),
        "sum_average": s_mean,
        "sum_variance": sum((s - s_mean) ** 2 * v for s, v in enumerate(added, 2)),
        "sum_entropy": _bits(added),
        "contrast": sum((i - j) ** 2 * v for i, j, v in cells),
        "dissimilarity": sum(abs(i - j) * v for i, j, v in cells),
        "inverse_difference": sum(v / (1 + abs(i - j)) for i, j, v in cells),
        "normalised_inverse_difference": sum(v / (1 + abs(i - j) / n) for i, j, v in cells),
        "inverse_difference_moment": sum(v / (1 + (i - j) ** 2) for i, j, v in cells),
        "normalised_inverse_difference_moment": sum(v / (1 + (i - j) ** 2 / n**2) for i, j, v in cells),
        "inverse_variance": sum(v / (i - j) ** 2 for i, j, v in cells if i != j),
        "correlation": (sum(i * j * v for i, j, v in cells) - mu_i * mu_j) / (sd_i * sd_j)
        if sd_i * sd_j > 1e-12
        else 1.0,
        "autocorrelation": sum(i * j * v for i, j, v in cells),
        "cluster_tendency": sum((i + j - mu_i - mu_j) ** 2 * v for i, j, v in cells),
        "cluster_shade": sum((i + j - mu_i - mu_j) ** 3 * v for i, j, v in cells),
        "cluster_prominence": sum((i + j - mu_i - mu_j) ** 4 * v for i, j, v in cells),
        "information_correlation_1": (hxy - sum(both)) / max(hx, hy) if max(hx, hy) > 0 else 0.0,
        "information_correlation_2": sqrt(max(0.0, 1 - exp(-2 * (_bits(alone) - hxy)))),
    }


def maximal_correlation(p):
    """Root of the second largest eigenvalue of Q(i, j) = sum over k of p(i, k) p(j, k) / (p_x(i) p_y(k))."""
    n = len(p)
    row, column = p.sum(axis=1), p.sum(axis=0)
    q = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            q[i, j] = sum(
                p[i, k] * p[j, k] / (row[i] * column[k]) for k in range(n) if row[i] * column[k] > 0
            )
    if n < 2:
        return 1.0
    return sqrt(max(0.0, sorted(np.linalg.eigvals(q).real)[-2]))


def bins(values, low, high, bin_count):
    """IBSI's fixed bin number."""
    return [min(int(bin_count * (x - low) / (high - low)) + 1, bin_count) for x in values]


def widths(values, low, bin_width):
    """IBSI's fixed bin size."""
    return [int((x - low) / bin_width) + 1 for x in values]


def statistics(values):
    """IBSI's intensity statistics, one definition after the other."""
    x = np.asarray(values, float)
    mean, median = x.mean(), np.median(x)
    variance = np.mean((x - mean) ** 2)
    p10, p25, p75, p90 = np.percentile(x, [10, 25, 75, 90])
    kept = x[(x >= p10) & (x <= p90)]
    return {
        "mean": mean,
        "variance": variance,
        "skewness": np.mean((x - mean) ** 3) / variance**1.5 if variance else 0.0,
        "kurtosis": np.mean((x - mean) ** 4) / variance**2 - 3 if variance else 0.0,
        "median": median,
        "minimum": x.min(),
        "percentile_10": p10,
        "percentile_90": p90,
        "maximum": x.max(),
        "interquartile_range": p75 - p25,
        "range": x.max() - x.min(),
        "mean_absolute_deviation": np.mean(np.abs(x - mean)),
        "robust_mean_absolute_deviation": np.mean(np.abs(kept - kept.mean())),
        "median_absolute_deviation": np.mean(np.abs(x - median)),
        "coefficient_of_variation": np.sqrt(variance) / mean,
        "quartile_coefficient_of_dispersion": (p75 - p25) / (p75 + p25),
        "energy": np.sum(x**2),
        "root_mean_square": np.sqrt(np.mean(x**2)),
    }


def _bits(shares):
    return -sum(v * log2(v) for v in shares if v > 0)


def _mean(shares, first):
    return sum(k * v for k, v in enumerate(shares, first))
