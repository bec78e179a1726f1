"""Loops that turn intensities into gray levels.  Flat arrays in, arrays out, no checks."""

import numpy as np

from rgteach.core.jit import kernel


@kernel
def extent(image, mask):
    """Smallest and largest intensity inside the mask, and how many there are not finite.

    image, mask : (n,) float64 and bool.
    returns     : lowest, highest, n_nan, n_infinite; without a finite voxel lowest is inf and highest -inf.
    """
    lowest, highest, n_nan, n_infinite = np.inf, -np.inf, 0, 0
    for k in range(len(image)):
        if mask[k]:
            x = image[k]
            if x != x:  # only NaN differs from itself
                n_nan += 1
            elif abs(x) == np.inf:
                n_infinite += 1
            else:
                lowest, highest = min(lowest, x), max(highest, x)
    return lowest, highest, n_nan, n_infinite


@kernel
def look_up(image, mask, table, lowest, levels, counts):
    """Read the level of every voxel from a table with one entry for each possible integer intensity.

    image  : (n,) int32;  table[i] is the level of intensity lowest + i.
    levels : (n,) small unsigned int, filled here: 0 outside the mask.
    counts : (n_levels,) int64, added to here: how many voxels have each level.
    """
    for v in range(len(image)):
        levels[v] = 0
        if mask[v]:
            level = table[image[v] - lowest]
            levels[v] = level
            counts[level - 1] += 1


@kernel
def bin_up(image, mask, edges, levels, counts):
    """Find the bin of every voxel among evenly spaced edges.

    image  : (n,) float64;  edges : (n + 1,) float64; level k holds edges[k-1] <= intensity < edges[k],
             and the last one also what lies above.
    levels, counts : as in `look_up`.

    A multiplication guesses the bin; looking at its two edges settles the cases where rounding guessed wrong.
    The outer bins are open, so that no guess can leave them.
    """
    n_bins, low = len(edges) - 1, edges[0]
    per_unit = n_bins / (edges[n_bins] - low)
    for v in range(len(image)):
        levels[v] = 0
        if mask[v]:
            x = image[v]
            guess = min(max(int((x - low) * per_unit), 0), n_bins - 1)
            above = x >= edges[guess + 1] and guess < n_bins - 1
            below = x < edges[guess] and guess > 0
            k = guess + above - below
            levels[v] = k + 1
            counts[k] += 1
