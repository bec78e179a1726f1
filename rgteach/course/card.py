"""What a check shows: a card in Jupyter, plain text elsewhere; words and an icon, never colour alone.

The card takes the colours of the page around it, so it reads in dark and light themes; all that comes from
a student is escaped.
"""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass

from rgteach.wording import say, tag

ICONS = {"not tried": "○", "not yet": "✗", "right": "✓", "cannot check": "?"}
# a stripe beside the text: Okabe-Ito colours that stand out on white and on black
_STRIPES = {"not tried": "#8c8c8c", "not yet": "#d55e00", "right": "#009e73", "cannot check": "#56b4e9"}
_FRAME = (
    "border:1px solid var(--jp-border-color2,#8888);border-left:5px solid {stripe};border-radius:3px;"
    "padding:.5em .9em;margin:.2em 0;max-width:46em;color:inherit;background:transparent;line-height:1.5;"
    "font-family:var(--jp-content-font-family,sans-serif);font-size:var(--jp-content-font-size1,14px)"
)
_WIDE = 40  # columns that every card has room for
_PRE = (
    "margin:0;padding:0;white-space:pre;overflow-x:auto;color:inherit;background:transparent;"
    "font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,13px);line-height:1.35"
)


@dataclass(frozen=True)
class Row:
    """A label and a value that is shown as it would be printed."""

    label: str
    value: str


@dataclass(frozen=True)
class Card:
    """The answer of `rg.check`: `outcome` is "not tried", "not yet", "right" or "cannot check"."""

    exercise: str
    outcome: str
    lang: str
    title: str = ""
    rows: tuple[Row, ...] = ()
    sentences: tuple[tuple[str, str], ...] = ()  # (label, sentence): what, why, try
    own_lines: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    mistake: str = ""
    by_person: bool = False

    @property
    def headline(self) -> str:
        """The outcome in words, and the exercise."""
        outcome = "by-person" if self.by_person else self.outcome.replace(" ", "-")
        return f"{say(f'outcome-{outcome}', self.lang)} · {self.title or self.exercise}"

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self):
        yield f"{ICONS[self.outcome]} {self.headline}"
        wide = max((width(row.label) for row in self.rows), default=0)
        for row in self.rows:
            first, *rest = row.value.split("\n")
            yield f"  {padded(row.label, wide)}  {first}"
            yield from (" " * (wide + 4) + line for line in rest)
        for label, sentence in self.sentences:
            yield from (f"  {line}" for line in (label + sentence).split("\n"))
        for number, code in self.own_lines:
            yield f"      {number:>4} | {code}"
        for note in self.notes:
            yield from (f"  {line}" for line in note.split("\n"))

    def _repr_html_(self) -> str:
        frame = _FRAME.format(stripe=_STRIPES[self.outcome])
        return (
            f'<div class="rgteach-card" role="status" lang="{tag(self.lang)}" '
            f'data-outcome="{self.outcome}" style="{frame}">{"".join(self._html())}</div>'
        )

    def _html(self):
        icon = f'<span aria-hidden="true" style="font-weight:700">{ICONS[self.outcome]}</span>'
        yield f"<div>{icon} <strong>{safe(self.headline)}</strong></div>"
        if self.rows:
            yield "".join(_row(row) for row in self.rows)
        for label, sentence in self.sentences:
            bold = f"<strong>{safe(label)}</strong>" if label else ""
            yield f'<div style="margin-top:.4em">{bold}{_inline(sentence)}</div>'
        if self.own_lines:
            code = "\n".join(f"{number:>4} | {code}" for number, code in self.own_lines)
            yield _code(code, "margin-top:.4em")
        for note in self.notes:
            yield f'<div style="margin-top:.4em;font-size:.93em">{_inline(note)}</div>'


def _row(row: Row) -> str:
    return (
        '<div style="display:flex;gap:.8em;margin-top:.35em;align-items:baseline">'
        f'<div style="flex:0 0 6.5em">{safe(row.label)}</div>'
        f"{_code(row.value, 'flex:1;min-width:0', row.label)}</div>"
    )


def _code(text: str, look: str, label: str = "") -> str:
    """Text as it would be printed; where it may be wider than the card, the keyboard can scroll it."""
    reached = ""
    if max(map(width, text.split("\n"))) > _WIDE:
        reached = f' tabindex="0" role="group" aria-label="{safe(label)}"' if label else ' tabindex="0"'
    return f'<pre{reached} style="{_PRE};{look}">{safe(text)}</pre>'


def safe(text: str) -> str:
    """Text that cannot be anything but text in HTML."""
    return html.escape(text, quote=True)


def _inline(text: str) -> str:
    """Escaped text where `code` between backticks looks like code and lines stay lines."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    done = [f"<code>{safe(p)}</code>" if k % 2 else safe(p) for k, p in enumerate(parts)]
    return "".join(done).replace("\n", "<br>")


@dataclass(frozen=True)
class Note:
    """A text for the student, from a page's Markdown."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, columns: int) -> str:
    """Text filled up with spaces to so many columns."""
    return text + " " * (columns - width(text))
