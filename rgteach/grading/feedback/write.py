"""Write what a student gets back, each file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from rgteach.grading.feedback import again, exercise, names
from rgteach.grading.feedback.again import Again
from rgteach.grading.feedback.notebook import prepare_notebooks, with_feedback
from rgteach.grading.feedback.page import Late, page
from rgteach.grading.model import Graded


def write_feedback(
    out: Path,
    graded: Graded,
    *,
    notebook: bytes | None = None,
    hints: Mapping[str, Again] | None = None,
    late: Late | None = None,
    root: Path | None = None,
) -> Path:
    """Write `feedback/STUDENT/LAB.html`, and `LAB.ipynb` beside it.

    The same grade gives the same bytes.

    Parameters
    ----------
    out : path
        The folder of this round of grading.
    graded : Graded
    notebook : bytes, optional
        What was handed in; a copy with a word below each answer is written beside the page.
    hints : mapping of str to Again, optional
        What to read again for each exercise; by default what the course at `root` says.
    late : Late, optional
        How late it was.
    root : path, optional
        The course; by default the one that is installed.

    Returns
    -------
    path
    """
    found = again.find(graded.lab, graded.lang, root) if hints is None else hints
    target = names.place(out, graded, ".html")
    os.makedirs(target.parent, exist_ok=True)
    told = None if graded.problem else exercise.told(graded)
    replace(target, page(graded, found, late, told).encode("utf-8"))
    if notebook is not None and not graded.problem:
        made = with_feedback(notebook, graded, found, late, told)
        if made is not None:
            replace(target.with_suffix(".ipynb"), made)
    return target


def prepare() -> None:
    """Load what the first page and the first notebook would have to wait for."""
    prepare_notebooks()


def replace(target: Path, data: bytes) -> None:
    """The whole file or none of it."""
    waiting = f"{target.parent}{os.sep}.{target.name}.{os.getpid()}.part"
    try:
        with open(waiting, "wb", buffering=0) as file:
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
        os.replace(waiting, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(waiting)
        raise
