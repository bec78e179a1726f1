"""Pairs of columns that each miss patients of their own: rank those whom both know.  Loops over arrays."""

import numpy as np

from rgteach.core.jit import kernel


@kernel
def pair_sums(levels, order, gene_levels, gene_order, out):
    """The sums behind the rank tests of every feature with every gene, patients with both values only.

    levels, gene_levels : (f, n), (g, n) int32; larger is larger, equal is tied, -1 is missing.
    order, gene_order   : (f, n), (g, n) int32; the patients of each row by ascending level.
    out                 : (4, f, g) float64, filled with S, the sum over patients of both centred doubled
                          midranks multiplied; the sums of squares of the feature's and of the gene's; and n.
    """
    n = levels.shape[1]
    ranks, gene_ranks = np.empty(n, np.int64), np.empty(n, np.int64)
    for i in range(levels.shape[0]):
        for j in range(gene_levels.shape[0]):
            out[1, i, j] = ranks_among(order[i], levels[i], gene_levels[j], ranks)
            out[2, i, j] = ranks_among(gene_order[j], gene_levels[j], levels[i], gene_ranks)
            total, n_both = 0, 0
            for k in range(n):
                total += ranks[k] * gene_ranks[k]
                n_both += levels[i, k] >= 0 and gene_levels[j, k] >= 0
            out[0, i, j], out[3, i, j] = total, n_both


@kernel
def ranks_among(order, level, other, ranks):
    """Centred doubled midranks of one column among the patients whom another column knows too.

    ranks   : (n,) int64, filled; 0 for a patient who does not take part.
    returns : the sum of their squares.

    The rank is the number of patients below less the number above.
    """
    n, n_both, n_below, first = len(order), 0, 0, 0
    for place in range(n):
        ranks[order[place]] = 0
        if level[order[place]] >= 0 and other[order[place]] >= 0:
            n_both += 1
    squares = 0
    while first < n and level[order[first]] >= 0:
        last, tied = first, 0
        while last < n and level[order[last]] == level[order[first]]:
            tied += other[order[last]] >= 0
            last += 1
        rank = 2 * n_below + tied - n_both  # n_below lie below it, n_both - n_below - tied above
        for place in range(first, last):
            if other[order[place]] >= 0:
                ranks[order[place]] = rank
        squares += tied * rank * rank
        n_below += tied
        first = last
    return squares
