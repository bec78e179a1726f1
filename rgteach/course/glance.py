"""Whether the words of a piece of code could lead to a forbidden name, before its syntax is looked at.

Nearly no answer mentions what is forbidden, and to read a syntax tree takes a hundred times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from typing import Protocol

CLASSROOM = frozenset(
    "answer check demo hint progress race setup solution LearnerError LearnerWarning".split()
)
_OURS = "rgteach"  # forbidden as a whole, it still lets a student ask for a check
PEERS = ("ctypes", "gc", "inspect")  # by which anything can be found under no name at all
_WORD = re.compile(r"\w+")
# words by which a name can be reached that is not written out
_ROADS = frozenset(
    [*PEERS, *"exec eval compile getattr vars __import__ import_module __dict__ modules".split()]
)


class Known(Protocol):
    """What names stand for where the code begins."""

    dotted: Mapping[str, str]
    stars: Set[str]


def match(dotted: str, forbid: Iterable[str]) -> str:
    """The forbidden name that a dotted name is, or stands below; "" for none."""
    for name in forbid:
        if dotted == name or dotted.startswith(name + "."):
            if name == _OURS and (dotted == name or dotted.split(".")[1] in CLASSROOM):
                continue
            return name
    return ""


def leads_anywhere(code: str, forbid: tuple[str, ...], names: Known) -> bool:
    """Whether a word of the code could name what is forbidden; nearly always none does."""
    if any(match(f"{star}.x", forbid) for star in names.stars):
        return True
    words = set(_WORD.findall(_as_python_reads(code)))
    return not words.isdisjoint(_ROADS) or not words.isdisjoint(_telling(forbid, names))


def _as_python_reads(code: str) -> str:
    """The code with its letters in the form in which Python compares names."""
    if code.isascii():
        return code
    import unicodedata  # each file that a warm process has loaded makes its forks slower

    return unicodedata.normalize("NFKC", code)


@lru_cache(maxsize=256)
def _telling(forbid: tuple[str, ...], names: Known) -> frozenset[str]:
    """The words without which nothing forbidden can be named: its last part, or what stands for it."""
    goals = (*forbid, *(f"builtins.{name}" for name in _ROADS), "importlib.import_module", "sys.modules")
    known = [name for name, dotted in names.dotted.items() if dotted and match(f"{dotted}.x", goals)]
    return frozenset([*known, *(name.rpartition(".")[2] for name in forbid)])
