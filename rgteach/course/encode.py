"""Plain values and their typed JSON: what goes into a key and what comes back from a student's function.

A plain value is built from None, bool, int, float, str, list, tuple, dict with text keys, NumPy arrays and
NumPy scalars of numbers, booleans or text.  Nothing in it can run code, lie about being equal or grow
without end.

    1, 2.5, true, "text", null, [1, 2]      as they are
    {"float": "nan"}                        nan, inf, -inf
    {"tuple": [1, 2]}, {"dict": {"a": 1}}   what JSON has no word for
    {"array": [[1, 2], [3, 4]], "dtype": "int64", "shape": [2, 2]}
    {"scalar": 0.5, "dtype": "float32"}
"""

from __future__ import annotations

import math
from functools import lru_cache

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
    return _plain(value, 0, _Budget())


class _Budget:
    """Counts what one value holds, and stops where it is too much."""

    def __init__(self):
        self.left = MAX_ITEMS

    def spend(self, items: int) -> None:
        self.left -= items
        if self.left < 0:
            raise NotPlain("size", str(MAX_ITEMS))


def _plain(value: object, depth: int, budget: _Budget) -> object:
    if depth > MAX_DEPTH:
        raise NotPlain("depth", str(MAX_DEPTH))
    budget.spend(1)
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return value
    if kind in _COPIES:  # nearly always
        return _COPIES[kind](value, depth + 1, budget)
    if issubclass(kind, _NUMPY):  # the type, because an object can lie about its class
        return _plain_numpy(value, budget)
    for base, copy in _COPIES.items():
        if issubclass(kind, base):
            return copy(value, depth + 1, budget)
    raise NotPlain("type", kind.__name__)


@lru_cache(maxsize=256)  # NumPy makes a name anew, and imports something, each time it is asked
def _name(dtype: np.dtype) -> str:
    return dtype.newbyteorder("=").name


def _plain_numpy(value, budget: _Budget):
    is_array = type(value) is np.ndarray
    if not is_array and not issubclass(type(value), np.generic):
        raise NotPlain("type", type(value).__name__)
    name = _name(value.dtype)
    if name not in DTYPES and value.dtype.kind != "U":
        raise NotPlain("dtype", value.dtype.name)
    if value.dtype.kind == "U" and value.size * value.dtype.itemsize // 4 > MAX_LETTERS:
        raise NotPlain("size", str(MAX_LETTERS))
    if not is_array:
        return value
    budget.spend(value.size)
    return np.array(value, dtype=value.dtype.newbyteorder("="), order="C")


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
_AS_THEY_ARE = frozenset({int, bool, str, type(None)})
_NUMPY = (np.ndarray, np.generic)


def encode(value: object) -> object:
    """A plain value as JSON data, typed so that `decode` gives the same value back."""
    return written(plain(value))


def written(value: object) -> object:
    """The same for a value that is plain already, as `plain` gives it."""
    if type(value) in _AS_THEY_ARE:
        return value
    return _encode(value)


def _encode(value):
    if isinstance(value, np.ndarray):
        shape = list(value.shape)
        odd = value.dtype.kind == "f" and not np.isfinite(value).all()
        items = _numbers(value.tolist()) if odd else value.tolist()
        return {"array": items, "dtype": _dtype_name(value), "shape": shape}
    if isinstance(value, np.generic):
        return {"scalar": _numbers(value.item()), "dtype": _dtype_name(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if isinstance(value, tuple):
        return {"tuple": [_encode(v) for v in value]}
    if isinstance(value, dict):
        return {"dict": {k: _encode(v) for k, v in value.items()}}
    if isinstance(value, list):
        return [_encode(v) for v in value]
    return value


def _dtype_name(value) -> str:
    return "str" if value.dtype.kind == "U" else _name(value.dtype)


def _numbers(value):
    """Numbers of an array for JSON, where nan and inf are words."""
    if isinstance(value, list):
        return [_numbers(v) for v in value]
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def decode(data: object) -> object:
    """The plain value that `encode` wrote down.

    Raises
    ------
    NotPlain
        If the data was not written by `encode`, or is too deep or too large.
    """
    try:
        return plain(_decode(data, 0))
    except NotPlain:
        raise
    except (TypeError, ValueError, OverflowError, AttributeError, RecursionError) as error:
        raise NotPlain("damaged", type(error).__name__) from None


def _decode(data, depth: int):
    if depth > MAX_DEPTH:
        raise NotPlain("depth", str(MAX_DEPTH))
    if isinstance(data, list):
        return [_decode(v, depth + 1) for v in data]
    if not isinstance(data, dict):
        return data
    match data:
        case {"array": items, "dtype": dtype, "shape": shape, **rest} if not rest:
            return _decode_array(items, dtype, shape)
        case {"scalar": bool() | int() | float() | str() as item, "dtype": dtype, **rest} if not rest:
            return np.dtype(_known(dtype)).type(item)
        case {"float": "nan" | "inf" | "-inf" as word, **rest} if not rest:
            return float(word)
        case {"tuple": items, **rest} if not rest:
            return tuple(_decode(v, depth + 1) for v in items)
        case {"dict": items, **rest} if not rest:
            return {k: _decode(v, depth + 1) for k, v in items.items()}
    raise NotPlain("damaged", ", ".join(map(str, data))[:60])


def _decode_array(items, dtype: str, shape: list[int]):
    # side by side before they are multiplied: the product of many large numbers takes minutes
    if len(shape) > MAX_DEPTH or not all(0 <= side <= MAX_ITEMS for side in shape):
        raise NotPlain("size", str(MAX_ITEMS))
    if math.prod(shape) > MAX_ITEMS:
        raise NotPlain("size", str(MAX_ITEMS))
    if _known(dtype) == "str":
        lengths = list(_lengths(items, 0))  # of what is there, whatever the shape says
        if len(lengths) * max(lengths, default=0) > MAX_LETTERS:
            raise NotPlain("size", str(MAX_LETTERS))  # an array of text is as wide as its longest
    return np.array(items, dtype=dtype).reshape(shape)


def _lengths(items, depth: int):
    """The length of each text in nested lists."""
    if depth > MAX_DEPTH:
        raise NotPlain("depth", str(MAX_DEPTH))
    if not isinstance(items, list):
        yield len(str(items))
        return
    for item in items:
        yield from _lengths(item, depth + 1)


def _known(dtype: str) -> str:
    if dtype not in DTYPES and dtype != "str":
        raise NotPlain("dtype", str(dtype))
    return dtype
