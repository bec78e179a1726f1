"""Check a student's notebook from outside: the released notebook with the student's answers, run by nbval.

Of the student's file come the answers, and nothing else; all other cells are those of the released exercise
notebook, and in the place of each check stands one whose printed outcome nbval compares.  The notebook runs
in a fresh folder and in a kernel of its own, with the public key of the lab beside it.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rgteach.course import answer as self_test
from rgteach.course import handed, keys, runner
from rgteach.course.check import check_with, find_function
from rgteach.course.handed import HandedIn, Unreadable, Written
from rgteach.course.places import course_home
from rgteach.course.questions import Sealed
from rgteach.course.runner import Cell, Report
from rgteach.errors import LearnerError
from rgteach.wording import LANGUAGES, say

CELL_SECONDS = 60
_CHECK = "from rgteach.course import recheck as _recheck\n_recheck.tell({exercise!r}, globals(), {lang!r})"


@dataclass(frozen=True)
class Line:
    """What came of one exercise: an outcome of the check, or "by person"."""

    exercise: str
    title: str
    outcome: str
    told: str = ""
    points: float = 0


@dataclass(frozen=True)
class Checked:
    """A student's notebook, checked."""

    lab: str
    title: str
    lines: tuple[Line, ...]
    answered: int = 0
    questions: int = 0

    @property
    def ok(self) -> bool:
        """Whether all that was tried is right."""
        return all(line.outcome not in ("not yet", "cannot check") for line in self.lines)


@dataclass(frozen=True)
class Job:
    """The released lab that a student's notebook belongs to."""

    handed: HandedIn
    released: dict[str, dict]  # the exercise notebook in each language
    key: Path
    lang: str
    exercises: list[keys.Key]
    questions: list[Sealed]


def check(path: Path, lang: str, cell_seconds: float = CELL_SECONDS) -> Checked:
    """Check a student's notebook with the released checks.

    Parameters
    ----------
    path : path
        The notebook.
    lang : "en" or "zh"
        Of what is told; the notebook may be in the other.
    cell_seconds : float
        How long one cell may run.

    Raises
    ------
    Unreadable
        If the file is no notebook of the course.
    LearnerError
        If the course or nbval is not there.
    """
    for needed in ("nbval", "pytest", "ipykernel"):
        if importlib.util.find_spec(needed) is None:
            raise LearnerError("check-no-nbval", needed=needed, python=sys.executable)
    job = _job(handed.read(path), lang)
    answers = {key.id: _answer(job, key) for key in job.exercises if not key.is_open}
    found = _outcomes(job, answers, cell_seconds)
    lines = tuple(_line(key, found.get(key.id), lang) for key in job.exercises)
    right = [q for q in job.questions if _is_right(q, handed.letter(job.handed.cells, q.id))]
    title = job.exercises[0].lab_title.get(lang, "")
    return Checked(job.exercises[0].lab, title, lines, len(right), len(job.questions))


def _is_right(question: Sealed, given: str) -> bool:
    letter = self_test.plain(given)
    return letter in question.choices and question.opened(letter) is not None


def _job(student: HandedIn, lang: str) -> Job:
    home = course_home()
    if not (files := sorted((home / "exercises" / "keys").glob("*.json"))):
        raise LearnerError("cannot-no-keys", place=home)
    for file in files:
        text = file.read_text(encoding="utf-8")
        exercises, questions = keys.read(text), keys.read_questions(text)
        names = {item.id for item in (*exercises, *questions)}
        if student.lab == exercises[0].lab or (not student.lab and names & student.names):
            notebooks = {place: home / "exercises" / place / f"{file.stem}.ipynb" for place in LANGUAGES}
            released = {
                place: json.loads(notebook.read_text(encoding="utf-8"))
                for place, notebook in notebooks.items()
                if notebook.is_file()
            }
            if student.kind == "lesson":
                name = f"{file.stem}_exercise.ipynb"
                raise Unreadable("check-lesson", path=student.path.name, exercise=name)
            if not released:
                raise LearnerError("workspace-no-course", lang=lang, place=home)
            return Job(student, released, file, lang, exercises, questions)
    known = ", ".join(file.stem for file in files)
    raise Unreadable("check-not-ours", path=student.path.name, known=known)


def _answer(job: Job, key: keys.Key) -> list[str]:
    """The code cells that stand for an exercise: helpers first, then what was written for it."""
    unwritten = handed.stubs(
        _source(cell)
        for notebook in job.released.values()
        for cell in notebook["cells"]
        if _about(cell) == ("answer", key.id)
    )
    written = handed.answer(job.handed.cells, key.id, key.function, unwritten)
    sources = [cell.source for cell in written]
    others = [cell for cell in job.handed.cells if cell not in written and not _is_ours(cell)]
    return [*handed.helpers(others, sources, _released_names(job)), *sources]


