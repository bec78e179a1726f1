"""Benjamini and Hochberg's rule (doi:10.1111/j.2517-6161.1995.tb02031.x).  Arrays in, arrays out, no checks.

One rule for everything in this file: of m tests, the k smallest p-values are rejected at alpha when the k-th
is at most alpha * (k / m), in float64 and in this order.  At k = m the factor is exactly 1, so no p-value
above alpha is ever rejected; and an adjusted value is the smallest alpha that rejects.  That makes `step_up`
and `bh_threshold` agree to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rgteach.core.jit import kernel

BLOCK = 1 << 16  # numbers a walk looks at together: they stay in the processor's cache
AT_ONCE = 1 << 22  # p-values that are looked up together
N_PARTS = 512  # of [0, 1], into which they are grouped for that
NEARLY = 2e-15  # what divisions may be off by, and more
NEXT = 1.2e-16  # this share of a float added to it or taken from it gives the float beside it
STEPS = 20  # walks before a search that has got stuck is finished another way
ALL_FLOAT64 = "dd->?"


# ------------------------------------------------------------------------------ which are rejected


def bh_threshold(p: np.ndarray, m: int, alpha: float) -> tuple[int, float]:
    """How many of m tests are rejected, and the bound that a rejected p-value does not exceed.

    p       : float32 or float64 of any shape, also a memory map; NaN is ignored.  p-values above alpha may be
              left out, as long as m counts them.
    returns : k and alpha * (k / m); without a rejection 0 and 0.0.

    No sorting.  Begin with k = m and put k <- #{p <= alpha k / m}, as long as k changes.  Never does k fall
    below the answer k*: as long as k >= k*, the bound at k is at least the one at k*, and k* p-values lie
    below that.  And it stops only where k p-values lie below the k-th bound, so not above k* either.
    """
    k = m
    for _ in range(STEPS):
        below = count_at_most(p, alpha * (k / m) if k else 0.0)
        if below == k or k == 0:
            return k, alpha * (k / m) if k else 0.0
        if below <= p.size // 8 < k:  # few are left in the race: one byte a p-value holds them
            p = _taken(p, alpha * (k / m), below)
        k = below
    k = _search_down(p, m, alpha, k)
    return k, alpha * (k / m) if k else 0.0


def count_at_most(p: np.ndarray, bound: float) -> int:
    """How many p-values are at most the bound, a block at a time."""
    below, n = np.empty(BLOCK, np.bool_), 0
    for block in blocks(p):
        n += int(
            np.count_nonzero(np.less_equal(block, bound, out=below[: len(block)], signature=ALL_FLOAT64))
        )
    return n


def _taken(p: np.ndarray, bound: float, n: int) -> np.ndarray:
    """The n p-values that are at most the bound."""
    taken, done = np.empty(n), 0
    for block in blocks(p):
        block = block[np.less_equal(block, bound, signature=ALL_FLOAT64)]
        taken[done : done + len(block)] = block
        done += len(block)
    return taken


def blocks(p: np.ndarray) -> Iterator[np.ndarray]:
    """Stretches of the array in the order of its memory, as they are: no copy of the whole is made."""
    settings = {"flags": ["external_loop", "buffered", "zerosize_ok"], "order": "K", "buffersize": BLOCK}
    return iter(np.nditer(p, **settings))


def _search_down(p: np.ndarray, m: int, alpha: float, k: int) -> int:
    """Finish a search whose steps have become small: the largest k whose bound has k p-values below it.

    Windows of k from the top down; one walk over the data counts, for every k of the window, how many
    p-values the bound there has below it.  So the number of walks has a limit, whatever the p-values are.
    """
    width = max(BLOCK, p.size // 32)
    while k:
        first = max(0, k - width)
        below = np.zeros(k - first + 1, np.int64)
        for block in blocks(p):
            block = block.astype(np.float64)  # NumPy 2 would round the bound to float32 instead
            step = _smallest_k(block[block <= alpha * (k / m)], m, alpha)
            np.add.at(below, np.maximum(step - first, 0), 1)
        below = np.cumsum(below, out=below)
        enough = np.flatnonzero(below >= np.arange(first, k + 1))
        enough = enough[enough + first > 0]
        if len(enough):
            return first + int(enough[-1])
        k = min(first, int(below[0]))
    return 0


def _smallest_k(p: np.ndarray, m: int, alpha: float) -> np.ndarray:
    """The smallest k with p <= alpha * (k / m); a division guesses it, looking to either side settles it."""
    k = np.ceil(p * (m / alpha)).astype(np.int64)
    k -= alpha * ((k - 1) / m) >= p
    k += alpha * (k / m) < p
    return k


# ------------------------------------------------------------------------------ adjusted values


def step_up(ordered: np.ndarray, m: int, penalty: float, adjusted: np.ndarray) -> None:
    """Adjusted values of sorted p-values: the smallest alpha at which each one is rejected.

    ordered  : (n,) float64, ascending, the n p-values of m tests that are known.
    penalty  : alpha is divided by it; 1 for Benjamini and Hochberg, 1 + 1/2 + ... + 1/m for any dependence.
    adjusted : (n,) float64, filled here; may exceed 1.

    The k-th p-value is rejected when any later one stays below its own bound, so the smallest alpha is the
    minimum over all later ones.  A division gives each up to its last bits; `_turning` finds the last bit of
    those that can be the minimum.
    """
    lowest = np.inf
    for end in range(len(ordered), 0, -BLOCK):  # from the last p-value back, a block at a time
        first = max(0, end - BLOCK)
        p, share = ordered[first:end], np.arange(first + 1, end + 1) / m
        alpha = p / share * penalty
        near = np.minimum.accumulate(alpha[::-1])[::-1]
        few = np.flatnonzero(alpha <= np.minimum(near, lowest) * (1 + NEARLY))
        alpha[few] = _turning(p[few], share[few], penalty, alpha[few])
        np.minimum.accumulate(alpha[::-1], out=alpha[::-1])
        lowest = min(lowest, alpha[0])
        adjusted[first:end] = np.minimum(alpha, adjusted[end] if end < len(ordered) else np.inf)


def _turning(p, share, penalty, alpha):
    """The first float near alpha at which the rule itself, p <= alpha / penalty * share, holds."""
    for _ in range(3):
        alpha = np.where(alpha / penalty * share < p, alpha + NEXT * alpha, alpha)
    for _ in range(3):
        less = alpha - NEXT * alpha
        alpha = np.where(less / penalty * share >= p, less, alpha)
    return alpha


def find_first(ordered: np.ndarray, n_buckets: int) -> np.ndarray:
    """Where each of n_buckets equal parts of [0, 1] begins in sorted p-values.

    A value p belongs to part int(p * n_buckets); p = 1 has a part of its own.  The last entry counts all.
    """
    first = np.zeros(n_buckets + 2, np.int64)
    for start in range(0, len(ordered), BLOCK):
        part = (ordered[start : start + BLOCK] * n_buckets).astype(np.int64)
        members = np.bincount(part - part[0])  # sorted as they are, they lie in a few parts
        first[part[0] + 1 : part[-1] + 2] += members
    return np.cumsum(first, out=first)


@kernel
def group(p, begins, value, place):
    """Put p-values of the same part of [0, 1] together, NaN left out.

    begins       : (parts + 2,) int64, zeros; used up here.
    value, place : (n,) float64 and int64, filled here: the p-values part by part, and where each came from.
    returns      : how many there are.

    Neighbours are then looked up one after another, while their surroundings are still in the cache.
    """
    n_parts = len(begins) - 2
    for i in range(len(p)):
        if p[i] == p[i]:  # not NaN
            begins[int(p[i] * n_parts) + 1] += 1
    for part in range(1, n_parts + 2):
        begins[part] += begins[part - 1]
    for i in range(len(p)):
        if p[i] == p[i]:
            part = int(p[i] * n_parts)
            value[begins[part]], place[begins[part]] = p[i], i
            begins[part] += 1
    return begins[n_parts]


@kernel
def look_up(value, place, ordered, adjusted, first, out):
    """Give every p-value the adjusted value that stands at its place in the sorted ones.

    value, place      : from `group`; out[place[i]] is filled here.
    ordered, adjusted : sorted p-values and what belongs to them; equal p-values have equal adjusted ones.
    first             : from `find_first`; a few values share a part, and halving finds the right one.
    """
    n_buckets = len(first) - 2
    for i in range(len(value)):
        part = int(value[i] * n_buckets)
        low, high = first[part], first[part + 1] - 1
        if adjusted[low] == adjusted[high]:  # as for most p-values that mean nothing
            high = low
        while low < high:
            middle = (low + high) // 2
            if ordered[middle] < value[i]:
                low = middle + 1
            else:
                high = middle
        out[place[i]] = adjusted[low]


def put_back(p: np.ndarray, ordered: np.ndarray, adjusted: np.ndarray) -> np.ndarray:
    """The adjusted values in the order of the p-values; NaN stays NaN.

    p       : (n,) float64;  ordered, adjusted : the sorted p-values and what belongs to them.
    returns : (n,) float64.

    Sorting numbers alone and looking each one up takes a fraction of the time of sorting their places.
    """
    out = np.full(len(p), np.nan)
    first = find_first(ordered, max(1, len(ordered) // 2))
    value, place = np.empty(min(len(p), AT_ONCE)), np.empty(min(len(p), AT_ONCE), np.int64)
    for start in range(0, len(p), AT_ONCE):
        n = group(p[start : start + AT_ONCE], np.zeros(N_PARTS + 2, np.int64), value, place)
        look_up(value[:n], place[:n], ordered, adjusted, first, out[start : start + AT_ONCE])
    return out
