"""Loops behind first-order features: counting, moments, order statistics.  Arrays in, arrays out, no checks."""

import numpy as np

from rgteach.core.jit import kernel

N_BUCKETS = 4096


@kernel
def count_values(image, mask, lowest, counts):
    """Count how often each integer intensity occurs inside the mask.

    image  : (z, y, x) int32;  counts[i], added to here, belongs to intensity lowest + i.
    """
    for voxel, inside in zip(image.flat, mask.flat):
        if inside:
            counts[voxel - lowest] += 1


@kernel
def gather(image, mask, values, start):
    """Copy the intensities inside the mask into values[start:] and say where the next one goes."""
    for voxel, inside in zip(image.flat, mask.flat):
        if inside:
            values[start] = voxel
            start += 1
    return start


@kernel
def moments(values):
    """Mean, central moments 2 to 4, mean absolute deviation and energy (sum of squares).

    The moments are taken about the mean, in a second walk: sums of raw powers lose every digit when the
    mean is large beside the spread.
    """
    n = len(values)
    total, energy = 0.0, 0.0
    for x in values:
        total += x
        energy += x * x
    mean = total / n
    second, third, fourth, absolute = 0.0, 0.0, 0.0, 0.0
    for x in values:
        step = x - mean
        second += step**2
        third += step**3
        fourth += step**4
        absolute += abs(step)
    return mean, second / n, third / n, fourth / n, absolute / n, energy


@kernel
def deviations(values, median, low, high):
    """Mean absolute deviation from the median, and robust: from the mean of what lies in [low, high]."""
    from_median, total, n_kept = 0.0, 0.0, 0
    for x in values:
        from_median += abs(x - median)
        if low <= x <= high:
            total += x
            n_kept += 1
    mean = total / n_kept
    robust = 0.0
    for x in values:
        if low <= x <= high:
            robust += abs(x - mean)
    return from_median / len(values), robust / n_kept


@kernel
def count_buckets(values, lowest, width, counts):
    """Count the values of each bucket; bucket b holds lowest + b·width and up, the last one all above."""
    last = len(counts) - 1
    for x in values:
        counts[min(int((x - lowest) / width), last)] += 1


@kernel
def take_buckets(values, lowest, width, wanted, taken):
    """Copy the values of the wanted buckets into `taken`, in the order they come."""
    last, n = len(wanted) - 1, 0
    for x in values:
        if wanted[min(int((x - lowest) / width), last)]:
            taken[n] = x
            n += 1


def order_statistics(values, ranks, lowest, highest):
    """The values at the given ranks (0 is the smallest), without sorting them all.

    values  : (n,) float64;  ranks : (k,) int, ascending;  lowest, highest : their extremes.
    returns : (k,) float64.

    One walk counts how many values fall into each of 4096 buckets, so the bucket of every rank is known; a
    second walk takes out only those buckets, and only they are sorted.
    """
    width = (highest - lowest) / N_BUCKETS
    if not np.isfinite(1 / width if width else np.inf):  # flat, or so narrow that a bucket has no width
        return np.sort(values)[ranks]
    counts = np.zeros(N_BUCKETS, np.int64)
    count_buckets(values, lowest, width, counts)
    below = np.cumsum(counts) - counts
    bucket = np.searchsorted(below + counts, ranks, side="right")
    wanted = np.zeros(N_BUCKETS, np.bool_)
    wanted[bucket] = True
    taken = np.empty(counts[wanted].sum())
    take_buckets(values, lowest, width, wanted, taken)
    left_out = np.cumsum(np.where(wanted, 0, counts))[bucket]  # smaller values that were not taken
    return np.sort(taken)[ranks - left_out]
