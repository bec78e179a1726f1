"""What can be told from the outputs alone, when no named mistake explains them.

First how the call ended, then what kind of value came back, then its shape, then its numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rgteach.course import patterns, properties
from rgteach.course.compare import TRUTH, alike, family
from rgteach.course.keys import Key
from rgteach.course.run import Call
from rgteach.course.show import shape

Told = tuple[str, dict]
# what kinds of value, other than plain ones, have a sentence of their own
_ODD = {
    "function": "diag-function", "method": "diag-function", "builtin_function_or_method": "diag-function",
    "type": "diag-function", "CPUDispatcher": "diag-function", "generator": "diag-generator",
    "map": "diag-generator", "filter": "diag-generator", "zip": "diag-generator", "range": "diag-generator",
    "set": "diag-set", "frozenset": "diag-set", "DataFrame": "diag-table", "Series": "diag-table",
    "coroutine": "diag-generator",
}  # fmt: skip


def diagnose(key: Key, calls: Sequence[Call], failed: Sequence[int]) -> tuple[str, dict, int]:
    """The sentence for a wrong answer, its values, and the case that shows it."""
    first = failed[0]
    ending = _how_it_ended(key.cases[first].expected, calls[first])
    if ending:
        return *ending, first
    for k in failed:
        name = calls[k].kind == "value" and properties.broken(
            key.properties, key.cases[k].expected.value, calls[k].value
        )
        if name:
            return f"diag-not-{name}", {}, k
    pairs = [
        (key.cases[k].expected.value, call.value)
        for k, call in enumerate(calls)
        if call.kind == "value" == key.cases[k].expected.kind
    ]
    told = _of_values(key, pairs) or _given_back(key, calls)
    if told is None:
        told = _where(key, failed) or ("diag-different", {})
    return *told, first


def _how_it_ended(expected: Call, given: Call) -> Told | None:
    if given.kind == "misfit":
        return "diag-parameters", {"given": given.odd[0], "called": given.odd[1]}
    if given.kind == "error":
        return _error(expected, given)
    if given.kind == "odd":
        return _odd(*given.odd)
    if expected.kind == "error":
        return "diag-should-raise", {"error": expected.trouble.type}
    if given.value is None and expected.value is not None:
        return ("diag-printed" if given.printed else "diag-none"), {}
    return None


def _odd(why: str, what: str) -> Told:
    if why == "type":
        return _ODD.get(what, "diag-type-unknown"), {"given": what}
    return f"diag-odd-{why}", {"given": what}


# (type of exception, what its message holds): the sentence; the first that fits counts
_ERRORS = (
    ("UnboundLocalError", "", "error-unbound"),
    ("NameError", "", "error-name"),
    ("ModuleNotFoundError", "", "error-import"),
    ("ImportError", "", "error-import"),
    ("AttributeError", "NoneType", "error-none-inside"),
    ("AttributeError", "", "error-attribute"),
    ("TypeError", "NoneType", "error-none-inside"),
    ("TypeError", "positional argument", "error-call"),
    ("TypeError", "unexpected keyword", "error-call"),
    ("TypeError", "not callable", "error-not-callable"),
    ("TypeError", "indices must be integers", "error-index-type"),
    ("TypeError", "cannot be interpreted as an integer", "error-index-type"),
    ("TypeError", "not subscriptable", "error-not-subscriptable"),
    ("TypeError", "", "error-type"),
    ("IndexError", "only integers", "error-index-type"),
    ("IndexError", "too many indices", "error-too-many-indices"),
    ("IndexError", "", "error-index"),
    ("KeyError", "", "error-key"),
    ("ValueError", "truth value", "error-truth"),
    ("ValueError", "broadcast", "error-broadcast"),
    ("ValueError", "inhomogeneous", "error-ragged"),
    ("ValueError", "read-only", "error-read-only"),
    ("ValueError", "unpack", "error-unpack"),
    ("ZeroDivisionError", "", "error-zero"),
    ("RecursionError", "", "error-recursion"),
    ("MemoryError", "", "error-memory"),
    ("_ArrayMemoryError", "", "error-memory"),
    ("AssertionError", "", "error-assert"),
    ("SystemExit", "", "error-exit"),
    ("LearnerError", "", "error-learner"),
    ("PolicyBreach", "", "error-policy"),
)


def _error(expected: Call, given: Call) -> Told:
    trouble = given.trouble
    values = {"type": trouble.type, "message": trouble.message}
    if expected.kind == "error":
        return "diag-other-error", {**values, "error": expected.trouble.type}
    for kind, part, told in _ERRORS:
        if trouble.type == kind and part in trouble.message:
            return told, values
    return "error-other", values


def _of_values(key: Key, pairs: list[tuple]) -> Told | None:
    """What is wrong with the values: their kind, their count, their shape, or their numbers."""
    for expected, given in pairs:
        if not alike(expected, given, key.rtol, key.atol):
            told = _of_kind(expected, given)
            if told:
                return told
    parts = _of_one_part(key, pairs)
    if parts:
        return parts
    arrays = [(properties.numbers(e), properties.numbers(g)) for e, g in pairs]
    if any(e is None or g is None for e, g in arrays):
        return None
    if any(e.shape != g.shape for e, g in arrays):
        return _of_shape(arrays)
    for e, g in arrays:
        if np.any(np.isnan(g) & ~np.isnan(e)):
            return "diag-nan", {}
        if np.any(np.isinf(g) & ~np.isinf(e)):
            return "diag-inf", {}
    return patterns.explain(arrays)


def _of_kind(expected, given) -> Told | None:
    """Another kind of value than expected; the words for both kinds are found when it is said."""
    is_array = isinstance(expected, np.ndarray) and expected.ndim > 0
    if isinstance(given, list | tuple) and is_array:
        return "diag-list-for-array", {}
    if isinstance(expected, tuple | list) and isinstance(given, tuple | list):
        if len(expected) != len(given):
            return "diag-count", {"expected": len(expected), "given": len(given)}
        if len(expected) > 1 and isinstance(expected, tuple) and _reordered(expected, given):
            return "diag-tuple-order", {}
        return None
    if isinstance(expected, tuple) and np.ndim(given) == 0 and _group(given) == "number":
        return "diag-count", {"expected": len(expected), "given": 1}
    if isinstance(expected, dict) and isinstance(given, dict):
        missing = sorted(expected.keys() - given.keys()) + sorted(given.keys() - expected.keys())
        return ("diag-keys", {"names": ", ".join(missing[:5])}) if missing else None
    if _group(expected) != _group(given):
        truth = {_group(expected), _group(given)} == {"truth", "number"}
        return ("diag-truth" if truth else "diag-type"), {}
    return None


def _group(value) -> str:
    """Number, truth, text …: kinds never mistaken for each other; an array counts as what it holds."""
    if isinstance(value, np.ndarray):
        return family(value)
    if isinstance(value, list):
        return "number" if properties.numbers(value) is not None else "list"
    if isinstance(value, TRUTH):
        return "truth"
    if isinstance(value, str):
        return "text"
    return "number" if properties.numbers(value) is not None else type(value).__name__


def _reordered(expected, given) -> bool:
    left = list(given)
    for e in expected:
        match = next((k for k, g in enumerate(left) if alike(e, g)), None)
        if match is None:
            return False
        left.pop(match)
    return True


def _of_one_part(key: Key, pairs: list[tuple]) -> Told | None:
    """Where several values are returned and one of them alone is wrong: which, and what is wrong with it."""
    names = _part_names(pairs)
    wrong = [n for n in names if any(not alike(e[n], g[n], key.rtol, key.atol) for e, g in pairs)]
    if len(names) < 2 or len(wrong) != 1:
        return None
    name = wrong[0]
    told = _of_values(replace(key, properties=()), [(e[name], g[name]) for e, g in pairs])
    told, values = told or ("diag-different", {})
    return told, {**values, "part": name if isinstance(name, str) else name + 1, "parts": len(names)}


def _part_names(pairs: list[tuple]) -> list:
    if all(isinstance(e, dict) and isinstance(g, dict) for e, g in pairs):
        return list(pairs[0][0])
    if all(isinstance(e, tuple) and isinstance(g, tuple | list) and len(e) == len(g) for e, g in pairs):
        lengths = {len(e) for e, _ in pairs}
        return list(range(lengths.pop())) if len(lengths) == 1 else []
    return []


def _of_shape(arrays: list[tuple]) -> Told:
    e, g = next((e, g) for e, g in arrays if e.shape != g.shape)
    values = {"given": shape(g), "expected": shape(e)}
    if not g.ndim or not e.ndim:
        return ("diag-array-expected" if e.ndim else "diag-number-expected"), values
    if all(patterns.same(e.T, g) for e, g in arrays):
        return ("diag-transposed", values) if e.ndim == 2 else ("diag-axes", patterns.other_axes(arrays))
    if order := patterns.other_axes(arrays):
        return "diag-axes", order
    if g.squeeze().shape == e.shape or e.squeeze().shape == g.shape:
        return "diag-extra-axis", values
    if g.size == e.size:
        return ("diag-flattened" if g.ndim == 1 else "diag-other-axes"), values
    if g.ndim == e.ndim and all(abs(m - n) <= 1 for m, n in zip(g.shape, e.shape, strict=True)):
        return "diag-one-off", values
    return "diag-shape", values


def _given_back(key: Key, calls: Sequence[Call]) -> Told | None:
    for k, name in enumerate(key.parameters):
        if all(
            c.kind == "value" and k < len(case.args) and alike(case.args[k], c.value)
            for case, c in zip(key.cases, calls, strict=False)
        ):
            return "diag-given-back", {"parameter": name}
    return None


def _where(key: Key, failed: Sequence[int]) -> Told | None:
    """All that fails is special, and everything ordinary is right."""
    groups = {key.cases[k].group for k in failed}
    others = {c.group for k, c in enumerate(key.cases) if k not in failed}
    if groups <= {"edge", "degenerate"} and others:
        return "diag-special-only", {}
    return None
