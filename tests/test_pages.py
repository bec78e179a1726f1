"""Every page of the course: it can be read, it proves itself, and what was built from it is up to date."""

from functools import cache
from pathlib import Path

import pytest

from rgteach.course import differ, keys, notebooks, proofs
from rgteach.course.bench import Bench
from rgteach.course.build import pages
from rgteach.course.execute import execute
from rgteach.course.page import read
from rgteach.wording import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
PAGES = pages(ROOT)
EXERCISES = [path for path in PAGES if path.parent.name == "solutions"]
START = "00"  # shows a new student how a lab works: five minutes, one exercise


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@cache
def key_text(path: Path) -> str:
    """The public key as the page makes it now."""
    return Bench(read(path)).text()


def test_course__has_a_lesson_and_exercises_for_each_lab():
    lessons, exercises = (
        {p.stem for p in PAGES if p.parent.name == kind} for kind in ("notebooks", "solutions")
    )
    assert lessons == exercises != set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page__can_be_read_and_stands_in_its_folder(path):
    page = read(path)
    assert page.kind == {"notebooks": "lesson", "solutions": "exercise"}[path.parent.name]
    assert 25 <= page.minutes <= 45 or (page.lab, page.minutes) == (START, 5)


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_page__proves_itself(path):
    assert [str(failure) for failure in proofs.prove(read(path))] == []


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_page__has_four_to_six_exercises_and_the_last_is_open(path):
    page = read(path)
    exercises = list(page.exercises.values())
    if page.lab == START:
        assert [exercise.is_open for exercise in exercises] == [False]
        return
    assert 4 <= len(exercises) <= 6
    assert [exercise.is_open for exercise in exercises] == [False] * (len(exercises) - 1) + [True]


def told_by(cells: list[dict]) -> list[str]:
    """What the cells that check, race and take an answer say."""
    asks = [cell for cell in cells if cell["metadata"]["rgteach"]["role"] in ("check", "race", "choose")]
    return ["".join(cell["outputs"][-1]["data"]["text/plain"]) for cell in asks]


def test_course__no_two_labs_share_the_name_of_an_exercise_or_a_question():
    pages = [read(path) for path in EXERCISES]
    names = [name for page in pages for name in (*page.exercises, *page.questions)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_page__a_check_is_quick_and_its_cases_are_small(path):
    page = read(path)
    made = keys.read(key_text(path))
    assert [key.id for key in made] == list(page.exercises)
    for key in made:
        if not key.is_open:
            assert 3 <= len(key.cases) <= 12
            assert len(keys.write(page.lab, dict(page.title), [key])) < 100_000


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_page__its_built_key_is_up_to_date(path):
    built = ROOT / "exercises" / "keys" / f"{path.stem}.json"
    if not built.is_file():
        pytest.skip("not built yet: run `rgteach build`")
    assert list(differ.keys(built.read_text(encoding="utf-8"), key_text(path))) == []


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_page__an_untouched_notebook_runs_to_its_end_and_nothing_is_tried(path, monkeypatch):
    """For a student, that is: under nbgrader and under pytest its checks raise (see `course.strict`)."""
    for name in ("RGTEACH_CHECKS", "PYTEST_CURRENT_TEST"):
        monkeypatch.delenv(name, raising=False)
    page = read(path)
    data = notebooks.notebook(page, "exercise", "en")
    ran, _ = execute(data, lang="en", page=path.name, keys={page.name: Bench(page).text()})
    roles = [cell["metadata"]["rgteach"]["role"] for cell in ran["cells"]]
    told = told_by(ran["cells"])
    exercises = page.exercises.values()
    assert roles.count("check") == len([e for e in exercises if not e.is_open])
    assert roles.count("race") == len([e for e in exercises if e.one("race")])
    assert roles.count("choose") == len(page.questions)
    assert all(text.startswith("○ Not tried yet") for text in told), told


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_page__every_check_of_its_solved_notebook_is_right(path, lang):
    built = ROOT / "solutions" / lang / f"{path.stem}.ipynb"
    if not built.is_file():
        pytest.skip("not built yet: run `rgteach build`")
    cells = differ.read(built.read_text(encoding="utf-8"))["cells"]
    told = told_by(cells)
    assert told
    assert all(text.startswith("✓") for text in told), told
