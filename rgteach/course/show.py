"""Values as a person reads them: short, arrays as grids, NumPy's numbers as numbers."""

from __future__ import annotations

import math

import numpy as np

from rgteach.wording import say

DIGITS = 6
WIDTH = 76
MAX_LINES = 14


def show(value: object, digits: int = DIGITS) -> str:
    """A plain value in a few lines."""
    if isinstance(value, np.ndarray) and value.ndim:
        return _grid(value, digits)
    lines = _text(value, digits).split("\n")
    return "\n".join(_cut(line) for line in lines[:MAX_LINES]) + ("\n…" if len(lines) > MAX_LINES else "")


def show_pair(given: object, expected: object) -> tuple[str, str]:
    """Two values that differ, with as many digits as it takes to see it."""
    texts = show(given), show(expected)
    return texts if texts[0] != texts[1] else (show(given, 17), show(expected, 17))


def _grid(array: np.ndarray, digits: int) -> str:
    text = np.array2string(
        array, precision=digits, threshold=170, edgeitems=3, max_line_width=WIDTH, floatmode="maxprec"
    )
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        lines = [*lines[: MAX_LINES - 2], " …", lines[-1]]
    if "..." in text or len(lines) > MAX_LINES:
        lines.append(f"({' × '.join(map(str, array.shape))})")
    return "\n".join(lines)


def _text(value: object, digits: int) -> str:
    if isinstance(value, np.ndarray):  # inside a list, or without axes
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return _number(value, digits)
    if isinstance(value, list | tuple):
        items = [_text(v, digits) for v in value[:40]] + (["…"] if len(value) > 40 else [])
        return _bracketed(items, *("[]" if isinstance(value, list) else "()"))
    if isinstance(value, dict):
        return _bracketed([f"{k!r}: {_text(v, digits)}" for k, v in list(value.items())[:40]], "{", "}")
    return repr(value)


def _bracketed(items: list[str], left: str, right: str) -> str:
    if left == "(" and len(items) == 1:
        return f"({items[0]},)"
    flat = left + ", ".join(items) + right
    if len(flat) <= WIDTH or len(items) < 2:
        return flat
    lines, line = [], ""
    for item in items:
        if line and len(line) + len(item) > WIDTH - 4:
            lines.append(line.rstrip())
            line = " "
        line += item + ", "
    return left + "\n".join([*lines, line.rstrip(", ")]) + right


def _number(value: float, digits: int) -> str:
    if not math.isfinite(value) or len(repr(value)) <= digits + 2:
        return repr(value)
    short = f"{value:.{digits}g}" if digits < 17 else repr(value)
    return short if any(c in short for c in ".en") else short + ".0"


def _cut(line: str) -> str:
    return line if len(line) <= 2 * WIDTH else line[: 2 * WIDTH] + "…"


def kind(value: object, lang: str | None = None) -> str:
    """What sort of value it is, in words."""
    if isinstance(value, np.ndarray) and value.ndim:
        return say("kind-array", lang, shape=shape(value))
    if isinstance(value, np.ndarray | np.generic):
        value = value.item()
    if isinstance(value, list | tuple | dict | str):
        return say(f"kind-{type(value).__name__}", lang, n=len(value))
    return say({bool: "kind-bool", type(None): "kind-none"}.get(type(value), "kind-number"), lang)


def shape(value: np.ndarray) -> str:
    """The shape as NumPy writes it."""
    return str(tuple(int(n) for n in value.shape))
