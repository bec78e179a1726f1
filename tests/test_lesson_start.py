"""Lab 00: what its cards and numbers say is so, and whatever handles labs copes with a single exercise."""

import re

import pytest
from built import ROOT, cells
from graded import lab_keys, made
from rendered import Page

import rgteach as rg
from rgteach.course import check, progress
from rgteach.course.page import read
from rgteach.course.places import course_home
from rgteach.grading.insight.labels import known_keys
from rgteach.grading.insight.page import page as insight
from rgteach.wording import LANGUAGES

LAB, ONLY = "00", "start-area"
LESSON = read(ROOT / "notebooks" / "00_start.md")
EXERCISE = read(ROOT / "solutions" / "00_start.md").exercises[ONLY]
SENTENCES = {"en": r"\*\*(?:Predict|Try it):\*\*", "zh": r"\*\*(?:先猜一猜|试一试)\*\*"}


def built(lang: str) -> list[dict]:
    return cells(ROOT / "notebooks" / lang / "00_start.ipynb")


def told(lang: str, code: str) -> list[str]:
    """What the cells with this code show, as text."""
    asked = [c for c in built(lang) if c["cell_type"] == "code" and code in "".join(c["source"])]
    last = [c["outputs"][-1] for c in asked]
    return ["".join(out.get("text") or out["data"]["text/plain"]) for out in last]


@pytest.fixture(scope="module")
def patient():
    """Whoever is painted in the lesson."""
    return rg.cohorts.glioma(seed=1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lesson__its_cards_are_those_of_the_exercise_as_it_is_now(lang):
    wrong, right = told(lang, f'rg.check("{ONLY}")')
    assert wrong.startswith("✗")
    assert EXERCISE.all("wrong")[0].options["says"][lang] in wrong
    assert right.startswith("✓")


def test_lesson__its_first_answer_is_the_mistake_by_that_name_and_its_second_the_solution():
    """As they stand on the page, so that the card which is built is the card that a student gets."""
    (key,) = lab_keys(LAB)
    code = [cell.code for cell in LESSON.cells if "def area_mm2" in cell.code]
    found = []
    for text in code:
        names: dict = {}
        exec(re.match(r"def .*?\n\n", text, re.DOTALL)[0], names)
        found.append(check.check_with(key, names["area_mm2"], "en"))
    assert [card.outcome for card in found] == ["not yet", "right"]
    assert EXERCISE.all("wrong")[0].options["says"]["en"] in repr(found[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lesson__its_areas_are_those_of_the_patient(lang, patient):
    """Counted here voxel by voxel; a voxel is 1 mm wide, so that the wrong answer looks right at first."""
    flat = patient.labels[100].ravel().tolist()
    begun, whole = (sum(label in which for label in flat) for which in ((1, 4), (1, 2, 4)))
    assert patient.spacing_mm == (1, 1, 1)
    assert told(lang, "print(painted.sum()") == [f"{begun} voxels\n"]
    assert told(lang, '"mm²; one voxel:"') == [f"{begun} mm²; one voxel: (1.0, 1.0) mm\n"]
    (answer,) = told(lang, '("painted", "true")')
    assert re.findall(r"(painted|true): ([\d,]+) mm²", answer) == [
        ("painted", f"{begun:,}"),
        ("true", f"{whole:,}"),
    ]
    (prose,) = [text for c in built(lang) if f"{whole:,} mm²" in (text := "".join(c["source"]))]
    assert f"{begun} mm²" in prose
    assert f"{whole / begun:.1f} " in prose


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lesson__asks_before_it_shows_and_ends_with_three_lines(lang):
    text = "\n\n".join(cell.text[lang] for cell in LESSON.cells if not cell.is_code)
    assert len(re.findall(SENTENCES[lang], text)) >= 3
    lines = re.split(r"## (?:Take home|记住三句话)", text)[1].split("##")[0].strip()
    assert [line[:2] for line in lines.splitlines()] == ["1.", "2.", "3."]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lesson__names_the_ways_to_help_and_no_other_exercise(lang):
    text = "\n".join(cell.text[lang] for cell in LESSON.cells if not cell.is_code)
    for way in ("rg.check(", "rg.hint(", "rg.solution(", "rg.progress()"):
        assert way in text
    assert set(re.findall(r'rg\.check\("([\w-]+)"\)', "\n".join(cell.code for cell in LESSON.cells))) == {
        ONLY
    }


def test_progress__has_the_lab_first_with_its_two_points(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(progress, "_memory", {ONLY: {"state": "right", "tries": 2}})
    first = rg.progress().labs[0]
    assert (first.name, first.reached, first.points, first.by_person, first.questions) == ("00", 2, 2, 0, 0)
    assert first.title == read(ROOT / "solutions" / "00_start.md").title["en"]


@pytest.mark.parametrize("students", [1, 2, 40])
def test_insight__a_lab_with_one_exercise_is_described(students):
    text = Page(insight(made(students, lab=LAB), known_keys(course_home()))).text
    assert EXERCISE.one("statement").text["en"].splitlines()[0].lstrip("# ") in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
