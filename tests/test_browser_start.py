"""Lab 00 as a new student meets it: run all, paint with the mouse, one answer wrong and then right.

Pictures of what was seen are left in `screenshots/`, which git ignores.
"""

import re

import pytest
from student import ROOT, card_of, plain, student_at_work

from rgteach.course import workspace
from rgteach.course.page import read
from rgteach.wording import LANGUAGES

LAB = "00_start"
ONLY = "start-area"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=LANGUAGES)
def student(request, tmp_path_factory):
    """A student's browser on a fresh workspace, in one language."""
    with student_at_work(request.param, tmp_path_factory.mktemp(request.param)) as student:
        yield student


@pytest.fixture(scope="module")
def lesson(student):
    """The lesson, run to its end without an error."""
    lesson = student.reads_lesson(LAB)
    yield lesson
    lesson.close()


@pytest.fixture(scope="module")
def exercise():
    return read(ROOT / "solutions" / f"{LAB}.md").exercises[ONLY]


def places(notebook, code: str) -> list[int]:
    """Where cells with this code stand."""
    return [i for i, cell in enumerate(notebook.cells()) if code in cell["source"]]


def voxels(notebook) -> int:
    """Run the cell that counts what is painted, and read the number."""
    (place,) = places(notebook, "print(painted.sum()")
    notebook.run(place)
    (said,) = notebook.cells()[place]["outputs"]
    return int(re.match(r"\d+", "".join(said["text"]))[0])


def drag(page, board, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Paint a line by the mouse, its ends as shares of the picture's width and height."""
    box = board.bounding_box()
    ends = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=8)
    page.mouse.up()


def test_lesson__its_first_answer_is_red_and_named_and_its_second_green(student, lesson, exercise):
    wrong, right = (card_of(lesson, place) for place in places(lesson, f'rg.check("{ONLY}")'))
    assert (wrong.outcome, wrong.colour) == ("not yet", "red")
    assert plain(exercise.all("wrong")[0].options["says"][student.lang]) in plain(wrong.text)
    assert (right.outcome, right.colour) == ("right", "green")


def test_lesson__a_stroke_of_the_mouse_is_counted_in_python(student, lesson):
    (place,) = places(lesson, "rg.paint(")
    lesson.show(place)
    board = lesson.node(place).wait_for_selector(".pt-board")
    student.photographs("start-before")
    before = voxels(lesson)
    assert before > 0, "a colleague has begun"
    lesson.show(place)
    drag(student.page, board, (0.28, 0.30), (0.28, 0.43))
    student.photographs("start-painted")
    assert voxels(lesson) > before
    assert lesson.errors() == []


def test_exercise__wrong_then_right_and_the_points_are_written_down(student, exercise):
    notebook = student.opens(f"{LAB}_exercise")
    notebook.run_all()
    assert notebook.errors() == [], "an untouched notebook runs to its end"
    mistake = exercise.all("wrong")[0]
    card = student.tries(notebook, ONLY, mistake.code, "start-mistake")
    assert (card.outcome, card.colour) == ("not yet", "red")
    assert plain(mistake.options["says"][student.lang]) in plain(card.text)
    card = student.tries(notebook, ONLY, exercise.one("answer").code, "start-right")
    assert (card.outcome, card.colour) == ("right", "green")
    told = student.asks(notebook, "rg.progress()")
    assert re.search(r"\b2(/| of )2\b", told)
    student.page.evaluate("async () => { await panel.context.save(); }")
    assert workspace.where_to_begin(student.folder, student.lang) == f"{student.lang}/{LAB}_exercise.ipynb"
    notebook.close()
