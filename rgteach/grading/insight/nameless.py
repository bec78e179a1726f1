"""A text of Python without the names in it: what two who wrote the same with other names have in common."""

from __future__ import annotations

import re
from functools import cache
from keyword import kwlist

PLACE = "rgplace"  # and a number: stands for a name that was taken out
MOST = 1 << 15  # pieces that are remembered
_KEPT = frozenset((*kwlist, "match", "case", "type", "_"))  # to a parser these are more than names
PIECE = re.compile(
    r"""([^\W\d]\w*+(?!["'])|\d[\w.]*|\.\s*+\w+|\#[^\n]*"""  # a name, a number, an attribute, a remark
    r"""|\w*+(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'))"""  # a text
)


class _Kinds(dict):
    """What becomes of a piece: "" of a remark, None of a name, False where nothing can be taken out."""

    def __missing__(self, piece: str) -> str | bool | None:
        if len(self) > MOST:
            self.clear()
        self[piece] = found = _kind(piece)
        return found


_kinds = _Kinds()


def nameless(text: str) -> tuple[str, list[str]]:
    """The text with numbered places for its names, and the names in their order; "" where that cannot be.

    Remarks are left out and texts are empty.  Where a name could be hidden (in a text with braces, say) or is
    more than a name (an import), nothing is taken out.
    """
    pieces = PIECE.split(text)
    written = pieces[1::2]
    meant = {piece: _kinds[piece] for piece in dict.fromkeys(written)}
    if False in meant.values():
        return "", []
    names = [piece for piece, kind in meant.items() if kind is None]
    meant.update(zip(names, map(_place, range(len(names))), strict=True))
    pieces[1::2] = map(meant.__getitem__, written)
    lines = map(str.rstrip, "".join(pieces).split("\n"))
    form = "\n".join([line for line in lines if line])
    return (form, names) if form.isascii() else ("", [])


@cache
def _place(k: int) -> str:
    return f"{PLACE}{k}"


def _kind(piece: str) -> str | bool | None:
    first, last = piece[0], piece[-1]
    if first == "#":
        return "" if _can_be_written(piece) else False
    if last in "\"'":
        return '""' if first in "\"'" and "\\" not in piece and _can_be_written(piece) else False
    if piece == "import" or PLACE in piece and first == "." or not piece.isascii():
        return False
    return piece if first in ".0123456789" or piece in _KEPT or piece.startswith("__") else None


def _can_be_written(piece: str) -> bool:
    """Whether it can stand in a file: a parser refuses half of a pair of surrogates, even in a remark."""
    try:
        return bool(piece.encode())
    except UnicodeEncodeError:
        return False
