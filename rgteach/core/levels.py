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
    for voxel, inside in zip(image.flat, mask.flat):
        if inside:
            if np.isfinite(voxel):
                lowest, highest = min(lowest, voxel), max(highest, voxel)
            elif np.isnan(voxel):
                n_nan += 1
            else:
                n_infinite += 1
    return lowest, highest, n_nan, n_infinite


@kernel
def look_up(image, mask, table, lowest, levels):
    """Read the level of every voxel from a table with one entry for each possible integer intensity.

    image  : (z, y, x) int32;  table[i] is the level of intensity lowest + i.
    levels : (z, y, x) small unsigned int, filled here: 0 outside the mask.
    """
    n_z, n_y, n_x = image.shape
    for z in range(n_z):
        for y in range(n_y):
            for x in range(n_x):
                levels[z, y, x] = table[image[z, y, x] - lowest] if mask[z, y, x] else 0


@kernel
def bin_up(image, mask, edges, levels):
    """Find the bin of every voxel among evenly spaced edges.

    image  : (z, y, x) float64;  edges : (n + 1,) float64, level k holds edges[k-1] <= intensity < edges[k].
    levels : (z, y, x) small unsigned int, filled here: 0 outside the mask, the last level takes what is above.

    A division guesses the bin; looking at its two edges settles the cases where rounding guessed wrong.
    """
    n_bins = len(edges) - 1
    width = (edges[n_bins] - edges[0]) / n_bins
    n_z, n_y, n_x = image.shape
    for z in range(n_z):
        for y in range(n_y):
            for x in range(n_x):
                level = 0
                if mask[z, y, x]:
                    level = min(max(int((image[z, y, x] - edges[0]) / width), 0), n_bins - 1)
                    if image[z, y, x] < edges[level]:
                        level -= 1
                    elif level < n_bins - 1 and image[z, y, x] >= edges[level + 1]:
                        level += 1
                    level += 1
                levels[z, y, x] = level
