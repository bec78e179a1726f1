"""The speaker's notes of the course: whole, on time, and true of the sliders that they name.

What a demo's own answer promises too is proved in `test_demos_<name>.py`; the rest at the end of this file.
"""

import json
import re
import tomllib
from functools import cache

import pytest
from conftest import ROOT
from markdown_it import MarkdownIt

import rgteach as rg
from rgteach import wording
from rgteach.course import spoken
from rgteach.course.notebooks import UNKNOWN_NUMBER
from rgteach.course.page import read

LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.md"))
MINUTES = {"en": re.compile(r"\*Minutes (\d+)–(\d+)\.\*"), "zh": re.compile(r"\*第 (\d+)–(\d+) 分钟。\*")}


@cache
def page(lesson):
    return read(ROOT / "notebooks" / f"{lesson}.md")


@cache
def built(lesson, lang):
    return json.loads((ROOT / "notebooks" / lang / f"{lesson}.notes.json").read_text(encoding="utf-8"))


def points(text):
    return [line[2:] for line in text.splitlines() if line.startswith("- ")]


def shown_demos(lesson):
    """The demos that the code of a lesson shows."""
    code = "\n".join(cell.code for cell in page(lesson).cells if cell.is_code)
    return [rg.demo(name) for name in re.findall(r'rg\.demo\("(\w+)"\)', code)]


def sliders(lesson):
    """What each slider of the lesson is called, and the settings it can have, in the language in force."""
    return {
        demo.label(slider): {slider.show(choice) for choice in slider.choices}
        for demo in shown_demos(lesson)
        for slider in demo.controls
    }


def painter_words():
    """What the buttons of the painter are called; sentences with blanks are none of them."""
    file = ROOT / "rgteach" / "words" / "painter-page.toml"
    known = tomllib.loads(file.read_text(encoding="utf-8"))
    return {text[wording.language()] for text in known.values() if "{" not in text[wording.language()]}


@pytest.mark.parametrize("lesson", LESSONS)
def test_notes__stand_at_the_same_headings_in_both_languages(lesson):
    english, chinese = (built(lesson, lang) for lang in wording.LANGUAGES)
    assert list(english) == list(chinese)
    assert 4 <= len(english) <= 8
    assert "0" in english  # the first thing that is said
    for place, text in english.items():
        assert 2 <= len(points(text)) <= 5
        assert len(points(text)) == len(points(chinese[place]))


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_notes__fill_the_minutes_of_the_lesson(lesson, lang):
    spans = [MINUTES[lang].match(text) for text in built(lesson, lang).values()]
    assert all(spans)
    begins, ends = zip(*[(int(span[1]), int(span[2])) for span in spans], strict=True)
    assert begins == (0, *ends[:-1])
    assert ends[-1] == page(lesson).minutes
    assert all(begin < end for begin, end in zip(begins, ends, strict=True))


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_notes__are_built_from_the_page_and_every_number_is_there(lesson, lang):
    notebook = json.loads((ROOT / "notebooks" / lang / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    numbers = notebook["metadata"]["rgteach"].get("numbers", {})
    assert spoken.notes(page(lesson), lang, numbers) == built(lesson, lang)
    assert not any(UNKNOWN_NUMBER in text or "nan" in text for text in built(lesson, lang).values())


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_notes__call_sliders_and_settings_as_the_screen_does(lesson, lang):
    wording.choose(lang)
    known = sliders(lesson)
    names = set(known) | {demo.title for demo in shown_demos(lesson)}
    if any("rg.paint(" in cell.code for cell in page(lesson).cells):
        names |= painter_words()
    for text in built(lesson, lang).values():
        html = MarkdownIt("commonmark").render(text)
        assert "**" not in html  # Chinese brackets can keep an emphasis from closing
        for point in points(text):
            bold = re.findall(r"\*\*(.+?)\*\*", point)
            assert set(bold) <= names
            if settings := {one for name in bold for one in known.get(name, ())}:
                assert set(re.findall(r"`(.+?)`", point)) <= settings


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("lesson", [one for one in LESSONS if one != "00_start"])
def test_notes__lead_through_the_demo_of_the_lesson(lesson, lang):
    wording.choose(lang)
    told = "\n".join(built(lesson, lang).values())
    assert all(f"**{demo.title}**" in told for demo in shown_demos(lesson))
    assert len({name for name in sliders(lesson) if f"**{name}**" in told}) >= 2


def numbers(name, **settings):
    """The numbers of a demo, settings not given as in its opening view."""
    demo = rg.demo(name)
    return demo.recipe.compute(**(demo.opening() | settings)).features


def test_lab_02__contrast_is_highest_where_the_square_lies_across_the_edge():
    contrast = {place: numbers("glcm", place=place)["contrast"] for place in range(0, 50, 5)}
    assert max(contrast, key=contrast.get) == 15
    assert contrast[45] < contrast[0] < contrast[15]


def test_lab_02__neighbours_forget_each_other_and_small_squares_jump():
    assert abs(numbers("glcm", distance=5)["correlation"]) < 0.05
    assert numbers("glcm", distance=5)["contrast"] > numbers("glcm")["contrast"]
    small, beside = numbers("glcm", side=6), numbers("glcm", side=6, place=-5)
    assert beside["contrast"] > 2 * small["contrast"]


def test_lab_06__rare_effects_hide_among_as_many_false_ones():
    none, some, more = (numbers("fdr", share=share) for share in (0, 5, 10))
    assert 40 <= none["none_false"] <= 60
    assert none["bonferroni_false"] == none["bh_false"] == 0
    assert abs(some["none_false"] - more["none_false"]) <= 2
    assert some["none_fdr"] > more["none_fdr"]
    weak = numbers("fdr", share=5, effect=1.0)
    assert weak["bonferroni_true"] == weak["bh_true"] == 0


def test_lab_07__the_lasso_picks_others_each_time_and_the_net_takes_the_family():
    demo = rg.demo("lasso")
    picked = []
    for draw in range(1, 7):
        view = demo.recipe.compute(**(demo.opening() | {"draw": draw}))
        picked.append(tuple(view.coef != 0))
        assert 1 <= view.features["moved_in"] <= 3
        assert numbers("lasso", draw=draw, share=1, mix=0.2)["moved_in"] in (7, 8)
        weak = numbers("lasso", draw=draw, share=0.02)
        assert weak["still_in"] > view.features["still_in"]
        assert weak["explained"] > view.features["explained"]
    assert len(set(picked)) == 6
