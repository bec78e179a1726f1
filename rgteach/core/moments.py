"""Loops behind first-order features: counts, moments, order statistics.  Arrays in, arrays out, no checks."""

import numpy as np

from rgteach.core.jit import kernel

N_BUCKETS = 4096


@kernel
def count_values(image, mask, lowest, counts):
    """Count how often each integer intensity occurs inside the mask.

    image  : (n,) int32;  counts[i], added to here, belongs to intensity lowest + i.
    """
    for k in range(len(image)):
        if mask[k]:
            counts[image[k] - lowest] += 1


@kernel
def moments(values, median, low, high):
    """Moments and deviations, in two walks: sums first, then distances from the means they give.

    values  : (n,) float64;  median, and low and high, the limits of the robust deviation.
    returns : mean, central moments 2, 3 and 4, energy (sum of squares), and three mean absolute deviations:
              from the mean, from the median, and of the values in [low, high] from their own mean.

    Central moments from sums of raw powers would lose every digit when the mean is large beside the spread.
    """
    n, n_kept = len(values), 0
    total, energy, from_median, kept_total = 0.0, 0.0, 0.0, 0.0
    for x in values:
        kept = low <= x <= high
        total += x
        energy += x * x
        from_median += abs(x - median)
        kept_total += x if kept else 0.0
        n_kept += kept
    n_kept = max(n_kept, 1)  # of two values neither lies between their percentiles
    mean, kept_mean = total / n, kept_total / n_kept
    second, third, fourth, absolute, robust = 0.0, 0.0, 0.0, 0.0, 0.0
    for x in values:
        step = x - mean
        square = step * step
        second += square
        third += square * step
        fourth += square * square
        absolute += abs(step)
        robust += abs(x - kept_mean) if low <= x <= high else 0.0
    return (
        mean, second / n, third / n, fourth / n, energy, absolute / n, from_median / n, robust / n_kept
    )  # fmt: skip


@kernel
def count_buckets(values, lowest, per_unit, bucket, counts):
    """Note the bucket of each value and count its members; per_unit buckets make one unit of intensity."""
    last = len(counts) - 1
    for k in range(len(values)):
        b = min(int((values[k] - lowest) * per_unit), last)
        bucket[k] = b
        counts[b] += 1


@kernel
def take_buckets(values, bucket, wanted, taken):
    """Copy the values of the wanted buckets into `taken`, in the order they come."""
    n = 0
    for k in range(len(values)):
        if wanted[bucket[k]]:
            taken[n] = values[k]
            n += 1


def order_statistics(values, ranks, lowest, highest):
    """The values at the given ranks (0 is the smallest), without sorting them all.

    values  : (n,) float64;  ranks : (k,) int, ascending;  lowest, highest : their extremes.
    returns : (k,) float64.

    One walk counts how many values fall into each of 4096 buckets, so the bucket of every rank is known; a
    second walk takes out only those buckets, and only they are sorted.
    """
    span = highest - lowest
    if not N_BUCKETS * np.finfo(float).tiny < span < np.inf:  # flat, or no number for a bucket's width
        return np.sort(values)[ranks]
    per_unit = N_BUCKETS / span
    bucket, counts = np.empty(len(values), np.uint16), np.zeros(N_BUCKETS, np.int64)
    count_buckets(values, lowest, per_unit, bucket, counts)
    of_rank = np.searchsorted(np.cumsum(counts), ranks, side="right")
    wanted = np.zeros(N_BUCKETS, np.bool_)
    wanted[of_rank] = True
    taken = np.empty(counts[wanted].sum())
    take_buckets(values, bucket, wanted, taken)
    left_out = np.cumsum(np.where(wanted, 0, counts))[of_rank]  # smaller values that were not taken
    return np.sort(taken)[ranks - left_out]
