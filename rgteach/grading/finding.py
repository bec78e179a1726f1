"""Find what was written for an exercise, however the cells were copied, split, merged, moved or stripped.

The surest way counts: a cell's id, our mark in its metadata, a line `# EXERCISE: its-name`, and where none of
these leads to the function, its name.  Of several cells that define it the last one counts, as it would when
the notebook runs from its top; one that is no Python defines nothing there.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rgteach.course import handed, names
from rgteach.course.names import Code
from rgteach.grading.cells import CALLS, TEXTS, Found, own_part, surest
from rgteach.grading.model import Answer, Flag
from rgteach.grading.released import Asked, Lab

LIKE = 0.75  # how much a name has to look like another
_ENDS = (ast.Return, ast.Yield, ast.Raise)


def answer(asked: Asked, cells: Sequence[Found], lab: Lab) -> Answer:
    """What was written for an exercise; `found` is "" where nothing was."""
    mine = [cell for cell in cells if not lab.is_released(cell.bare)]  # a starter may define the function
    code = joined(asked, [cell for cell in mine if cell.is_code])
    texts = [cell for cell in mine if not cell.is_code]
    sure = _sure(asked, code, lab)
    for chosen in (_by_function(asked, code, sure), _by_function(asked, texts, _sure(asked, texts, lab))):
        if chosen:
            return _answer(asked, *chosen, code, lab)
    if renamed := _renamed(asked, code, sure, lab):
        return _answer(asked, *renamed, code, lab)
    written = [cell for cell in (*sure, *_sure(asked, texts, lab)) if not cell.is_unwritten(asked)]
    if written:
        return _answer(asked, written, written[-1], _way(asked, written), (), code, lab)
    gone = not any(asked.function in cell.code.defines or cell.way(asked.id) for cell in cells)
    return Answer(asked.id, flags=(Flag("cell-missing"),) if gone else _refused(sure))


def _refused(sure: Sequence[Found]) -> tuple[Flag, ...]:
    return tuple(flag for cell in sure for flag in cell.flags if flag.kind == "cell-magic")


def _sure(asked: Asked, cells: Sequence[Found], lab: Lab) -> list[Found]:
    """The cells that say they are this exercise's, without those that answer another one instead."""
    mine = [cell for cell in cells if cell.way(asked.id)]
    return [c for c in mine if asked.function in c.code.defines or not c.code.defines & lab.functions.keys()]


def _way(asked: Asked, cells: Sequence[Found]) -> str:
    return surest([cell.way(asked.id) or "name" for cell in cells])


Chosen = tuple[list[Found], Found, str, tuple[Flag, ...]]


def _by_function(asked: Asked, cells: Sequence[Found], sure: Sequence[Found]) -> Chosen | None:
    """All cells to run, the one that counts, by what it was found, and what there is to say about it."""
    written = [cell for cell in sure if not cell.is_unwritten(asked)]
    holders = [cell for cell in written if asked.function in cell.code.defines]
    way = _way(asked, holders) if holders else "name"
    if not holders:
        holders = _by_name(asked, cells, sure)
    if not holders:
        return None
    counted = ([cell for cell in holders if cell.code.is_python] or holders)[-1]
    flags = [Flag("by-name", {"cell": counted.number})] if way == "name" else []
    if len(holders) > 1:
        flags.append(Flag("several", {"count": len(holders), "cell": counted.number}))
    if _same_ids(asked, cells):
        flags.append(Flag("copied-id", {"cell": counted.number}))
    rest = [c for c in written if c not in holders and (c.code.is_python or not counted.code.is_python)]
    return sorted([*rest, counted], key=lambda cell: cell.number), counted, way, tuple(flags)


def _by_name(asked: Asked, cells: Sequence[Found], sure: Sequence[Found]) -> list[Found]:
    """Other cells that define the function: our checks and starters are looked at last, our texts never."""
    found = [
        cell
        for cell in cells
        if cell not in sure and asked.function in cell.code.defines and not cell.is_unwritten(asked)
    ]
    found = [cell for cell in found if cell.written.role not in TEXTS or cell.code.is_python]
    return [cell for cell in found if cell.written.role not in CALLS] or found


def _same_ids(asked: Asked, cells: Sequence[Found]) -> bool:
    ids = [cell.written.id for cell in cells if cell.way(asked.id) == "id"]
    return len(ids) > 1


def _renamed(asked: Asked, cells: Sequence[Found], sure: Sequence[Found], lab: Lab) -> Chosen | None:
    """A function under another name: in a cell that is surely this exercise's, or one much like it."""
    written = [cell for cell in sure if not cell.is_unwritten(asked)]
    taken = {name for name in lab.functions if name != asked.function}
    mine = [(cell, node) for cell in written for node in _functions(cell) if node.name not in taken]
    fits = [(cell, node) for cell, node in mine if len(_parameters(node)) == len(asked.parameters)]
    likely = [pair for pair in fits if _likeness(asked, pair[1]) >= LIKE] or fits[-1:]
    way, flags = _way(asked, written) if written else "", ()
    if not likely:
        other = [cell for cell in cells if cell not in sure and cell.written.role not in (*TEXTS, *CALLS)]
        near = [(c, n) for c in other for n in _functions(c) if n.name not in {*taken, asked.function}]
        likely = [p for p in near if _likeness(asked, p[1]) >= LIKE and _same_parameters(asked, p[1])]
        way = "name"
    if not likely:
        return None
    counted, node = likely[-1]
    flags = (Flag("renamed", {"given": node.name, "function": asked.function}),)
    cells = sorted({id(cell): cell for cell in (*written, counted)}.values(), key=lambda cell: cell.number)
    return cells, counted, way, flags


