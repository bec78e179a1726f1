"""Plain values: None, bool, int, float, str, list, tuple, dict with text keys, NumPy arrays and scalars.

Nothing in a plain value can run code, lie about being equal or grow without end.  Arrays and scalars hold
numbers, booleans or text.
"""

from __future__ import annotations

import math

import numpy as np

MAX_DEPTH = 20
MAX_ITEMS = 200_000
MAX_TEXT = 100_000
MAX_BITS = 4096
MAX_LETTERS = 1_000_000  # of an array of text, with what pads the short ones
DTYPES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
    ]
)


class NotPlain(TypeError):
    """A value that is not plain: `why` is one of type, dtype, keys, depth, size, damaged; `what` names it."""

    def __init__(self, why: str, what: str):
        super().__init__(why, what)
        self.why, self.what = why, what


def plain(value: object) -> object:
    """A copy of a value made of plain parts only.

    Subclasses (a Counter, a named tuple) become what they extend, read past their own methods.

    Raises
    ------
    NotPlain
        For any other object, an unusual dtype, a value too deep or too large.
    """
    return _plain(value, 0, Budget())


class Budget:
    """Counts what one value holds, and stops where it is too much."""

    def __init__(self):
        self.left = MAX_ITEMS

    def spend(self, items: int) -> None:
        """Count so many more."""
        self.left -= items
        if self.left < 0:
            raise NotPlain("size", str(MAX_ITEMS))


def _plain(value: object, depth: int, budget: Budget) -> object:
    if depth > MAX_DEPTH:
        raise NotPlain("depth", str(MAX_DEPTH))
    budget.spend(1)
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind in _COPIES:  # nearly always
        return _COPIES[kind](value, depth + 1, budget)
    if issubclass(kind, _NUMPY):  # the type, because an object can lie about its class
        return _plain_numpy(value, budget)
    for base, copy in _COPIES.items():
        if issubclass(kind, base):
            return copy(value, depth + 1, budget)
    raise NotPlain("type", kind.__name__)


def _plain_numpy(value, budget: Budget):
    is_array = type(value) is np.ndarray
    if not is_array and not issubclass(type(value), np.generic):
        raise NotPlain("type", type(value).__name__)
    dtype = _NATIVE.get(value.dtype) or _seldom(value)
    if not is_array:
        return value
    budget.spend(value.size)
    return np.array(value, dtype=dtype, order="C")


def _seldom(value) -> np.dtype:
    """The native form of a dtype of text, or of numbers with their bytes in another order."""
    dtype = value.dtype.newbyteorder("=")
    if dtype.kind != "U":
        if dtype not in _NATIVE:
            raise NotPlain("dtype", value.dtype.name)
        return _NATIVE[dtype]
    if value.size * dtype.itemsize // 4 > MAX_LETTERS:
        raise NotPlain("size", str(MAX_LETTERS))
    return dtype


def _plain_int(value, depth, budget):
    number = int.__add__(value, 0)
    if number.bit_length() > MAX_BITS:
        raise NotPlain("size", f"2**{MAX_BITS}")
    return number


def _plain_text(value, depth, budget):
    text = str.__str__(value)
    if len(text) > MAX_TEXT:
        raise NotPlain("size", str(MAX_TEXT))
    return text


def _plain_dict(value, depth, budget):
    items = list(dict.items(value))
    if not all(isinstance(key, str) for key, _ in items):
        raise NotPlain("keys", "dict")
    return {_plain_text(key, depth, budget): _plain(item, depth, budget) for key, item in items}


_COPIES = {
    int: _plain_int,
    float: lambda value, depth, budget: float.__abs__(value) * math.copysign(1.0, value),
    str: _plain_text,
    list: lambda value, depth, budget: [_plain(v, depth, budget) for v in list.__iter__(value)],
    tuple: lambda value, depth, budget: tuple(_plain(v, depth, budget) for v in tuple.__iter__(value)),
    dict: _plain_dict,
}
_NUMPY = (np.ndarray, np.generic)
_NATIVE = {np.dtype(name): np.dtype(name) for name in DTYPES}
_AS_THEY_ARE = frozenset({type(None), bool, float, *(dtype.type for dtype in _NATIVE)})
