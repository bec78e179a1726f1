"""A presentation in a real browser: nothing leaves the machine; keys, light and dark, notes."""

import json

import pytest
from accessibility import violations
from browser import browser_page
from presenting import presentation
from student import SCREENSHOTS

from rgteach import demos, wording
from rgteach.present import lessons
from rgteach.present.handout.page import page as handout

pytestmark = pytest.mark.browser
READY = "() => document.body.dataset.presentReady === 'true'"
PICTURES = "() => [...document.querySelectorAll('.present-output img')].map(one => one.src)"
BAR, TITLE = "#present-bar", "#present-main > h1"
TEXTS = (".present-text", ".present-code", ".present-printed")
COMPLETE = "() => [...document.images].every(one => one.complete && one.naturalWidth > 0)"
LESSON = [
    ("markdown", "# A lesson\n\nThe mean is $\\frac{1}{n}\\sum_i x_i$.\n\n**Predict.** How many?"),
    ("code", "import rgteach as rg\nprint(2 + 3)"),
    (
        "markdown",
        "## Look\n\n$$\\sigma^2 = \\frac1n\\sum_k (x_k-\\mu)^2$$\n\n![x](https://example.org/a.png)\n\n",
    ),
    ("code", "from IPython.display import HTML\nHTML('<table><tr><th scope=\"col\">a</th></tr></table>')"),
    ("markdown", "## The end\n\n<details><summary>Answer</summary>\n\nFive.\n\n</details>"),
]


def photograph(page, name):
    """Leave a picture of what is seen in `screenshots/`, 1920 pixels wide."""
    SCREENSHOTS.mkdir(exist_ok=True)
    before = page.viewport_size
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size(before)


@pytest.fixture(scope="module", params=wording.LANGUAGES)
def shown(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"present-{request.param}")
    with presentation(folder, "glcm", "--lang", request.param) as running, browser_page() as page:
        yield running, page, request.param


def ready(page):
    page.wait_for_function(READY)
    return page


def walk(page, key):
    """Press a key and give the heading that the page says it leads to."""
    page.keyboard.press(key)
    return page.inner_text("#present-told").partition(": ")[2]


def test_demo__its_sliders_redraw_it_and_the_keys_lead_on(shown):
    running, page, lang = shown
    page.goto(running.address)
    ready(page)
    assert "token" not in page.url
    assert page.evaluate("document.documentElement.lang") == wording.TAGS[lang]
    slider = page.get_by_role("slider").first
    slider.wait_for()
    before = page.evaluate(PICTURES)
    assert before
    photograph(page, f"present-demo-{lang}")
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_function(f"before => JSON.stringify(({PICTURES})()) !== JSON.stringify(before)", arg=before)
    page.keyboard.press("d")
    assert page.evaluate("document.body.dataset.jpThemeLight") == "false"
    photograph(page, f"present-demo-dark-{lang}")
    assert [one for part in (BAR, TITLE) for one in violations(page, within=part)] == []
    page.keyboard.press("d")
    assert page.evaluate("document.body.dataset.jpThemeLight") == "true"
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    assert violations(page, within="#present-help") == []
    page.keyboard.press("Escape")


def test_notes__stand_in_a_window_of_their_own(shown):
    running, page, lang = shown
    with page.context.expect_page() as opened:
        page.keyboard.press("n")
    notes = opened.value
    notes.wait_for_selector("section[data-here]")
    told = wording.say("demo-glcm-notes", lang).strip().splitlines()
    assert told[0] in notes.inner_text("main")
    assert told[0] not in page.inner_text("body")
    assert violations(notes) == []
    photograph(notes, f"present-notes-{lang}")
    notes.keyboard.press("PageDown")
    following = demos.names()[demos.names().index("glcm") + 1]
    page.wait_for_url(f"**/demo-{following}.ipynb", wait_until="commit")
    notes.close()


def test_gallery__leads_to_each_demo(shown):
    running, page, lang = shown
    page.goto(f"http://127.0.0.1:{running.port}/")
    page.wait_for_function(COMPLETE)
    links = page.locator(".present-cards a")
    assert links.count() == len(demos.names())
    assert violations(page) == []
    photograph(page, f"present-gallery-{lang}")


def test_painter__is_painted_on_in_a_presentation(shown):
    running, page, lang = shown
    page.goto(f"http://127.0.0.1:{running.port}/voila/render/demo-painter.ipynb")
    ready(page)
    page.locator(".rgteach-painter canvas").first.wait_for()
    drawn = "() => [...document.querySelectorAll('.rgteach-painter canvas')].some(one => one.width > 1)"
    page.wait_for_function(drawn)
    photograph(page, f"present-painter-{lang}")
    page.keyboard.press("d")
    assert page.evaluate("document.body.dataset.jpThemeLight") == "false"
    photograph(page, f"present-painter-dark-{lang}")
    page.keyboard.press("d")


def test_lesson__shows_code_formulas_and_answers_and_asks_for_nothing(tmp_path):
    cells = [{"cell_type": kind, "metadata": {}, "source": text} for kind, text in LESSON]
    (tmp_path / "own.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}}), encoding="utf-8")
    with presentation(tmp_path, "own.ipynb") as running, browser_page() as page:
        page.goto(running.address)
        ready(page)
        sizes = page.evaluate(
            "[...document.querySelectorAll('math')].map(one => one.getBoundingClientRect())"
        )
        assert len(sizes) == 2
        assert all(one["width"] > 20 and one["height"] > 10 for one in sizes)
        assert "5" in page.inner_text(".present-printed")
        assert page.locator(".present-code").count() == 3 - 1
        assert page.locator("table").count() == 1
        page.keyboard.press("PageDown")
        page.wait_for_function("() => document.getElementById('present-told').textContent.includes('Look')")
        assert [walk(page, key) for key in ("PageDown", "PageDown", "PageUp", "PageUp")] == [
            "The end", "The end", "Look", "A lesson",
        ]  # fmt: skip
        page.keyboard.press("PageDown")
        assert [one for part in (BAR, *TEXTS) for one in violations(page, within=part)] == []
        assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 18
        page.set_viewport_size({"width": 1920, "height": 1080})
        assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 24
        photograph(page, "present-lesson-en")


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_handout__reads_without_script_and_prints_its_answers(tmp_path, lang):
    file = tmp_path / "lesson.html"
    file.write_text(handout(lessons.read(lessons.find("02", lang)), lang), encoding="utf-8")
    with browser_page() as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(file.as_uri())
            page.wait_for_function(COMPLETE)
            assert violations(page) == []
            photograph(page, f"handout-{scheme}-{lang}")
        answers = (
            "[...document.querySelectorAll('details > :not(summary)')].map(one => one.checkVisibility())"
        )
        page.emulate_media(media="print", color_scheme="dark")
        shown = page.evaluate(answers)
        assert shown
        assert all(shown)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
