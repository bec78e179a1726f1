"""What code defines and what it needs from elsewhere, read from its text; nothing is run.

Python's own table of symbols decides, so that a function's local variables are not taken for names that
have to be brought along.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

MOST_LETTERS = 60_000  # of a cell that is read as code; one that holds more holds data
REMEMBERED = 4000  # letters
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases", "names")  # where statements hold others
_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
_BUILTIN = frozenset(dir(builtins))
_WRONG = (SyntaxError, ValueError, RecursionError, MemoryError)  # of a text that is no Python, or is a trap


@dataclass(frozen=True)
class Piece:
    """One statement at the top of a cell, or several that share a line."""

    text: str
    first: int  # its lines, from 1
    last: int
    nodes: tuple[ast.stmt, ...]

    @cached_property
    def _table(self) -> symtable.SymbolTable | None:
        try:
            return symtable.symtable(self.text, "<cell>", "exec")
        except _WRONG:
            return None

    @cached_property
    def defines(self) -> set[str]:
        """The names that it gives a value."""
        found = self._table.get_symbols() if self._table else ()
        return {s.get_name() for s in found if s.is_assigned() or s.is_imported() or s.is_namespace()}

    @cached_property
    def changes(self) -> set[str]:
        """The names of things that it changes: `table[3] = 4`, `table.append(4)`."""
        return {name for node in self.nodes for part in outside_functions(node) for name in _changed(part)}

    @cached_property
    def now(self) -> set[str]:
        """The names that must be there when it runs."""
        found = self._table.get_symbols() if self._table else ()
        parts = (part for node in self.nodes for part in outside_functions(node))
        added = {getattr(part.target, "id", "") for part in parts if isinstance(part, ast.AugAssign)}
        return {s.get_name() for s in found if s.is_referenced()} | (added - {""})  # `x += 1` is read too

    @cached_property
    def later(self) -> set[str]:
        """The names that must be there when its functions are called."""
        return set(_globals(self._table)) if self._table else set()

    @property
    def is_star(self) -> bool:
        """Whether it is `from … import *`, which may define anything."""
        imports = (node for node in self.nodes if isinstance(node, ast.ImportFrom))
        return any(alias.name == "*" for node in imports for alias in node.names)


def _globals(table: symtable.SymbolTable) -> Iterable[str]:
    for child in table.get_children():
        yield from (s.get_name() for s in child.get_symbols() if s.is_global() and s.is_referenced())
        yield from _globals(child)


def outside_functions(node: ast.AST) -> Iterable[ast.AST]:
    """A statement and what is in it, without the bodies of functions and classes."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _changed(node: ast.AST) -> Iterable[str]:
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    targets = [node.value.func] if is_call else [node] if hasattr(node, "ctx") else []
    for target in targets:
        if not is_call and not isinstance(target.ctx, ast.Store | ast.Del):
            continue
        base = target
        while isinstance(base, ast.Subscript | ast.Attribute):
            base = base.value
        if isinstance(base, ast.Name) and base is not target:
            yield base.id


