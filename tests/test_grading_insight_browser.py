"""The page about a class can be met without eyes, in both languages, in light and in dark; and it prints."""

import pytest
from accessibility import violations_in_schemes
from browser import browser_page
from graded import made

import rgteach as rg
from rgteach.grading.insight.labels import known_keys
from rgteach.grading.insight.page import page as insight
from rgteach.wording import LANGUAGES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with browser_page() as page:
        yield page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page__has_nothing_that_axe_complains_about(browser, lang):
    rg.setup(lang)
    text = insight([*made(34, "02"), *made(12, "04")], known_keys(), names=lang == "zh")
    browser.set_content(text)
    browser.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert violations_in_schemes(browser) == []


def test_page__fits_a_phone_and_a_sheet_of_paper(browser):
    browser.set_viewport_size({"width": 360, "height": 740})
    browser.set_content(insight(made(34, "02"), known_keys()))
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert browser.evaluate(wide)
    browser.emulate_media(media="print")
    browser.set_viewport_size({"width": 794, "height": 1123})
    assert browser.evaluate(wide)
