"""A student's notebook as it comes back: which lab it is, and what was written for each exercise.

Cells are copied, split, deleted, moved and lose their marks on the way.  A cell belongs to an exercise by
its id, or else by the mark of its role, or else because it defines the exercise's function; small helpers
that an answer uses come along from wherever they stand.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from rgteach.course import names
from rgteach.course.names import Code
from rgteach.course.opening import Refused, load
from rgteach.errors import LearnerError
from rgteach.wording import say

_QUOTE = "[\"'“”‘’「」＂＇]?"
_ANSWERED = re.compile(  # in a cell that is no Python
    rf"\banswer\s*[(（]\s*{_QUOTE}([a-z0-9-]+){_QUOTE}\s*[,，]\s*(?:letter\s*=\s*)?{_QUOTE}\s*(\w?)"
)
_ASKED = re.compile(r"\banswer[\s\\]*[(（]")
REMEMBERED = 1000  # letters of a cell
_CALLED = re.compile(r"rg\.(?:check|race|answer|hint)\(\s*[\"']([a-z0-9-]+)[\"']")


class Unreadable(LearnerError):
    """A file that is no notebook of the course."""


@dataclass(frozen=True)
class Written:
    """A cell of a student; `place` is the name that nbgrader knows it by."""

    id: str
    role: str
    exercise: str
    source: str
    kind: str = "code"
    place: str = ""


@dataclass(frozen=True)
class HandedIn:
    """A student's notebook: its lab and language as far as it says so, its cells, what it calls."""

    path: Path
    lab: str
    lang: str
    kind: str
    every: tuple[Written, ...]
    format: tuple[object, object] = (4, 5)
    edition: str = ""

    @cached_property
    def cells(self) -> tuple[Written, ...]:
        """Its code cells."""
        return tuple(cell for cell in self.every if cell.kind == "code")

    @property
    def names(self) -> set[str]:
        """Exercises and questions that its cells are about."""
        called = {name for cell in self.cells for name in _CALLED.findall(cell.source)}
        return called | {cell.exercise for cell in self.cells if cell.exercise}


def read(path: Path) -> HandedIn:
    """A student's notebook.

    Raises
    ------
    Unreadable
        If the file is missing, is not JSON or no notebook.
    """
    try:
        return of(path, load(Path(os.path.realpath(path))).data)
    except Refused as error:
        told = {"line": "?", "column": "?"} | error.told
        if error.why in ("missing", "link", "folder", "special", "large"):
            reason = error.told.get("reason") or say(f"check-is-{error.why}", **error.told)
            raise Unreadable("check-no-file", path=path, reason=reason) from None
        if error.why == "not-notebook":
            raise Unreadable("check-not-notebook", path=path.name) from None
        raise Unreadable("check-not-json", path=path.name, **told) from None


def of(path: Path, data: object) -> HandedIn:
    """A student's notebook from the data in its file; versions 2 and 3 of the format are read too.

    Raises
    ------
    Refused
        If the data is no notebook.
    """
    sheets = _dict(data).get("worksheets")
    found = [c for s in sheets for c in _dict(s).get("cells", ())] if isinstance(sheets, list) else None
    found = _dict(data).get("cells", found)
    if not isinstance(found, list) or not isinstance(data.get("metadata"), dict):
        raise Refused("not-notebook")
    if not all(isinstance(cell, dict) and isinstance(cell.get("cell_type"), str) for cell in found):
        raise Refused("not-notebook")
    about = _dict(data["metadata"].get("rgteach"))
    said = (text(about.get(name, "")) for name in ("lab", "lang", "kind"))
    minor = data.get("nbformat"), data.get("nbformat_minor")
    return HandedIn(path, *said, tuple(map(_written, found)), minor, text(about.get("edition", "")))


def _written(cell: dict) -> Written:
    metadata = _dict(cell.get("metadata"))
    about = _dict(metadata.get("rgteach"))
    exercise = text(about.get("exercise", about.get("question", "")))
    place = text(_dict(metadata.get("nbgrader")).get("grade_id", ""))
    source = text(cell.get("source", cell.get("input", "")))
    names = text(cell.get("id", "")), text(about.get("role", "")), exercise
    return Written(*names, source, cell["cell_type"], place)


def _dict(data: object) -> dict:
    return data if isinstance(data, dict) else {}


