"""Text of a lesson as HTML: Markdown, formulas as MathML, and nothing that could run or ask for anything.

A browser sets MathML by itself, so no script has to be there.  Formulas are put in after the rest has been
cleaned, in the place of marks that no text can hold.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import cache

from rgteach.present.clean import clean
from rgteach.wording import say

_FIRST, _LAST = "\ue000", "\ue001"  # around the number of a formula; taken from the text before
_MARK = re.compile(f"{_FIRST}([0-9]+){_LAST}")


def to_html(text: str, picture: Callable[[str], str] | None = None, headings: list | None = None) -> str:
    """Markdown as clean HTML.

    Parameters
    ----------
    text : str
        Markdown with tables, `$formulas$` and perhaps some HTML.
    picture : function, optional
        Gives the `data:` address of a picture from its address in the text, "" where there is none.
    headings : list, optional
        Is given `(level, title, id)` for each heading of level 1 or 2, whose ids are counted along it.
    """
    formulas: list[str] = []
    tokens = _parser().parse(text.replace(_FIRST, "").replace(_LAST, ""))
    for token in tokens:
        for part in token.children or [token]:
            if part.type in ("math_inline", "math_inline_double", "math_block", "math_block_label"):
                formulas.append(formula(part.content, display=part.type != "math_inline"))
                part.meta["mark"] = f"{_FIRST}{len(formulas) - 1}{_LAST}"
            elif part.type == "image":
                part.attrs["src"] = picture(str(part.attrs["src"])) if picture else ""
    if headings is not None:
        _name_headings(tokens, headings)
    cleaned = clean(_parser().renderer.render(tokens, _parser().options, {}))
    return _MARK.sub(lambda found: formulas[int(found[1])], cleaned)


def in_page(text: str, attachments: object = None) -> str:
    """Markdown for the page that Voilà serves, with the pictures that a cell holds itself."""
    from rgteach.present.pictures import attached

    return to_html(text, attached(attachments))


def formula(latex: str, *, display: bool) -> str:
    """A formula as MathML; one that is not understood as it was written."""
    from math_core import LatexError

    try:
        return _converter().convert_with_local_state(latex, displaystyle=display)
    except LatexError:
        name = "div" if display else "span"
        told = html.escape(say("handout-formula"), quote=True)
        return f'<{name} class="formula" title="{told}"><code>{html.escape(latex.strip())}</code></{name}>'


def _name_headings(tokens: list, headings: list) -> None:
    for token, inside in zip(tokens, tokens[1:], strict=False):
        if token.type == "heading_open" and token.tag in ("h1", "h2"):
            name = f"s-{len(headings) + 1}"
            token.attrs["id"] = name
            headings.append((int(token.tag[1]), plain(inside), name))


def plain(token) -> str:
    """The words of a heading, formulas as they are written."""
    return "".join(part.content for part in token.children or [] if part.type != "html_inline").strip()


def titles(text: str) -> list[tuple[int, str, int]]:
    """The headings of level 1 and 2 in Markdown: level, words, line."""
    tokens = _parser().parse(text)
    return [
        (int(token.tag[1]), plain(inside), token.map[0])
        for token, inside in zip(tokens, tokens[1:], strict=False)
        if token.type == "heading_open" and token.tag in ("h1", "h2")
    ]


@cache
def _parser():
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_digits=True, double_inline=True)
    for kind in ("math_inline", "math_inline_double", "math_block", "math_block_label"):
        parser.add_render_rule(kind, _mark)
    return parser


def _mark(self, tokens, place, options, env) -> str:
    mark = tokens[place].meta["mark"]
    return f"<p>{mark}</p>\n" if tokens[place].type.startswith("math_block") else mark


@cache
def _converter():
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False)
