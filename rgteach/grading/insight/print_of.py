"""The print of an answer: which short runs of tokens it is made of, as numbers that can be counted."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing import get_context
from os import cpu_count

import numpy as np

from rgteach.grading.insight import normal

RUN = 5  # tokens in a row
MANY = 4000  # texts from which on several processors are used
_STEP = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no place of a run is lost


@dataclass(frozen=True)
class Print:
    """One answer: equal `form` means equal normal forms; `runs` forgets which own name is which."""

    form: bytes
    length: int  # tokens
    runs: np.ndarray  # (k,) uint64, sorted, each once


def prints(sources: Iterable[str]) -> dict[str, Print]:
    """The print of each different text."""
    bare = {text: normal.bare(text) for text in set(sources)}
    texts = list(dict.fromkeys(bare.values()))
    workers = min(cpu_count() or 1, 8)
    if len(texts) < MANY or workers == 1:
        found = dict(zip(texts, map(print_of, texts), strict=True))
    else:
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            found = dict(zip(texts, pool.map(print_of, texts, chunksize=250), strict=True))
    return {text: found[short] for text, short in bare.items()}


def print_of(text: str) -> Print:
    """The print of one text."""
    found = normal.tokens(text)
    form = blake2b("\x00".join(found).encode("utf-8", "replace"), digest_size=16).digest()
    numbers = np.array([_numbers[token] for token in found], np.uint64)
    if len(numbers) < RUN:
        return Print(form, len(found), np.array([], np.uint64))
    runs = np.zeros(len(numbers) - RUN + 1, np.uint64)
    for place in range(RUN):
        runs = runs * _STEP + numbers[place : place + len(runs)]
    runs.sort()
    return Print(form, len(found), runs[np.r_[True, runs[1:] != runs[:-1]]])


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
