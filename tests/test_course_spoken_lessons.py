"""The speaker's notes of the course: whole, on time, and true of the sliders that they name."""

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
