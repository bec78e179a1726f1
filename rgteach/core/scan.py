"""Loops behind the scan of all features against all genes.  Arrays in, arrays out, no checks.

One number decides every pair, the sum S over the patients of c · b: c is the patient's centred doubled
midrank in the feature, b is 1 for a carrier and 0 for the others, or the centred doubled midrank in the gene.
For carriers S is added up here, for ranks by a matrix product (outside, by BLAS); then S becomes a strength,
a p-value, a choice.  A block of pairs has a row for each gene and a column for each feature.
"""

import numpy as np

from rgteach.core.jit import kernel


@kernel
def centred_ranks(keys, last_bits, centred, spread):
    """Rank every row: twice the midrank less (n + 1), so that a row sums to zero.

    keys    : (k, n) int64 and last_bits, int64, from `order.sorted_keys` or `order.sorted_levels`: places
              stand in the last bits, and values count as equal whose keys differ in nothing else.
    centred : (k, n) int32, filled here with whole numbers from -(n - 1) to n - 1.  Each is the number of
              patients below this one less the number above it.
    spread  : (k,) float64, filled with the sum of their squares, (n³ - n - Σ(t³ - t)) / 3 for groups of t
              equal values.
    """
    n = keys.shape[1]
    for row in range(len(keys)):
        key, ranks = keys[row], centred[row]
        first, squares = 0, 0
        while first < n:
            end = first + 1  # places first … end - 1 of the sorted row hold equal values
            while end < n and key[end] | last_bits == key[first] | last_bits:
                end += 1
            rank = first - (n - end)
            for k in range(first, end):
                ranks[key[k] & last_bits] = rank
            squares += (end - first) * rank * rank
            first = end
        spread[row] = squares


@kernel
def carrier_sums(ranks, carries, who, sums):
    """Add up the centred ranks of those who carry a gene: S of every gene and every feature.

    ranks   : (n + 1, f) int16, a row of centred ranks for each patient; the last row is nobody's, zeros.
    carries : (g, n) bool;  sums : (g, f) int32, filled here.
    who     : (n + 4,) int64, room for the places of a gene's carriers.

    Four carriers at a time, the last four filled up with nobody.  Their sum has room in 16 bits up to 8,192
    patients, and processors add a dozen such numbers in one step: a matrix product takes twice as long.
    """
    n = carries.shape[1]
    for gene in range(len(carries)):
        k, total, carried = 0, sums[gene], carries[gene]
        for patient in range(n):
            who[k] = patient  # stays if this is a carrier, otherwise the next patient takes the place
            k += carried[patient]
        for nobody in range(k, k + 4):
            who[nobody] = n
        for j in range(len(total)):
            total[j] = 0
        for first in range(0, k, 4):
            a, b = ranks[who[first]], ranks[who[first + 1]]
            c, d = ranks[who[first + 2]], ranks[who[first + 3]]
            for j in range(len(total)):
                total[j] += np.int16(a[j] + b[j] + c[j] + d[j])


def strengths(sums, gene_scale, scale, rule, strength):
    """How strongly the pairs of a block speak against the null, larger is stronger.

    sums     : (g, f) S;  gene_scale (g,) and scale (f,) divide it by its spread.
    rule     : (up, down, less, …); max(up · S, down · S) - less is |S|, S or -S less the continuity
               correction.
    strength : (g, f) float64, filled here: z of the normal approximation, or rho.
    """
    up, down, less = rule[0], rule[1], rule[2]
    if up == down:
        np.multiply(sums, up, out=strength)
    else:  # 1 and -1
        np.abs(sums, out=strength)
    if less:
        strength -= less
    strength *= scale
    strength *= gene_scale[:, None]


def areas(sums, n_pairs, u, auc):
    """U and the area under the curve of every pair of a block.

    sums    : (g, f) S;  n_pairs : (g,) pairs of a carrier and another patient;  u, auc : (g, f), filled here.

    U counts the pairs in which the carrier is above, ties half: S is twice its distance from n_pairs / 2.
    """
    np.add(sums, n_pairs[:, None], out=u)
    u *= 0.5
    np.divide(u, n_pairs[:, None], out=auc)


@kernel
def count_reached(strength, edges, counts):
    """Count the pairs of a block that reach each of several strengths.

    strength : (g, f) from `strengths`;  edges : (k,) float64, any order;  counts : (k,) int64, added to.
    """
    for i in range(len(strength)):
        row = strength[i]
        for k in range(len(edges)):
            edge, n_above = edges[k], 0
            for j in range(len(row)):
                n_above += row[j] >= edge
            counts[k] += n_above
