"""The way through an answer, put together from those of its lines: a class writes the same ones again.

`way` says of a text what `normal.walk` says, in a part of the time.  A line is parsed once for all who wrote
it, with whatever names: its names are taken out, what is left is looked up, and they are put back.  Known
here is how lines make blocks (if, elif, else, for, while, with, def); where a text has anything else (try,
class, a tab, a line that no parser takes), `normal.walk` reads all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rgteach.grading.insight import normal
from rgteach.grading.insight.blocks import Blocks, Unusual
from rgteach.grading.insight.nameless import PIECE, PLACE, nameless
from rgteach.grading.insight.normal import NAME, Walk

LONGEST = 400  # letters of a line: in a longer one the parser's own limits are near
MOST = 1 << 14  # lines that are remembered
_HEADS = frozenset(("if", "elif", "else", "for", "while", "with", "def"))
_WORD = re.compile(r"[a-z]+")
_UNUSUAL = ("\\\n", "\t", "\r", "\f", "\v", "\0", "'''", '"""')
# a docstring, or a remark in quotes, that stands by itself
_DOC = re.compile(r'^( *)(?:"""(?:(?!""")[^\\])*"""|\'\'\'(?:(?!\'\'\')[^\\])*\'\'\') *$', re.MULTILINE)


def way(text: str) -> Walk:
    """The way through a text; raises one of `normal.UNREADABLE` where it is no Python."""
    try:
        lines = _lines_of(usual(text))
    except Unusual:
        return normal.walk(text)
    found = Walk()
    for line in lines:
        found.found += line.found
        found.names |= line.names
        found.own.update(line.own)
        found.libraries |= line.libraries
    return found


def usual(text: str) -> str:
    """The text with `pass` for what stands in three quotes by itself; `Unusual` where that is not enough."""
    if _is_unusual(text):
        text = _DOC.sub(r"\1pass", text)
        if _is_unusual(text):
            raise Unusual
    return text


def _is_unusual(text: str) -> bool:
    return any(what in text for what in _UNUSUAL)  # much faster than one pattern for all


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line says: its part of a way, and the word that begins a block with it."""

    indent: int
    head: str
    found: tuple[str, ...] = ()
    names: dict[str, None] | tuple = ()
    own: tuple[str, ...] = ()
    libraries: dict[str, str] | tuple = ()


_OTHER = _Line(-1, "other")  # cannot be read by itself
_OPEN = _Line(-1, "open")  # a bracket goes on in the next line
_END = _Line(0, "", ("end",), {}, (), {})


def _lines_of(text: str) -> list[_Line]:
    """The lines of a text, and what ends its blocks."""
    blocks = Blocks(_END)
    rest = iter(text.split("\n"))
    for written in rest:
        line = _known[written]
        while line is _OPEN:
            if (more := next(rest, None)) is None:
                raise Unusual
            written = f"{written}\n{more}"
            line = _known[written]
        if line is _OTHER:
            raise Unusual
        if line is not None:
            blocks.add(line)
    return blocks.end()


class _Known(dict):
    """What is known of lines as they were written; None for those that say nothing."""

    def __missing__(self, written: str) -> _Line | None:
        if len(self) > MOST:
            self.clear()
        try:
            found = _read(written)
        except (Unusual, *normal.UNREADABLE):
            found = _OTHER
        self[written] = found
        return found


_known = _Known()


def _read(written: str) -> _Line | None:
    """What a line says."""
    bare = written.lstrip(" ")
    if not bare or bare[0] == "#":
        return None
    if len(bare) > LONGEST:
        return _OTHER
    if _brackets("".join(PIECE.split(bare)[::2])):
        return _OPEN
    indent = len(written) - len(bare)
    form, names = nameless(bare)
    if not form:
        return _parsed(_without_remarks(bare), indent)
    found = _parsed(form, indent)
    meant = {f"{PLACE}{k}": name for k, name in enumerate(names)}
    tokens = {NAME + place: NAME + name for place, name in meant.items()}
    return _Line(
        indent,
        found.head,
        tuple([tokens.get(token, token) for token in found.found]),
        {meant.get(name, name): None for name in found.names},
        tuple([meant.get(name, name) for name in found.own]),
        {},
    )


def _brackets(marks: str) -> int:
    """How many brackets a line opens and does not close."""
    found = sum(map(marks.count, "([{")) - sum(map(marks.count, ")]}"))
    if found < 0 or "'" in marks or '"' in marks:
        raise Unusual
    return found


def _without_remarks(text: str) -> str:
    return PIECE.sub(lambda piece: "" if piece[0][0] == "#" else piece[0], text)


@lru_cache(maxsize=MOST)
def _parsed(text: str, indent: int) -> _Line:
    """What a parser says of a line without remarks."""
    word = _WORD.match(text)
    head = word[0] if word and word[0] in _HEADS and text.rstrip().endswith(":") else ""
    if head == "else":
        if text.replace(" ", "") != "else:":
            raise Unusual
        return _Line(indent, head, (), {}, (), {})
    found = normal.walk(f"{text[2:] if head == 'elif' else text}\n pass" if head else text)
    if head and found.found.pop() != "end":
        raise Unusual
    return _Line(indent, head, tuple(found.found), found.names, tuple(found.own), found.libraries)
