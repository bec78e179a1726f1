"""Feedback in a real browser: met without eyes, on a phone, on paper; and the cells of a notebook.

Pictures of what was seen are left in `screenshots/`, which git ignores.
"""

import json

import pytest
from accessibility import headed, page_of, violations_in_schemes, violations_in_themes
from browser import browser_page
from built import markdown
from graded import ROOT, all_kinds, one
from student import SCREENSHOTS
from test_grading_feedback import evil

from rgteach import wording
from rgteach.grading.feedback import Late, write_feedback

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page():
    with browser_page() as page:
        yield page


def kinds(lang: str) -> dict:
    told = {"path": "a", "line": 1, "column": 1}
    return {
        "all": all_kinds(lang=lang),
        "right": one(lang=lang, kind="right"),
        "nothing": one(lang=lang, kind="not tried"),
        "self-check": all_kinds(lang=lang, is_grade=False),
        "file": one(lang=lang, problem="check-not-json", told=told, exercises=()),
    }  # fmt: skip


def opened(page, path) -> None:
    page.goto(path.as_uri())
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_page__axe_core_has_nothing_to_say(page, lang, tmp_path):
    SCREENSHOTS.mkdir(exist_ok=True)
    for name, graded in (kinds(lang) | {"evil": evil()}).items():
        opened(page, write_feedback(tmp_path / name, graded, late=Late(1, 1)))
        assert violations_in_schemes(page) == [], name
        page.screenshot(path=SCREENSHOTS / f"feedback-{name}-{lang}.png", full_page=True)


@pytest.mark.parametrize("name", ["all", "evil"])
def test_page__fits_a_phone(page, name, tmp_path):
    """Only code and values scroll sideways, each on its own."""
    graded = kinds("zh")["all"] if name == "all" else evil()
    page.set_viewport_size({"width": 360, "height": 700})
    try:
        opened(page, write_feedback(tmp_path, graded))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        page.set_viewport_size({"width": 1400, "height": 1000})


def test_page__on_paper_shows_all_of_long_lines(page, tmp_path):
    opened(page, write_feedback(tmp_path, all_kinds()))
    page.emulate_media(media="print")
    try:
        wraps = page.evaluate(
            "[...document.querySelectorAll('pre')].map(p => getComputedStyle(p).whiteSpace)"
        )
        assert wraps
        assert set(wraps) == {"pre-wrap"}
    finally:
        page.emulate_media(media="screen")


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_notebook__axe_core_has_nothing_to_say_about_its_cells(page, lang, tmp_path):
    raw = (ROOT / "exercises" / lang / "02_glcm.ipynb").read_bytes()
    path = write_feedback(tmp_path, all_kinds(lang=lang), notebook=raw).with_suffix(".ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    told = [c["source"] for c in cells if c["metadata"].get("rgteach", {}).get("role") == "feedback"]
    pieces = ["<h1>Feedback</h1>", *(headed(str(k), markdown(one)) for k, one in enumerate(told))]
    assert violations_in_themes(page, page_of("Feedback", wording.tag(lang), *pieces)) == []
