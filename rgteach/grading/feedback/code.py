"""A student's code, coloured by Pygments: a handful of classes whose colours can be read on any ground."""

from __future__ import annotations

import html
from functools import lru_cache

from rgteach.grading.feedback.text import clean

LONGEST_COLOURED = 20_000  # characters: what is longer is shown as it is
LONGEST_SHOWN = 60_000

# the dark colours are told twice: a reader's choice is asked for by the page's own rule
STYLE = """
pre.code { background: var(--raised); border: 1px solid var(--line); border-radius: 4px; margin: .4rem 0;
  padding: .6rem .8rem; overflow-x: auto; font-size: .86rem; line-height: 1.45; white-space: pre;
  tab-size: 4; }
pre.code:focus-visible { outline: 2px solid var(--mark); }
:root { --key: #00558f; --text: #0b6239; --number: #8a3b00; --name: #5f3a96; }
@media (prefers-color-scheme: dark) { :root { --key: #7fc4f5; --text: #84d8ad; --number: #f0b277;
  --name: #cdb0f2; } }
.k { color: var(--key); font-weight: 600; } .s { color: var(--text); } .m { color: var(--number); }
.n { color: var(--name); } .c { color: var(--dim); font-style: italic; }
@media print { :root { --key: #00558f; --text: #0b6239; --number: #8a3b00; --name: #5f3a96; }
  pre.code { white-space: pre-wrap; overflow-wrap: anywhere; } }
"""


def block(source: str, label: str) -> str:
    """Code as a block that the keyboard can reach, in case it is wider than the page."""
    shown = clean(source).strip("\n")
    rest = "\n…" if len(shown) > LONGEST_SHOWN else ""
    shown = shown[:LONGEST_SHOWN]
    coloured = html.escape(shown) if len(shown) > LONGEST_COLOURED else _coloured(shown)
    return (
        f'<pre class="code" tabindex="0" role="group" aria-label="{html.escape(label)}">'
        f"<code>{coloured}{rest}</code></pre>"
    )


def prepare() -> None:
    """Load what colours."""
    _coloured("pass")


@lru_cache(maxsize=512)  # a class hands in many answers that are letter for letter the same
def _coloured(source: str) -> str:
    done: list[str] = []
    for kind, text in _lexer().get_tokens(source):
        name = _class(kind)
        told = html.escape(text)
        done.append(f'<span class="{name}">{told}</span>' if name else told)
    return "".join(done).rstrip("\n")


@lru_cache(maxsize=1)
def _lexer():
    from pygments.lexers.python import PythonLexer

    return PythonLexer(stripnl=False)


@lru_cache(maxsize=256)
def _class(kind) -> str:
    """The class of a kind of token, "" for one that needs no colour."""
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    known = (
        (Keyword, "k"),
        (Operator.Word, "k"),
        (String, "s"),
        (Number, "m"),
        (Comment, "c"),
        (Name.Function, "n"),
        (Name.Class, "n"),
        (Name.Builtin, "n"),
    )
    return next((name for group, name in known if kind in group), "")
