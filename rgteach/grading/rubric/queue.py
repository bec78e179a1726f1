"""The queue: open answers of a class, exercise by exercise, shuffled without names, near twins together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.grading.model import ExerciseGrade, Graded
from rgteach.grading.rubric import lines
from rgteach.grading.rubric.lines import Rubric

SEED = "rgteach"  # the order is the same each time, so that markers can share a queue


@dataclass(frozen=True)
class Answer:
    """What one student wrote for one open exercise."""

    id: str
    student: str
    lab: str
    lang: str
    exercise: str
    out_of: float
    text: str
    group: int = 0  # answers with the same number are nearly the same
    place: int = 1  # within its group
    together: int = 1  # so many are in it
    same: tuple[str, ...] = ()  # others whose text is the same, letter for letter


@dataclass(frozen=True)
class Queue:
    """The answers in the order in which they are marked, and how each exercise is marked."""

    answers: tuple[Answer, ...]
    rubrics: Mapping[tuple[str, str], Rubric]  # (lab, exercise) -> in the marker's language

    def rubric(self, answer: Answer) -> Rubric:
        """The rubric of an answer."""
        return self.rubrics[answer.lab, answer.exercise]

    @property
    def by_id(self) -> dict[str, Answer]:
        """The answers by their name."""
        return {answer.id: answer for answer in self.answers}


def is_open(one: ExerciseGrade) -> bool:
    """Whether a person marks it, or has."""
    return one.outcome == "by person" or (one.card is not None and one.card.by_person)


def name(graded: Graded, one: ExerciseGrade) -> str:
    """The name of an answer: another text is another answer, and is marked anew."""
    return named(graded.student, graded.lab, one.exercise, one.source)


def named(student: str, lab: str, exercise: str, text: str) -> str:
    """The name of what a student wrote for an exercise."""
    told = "\x00".join((student, lab, exercise, text.strip()))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def gather(
    graded: Iterable[Graded],
    lang: str,
    *,
    lab: str | None = None,
    seed: str = SEED,
    shuffled: bool = True,
    root: Path | None = None,
) -> Queue:
    """The queue of a class.

    Parameters
    ----------
    graded : list of Graded
        As `scores.json` holds them.
    lang : "en" or "zh"
        Of the rubrics: the marker's.
    lab : str, optional
        Only this lab.
    seed : str
        Of the order; the same for all who mark together.
    shuffled : bool
        Without it the answers stand by student.
    root : path, optional
        The course; by default the one that is installed.

    Raises
    ------
    LearnerError
        If there is nothing to mark.
    """
    by_exercise = _by_exercise(list(graded), lab)
    answers: list[Answer] = []
    rubrics = {}
    for (number, exercise), found in sorted(by_exercise.items()):
        known = lines.find(number, lang, root).get(exercise, Rubric(exercise, exercise))
        rubrics[number, exercise] = known.worth(max(a.out_of for a in found.values()))
        answers += _ordered(list(found.values()), seed if shuffled else None)
    return Queue(tuple(answers), rubrics)


def _by_exercise(graded: list[Graded], lab: str | None) -> dict[tuple[str, str], dict[str, Answer]]:
    found: dict[tuple[str, str], dict[str, Answer]] = {}
    for one in graded:
        for exercise in one.exercises:
            if is_open(exercise) and lab in (None, one.lab):
                made = _answer(one, exercise)
                found.setdefault((made.lab, made.exercise), {})[made.id] = made
    if not found:
        labs = ", ".join(sorted({one.lab for one in graded if one.lab})) or "-"
        raise LearnerError("rubric-nothing", lab=lab or "-", labs=labs, count=len(graded))
    return found


def _answer(graded: Graded, one: ExerciseGrade) -> Answer:
    text = one.source.strip()
    return Answer(name(graded, one), graded.student, graded.lab, graded.lang, one.exercise, one.out_of, text)


def _ordered(answers: list[Answer], seed: str | None) -> list[Answer]:
    """Groups in a shuffled order, what is empty last; within a group the same text one after the other."""
    from rgteach.grading.rubric import alike  # it needs NumPy, which the gradebook does without

    answers = sorted(answers, key=lambda a: (a.student, a.id) if seed is None else _chance(seed, a.id))
    found = alike.groups([answer.text for answer in answers])
    found.sort(key=lambda group: (not answers[group[0]].text, group[0]))
    done = []
    for number, group in enumerate(found):
        mine = sorted((answers[k] for k in group), key=lambda a: a.text)
        for place, answer in enumerate(mine, 1):
            same = tuple(a.id for a in mine if a.text == answer.text and a.id != answer.id)
            told = {"group": number, "place": place, "together": len(mine), "same": same}
            done.append(Answer(**{**answer.__dict__, **told}))
    return done


def _chance(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}\x00{name}".encode()).hexdigest()
