"""One marker at work: what the page shows, and what it sends back, as plain data."""

from __future__ import annotations

import math

from rgteach.errors import LearnerError
from rgteach.grading.feedback.text import clean, inline, markdown
from rgteach.grading.rubric.marks import Mark, Marks
from rgteach.grading.rubric.queue import Answer, Queue
from rgteach.wording import say, tag

LONGEST_COMMENT = 4000
STEP = 0.25  # of a point


class Session:
    """A queue, its marks, and what this marker did last.

    Parameters
    ----------
    queue : Queue
        What there is to mark.
    marks : Marks
        Where marks are kept.
    lang : "en" or "zh"
        The marker's.
    names : bool
        Show who wrote an answer.
    """

    def __init__(self, queue: Queue, marks: Marks, lang: str, names: bool = False):
        self.queue, self.marks, self.lang, self.names = queue, marks, lang, names
        self._answers = queue.by_id
        self._done: list[tuple[str, Mark | None]] = []  # answers, and the mark that each had before

    def overview(self) -> dict:
        """The exercises with their rubrics, and the order of their answers."""
        exercises = []
        for (lab, exercise), rubric in self.queue.rubrics.items():
            mine = [a.id for a in self.queue.answers if (a.lab, a.exercise) == (lab, exercise)]
            lines = [{"points": line.points, "html": inline(line.told)} for line in rubric.lines]
            told = "" if any(line.told for line in rubric.lines) else markdown(rubric.told)
            title = f"{lab} · {clean(rubric.title)}"
            asked = markdown(rubric.asked)
            exercises.append({"title": title, "asked": asked, "told": told, "lines": lines, "answers": mine})
        return {"exercises": exercises, "lang": tag(self.lang), "marks": self.state(0)}

    def answer(self, name: str) -> dict:
        """One answer, with its mark.

        Raises
        ------
        KeyError
            If there is no such answer.
        """
        found = self._answers[name]
        about = []
        if found.together > 1:
            about.append(say("rubric-alike", self.lang, place=found.place, count=found.together))
        if found.same:
            about.append(say("rubric-same", self.lang, count=len(found.same)))
        if self.names:
            about.insert(0, clean(found.student))
        text = markdown(found.text) if found.text else ""
        return {
            "id": name,
            "html": text,
            "lang": tag(found.lang),
            "about": about,
            "same": len(found.same),
        } | (self._mark(name))

    def _mark(self, name: str) -> dict:
        found, mark = self._answers[name], self.marks.get(name)
        nothing = [None] * len(self.queue.rubric(found).lines)
        if mark is None:
            return {"points": nothing, "comment": "", "who": "", "complete": False}
        points = list(mark.points) if len(mark.points) == len(nothing) else nothing
        shown = {"comment": mark.comment, "who": clean(mark.who), "complete": None not in points}
        return {"points": points} | shown

    def state(self, since: int) -> dict:
        """Which answers were marked after a number, by whomever, and the number to ask with next."""
        self.marks.refresh()
        changed = {
            name: {"total": mark.total, "complete": mark.complete, "who": clean(mark.who)}
            for name, mark in self.marks.items()
            if name in self._answers and mark.number > since
        }
        return {"number": self.marks.number, "changed": changed}

    def mark(self, name: str, points: object, comment: object, same: bool = False) -> dict:
        """Keep a mark, for all answers with the same text if wanted.

        Raises
        ------
        LearnerError
            If the points are none that this rubric can give.
        KeyError
            If there is no such answer.
        """
        found = self._answers[name]
        given = self._checked(found, points)
        told = str(comment)[:LONGEST_COMMENT]
        for one in [found, *(self._answers[other] for other in found.same if same)]:
            self._keep(one, given, told)
        return self.answer(name)

    def _keep(self, found: Answer, points: tuple[float | None, ...], comment: str) -> None:
        before = self.marks.get(found.id)
        if before is not None and (before.points, before.comment) == (points, comment):
            return
        self._done.append((found.id, before))
        self.marks.add(found, [line.points for line in self.queue.rubric(found).lines], points, comment)

    def _checked(self, found: Answer, points: object) -> tuple[float | None, ...]:
        lines = self.queue.rubric(found).lines
        if not isinstance(points, list) or len(points) != len(lines):
            raise LearnerError("rubric-points-wrong", given=points, line=0, most=len(lines))
        for number, (given, line) in enumerate(zip(points, lines, strict=True), 1):
            check(given, number, line.points)
        return tuple(None if given is None else float(given) for given in points)

    def undo(self) -> str:
        """Take back what this marker did last; the answer's name, "" if there is nothing left.

        What was there before is written down once more, so the history keeps both.
        """
        if not self._done:
            return ""
        name, before = self._done.pop()
        found = self._answers[name]
        of = [line.points for line in self.queue.rubric(found).lines]
        points = before.points if before else [None] * len(of)
        self.marks.add(found, of, points, before.comment if before else "")
        return name


def check(given: object, number: int, most: float) -> None:
    """Refuse points that a line of the rubric cannot give.

    Raises
    ------
    LearnerError
        If it is no number, below 0, above the line's points, or no multiple of a quarter.
    """
    if given is None:
        return
    is_number = isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)
    if not is_number or given < 0 or given % STEP:
        raise LearnerError("rubric-points-wrong", given=given, line=number, most=f"{most:g}")
    if given > most:
        raise LearnerError("rubric-points-too-high", given=f"{given:g}", line=number, most=f"{most:g}")
