"""What an answer is worth: its hidden cases in three groups, each of which is earned whole or not at all.

    ordinary     cases worked by hand and random ones     7 parts
    edge         cases at a limit                         2 parts
    degenerate   empty, flat, a single one                1 part

Without the ordinary cases nothing is earned: whoever returns a constant is often right about an empty input.
A page may say other parts with `weights`; the parts of a group without a case go to the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache

ORDINARY = "ordinary"
PARTS = {ORDINARY: 7, "edge": 2, "degenerate": 1}
_GROUP = {"hand": ORDINARY, "random": ORDINARY, "edge": "edge", "degenerate": "degenerate"}

Groups = dict[str, tuple[int, int]]


def groups(judged: Iterable[tuple[str, bool]]) -> Groups:
    """How many cases of each group are right, and how many there are, from (group on the page, right)."""
    found = dict.fromkeys(PARTS, (0, 0))
    for group, right in judged:
        done, there = found[_GROUP[group]]
        found[_GROUP[group]] = done + bool(right), there + 1
    return {name: pair for name, pair in found.items() if pair[1]}


def share(found: Mapping[str, tuple[int, int]], parts: Mapping[str, float] = PARTS) -> Fraction:
    """The share of the points that these groups earn, from 0 to 1."""
    whole = {name: right == there for name, (right, there) in found.items()}
    if not whole.get(ORDINARY):
        return Fraction(0)
    return _share(tuple([(str(parts[name]), earned) for name, earned in whole.items()]))


@lru_cache(maxsize=256)  # a class falls into few kinds, and fractions take their time
def _share(parts: tuple[tuple[str, bool], ...]) -> Fraction:
    """The part that is earned, from (parts as a text, whether they are earned)."""
    worth = [(Fraction(text), earned) for text, earned in parts]
    return sum((part for part, earned in worth if earned), Fraction(0)) / sum(part for part, _ in worth)


def is_ordinary(group: str) -> bool:
    """Whether a page's group belongs to the ordinary ones."""
    return _GROUP[group] == ORDINARY


def order(group: str) -> int:
    """Where a group's cases stand when they run: what counts most comes first, in case time runs out."""
    return list(PARTS).index(_GROUP[group])
