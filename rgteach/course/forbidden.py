"""What a piece of code mentions that it should not: names followed through imports and aliases, unrun.

    from scipy import stats as s          s.rankdata is scipy.stats.rankdata
    f = np.linalg                         f.lstsq is numpy.linalg.lstsq
    getattr(scipy, "stats")               and __import__("scipy").stats, import_module("scipy.stats")
    exec("import scipy.stats")            what it runs is read in its turn

A name that is mentioned counts, called or not: `map(np.mean, rows)` calls it elsewhere.  A name that the code
also gives another value is not held against it, and what only a run could tell (`exec` of a text that is put
together, `getattr` with a name that is) is said to be unreadable, for a person to look at.

This reads what is written and promises no more: who sets out to hide a name from a reader can.  In the
child `grading.guard` watches what is called, and behind the wall the files of a hidden module are not there.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rgteach.course.glance import PEERS, leads_anywhere, match
from rgteach.course.names import MOST_LETTERS

_MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
_LONGEST = 30  # parts of a dotted name
_DEEPEST = 5  # texts of code within texts of code


class Found(NamedTuple):
    """A forbidden name with its line, or (not `sure`) something that cannot be read."""

    name: str
    line: int
    code: str
    sure: bool = True


def read(code: str, forbid: Sequence[str], before: Iterable[str] = ()) -> list[Found]:
    """What a piece of code mentions that is forbidden, line by line.

    Parameters
    ----------
    code : str
        What a student wrote.
    forbid : list of str
        Dotted names: a module and all below it, a function, or `builtins.sorted`.
    before : list of str
        Code that has run before and whose imports the student may use.
    """
    if not forbid:
        return []
    if len(code) > MOST_LETTERS:
        return [Found("…", 1, "", sure=False)]
    names = _learned(tuple(before))
    if not leads_anywhere(code, tuple(forbid), names):
        return []
    try:
        return list(dict.fromkeys(_read(code, tuple(forbid), names.copy(), 0)))
    except RecursionError:  # brackets within brackets without end
        return [Found("…", 1, "", sure=False)]


@lru_cache(maxsize=256)
def _learned(before: tuple[str, ...]) -> _Names:
    names = _Names()
    for earlier in before:
        names.learn(_parsed(earlier))
    return names


def _read(code: str, forbid: tuple[str, ...], names: _Names, depth: int) -> Iterator[Found]:
    tree = _parsed(code)
    names.learn(tree)
    reader = _Reader(forbid, names, code.splitlines(), depth)
    reader.visit(tree)
    yield from sorted(reader.found, key=lambda found: found.line)


def _parsed(code: str) -> ast.Module:
    """The tree of a cell; lines of IPython become nothing, and what is no Python is empty."""
    try:
        return ast.parse(_MAGIC.sub(r"\1pass", code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


class _Names:
    """What each name stands for: a dotted name; nothing certain, where it is also given another value."""

    def __init__(self):
        self.dotted = {name: f"builtins.{name}" for name in dir(builtins)}
        self.stars: set[str] = set()

    def copy(self) -> _Names:
        """The same names, to learn more."""
        other = _Names.__new__(_Names)
        other.dotted, other.stars = dict(self.dotted), set(self.stars)
        return other

    def learn(self, tree: ast.AST) -> None:
        """Take in a cell; what it both imports and assigns is not certain afterwards."""
        nodes = list(ast.walk(tree))
        imported = self._imported(nodes)
        others = Counter(name for node in nodes for name in _given(node))
        self.dotted |= imported
        for name in others:
            self.dotted.pop(name, None)
        assigned = [(t.id, n.value) for n in nodes if isinstance(n, ast.Assign)
                    for t in n.targets if isinstance(t, ast.Name)]  # fmt: skip
        for _ in range(3):  # an alias of an alias
            for name, value in assigned:
                if others[name] == 1 and name not in imported and (dotted := self.of(value)):
                    self.dotted[name] = dotted

    def _imported(self, nodes: list[ast.AST]) -> dict[str, str]:
        found = {}
        for node in nodes:
            if isinstance(node, ast.Import):
                found |= {a.asname or a.name.split(".")[0]: _whole(a) for a in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
                self.stars |= {str(node.module) for a in node.names if a.name == "*"}
        return found

    def of(self, node: ast.AST, depth: int = 0) -> str:
        """The dotted name that an expression stands for, "" where that is not certain."""
        if depth > _LONGEST:
            return ""
        match node:
            case ast.Name(id=name):
                return self.dotted.get(name, "")
            case ast.Attribute(value=value, attr=attr):
                return _below(self.of(value, depth + 1), attr)
            case ast.Call(func=func, args=[first, *rest]):
                return self._called(self.of(func), first, rest)
            case ast.Subscript(value=value, slice=key):
                text, holder = _text(key), self._holder(value)
                return (text if holder == "sys.modules" else _below(holder, text)) if text and holder else ""
        return ""

    def _called(self, function: str, first: ast.AST, rest: list) -> str:
        if function == "builtins.getattr" and rest:
            return _below(self.of(first), _text(rest[0]))
        if function == "builtins.__import__":
            return (_text(first) or "").split(".")[0]
        if function in ("importlib.import_module", "importlib.__import__"):
            return _text(first) or ""
        return ""

    def _holder(self, node: ast.AST) -> str:
        """Whose names a mapping holds: `sys.modules`, `vars(np)`, `np.__dict__`."""
        if isinstance(node, ast.Call) and node.args and self.of(node.func) == "builtins.vars":
            return self.of(node.args[0])
        dotted = self.of(node)
        if dotted.endswith(".__dict__"):
            return dotted.removesuffix(".__dict__")
        return dotted if dotted == "sys.modules" else ""


def _given(node: ast.AST) -> list[str]:
    """The names to which a node gives a value other than by an import."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.arg):
        return [node.arg]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []


