"""Marks carried into the scores of a folder: `scores.json`, `scores.csv` and the students' pages."""

from __future__ import annotations

import json
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.grading.feedback import names, write_feedback
from rgteach.grading.model import Graded
from rgteach.grading.rubric.marks import Marks
from rgteach.grading.rubric.merge import merge_rubric

_TRIES = 20


def scores(folder: Path) -> list[Graded]:
    """What `rgteach grade` wrote.

    Raises
    ------
    LearnerError
        If it is not there or cannot be read.
    """
    from rgteach.grading import write

    try:
        return write.load(folder / "scores.json")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LearnerError("rubric-no-scores", folder=folder, reason=reason) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, LearnerError):
            raise
        raise LearnerError("rubric-no-scores", folder=folder, reason=type(error).__name__) from None


def counting(folder: Path) -> set[str]:
    """The submissions that count, by their path: of several of a student for a lab the last one."""
    data = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    return {one["submission"] for one in data["graded"] if one.get("counts", True)}


def apply(folder: Path, marks: Marks, root: Path | None = None) -> int:
    """Put the marks into the scores, and write the pages of those whose points or comments changed.

    Whoever marks at the same time does this too: it is done again while marks come in, so that the last to
    write has them all.

    Returns
    -------
    int
        How many submissions changed.
    """
    from rgteach.grading import write

    changed: set[str] = set()
    for _ in range(_TRIES):
        before, shown = scores(folder), counting(folder)
        after = [merge_rubric(one, marks, root) for one in before]
        new = [one for one, old in zip(after, before, strict=True) if one != old]
        for one in new:
            if one.submission in shown:
                _tell(folder, one, root)
        if new:
            write.write(folder, new)  # what is there for all others stays
        changed |= {one.submission for one in new}
        if not marks.refresh():
            break
    return len(changed)


def _tell(folder: Path, graded: Graded, root: Path | None) -> None:
    """The student's page anew, and the notebook beside it, if there is one."""
    beside = names.place(folder, graded, ".ipynb")
    notebook = beside.read_bytes() if beside.is_file() else None
    write_feedback(folder, graded, notebook=notebook, root=root)
