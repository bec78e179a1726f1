"""Patterns that explain wrong numbers: the same slip, seen in every output.

A pattern is one function from the pairs (expected, given) of all cases to the values of its sentence, or
None where it does not explain every pair.  A new one is a function and a line in PATTERNS.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np

from rgteach.course.compare import close

Pairs = list[tuple[np.ndarray, np.ndarray]]
RTOL, ATOL = 1e-7, 1e-10


def explain(pairs: Pairs) -> tuple[str, dict] | None:
    """The first pattern that explains all pairs of the same shape."""
    with np.errstate(all="ignore"):
        for told, pattern in PATTERNS:
            values = pattern(pairs)
            if values is not None:
                return told, values
    return None


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two arrays agree in shape and, as far as a pattern can tell, in every number."""
    return a.shape == b.shape and bool(close(a, b, RTOL, ATOL).all())


def _made_by(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Pairs], dict | None]:
    """The pattern "given is this change of the expected"."""
    return lambda pairs: {} if all(same(change(e), g) for e, g in pairs) else None


def other_axes(pairs: Pairs) -> dict | None:
    """The order of axes that gives every result from the expected one."""
    axes = {e.ndim for e, _ in pairs}
    if len(axes) != 1 or min(axes) < 2 or max(axes) > 4:
        return None
    for order in permutations(range(axes.pop())):
        if all(same(e.transpose(order), g) for e, g in pairs):
            return {"order": str(order)}
    return None


def _transposed(pairs: Pairs) -> dict | None:
    return _made_by(np.transpose)(pairs) if all(e.ndim == 2 for e, _ in pairs) else None


def _flipped(pairs: Pairs) -> dict | None:
    return _for_some_axis(pairs, lambda e, axis: np.flip(e, axis))


def _shifted(pairs: Pairs) -> dict | None:
    one_on = _for_some_axis(pairs, lambda e, axis: np.roll(e, 1, axis))
    return one_on if one_on is not None else _for_some_axis(pairs, lambda e, axis: np.roll(e, -1, axis))


def _for_some_axis(pairs: Pairs, change) -> dict | None:
    for axis in range(max(e.ndim for e, _ in pairs)):
        fits = all(same(change(e, axis) if axis < e.ndim else e, g) for e, g in pairs)
        if fits and any(e.ndim > axis for e, _ in pairs):
            return {"axis": axis}
    return None


def _reordered(pairs: Pairs) -> dict | None:
    if max(e.size for e, _ in pairs) < 2:
        return None
    return _made_by(np.asarray)([(np.sort(e, axis=None), np.sort(g, axis=None)) for e, g in pairs])


def _factor(pairs: Pairs) -> dict | None:
    factors = _ratios(pairs)
    if (
        factors is None
        or len(factors) < 2
        or np.ptp(factors) > 1e-6 * abs(factors[0])
        or factors[0] in (0, 1)
    ):
        return None
    return {"factor": f"{factors[0]:.6g}"}


def _log_base(pairs: Pairs) -> dict | None:
    found = _factor(pairs)
    named = {
        np.log(2): "ln, log2",
        1 / np.log(2): "log2, ln",
        np.log(10): "ln, log10",
        1 / np.log(10): "log10, ln",
    }
    named |= {np.log10(2): "log10, log2", 1 / np.log10(2): "log2, log10"}
    for factor, names in named.items():
        if found and abs(float(found["factor"]) / factor - 1) < 1e-5:
            given, expected = names.split(", ")
            return {"given": given, "expected": expected}
    return None


def _ratios(pairs: Pairs) -> np.ndarray | None:
    """Given / expected wherever it is defined; None where a zero or an infinity speaks against a factor."""
    found = []
    for e, g in pairs:
        if not np.array_equal(np.isfinite(e), np.isfinite(g)) or np.any((e == 0) & (np.abs(g) > ATOL)):
            return None
        usable = np.isfinite(e) & (np.abs(e) > ATOL)
        found.append((g[usable] / e[usable]).ravel())
    return np.concatenate(found) if found else None


def _factor_of_each(pairs: Pairs) -> dict | None:
    """Each case has a factor of its own, as when a sum was not divided by."""
    firm = 0
    for e, g in pairs:
        factors = _ratios([(e, g)])
        if factors is None or (
            len(factors) and (factors[0] == 0 or np.ptp(factors) > 1e-6 * abs(factors[0]))
        ):
            return None
        firm += len(factors) > 1 and abs(factors[0] - 1) > 1e-6
    return {} if firm >= 2 else None


def _offset(pairs: Pairs) -> dict | None:
    gaps, values = [], []
    for e, g in pairs:
        if not np.array_equal(np.isfinite(e), np.isfinite(g)):
            return None
        usable = np.isfinite(e)
        gaps.append((g[usable] - e[usable]).ravel())
        values.append(e[usable].ravel())
    gaps, values = np.concatenate(gaps), np.concatenate(values)
    if len(np.unique(values)) < 2 or abs(gaps[0]) < 1e-9 or np.ptp(gaps) > 1e-6 * abs(gaps[0]):
        return None
    return {"offset": f"{gaps[0]:+.6g}"}


def _always_the_same(pairs: Pairs) -> dict | None:
    (first, given), *others = pairs
    constant = len(pairs) > 2 and all(same(given, g) for _, g in others)
    return {} if constant and not all(same(first, e) for e, _ in others) else None


def _rounded(pairs: Pairs) -> dict | None:
    for whole in (np.rint, np.trunc, np.floor, np.ceil):
        if all(same(whole(e), g) for e, g in pairs):
            return {}
    return None


def _single_precision(pairs: Pairs) -> dict | None:
    near = all(bool(close(e, g, 2e-6, 1e-6).all()) for e, g in pairs)
    return {} if near and all(same(np.float32(g).astype(float), g) for _, g in pairs) else None


def _near(pairs: Pairs) -> dict | None:
    return {} if all(bool(close(e, g, 1e-3, 1e-6).all()) for e, g in pairs) else None


def _signs(pairs: Pairs) -> dict | None:
    return {} if all(same(np.abs(e), np.abs(g)) for e, g in pairs) else None


PATTERNS: tuple[tuple[str, Callable[[Pairs], dict | None]], ...] = (
    ("diag-single-precision", _single_precision),
    ("diag-near", _made_by(np.asarray)),  # nearer than the patterns below can tell apart
    ("diag-always-the-same", _always_the_same),
    ("diag-transposed", _transposed),
    ("diag-axes", other_axes),
    ("diag-reversed", _flipped),
    ("diag-shifted", _shifted),
    ("diag-sign", _made_by(np.negative)),
    ("diag-absolute", _made_by(np.abs)),
    ("diag-signs", _signs),
    ("diag-log-base", _log_base),
    ("diag-offset", _offset),
    ("diag-complement", _made_by(lambda e: 1 - e)),
    ("diag-reciprocal", _made_by(lambda e: 1 / e)),
    ("diag-squared", _made_by(np.square)),
    ("diag-root", _made_by(np.sqrt)),
    ("diag-cumulative", _made_by(lambda e: np.cumsum(e, axis=-1) if e.ndim else e)),
    ("diag-rounded", _rounded),
    ("diag-factor", _factor),
    ("diag-factor-of-each", _factor_of_each),
    ("diag-order", _reordered),
    ("diag-near", _near),
)
