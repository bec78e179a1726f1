"""The normal form of an answer: its syntax tree as a row of tokens, without what is easily changed.

Left out: comments, blank lines, docstrings, annotations, imports and their order.  A name that the answer
gives itself (variable, argument, function) becomes its number, in the order in which the names come up; a
library keeps its own name however it was abbreviated; any text becomes `text`, numbers stay.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable, Mapping, Set

OWN = "\x02"  # before the number of a name that the answer gave itself; no name begins so
NAME = "\x01"  # before a name of which it is not known yet whose it is
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what a parser says to what is no Python
_ABBREVIATED = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "rg": "rgteach"}
_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
# words, but each Chinese character by itself; other marks one by one
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|[^\w\s]")
_PROSE = re.compile(r"\s*([^\W\d]\w*)(?: +([^\W\d]\w*)(?![\w\"'])| +\d|[，。；：、？！])")
_WORDS_OF_PYTHON = frozenset((*keyword.kwlist, *keyword.softkwlist))
_UNSEEN = {"annotation", "returns", "type_comment", "kind", "type_params", "ctx"}
# each kind of node: its name, and what stands below it
_KINDS = {
    kind: (kind.__name__, tuple(name for name in kind._fields if name not in _UNSEEN))
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# a comment in a line without quotes, and blank lines: cheap to take out before anything is parsed
_COMMENT = re.compile(r"^([^#'\"\n]*?)[ \t]*(?:#[^\n]*)?$\n?", re.MULTILINE)


def bare(source: str) -> str:
    """The text without most comments and blank lines: equal bare texts have equal tokens."""
    return _COMMENT.sub(lambda line: f"{line[1]}\n" if line[1] else "", source)


def is_prose(text: str) -> bool:
    """Whether a text begins as no Python can: a name, and then another, a number or a Chinese comma.

    A parser would say so too, but takes its time; a text for which this is false may be none either.
    """
    found = _PROSE.match(text)
    return bool(found) and _WORDS_OF_PYTHON.isdisjoint(found.groups())


def tokens(source: str) -> list[str]:
    """The tokens of an answer; of one that is no Python, its words as they stand."""
    try:
        if not is_prose(source):
            return named(walk(without_magic(source)))
    except UNREADABLE:
        pass
    return _WORDS.findall(source)


def without_magic(source: str) -> str:
    """The text without lines that are for the notebook and no Python."""
    return _MAGIC.sub("", source) if "%" in source or "!" in source else source


def walk(text: str) -> Walk:
    """The way through what a text says; raises one of `UNREADABLE` where it is no Python."""
    way = Walk()
    for statement in ast.parse(text).body:
        way.node(statement)
    return way


def named(way: Walk) -> list[str]:
    """The tokens of a way."""
    found = {NAME + name: token for name, token in meanings(way.names, way.own, way.libraries).items()}
    return [found.get(token, token) for token in way.found]


def meanings(names: Iterable[str], own: Set[str], libraries: Mapping[str, str]) -> dict[str, str]:
    """What stands for each name: own names are numbered in the order in which they come up."""
    meant, count, known = {}, 0, {**_ABBREVIATED, **libraries}
    for name in names:
        if name in own:
            meant[name] = f"{OWN}{count}"
            count += 1
        else:
            meant[name] = known.get(name, name)
    return meant


class Walk:
    """One way through a tree; which names are the answer's own is known at its end."""

    def __init__(self):
        self.found: list[str] = []  # a name stands behind `NAME` until then
        self.names: dict[str, None] = {}  # in the order in which they come up
        self.own: set[str] = set()
        self.libraries: dict[str, str] = {}

    def node(self, node: ast.AST) -> None:
        """Pass a node and all below it."""
        kind = type(node)
        if kind is ast.Name:
            self.name(node.id, type(node.ctx) is not ast.Load)
        elif kind is ast.Constant:
            value = node.value
            self.found.append("text" if type(value) in (str, bytes) else repr(value))
        elif kind is ast.Attribute:
            self.found.append("." + node.attr)
            self.node(node.value)
        elif kind is ast.Import or kind is ast.ImportFrom:
            self.imported(node)
        elif not (kind is ast.Pass or (kind is ast.Expr and _is_text(node.value))):
            called, below = _KINDS[kind]
            self.found.append(called)
            if below:
                self.below(node, below, kind is ast.arg or kind in _NAMED)

    def below(self, node: ast.AST, fields: tuple[str, ...], names_itself: bool) -> None:
        """Pass what stands below a node."""
        for field in fields:
            value = getattr(node, field, None)
            if type(value) is list:
                for part in value:
                    if isinstance(part, ast.AST):
                        self.node(part)
                if value:
                    self.found.append("end")  # else f(g(a), b) and f(g(a, b)) were the same
            elif isinstance(value, ast.AST):
                self.node(value)
            elif type(value) is str:
                self.name(value, names_itself)
            elif type(node) is ast.Slice:
                self.found.append("open")

    def name(self, name: str, own: bool) -> None:
        """Pass a name."""
        self.names[name] = None
        if own:
            self.own.add(name)
        self.found.append(NAME + name)

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        """Note which libraries are called how."""
        before = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        self.libraries |= {a.asname or a.name: before + a.name for a in node.names}


def _is_text(value: ast.AST) -> bool:
    """Whether a statement is nothing but a text: a docstring, or a comment in quotes."""
    return type(value) is ast.Constant and type(value.value) is str
