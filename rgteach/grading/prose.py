"""What was written in words: the answers to open exercises, wherever they went, and the notebook's language.

An open answer stands in the cell that asks for it; in new cells between the exercise and the next; below
our own text in one of its cells.  Code that was tried for it comes along, for the person who marks it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rgteach.course.handed import Written
from rgteach.course.names import bare
from rgteach.grading.model import Flag
from rgteach.grading.released import OURS, Lab

MOST_LETTERS = 50_000  # of one answer
_OWN = ("write", "think", "rubric", "starter")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SETUP = re.compile(r"\bsetup\(\s*[\"'](en|zh)[\"']")


def written(exercise: str, cells: Sequence[Written], lab: Lab) -> tuple[str, tuple[Flag, ...]]:
    """What stands for an open exercise, as Markdown, and what there is to say about it."""
    parts: list[str] = []
    elsewhere = False
    for cell, owner in zip(cells, owners(cells, lab), strict=True):
        if owner[1] != exercise:
            continue
        text = _own_words(cell, owner, lab)
        if text:
            parts.append(f"```python\n{text}\n```" if cell.kind == "code" and owner[0] != "write" else text)
            elsewhere = elsewhere or (cell.kind != "code" and owner[0] != "write")
    whole = "\n\n".join(parts)
    flags = [Flag("written-elsewhere", {"exercise": exercise})] if elsewhere else []
    if len(whole) > MOST_LETTERS:
        whole = whole[:MOST_LETTERS] + " …"
        flags.append(Flag("written-long", {"exercise": exercise, "most": MOST_LETTERS}))
    return whole, tuple(flags)


def owners(cells: Sequence[Written], lab: Lab) -> list[tuple[str, str]]:
    """Role and exercise of each cell; a new one has no role and belongs to the exercise it stands in."""
    found, inside = [], ""
    for cell in cells:
        role, exercise = _known(cell, lab)
        if role:
            inside = exercise
        found.append((role, exercise if role else inside))
    return found


def _known(cell: Written, lab: Lab) -> tuple[str, str]:
    """Role and exercise of one of our cells: by its id, nbgrader's or our mark, or its very text."""
    for name in (cell.id, cell.place):
        for exercise in lab.open:
            role = name.removeprefix(f"{exercise}-")
            if role in _OWN:
                return role, exercise
    if cell.role in (*_OWN, *OURS, "answer", "check", "race", "choose"):
        return cell.role, cell.exercise
    if cell.id in lab.ids:
        return "ours", ""
    return lab.places.get(bare(cell.source), ("", ""))


def _own_words(cell: Written, owner: tuple[str, str], lab: Lab) -> str:
    """What of a cell is the student's: all of a new one, what was added to one of ours."""
    role, exercise = owner
    text = cell.source.replace("\r\n", "\n").strip().replace("\0", "")
    given = lab.texts.get(f"{role} {exercise}", frozenset())
    if bare(text) in given:
        return ""
    if role in ("think", "rubric", "write"):
        for ours in given:
            if text.startswith(ours):
                return text[len(ours) :].strip()
            if text.endswith(ours):
                return text[: -len(ours)].strip()
    return "" if role in ("think", "rubric", "explain") else text


def language(said: str, cells: Sequence[Written]) -> str:
    """The language of a notebook: as it says, as it is set up, or as its text is written."""
    if said in ("en", "zh"):
        return said
    for cell in cells:
        if cell.kind == "code" and (found := _SETUP.search(cell.source)):
            return found[1]
    text = "".join(cell.source for cell in cells if cell.kind == "markdown")[:100_000]
    return "zh" if 20 * len(_HAN.findall(text)) > len(text) else "en"
