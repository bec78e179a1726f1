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
    voxels, inside, out = image.ravel(), mask.ravel(), levels.ravel()
    for v in range(len(voxels)):
        out[v] = 0
        if inside[v]:
            level = table[voxels[v] - lowest]
            out[v] = level
            counts[level - 1] += 1


@kernel
def bin_up(image, mask, edges, levels, counts):
    """Find the bin of every voxel among evenly spaced edges.

    image  : (z, y, x) float64;  edges : (n + 1,) float64; level k holds edges[k-1] <= intensity < edges[k],
             and the last one also what lies above.
    levels, counts : as in `look_up`.

    A multiplication guesses the bin; looking at its two edges settles the cases where rounding guessed wrong.
    """
    n_bins, low = len(edges) - 1, edges[0]
    per_unit = n_bins / (edges[n_bins] - low)
    edges = edges.copy()
    edges[0], edges[n_bins] = -np.inf, np.inf  # the outer bins are open: no guess can leave them
    voxels, inside, out = image.ravel(), mask.ravel(), levels.ravel()
    for v in range(len(voxels)):
        out[v] = 0
        if inside[v]:
            x = voxels[v]
            guess = min(max(int((x - low) * per_unit), 0), n_bins - 1)
            k = guess + (x >= edges[guess + 1]) - (x < edges[guess])
            out[v] = k + 1
            counts[k] += 1
