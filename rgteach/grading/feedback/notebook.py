"""The student's own notebook with a cell of feedback below each answer.

A cell of feedback is one line of HTML in Markdown: no blank line ends it early, nothing in it is Markdown,
and JupyterLab shows it without having to trust the notebook.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rgteach.course.apart import apart
from rgteach.grading.feedback import exercise
from rgteach.grading.feedback.again import Again
from rgteach.grading.feedback.exercise import Told
from rgteach.grading.feedback.page import Late, headline, late_told, self_test
from rgteach.grading.feedback.plain import is_plain
from rgteach.grading.feedback.text import inline, safe
from rgteach.grading.model import ExerciseGrade, Graded
from rgteach.report.html import element
from rgteach.wording import say, tag

ROLE = "feedback"
_FEWEST = 12  # letters of a cell before it is looked for among the answers
_ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")
_LINE = re.compile(r"^\s*#\s*EXERCISE:\s*(\S+)\s*$", re.MULTILINE)
_KINDS = ("code", "markdown", "raw")


def with_feedback(
    raw: bytes,
    graded: Graded,
    again: Mapping[str, Again],
    late: Late | None = None,
    told: Told | None = None,
) -> bytes | None:
    """A notebook with cells of feedback, or None where the file is none that could carry them.

    `told` is what `exercise.told` made.
    """
    try:
        rest, found = apart(raw.decode("utf-8-sig"))
        if rest["nbformat"] != 4:
            return None
        there = [(cell, text) for cell, text in found if cell.get("cell_type") in _KINDS]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    there = [(cell, text) for cell, text in there if _about(cell).get("role") != ROLE]
    told = exercise.told(graded) if told is None else told
    cells = list(_told([cell for cell, _ in there], graded, again, late, told))
    texts = {id(cell): text for cell, text in there}
    if not _is_valid({**rest, "cells": cells}):
        rest, cells, texts = *_bare(cells), {}
    return _text(rest, cells, texts)


def _told(
    cells: list[dict], graded: Graded, again: Mapping[str, Again], late: Late | None, told: Told
) -> Iterator[dict]:
    below: dict[int, list[tuple[ExerciseGrade, str]]] = {}
    looked_at = [_Looked(cell) for cell in cells]
    for one, said in zip(graded.exercises, told, strict=True):
        below.setdefault(_place(looked_at, one), []).append((one, said))
    ids = _Ids(cells)
    yield _cell(ids, "feedback", "", graded.lang, "".join(_summary(graded, late)))
    for at in range(len(cells) + 1):
        if at < len(cells):
            yield cells[at]
        for one, said in below.get(at, []):
            inside = exercise.brief(one, said, again)
            yield _cell(ids, f"{one.exercise}-feedback", one.exercise, graded.lang, inside)


def _summary(graded: Graded, late: Late | None) -> Iterator[str]:
    lang = graded.lang
    yield element("p", element("strong", safe(headline(graded))))
    if not graded.is_grade:
        yield element("p", safe(say("feedback-no-grade", lang)))
    elif graded.by_person:
        yield element("p", safe(say("feedback-waiting", lang, points=exercise.number(graded.by_person))))
    if late is not None and graded.is_grade:
        yield element("p", safe(late_told(graded, late)))
    if graded.questions:
        yield element("p", inline(self_test(graded)))
    yield from (element("p", exercise.flag(note, lang)) for note in graded.notes)


class _Looked:
    """What of a cell tells whether an answer stands in it."""

    def __init__(self, cell: dict):
        about = _about(cell)
        self.names = {cell.get("id")} if isinstance(cell.get("id"), str) else set()
        if about.get("role") in ("answer", "write") and isinstance(about.get("exercise"), str):
            self.names |= {f"{about['exercise']}-{about['role']}"}
        self.bare = _source(cell).strip() if cell["cell_type"] == "code" else ""
        self.lines = _LINE.findall(self.bare) if "EXERCISE:" in self.bare else []

    def holds(self, one: ExerciseGrade) -> bool:
        """Whether an answer stands here."""
        if f"{one.exercise}-answer" in self.names or f"{one.exercise}-write" in self.names:
            return True
        return one.exercise in self.lines or (len(self.bare) >= _FEWEST and self.bare in one.source)


def _place(cells: list[_Looked], one: ExerciseGrade) -> int:
    """The last cell that an answer stands in; the end where there is none."""
    return next((at for at in reversed(range(len(cells))) if cells[at].holds(one)), len(cells))


def _about(cell: dict) -> dict:
    metadata = cell.get("metadata")
    about = metadata.get("rgteach") if isinstance(metadata, dict) else None
    return about if isinstance(about, dict) else {}


def _source(cell: dict) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


class _Ids:
    """Names for new cells that no other cell has; an older notebook has none."""

    def __init__(self, cells: list[dict]):
        self.taken = {cell.get("id") for cell in cells}
        self.has_any = any("id" in cell for cell in cells)

    def new(self, wanted: str) -> str:
        base = re.sub(r"[^a-zA-Z0-9-_]", "-", wanted)[:56] or ROLE
        name, count = base, 1
        while name in self.taken:
            count += 1
            name = f"{base}-{count}"
        self.taken.add(name)
        return name


def _cell(ids: _Ids, wanted: str, name: str, lang: str, told: str) -> dict:
    inside = told.replace("\n", "&#10;").replace("$", "&#36;").replace("`", "&#96;")
    about = {"role": ROLE} | ({"exercise": name} if name else {})
    made = {
        "cell_type": "markdown",
        "metadata": {"rgteach": about, "editable": False, "deletable": True},
        "source": f'<div class="rgteach-feedback" lang="{tag(lang)}">{inside}</div>',
    }
    return made | {"id": ids.new(wanted)} if ids.has_any else made


def _is_valid(data: dict) -> bool:
    minor = data.get("nbformat_minor", 0)
    if type(minor) is not int or minor >= 5 and not _ids_are_fine(data["cells"]):
        return False
    if is_plain(data):  # nearly always
        return True
    try:
        _validator(minor)(data)
    except (ValueError, TypeError, KeyError, AttributeError, OSError, RecursionError):
        return False
    return True


def prepare_notebooks() -> None:
    """Load what checks notebooks of today's format."""
    _validator(5)


