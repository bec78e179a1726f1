"""Loops behind the scan of all features against all genes.  Arrays in, arrays out, no checks.

One number decides every pair, the sum S over the patients of c · b: c is the patient's centred doubled
midrank in the feature, b is 1 for a carrier and 0 for the others, or the centred doubled midrank in the gene.
A matrix product (outside, by BLAS) makes S for a block of pairs; here S becomes a strength, a p-value, a
choice.
"""

import numpy as np

from rgteach.core.jit import kernel
from rgteach.core.ranks import midranks2
from rgteach.core.tails import normal_tails


@kernel
def centred_ranks(values, order, centred, spread):
    """Rank every row: twice the midrank less (n + 1), so that a row sums to zero.

    values  : (k, n) float64 without NaN;  order : (k, n) int64, the argsort of each row.
    centred : (k, n) int32, filled here with whole numbers from -(n - 1) to n - 1.  Each is the number of
              patients below this one less the number above it.
    spread  : (k,) float64, filled with the sum of their squares, (n³ - n - Σ(t³ - t)) / 3; 0 if all are tied.
    """
    k, n = values.shape
    ranks2 = np.empty(n, np.int64)
    for row in range(k):
        tie_sum = midranks2(values[row], order[row], ranks2)
        for i in range(n):
            centred[row, i] = ranks2[i] - (n + 1)
        spread[row] = (n * n * n - n - tie_sum) // 3


@kernel
def strengths(sums, scale, gene_scale, rule, strength):
    """How strongly the pairs of one feature speak against the null, larger is stronger.

    sums     : (g,) S of one feature with every gene;  scale, gene_scale (g,) : they divide S by its spread.
    rule     : (up, down, less, …); max(up · S, down · S) - less is |S|, S or -S less the continuity
               correction.
    strength : (g,) float64, filled here: z of the normal approximation, or rho.
    """
    up, down, less = rule[0], rule[1], rule[2]
    for j in range(len(sums)):
        strength[j] = (max(up * sums[j], down * sums[j]) - less) * scale * gene_scale[j]


@kernel
def rank_sum_tests(sums, scale, gene, rule, nodes, out):
    """The rank-sum tests of a block: p-value, U and area under the curve.

    sums  : (f, g) S;  scale : (f,) and gene[0] : (g,) divide S by its standard deviation.
    gene  : (2, g) float64; gene[1] is the number of pairs of a carrier and another patient.
    rule  : (up, down, less, sides), see `strengths`; sides is 1.0 for both tails and 0.5 for one.
    nodes : from `tails.erfc_nodes`;  out : (3, f, g) float64, filled with p, U and AUC.

    U counts the pairs in which the carrier is above, ties half: S is twice its distance from n_pairs / 2.
    """
    strength, n_pairs = np.empty(sums.shape[1]), gene[1]
    for i in range(sums.shape[0]):
        strengths(sums[i], scale[i], gene[0], rule, strength)
        p, u, auc = out[0, i], out[1, i], out[2, i]
        normal_tails(strength, rule[3], nodes, p)
        for j in range(len(strength)):
            u[j] = (sums[i, j] + n_pairs[j]) * 0.5
            auc[j] = u[j] / n_pairs[j]


@kernel
def pick(sums, scale, gene_scale, rule, edges, picked):
    """Count the pairs of a block that reach each of several strengths, and note those that reach the last.

    edges   : (k,) float64, any order, the strengths;  picked : (f·g,) int64, filled with the places of pairs
              in the flattened block.  The other arguments are those of `rank_sum_tests`.
    returns : how many were picked, and counts (k,) int64.
    """
    n_genes = sums.shape[1]
    counts, strength, n_picked = np.zeros(len(edges), np.int64), np.empty(n_genes), 0
    for i in range(sums.shape[0]):
        strengths(sums[i], scale[i], gene_scale, rule, strength)
        n_above = 0
        for k in range(len(edges)):
            n_above = 0
            for j in range(n_genes):
                n_above += strength[j] >= edges[k]
            counts[k] += n_above
        if n_above:
            for j in range(n_genes):
                if strength[j] >= edges[-1]:
                    picked[n_picked] = i * n_genes + j
                    n_picked += 1
    return n_picked, counts


@kernel
def strongest(sums, scale, rule, best):
    """Raise best[j] to the largest strength of gene j in a block, but for the gene's own scale.

    best : (g,) float64.  Walking along the genes keeps their maxima side by side, which a processor can
           compare four at a time; the gene's scale does not change which feature is strongest.
    """
    up, down, less = rule[0], rule[1], rule[2]
    for i in range(sums.shape[0]):
        for j in range(sums.shape[1]):
            strength = (max(up * sums[i, j], down * sums[i, j]) - less) * scale[i]
            best[j] = strength if strength > best[j] else best[j]
