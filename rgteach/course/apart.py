"""A notebook's text taken apart, so that cells nobody changes are handed back letter for letter."""

from __future__ import annotations

import json
import re

_read = json.JSONDecoder().raw_decode
_BLANKS = re.compile(r"[ \t\n\r]*")


Parts = tuple[dict, list[tuple[object, str]]]
_last: tuple[str, Parts] = ("", ({}, []))


def apart(text: str) -> Parts:
    """The data of a notebook without its cells; each cell with the text that it was read from.

    The last one is remembered, because a notebook that was graded is taken apart once more for its feedback:
    nobody may change what comes out.

    Raises
    ------
    ValueError, RecursionError
        If it is not JSON, or no object with a list of cells.
    """
    global _last
    known, parts = _last
    if text != known or not text:
        parts = _apart(text)
        _last = text, parts
    return parts


def _apart(text: str) -> Parts:
    rest: dict = {}
    cells: list[tuple[object, str]] | None = None
    at = _sign(text, 0, "{")
    more = text[at : at + 1] != "}"
    while more:
        key, at = _read(text, at)
        if not isinstance(key, str):
            raise ValueError("a name is no text")
        at = _sign(text, at, ":")
        if key == "cells" and text[at : at + 1] == "[":
            cells, at = _items(text, at)
        else:
            rest[key], at = _read(text, at)
        at, more = _next(text, at, "}")
    if _BLANKS.match(text, at + 1).end() < len(text):
        raise ValueError("there is more after its end")
    if cells is None or "cells" in rest:
        raise ValueError("no list of cells")
    return rest, cells


def _items(text: str, at: int) -> tuple[list[tuple[object, str]], int]:
    """The items of an array with their texts, and where it has ended."""
    found = []
    at = _sign(text, at, "[")
    more = text[at : at + 1] != "]"
    while more:
        item, end = _read(text, at)
        found.append((item, text[at:end]))
        at, more = _next(text, end, "]")
    return found, at + 1


def _sign(text: str, at: int, sign: str) -> int:
    """Where something begins behind a sign that has to stand here."""
    at = _BLANKS.match(text, at).end()
    if not text.startswith(sign, at):
        raise ValueError(f"no {sign} at {at}")
    return _BLANKS.match(text, at + 1).end()


def _next(text: str, at: int, closing: str) -> tuple[int, bool]:
    """Where the next part begins, or the closing bracket stands; whether there is a next part."""
    at = _BLANKS.match(text, at).end()
    if text.startswith(closing, at):
        return at, False
    return _sign(text, at, ","), True
