"""Code of a lesson, in a handful of colours that can be read on a light and a dark ground."""

from __future__ import annotations

import html

from rgteach.report.code import coloured

LONGEST = 60_000  # characters; what is longer is shown without colours


def highlighted(source: str) -> str:
    """Python as HTML; nothing in it can be markup."""
    plain = source.strip("\n")
    told = html.escape(plain) if len(plain) > LONGEST else coloured(plain).rstrip()
    return f"<pre><code>{told}</code></pre>"
