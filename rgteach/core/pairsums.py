"""Pairs of columns that each miss patients of their own: rank those whom both know.  Loops over arrays."""

import numpy as np

from rgteach.core.jit import kernel


@kernel
def pair_sums(levels, gene_levels, out):
    """The sums behind the rank tests of every feature with every gene, patients with both values only.

    levels, gene_levels : (f, n), (g, n) int32; 0 is a column's smallest value, 1 the next …, -1 is missing.
    out                 : (4, f, g) float64, filled with S, the sum over patients of both centred doubled
                          midranks multiplied; the sums of squares of the feature's and of the gene's; and n.
    """
    n = levels.shape[1]
    ranks = np.empty(2 * n, np.int64)  # of each level of the feature, then of each level of the gene
    for i in range(levels.shape[0]):
        for j in range(gene_levels.shape[0]):
            n_both = 0
            for level in range(2 * n):
                ranks[level] = 0
            for k in range(n):  # how many have it
                if levels[i, k] >= 0 and gene_levels[j, k] >= 0:
                    ranks[levels[i, k]] += 1
                    ranks[n + gene_levels[j, k]] += 1
                    n_both += 1
            for side in range(2):
                below, squares = 0, 0
                for level in range(side * n, side * n + n):
                    tied = ranks[level]
                    rank = 2 * below + tied - n_both  # n_both - below - tied lie above
                    ranks[level] = rank
                    squares += tied * rank * rank
                    below += tied
                out[1 + side, i, j] = squares
            total = 0
            for k in range(n):
                if levels[i, k] >= 0 and gene_levels[j, k] >= 0:
                    total += ranks[levels[i, k]] * ranks[n + gene_levels[j, k]]
            out[0, i, j], out[3, i, j] = total, n_both
