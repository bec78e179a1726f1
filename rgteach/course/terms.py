"""The terms on which a page is graded: what `weights`, `forbids`, `breach` and `earns` may say."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rgteach.course.model import BREACHES, EARNS, PageError
from rgteach.course.worth import ORDINARY, PARTS

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def are_dotted(names: object) -> bool:
    """Whether this is a list of names such as `scipy.stats.rankdata`."""
    return isinstance(names, list) and all(isinstance(n, str) and _DOTTED.fullmatch(n) for n in names)


def answer(options: Mapping[str, object], place: Mapping[str, object]) -> None:
    """How an answer is graded: the parts of its groups, and what it may not use."""
    if not are_dotted(options.get("forbids", [])):
        raise PageError("page-forbids", **place, given=options["forbids"])
    if options.get("breach", BREACHES[0]) not in BREACHES:
        raise PageError("page-breach", **place, given=options["breach"], known=", ".join(BREACHES))
    weights = options.get("weights", {})
    fit = isinstance(weights, Mapping) and set(weights) <= set(PARTS) and all(map(_is_part, weights.values()))
    if not fit or weights.get(ORDINARY, 1) == 0:
        raise PageError("page-weights", **place, given=weights, known=", ".join(PARTS))


def mistake(options: Mapping[str, object], place: Mapping[str, object]) -> None:
    """The most that a mistake may earn: less than everything."""
    earns = options.get("earns", EARNS)
    if not _is_part(earns) or earns >= 1:
        raise PageError("page-earns", **place, name=options.get("expects"), given=earns)


def _is_part(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < float("inf")
