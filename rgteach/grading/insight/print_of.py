"""The print of an answer: which short runs of tokens it is made of, as numbers that can be counted."""

from __future__ import annotations

import warnings
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from rgteach.grading.insight import bylines, normal
from rgteach.grading.insight.blocks import Unusual
from rgteach.grading.insight.nameless import PLACE, nameless
from rgteach.grading.insight.normal import Walk

RUN = 5  # tokens in a row
_MOST = 1 << 20  # tokens whose runs are counted at once
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
        forms = {text: press.form_of(text) for text in set(sources)}
    made = press.prints()
    return {text: made[form] for text, form in forms.items()}


def print_of(text: str) -> Print:
    """The print of one text."""
    return prints([text])[text]


class _Press:
    """Makes prints; what was made for one text serves for all that differ in their own names only.

    Runs are counted for many forms at once, in one row of numbers with `length` of them for each form.
    """

    def __init__(self):
        self._free: dict[bytes, tuple[int, ...]] = {}  # text without names -> which are not its own
        self._by_free: dict[tuple, bytes] = {}
        self._made: dict[bytes, Print | None] = {}
        self._length: dict[bytes, int] = {}  # of forms whose runs are not counted yet
        self._row = array("Q")

    def prints(self) -> dict[bytes, Print]:
        """The prints of all forms."""
        self._count()
        return self._made

    def form_of(self, text: str) -> bytes:
        """The form of a text."""
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

    def _of_form(self, form: str, names: list[str]) -> bytes:
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

    def _of_tokens(self, found: list[str]) -> bytes:
        form = _digest("\x00".join(found).encode("utf-8", "replace"))
        if form not in self._made:
            self._made[form] = None
            self._length[form] = len(found)
            self._row.fromlist([_numbers[token] for token in found])
            if len(self._row) > _MOST:
                self._count()
        return form

    def _count(self) -> None:
        numbers, lengths = np.frombuffer(self._row, np.uint64), list(self._length.values())
        for (form, length), runs in zip(self._length.items(), _runs(numbers, lengths), strict=True):
            self._made[form] = Print(form, length, runs)
        self._length, self._row = {}, array("Q")


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


def _runs(numbers: np.ndarray, lengths: list[int]) -> list[np.ndarray]:
    """The runs of each answer as numbers, sorted, each once; the tokens of all stand in one row.

    numbers : (sum of lengths,) uint64
    """
    runs = np.zeros(len(numbers), np.uint64)
    count = max(0, len(numbers) - RUN + 1)
    for place in range(RUN):
        runs[:count] = runs[:count] * _STEP + numbers[place : place + count]
    first = np.cumsum([0, *lengths])
    last = np.maximum(first[1:] - RUN + 1, first[:-1])
    for begin, end in zip(first.tolist(), last.tolist(), strict=False):
        runs[begin:end].sort()
    kept = np.ones(len(runs), bool)
    kept[1:] = runs[1:] != runs[:-1]
    kept[first[:-1][first[:-1] < last]] = True
    for place in range(1, RUN):  # those that would go on in the next answer
        end = first[1:] - place
        kept[end[end >= first[:-1]]] = False
    bounds = np.r_[0, np.cumsum(kept)][first].tolist()
    runs = runs[kept]
    return [runs[begin:end] for begin, end in pairwise(bounds)]


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
