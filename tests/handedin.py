"""Notebooks as students hand them in: the released one with the solutions written in."""

from __future__ import annotations

import ast
import copy
import json
import shutil
from functools import cache
from pathlib import Path

from minilab import PAGES

from rgteach.course.build import build
from rgteach.grading import master, submission
from rgteach.grading.master import Masters
from rgteach.grading.model import Answer, Submission

ROOT = Path(__file__).resolve().parents[1]
THOUGHT = "Contrast changes with the bin width, so two scanners cannot be compared at 0.66 mm."
LETTERS = {"00": "bdacb", "02": "bdacb"}


@cache
def course() -> Masters:
    """The real course, as the instructor keeps it."""
    return master.load(ROOT)


def mini_course(folder: Path) -> Masters:
    """The mini lab, built in a folder of its own."""
    root = Path(shutil.copytree(PAGES, folder / "course"))
    assert build(root, execute=False).ok
    return master.load(root)


@cache
def _solved(lab: str, lang: str) -> str:
    lab = course()[lab]
    name = f"{lab.name}.ipynb"
    notebook = json.loads((ROOT / "exercises" / lang / name).read_text(encoding="utf-8"))
    solution = json.loads((ROOT / "solutions" / lang / name).read_text(encoding="utf-8"))
    written = {cell["id"]: cell["source"] for cell in solution["cells"]}
    return json.dumps(filled(notebook, lambda cell: written[cell["id"]]))


def filled(notebook: dict, answer) -> dict:
    """A notebook with its answers, its letters and its thought written in."""
    for cell in notebook["cells"]:
        role = cell["metadata"]["rgteach"]["role"]
        if role == "answer":
            cell["source"] = answer(cell)
        elif role == "write":
            cell["source"] = THOUGHT
        elif role == "choose":
            number = int(cell["metadata"]["rgteach"]["question"][-1])
            cell["source"] = source(cell).replace('""', f'"{LETTERS["02"][number - 1]}"')
    return notebook


def solved(lab: str = "02", lang: str = "en") -> dict:
    """A notebook of the course in which everything was done."""
    return copy.deepcopy(json.loads(_solved(lab, lang)))


def source(cell: dict) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def at(notebook: dict, id: str) -> int:
    """The place of a cell."""
    return next(k for k, cell in enumerate(notebook["cells"]) if cell.get("id") == id)


def get(notebook: dict, id: str) -> dict:
    """A cell by its id."""
    return notebook["cells"][at(notebook, id)]


def code(text: str, **more) -> dict:
    """A new code cell, as JupyterLab makes one."""
    new = {"cell_type": "code", "id": f"new-{abs(hash(text)) % 10**8}", "metadata": {}, "source": text}
    return new | {"execution_count": None, "outputs": []} | more


def text(words: str, **more) -> dict:
    """A new Markdown cell."""
    return {
        "cell_type": "markdown",
        "id": f"new-{abs(hash(words)) % 10**8}",
        "metadata": {},
        "source": words,
    } | more


def saved(folder: Path, notebook: dict | str | bytes, name: str = "02_glcm_exercise.ipynb") -> Path:
    """A notebook as a file."""
    path = folder / name
    if isinstance(notebook, dict):
        notebook = json.dumps(notebook, ensure_ascii=False, indent=1)
    path.write_bytes(notebook.encode("utf-8") if isinstance(notebook, str) else notebook)
    return path


def read(folder: Path, notebook: dict | str | bytes, masters=None, **more) -> Submission:
    """What `submission.read` makes of it."""
    name = more.pop("name", "02_glcm_exercise.ipynb")
    return submission.read(saved(folder, notebook, name), masters or course(), **more)


def kinds(flags) -> set[str]:
    return {flag.kind for flag in flags}


def function(answer: Answer, name: str) -> str:
    """The function that an answer ends up with, as its syntax; "" where it defines none."""
    found = ""
    for text in (*answer.helpers, *answer.cells):
        try:
            body = ast.parse(text).body
        except SyntaxError:
            continue
        for node in body:
            if getattr(node, "name", "") == (answer.function or name):
                node.name = name
                found = ast.dump(node)
    return found


def functions(handed: Submission, lab) -> dict[str, str]:
    """The function that counts for each exercise."""
    return {key.id: function(handed.answers[key.id], key.function) for key in lab.keys if not key.is_open}
