"""A lesson may check an answer before the reader's eyes: with the key of its own lab, as it is now."""

import shutil
from pathlib import Path

import pytest
from minilab import PAGES

from rgteach.course.bench import Bench
from rgteach.course.build import build
from rgteach.course.execute import execute
from rgteach.course.model import PageError
from rgteach.course.notebooks import notebook
from rgteach.course.page import read

SAID = "This is the largest value alone."
WRONG = """
```{code-cell}
def spread(values):
    return values.max()
```

```{code-cell}
---
tags: [raises-exception]
---
rg.check("mini-range")
```

```{code-cell}
after = 2
```
"""


@pytest.fixture
def course(tmp_path) -> Path:
    """The mini lab with a lesson that checks a wrong answer."""
    root = Path(shutil.copytree(PAGES, tmp_path / "course"))
    lesson = root / "notebooks" / "00_mini.md"
    lesson.write_text(lesson.read_text("utf-8").rstrip() + "\n" + WRONG, encoding="utf-8")
    return root


@pytest.fixture
def runs(monkeypatch) -> list[tuple[str, str]]:
    """Each notebook that a build would run, with the key that its checks would find; nothing is run."""
    made: list[tuple[str, str]] = []

    def run(data, *, lang, page, numbers, keys):
        made.append((f"{data['metadata']['rgteach']['kind']}/{lang}", "".join(keys.values())))
        for count, cell in enumerate(cell for cell in data["cells"] if cell["cell_type"] == "code"):
            cell["execution_count"] = count + 1
        return data, dict.fromkeys(numbers, "1")

    monkeypatch.setattr("rgteach.course.build.run_notebook", run)
    monkeypatch.setattr("rgteach.course.proofs.prove", lambda page: [])
    return made


def lessons(runs: list[tuple[str, str]]) -> dict[str, str]:
    return {what: key for what, key in runs if what.startswith("lesson/")}


def test_build__a_lesson_checks_with_the_key_of_its_lab_before_there_is_one(course, runs):
    assert build(course).problems == []
    assert set(lessons(runs)) == {"lesson/en", "lesson/zh"}
    assert all(SAID in key for key in lessons(runs).values())


def test_build__a_lesson_runs_again_when_what_its_card_says_has_changed(course, runs):
    build(course)
    runs.clear()
    build(course)
    assert lessons(runs) == {}, "nothing has changed"
    page = course / "solutions" / "00_mini.md"
    page.write_text(page.read_text("utf-8").replace(SAID, "Largest, and no more."), encoding="utf-8")
    build(course)
    assert set(lessons(runs)) == {"lesson/en", "lesson/zh"}
    assert all("Largest, and no more." in key for key in lessons(runs).values())


def test_build__a_lesson_that_checks_nothing_gets_no_key(course, runs):
    lesson = course / "notebooks" / "00_mini.md"
    lesson.write_text(lesson.read_text("utf-8").replace('rg.check("mini-range")', "before = 1"), "utf-8")
    build(course)
    assert lessons(runs) == {"lesson/en": "", "lesson/zh": ""}


def test_bench__goes_on_behind_a_cell_that_may_raise(course, monkeypatch):
    monkeypatch.setenv("RGTEACH_CHECKS", "raise")
    page = read(course / "notebooks" / "00_mini.md")
    assert Bench(page).numbers({"after": 1}) == {"after": "2"}


def test_bench__stops_at_the_same_cell_without_the_tag(course, monkeypatch):
    monkeypatch.setenv("RGTEACH_CHECKS", "raise")
    lesson = course / "notebooks" / "00_mini.md"
    lesson.write_text(lesson.read_text("utf-8").replace("tags: [raises-exception]", "tags: []"), "utf-8")
    with pytest.raises(PageError) as caught:
        Bench(read(lesson))
    assert caught.value.key == "page-run"


def test_execute__goes_on_behind_a_cell_that_may_raise(course, monkeypatch):
    """As nbval does, which hands pytest's name on to the kernel."""
    monkeypatch.setenv("RGTEACH_CHECKS", "raise")
    page = read(course / "notebooks" / "00_mini.md")
    ran, numbers = execute(notebook(page, "lesson", "en"), lang="en", page="00_mini", numbers={"after": 1})
    assert numbers == {"after": "2"}
    (asked,) = [cell for cell in ran["cells"] if "rg.check(" in "".join(cell["source"])]
    assert asked["outputs"][0]["output_type"] == "error"
