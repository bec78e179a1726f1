"""Grade one submission after the other: read, run behind the wall, compare here, count points.

A `Grader` holds what stays warm between submissions: the labs as the instructor keeps them, the secret, and
one box for each set of modules that a policy hides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from rgteach.course.stage import together
from rgteach.grading import exercise, master, score, seeds, submission
from rgteach.grading.asking import Both, ask
from rgteach.grading.beside import Surroundings
from rgteach.grading.early import ENTRY
from rgteach.grading.model import ExerciseGrade, Graded, Submission
from rgteach.grading.students import Found
from rgteach.sandbox.box import Box
from rgteach.sandbox.limits import DEFAULT, Limits


class Grader:
    """Grades one submission after the other; close it, or use it in a `with`.

    Parameters
    ----------
    root : path, optional
        The course; by default the one that is installed.
    secret : Secret
        Hidden cases are made from it.
    limits : Limits
        For the code of one submission.
    isolate : bool
        Without it nothing keeps a student's code apart, and what comes out is no grade.
    boxes : mapping, optional
        Boxes that have been started early (see `early`); they are closed here.
    meanwhile : function, optional
        Called once, when nothing is left to do here but to wait for a warm process.
    """

    def __init__(
        self,
        root: Path | None,
        secret: seeds.Secret,
        limits: Limits = DEFAULT,
        isolate: bool = True,
        boxes: Mapping[Surroundings, Box] | None = None,
        meanwhile: Callable[[], object] | None = None,
    ):
        self.masters = master.load(root)
        self.secret, self.limits, self.isolate = secret, limits, isolate
        self._boxes: dict[Surroundings, Box] = dict(boxes or {})
        self._meanwhile = [meanwhile] if meanwhile else []

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every warm process."""
        while self._boxes:
            self._boxes.popitem()[1].close()

    def grade(self, found: Found) -> Graded:
        """What a submission earns."""
        began = perf_counter()
        about = {"student": found.student, "shown": found.shown, "lab": found.lab}
        handed = submission.read(found.path, self.masters, **about)
        if handed.problem:
            return self._no_use(handed, perf_counter() - began)
        lab = self.masters[handed.lab]
        with together():  # one stage for all cases that are drawn
            tasks = {k.id: exercise.task(lab, k, handed, self.secret) for k in lab.keys if not k.is_open}
        ran = self._run(lab, handed, {name: task for name, task in tasks.items() if task})
        grades = []
        for key in lab.keys:
            if key.is_open:
                grades.append(exercise.open_grade(key, handed))
            else:
                grades.append(exercise.grade(lab, key, handed, tasks[key.id], ran.get(key.id)))
        done = self._graded(handed, lab, grades, perf_counter() - began)
        if any(item.told == "grade-start" for item in grades):  # our fault, so it is no zero of the student's
            return replace(done, problem="grade-not-run", told={"path": handed.path}, is_grade=False)
        return done

    def _no_use(self, handed: Submission, seconds: float) -> Graded:
        lab = self.masters.get(handed.lab)
        points = [key.points for key in lab.keys if not key.is_open] if lab else []
        return Graded(
            handed.path,
            handed.student,
            handed.lab,
            handed.lang,
            handed.digest,
            points=0,
            out_of=score.total(points),
            by_person=0,
            exercises=(),
            notes=handed.notes,
            problem=handed.problem,
            told=handed.told,
            seed=self.secret.fingerprint,
            edition=lab.edition if lab else "",
            is_grade=self.isolate,
            seconds=round(seconds, 4),
        )

    def _graded(
        self, handed: Submission, lab: master.Master, grades: list[ExerciseGrade], seconds: float
    ) -> Graded:
        closed = [g for g in grades if g.outcome != "by person"]
        right = sum(lab.is_right(question, handed.letters.get(question.id, "")) for question in lab.questions)
        return Graded(
            handed.path,
            handed.student,
            lab.lab,
            handed.lang,
            handed.digest,
            points=score.total(g.points for g in closed),
            out_of=score.total(g.out_of for g in closed),
            by_person=score.total(g.out_of for g in grades if g.outcome == "by person"),
            exercises=tuple(grades),
            answered=right,
            questions=len(lab.questions),
            notes=handed.notes,
            seed=self.secret.fingerprint,
            edition=lab.edition,
            is_grade=self.isolate,
            seconds=round(seconds, 4),
        )

    def _run(
        self, lab: master.Master, handed: Submission, tasks: Mapping[str, exercise.Task]
    ) -> dict[str, Both]:
        """What came of each exercise; those with the same policy share a child."""
        together: dict[tuple[str, ...], dict[str, exercise.Task]] = {}
        for name, asked in tasks.items():
            together.setdefault(lab.beside.hidden(name), {})[name] = asked
        while self._meanwhile:
            self._meanwhile.pop()()
        came: dict[str, Both] = {}
        for hidden, some in together.items():
            came |= ask(self._box(lab, hidden).run, handed.lang, some, self.limits.job_seconds)
        return came

    def _box(self, lab: master.Master, hidden: tuple[str, ...]) -> Box:
        around = lab.beside.loaded, hidden
        if around not in self._boxes:
            told = {"limits": self.limits, "isolate": self.isolate}
            self._boxes[around] = Box(ENTRY, preload=around[0], hidden=hidden, **told)
        return self._boxes[around]
