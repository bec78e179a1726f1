"""The lab that is attacked: the mini lab with a strict policy, as an instructor keeps it."""

from __future__ import annotations

import json
from pathlib import Path

from minilab import EXERCISES

from attacks.model import HONEST
from rgteach.course.bench import Bench
from rgteach.course.notebooks import notebook
from rgteach.course.page import read
from rgteach.wording import LANGUAGES

FORBIDDEN = ("scipy.constants", "rgteach.stats")  # one that is watched, one whose files are hidden
_CHANGES = (
    ('迷你实验：练习"}}', f'迷你实验：练习"}}, forbids: [{", ".join(FORBIDDEN)}], breach: zero}}'),
    ("points: 1\n", "points: 1\nseconds: 0.5\n"),
)


def made(root: Path) -> Path:
    """A course of one lab, built."""
    text = EXERCISES.read_text(encoding="utf-8")
    for old, new in _CHANGES:
        assert old in text, old
        text = text.replace(old, new, 1)
    page_file = root / "solutions" / EXERCISES.name
    page_file.parent.mkdir(parents=True)
    page_file.write_text(text, encoding="utf-8")
    page = read(page_file)
    for lang in LANGUAGES:
        place = root / "exercises" / lang / f"{page.name}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(notebook(page, "exercise", lang)), encoding="utf-8")
    keys = root / "exercises" / "keys" / f"{page.name}.json"
    keys.parent.mkdir()
    keys.write_text(Bench(page).text(), encoding="utf-8")
    return root


def handed_in(root: Path, answers: dict[str, str] = HONEST) -> dict:
    """A student's notebook, as data: the released one with these answers."""
    data = json.loads((root / "exercises" / "en" / f"{EXERCISES.stem}.ipynb").read_text(encoding="utf-8"))
    for cell in data["cells"]:
        about = cell["metadata"].get("rgteach", {})
        if about.get("role") == "answer" and about.get("exercise") in answers:
            cell["source"] = answers[about["exercise"]]
    return data
