"""Marks put into the grades: points, and a card that says which line of the rubric earned what."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rgteach.course.card import Card
from rgteach.grading.model import ExerciseGrade, Graded
from rgteach.grading.rubric import lines, queue
from rgteach.grading.rubric.marks import Mark
from rgteach.wording import say


def merge_rubric(graded: Graded, marks: Mapping[str, Mark], root: Path | None = None) -> Graded:
    """A graded submission with the marks of its open answers; merging again changes nothing.

    Parameters
    ----------
    graded : Graded
        As it was graded, or merged before: marks that changed since then take the place of the old ones.
    marks : mapping of str to Mark
        By the name of the answer, as `marks.load` gives them.  Only complete ones count.
    root : path, optional
        The course, for the words of the rubric; by default the one that is installed.
    """
    if not any(queue.is_open(one) for one in graded.exercises):
        return graded
    rubrics = lines.find(graded.lab, graded.lang, root)
    done = tuple(
        _merged(graded, one, marks, rubrics) if queue.is_open(one) else one for one in graded.exercises
    )
    counted = [one for one in done if one.outcome != "by person"]
    return replace(
        graded,
        exercises=done,
        points=round(math.fsum(one.points for one in counted), 2),
        out_of=math.fsum(one.out_of for one in counted),
        by_person=math.fsum(one.out_of for one in done if one.outcome == "by person"),
    )


def _merged(graded: Graded, one: ExerciseGrade, marks: Mapping[str, Mark], rubrics) -> ExerciseGrade:
    mark = marks.get(queue.name(graded, one))
    if mark is None or not mark.complete:
        return replace(one, outcome="by person", points=0, card=None)
    total = min(mark.total, one.out_of)
    outcome = "right" if total >= one.out_of else "partly" if total > 0 else "wrong"
    if not total and not one.source.strip():
        outcome = "not tried"
    known = rubrics.get(one.exercise, lines.Rubric(one.exercise, one.exercise)).worth(one.out_of)
    return replace(one, outcome=outcome, points=total, card=_card(graded.lang, outcome, mark, known))


def _card(lang: str, outcome: str, mark: Mark, known: lines.Rubric) -> Card:
    told = [line.told for line in known.lines] if len(known.lines) == len(mark.of) else [""] * len(mark.of)
    sentences = [
        (say("rubric-line-earned", lang, points=f"{points:g}", of=f"{of:g}"), text)
        for points, of, text in zip(mark.points, mark.of, told, strict=True)
    ]
    if mark.comment.strip():
        sentences.append((say("rubric-comment-label", lang), mark.comment.strip()))
    shown = {"right": "right", "not tried": "not tried"}.get(outcome, "not yet")
    return Card(known.exercise, shown, lang, known.title, sentences=tuple(sentences), by_person=True)
