"""The print of an answer: which short runs of tokens it is made of, as numbers that can be counted."""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from rgteach.grading.insight import bylines, normal
from rgteach.grading.insight.blocks import Unusual
from rgteach.grading.insight.nameless import PLACE, nameless
from rgteach.grading.insight.normal import Walk

RUN = 5  # tokens in a row
_STEP = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no place of a run is lost


@dataclass(frozen=True)
class Print:
    """One answer: equal `form` means equal normal forms; `runs` forgets which own name is which."""

    form: bytes
    length: int  # tokens
    runs: np.ndarray  # (k,) uint64, sorted, each once


def prints(sources: Iterable[str]) -> dict[str, Print]:
    """The print of each different text; texts of the same form share one."""
    press = _Press()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a parser, about a student's text
        return {text: press.print_of(text) for text in set(sources)}


def print_of(text: str) -> Print:
    """The print of one text."""
    return prints([text])[text]


class _Press:
    """Makes prints; what was made for one text serves for all that differ in their own names only."""

    def __init__(self):
        self._free: dict[bytes, tuple[int, ...]] = {}  # text without names -> which are not its own
        self._by_free: dict[tuple, Print] = {}
        self._by_form: dict[bytes, Print] = {}

    def print_of(self, text: str) -> Print:
        """The print of a text."""
        if not normal.is_prose(text):
            plain = normal.without_magic(text)
            try:
                form, names = nameless(bylines.usual(plain))
                return (
                    self._of_form(form, names) if form else self._of_tokens(normal.named(bylines.way(plain)))
                )
            except (Unusual, *normal.UNREADABLE):
                pass
        return self._of_tokens(normal.tokens(normal.bare(text)))

    def _of_form(self, form: str, names: list[str]) -> Print:
        key = _digest(form.encode())
        free = self._free.get(key)
        if free is None:
            found = _way(form)
            places = enumerate(f"{PLACE}{k}" for k in range(len(names)))
            free = self._free[key] = tuple(k for k, place in places if place not in found.own)
        whose = (key, *[names[k] for k in free])
        made = self._by_free.get(whose)
        if made is None:
            made = self._by_free[whose] = self._of_tokens(_renamed(_way(form), names))
        return made

    def _of_tokens(self, found: list[str]) -> Print:
        form = _digest("\x00".join(found).encode("utf-8", "replace"))
        made = self._by_form.get(form)
        if made is None:
            made = self._by_form[form] = Print(form, len(found), _runs(found))
        return made


@lru_cache(maxsize=256)
def _way(form: str) -> Walk:
    return bylines.way(form)


def _renamed(way: Walk, names: list[str]) -> list[str]:
    """The tokens of a way whose names stand in these places."""
    meant = {f"{PLACE}{k}": name for k, name in enumerate(names)}
    called = {place: meant.get(place, place) for place in way.names}
    own = {called[place] for place in way.own}
    found = normal.meanings(called.values(), own, way.libraries)
    tokens = {normal.NAME + place: found[name] for place, name in called.items()}
    return [tokens.get(token, token) for token in way.found]


def _runs(found: list[str]) -> np.ndarray:
    """The runs of some tokens as numbers, sorted, each once."""
    count = len(found) - RUN + 1
    if count < 1:
        return np.array([], np.uint64)
    numbers = np.frombuffer(array("Q", [_numbers[token] for token in found]), np.uint64)
    runs = numbers[:count]
    for place in range(1, RUN):
        runs = runs * _STEP + numbers[place : place + count]
    runs.sort()
    is_new = np.empty(count, bool)
    is_new[0] = True
    np.not_equal(runs[1:], runs[:-1], out=is_new[1:])
    return runs[is_new]


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).digest()


class _Numbers(dict):
    """A number for each token, one for all own names; forgotten when there are very many."""

    def __missing__(self, token: str) -> int:
        if len(self) > 1 << 16:
            self.clear()
        known = normal.OWN if token.startswith(normal.OWN) else token
        made = blake2b(known.encode("utf-8", "replace"), digest_size=8).digest()
        self[token] = number = int.from_bytes(made, "big")
        return number


_numbers = _Numbers()
