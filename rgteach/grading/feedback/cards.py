"""The card of the public cases inside a page: the first difference, the recognised mistake, what to try."""

from __future__ import annotations

from functools import lru_cache

from rgteach.course.card import Card, Row
from rgteach.grading.feedback.text import inline, safe
from rgteach.report.html import element
from rgteach.wording import say


@lru_cache(maxsize=512)  # those who are right, and those who made the same mistake, are told the same
def card(found: Card, lang: str, out_of: float, known: bool) -> str:
    """What a card tells, without its headline; `known` says that a named mistake was recognised."""
    parts = [_rows(found.rows)] if found.rows else []
    for number, (label, sentence) in enumerate(found.sentences):
        if known and not number:
            label = say("feedback-known", lang)
        bold = element("strong", safe(label)) if label else ""
        parts.append(element("p", bold + inline(sentence)))
    if found.own_lines:
        told = "\n".join(f"{number:>4} | {code}" for number, code in found.own_lines)
        label = say("feedback-own-lines", lang)
        parts.append(
            f'<pre class="own" tabindex="0" role="group" aria-label="{safe(label)}">{safe(told)}</pre>'
        )
    parts += [element("p", inline(note), class_="dim") for note in notes(found, lang, out_of)]
    return "".join(parts)


def notes(found: Card, lang: str, out_of: float) -> list[str]:
    """The notes of a card that belong to what was run.

    Its points are those of a check, which are no grade; its hint stands in the page itself.
    """
    ours = {
        say("check-points", lang, points=f"{out_of:g}"),
        say("check-hint", lang, exercise=found.exercise),
    }
    return [note for note in found.notes if note not in ours]


def _rows(rows: tuple[Row, ...]) -> str:
    return element("dl", "".join(_row(row) for row in rows), class_="shown")


def _row(row: Row) -> str:
    label = safe(row.label)
    value = f'<pre tabindex="0" role="group" aria-label="{label}">{safe(row.value)}</pre>'
    return element("dt", label) + element("dd", value)
