"""`rgteach grade`: submissions in, `scores.csv`, `scores.json` and a page for each student out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.cli.shape import one_of, whole
from rgteach.errors import LearnerError
from rgteach.wording import say

MOST_LINES = 40  # submissions that are shown one by one; a larger class is summed up
MOST_TOLD = 8  # files of no use that are told one by one in a larger class


@dataclass(frozen=True)
class Wish:
    """How to grade."""

    out: Path
    root: Path | None = None
    secret_file: Path | None = None
    jobs: int | None = None
    lab: str = ""
    naming: str = "auto"
    scheduler: str | None = None
    insecure: bool = False
    self_check: bool = False
    feedback: bool = True
    fresh: bool = False

    @classmethod
    def from_words(cls, out: Path | None, jobs: str | None, lab: str | None, **more) -> Wish:
        """The options as they were typed."""
        if out is None:
            raise WrongUsage("cli-grade-needs-out")
        count = whole("--jobs", jobs)
        if count is not None and count < 1:
            raise WrongUsage("cli-grade-jobs", given=jobs)
        return cls(out, jobs=count, lab=(lab or "").zfill(2) if lab else "", **more)


@dataclass
class Tally:
    """What is remembered of a class while it is graded: counts, and some lines to show."""

    lines: list[tuple[str, ...]] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    labs: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0, 0.0, 0.0]))
    done: int = 0
    problems: int = 0  # files of no use
    failed: int = 0  # submissions that the grader could not grade

    def add(self, graded) -> None:
        """Take one submission."""
        from rgteach.grading.rows import problem

        self.done += 1
        told = problem(graded.problem, graded.told)
        if told:
            self.bad += [told] if len(self.bad) < MOST_TOLD else []
            self.problems += graded.problem.startswith("submission-")
            self.failed += not graded.problem.startswith("submission-")
        elif graded.lab:
            sums = self.labs[graded.lab]
            sums[0] += 1
            sums[1] += graded.points
            sums[2] = max(sums[2], graded.out_of)
        if len(self.lines) <= MOST_LINES:
            self.lines.append((graded.student, graded.lab, _points(graded), told or _noted(graded)))

    @property
    def code(self) -> int:
        """The exit code."""
        return 3 if self.failed else 1 if self.problems else 0


def _points(graded) -> str:
    told = say("cli-grade-points", points=f"{graded.points:g}", out_of=f"{graded.out_of:g}")
    return told + (f" + {graded.by_person:g}" if graded.by_person else "")


def _noted(graded) -> str:
    count = len(graded.notes) + sum(len(grade.flags) for grade in graded.exercises)
    return say("cli-grade-look", count=count) if count else ""


def run(submissions: Sequence[Path], wish: Wish) -> int:
    """Grade what was handed in.

    Returns
    -------
    int
        0 when all was graded, 1 when some files are of no use, 3 when the grader failed on some.
    """
    if not submissions:
        raise WrongUsage("cli-grade-needs-submissions")
    from rgteach.grading import students

    if wish.lab:
        from rgteach.grading import master

        one_of("--lab", wish.lab, tuple(master.load(wish.root)))
    found = students.find(submissions, wish.naming, out=wish.out, lab=wish.lab)
    if not found:
        raise LearnerError("grade-nothing-found", paths=", ".join(map(str, submissions[:3])))
    if wish.self_check:
        screen.aside(say("cli-grade-no-grade"), "bold yellow")
    _make(wish.out)
    tally, kept = _graded(found, wish)
    _show(tally, wish, kept)
    return tally.code


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LearnerError("scores-not-written", folder=out, reason=reason) from None


def _graded(found: list, wish: Wish) -> tuple[Tally, int]:
    from rgteach.grading.grade import grade
    from rgteach.grading.write import Scores

    tally, pages = Tally(), _Pages(wish, {one.shown: one for one in found})
    with Scores(wish.out, {one.shown: one.handed_in for one in found}, fresh=wish.fresh) as scores:
        came = grade(
            found,
            root=wish.root,
            secret_file=wish.secret_file,
            jobs=wish.jobs,
            isolate=not wish.self_check,
            scheduler=wish.scheduler,
            insecure=wish.insecure,
            meanwhile=pages.prepare,
        )
        marked = _marked(wish)
        for graded in map(marked, _with_progress(came, len(found))):
            scores.add(graded)
            tally.add(graded)
            pages.write(graded)
    if scores.kept:
        screen.aside(say("cli-grade-kept", count=scores.kept, folder=wish.out), "dim")
    if len(scores.seeds) > 1:
        screen.aside(say("cli-grade-seeds", folder=wish.out), "bold yellow")
    return tally, scores.kept


def _marked(wish: Wish) -> Callable:
    """Gives a submission the marks that a person gave to its open answers before it was graded again."""

    @cache
    def given():  # when the first one has been graded: nothing is to keep the warm process from starting
        from rgteach.grading.rubric import marks

        return marks.load(wish.out)

    def merged(graded):
        from rgteach.grading.rubric import merge

        return merge.merge_rubric(graded, given(), wish.root) if given() else graded

    return merged


class _Pages:
    """Writes what each student gets back; of several submissions for a lab, for the one that counts."""

    def __init__(self, wish: Wish, found: dict):
        self.wish, self.found = wish, found
        self.newest: dict[tuple[str, str], tuple[str, str]] = {}

    def prepare(self) -> None:
        """Load what pages need."""
        if self.wish.feedback:
            from rgteach.grading.feedback.write import prepare

            prepare()

    def write(self, graded) -> None:
        """Write what one submission gets."""
        if not self.wish.feedback:
            return
        from rgteach.course.opening import Refused, contents
        from rgteach.grading.feedback import write_feedback

        one = self.found.get(graded.submission)
        age = (one.handed_in if one else "", graded.submission)
        who = (graded.student, graded.lab or graded.submission)
        if self.newest.get(who, age) > age:
            return
        self.newest[who] = age
        try:
            notebook = contents(one.path) if one and not graded.problem else None
        except Refused:  # it was taken away in the meantime
            notebook = None
        write_feedback(self.wish.out, graded, notebook=notebook, root=self.wish.root)


def _with_progress(came: Iterator, total: int) -> Iterator:
    """One after the other under a progress bar, where somebody is looking."""
    show = screen.console(stderr=True)
    if not show.is_terminal:
        yield from came
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=show, transient=True) as progress:
        task = progress.add_task(say("cli-grade-grading"), total=total)
        for graded in came:
            progress.advance(task)
            yield graded


# ---------------------------------------------------------------- showing


def _show(tally: Tally, wish: Wish, kept: int) -> None:
    if tally.done <= MOST_LINES:
        _table(("student", "lab", "points-title", "notes-title"), tally.lines, right=(2,))
    else:
        _table(("lab", "count", "mean", "out-of"), _by_lab(tally), right=(1, 2, 3))
        for told in tally.bad:
            screen.aside(told, "red")
        if tally.problems + tally.failed > len(tally.bad):
            left = tally.problems + tally.failed - len(tally.bad)
            screen.aside(say("cli-grade-more-bad", count=left), "red")
    key = "cli-grade-self-checked" if wish.self_check else "cli-grade-done"
    style = "yellow" if wish.self_check or tally.code else "green"
    screen.tell(say(key, count=f"{tally.done + kept:,}", folder=wish.out), style)
    if tally.problems:
        screen.tell(say("cli-grade-problems", count=tally.problems), "yellow")
    if tally.failed:
        screen.tell(say("cli-grade-failed", count=tally.failed), "red")


def _by_lab(tally: Tally) -> list[tuple[str, ...]]:
    return [
        (lab, f"{count:,.0f}", f"{total / count:.1f}", f"{out_of:g}")
        for lab, (count, total, out_of) in sorted(tally.labs.items())
    ]


def _table(names: Sequence[str], rows: list[tuple[str, ...]], right: Sequence[int]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for at, name in enumerate(names):
        table.add_column(
            say(f"cli-grade-{name}"), justify="right" if at in right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*map(Text, row))
    screen.console().print(table)