class Code:
    """The code of one cell; a text that is no Python has no pieces."""

    def __init__(self, source: str):
        self.source = source

    @cached_property
    def tree(self) -> ast.Module | None:
        """Its syntax, None where it is no Python or far too long to be somebody's code."""
        if len(self.source) > MOST_LETTERS:
            return None
        try:
            return ast.parse(self.source)
        except _WRONG:  # lines of IPython, a mistake, or brackets without end
            return None

    @cached_property
    def bare(self) -> str:
        """Its text as it is compared with what was given out."""
        return bare(self.source)

    @property
    def is_python(self) -> bool:
        """Whether it can be read as Python."""
        return self.tree is not None

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its statements, in their order."""
        groups: list[list[ast.stmt]] = []
        for node in self.tree.body if self.tree else ():
            if groups and _first(node) <= groups[-1][-1].end_lineno:
                groups[-1].append(node)
            else:
                groups.append([node])
        lines = self.source.split("\n")
        return tuple(self._piece(group, lines) for group in groups)

    @staticmethod
    def _piece(group: list[ast.stmt], lines: list[str]) -> Piece:
        first, last = _first(group[0]), group[-1].end_lineno
        return Piece("\n".join(lines[first - 1 : last]), first, last, tuple(group))

    @cached_property
    def defines(self) -> set[str]:
        """The names that it gives a value at its top level; one with an error defines its functions too."""
        if self.tree is None:
            return set(re.findall(r"^(?:async )?def (\w+)", self.source[:MOST_LETTERS], re.MULTILINE))
        return {name for piece in self.pieces for name in piece.defines}

    @cached_property
    def named(self) -> dict[str, list[ast.AST]]:
        """The statements that have a name wherever they stand, such as a function within a function."""
        found: dict[str, list[ast.AST]] = {}
        level = self.tree.body if self.tree else []
        while level:
            for node in level:
                if isinstance(name := getattr(node, "name", None), str):
                    found.setdefault(name, []).append(node)
            level = [below for node in level for part in _BODIES for below in getattr(node, part, ())]
        return found

    @cached_property
    def needs(self) -> set[str]:
        """The names that it uses before it defines them, or in its functions and never defines."""
        needed, there = set(), set()
        for piece in self.pieces:
            simple = not hasattr(piece.nodes[0], "body")
            needed |= piece.now - there - (set() if simple else piece.defines)
            there |= piece.defines
        return needed | ({name for piece in self.pieces for name in piece.later} - there)


def bare(source: str) -> str:
    """A cell without what nobody sees: empty lines around it, blanks behind its lines."""
    return "\n".join([line.rstrip() for line in source.strip().split("\n")])


def _first(node: ast.stmt) -> int:
    return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])


def code(text: str) -> Code:
    """The code of a text, with what has been read of it: most cells are the same for a whole class.

    Of those that are not long the last ones are remembered.
    """
    return _remembered(text) if len(text) <= REMEMBERED else Code(text)


_remembered = lru_cache(maxsize=128)(Code)


def helpers(cells: Iterable[Code], users: Sequence[Code], known: Iterable[str]) -> list[str]:
    """The statements of some cells that other code needs, in their order.

    Parameters
    ----------
    cells : list of Code
        Where to look.
    users : list of Code
        The code that needs them.
    known : set of str
        Names that are there anyway.
    """
    pieces = [piece for cell in cells for piece in cell.pieces]
    own = {name for user in users for name in user.defines}
    there = _BUILTIN | set(known)
    needed = _needed(users)
    taken = _closure([p if not p.now & own else None for p in pieces], needed, there)
    left = needed | {n for k in taken for n in pieces[k].now | pieces[k].later}
    left -= there | own | {name for k in taken for name in pieces[k].defines}
    if left:  # one of them may come from a module that was opened whole
        taken |= {k for k, piece in enumerate(pieces) if piece.is_star}
    return [pieces[k].text for k in sorted(taken)]


def pieces(cells: Iterable[Code], needed_by: Iterable[str]) -> list[str]:
    """The imports, functions and constants in some cells that other code needs, and what these need."""
    return helpers(list(cells), [code(text) for text in needed_by], ())


def readable(text: str) -> Code:
    """The code of a released cell, without the lines that only IPython understands."""
    return Code(_MAGIC.sub("", text))


def _needed(users: Sequence[Code]) -> set[str]:
    needed, defined = set(), set()
    for user in users:
        needed |= user.needs - defined
        defined |= user.defines
    return needed


def _closure(pieces: Sequence[Piece | None], needed: set[str], there: set[str]) -> set[int]:
    """The places of what is needed, and of what these need in turn."""
    makers, changers = _index(pieces, "defines"), _index(pieces, "changes")
    taken: set[int] = set()
    asked, waiting = set(there), [("defines", name) for name in needed]
    while waiting:  # each name and each piece once, so that a long chain takes no longer than a short one
        how, name = waiting.pop()
        if how == "defines" and name in asked:
            continue
        asked.add(name)
        for k in (makers if how == "defines" else changers).pop(name, ()):
            if k in taken:
                continue
            taken.add(k)
            piece = pieces[k]
            waiting += [("defines", more) for more in piece.now | piece.later]
            if not isinstance(piece.nodes[0], ast.Import | ast.ImportFrom):
                waiting += [("changes", made) for made in piece.defines - there]
    return taken


def _index(pieces: Sequence[Piece | None], names: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for k, piece in enumerate(pieces):
        for name in getattr(piece, names) if piece else ():
            found.setdefault(name, []).append(k)
    return found
