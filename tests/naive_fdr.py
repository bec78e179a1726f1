"""Slow twins of the multiplicity procedures: the papers' definitions in plain Python, one test at a time."""

from math import expm1, isnan, log1p


def rejected_by_bh(p, m, alpha, penalty=1.0):
    """The largest k whose k-th smallest p-value is at most alpha k / m; looked at one by one."""
    known = sorted(float(value) for value in p if not isnan(value))
    best = 0
    for k, value in enumerate(known, start=1):
        if value <= alpha / penalty * (k / m):
            best = k
    return best


def bh(p, m=None, penalty=1.0):
    """Min over all p_(j) >= p of m p_(j) / j."""
    m = len(p) if m is None else m
    known = sorted(float(value) for value in p)
    each = [m * penalty * value / k for k, value in enumerate(known, start=1)]
    return [min([1.0] + [each[j] for j in range(len(known)) if known[j] >= value]) for value in p]


def by(p):
    """Benjamini and Yekutieli: the same, divided by 1 + 1/2 + ... + 1/m."""
    return bh(p, penalty=sum(1 / k for k in range(1, len(p) + 1)))


def bonferroni(p):
    return [min(1.0, len(p) * value) for value in p]


def sidak(p):
    return [-expm1(len(p) * log1p(-value)) if value < 1 else 1.0 for value in p]


def holm(p):
    """Max over all p_(j) <= p of (m - j + 1) p_(j)."""
    m, known = len(p), sorted(p)
    return [max(min(1.0, (m - j) * known[j]) for j in range(m) if known[j] <= value) for value in p]


def holm_sidak(p):
    m, known = len(p), sorted(p)
    each = [-expm1((m - j) * log1p(-known[j])) if known[j] < 1 else 1.0 for j in range(m)]
    return [max(each[j] for j in range(m) if known[j] <= value) for value in p]


def hochberg(p):
    """Min over all p_(j) >= p of (m - j + 1) p_(j)."""
    m, known = len(p), sorted(p)
    return [min((m - j) * known[j] for j in range(m) if known[j] >= value) for value in p]
