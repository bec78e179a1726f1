"""A line of `scores.json`, read without decoding what the book does not take: cards and code, most of it.

In JSON a quote inside a text has a backslash before it, so `,"card":` can only be a name and never what a
student wrote.  What is taken is decoded, and an object or a list that can be decoded ends where it ends; the
rest is only passed over.  Where a line has another shape than the grader's, nothing is said about it, and all
of it is decoded.
"""

from __future__ import annotations

import json
from functools import lru_cache

from rgteach.grading.gradebook.submitted import Submitted, is_open, key, submitted

_LIST, _CARD, _FLAGS, _SOURCE = '"exercises":[', ',"card":', ',"flags":', ',"source":"'
_BETWEEN, _LAST = '"},{"exercise":', '"}],"answered":'
_BY_PERSON = '"by_person":true'
_value_at = json.JSONDecoder().raw_decode


def read(line: str) -> Submitted | None:
    """The submission of a line (a comma may stand behind it); None where all of it must be decoded."""
    try:
        begin = line.index(_LIST) + len(_LIST)
        texts: dict[int, tuple[str, str]] = {}
        keys, end = _exercises(line, begin, texts) if line[begin] != "]" else ([], begin)
        data = json.loads(line[:begin] + line[end:].rstrip().rstrip(","))
        return None if data["exercises"] else submitted(data, keys, texts)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None


def _exercises(line: str, at: int, texts: dict[int, tuple[str, str]]) -> tuple[list[bytes], int]:
    """The key of each exercise, and where their list ends; `texts` takes what is written for open ones."""
    keys: list[bytes] = []
    is_marked = _BY_PERSON in line
    while True:
        card = line.index(_CARD, at)
        value = card + len(_CARD)
        flags = value + 4 if line.startswith("null,", value) else line.index("}" + _FLAGS, value) + 1
        by_person = is_marked and line.find(_BY_PERSON, value, flags) >= 0
        made, exercise = _key(line[at:card], _flags(line, flags), by_person)
        if exercise:
            source = line.index(_SOURCE, flags) + len(_SOURCE) - 1
            texts[len(keys)] = exercise, _value_at(line, source)[0]
        keys.append(made)
        end = line.find(_BETWEEN, flags)
        if end < 0:
            return keys, line.index(_LAST, flags) + 2
        at = end + 3


def _flags(line: str, at: int) -> str:
    """The list of flags as it is written."""
    begin = at + len(_FLAGS)
    if line.startswith(_FLAGS + "[],", at):
        return "[]"
    if not line.startswith(_FLAGS, at):
        raise ValueError(line[at:begin])
    return line[begin : _value_at(line, begin)[1]]


@lru_cache(maxsize=1 << 14)
def _key(before: str, flags: str, by_person: bool) -> tuple[bytes, str]:
    """The key of an exercise, from its text before the card, and its name if it is an open one."""
    card = {"by_person": True} if by_person else None
    data = json.loads(before + "}") | {"card": card, "flags": json.loads(flags)}
    return key(data), data["exercise"] if is_open(data) else ""
