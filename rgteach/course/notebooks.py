"""From a page to its notebooks: the lesson, what a student gets, and the solved one; one language each.

A cell is named after its exercise and role, or else after its content in both languages, so that a new cell
renames no other and both languages share their names.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from rgteach import wording
from rgteach.course import nbgrader, source
from rgteach.course.model import Cell, Exercise, Page, Question

KINDS = ("lesson", "exercise", "solution")
NUMBER = re.compile(r"\{\{ (.+?) \}\}")
UNKNOWN_NUMBER = "…"
# roles that make a cell of their own, for each kind of notebook
_SHOWN = {
    "lesson": {"prose", "code"},
    "exercise": {"prose", "code", "statement", "answer", "think", "starter", "rubric", "question"},
}
_SHOWN["solution"] = _SHOWN["exercise"] | {"explain"}
_QUOTING = _SHOWN | {"lesson": {"prose", "notes"}}  # notes are in no notebook, but their numbers come from it


def expressions(page: Page, kind: str) -> dict[str, int]:
    """The numbers that the text of a notebook quotes, each with the line where it first stands."""
    found: dict[str, int] = {}
    for cell in page.cells:
        if cell.role in _QUOTING[kind]:
            for text in cell.text.values():
                for expression in NUMBER.findall(text):
                    found.setdefault(expression, cell.line)
    return found


def notebook(page: Page, kind: str, lang: str, numbers: Mapping[str, str] | None = None) -> dict:
    """One notebook as the data of a file, with no outputs yet."""
    named = _unique_ids(_cells(page, kind, lang, numbers or {}))
    cells = [nbgrader.marked(cell, _points(page, cell)) for cell in named]
    about = {"kind": kind, "lab": page.lab, "lang": lang, "minutes": page.minutes, "title": page.title[lang]}
    if numbers:
        about["numbers"] = dict(numbers)
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
            "rgteach": about,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _points(page: Page, cell: dict) -> float:
    exercise = page.exercises.get(cell["metadata"]["rgteach"].get("exercise"))
    return exercise.points if exercise else 0


def _cells(page: Page, kind: str, lang: str, numbers: Mapping[str, str]) -> Iterator[dict]:
    for cell in page.cells:
        if cell.role not in _SHOWN[kind]:
            continue
        exercise = page.exercises.get(cell.exercise)
        if cell.role == "rubric" and kind == "exercise":
            yield _text("write", cell.exercise, wording.say("course-write-here", lang))
        yield _cell(cell, exercise, kind, lang, numbers)
        if cell.role == "answer":
            yield _code("check", cell.exercise, f'rg.check("{cell.exercise}")')
            if exercise.one("race"):
                yield _code("race", cell.exercise, f'rg.race("{cell.exercise}")')
        elif cell.role == "question":
            yield _choose(page.questions[cell.options["question"]], kind)


def _choose(question: Question, kind: str) -> dict:
    """The cell in which a student writes a letter; the solved notebook has the right one."""
    letter = question.right if kind == "solution" else ""
    made = _code("choose", question.id, f'rg.answer("{question.id}", "{letter}")')
    made["metadata"]["rgteach"] = {"role": "choose", "question": question.id}
    return made


def _cell(cell: Cell, exercise: Exercise | None, kind: str, lang: str, numbers: Mapping[str, str]) -> dict:
    if not cell.is_code:
        text = NUMBER.sub(lambda found: numbers.get(found[1], UNKNOWN_NUMBER), cell.text[lang])
        made = _text(cell.role, cell.exercise, text, of="".join(cell.text.values()))
        if cell.role == "question":
            name = cell.options["question"]
            made |= {
                "id": f"{name}-question",
                "metadata": {"rgteach": {"role": "question", "question": name}},
            }
    elif cell.role == "answer" and kind == "exercise":
        made = _code(cell.role, cell.exercise, source.in_language(source.stub(cell.code, lang), lang))
    else:
        code = source.in_language(source.solved(cell.code), lang)
        made = _code(cell.role, cell.exercise, code, of=cell.code)
    if cell.role in ("answer", "think"):
        made["metadata"]["rgteach"]["points"] = exercise.points
    if cell.options.get("tags"):
        made["metadata"]["tags"] = list(cell.options["tags"])
    return made


def _text(role: str, exercise: str, text: str, of: str = "") -> dict:
    return _base("markdown", role, exercise, text, of)


def _code(role: str, exercise: str, code: str, of: str = "") -> dict:
    return _base("code", role, exercise, code, of) | {"execution_count": None, "outputs": []}


def _base(kind: str, role: str, exercise: str, text: str, of: str) -> dict:
    name = exercise or hashlib.sha256(of.encode()).hexdigest()[:12]
    about = {"role": role} | ({"exercise": exercise} if exercise else {})
    cell_id = f"{name}-{role}" if exercise else f"{role}-{name}"
    return {"cell_type": kind, "id": cell_id, "metadata": {"rgteach": about}, "source": text.strip("\n")}


def _unique_ids(cells: Iterator[dict]) -> Iterator[dict]:
    """Equal cells are counted: `code-1a2b`, `code-1a2b-2`."""
    seen: Counter[str] = Counter()
    for cell in cells:
        seen[cell["id"]] += 1
        if seen[cell["id"]] > 1:
            cell["id"] += f"-{seen[cell['id']]}"
        yield cell
