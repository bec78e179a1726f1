"""Loops behind the scan of all features against all genes.  Arrays in, arrays out, no checks.

One number decides every pair, the sum S over the patients of c · b: c is the patient's centred doubled
midrank in the feature, b is 1 for a carrier and 0 for the others, or the centred doubled midrank in the gene.
A matrix product (outside, by BLAS) makes S for a block of pairs; here S becomes a strength, a p-value, a
choice.
"""

import numpy as np

from rgteach.core.jit import kernel
from rgteach.core.ranks import midranks2
from rgteach.core.tails import erfc_nodes, normal_tails


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
    """How strongly the pairs of a block speak against the null, larger is stronger.

    sums     : (f, g) S;  scale (f,) and gene_scale (g,) divide it by its spread.
    rule     : (up, down, less, …); max(up · S, down · S) - less is |S|, S or -S less the continuity
               correction.
    strength : (f, g) float64, filled here: z of the normal approximation, or rho.
    """
    up, down, less = rule[0], rule[1], rule[2]
    for i in range(sums.shape[0]):
        for j in range(sums.shape[1]):
            strength[i, j] = (max(up * sums[i, j], down * sums[i, j]) - less) * scale[i] * gene_scale[j]


def rank_sum_tests(sums, strength, n_pairs, sides, out):
    """The rank-sum tests of a block: p-value, U and area under the curve.

    sums, strength : (f, g) S and z, C order;  n_pairs : (g,) pairs of a carrier and another patient.
    sides          : 1.0 for both tails, 0.5 for one;  out : (3, f, g) float64, filled with p, U and AUC.

    U counts the pairs in which the carrier is above, ties half: S is twice its distance from n_pairs / 2.
    """
    p, u, auc = out
    normal_tails(strength.ravel(), sides, erfc_nodes(), p.ravel())
    np.add(sums, n_pairs, out=u)
    np.multiply(u, 0.5, out=u)
    np.divide(u, n_pairs, out=auc)


@kernel
def pick(strength, edges, counts, picked):
    """Count the pairs of a block that reach each of several strengths, and note those that reach the last.

    strength : (f, g) from `strengths`;  edges : (k,) float64, any order;  counts : (k,) int64, added to.
    picked   : (f·g,) int64, filled with the places of pairs in the flattened block.
    returns  : how many were picked.
    """
    n_features, n_genes = strength.shape
    n_picked = 0
    for i in range(n_features):
        n_above = 0
        for k in range(len(edges)):
            n_above = 0
            for j in range(n_genes):
                n_above += strength[i, j] >= edges[k]
            counts[k] += n_above
        if n_above:
            for j in range(n_genes):
                if strength[i, j] >= edges[-1]:
                    picked[n_picked] = i * n_genes + j
                    n_picked += 1
    return n_picked
