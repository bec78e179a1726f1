"""Ranks of one column of numbers, with tied values sharing theirs.  Arrays in, arrays out, no checks."""

from rgteach.core.jit import kernel


@kernel
def midranks2(values, order, ranks2):
    """Write twice the midrank of every value, and add up what ties take from a variance.

    values  : (n,) float64 without NaN;  order : (n,) int64, its argsort (any kind).
    ranks2  : (n,) int64, filled here with 2 × midrank.  Tied values share the mean of the ranks they stand
              on, which is whole or ends in a half: doubled, every rank is a whole number.
    returns : the sum of t³ − t over all groups of t tied values, a whole number (0 without ties, n³ − n
              where all are tied; there is room for n up to 2,000,000).
    """
    n, tie_sum = len(order), 0
    first = 0
    while first < n:
        last = first  # places first … last of the sorted column hold the same value
        while last + 1 < n and values[order[last + 1]] == values[order[first]]:
            last += 1
        for place in range(first, last + 1):
            ranks2[order[place]] = first + last + 2  # ranks count from 1
        t = last - first + 1
        tie_sum += t * t * t - t
        first = last + 1
    return tie_sum
