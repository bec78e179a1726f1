"""The other road: a notebook with a cell for each answer, whose lines are filled in and read back.

A cell shows what was written between two fences, so that nothing in it is Markdown, and ends in

    line 1, of 1:
    line 2, of 2:
    comment:

The cell's id says which answer it is; a cell whose id was lost is found by the line that names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.grading.feedback.text import clean
from rgteach.grading.rubric.marks import Marks
from rgteach.grading.rubric.queue import Answer, Queue
from rgteach.grading.rubric.session import check
from rgteach.wording import say, tag

_GIVEN = re.compile(r"^\s*line (\d+), of ([\d.]+)\s*[:：]\s*(.*?)\s*$")
_COMMENT = re.compile(r"^\s*comment\s*[:：]\s?", re.MULTILINE)
_NAMED = re.compile(r"^answer ([0-9a-f]{20})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Filled:
    """What was filled in for one answer."""

    answer: Answer
    points: tuple[float | None, ...]
    comment: str


def write(queue: Queue, marks: Marks, lang: str, names: bool = False) -> str:
    """The notebook as the text of a file; marks that are there already are filled in."""
    cells = [_text("intro", say("rubric-sheet-intro", lang))]
    for (lab, exercise), rubric in queue.rubrics.items():
        mine = [a for a in queue.answers if (a.lab, a.exercise) == (lab, exercise)]
        told = f"## {lab} · {clean(rubric.title)}\n\n{clean(rubric.asked)}\n\n{clean(rubric.told)}"
        cells.append(_text(f"{exercise}-rubric", told))
        cells += [
            _text(a.id, _answer(a, k, len(mine), queue, marks, lang, names)) for k, a in enumerate(mine, 1)
        ]
    about = {"rgteach": {"kind": "rubric", "lang": lang}}
    about["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    data = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _text(name: str, source: str) -> dict:
    return {"cell_type": "markdown", "id": name[:64], "metadata": {}, "source": source}


def _answer(found: Answer, place: int, count: int, queue: Queue, marks: Marks, lang: str, names: bool) -> str:
    heading = say("rubric-answer", lang, place=place, count=count)
    about = [clean(found.student)] if names else []
    if found.together > 1:
        about.append(say("rubric-alike", lang, place=found.place, count=found.together))
    text = clean(found.text) or say("rubric-empty", lang)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return "\n".join(
        [
            f"**{' · '.join([heading, *about])}**",
            "",
            f'<div lang="{tag(found.lang)}">',
            "",
            f"{fence}text",
            text,
            fence,
            "",
            "</div>",
            "",
            f"answer {found.id}",
            "",
            *_fields(found, queue, marks),
        ]
    )


def _fields(found: Answer, queue: Queue, marks: Marks) -> Iterator[str]:
    """The lines to fill in, each a paragraph of its own."""
    mark = marks.get(found.id)
    for number, line in enumerate(queue.rubric(found).lines, 1):
        given = mark.points[number - 1] if mark and number <= len(mark.points) else None
        yield f"line {number}, of {line.points:g}: {'' if given is None else f'{given:g}'}".rstrip()
        yield ""
    yield f"comment: {mark.comment if mark else ''}".rstrip()


def read(path: Path, queue: Queue) -> list[Filled]:
    """What was filled in, answer by answer; nothing is kept yet.

    Raises
    ------
    LearnerError
        If the file is no such notebook, or a line holds points that it cannot give.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        cells = [(str(c.get("id", "")), c["source"]) for c in data["cells"] if c["cell_type"] == "markdown"]
    except OSError as error:
        raise LearnerError("rubric-sheet-unread", path=path, reason=error.strerror or error) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LearnerError("rubric-sheet-unread", path=path, reason=type(error).__name__) from None
    answers = queue.by_id
    found: dict[str, Filled] = {}
    for name, source in cells:
        text = source if isinstance(source, str) else "".join(source)
        named = _NAMED.findall(text)
        if named and named[-1] in answers:
            found[named[-1]] = _filled(answers[named[-1]], text.split(f"answer {named[-1]}")[-1], queue)
        elif name in answers:
            raise LearnerError("rubric-sheet-cell", path=path.name, answer=name)
    if not found:
        raise LearnerError("rubric-sheet-empty", path=path.name)
    return list(found.values())


def _filled(found: Answer, tail: str, queue: Queue) -> Filled:
    lines = queue.rubric(found).lines
    points: list[float | None] = [None] * len(lines)
    before, *after = _COMMENT.split(tail, maxsplit=1)
    for row in before.split("\n"):
        given = _GIVEN.match(row)
        if given and 1 <= int(given[1]) <= len(lines):
            number = int(given[1])
            points[number - 1] = _number(given[3], number, lines[number - 1].points, row.strip())
    return Filled(found, tuple(points), after[0].strip() if after else "")


def _number(text: str, number: int, most: float, row: str) -> float | None:
    if not text:
        return None
    try:
        given = float(text.replace(",", ".").replace("，", "."))
    except ValueError:
        raise LearnerError("rubric-points-wrong", given=row, line=number, most=f"{most:g}") from None
    check(given, number, most)
    return given


def keep(filled: list[Filled], queue: Queue, marks: Marks) -> int:
    """Keep what has changed; how many answers that were."""
    changed = 0
    for one in filled:
        before = marks.get(one.answer.id)
        nothing = before is None and not one.comment and all(p is None for p in one.points)
        if nothing or (before and (before.points, before.comment) == (one.points, one.comment)):
            continue
        of = [line.points for line in queue.rubric(one.answer).lines]
        marks.add(one.answer, of, one.points, one.comment)
        changed += 1
    return changed
