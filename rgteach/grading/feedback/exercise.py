"""One exercise of a page: what came of it, why, what the public cases show, where to read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from rgteach.grading.feedback import cards, code, look
from rgteach.grading.feedback.again import Again
from rgteach.grading.feedback.text import inline, markdown, safe, sentences
from rgteach.grading.model import ExerciseGrade, Flag, Graded
from rgteach.report.html import element
from rgteach.wording import knows, say

GROUPS = ("ordinary", "edge", "degenerate")
_SURE = ("id", "mark", "")  # ways to find an answer that nobody has to be told of


def state(grade: ExerciseGrade, counts: bool) -> str:
    """The outcome as a word: where only public cases are known, nothing more is said to be right."""
    if grade.outcome in ("right", "partly", "wrong") and not (counts and grade.groups):
        if grade.card is not None and grade.card.by_person:
            return grade.outcome
        return "public" if 0 < grade.public[1] == grade.public[0] else "wrong"
    return grade.outcome.replace(" ", "-")


def points(grade: ExerciseGrade, lang: str) -> str:
    """`2 / 3 points`, or how many a person will give."""
    key = "feedback-points-open" if grade.outcome == "by person" else "feedback-points-of"
    return say(key, lang, points=number(grade.points), out_of=number(grade.out_of))


def number(value: float) -> str:
    """A number of points as short as it can be said."""
    return f"{round(value, 2):g}"


def title(grade: ExerciseGrade, again: Mapping[str, Again]) -> str:
    """The exercise as the page calls it."""
    if grade.exercise in again:
        return again[grade.exercise].title
    return (grade.card.title if grade.card else "") or grade.exercise


Told = Sequence[str]  # what came of each exercise, as HTML


def told(graded: Graded) -> Told:
    """What came of each exercise: made once, for the page and for the notebook."""
    return [_told(grade, graded.lang, graded.is_grade) for grade in graded.exercises]


def _told(grade: ExerciseGrade, lang: str, counts: bool) -> str:
    """`counts` says that this is a grade."""
    parts = (*_why(grade, lang, counts), *_card(grade, lang), *_flags(grade, lang))
    return _outcome(grade, lang, counts) + "".join(parts)


def section(place: str, grade: ExerciseGrade, told: str, lang: str, again: Mapping[str, Again]) -> str:
    """The section of an exercise."""
    heading = element("h2", safe(title(grade, again)))
    more = "".join(_more(grade, lang, again.get(grade.exercise)))
    return element("section", heading + told + more, id=place)


def brief(grade: ExerciseGrade, told: str, again: Mapping[str, Again]) -> str:
    """The same for a cell of a notebook: no heading, no hints, and the code stands above it."""
    heading = element("p", element("strong", safe(title(grade, again))))
    return heading + told.replace("<h3>", "<p><strong>").replace("</h3>", "</strong></p>")


def _more(grade: ExerciseGrade, lang: str, again: Again | None) -> Iterator[str]:
    if again and grade.outcome in ("partly", "wrong", "not tried", "cannot run", "breach"):
        yield from _again(grade, again, lang)
    if grade.source.strip():
        yield _written(grade, lang)


def _outcome(grade: ExerciseGrade, lang: str, counts: bool) -> str:
    earned = points(grade, lang) if counts or grade.outcome == "by person" else ""
    return _striped(state(grade, counts), earned, lang)


@lru_cache(maxsize=512)
def _striped(told: str, earned: str, lang: str) -> str:
    words = say(f"feedback-outcome-{told}", lang) + (f" · {earned}" if earned else "")
    icon = element("span", look.ICONS[told], aria_hidden="true", class_="icon") + " "
    return element("p", icon + safe(words), class_="outcome", style=f"--stripe: {look.STRIPES[told]}")


def _why(grade: ExerciseGrade, lang: str, counts: bool) -> Iterator[str]:
    if grade.outcome == "breach":
        yield element("p", inline(say("feedback-breach", lang)))
    if grade.outcome == "by person":
        key = "feedback-read-by-person" if grade.source.strip() else "feedback-nothing-written"
        yield element("p", inline(say(key, lang)))
    if grade.outcome == "not tried" and grade.card is None:
        yield element("p", inline(say("feedback-nothing", lang)))
    if not grade.groups or grade.outcome in ("not tried", "cannot run"):
        return
    yield _groups(tuple(ordered(grade)), counts, lang)
    yield from (element("p", inline(told)) for told in reasons(grade, lang))


def ordered(grade: ExerciseGrade) -> list[tuple[str, tuple[int, int]]]:
    """The groups of fresh cases in the order in which they are told."""
    known = [name for name in GROUPS if name in grade.groups]
    return [(name, grade.groups[name]) for name in (*known, *(n for n in grade.groups if n not in known))]


@lru_cache(maxsize=512)
def _groups(groups: tuple[tuple[str, tuple[int, int]], ...], counts: bool, lang: str) -> str:
    fresh = element("p", safe(say("feedback-fresh" if counts else "feedback-fresh-unsure", lang)))
    return fresh + element("ul", "".join(_group(*item, lang) for item in groups), class_="groups")


def _group(name: str, pair: tuple[int, int], lang: str) -> str:
    right, count = pair
    icon = element("span", "✓" if right == count else "✗", aria_hidden="true", class_="icon") + " "
    told = say("feedback-group", lang, group=group_name(name, lang), right=right, count=count)
    return element("li", icon + safe(told))


def group_name(name: str, lang: str) -> str:
    """What a group of cases is called."""
    for key in (f"feedback-group-{name}", f"group-{name}"):
        if knows(key):
            return say(key, lang)
    return name


def reasons(grade: ExerciseGrade, lang: str) -> Iterator[str]:
    """Why some points were not earned, and how to find a case that fails by oneself."""
    failed = [name for name, (right, count) in ordered(grade) if right < count]
    if not failed:
        return
    public_pass = 0 < grade.public[1] == grade.public[0]
    if public_pass:
        yield say("feedback-public-only", lang, count=grade.public[1])
        yield from (say(f"feedback-find-{name}", lang) for name in failed if name in GROUPS)
    if "ordinary" in failed and len(failed) < len(grade.groups):
        yield say("feedback-ordinary-first", lang)
    elif any(grade.groups[name][0] > 0 for name in failed):
        yield say("feedback-all-or-nothing", lang)


def _card(grade: ExerciseGrade, lang: str) -> Iterator[str]:
    found = grade.card
    if found is None:
        return
    if found.by_person:
        heading = "feedback-marked"
    elif grade.outcome == "cannot run" or found.outcome == "cannot check":
        heading = "feedback-stopped"
    elif grade.outcome == "not tried":
        heading = ""
    else:
        heading = "feedback-public"
    if heading:
        yield element("h3", safe(say(heading, lang)))
    if heading == "feedback-public" and found.outcome == "not yet":
        right, count = grade.public
        yield element("p", inline(say("feedback-public-count", lang, right=right, count=count)))
    yield cards.card(found, lang, grade.out_of, bool(grade.mistake))


def _flags(grade: ExerciseGrade, lang: str) -> Iterator[str]:
    told = [flag(one, lang) for one in grade.flags]
    if grade.found not in _SURE:
        told.insert(0, inline(say(f"feedback-found-{grade.found}", lang)))
    if told:
        yield element("h3", safe(say("feedback-flags", lang)))
        yield element("ul", "".join(element("li", one) for one in told))


def flag(one: Flag, lang: str) -> str:
    """A flag as HTML: its sentences, and the line of code that it is about."""
    told = " ".join(inline(sentence) for sentence in sentences(f"flag-{one.kind}", lang, one.values))
    if one.code.strip():
        where = say("feedback-line", lang, line=one.line) if one.line else ""
        told += f"<br>{safe(where)} {element('code', safe(one.code.strip()))}"
    return told


def _again(grade: ExerciseGrade, again: Again, lang: str) -> Iterator[str]:
    yield element("h3", safe(say("feedback-again", lang)))
    if again.lesson:
        key = "feedback-lesson-section" if again.section else "feedback-lesson"
        yield element("p", safe(say(key, lang, lesson=again.lesson, section=again.section)))
    for level, hint in enumerate(again.hints, 1):
        summary = safe(say("feedback-hint", lang, level=level, count=len(again.hints)))
        yield element("details", element("summary", summary) + markdown(hint))
    if again.hints:
        yield element("p", inline(say("feedback-hints", lang, exercise=grade.exercise)), class_="dim")


def _written(grade: ExerciseGrade, lang: str) -> str:
    is_text = grade.outcome == "by person" or (grade.card is not None and grade.card.by_person)
    if is_text:
        summary, shown = "feedback-text", element("div", markdown(grade.source), class_="written")
    else:
        summary, shown = "feedback-code", code.block(grade.source, say("feedback-code", lang))
    return element("details", element("summary", safe(say(summary, lang))) + shown)
