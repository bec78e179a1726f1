"""The print of an answer: which short runs of tokens it is made of, as numbers that can be counted."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
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
    texts = list(dict.fromkeys(sources))
    workers = min(cpu_count() or 1, 8)
    if len(texts) < MANY or workers == 1:
        return {text: print_of(text) for text in texts}
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return dict(zip(texts, pool.map(print_of, texts, chunksize=250), strict=True))


def print_of(text: str) -> Print:
    """The print of one text."""
    found = normal.tokens(text)
    form = blake2b("\x00".join(found).encode("utf-8", "replace"), digest_size=16).digest()
    numbers = np.array([_number("n" if _is_own(token) else token) for token in found], np.uint64)
    if len(numbers) < RUN:
        return Print(form, len(found), np.array([], np.uint64))
    runs = np.zeros(len(numbers) - RUN + 1, np.uint64)
    for place in range(RUN):
        runs = runs * _STEP + numbers[place : place + len(runs)]
    return Print(form, len(found), np.unique(runs))


def _is_own(token: str) -> bool:
    return token[0] == "n" and token[1:].isdecimal()


@lru_cache(maxsize=1 << 16)
def _number(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest(), "big")
