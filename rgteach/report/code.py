"""Python as HTML, coloured in a handful of classes: k keyword, s text, m number, c comment, n name.

One regular expression tells them apart, because a page for each student of a class is mostly code: a lexer
that knows all of Python takes as long as everything else that is done for a submission.  What is no Python
is coloured as far as it looks like it, and no letter is ever lost or becomes markup.
"""

from __future__ import annotations

import builtins
import html
import keyword
import re

_KEYWORDS = frozenset(keyword.kwlist)
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))
# a text without an end goes on to the end of its line, or of all where it has three quotes
_PART = re.compile(
    r"""
    (?P<c> \#[^\n]* )
  | (?P<s> (?:[rRbBuUfFtT]{1,2})? (?: '''(?:[^\\]|\\.)*?(?:'''|\\?\Z) | \"""(?:[^\\]|\\.)*?(?:\"""|\\?\Z)
                                    | '(?:[^'\\\n]|\\.)*'? | "(?:[^"\\\n]|\\.)*"? ) )
  | (?P<n> (?<=\bdef[ ])\w+ | (?<=\bclass[ ])\w+ )
  | (?P<m> 0[xXoObB][\da-fA-F_]+ | (?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?[jJ]? )
  | (?P<member> \.\w+ )
  | (?P<word> \w+ )
  | (?P<rest> [^\w\#'".]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)


def coloured(source: str) -> str:
    """The source as the inside of an element `code`."""
    done: list[str] = []
    for part in _PART.finditer(source):
        kind, text = part.lastgroup, part[0]
        if kind == "word":
            kind = "k" if text in _KEYWORDS else "n" if text in _BUILTINS else ""
        told = html.escape(text) if kind in ("c", "s", "rest") else text
        done.append(f'<span class="{kind}">{told}</span>' if kind in _CLASSES else told)
    return "".join(done)


_CLASSES = frozenset("ksmcn")
