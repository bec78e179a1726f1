"""Plain values as typed JSON: what goes into a key and what comes back from a student's function.

    1, 2.5, true, "text", null, [1, 2]      as they are
    {"float": "nan"}                        nan, inf, -inf
    {"tuple": [1, 2]}, {"dict": {"a": 1}}   what JSON has no word for
    {"array": [[1, 2], [3, 4]], "dtype": "int64", "shape": [2, 2]}
    {"bytes": "AQIDBA==", "dtype": "uint8", "shape": [2, 2]}
    {"scalar": 0.5, "dtype": "float32"}

A key is read by people too, so `encode` writes its arrays as numbers; between two processes `packed` writes
their bytes, little end first, in base64: many numbers take a tenth of the time.
"""

from __future__ import annotations

import binascii
import math
from collections.abc import Callable

import numpy as np

from rgteach.course.plain import (
    DTYPES,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_LETTERS,
    Budget,
    NotPlain,
    plain,
)

_AS_THEY_ARE = frozenset({int, bool, str, type(None)})
_NUMBERS = {name: np.dtype(name) for name in DTYPES}
_NAMES = {dtype: name for name, dtype in _NUMBERS.items()}  # NumPy makes a name anew each time it is asked
_SHORT = 1 << 64  # below it nobody has to measure an int


def encode(value: object) -> object:
    """A plain value as JSON data, typed so that `decode` gives the same value back."""
    return written(plain(value))


def written(value: object) -> object:
    """The same for a value that is plain already, as `plain` gives it."""
    if type(value) in _AS_THEY_ARE:
        return value
    return _encode(value, _as_numbers)


def packed(value: object) -> object:
    """The same with the bytes of arrays, for a value that is plain already."""
    if type(value) in _AS_THEY_ARE:
        return value
    return _encode(value, _as_bytes)


def _as_numbers(array: np.ndarray) -> dict:
    odd = array.dtype.kind == "f" and not np.isfinite(array).all()
    items = _numbers(array.tolist()) if odd else array.tolist()
    return {"array": items, "dtype": _dtype_name(array), "shape": list(array.shape)}


def _as_bytes(array: np.ndarray) -> dict:
    if array.dtype.kind == "U":
        return _as_numbers(array)
    raw = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False).tobytes()
    text = binascii.b2a_base64(raw, newline=False).decode("ascii")
    return {"bytes": text, "dtype": _NAMES[array.dtype], "shape": list(array.shape)}


def _encode(value, as_array: Callable[[np.ndarray], dict]):
    if isinstance(value, np.ndarray):
        return as_array(value)
    if isinstance(value, np.generic):
        return {"scalar": _numbers(value.item()), "dtype": _dtype_name(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if isinstance(value, tuple):
        return {"tuple": [_encode(v, as_array) for v in value]}
    if isinstance(value, dict):
        return {"dict": {k: _encode(v, as_array) for k, v in value.items()}}
    if isinstance(value, list):
        return [_encode(v, as_array) for v in value]
    return value


def _dtype_name(value) -> str:
    return "str" if value.dtype.kind == "U" else _NAMES[value.dtype]


def _numbers(value):
    """Numbers of an array for JSON, where nan and inf are words."""
    if isinstance(value, list):
        return [_numbers(v) for v in value]
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def decode(data: object) -> object:
    """The plain value that `encode` or `packed` wrote down.

    Raises
    ------
    NotPlain
        If the data was written by neither, or is too deep or too large.
    """
    try:
        return _decode(data, 0, Budget())
    except NotPlain:
        raise
    except (TypeError, ValueError, OverflowError, AttributeError, RecursionError) as error:
        raise NotPlain("damaged", type(error).__name__) from None


def _decode(data, depth: int, budget: Budget):
    """What comes out is plain: looking it through once more would take as long again."""
    kind = type(data)
    if kind is float or kind is bool or data is None or kind is int and abs(data) < _SHORT:
        return data
    if kind is list:
        return _items(data, depth + 1, budget)
    if kind is dict:
        return _decode_form(data, depth + 1, budget)
    return plain(data)


def _items(data: list, depth: int, budget: Budget) -> list:
    if data and depth > MAX_DEPTH:
        raise NotPlain("depth", str(MAX_DEPTH))
    budget.spend(len(data))
    return [v if type(v) is float else _decode(v, depth, budget) for v in data]


def _decode_form(data: dict, depth: int, budget: Budget):
    if "bytes" in data:  # most often, and a `match` comes to it late
        return _from_bytes(**data, budget=budget)
    match data:
        case {"tuple": list() as items} if len(data) == 1:
            return tuple(_items(items, depth, budget))
        case {"scalar": bool() | int() | float() | str() as item, "dtype": str() as dtype} if len(data) == 2:
            return plain(_type(dtype)(item))
        case {"array": items, "dtype": str() as dtype, "shape": list() as shape} if len(data) == 3:
            _size(shape, budget)
            return _from_numbers(items, dtype, shape)
        case {"float": "nan" | "inf" | "-inf" as word} if len(data) == 1:
            return float(word)
        case {"dict": dict() as items} if len(data) == 1:
            return dict(zip(map(plain, items), _items(list(items.values()), depth, budget), strict=True))
    raise NotPlain("damaged", ", ".join(map(str, data))[:60])


def _type(dtype: str) -> type:
    return np.str_ if dtype == "str" else _number(dtype).type


def _number(dtype: str) -> np.dtype:
    try:
        return _NUMBERS[dtype]
    except KeyError:
        raise NotPlain("dtype", dtype) from None


def _size(shape: list[int], budget: Budget) -> int:
    # side by side before they are multiplied: the product of many large numbers takes minutes
    if len(shape) > MAX_DEPTH or shape and not (min(shape) >= 0 and max(shape) <= MAX_ITEMS):
        raise NotPlain("size", str(MAX_ITEMS))
    size = math.prod(shape)
    budget.spend(size)
    return size


def _from_bytes(bytes: str, dtype: str, shape: list[int], budget: Budget) -> np.ndarray:
    native, size = _number(dtype), _size(shape, budget)
    raw = binascii.a2b_base64(bytes, strict_mode=True)
    if len(raw) != size * native.itemsize or (dtype == "bool" and raw.strip(b"\0\1")):
        raise NotPlain("damaged", "bytes")  # a truth value is 0 or 1, or it is neither True nor False
    return np.frombuffer(raw, native.newbyteorder("<")).reshape(shape).astype(native)


def _from_numbers(items, dtype: str, shape: list[int]) -> np.ndarray:
    if dtype != "str":
        return np.array(items, dtype=_number(dtype)).reshape(shape)
    lengths = list(_lengths(items, 0))  # of what is there, whatever the shape says
    if len(lengths) * max(lengths, default=0) > MAX_LETTERS:
        raise NotPlain("size", str(MAX_LETTERS))  # an array of text is as wide as its longest
    return plain(np.array(items, dtype=str).reshape(shape))


def _lengths(items, depth: int):
    """The length of each text in nested lists."""
    if depth > MAX_DEPTH:
        raise NotPlain("depth", str(MAX_DEPTH))
    if not isinstance(items, list):
        yield len(str(items))
        return
    for item in items:
        yield from _lengths(item, depth + 1)
