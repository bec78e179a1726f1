"""The table of `rg.progress`: exercises, points, state and tries, lab by lab, and the sum."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rgteach.course.card import ICONS, padded, width
from rgteach.course.keys import Key
from rgteach.course.questions import Sealed
from rgteach.wording import say

_COLUMNS = ("exercise", "points", "state", "tries", "hints")
_CELL = "text-align:left;vertical-align:top;padding:.2em .6em .2em 0;white-space:normal"


@dataclass(frozen=True)
class Lab:
    """One lab: its number and title, points and questions reached and to be had, and a row an exercise.

    `by_person` are the points that a person gives, which are not among the others.
    """

    name: str
    title: str
    reached: float
    points: float
    by_person: float
    answered: int
    questions: int
    rows: tuple[tuple[str, ...], ...]
    begun: bool = False


@dataclass(frozen=True)
class Table:
    """Progress as a table in Jupyter, and as aligned text elsewhere."""

    lang: str
    labs: tuple[Lab, ...]
    note: str = ""

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        rows = [self._head(), *(row for lab in self.labs for row in lab.rows)]
        widths = [max(width(row[k]) for row in rows) for k in range(len(_COLUMNS))]
        for lab in self.labs:
            yield self._title(lab)
            for row in (self._head(), *lab.rows):
                yield "  " + "  ".join(padded(c, w) for c, w in zip(row, widths, strict=True)).rstrip()
        yield self._sum()
        if self.note:
            yield self.note

    def _head(self) -> tuple[str, ...]:
        return tuple(say(f"progress-{name}", self.lang) for name in _COLUMNS)

    def _title(self, lab: Lab) -> str:
        return say("progress-lab", self.lang, lab=lab.name, title=lab.title) + self._counts([lab])

    def _sum(self) -> str:
        if not self.labs:
            return say("progress-nothing", self.lang)
        return say("progress-sum", self.lang) + self._counts(self.labs)

    def _counts(self, labs: Sequence[Lab]) -> str:
        """Points, points by rubric and questions, of one lab or of all."""
        sums = {
            name: f"{sum(getattr(lab, name) for lab in labs):g}"
            for name in ("reached", "points", "by_person", "answered", "questions")
        }
        parts = [say("progress-reached", self.lang, **{k: sums[k] for k in ("reached", "points")})]
        if sums["by_person"] != "0":
            parts.append(say("progress-by-person", self.lang, points=sums["by_person"]))
        if sums["questions"] != "0":
            counts = {k: sums[k] for k in ("answered", "questions")}
            parts.append(say("progress-answered", self.lang, **counts))
        return " · ".join(parts)

    def _repr_html_(self) -> str:
        lang = "zh-CN" if self.lang == "zh" else "en"
        style = "color:inherit;max-width:46em;line-height:1.5"
        parts = [f'<div class="rgteach-progress" lang="{lang}" style="{style}">']
        parts += [self._html_lab(lab) for lab in self.labs]
        parts.append(f"<p><strong>{html.escape(self._sum())}</strong></p>")
        if self.note:
            parts.append(f"<p>{html.escape(self.note)}</p>")
        return "".join([*parts, "</div>"])

    def _html_lab(self, lab: Lab) -> str:
        """A line a lab, which opens to its exercises: one that was begun is open already."""
        title = html.escape(self._title(lab))
        head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(name)}</th>' for name in self._head())
        body = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{html.escape(c)}</td>' for c in row) + "</tr>"
            for row in lab.rows
        )
        return (
            f"<details{' open' if lab.begun else ''}>"
            f'<summary style="cursor:pointer;padding:.2em 0">{title}</summary>'
            f'<table style="margin:0 0 .6em 0;color:inherit" aria-label="{title}">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></details>"
        )


def table(
    keys: Sequence[Key],
    known: Mapping[str, dict],
    lang: str,
    note: str = "",
    asked: Sequence[Sealed] = (),
) -> Table:
    """The table for the exercises of these keys and the questions beside them."""
    labs = []
    for name, group in groupby(keys, key=lambda key: key.lab):
        labs.append(_lab(name, list(group), [q for q in asked if q.lab == name], known, lang))
    return Table(lang, tuple(labs), note)


def _lab(name: str, exercises: list[Key], asked: list[Sealed], known: Mapping[str, dict], lang: str) -> Lab:
    checked = [key for key in exercises if not key.is_open]
    right = {id for id, entry in known.items() if entry.get("state") == "right"}
    answered = sum(question.id in right for question in asked)
    rows = [_row(key, known.get(key.id, {}), lang) for key in exercises]
    if asked:
        tries = sum(known.get(question.id, {}).get("tries", 0) for question in asked)
        rows.append(_self_test(answered, len(asked), tries, lang))
    return Lab(
        name,
        exercises[0].lab_title.get(lang, ""),
        reached=sum(key.points for key in checked if key.id in right),
        points=sum(key.points for key in checked),
        by_person=sum(key.points for key in exercises if key.is_open),
        answered=answered,
        questions=len(asked),
        rows=tuple(rows),
        begun=any(row[3] != "0" for row in rows),
    )


def _row(key: Key, entry: Mapping, lang: str) -> tuple[str, ...]:
    state = "cannot check" if key.is_open else entry.get("state", "not tried")
    told = say("outcome-by-person" if key.is_open else f"outcome-{state.replace(' ', '-')}", lang)
    if entry.get("solution"):
        told += say("progress-solution-seen", lang)
    title = f"{key.id} · {key.title.get(lang, '')}".rstrip(" ·")
    seen = f"{entry.get('hints', 0)}" if entry.get("hints") else ""
    return title, f"{key.points:g}", f"{ICONS[state]} {told}", str(entry.get("tries", 0)), seen


def _self_test(answered: int, questions: int, tries: int, lang: str) -> tuple[str, ...]:
    icon = ICONS["right" if answered == questions else "not tried" if not tries else "not yet"]
    told = say("progress-right-of", lang, answered=answered, questions=questions)
    return say("progress-self-test", lang), "", f"{icon} {told}", str(tries), ""
