"""The table of `rg.progress`: exercises, points, state and tries, lab by lab."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rgteach.course.card import ICONS, padded, width
from rgteach.course.keys import Key
from rgteach.wording import say

_COLUMNS = ("exercise", "points", "state", "tries", "hints")


@dataclass(frozen=True)
class Lab:
    """One lab: its number and title, the points reached and to be had, and a row an exercise."""

    name: str
    title: str
    reached: float
    points: float
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Table:
    """Progress as a table in Jupyter, and as aligned text elsewhere."""

    lang: str
    labs: tuple[Lab, ...]
    note: str = ""

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self):
        head = tuple(say(f"progress-{name}", self.lang) for name in _COLUMNS)
        rows = [head, *(row for lab in self.labs for row in lab.rows)]
        widths = [max(width(row[k]) for row in rows) for k in range(len(head))]
        for lab in self.labs:
            yield self._title(lab)
            for row in (head, *lab.rows):
                yield "  " + "  ".join(padded(c, w) for c, w in zip(row, widths, strict=True)).rstrip()
        if not self.labs:
            yield say("progress-nothing", self.lang)
        if self.note:
            yield self.note

    def _title(self, lab: Lab) -> str:
        points = {"reached": f"{lab.reached:g}", "points": f"{lab.points:g}"}
        return say("progress-lab", self.lang, lab=lab.name, title=lab.title, **points)

    def _repr_html_(self) -> str:
        lang = "zh-CN" if self.lang == "zh" else "en"
        parts = [f'<div class="rgteach-progress" lang="{lang}" style="color:inherit">']
        for lab in self.labs:
            parts.append(self._html_table(lab))
        if not self.labs:
            parts.append(f"<p>{html.escape(say('progress-nothing', self.lang))}</p>")
        if self.note:
            parts.append(f"<p>{html.escape(self.note)}</p>")
        return "".join([*parts, "</div>"])

    def _html_table(self, lab: Lab) -> str:
        left = "text-align:left;padding:.2em .8em"
        names = (html.escape(say(f"progress-{name}", self.lang)) for name in _COLUMNS)
        head = "".join(f'<th scope="col" style="{left}">{name}</th>' for name in names)
        body = "".join(
            "<tr>" + "".join(f'<td style="{left}">{html.escape(c)}</td>' for c in row) + "</tr>"
            for row in lab.rows
        )
        caption = f'<caption style="{left};font-weight:600">{html.escape(self._title(lab))}</caption>'
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def table(keys: Sequence[Key], known: Mapping[str, dict], lang: str, note: str = "") -> Table:
    """The table for the exercises of these keys."""
    labs = []
    for name, group in groupby(keys, key=lambda key: key.lab):
        exercises = list(group)
        reached = sum(k.points for k in exercises if known.get(k.id, {}).get("state") == "right")
        rows = tuple(_row(key, known.get(key.id, {}), lang) for key in exercises)
        title = exercises[0].lab_title.get(lang, "")
        labs.append(Lab(name, title, reached, sum(k.points for k in exercises), rows))
    return Table(lang, tuple(labs), note)


def _row(key: Key, entry: Mapping, lang: str) -> tuple[str, ...]:
    state = "cannot check" if key.is_open else entry.get("state", "not tried")
    told = say("outcome-by-person" if key.is_open else f"outcome-{state.replace(' ', '-')}", lang)
    if entry.get("solution"):
        told += say("progress-solution-seen", lang)
    title = f"{key.id} · {key.title.get(lang, '')}".rstrip(" ·")
    seen = f"{entry.get('hints', 0)}" if entry.get("hints") else ""
    return title, f"{key.points:g}", f"{ICONS[state]} {told}", str(entry.get("tries", 0)), seen
