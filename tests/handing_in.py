"""The small lab as a course for the grader, and notebooks that its students hand in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from minilab import EXERCISES, mini_page, mini_text

from rgteach.course import notebooks
from rgteach.grading.students import Found

RIGHT = {
    "mini-range": "def spread(values):\n    return max(values) - min(values)",
    "mini-pairs": (
        "def pairs(row, n_levels):\n    counts = np.zeros((n_levels, n_levels), dtype=int)\n"
        "    for i, j in zip(row, row[1:]):\n        counts[i - 1, j - 1] += 1\n    return counts"
    ),
}


def mini_course(folder: Path) -> Path:
    """A folder laid out as a course with one lab, 00."""
    (folder / "solutions").mkdir(parents=True)
    (folder / "exercises" / "keys").mkdir(parents=True)
    shutil.copy(EXERCISES, folder / "solutions")
    (folder / "exercises" / "keys" / f"{EXERCISES.stem}.json").write_text(mini_text(), encoding="utf-8")
    return folder


def handed_in(folder: Path, student: str, answers: Mapping[str, str], lang: str = "en") -> Found:
    """A student's notebook with these answers; the others are as they were given."""
    data = notebooks.notebook(mini_page(), "exercise", lang)
    for cell in data["cells"]:
        about = cell["metadata"]["rgteach"]
        if about["role"] == "answer" and about["exercise"] in answers:
            cell["source"] = answers[about["exercise"]]
    path = folder / f"{student}.ipynb"
    path.write_text(json.dumps(data), encoding="utf-8")
    return Found(path, student, path.name)
