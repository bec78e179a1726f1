"""What was misunderstood, counted: mistakes that a page knows by name, and what could be told otherwise."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rgteach import wording
from rgteach.course.keys import Key
from rgteach.grading.insight.classroom import Classroom
from rgteach.grading.model import ExerciseGrade

# the end of a sentence: not after "e.g." or inside a number
_END_EN = re.compile(r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<=[.!?])[”\"')]?\s+(?=\S)")
_END_ZH = re.compile(r"(?<=[。！？])(?=[^”’」）])")

SHORT = {"en": 45, "zh": 18}  # letters


@dataclass(frozen=True)
class Told:
    """One thing that some of a class were told about one exercise."""

    exercise: str
    name: str  # of the mistake, or the key of the diagnosis
    named: bool
    sentence: str  # the first of what they were told
    count: int


def counted(room: Classroom, keys: dict[str, Key], lang: str) -> list[Told]:
    """All that was said about wrong answers, the most frequent first."""
    found = []
    for exercise in room.exercises:
        answered = room.answered(exercise)
        named = Counter(g.mistake for g in answered if g.mistake and g.outcome != "right")
        others = Counter(
            g.told for g in answered if g.told and not g.mistake and g.outcome not in ("right", "breach")
        )
        key = keys.get(exercise)
        for name, count in named.items():
            found.append(Told(exercise, name, True, _says(name, key, answered, lang), count))
        for name, count in others.items():
            found.append(Told(exercise, name, False, general(name, lang), count))
    return sorted(found, key=lambda t: (-t.count, not t.named, t.exercise, t.name))


def _says(name: str, key: Key | None, answered: list[ExerciseGrade], lang: str) -> str:
    """The first sentence of what the page says about a mistake; without a page, of what a student saw."""
    for mistake in key.mistakes if key else ():
        if mistake.name == name:
            return first_sentence(mistake.says[lang], lang)
    for grade in answered:
        if grade.mistake == name and grade.card and grade.card.sentences:
            return first_sentence(grade.card.sentences[0][1], grade.card.lang)
    return name.replace("-", " ")


def first_sentence(text: str, lang: str) -> str:
    """The first sentence of a text in a language; after a short one, which mostly says what is right
    ("Contrast is right."), the next as well unless it asks something.
    """
    first, *more = (_END_ZH if lang == "zh" else _END_EN).split(text.strip())
    if more and len(first) < SHORT[lang] and not more[0].endswith(("?", "？")):
        return f"{first}{'' if lang == 'zh' else ' '}{more[0]}"
    return first


def general(key: str, lang: str) -> str:
    """What a diagnosis says, with … where each student's own value stands."""
    if not wording.knows(key):
        return key.replace("-", " ")
    blanks: dict[str, str] = {}
    while True:
        try:
            return _what(key, lang, blanks)
        except KeyError as missing:
            blanks[missing.args[0]] = _Blank("…")


def _what(key: str, lang: str, values: dict[str, str]) -> str:
    """What happened, of a message of three parts or of one."""
    try:
        return wording.advise(key, lang, **values).what
    except TypeError:
        return wording.say(key, lang, **values)


class _Blank(str):
    """Stands for a value in any format."""

    def __format__(self, spec: str) -> str:
        return str(self)
