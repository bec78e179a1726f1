"""Answers that are nearly the same: for a marker, who sees them one after the other, and judges them alike.

Texts are compared by the pieces of a few letters that they share, which serves any language.  Pairs worth
comparing are found by their smallest hashed pieces, so a large class takes time in proportion to its size.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence

import numpy as np

NEAR = 0.8  # of all pieces that two texts have, so many they share
PIECE = 5  # letters
BANDS, ROWS = 16, 4
_RNG = np.random.default_rng(20_240_229)
_FACTORS = _RNG.integers(1, 2**32, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
_SHIFTS = _RNG.integers(0, 2**32, BANDS * ROWS, dtype=np.uint64)


def bare(text: str) -> str:
    """A text without what makes no difference: spaces, punctuation, capitals, widths of letters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LNS")


def groups(texts: Sequence[str]) -> list[list[int]]:
    """The positions of the texts, those that are nearly the same together, in order of the first of each."""
    shown = [bare(text) for text in texts]
    first: dict[str, int] = {}
    owner = [first.setdefault(text, k) for k, text in enumerate(shown)]
    pieces = {k: _pieces(shown[k]) for k in first.values()}
    for a, b in _candidates(pieces):
        if _root(owner, a) != _root(owner, b) and _share(pieces[a], pieces[b]) >= NEAR:
            low, high = sorted((_root(owner, a), _root(owner, b)))
            owner[high] = low
    found: dict[int, list[int]] = {}
    for k in range(len(texts)):
        found.setdefault(_root(owner, k), []).append(k)
    return list(found.values())


def _root(owner: list[int], k: int) -> int:
    while owner[k] != k:
        k = owner[k]
    return k


def _pieces(text: str) -> frozenset[int]:
    if len(text) <= PIECE:
        return frozenset([zlib.crc32(text.encode("utf-8", "surrogatepass"))])
    parts = {text[k : k + PIECE] for k in range(len(text) - PIECE + 1)}
    return frozenset(zlib.crc32(part.encode("utf-8", "surrogatepass")) for part in parts)


def _share(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b)


def _candidates(pieces: dict[int, frozenset[int]]) -> set[tuple[int, int]]:
    """Pairs whose smallest hashes agree in one band at least; a chain stands for a crowded band."""
    bands: dict[tuple[int, bytes], int] = {}
    pairs: set[tuple[int, int]] = set()
    for k, found in pieces.items():
        hashed = np.fromiter(found, np.uint64, len(found))
        least = (hashed[:, None] * _FACTORS + _SHIFTS).min(axis=0).reshape(BANDS, ROWS)
        for number, band in enumerate(least):
            at = number, band.tobytes()
            if at in bands:
                pairs.add((bands[at], k))
            bands[at] = k
    return pairs
