"""The file itself: contents, text, code and what it showed, in one page that loads nothing."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

from rgteach.present import code, markdown
from rgteach.present.handout import outputs
from rgteach.present.lessons import Lesson
from rgteach.present.pictures import attached
from rgteach.wording import TAGS, say

_LOOK = Path(__file__).with_name("look.css")
# nothing may run and nothing may be asked for, whatever a notebook held
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(lesson: Lesson, lang: str) -> str:
    """A lesson as a whole file.

    Parameters
    ----------
    lesson : Lesson
        As `lessons.read` gives it.
    lang : str
        Language of our own words where the notebook does not say its own.
    """
    lang = lesson.lang or lang
    headings: list[tuple[int, str, str]] = []
    body = "\n".join(part for cell in lesson.cells for part in _cell(cell, lesson, lang, headings) if part)
    if not any(level == 1 for level, _, _ in headings):
        body = f"<h1>{_words(lesson.title)}</h1>\n{body}"
    contents = _contents(headings, lang)
    first = f'<a class="skip" href="#lesson">{_words(say("handout-skip", lang))}</a>' if contents else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{TAGS[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_words(lesson.title)}</title>\n<style>\n{_LOOK.read_text(encoding='utf-8')}</style>\n</head>\n"
        f'<body>\n{first}{contents}<main id="lesson">\n{body}\n</main>\n</body>\n</html>\n'
    )


def _words(said: str) -> str:
    return html.escape(outputs.seen(said), quote=True)


def _cell(cell: dict, lesson: Lesson, lang: str, headings: list) -> Iterator[str]:
    if cell["cell_type"] == "markdown":
        pictures = attached(cell.get("attachments"), lesson.path.resolve().parent)
        yield markdown.to_html(cell["source"], pictures, headings)
    elif cell["cell_type"] == "code":
        if cell["source"].strip():
            yield _code(cell["source"], lang)
        yield from (outputs.to_html(output, lang) for output in cell["outputs"])


def _code(source: str, lang: str) -> str:
    label = html.escape(say("handout-code", lang), quote=True)
    coloured = code.highlighted(outputs.seen(source))
    return f'<div class="handout-code" tabindex="0" role="group" aria-label="{label}">{coloured}</div>'


def _contents(headings: list[tuple[int, str, str]], lang: str) -> str:
    """A list of links, where there is more than one place to go to."""
    parts = [(title, name) for level, title, name in headings if level == 2]
    if len(parts) < 2:
        return ""
    items = "".join(f'<li><a href="#{name}">{_words(title)}</a></li>' for title, name in parts)
    label = _words(say("handout-contents", lang))
    return f'<nav aria-label="{label}"><p>{label}</p><ol>{items}</ol></nav>\n'
