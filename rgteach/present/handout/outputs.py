"""What a cell showed, as HTML that only shows: pictures with their words, tables, printed lines, errors."""

from __future__ import annotations

import base64
import html
import re

from rgteach.present import markdown
from rgteach.present.clean import clean
from rgteach.present.lessons import text
from rgteach.present.pictures import inlined
from rgteach.wording import say

LONGEST = 200_000  # characters of one printed output
# colours and movements of a terminal; letters that cannot be seen, or that turn others around
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")


def to_html(output: dict, lang: str) -> str:
    """One output, "" where there is nothing to show on paper."""
    kind = output.get("output_type")
    if kind == "stream":
        return printed(text(output.get("text")), say("handout-printed", lang))
    if kind == "error":
        lines = output.get("traceback")
        told = "\n".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ""
        named = f"{text(output.get('ename'))}: {text(output.get('evalue'))}"
        return printed(told or named, say("handout-failed", lang), " handout-error")
    data = output.get("data")
    return _shown(data, lang) if isinstance(data, dict) else ""


def _shown(data: dict, lang: str) -> str:
    """The richest form that needs no script: our HTML, a picture, Markdown, a formula, text."""
    if text(data.get("text/html")).strip():
        return f'<div class="handout-shown">{clean(text(data["text/html"]))}</div>'
    for kind in _PICTURES:
        address = _address(kind, text(data.get(kind)))
        if address:
            alt = html.escape(text(data.get("text/plain")), quote=True)
            return f'<p class="handout-shown"><img src="{address}" alt="{alt}"></p>'
    if text(data.get("text/markdown")).strip():
        return f'<div class="handout-shown">{markdown.to_html(text(data["text/markdown"]))}</div>'
    if text(data.get("text/latex")).strip():
        return f'<p class="handout-shown">{_formula(text(data["text/latex"]))}</p>'
    plain = text(data.get("text/plain"))
    return printed(plain, say("handout-result", lang)) if plain.strip() else ""


def _address(kind: str, value: str) -> str:
    if not value:
        return ""
    short = kind.removeprefix("image/")
    if short == "svg+xml":
        return inlined(value.encode("utf-8", "replace"), short)
    try:
        return inlined(base64.b64decode("".join(value.split()), validate=True), short)
    except ValueError:
        return ""


def _formula(latex: str) -> str:
    inner = latex.strip()
    display = inner.startswith(("$$", "\\["))
    return markdown.formula(re.sub(r"^(\$\$?|\\\[|\\\()|(\$\$?|\\\]|\\\))$", "", inner), display=display)


def printed(said: str, label: str, more: str = "") -> str:
    """Lines as they were printed; the keyboard reaches them, in case they are wider than the page."""
    plain = seen(said)[:LONGEST].rstrip("\n")
    rest = "\n…" if len(said) > LONGEST else ""
    told = html.escape(plain + rest)
    named = f'tabindex="0" role="group" aria-label="{html.escape(label)}"'
    return f'<pre class="handout-printed{more}" {named}>{told}</pre>'


def seen(said: str) -> str:
    """Text without a terminal's colours; a line that was written over is what stood there last."""
    plain = _ESCAPES.sub("", said).replace("\r\n", "\n")
    lines = [line.rstrip("\r").rsplit("\r", 1)[-1] for line in plain.split("\n")]
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", "\n".join(lines))
