"""A course folder in which the real nbgrader works, and what students hand in there."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from rgteach.course import assignment, source
from rgteach.course.build import pages
from rgteach.course.model import Page
from rgteach.course.page import read

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = "The aorta has no structure at this scale: what is measured there is noise."


@cache
def page(lab: str) -> Page:
    """The exercise page of a lab."""
    return read(next(path for path in pages(ROOT, [lab]) if path.parent.name == "solutions"))


def closed(lab: str) -> list[str]:
    """The exercises that a check decides, in their order."""
    return [exercise.id for exercise in page(lab).exercises.values() if not exercise.is_open]


def opened(lab: str) -> list[str]:
    """The exercises that a person marks: one, or none."""
    return [exercise.id for exercise in page(lab).exercises.values() if exercise.is_open]


def points(lab: str, exercise: str) -> float:
    return page(lab).exercises[exercise].points


def cells_of(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@cache
def empty_gradebook() -> Path:
    """A new database, which takes nbgrader seconds to set up: once is enough."""
    from nbgrader.api import Gradebook

    path = Path(tempfile.mkdtemp(prefix="rgteach-")) / "gradebook.db"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    Gradebook(f"sqlite:///{path}").close()
    return path


class Classroom:
    """nbgrader on a folder of its own, with some labs in one language."""

    def __init__(self, folder: Path, lang: str, labs: list[str]):
        from nbgrader.apps import NbGraderAPI
        from nbgrader.coursedir import CourseDirectory
        from traitlets.config.loader import PyFileConfigLoader

        self.folder, self.lang = folder, lang
        shutil.copy(empty_gradebook(), folder / "gradebook.db")
        list(assignment.lay_out(ROOT, folder, lang, labs))
        config = PyFileConfigLoader(assignment.CONFIG, path=str(folder)).load_config()
        config.CourseDirectory.root = str(folder)
        self.api = NbGraderAPI(CourseDirectory(config=config), config=config)

    def does(self, step: str, *words: str) -> None:
        """A step of nbgrader; one that fails shows its log."""
        done = getattr(self.api, step)(*words)
        assert done["success"], f"{step} {words}\n{done.get('log')}\n{done.get('error')}"

    def notebook(self, step: str, lab: str, student: str = "") -> Path:
        """A lab's notebook in `source`, `release`, `submitted` … of this folder."""
        name = page(lab).name
        return self.folder.joinpath(*filter(None, (step, student, name)), f"{name}.ipynb")

    def releases(self, lab: str) -> list[dict]:
        """The cells that nbgrader makes for students."""
        self.does("generate_assignment", page(lab).name)
        return cells_of(self.notebook("release", lab))

    def hands_in(
        self, student: str, lab: str, answers: dict[str, str], written: str = "", *, full=False, changed=None
    ) -> Path:
        """What a student hands in: the released notebook with these answers, and with other cells `changed`.

        The code of the open exercise, which only draws, is left out unless the notebook is to be `full`.
        """
        changed = ({} if full else {"starter": "pass"}) | (changed or {})
        data = json.loads((ROOT / "exercises" / self.lang / f"{page(lab).name}.ipynb").read_text("utf-8"))
        for cell in data["cells"]:
            role, name = cell["metadata"]["rgteach"]["role"], cell["metadata"]["rgteach"].get("exercise")
            if role == "answer" and name in answers:
                cell["source"] = answers[name]
            elif role == "write" and written:
                cell["source"] = written
            cell["source"] = changed.get(role, cell["source"])
        path = self.notebook("submitted", lab, student)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(data), encoding="utf-8")
        return path

    def solved(self, lab: str) -> dict[str, str]:
        """The right answer to each exercise."""
        of = page(lab).exercises
        code = {name: source.solved(of[name].one("answer").code) for name in closed(lab)}
        return {name: source.in_language(text, self.lang) for name, text in code.items()}

    def half(self, lab: str) -> dict[str, str]:
        """The first exercise with a typical mistake, the second right, the others untouched."""
        first, *others = closed(lab)
        right = {name: self.solved(lab)[name] for name in others[:1]}
        return {first: page(lab).exercises[first].one("wrong").code} | right

    def grades(self, student: str, lab: str) -> tuple[dict[str, float | None], bool]:
        """What nbgrader's database holds: points by exercise, and whether a person has to look."""
        name = page(lab).name
        self.does("autograde", name, student)
        with self.api.gradebook as gradebook:
            found = gradebook.find_submission(name, student)
            scores = {grade.name: grade.auto_score for grade in found.notebooks[0].grades}
            assert found.score == sum(score or 0 for score in scores.values())
            return {cell.rsplit("-", 1)[0]: score for cell, score in scores.items()}, found.needs_manual_grade

    def feedback(self, student: str, lab: str) -> str:
        """The page that nbgrader writes for a student."""
        self.does("generate_feedback", page(lab).name, student)
        return self.notebook("feedback", lab, student).with_suffix(".html").read_text("utf-8")

    def complaints(self, path: Path) -> list[str]:
        """What nbgrader's validation says of a notebook: nothing, or an error a cell."""
        from nbgrader.validator import Validator

        found = Validator().validate(str(path))
        assert set(found) <= {"failed"}, found
        return [cell["raw_error"] for cell in found.get("failed", [])]


@contextmanager
def classroom(folder: Path, lang: str, labs: list[str], python: str) -> Iterator[Classroom]:
    """A classroom whose kernels are of this Python, and leave nothing in anybody's home."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed here")
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader calls `alembic` by its name
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.prefix, "bin")), os.environ["PATH"]]))
        for name in ("IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
            (folder / ".jupyter" / name).mkdir(parents=True)
            patch.setenv(name, str(folder / ".jupyter" / name))
        patch.setenv("JUPYTER_PATH", str(folder / ".jupyter"))
        patch.setattr(sys, "executable", python)
        yield Classroom(folder, lang, labs)