def _whole(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.split(".")[0]


def _below(dotted: str, name: str | None) -> str:
    return f"{dotted}.{name}" if dotted and name else ""


def _text(node: ast.AST) -> str | None:
    """The text that an expression is, put together from texts or not."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, two = _text(left), _text(right)
            return None if one is None or two is None else one + two
        case ast.JoinedStr(values=values):
            parts = [_text(value) for value in values]
            return None if None in parts else "".join(parts)
    return None


class _Reader(ast.NodeVisitor):
    """Walks a tree and notes what is forbidden, the longest name first."""

    def __init__(self, forbid: tuple[str, ...], names: _Names, lines: list[str], depth: int):
        self.forbid, self.names, self.lines, self.depth = forbid, names, lines, depth
        self.found: list[Found] = []

    def note(self, node: ast.AST, name: str, sure: bool = True) -> None:
        code = self.lines[node.lineno - 1].strip() if node.lineno <= len(self.lines) else ""
        self.found.append(Found(name, node.lineno, code[:200], sure))

    def visit(self, node: ast.AST) -> None:
        name = match(self.names.of(node), self.forbid) if isinstance(node, ast.expr) else ""
        if name:
            self.note(node, name)
            return
        super().visit(node)

    def visit_Import(self, node: ast.Import) -> None:  # noqa: N802  the name is the library's
        for alias in node.names:
            self._imported(node, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802
        for alias in node.names:
            self._imported(node, f"{node.module}.{alias.name}" if alias.name != "*" else str(node.module))

    def _imported(self, node: ast.stmt, dotted: str) -> None:
        if name := match(dotted, self.forbid):
            self.note(node, name)
        elif dotted.split(".")[0] in PEERS:
            self.note(node, dotted, sure=False)

    def visit_Name(self, node: ast.Name) -> None:  # noqa: N802
        """A name that came with a star."""
        for module in self.names.stars:
            if node.id not in self.names.dotted and (name := match(f"{module}.{node.id}", self.forbid)):
                self.note(node, name)

    def visit_Call(self, node: ast.Call) -> None:  # noqa: N802
        function = self.names.of(node.func)
        text = _text(node.args[0]) if node.args else None
        if function in ("builtins.exec", "builtins.eval", "builtins.compile"):
            if text is None or self.depth == _DEEPEST:
                self.note(node, function, sure=False)
            else:
                inner = _read(text, self.forbid, self.names, self.depth + 1)
                code = self.lines[node.lineno - 1].strip()[:200]
                self.found += [Found(f.name, node.lineno, code, f.sure) for f in inner]
        elif function in ("builtins.__import__", "importlib.import_module"):
            self._imported_by_call(node, function, text)
        elif function == "builtins.getattr" and self._leads_there(node.args):
            self.note(node, function, sure=False)
        self.generic_visit(node)

    def _imported_by_call(self, node: ast.Call, function: str, text: str | None) -> None:
        if text is None:
            self.note(node, function, sure=False)
        elif name := match(text, self.forbid):
            self.note(node, name)

    def _leads_there(self, args: list[ast.expr]) -> bool:
        """Whether `getattr` with a name that is put together could give something forbidden."""
        if len(args) < 2 or _text(args[1]) is not None:
            return False
        dotted = self.names.of(args[0])
        return bool(dotted) and any(name.startswith(dotted + ".") or name == dotted for name in self.forbid)
