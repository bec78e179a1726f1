"""The speaker's notes of a lesson: kept in a file beside it, so that no student's notebook holds them.

    notebooks/<lang>/NN_topic.notes.json     {"2": "what to say at the third heading", …}

Headings of level 1 and 2 are counted from 0 in the order of the page; `rgteach present` shows the notes in a
window of their own.  In the lessons of the course a note opens with its minutes; the names of demos and
sliders are bold and their settings code, so that the tests can hold them to what the screen says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from rgteach.course.model import Page
from rgteach.course.notebooks import NUMBER, UNKNOWN_NUMBER


def notes(page: Page, lang: str, numbers: Mapping[str, str]) -> dict[str, str]:
    """What to say at each heading that has notes, in Markdown."""
    told: dict[str, list[str]] = {}
    passed = 0
    for cell in page.cells:
        if cell.is_code:
            continue
        if cell.role == "notes":
            text = NUMBER.sub(lambda found: numbers.get(found[1], UNKNOWN_NUMBER), cell.text[lang])
            told.setdefault(str(max(passed - 1, 0)), []).append(text.strip())
        else:
            passed += _headings(cell.text[lang])
    return {place: "\n\n".join(texts) for place, texts in told.items()}


def file_text(found: Mapping[str, str]) -> str:
    """The notes as the file holds them, "" where there are none and no file should be."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n" if found else ""


def _headings(text: str) -> int:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(text)
    return sum(token.type == "heading_open" and token.tag in ("h1", "h2") for token in tokens)
