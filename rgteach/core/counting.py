"""The exact null distribution of the rank sum: count every way to deal out the ranks.  No approximation.

Under the null hypothesis each choice of n_x patients out of n is as likely as any other to be the first
group.  The p-value is the share of choices whose rank sum is at least as extreme as the one seen.  Counts are
kept in float64: whole and exact up to 2^53, right to about 1e-14 beyond, and the rare choices come first, so
a tail of 1e-250 is as exact as one of 0.1.
"""

from math import comb, exp, lgamma

import numpy as np

from rgteach.core.jit import kernel

MOST_WAYS = 10**307  # choices of a group that a float64 can count
MOST_CELLS = 50_000_000  # of the table for tied ranks: 400 MB
PRODUCT_PAIRS = 10_000  # up to here the subtractions of Gauss's product cost fewer than two of 16 digits


@kernel
def count_untied(n_x, n_y, ways):
    """Count the orders of n_x + n_y different values in which x is above y in u pairs, u = 0, 1, 2 …

    ways : (most + 1,) float64, zeros; filled so that ways[u] is the number of orders with U = u.

    The counts are the coefficients of Gauss's product (1 − q^(n_y+1)) … (1 − q^(n_y+n_x)) over
    (1 − q) … (1 − q^n_x): one factor on each side for every member of x.  To divide by 1 − q^i is to add
    what stands i places before; to multiply by 1 − q^j is to take off what stood j places before.
    """
    ways[0] = 1.0
    for i in range(1, n_x + 1):
        for u in range(i, len(ways)):
            ways[u] += ways[u - i]
        for u in range(len(ways) - 1, n_y + i - 1, -1):
            ways[u] -= ways[u - n_y - i]


@kernel
def count_tied(ranks2, ways):
    """Count the choices of k patients by their rank sum, taking in one patient after the other.

    ranks2 : (n,) int64, doubled midranks (or any whole scores), ascending.
    ways   : (n_x + 1, most + 1) float64, zeros; filled so that ways[k, e] is the number of choices of k
             patients whose sum lies e above the smallest sum of k.  Only the last row is complete.

    The shift algorithm of Streitberg and Röhmel: a choice of k patients either lacks the newest one, and is
    counted already, or is a choice of k − 1 with the newest one added, which shifts its sum.  The smallest
    sum of k takes ranks2[k − 1] where the newest one may bring more: the excess grows by the difference.
    """
    n, n_x, n_sums = len(ranks2), ways.shape[0] - 1, ways.shape[1]
    ways[0, 0] = 1.0
    for i in range(n):
        fewest = max(1, n_x - (n - 1 - i))  # with fewer the rest could not fill the group any more
        for k in range(min(i + 1, n_x), fewest - 1, -1):
            shift = ranks2[i] - ranks2[k - 1]
            if shift < n_sums:
                without, taken = ways[k - 1], ways[k, shift:]
                for e in range(n_sums - shift):
                    taken[e] += without[e]


def untied_p(n_x: int, n_y: int, u: int, alternative: str) -> float:
    """P-value of U = u (pairs in which x is above y) among n_x + n_y different values."""
    n_pairs = n_x * n_y
    if alternative == "greater":  # the distribution is symmetric: above and below change places
        return untied_p(n_x, n_y, n_pairs - u, "less")
    if alternative == "two-sided":
        return min(1.0, 2 * _untied_below(n_x, n_y, min(u, n_pairs - u)))
    if 2 * u <= n_pairs:
        return _untied_below(n_x, n_y, u)
    return 1.0 - _untied_below(n_x, n_y, n_pairs - u - 1)


def untied_counts(n_x: int, n_y: int, most: int) -> np.ndarray:
    """Numbers of orders with U = 0, 1, …, most; shape (most + 1,), for up to PRODUCT_PAIRS pairs."""
    ways = np.zeros(most + 1)
    count_untied(min(n_x, n_y), max(n_x, n_y), ways)
    return ways


