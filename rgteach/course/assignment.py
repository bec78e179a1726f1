"""The course as a folder for nbgrader: what an instructor keeps, from which nbgrader makes what students get.

    DIR/nbgrader_config.py                     written once; what stands there already is kept
    DIR/source/02_glcm/02_glcm.ipynb           the released notebook, its answers solved between the marks
    DIR/source/02_glcm/.rgteach/keys/…         the public key, which nbgrader lays beside each copy

What `nbgrader generate_assignment` makes of it is the notebook in `exercises/`, cell by cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from rgteach.course import differ, places, source
from rgteach.course.build import pages
from rgteach.course.model import Page
from rgteach.course.page import read
from rgteach.errors import LearnerError
from rgteach.wording import say

CONFIG = "nbgrader_config.py"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_CONFIG = """\
# {comment}
c = get_config()
c.ClearSolutions.code_stub = {code}
c.ClearSolutions.text_stub = {text!r}
"""


def lay_out(
    root: Path | str, folder: Path | str, lang: str, labs: Iterable[str] | None = None
) -> Iterator[Path]:
    """Write the labs of a course, as they are built, into a folder for nbgrader; gives the files written.

    Parameters
    ----------
    root : path
        The folder that holds `solutions/` and `exercises/`.
    folder : path
        Where nbgrader is to work; made if it is not there.
    lang : "en" or "zh"
        Of the notebooks.
    labs : list of str, optional
        Only these labs: "02" or "02_glcm".

    Raises
    ------
    LearnerError
        If there is no such lab, or it has not been built.
    """
    root, folder = Path(root), Path(folder)
    wanted = [path for path in pages(root, labs) if path.parent.name == "solutions"]
    if not wanted:
        raise LearnerError("assignment-no-pages", root=root)
    config = folder / CONFIG
    if not config.exists():
        yield _write(config, _config(lang))
    for path in wanted:
        page = read(path)
        place = folder / "source" / page.name
        yield _write(place / f"{page.name}.ipynb", _text(solved(page, _built(root, page, lang), lang)))
        key = root / "exercises" / "keys" / f"{page.name}.json"
        yield _write(place / places.STATE / "keys" / key.name, _read(key, page))


def solved(page: Page, released: dict, lang: str) -> dict:
    """The released notebook of a page with each answer as nbgrader keeps it: solved, between its marks."""

    def with_solution(cell: dict) -> dict:
        about = cell["metadata"].get("rgteach", {})
        exercise = page.exercises.get(about.get("exercise"))
        if about.get("role") != "answer" or exercise is None:
            return cell
        return cell | {"source": between_marks(exercise.one("answer").code, lang)}

    return released | {"cells": [with_solution(cell) for cell in released["cells"]]}


def between_marks(code: str, lang: str) -> str:
    """An answer of a page in nbgrader's form: the comments that a student keeps, then the solution.

    nbgrader puts its stub where the first mark stands, so that its stub and ours leave the same cell.
    """
    kept: list[str] = []
    solution: list[str] | None = None
    for line in code.split("\n"):
        if line.strip() == source.OPEN:
            solution, indent = [], line[: len(line) - len(line.lstrip())]
        elif line.strip() == source.CLOSE:
            kept += [indent + BEGIN, *(solution or ()), indent + END]
            solution = None
        elif solution is None or source.is_told(line):
            kept.append(line)
        else:
            solution.append(line)
    return source.in_language("\n".join(kept), lang)


def _config(lang: str) -> str:
    stub = {"python": source.ask(lang)}
    comment = say("assignment-config", lang)
    return _CONFIG.format(comment=comment, code=repr(stub), text=say("course-write-here", lang))


def _built(root: Path, page: Page, lang: str) -> dict:
    return json.loads(_read(root / "exercises" / lang / f"{page.name}.ipynb", page))


def _read(path: Path, page: Page) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise LearnerError("assignment-not-built", file=path, lab=page.name) from None


def _text(notebook: dict) -> str:
    return differ.text(notebook)


def _write(path: Path, text: str) -> Path:
    """The whole file or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(path.name + ".part")
    waiting.write_text(text, encoding="utf-8", newline="\n")
    waiting.replace(path)
    return path
