"""Loops behind the scan of all features against all genes.  Arrays in, arrays out, no checks.

One number decides every pair, the sum S over the patients of c · b: c is the patient's centred doubled
midrank in the feature, b is 1 for a carrier and 0 for the others, or the centred doubled midrank in the gene.
For carriers S is added up here, for ranks by a matrix product (outside, by BLAS); then S becomes a strength,
a p-value, a choice.  A block of pairs has a row for each gene and a column for each feature.
"""

import numpy as np

from rgteach.core.jit import kernel
from rgteach.core.ranks import midranks2


@kernel
def centred_ranks(values, keys, last_bits, centred, spread):
    """Rank every row: twice the midrank less (n + 1), so that a row sums to zero.

    values  : (k, n) float64 without NaN;  keys, last_bits : (k, n) int64 and int64, from `order.sorted_keys`,
              or from `order.sorted_places`.
    centred : (k, n) int32, filled here with whole numbers from -(n - 1) to n - 1.  Each is the number of
              patients below this one less the number above it.
    spread  : (k,) float64, filled with the sum of their squares, (n³ - n - Σ(t³ - t)) / 3; 0 if all are tied,
              and -1 where the keys do not tell the order, so that the row has to be ranked by its places.
    """
    k, n = values.shape
    ranks2 = np.empty(n, np.int64)
    for row in range(k):
        below = 1
        while below < n and (keys[row, below] ^ keys[row, below - 1]) & ~last_bits:
            below += 1
        if below >= n:  # no two are alike
            for below in range(n):
                centred[row, keys[row, below] & last_bits] = 2 * below - (n - 1)
            spread[row] = (n * n * n - n) // 3
        elif last_bits >= 0:
            spread[row] = -1
        else:
            spread[row] = (n * n * n - n - midranks2(values[row], keys[row], ranks2)) // 3
            for i in range(n):
                centred[row, i] = ranks2[i] - (n + 1)


@kernel
def carrier_sums(ranks, carries, sums):
    """Add up the centred ranks of those who carry a gene: S of every gene and every feature.

    ranks   : (n + 1, f) int16, a row of centred ranks for each patient; the last row is nobody's, zeros.
    carries : (g, n) bool;  sums : (g, f) int32, filled here.

    Four carriers at a time, the last four filled up with nobody.  Their sum has room in 16 bits up to 8,192
    patients, and processors add a dozen such numbers in one step: a matrix product takes twice as long.
    """
    n = carries.shape[1]
    who = np.empty(n + 4, np.int64)
    for gene in range(len(carries)):
        k, total = 0, sums[gene]
        for patient in range(n):
            who[k] = patient  # stays if this is a carrier, otherwise the next patient takes the place
            k += carries[gene, patient]
        for nobody in range(k, k + 4):
            who[nobody] = n
        for j in range(len(total)):
            total[j] = 0
        for first in range(0, k, 4):
            a, b = ranks[who[first]], ranks[who[first + 1]]
            c, d = ranks[who[first + 2]], ranks[who[first + 3]]
            for j in range(len(total)):
                total[j] += np.int16(a[j] + b[j] + c[j] + d[j])


@kernel
def strengths(sums, gene_scale, scale, rule, strength):
    """How strongly the pairs of a block speak against the null, larger is stronger.

    sums     : (g, f) S;  gene_scale (g,) and scale (f,) divide it by its spread.
    rule     : (up, down, less, …); max(up · S, down · S) - less is |S|, S or -S less the continuity
               correction.
    strength : (g, f) float64, filled here: z of the normal approximation, or rho.
    """
    up, down, less = rule[0], rule[1], rule[2]
    for i in range(sums.shape[0]):
        for j in range(sums.shape[1]):
            strength[i, j] = (max(up * sums[i, j], down * sums[i, j]) - less) * scale[j] * gene_scale[i]


@kernel
def areas(sums, n_pairs, u, auc):
    """U and the area under the curve of every pair of a block.

    sums    : (g, f) S;  n_pairs : (g,) pairs of a carrier and another patient;  u, auc : (g, f), filled here.

    U counts the pairs in which the carrier is above, ties half: S is twice its distance from n_pairs / 2.
    """
    for i in range(sums.shape[0]):
        for j in range(sums.shape[1]):
            u[i, j] = (sums[i, j] + n_pairs[i]) * 0.5
            auc[i, j] = u[i, j] / n_pairs[i]


@kernel
def count_reached(strength, edges, counts):
    """Count the pairs of a block that reach each of several strengths.

    strength : (g, f) from `strengths`;  edges : (k,) float64, any order;  counts : (k,) int64, added to.
    """
    for i in range(strength.shape[0]):
        for k in range(len(edges)):
            n_above = 0
            for j in range(strength.shape[1]):
                n_above += strength[i, j] >= edges[k]
            counts[k] += n_above
