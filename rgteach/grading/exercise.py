"""One exercise of one submission: what the child is asked to run, and what its answer is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rgteach.course import feedback
from rgteach.course.card import Card
from rgteach.course.check import cannot
from rgteach.course.judge import Verdict, judge
from rgteach.course.keys import Case, Key
from rgteach.course.run import Call
from rgteach.grading import calls, policy, score, seeds
from rgteach.grading.master import Master
from rgteach.grading.model import Answer, ExerciseGrade, Submission

CELL_SECONDS = 20.0  # for one cell; a call has the page's own limit


@dataclass(frozen=True)
class Task:
    """What one exercise asks of the child: `data` goes there, `cases` (public, then hidden) stay here."""

    data: dict
    public: int
    cases: tuple[Case, ...]

    @property
    def hidden(self) -> tuple[Case, ...]:
        """The cases that count."""
        return self.cases[self.public :]


def task(lab: Master, key: Key, handed: Submission, secret: seeds.Secret) -> Task | None:
    """The task for an answer, None where nothing was written."""
    answer = handed.answers.get(key.id, Answer(key.id))
    if not answer.found:
        return None
    hidden = lab.hidden(key.id, secret.seeds(lab.lab, key.id, handed.student))
    cases = (*key.cases, *hidden)
    data = {
        "context": lab.context(key.id, handed.lang, [*answer.helpers, *answer.cells]),
        "helpers": list(answer.helpers),
        "cells": list(answer.cells),
        "function": answer.function or key.function,
        "cases": [*_shown_to_all(lab, key.id), *(calls.encoded(case.args) for case in hidden)],
        "seconds": key.seconds,
        "cell_seconds": CELL_SECONDS,
        "forbid": list(lab.policy(key.id).watched),
    }
    return Task(data, len(key.cases), cases)


@lru_cache(maxsize=1000)
def _shown_to_all(lab: Master, exercise: str) -> tuple[list, ...]:
    """The inputs of the public cases, which are the same for every student."""
    return tuple(calls.encoded(case.args) for case in lab.key(exercise).cases)


def open_grade(key: Key, handed: Submission) -> ExerciseGrade:
    """An answer that a person marks."""
    text = handed.written.get(key.id, "")
    return ExerciseGrade(key.id, "by person", 0, key.points, source=text)


def grade(
    lab: Master, key: Key, handed: Submission, asked: Task | None, came: calls.Came | None
) -> ExerciseGrade:
    """What an answer earns: points from the hidden cases, words from the public ones."""
    answer = handed.answers.get(key.id, Answer(key.id))
    blank = ExerciseGrade(key.id, "not tried", 0, key.points, answer.found, flags=answer.flags)
    if asked is None:
        return blank
    rules = lab.policy(key.id)
    read = policy.static(answer.source, rules, asked.data["context"])
    came = came or calls.Came("start")
    flags = (*answer.flags, *read, *came.breaches)
    ran = replace(blank, source=answer.source, flags=flags, seconds=round(came.seconds, 4))
    if came.ended:
        card = cannot(key.id, handed.lang, f"grade-{came.ended}", key.title, detail=came.detail)
        return replace(ran, outcome="cannot run", card=card, told=f"grade-{came.ended}")
    if not came.calls:
        return _never_called(ran, key, handed.lang, came)
    return _compared(ran, key, handed.lang, asked, came, lab.weights(key.id), rules)


def _never_called(ran: ExerciseGrade, key: Key, lang: str, came: calls.Came) -> ExerciseGrade:
    """There was no function to call: a cell failed before it, or it has another name."""
    if came.trouble:
        told, values = "grade-cell", {"type": came.trouble.type, "message": came.trouble.message}
    else:
        told, values = "grade-missing", {}
    card = cannot(key.id, lang, told, key.title, function=key.function, **values)
    if came.trouble:
        card = replace(card, own_lines=came.trouble.lines)
    return replace(ran, outcome="cannot run", card=card, told=told)


def _compared(
    ran: ExerciseGrade,
    key: Key,
    lang: str,
    asked: Task,
    came: calls.Came,
    weights: dict[str, float],
    rules: policy.Policy,
) -> ExerciseGrade:
    shown, counted = came.calls[: asked.public], came.calls[asked.public :]
    again = came.again
    verdict = judge(key, shown, again if len(shown) == asked.public else None)
    earned = score.earn(key, asked.hidden, counted, weights, steady=verdict.told != "diag-unsteady")
    broken = any(flag.kind.startswith("breach") for flag in ran.flags)
    share = earned.share * (rules.keeps if broken else 1)
    public = score.right(key, key.cases, shown)
    if verdict.outcome == "not tried":
        outcome = "not tried"
    elif broken and share < earned.share:
        outcome = "breach"
    else:
        outcome = "right" if share == 1 else "partly" if share > 0 else "wrong"
    return replace(
        ran,
        outcome=outcome,
        points=score.points(key.points, share),
        public=(public, len(key.cases)),
        groups=earned.groups,
        mistake=verdict.mistake,
        told="" if verdict.outcome == "right" else verdict.told,
        card=_card(key, verdict, shown, lang),
    )


def _card(key: Key, verdict: Verdict, shown: Sequence[Call], lang: str) -> Card:
    return feedback.card(key, verdict, shown, lang)
