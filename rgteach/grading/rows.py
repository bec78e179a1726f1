"""A graded submission as a line of a spreadsheet: numbers stay numbers, and no text becomes a formula."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from rgteach import wording

FIRST = ("student", "lab", "points", "out_of", "by_person")
LAST = ("answered", "questions", "notes", "problem", "counts", "is_grade", "handed_in", "submission")
# what makes a spreadsheet take a text for a formula, in the width of either keyboard
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def row(data: dict) -> dict:
    """What a spreadsheet is told of a submission; what a person still has to mark stays empty."""
    grades = data["exercises"]
    points = {g["exercise"]: "" if g["outcome"] == "by person" else g["points"] for g in grades}
    notes = len(data["notes"]) + sum(len(grade["flags"]) for grade in grades)
    names = ("student", "lab", "points", "out_of", "by_person", "answered", "questions", "is_grade")
    plain = {name: data[name] for name in (*names, "submission")}
    return points | plain | {"notes": notes, "problem": problem(data["problem"], data["told"])}


def problem(key: str, values: Mapping[str, object], lang: str | None = None) -> str:
    """In one sentence why a file is of no use."""
    if not key:
        return ""
    try:
        return wording.advise(key, lang, **values).what
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return key


def cell(value: object) -> str:
    """A value as a cell of a spreadsheet, never as a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.10g}"
    text = str(value)
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return f"'{shown}" if text.lstrip().startswith(_FORMULA) else shown
