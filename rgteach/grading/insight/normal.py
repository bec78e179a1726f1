"""The normal form of an answer: its syntax tree as a row of tokens, without what is easily changed.

Left out: comments, blank lines, docstrings, annotations, imports and their order.  A name that the answer
gives itself (variable, argument, function) becomes its number, in the order in which the names come up; a
library keeps its own name however it was abbreviated; any text becomes `text`, numbers stay.
"""

from __future__ import annotations

import ast
import re

_ABBREVIATED = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "rg": "rgteach"}
_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
# words, but each Chinese character by itself; other marks one by one
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|[^\w\s]")
_UNSEEN = {"annotation", "returns", "type_comment", "kind", "type_params", "ctx"}
# what stands below each kind of node: its fields that are looked at, names and numbers told apart later
_BELOW = {
    kind: tuple(name for name in kind._fields if name not in _UNSEEN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class _Name(str):
    """A name as it stands in the code, not yet known to be the answer's own."""

    __slots__ = ()


def tokens(source: str) -> tuple[str, ...]:
    """The tokens of an answer; of one that is no Python, its words as they stand."""
    try:
        walk = _Walk()
        for statement in ast.parse(_MAGIC.sub("", source)).body:
            walk.node(statement)
        return walk.named()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return tuple(_WORDS.findall(source))


class _Walk:
    """One way through a tree; which names are the answer's own is known at its end."""

    def __init__(self):
        self.found: list[str] = []
        self.own: set[str] = set()
        self.libraries = dict(_ABBREVIATED)

    def node(self, node: ast.AST) -> None:
        kind = type(node)
        if kind is ast.Name:
            self.found.append(_Name(node.id))
            if type(node.ctx) is not ast.Load:
                self.own.add(node.id)
        elif kind is ast.Constant:
            text = isinstance(node.value, str | bytes)
            self.found.append("text" if text else repr(node.value))
        elif kind is ast.Attribute:
            self.found.append("." + node.attr)
            self.node(node.value)
        elif kind is ast.Import or kind is ast.ImportFrom:
            self.imported(node)
        elif not (kind is ast.Pass or (kind is ast.Expr and _is_text(node.value))):
            self.found.append(kind.__name__)
            if kind is ast.arg or kind in _NAMED:
                self.own.add(node.arg if kind is ast.arg else node.name)
            self.below(node, _BELOW[kind])

    def below(self, node: ast.AST, names: tuple[str, ...]) -> None:
        for name in names:
            value = getattr(node, name, None)
            if type(value) is list:
                for part in value:
                    if isinstance(part, ast.AST):
                        self.node(part)
            elif isinstance(value, ast.AST):
                self.node(value)
            elif type(value) is str:
                self.found.append(_Name(value))

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        self.libraries |= {a.asname or a.name: before + a.name for a in node.names}

    def named(self) -> tuple[str, ...]:
        """The tokens, own names as their numbers."""
        numbers: dict[str, str] = {}
        given = []
        for token in self.found:
            if type(token) is not _Name:
                given.append(token)
            elif token in self.own:
                given.append(numbers.setdefault(token, f"n{len(numbers)}"))
            else:
                given.append(self.libraries.get(token, str(token)))
        return tuple(given)


def _is_text(value: ast.AST) -> bool:
    """Whether a statement is nothing but a text: a docstring, or a comment in quotes."""
    return type(value) is ast.Constant and type(value.value) is str
