"""Slow twins of the scan: every pair by itself, in whole numbers and plain Python."""

from math import erfc, sqrt

import numpy as np


def centred(values):
    """How many patients lie below, less how many lie above."""
    return [sum(int(other < one) - int(other > one) for other in values) for one in values]


def pair_sums(x, y):
    """S, both sums of squares and n, for the patients with both values."""
    both = [(a, b) for a, b in zip(x, y, strict=True) if not (np.isnan(a) or np.isnan(b))]
    left, right = centred([a for a, _ in both]), centred([b for _, b in both])
    total = sum(a * b for a, b in zip(left, right, strict=True))
    return total, sum(a * a for a in left), sum(b * b for b in right), len(both)


def strength(total, scale, gene_scale, rule):
    up, down, less = rule[:3]
    return (max(up * total, down * total) - less) * scale * gene_scale


def carrier_sums(ranks, carries):
    """S of every gene (rows) and feature: the ranks of its carriers, added up one by one."""
    return [[sum(rank for rank, does in zip(each, gene, strict=True) if does) for each in ranks.T]
            for gene in carries]  # fmt: skip


def rank_sum_tests(sums, gene, scale, rule):
    """P-value, U and AUC of every pair, the tail by the library's own function."""
    out = np.empty((3, *sums.shape))
    for i, j in np.ndindex(sums.shape):
        z = strength(sums[i, j], scale[j], gene[0, i], rule)
        u = (sums[i, j] + gene[1, i]) / 2
        out[:, i, j] = min(1.0, rule[3] * erfc(z * sqrt(0.5))), u, u / gene[1, i]
    return out


def strengths(sums, gene_scale, scale, rule):
    """The strength of every pair."""
    g, f = sums.shape
    return [[strength(sums[i, j], scale[j], gene_scale[i], rule) for j in range(f)] for i in range(g)]


def scan(features, genes, *, min_group=3, alternative="two-sided", correction=True):
    """SciPy's p-value, statistic and effect of every pair by itself; NaN where it is not to be tested."""
    from scipy import stats

    out = np.full((3, features.shape[1], genes.shape[1]), np.nan)
    for i, j in np.ndindex(out.shape[1:]):
        known = ~(np.isnan(features[:, i]) | np.isnan(genes[:, j]))
        x, g = features[known, i], genes[known, j]
        binary = len(np.unique(genes[~np.isnan(genes[:, j]), j])) == 2
        if len(x) == 0 or len(np.unique(x)) < 2 or len(np.unique(g)) < 2:
            continue
        if binary:
            carriers, others = x[g == max(g)], x[g < max(g)]
            if min(len(carriers), len(others)) < min_group:
                continue
            test = stats.mannwhitneyu(
                carriers, others, alternative=alternative, method="asymptotic", use_continuity=correction
            )
            effect = test.statistic / len(carriers) / len(others)
        else:
            if len(x) < max(4, 2 * min_group):
                continue
            test = stats.spearmanr(x, g, alternative=alternative)
            effect = test.statistic
        out[:, i, j] = test.pvalue, test.statistic, effect
    return out


def rejected(p, alpha):
    """Places that Benjamini and Hochberg's procedure rejects, and their adjusted p-values, by definition."""
    flat = [(value, k) for k, value in enumerate(p.ravel()) if not np.isnan(value)]
    m, ordered = len(flat), sorted(flat)
    adjusted, lowest = {}, 1.0
    for rank in range(m, 0, -1):
        value, k = ordered[rank - 1]
        lowest = min(lowest, value * m / rank)
        adjusted[k] = lowest
    return {k: a for k, a in adjusted.items() if a <= alpha}
