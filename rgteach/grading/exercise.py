"""One exercise of one submission: what the child is asked to run, and what its answer is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from rgteach.course import feedback
from rgteach.course.card import Card
from rgteach.course.check import cannot
from rgteach.course.judge import Verdict, judge
from rgteach.course.keys import Case, Key
from rgteach.course.run import Call
from rgteach.grading import calls, policy, score, seeds
from rgteach.grading.asking import Both
from rgteach.grading.master import Master
from rgteach.grading.model import Answer, ExerciseGrade, Flag, Submission
from rgteach.wording import say

CELL_SECONDS = 20.0  # for one cell; a call has the page's own limit


@dataclass(frozen=True)
class Task:
    """What one exercise asks: `data` goes to the child first, `hidden_inputs` later, and cases stay here."""

    data: dict
    public: tuple[Case, ...]
    hidden: tuple[Case, ...]

    @cached_property
    def hidden_inputs(self) -> list[list]:
        """The arguments of the cases that count."""
        return [calls.encoded(case.args) for case in self.hidden]


def task(lab: Master, key: Key, handed: Submission, secret: seeds.Secret) -> Task | None:
    """The task for an answer, None where nothing was written."""
    answer = handed.answers.get(key.id, Answer(key.id))
    if not answer.found:
        return None
    hidden = lab.hidden(key.id, secret.seeds(lab.lab, key.id, handed.student))
    data = {
        "context": lab.context(key.id, handed.lang, [*answer.helpers, *answer.cells]),
        "helpers": list(answer.helpers),
        "cells": list(answer.cells),
        "function": answer.function or key.function,
        "cases": _shown_to_all(lab, key.id),
        "seconds": key.seconds,
        "cell_seconds": CELL_SECONDS,
        "forbid": list(lab.policy(key.id).watched),
    }
    return Task(data, key.cases, hidden)


@lru_cache(maxsize=1000)
def _shown_to_all(lab: Master, exercise: str) -> list[list]:
    """The inputs of the public cases, which are the same for every student."""
    return [calls.encoded(case.args) for case in lab.key(exercise).cases]


def open_grade(key: Key, handed: Submission) -> ExerciseGrade:
    """An answer that a person marks."""
    text = handed.written.get(key.id, "")
    return ExerciseGrade(key.id, "by person", 0, key.points, source=text)


def grade(lab: Master, key: Key, handed: Submission, asked: Task | None, came: Both | None) -> ExerciseGrade:
    """What an answer earns: points from the hidden cases, words from the public ones."""
    answer = handed.answers.get(key.id, Answer(key.id))
    blank = ExerciseGrade(key.id, "not tried", 0, key.points, answer.found, flags=answer.flags)
    if asked is None:
        return blank
    rules = lab.policy(key.id)
    came = came or Both(calls.Came("start"), calls.Came("start"))
    read = policy.static(answer.source, rules, asked.data["context"])
    flags = (*answer.flags, *read, *_met(came, rules))
    seconds = round(came.public.seconds + came.hidden.seconds, 4)
    ran = replace(blank, source=answer.source, flags=flags, seconds=seconds)
    for one, detail in ((came.public, came.public.detail), (came.hidden, say("grade-new-case", handed.lang))):
        if one.ended:
            told = f"grade-{one.ended}"
            card = cannot(key.id, handed.lang, told, key.title, detail=detail)
            return replace(ran, outcome="cannot run", card=card, told=told)
    if not came.public.calls:
        return _never_called(ran, key, handed.lang, came.public)
    return _compared(ran, key, handed.lang, asked, came, lab.weights(key.id), rules)


def _met(came: Both, rules: policy.Policy) -> list[Flag]:
    """Breaches that the child noticed, each name once; the names are ours, whatever a frame says."""
    found = {flag.values["name"]: flag for flag in (*came.hidden.breaches, *came.public.breaches)}
    return [flag for name, flag in found.items() if name in rules.forbid]


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
    came: Both,
    weights: dict[str, float],
    rules: policy.Policy,
) -> ExerciseGrade:
    shown = came.public.calls
    verdict = judge(key, shown, came.public.again if len(shown) == len(asked.public) else None)
    steady = verdict.told != "diag-unsteady"
    earned = score.earn(key, asked.hidden, came.hidden.calls, weights, steady=steady)
    broken = any(flag.kind.startswith("breach") for flag in ran.flags)
    share = earned.share * (rules.keeps if broken else 1)
    public = len(shown) if verdict.outcome == "right" else score.right(key, key.cases, shown)
    if verdict.outcome == "not tried":
        outcome = "not tried"
    elif broken and (share < earned.share or not rules.keeps):  # stopped in the child, it earned nothing
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
