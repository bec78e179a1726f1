"""Lab 02 as a student meets it: a real JupyterLab, a real browser, in English and in Chinese.

Pictures of what was seen are left in `screenshots/`, which git ignores.
"""

import colorsys
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from browser import Notebook, browser_page, jupyterlab, open_lab

from rgteach.course.page import read

ROOT = Path(__file__).resolve().parents[1]
SCREENSHOTS = ROOT / "screenshots"
LAB = "02_glcm"
FIRST = "glcm-pairs"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["en", "zh"])
def student(request, tmp_path_factory):
    """A student's browser on a fresh workspace, in one language."""
    lang, scratch = request.param, tmp_path_factory.mktemp(request.param)
    rgteach = Path(sys.executable).with_name("rgteach")
    command = [str(rgteach), "lab", str(scratch / "work"), "--lang", lang, "--no-browser"]
    with browser_page() as page, jupyterlab(command, scratch) as address:
        open_lab(page, address)
        yield SimpleNamespace(page=page, lang=lang, folder=scratch / "work")


@pytest.fixture(scope="module")
def exercise():
    """The first exercise of the lab, with its solution and its named mistakes."""
    return read(ROOT / "solutions" / f"{LAB}.md").exercises[FIRST]


def opened(student, name: str) -> Notebook:
    """A notebook of the workspace, by its path as JupyterLab knows it."""
    return Notebook(student.page, f"{student.lang}/{name}.ipynb")


def photograph(student, name: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    student.page.screenshot(path=SCREENSHOTS / f"{name}-{student.lang}.png")


def written(code: str, lang: str) -> str:
    """Code as it stands in a student's notebook: comments of one language, no markers."""
    other = {"en": "zh", "zh": "en"}[lang]
    code = re.sub(rf"^ *# ({other}:|</?solution>).*\n", "", code + "\n", flags=re.M)
    return code.replace(f"# {lang}: ", "# ").rstrip("\n")


def card_of(notebook: Notebook, index: int) -> SimpleNamespace:
    """What the card in a cell's output says, and whether its stripe is red or green."""
    notebook.show(index)
    card = notebook.node(index).wait_for_selector(".rgteach-card")
    stripe = card.evaluate("card => getComputedStyle(card).borderLeftColor")
    red, green, blue = (int(n) / 255 for n in re.findall(r"\d+", stripe)[:3])
    hue = round(360 * colorsys.rgb_to_hsv(red, green, blue)[0])
    colour = "red" if hue < 40 or hue > 330 else "green" if 90 < hue < 180 else f"hue {hue}"
    return SimpleNamespace(outcome=card.get_attribute("data-outcome"), colour=colour, text=card.inner_text())


def test_lesson__runs_to_its_end_and_a_slider_changes_the_figure(student):
    lesson = opened(student, LAB)
    lesson.run_all()
    assert lesson.errors() == []
    assert [cell["source"] for cell in lesson.cells() if "{{" in cell["source"]] == [], (
        "a number was not filled in"
    )
    unrun = [i for i, cell in enumerate(lesson.cells()) if cell.get("execution_count", 1) is None]
    assert unrun == []

    (demo,) = [i for i, cell in enumerate(lesson.cells()) if 'rg.demo("glcm")' in cell["source"]]
    lesson.show(demo)
    before = lesson.wait_for_new_pictures(demo, [])
    photograph(student, "demo-before")
    lesson.node(demo).wait_for_selector(".noUi-handle").focus()
    student.page.keyboard.press("ArrowRight")
    after = lesson.wait_for_new_pictures(demo, before)
    assert len(after) == len(before)
    assert lesson.errors() == []
    photograph(student, "demo-after")
    lesson.close()


def test_exercise__a_mistake_is_red_and_named_and_the_right_answer_green(student, exercise):
    notebook = opened(student, f"{LAB}_exercise")
    notebook.run_all()
    assert notebook.errors() == [], "an untouched notebook runs to its end"
    answer = notebook.find(role="answer", exercise=FIRST)
    check = notebook.find(role="check", exercise=FIRST)
    assert card_of(notebook, check).outcome == "not tried"
    photograph(student, "not-tried")

    mistake = exercise.all("wrong")[0]
    notebook.type_into(answer, written(mistake.code, student.lang))
    notebook.run(answer)
    notebook.run(check)
    card = card_of(notebook, check)
    photograph(student, "mistake")
    assert (card.outcome, card.colour) == ("not yet", "red")
    assert plain(mistake.options["says"][student.lang]) in plain(card.text)

    notebook.type_into(answer, written(exercise.one("answer").code, student.lang))
    notebook.run(answer)
    notebook.run(check)
    card = card_of(notebook, check)
    photograph(student, "right")
    assert (card.outcome, card.colour) == ("right", "green")

    done_before = progress_of(notebook)
    assert re.search(rf"\b{exercise.points}(/| of )\d+", done_before)
    notebook.restart()
    notebook.run(notebook.find(role="code"))  # the first cell: imports and rg.setup
    assert progress_of(notebook) == done_before, "what was done is lost with the kernel"
    photograph(student, "progress")
    notebook.close()


def plain(text: str) -> str:
    """Text without the marks and blanks in which a page and a screen differ."""
    return re.sub(r"[\s`]+", "", text)


def progress_of(notebook: Notebook) -> str:
    """What rg.progress() shows, in words."""
    index = notebook.append_code("rg.progress()")
    notebook.run(index)
    assert notebook.errors() == []
    notebook.show(index)
    return notebook.node(index).wait_for_selector(".jp-OutputArea-output").inner_text()
