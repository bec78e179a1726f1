"""Code of a lesson, coloured: a handful of classes whose colours can be read on a light and a dark ground."""

from __future__ import annotations

import html
from functools import cache

LONGEST = 60_000  # characters; what is longer is shown without colours


def highlighted(source: str) -> str:
    """Python as HTML; nothing in it can be markup."""
    plain = source.strip("\n")
    if len(plain) > LONGEST:
        return f"<pre><code>{html.escape(plain)}</code></pre>"
    done = []
    for kind, text in _lexer().get_tokens(plain):
        name, told = _class(kind), html.escape(text)
        done.append(f'<span class="{name}">{told}</span>' if name and text.strip() else told)
    return f"<pre><code>{''.join(done).rstrip()}</code></pre>"


@cache
def _lexer():
    from pygments.lexers.python import PythonLexer

    return PythonLexer(stripnl=False)


@cache
def _class(kind) -> str:
    """The class of a kind of token, "" for one that needs no colour."""
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    known = (
        (Keyword, "k"), (Operator.Word, "k"), (String, "s"), (Number, "m"), (Comment, "c"),
        (Name.Function, "n"), (Name.Class, "n"), (Name.Builtin, "n"),
    )  # fmt: skip
    return next((name for group, name in known if kind in group), "")