@cache
def _validator(minor: int) -> Callable[[dict], object]:
    """Checks a notebook against nbformat's own schema; nbformat itself takes seconds to load."""
    import fastjsonschema

    folder = Path(find_spec("nbformat").origin).parent / "v4"
    file = folder / f"nbformat.v4.{minor}.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    return fastjsonschema.compile(schema)


def _ids_are_fine(cells: list[dict]) -> bool:
    ids = [cell.get("id") for cell in cells]
    fine = all(isinstance(one, str) and _ID.fullmatch(one) for one in ids)
    return fine and len(set(ids)) == len(ids)


def _bare(given: list[dict]) -> tuple[dict, list[dict]]:
    """Only what was written, in a form that every Jupyter opens: for notebooks that were damaged before."""
    ids, cells = _Ids([]), []
    for at, cell in enumerate(given):
        wanted = cell.get("id") if isinstance(cell.get("id"), str) else f"cell-{at}"
        made = {"cell_type": cell["cell_type"], "id": ids.new(wanted), "source": _source(cell)}
        made["metadata"] = {"rgteach": _about(cell)} if _about(cell) else {}
        if cell["cell_type"] == "code":
            made |= {"execution_count": None, "outputs": []}
        cells.append(made)
    language = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"metadata": language, "nbformat": 4, "nbformat_minor": 5}, cells


def _text(rest: dict, cells: list[dict], texts: Mapping[int, str]) -> bytes:
    """The notebook as a text; cells that had one keep it."""
    try:
        return _joined(rest, cells, texts, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # half of a letter, which JSON can only hold as an escape
        return _joined(rest, cells, texts, ensure_ascii=True).encode("utf-8")


def _joined(rest: dict, cells: list[dict], texts: Mapping[int, str], ensure_ascii: bool) -> str:
    written = json.JSONEncoder(ensure_ascii=ensure_ascii).encode
    inside = ",\n".join(texts.get(id(cell)) or written(cell) for cell in cells)
    return f'{{"cells": [\n{inside}\n],\n{written(rest)[1:]}\n'