def text(given: object) -> str:
    """A text of a notebook, which may stand there as a list of lines; what no file could hold is replaced."""
    if type(given) is str and given.isascii():  # nearly always
        return given
    if isinstance(given, list):
        given = "".join([line for line in given if isinstance(line, str)])
    found = given if isinstance(given, str) else ""
    if found.isascii():
        return found
    try:
        found.encode()
    except UnicodeEncodeError:  # half of a pair of code units
        found = found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return found


def answer(cells: Iterable[Written], exercise: str, function: str, stubs: set[str]) -> list[Written]:
    """The cells that a student wrote for an exercise, in their order; none if nothing was written."""
    cells = list(cells)
    written = [cell for cell in cells if not _unwritten(cell.source, function, stubs)]
    mine = [cell for cell in written if _is_answer(cell, exercise)]
    if any(function in defined(cell.source) for cell in mine):
        return mine
    known = ("answer", "check", "race", "choose", "starter")
    other = [c for c in written if c.role not in known and function in defined(c.source)]
    return [cell for cell in written if cell in mine or cell in other]


def _unwritten(source: str, function: str, stubs: set[str]) -> bool:
    return is_unwritten(Code(source), function, stubs)


def is_unwritten(code: Code, function: str, stubs: set[str]) -> bool:
    """Whether a cell is empty or an answer in which the line that asks for one still stands."""
    if not code.bare or code.bare in stubs:
        return True
    nodes = code.tree.body if code.tree else ()
    bodies = [node.body for node in nodes if getattr(node, "name", "") == function]
    return bool(bodies) and asks(bodies[-1][-1]) and not any(map(_returns, bodies[-1]))


def asks(line: ast.stmt) -> bool:
    """Whether a line raises NotImplementedError."""
    raised = line.exc if isinstance(line, ast.Raise) else None
    return getattr(getattr(raised, "func", raised), "id", "") == "NotImplementedError"


def _returns(line: ast.stmt) -> bool:
    """Whether a line of a function may end it with a value; then what it was asked for has been written."""
    return any(isinstance(node, ast.Return | ast.Yield) for node in names.outside_functions(line))


def _is_answer(cell: Written, exercise: str) -> bool:
    return cell.id == f"{exercise}-answer" or (cell.role, cell.exercise) == ("answer", exercise)


def stubs(sources: Iterable[str]) -> set[str]:
    """Unwritten answers, in the form in which `answer` compares them."""
    return {names.bare(source) for source in sources}


def letter(cells: Iterable[Written], question: str) -> str:
    """What was answered to a question last, "" if nothing was."""
    return letters(cells).get(question, "")


def letters(cells: Iterable[Written]) -> dict[str, str]:
    """What was answered to each question last, in whatever dress the call stands there."""
    found: dict[str, str] = {}
    for cell in cells:
        if not _ASKED.search(cell.source):
            continue
        given = _given(cell.source) if len(cell.source) <= REMEMBERED else _read_given(cell.source)
        found |= {question: letter for question, letter in given if letter.strip()}
    return found


def _read_given(source: str) -> tuple[tuple[str, str], ...]:
    tree = names.code(source).tree
    return tuple(_calls(tree) if tree else _ANSWERED.findall(source))


_given = lru_cache(maxsize=256)(_read_given)  # a question has four letters, and a class gives them all


def _calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Question and letter of each call, in the order of the text."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "answer"]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        given = {"question": "", "letter": ""}
        given |= dict(zip(given, map(_said, call.args), strict=False))
        given |= {keyword.arg: _said(keyword.value) for keyword in call.keywords if keyword.arg in given}
        yield given["question"], given["letter"]


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _said(node: ast.expr) -> str:
    """A text, or a letter whose quotation marks were forgotten."""
    return str(getattr(node, "value", "")) if isinstance(node, ast.Constant) else getattr(node, "id", "")


def defined(source: str) -> set[str]:
    """The names that a cell gives a value at its top level."""
    return set(Code(source).defines)


def helpers(cells: Iterable[Written], sources: Iterable[str], known: set[str]) -> list[str]:
    """Imports, functions and constants of other cells that some code needs, in their order.

    Parameters
    ----------
    cells : list of Written
        Where to look.
    sources : list of str
        The code that needs them.
    known : set of str
        Names that are there anyway.
    """
    return names.helpers([Code(cell.source) for cell in cells], [Code(source) for source in sources], known)
