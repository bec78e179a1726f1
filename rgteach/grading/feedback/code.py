"""A student's code, in a handful of colours that can be read on any ground."""

from __future__ import annotations

import html

from rgteach.grading.feedback.text import clean
from rgteach.report.code import coloured

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
    told = html.escape(shown) if len(shown) > LONGEST_COLOURED else coloured(shown)
    return (
        f'<pre class="code" tabindex="0" role="group" aria-label="{html.escape(label)}">'
        f"<code>{told}{rest}</code></pre>"
    )
