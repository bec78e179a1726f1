"""Loops that turn intensities into gray levels.  Arrays in, arrays out, no checks."""

import numpy as np

from rgteach.core.jit import kernel


@kernel
def extent(image, mask):
    """Smallest and largest intensity inside the mask, and how many there are not finite.

    image, mask : (z, y, x) float64 and bool.
    returns     : lowest, highest, n_nan, n_infinite; without a finite voxel lowest is inf and highest -inf.
    """
    lowest, highest, n_nan, n_infinite = np.inf, -np.inf, 0, 0
    voxels, inside = image.ravel(), mask.ravel()
    for k in range(len(voxels)):
        if inside[k]:
            if np.isfinite(voxels[k]):
                lowest, highest = min(lowest, voxels[k]), max(highest, voxels[k])
            elif np.isnan(voxels[k]):
                n_nan += 1
            else:
                n_infinite += 1
    return lowest, highest, n_nan, n_infinite


@kernel
def look_up(image, mask, table, lowest, levels, counts):
    """Read the level of every voxel from a table with one entry for each possible integer intensity.

    image  : (z, y, x) int32;  table[i] is the level of intensity lowest + i.
    levels : (z, y, x) small unsigned int, filled here: 0 outside the mask.
    counts : (n_levels,) int64, added to here: how many voxels have each level.
    """
    n_z, n_y, n_x = image.shape
    for z in range(n_z):
        for y in range(n_y):
            for x in range(n_x):
                levels[z, y, x] = 0
                if mask[z, y, x]:
                    level = table[image[z, y, x] - lowest]
                    levels[z, y, x] = level
                    counts[level - 1] += 1


@kernel
def bin_up(image, mask, edges, levels, counts):
    """Find the bin of every voxel among evenly spaced edges.

    image  : (z, y, x) float64;  edges : (n + 1,) float64; level k holds edges[k-1] <= intensity < edges[k],
             and the last one also what lies above.
    levels, counts : as in `look_up`.

    A multiplication guesses the bin; looking at its two edges settles the cases where rounding guessed wrong.
    """
    last = len(edges) - 2
    per_unit = len(counts) / (edges[last + 1] - edges[0])
    n_z, n_y, n_x = image.shape
    for z in range(n_z):
        for y in range(n_y):
            for x in range(n_x):
                levels[z, y, x] = 0
                if mask[z, y, x]:
                    k = min(max(int((image[z, y, x] - edges[0]) * per_unit), 0), last)
                    k += k < last and image[z, y, x] >= edges[k + 1]
                    k -= k > 0 and image[z, y, x] < edges[k]
                    levels[z, y, x] = k + 1
                    counts[k] += 1