def _is_ours(cell: Written) -> bool:
    return cell.role in ("answer", "check", "race", "choose")


def _released_names(job: Job) -> set[str]:
    """What the released notebook defines outside the answers, and what each answer defines."""
    notebook = next(iter(job.released.values()))
    plain = [_source(cell) for cell in notebook["cells"] if _about(cell)[0] in ("code", "answer")]
    return {name for source in plain for name in handed.defined(source)}


def _about(cell: dict) -> tuple[str, str]:
    about = cell["metadata"].get("rgteach", {})
    return about.get("role", ""), about.get("exercise", "")


def _source(cell: dict) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def _line(key: keys.Key, found: tuple[str, str] | None, lang: str) -> Line:
    title = key.title.get(lang, key.id)
    if key.is_open:
        return Line(key.id, title, "by person", points=key.points)
    outcome, told = found or ("cannot check", say("check-ended", lang))
    return Line(key.id, title, outcome, told, key.points)


def _outcomes(job: Job, answers: Mapping[str, list[str]], seconds: float) -> dict[str, tuple[str, str]]:
    """Outcome and sentence of each exercise; one that stops the run is left out, and the rest run again."""
    left_out: dict[str, tuple[str, str]] = {}
    while True:
        cells = list(_cells(job, {**answers, **dict.fromkeys(left_out, [])}))
        reports, told = runner.run(cells, job.key, job.lang, seconds)
        found = _found(cells, reports, told, job.lang, seconds)
        stopper = next((e for (_, e, _), report in zip(cells, reports, strict=True) if report.stopped), "")
        suffered = [e for e in found if e != stopper and (found | left_out)[e][0] == "cannot check"]
        if not stopper or stopper in left_out or not set(suffered) - set(left_out):
            return found | left_out
        left_out[stopper] = found[stopper]


def _found(
    cells: list[Cell], reports: list[Report], told: Mapping[str, tuple[str, str]], lang: str, seconds: float
) -> dict[str, tuple[str, str]]:
    """Outcome and sentence of each exercise, from nbval's report and from what the checks told."""
    found: dict[str, tuple[str, str]] = {}
    for (role, exercise, _), report in zip(cells, reports, strict=True):
        if role == "answer" and not report.passed:
            found.setdefault(exercise, ("cannot check", _reason(report, lang, seconds)))
        elif role == "check" and report.passed and told.get(exercise, ("",))[0] == "right":
            found[exercise] = ("right", "")
        elif role == "check":
            outcome, sentence = told.get(exercise, ("", ""))
            if outcome in ("not tried", "not yet"):
                found[exercise] = (outcome, sentence)
            elif exercise not in found:
                found[exercise] = ("cannot check", sentence or _reason(report, lang, seconds))
    return found


def _reason(report: Report, lang: str, seconds: float) -> str:
    if report.stopped:
        return say("check-stopped", lang, seconds=f"{seconds:g}")
    return report.last_line or say("check-ended", lang)


def _cells(job: Job, answers: Mapping[str, list[str]]) -> Iterator[Cell]:
    """The code that runs."""
    lang = job.handed.lang if job.handed.lang in job.released else next(iter(job.released))
    for cell in job.released[lang]["cells"]:
        role, exercise = _about(cell)
        if cell["cell_type"] != "code" or role in ("race", "choose"):
            continue
        if role == "check":
            yield Cell(role, exercise, _CHECK.format(exercise=exercise, lang=job.lang))
        elif role == "answer" and answers.get(exercise):
            yield from (Cell(role, exercise, source) for source in answers[exercise])
        else:
            yield Cell(role, exercise, _source(cell))


def tell(exercise: str, names: Mapping[str, object], lang: str) -> None:
    """In the kernel: print the outcome of a check, which nbval compares, and keep its first sentence."""
    key = keys.find(exercise)
    function, refusal = find_function(key, names, lang)
    card = refusal or check_with(key, function, lang)
    told = "" if card.outcome == "right" else first_sentence(card.sentences[0][1])
    runner.note(exercise, card.outcome, told)
    print(runner.printed(exercise, card.outcome), end="")


def first_sentence(text: str) -> str:
    """The first sentence of a text in either language."""
    line = text.strip().split("\n")[0]
    end = re.search(r"(?<!e\.g)(?<!i\.e)(?<!\bvs)[.!?](?=\s)|[。！？]", line)
    return line[: end.end()] if end else line
