"""Pairs of columns that each miss patients of their own: rank those whom both know.  Loops over arrays."""

from rgteach.core.jit import kernel


@kernel
def pair_sums(levels, gene_levels, ranks, out):
    """The sums behind the rank tests of every feature with every gene, patients with both values only.

    levels, gene_levels : (f, n), (g, n) int32; 0 is a column's smallest value, 1 the next …, -1 is missing.
    ranks               : (2 n,) int64, room for the rank of each level, the feature's before the gene's.
    out                 : (4, f, g) float64, filled with S, the sum over patients of both centred doubled
                          midranks multiplied; the sums of squares of the feature's and of the gene's; and n.
    """
    n = levels.shape[1]
    for i in range(len(levels)):
        for j in range(len(gene_levels)):
            x, y, n_both, total = levels[i], gene_levels[j], 0, 0
            for level in range(2 * n):
                ranks[level] = 0
            for k in range(n):  # how many have it
                if x[k] >= 0 and y[k] >= 0:
                    ranks[x[k]] += 1
                    ranks[n + y[k]] += 1
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
            for k in range(n):
                if x[k] >= 0 and y[k] >= 0:
                    total += ranks[x[k]] * ranks[n + y[k]]
            out[0, i, j], out[3, i, j] = total, n_both
