"""What a student calls in a self-test: `rg.answer`."""

from __future__ import annotations

import unicodedata

from rgteach import wording
from rgteach.course import keys
from rgteach.course import progress as record
from rgteach.course.card import Card
from rgteach.course.check import cannot, find
from rgteach.course.questions import Sealed
from rgteach.wording import say

_AROUND = " \t\n.,:;()[]{}*'\"。，、：；（）【】「」“”‘’…"


def answer(question: str, letter: str = "") -> Card:
    """Answer a question of the self-test, and read why when it is right.

    Parameters
    ----------
    question : str
        The name of the question, such as "wilcoxon-q1".
    letter : str
        The letter of your choice; small or capital, as you like.

    Returns
    -------
    Card
        A card in Jupyter, plain text elsewhere; `outcome` is one of "not tried", "not yet", "right" and
        "cannot check".
    """
    lang = wording.language()
    found, refusal = find(question, lang, keys.find_question, keys.all_questions, "cannot-no-question")
    if found is None:
        return refusal
    card = _card(found, letter, lang)
    record.record(found.id, card.outcome)
    return card


def _card(question: Sealed, given: object, lang: str) -> Card:
    title = say("answer-title", lang, number=question.number, count=question.count)
    letter = plain(given)
    known = say("answer-comma", lang).join(question.choices)
    if letter == "":
        first = question.choices[0]
        told = say("answer-none", lang, known=known, name=question.id, first=first)
        return Card(question.id, "not tried", lang, title, sentences=(("", told),))
    if letter not in question.choices:
        values = {"given": str(given)[:40], "known": known, "name": question.id, "first": question.choices[0]}
        return cannot(question.id, lang, "cannot-letter", {lang: title}, **values)
    try:
        why = question.opened(letter)
    except (ValueError, KeyError, TypeError):  # a damaged file
        return cannot(question.id, lang, "cannot-key", {lang: title}, file=f"{question.lab}_*.json")
    if why is None:
        sentences = (("", say("answer-wrong", lang, letter=letter)), ("", say("answer-nudge", lang)))
        return Card(question.id, "not yet", lang, title, sentences=sentences)
    sentences = (("", say("answer-right", lang, letter=letter)), ("", why.get(lang, "")))
    return Card(question.id, "right", lang, title, sentences=sentences)


def plain(given: object) -> str:
    """What was typed as one small letter, where it is one: " B." and "（ｂ）" are b."""
    if given is None:
        return ""
    return unicodedata.normalize("NFKC", str(given)).strip(_AROUND).lower()
