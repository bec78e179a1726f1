"""Lab 04 in Chinese as a student meets it: lesson, demo, exercise, race, self-test and progress.

Pictures of what was seen are left in `screenshots/`, which git ignores.
"""

import re

import pytest
from student import ROOT, plain, student_at_work

from rgteach.course.page import read
from rgteach.wording import say

LANG = "zh"
LAB = "04_wilcoxon"
FIRST, RACED, ASKED = "wilcoxon-midranks", "wilcoxon-rank-sum", "wilcoxon-q1"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """A student's browser on a fresh workspace."""
    with student_at_work(LANG, tmp_path_factory.mktemp("wilcoxon")) as student:
        yield student


@pytest.fixture(scope="module")
def notebook(student):
    """The exercise notebook, which runs to its end before anything is written."""
    notebook = student.opens(f"{LAB}_exercise")
    notebook.run_all()
    assert notebook.errors() == []
    yield notebook
    notebook.close()


@pytest.fixture(scope="module")
def page():
    return read(ROOT / "solutions" / f"{LAB}.md")


def test_lesson__runs_to_its_end_and_a_slider_moves_by_the_keyboard(student):
    lesson = student.reads_lesson(LAB)
    student.moves_slider(lesson, "wilcoxon", say("demo-wilcoxon-shift", LANG))
    lesson.close()


def test_exercise__each_mistake_is_named_and_the_right_answer_green(student, notebook, page):
    exercise = page.exercises[FIRST]
    assert student.checks(notebook, FIRST, "wilcoxon-not-tried").outcome == "not tried"
    told = set()
    for mistake in exercise.all("wrong")[:2]:
        card = student.tries(notebook, FIRST, mistake.code, "wilcoxon-mistake")
        assert (card.outcome, card.colour) == ("not yet", "red")
        assert plain(mistake.options["says"][LANG]) in plain(card.text)
        told.add(card.text)
    assert len(told) == 2
    card = student.tries(notebook, FIRST, exercise.one("answer").code, "wilcoxon-right")
    assert (card.outcome, card.colour) == ("right", "green")


def test_race__starts_when_the_answer_is_right_and_all_agree(student, notebook, page):
    exercise = page.exercises[RACED]
    assert student.races(notebook, RACED, "wilcoxon-race-early").outcome == "not tried"
    assert student.tries(notebook, RACED, exercise.one("answer").code, "wilcoxon-raced").outcome == "right"
    card = student.races(notebook, RACED, "wilcoxon-race")
    assert (card.outcome, card.colour) == ("right", "green")
    assert [twin.options["of"] for twin in exercise.all("twin") if twin.options["of"] not in card.text] == []
    others = say("answer-comma", LANG).join(twin.options["of"] for twin in exercise.all("twin"))
    assert say("race-agree", LANG, others=others) in card.text


def test_question__a_wrong_letter_is_red_and_the_right_one_says_why(student, notebook, page):
    question = page.questions[ASKED]
    why = plain(question.why.text[LANG])
    wrong = next(letter for letter in question.choices(LANG) if letter != question.right)
    card = student.answers(notebook, ASKED, wrong, "wilcoxon-question-wrong")
    assert (card.outcome, card.colour) == ("not yet", "red")
    assert why not in plain(card.text)
    card = student.answers(notebook, ASKED, question.right, "wilcoxon-question-right")
    assert (card.outcome, card.colour) == ("right", "green")
    assert why in plain(card.text)


def test_progress__counts_the_exercises_and_the_question(student, notebook, page):
    done = sum(page.exercises[name].points for name in (FIRST, RACED))
    most = sum(exercise.points for exercise in page.exercises.values() if not exercise.is_open)
    told = student.asks(notebook, "rg.progress()")
    (line,) = [line for line in told.splitlines() if page.title[LANG] in line]
    assert f"{done}/{most} " in line
    assert re.search(r"\b1/5\b", line)
    student.photographs("wilcoxon-progress")
    assert student.hears(notebook, len(notebook.cells()) - 1) == []
