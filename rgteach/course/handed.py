"""A student's notebook as it comes back: which lab it is, and what was written for each exercise.

Cells are copied, split, deleted, moved and lose their marks on the way.  A cell belongs to an exercise by
its id, or else by the mark of its role, or else because it defines the exercise's function; small helpers
that an answer uses come along from wherever they stand.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rgteach.errors import LearnerError

_CALLED = re.compile(r"rg\.(?:check|race|answer|hint)\(\s*[\"']([a-z0-9-]+)[\"']")


class Unreadable(LearnerError):
    """A file that is no notebook of the course."""


@dataclass(frozen=True)
class Written:
    """A code cell of a student."""

    id: str
    role: str
    exercise: str
    source: str


@dataclass(frozen=True)
class HandedIn:
    """A student's notebook: its lab and language as far as it says so, its code cells, what it calls."""

    path: Path
    lab: str
    lang: str
    kind: str
    cells: tuple[Written, ...]

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
        raw = path.read_bytes()
        data = json.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unreadable("check-no-file", path=path, reason=reason) from None
    except UnicodeDecodeError as error:  # cut off in the middle of a letter, or no text at all
        line, column = raw.count(b"\n", 0, error.start) + 1, error.start - raw.rfind(b"\n", 0, error.start)
        raise Unreadable("check-not-json", path=path.name, line=line, column=column) from None
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", "?"), getattr(error, "colno", "?")
        raise Unreadable("check-not-json", path=path.name, line=line, column=column) from None
    try:
        about = data["metadata"].get("rgteach", {})
        said = {name: str(about.get(name, "")) for name in ("lab", "lang", "kind")}
        cells = tuple(_written(cell) for cell in data["cells"] if cell["cell_type"] == "code")
    except (KeyError, TypeError, AttributeError):
        raise Unreadable("check-not-notebook", path=path.name) from None
    return HandedIn(path, said["lab"], said["lang"], said["kind"], cells)


def _written(cell: dict) -> Written:
    about = cell.get("metadata", {}).get("rgteach", {})
    source = cell.get("source", "")
    exercise = str(about.get("exercise", about.get("question", "")))
    source = source if isinstance(source, str) else "".join(source)
    return Written(str(cell.get("id", "")), str(about.get("role", "")), exercise, source)


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
    """Whether a cell is empty or an answer in which the line that asks for one still stands."""
    if not source.strip() or _bare(source) in stubs:
        return True
    bodies = [s.body for s in _statements(source) if getattr(s, "name", "") == function]
    return bool(bodies) and any("NotImplementedError" in ast.dump(line) for line in bodies[-1][-1:])


def _is_answer(cell: Written, exercise: str) -> bool:
    return cell.id == f"{exercise}-answer" or (cell.role, cell.exercise) == ("answer", exercise)


def _bare(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().split("\n"))


def stubs(sources: Iterable[str]) -> set[str]:
    """Unwritten answers, in the form in which `answer` compares them."""
    return {_bare(source) for source in sources}


def letter(cells: Iterable[Written], question: str) -> str:
    """What was answered to a question last, "" if nothing was."""
    found = ""
    call = re.compile(rf"rg\.answer\(\s*[\"']{re.escape(question)}[\"']\s*,\s*[\"'](.*?)[\"']")
    for cell in cells:
        for given in call.findall(cell.source):
            found = given or found
    return found


def defined(source: str) -> set[str]:
    """The names that a cell gives a value at its top level."""
    return {name for statement in _statements(source) for name in _names_of(statement)} or set(
        re.findall(r"^(?:async )?def (\w+)", source, re.MULTILINE)  # a cell with an error defines them too
    )


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
    found = [(text, names, used) for cell in cells for text, names, used in _pieces(cell.source)]
    needed = {name for source in sources for name in _used(source)}
    taken: set[int] = set()
    while True:
        missing = needed - known - set(dir(builtins))
        new = {k for k, (_, names, _) in enumerate(found) if k not in taken and names & missing}
        if not new:
            return [found[k][0] for k in sorted(taken)]
        taken |= new
        needed |= {name for k in new for name in found[k][2]}


def _pieces(source: str) -> Iterator[tuple[str, set[str], set[str]]]:
    """Each statement that defines something: its text, what it defines, what it uses."""
    lines = source.split("\n")
    for statement in _statements(source):
        if names := _names_of(statement):
            first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
            text = "\n".join(lines[first - 1 : statement.end_lineno])
            yield text, names, _used(text)


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError):  # lines of IPython, or a mistake
        return []


def _names_of(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return set()


def _used(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
