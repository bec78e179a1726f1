"""Lab 02 as a student meets it: a real JupyterLab, a real browser, in English and in Chinese.

Pictures of what was seen are left in `screenshots/`, which git ignores.
"""

import re

import pytest
from browser import absent, browser_page
from student import ROOT, plain, student_at_work

from rgteach.course.page import read
from rgteach.wording import say

LAB = "02_glcm"
FIRST = "glcm-pairs"

pytestmark = pytest.mark.browser


def test_page__that_asks_another_machine_for_something_fails_its_test():
    def look_elsewhere():
        with browser_page() as page:
            page.set_content('<img alt="elsewhere" src="http://elsewhere.invalid/picture.png">')
            page.wait_for_load_state("networkidle")

    with pytest.raises(AssertionError, match="elsewhere.invalid"):
        look_elsewhere()


def test_absent__skips_at_home_and_fails_on_the_server(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="a browser"):
        absent("a browser")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="a browser"):
        absent("a browser")


@pytest.fixture(scope="module", params=["en", "zh"])
def student(request, tmp_path_factory):
    """A student's browser on a fresh workspace, in one language."""
    with student_at_work(request.param, tmp_path_factory.mktemp(request.param)) as student:
        yield student


@pytest.fixture(scope="module")
def exercise():
    """The first exercise of the lab, with its solution and its named mistakes."""
    return read(ROOT / "solutions" / f"{LAB}.md").exercises[FIRST]


def test_lesson__runs_to_its_end_and_a_slider_changes_the_figure(student):
    lesson = student.reads_lesson(LAB)
    student.moves_slider(lesson, "glcm", say("demo-glcm-place", student.lang))
    lesson.close()


def test_exercise__a_mistake_is_red_and_named_and_the_right_answer_green(student, exercise):
    notebook = student.opens(f"{LAB}_exercise")
    notebook.run_all()
    assert notebook.errors() == [], "an untouched notebook runs to its end"
    assert student.checks(notebook, FIRST, "not-tried").outcome == "not tried"

    mistake = exercise.all("wrong")[0]
    card = student.tries(notebook, FIRST, mistake.code, "mistake")
    assert (card.outcome, card.colour) == ("not yet", "red")
    assert plain(mistake.options["says"][student.lang]) in plain(card.text)

    card = student.tries(notebook, FIRST, exercise.one("answer").code, "right")
    assert (card.outcome, card.colour) == ("right", "green")

    done_before = student.asks(notebook, "rg.progress()")
    assert re.search(rf"\b{exercise.points}(/| of )\d+", done_before)
    notebook.restart()
    notebook.run(notebook.find(role="code"))  # the first cell: imports and rg.setup
    assert student.asks(notebook, "rg.progress()") == done_before, "what was done is lost with the kernel"
    student.photographs("progress")
    notebook.close()
