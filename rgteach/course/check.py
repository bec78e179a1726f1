"""What a student calls: `rg.check`, `rg.hint`, `rg.solution`, `rg.progress`."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from rgteach import wording
from rgteach.course import feedback, keys, run, strict
from rgteach.course import progress as record
from rgteach.course.card import Card, Note
from rgteach.course.judge import judge
from rgteach.course.keys import Key
from rgteach.course.table import Table, table
from rgteach.wording import say

Found = TypeVar("Found")


def check(exercise: str, function: Callable | None = None) -> Card:
    """Check an answer and say what is right, or which mistake it looks like.

    Parameters
    ----------
    exercise : str
        The name of the exercise, such as "glcm-pairs".
    function : callable, optional
        The answer; by default the function of the exercise's name in the notebook.

    Returns
    -------
    Card
        A card in Jupyter, plain text elsewhere; `outcome` is one of "not tried", "not yet", "right" and
        "cannot check".

    Raises
    ------
    NotRight
        Under nbgrader and under pytest, if the answer is not right.
    """
    names = sys._getframe(1).f_globals | sys._getframe(1).f_locals
    return strict.passed(_checked(exercise, function, names))


def _checked(exercise: str, function: Callable | None, names: Mapping[str, object]) -> Card:
    lang = wording.language()
    key, refusal = find_key(exercise, lang)
    if key is None:
        return refusal
    if key.is_open:
        record.record(key.id, "cannot check")
        card = cannot(key.id, lang, "cannot-open", key.title, points=f"{key.points:g}", exercise=key.id)
        return replace(card, by_person=True)
    function, refusal = find_function(key, names, lang, function)
    if refusal is not None:
        return refusal
    card = check_with(key, function, lang)
    record.record(key.id, card.outcome)
    return card


def find_function(
    key: Key, names: Mapping[str, object], lang: str, function: object = None
) -> tuple[Callable | None, Card | None]:
    """The student's function, by default the one among these names, or the card that says what is missing."""
    if function is None:
        if key.function not in names:
            return None, cannot(key.id, lang, "cannot-missing", key.title, **_missing(key, names, lang))
        function = names[key.function]
    if not callable(function):
        what = {"function": key.function, "type": type(function).__name__}
        return None, cannot(key.id, lang, "cannot-not-function", key.title, **what)
    return function, None


def check_with(key: Key, function: Callable, lang: str | None = None) -> Card:
    """Check a function against a key."""
    lang = lang or wording.language()
    calls, again = run.calls_and_again(function, [case.args for case in key.cases], key.seconds)
    try:
        return feedback.card(key, judge(key, calls, again), calls, lang)
    except Exception as error:  # a fault of ours must not look like one of the student's
        fault = f"{type(error).__name__}: {error}"
        return cannot(key.id, lang, "cannot-own-fault", key.title, fault=fault)


def cannot(
    name: str, lang: str, told: str, title: Mapping[str, str] | None = None, /, **values: object
) -> Card:
    """The card that says, in three sentences, what keeps a check from running."""
    advice = wording.advise(told, lang, **values)
    sentences = (
        ("", advice.what),
        (say("word-why", lang), advice.why),
        (say("word-try", lang), advice.try_),
    )
    return Card(name, "cannot check", lang, (title or {}).get(lang, name), sentences=sentences)


def find_key(exercise: object, lang: str) -> tuple[Key | None, Card | None]:
    """The key of an exercise, or the card that says why there is none."""
    return find(exercise, lang, keys.find, keys.all_keys, "cannot-unknown")


def find(
    name: object, lang: str, one: Callable[[str], Found | None], known: Callable[[], list], told: str
) -> tuple[Found | None, Card | None]:
    """What has this name in a key, or the card that says why nothing has, with the nearest name."""
    try:
        if found := one(str(name)):
            return found, None
        names = [item.id for item in known()]
    except keys.DamagedKey as error:
        return None, cannot(str(name), lang, "cannot-key", file=error.args[0])
    if not names:
        return None, cannot(str(name), lang, "cannot-no-keys", place=keys.course_home())
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.4)
    nearest = f'"{close[0]}"' if close else ", ".join(names)
    return None, cannot(str(name), lang, told, given=name, nearest=nearest)


def _missing(key: Key, names: Mapping[str, object], lang: str) -> dict:
    own = [n for n, value in names.items() if callable(value) and not n.startswith("_")]
    close = difflib.get_close_matches(key.function, own, n=1, cutoff=0.7)
    also = say("cannot-missing-near", lang, near=close[0], function=key.function) if close else ""
    return {"function": key.function, "also": also}


def hint(exercise: str, level: int | None = None) -> Note | Card:
    """Show a hint: a question, then a place to look, then half a line.

    Parameters
    ----------
    exercise : str
        The name of the exercise.
    level : 1, 2 or 3, optional
        Which hint; by default the next one that has not been shown.
    """
    lang = wording.language()
    key, refusal = find_key(exercise, lang)
    if key is None:
        return refusal
    hints = key.hints.get(lang, [])
    if not hints:
        return Note(say("hint-none", lang, exercise=key.id))
    if level is None:
        level = min(record.hints_seen(key.id) + 1, len(hints))
    if level not in range(1, len(hints) + 1):
        return Note(say("hint-level", lang, level=level, count=len(hints)))
    record.hints_seen(key.id, level)
    title = say("hint-title", lang, level=level, count=len(hints))
    more = "hint-more" if level < len(hints) else "hint-last"
    return Note(f"**{title}**\n\n{hints[level - 1]}\n\n{say(more, lang, exercise=key.id)}")


def solution(exercise: str) -> Note | Card:
    """Show the solution and its discussion, once an answer has been tried."""
    lang = wording.language()
    key, refusal = find_key(exercise, lang)
    if key is None:
        return refusal
    if not key.solution.get(lang) and not key.explain.get(lang):
        return Note(say("solution-left-out", lang, exercise=key.id))
    if not record.entries().get(key.id, {}).get("tries"):
        return Note(say("solution-try-first", lang, exercise=key.id))
    record.solution_seen(key.id)
    parts = [f"**{say('solution-title', lang)} · {key.title.get(lang, key.id)}**"]
    if key.solution.get(lang):
        parts.append(f"```python\n{key.solution[lang]}\n```")
    return Note("\n\n".join([*parts, key.explain.get(lang, "")]).strip())


def progress() -> Table | Card:
    """What is done, exercise by exercise and lab by lab."""
    lang = wording.language()
    told = record.where()
    try:
        known, asked = keys.all_keys(), keys.all_questions()
    except keys.DamagedKey as error:
        return cannot("progress", lang, "cannot-key", file=error.args[0])
    return table(known, record.entries(), lang, say(told, lang) if told else "", asked)
