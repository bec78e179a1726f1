"""The whole page: points first, then the exercises one by one; and a friendly one for a file of no use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rgteach.grading.feedback import exercise, look
from rgteach.grading.feedback.again import Again
from rgteach.grading.feedback.exercise import Told, number
from rgteach.grading.feedback.text import base, clean, inline, safe, sentences
from rgteach.grading.model import Graded
from rgteach.report import html
from rgteach.report.html import element
from rgteach.wording import say, tag


@dataclass(frozen=True)
class Late:
    """How late a submission was, and how many points the late policy takes for it."""

    days: float
    lost: float


def page(
    graded: Graded, again: Mapping[str, Again], late: Late | None = None, told: Told | None = None
) -> str:
    """The page as HTML, in the language of the student's notebook; `told` is what `exercise.told` made."""
    lang = graded.lang
    heading = title(graded, again)
    parts = [
        element("h1", safe(heading)),
        element("p", safe(say("feedback-for", lang, student=clean(graded.student))), class_="dim"),
    ]
    if graded.problem:
        parts += _problem(graded)
    else:
        parts += _whole(graded, again, late, exercise.told(graded) if told is None else told)
    return html.page(clean(heading), tag(lang), *parts, style=look.STYLE)


def title(graded: Graded, again: Mapping[str, Again]) -> str:
    """What the page is called."""
    named = next((found.lab for found in again.values() if found.lab), "")
    if not graded.lab:
        return say("feedback-heading-file", graded.lang, file=base(graded.submission))
    if not named:
        return say("feedback-heading", graded.lang, lab=graded.lab)
    return say("feedback-heading-named", graded.lang, lab=graded.lab, title=named)


def _problem(graded: Graded) -> Iterator[str]:
    """A file that nothing could be read from: what is wrong, and what to do."""
    lang = graded.lang
    told = [inline(sentence) for sentence in sentences(graded.problem, lang, graded.told)]
    first = element("p", safe(say("feedback-problem", lang)))
    yield element("div", first + "".join(element("p", one) for one in told), class_="headline")
    yield element("p", safe(say("feedback-problem-file", lang, file=base(graded.submission))))
    if graded.is_grade:
        yield element("p", safe(say("feedback-problem-points", lang)))
    yield from _notes(graded)


def _whole(graded: Graded, again: Mapping[str, Again], late: Late | None, told: Told) -> Iterator[str]:
    lang = graded.lang
    yield element("div", "".join(_headline(graded, late)), class_="headline")
    places = [f"exercise-{k}" for k in range(1, len(graded.exercises) + 1)]
    rows = [
        _row(place, one, lang, again, graded.is_grade)
        for place, one in zip(places, graded.exercises, strict=True)
    ]
    if rows:
        yield html.section(say("feedback-overview", lang), element("ul", "".join(rows), class_="marks"))
    if graded.questions:
        yield element("p", inline(self_test(graded)))
    yield from _notes(graded)
    for place, one, said in zip(places, graded.exercises, told, strict=True):
        yield exercise.section(place, one, said, lang, again)


def headline(graded: Graded) -> str:
    """The points in a sentence, or what a self-check found instead."""
    if graded.is_grade:
        points, out_of = number(graded.points), number(graded.out_of)
        return say("feedback-points", graded.lang, points=points, out_of=out_of)
    closed = [e for e in graded.exercises if e.public[1]]
    passed = sum(exercise.state(e, False) == "public" for e in closed)
    return say("feedback-self-check", graded.lang, count=passed, all=len(closed))


def _headline(graded: Graded, late: Late | None) -> Iterator[str]:
    lang = graded.lang
    yield element("p", safe(headline(graded)))
    if not graded.is_grade:
        yield element("p", safe(say("feedback-no-grade", lang)))
        return
    if graded.out_of:
        share = max(0.0, min(1.0, graded.points / graded.out_of))
        inside = element("span", "", style=f"width: {100 * share:.1f}%")
        yield element("div", inside, class_="bar", aria_hidden="true")
    if graded.by_person:
        yield element("p", safe(say("feedback-waiting", lang, points=number(graded.by_person))))
    if late is not None:
        yield element("p", safe(late_told(graded, late)))


def late_told(graded: Graded, late: Late) -> str:
    """How late it was and what that costs."""
    left = number(max(0.0, graded.points - late.lost))
    return say("feedback-late", graded.lang, days=number(late.days), lost=number(late.lost), left=left)


def self_test(graded: Graded) -> str:
    """How many letters were right, and no more: which ones would give the others away."""
    key = "feedback-self-test-all" if graded.answered == graded.questions else "feedback-self-test"
    return say(key, graded.lang, right=graded.answered, count=graded.questions)


def _row(place: str, one, lang: str, again: Mapping[str, Again], counts: bool) -> str:
    told = exercise.state(one, counts)
    icon = element("span", look.ICONS[told], aria_hidden="true", class_="icon") + " "
    link = element("a", safe(exercise.title(one, again)), href=f"#{place}")
    outcome = element("span", icon + safe(say(f"feedback-outcome-{told}", lang)))
    shown = exercise.points(one, lang) if counts or one.outcome == "by person" else ""
    return element("li", link + outcome + element("span", safe(shown), class_="points"))


def _notes(graded: Graded) -> Iterator[str]:
    if graded.notes:
        told = "".join(element("li", exercise.flag(note, graded.lang)) for note in graded.notes)
        yield html.section(say("feedback-notes", graded.lang), element("ul", told))