def tied_p(ranks2: np.ndarray, n_x: int, sum2: int, alternative: str) -> float:
    """P-value of the doubled rank sum of the first group, given all doubled midranks in ascending order.

    Two-sided is the share of choices whose sum lies at least as far from its mean, on either side: with ties
    the distribution need not be symmetric, and twice one tail would be another question.
    """
    n = len(ranks2)
    if 2 * n_x > n:  # what one group has more, the other has less; the smaller one is counted faster
        other = {"less": "greater", "greater": "less"}.get(alternative, alternative)
        return tied_p(ranks2, n - n_x, n * (n + 1) - sum2, other)
    mean2 = n_x * (n + 1)
    mirrored = 2 * (n + 1) - ranks2[::-1]
    if alternative == "two-sided":
        near = mean2 - abs(sum2 - mean2)
        if near == mean2:
            return 1.0
        return _tied_below(ranks2, n_x, near) + _tied_below(mirrored, n_x, near)
    if alternative == "greater":
        ranks2, mirrored, sum2 = mirrored, ranks2, 2 * mean2 - sum2
    if sum2 <= mean2:
        return _tied_below(ranks2, n_x, sum2)
    return 1.0 - _tied_below(mirrored, n_x, 2 * mean2 - sum2 - 1)


def smallest_p(ranks2: np.ndarray, n_x: int, alternative: str) -> float:
    """The smallest p-value any split of these doubled midranks (ascending) could reach."""
    n = len(ranks2)
    mean2 = n_x * (n + 1)
    ends = []
    for scores in (ranks2, 2 * (n + 1) - ranks2[::-1]):
        edge = scores[n_x - 1]  # of those tied at the edge of the most extreme group, any may belong to it
        first, last = scores.searchsorted(edge, "left"), scores.searchsorted(edge, "right")
        share = _comb_ratio(int(last - first), n_x - int(first), n, n_x)
        ends.append((mean2 - int(scores[:n_x].sum()), share))
    (below, p_less), (above, p_greater) = ends
    if alternative != "two-sided":
        return p_less if alternative == "less" else p_greater
    if below == above:
        return min(1.0, p_less + p_greater)
    return p_less if below > above else p_greater


def is_countable(ranks2: np.ndarray, n_x: int, sum2: int) -> bool:
    """Whether the counts fit into a number, and the table of `count_tied` for this rank sum into memory."""
    n = len(ranks2)
    n_x, sum2 = (n_x, sum2) if 2 * n_x <= n else (n - n_x, n * (n + 1) - sum2)
    mean2 = n_x * (n + 1)
    near = mean2 - abs(sum2 - mean2)  # the tail beyond it is what is counted, on either side
    smallest = min(int(ranks2[:n_x].sum()), 2 * mean2 - int(ranks2[n - n_x :].sum()))
    n_cells = (n_x + 1) * ((near - smallest) // _step(ranks2) + 1)
    return n_cells <= MOST_CELLS and comb(n, n_x) <= MOST_WAYS


def _comb_ratio(n: int, k: int, n_all: int, k_all: int) -> float:
    """Choices of k from n over choices of k_all from n_all; whole numbers of 3,000 digits would take long."""
    if n_all <= 1000:
        return comb(n, k) / comb(n_all, k_all)
    logs = [lgamma(m + 1) - lgamma(j + 1) - lgamma(m - j + 1) for m, j in ((n, k), (n_all, k_all))]
    return exp(logs[0] - logs[1])


def _untied_below(n_x: int, n_y: int, u: int) -> float:
    """P(U ≤ u), for u up to the middle."""
    if u < 0:
        return 0.0
    if n_x * n_y > PRODUCT_PAIRS:  # as ranks that happen to have no ties: slower, and only additions
        n_x, n_y = min(n_x, n_y), max(n_x, n_y)
        return _tied_below(np.arange(n_x + n_y), n_x, u + n_x * (n_x - 1) // 2)
    return float(untied_counts(n_x, n_y, u).sum() / comb(n_x + n_y, n_x))


def _tied_below(ranks2: np.ndarray, n_x: int, most: int) -> float:
    """P(sum of n_x of these scores ≤ most); the scores ascend."""
    excess = most - int(ranks2[:n_x].sum())
    if excess < 0:
        return 0.0
    step = _step(ranks2)  # sums move in whole steps: without ties in twos, with two values in one big one
    ways = np.zeros((n_x + 1, excess // step + 1))
    count_tied((ranks2 - ranks2[0]) // step, ways)
    return float(ways[n_x].sum() / comb(len(ranks2), n_x))


def _step(ranks2: np.ndarray) -> int:
    """The largest whole number that divides all distances between scores; 1 if there are none."""
    return max(1, int(np.gcd.reduce(ranks2 - ranks2[0])))