def _functions(cell: Found) -> list[ast.FunctionDef]:
    body = cell.code.tree.body if cell.code.tree else []
    return [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _parameters(node: ast.FunctionDef) -> list[str]:
    return [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]


def _same_parameters(asked: Asked, node: ast.FunctionDef) -> bool:
    return _parameters(node) == list(asked.parameters)


def _likeness(asked: Asked, node: ast.FunctionDef) -> float:
    return difflib.SequenceMatcher(None, node.name.lower(), asked.function.lower()).ratio()


# ---------------------------------------------------------------- cells that were split


def joined(asked: Asked, cells: Sequence[Found]) -> list[Found]:
    """The cells with the halves of an answer put together again, where it was split inside its function."""
    done = list(cells)
    for cell in cells:
        if not cell.way(asked.id) or cell not in done or _is_whole(asked, cell):
            continue
        at = done.index(cell)
        for first, last in ((at, at + 1), (at - 1, at), (at - 1, at + 1), (at, at + 2)):
            parts = done[max(first, 0) : last + 1]
            if first >= 0 and last < len(done) and (whole := _put_together(asked, parts, cell)):
                done[first : last + 1] = [whole]
                break
    return done


def _is_whole(asked: Asked, cell: Found) -> bool:
    """Whether a cell can stand alone: Python, and its function comes to an end with a value."""
    if not cell.code.is_python:
        return False
    mine = [node for node in _functions(cell) if node.name == asked.function]
    if not mine or isinstance(mine[-1].body[-1], _ENDS):  # nearly always
        return True
    return any(isinstance(part, _ENDS) for part in ast.walk(mine[-1]))


def _put_together(asked: Asked, parts: Sequence[Found], mine: Found) -> Found | None:
    others = [part for part in parts if part is not mine]
    if any(part.written.role and not part.way(asked.id) for part in others):
        return None  # a cell of ours, or of another exercise
    if all(part.code.is_python for part in parts):
        return None
    whole = Code("\n".join(part.code.source for part in parts))
    if not whole.is_python or asked.function not in whole.defines:
        return None
    flags = tuple(flag for part in parts for flag in part.flags if flag.kind != "wide-character")
    return replace(mine, code=whole, parts=sum(part.parts for part in parts), flags=flags)


# ---------------------------------------------------------------- putting an answer down


def _answer(
    asked: Asked,
    mine: Sequence[Found],
    counted: Found,
    way: str,
    flags: tuple[Flag, ...],
    code: Sequence[Found],
    lab: Lab,
) -> Answer:
    """The answer with the helpers that it needs from elsewhere, and all that a person should know."""
    kept, shared = [], False
    for cell in mine:
        text, has_others = own_part(cell, asked, lab)
        kept.append(cell.with_source(text, cell.parts))
        shared = shared or has_others
    sources = [cell.code for cell in kept]
    helpers = names.helpers(_elsewhere(mine, code, lab), sources, lab.known)
    renamed = next((flag.values["given"] for flag in flags if flag.kind == "renamed"), "")
    said = [*flags, *(flag for cell in mine for flag in cell.flags)]
    said += _about(asked, kept, counted, shared, renamed)
    texts = tuple(cell.code.source for cell in kept if cell.code.source.strip())
    return Answer(asked.id, way, tuple(helpers), texts, _once(said), renamed)


def _once(flags: Sequence[Flag]) -> tuple[Flag, ...]:
    return tuple(flag for k, flag in enumerate(flags) if flag not in flags[:k])


def _elsewhere(mine: Sequence[Found], code: Sequence[Found], lab: Lab) -> list[Code]:
    """Where helpers may come from: all that was written in other cells, answers to other exercises too."""
    numbers = {cell.number for cell in mine}
    rest = [cell for cell in code if cell.number not in numbers and cell.code.source not in lab.stubs]
    asked = {cell.number: [one for one in lab.asked if one.function in cell.code.defines] for cell in rest}
    return [c.code for c in rest if not any(c.is_unwritten(one) for one in asked[c.number])]


def _about(asked: Asked, kept: Sequence[Found], counted: Found, shared: bool, renamed: str) -> Iterator[Flag]:
    parts = sum(cell.parts for cell in kept)
    if parts > 1:
        yield Flag("split", {"count": parts})
    if shared:
        yield Flag("shared-cell", {"cell": counted.number})
    if not counted.is_code:
        yield Flag("cell-type", {"cell": counted.number, "type": counted.written.kind})
    if counted.is_code and counted.written.role in CALLS:
        yield Flag("misplaced", {"cell": counted.number})
    yield from _about_function(renamed or asked.function, next(c for c in kept if c.number == counted.number))


def _about_function(name: str, cell: Found) -> Iterator[Flag]:
    lines = cell.code.source.split("\n")

    def flag(kind: str, node: ast.AST) -> Flag:
        return Flag(kind, {"function": name}, node.lineno, lines[node.lineno - 1].strip()[:200])

    here = cell.code.named.get(name, [])
    if here and name not in cell.code.defines:
        yield flag("not-at-top", here[-1])
    elif here and isinstance(here[-1], ast.AsyncFunctionDef):
        yield flag("async", here[-1])
    for node in here[-1:]:
        asks = [k for k, line in enumerate(getattr(node, "body", ())) if handed.asks(line)]
        if asks and asks[0] < len(node.body) - 1:
            yield flag("line-left", node.body[asks[0]])
