"""Open answers marked in a real browser by the keyboard alone, in both languages.

Pictures of what was seen are left in `screenshots/`, which git ignores.
"""

import pytest
from accessibility import violations_in_schemes
from browser import browser_page
from marking import Caller, served
from student import SCREENSHOTS

from rgteach.grading.rubric.marks import load
from rgteach.wording import LANGUAGES, say

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with browser_page() as page:
        yield page


@pytest.fixture(params=LANGUAGES)
def lang(request):
    """The marker's language."""
    return request.param


@pytest.fixture
def server(tmp_path, lang):
    with served(tmp_path, lang) as server:
        yield server


@pytest.fixture
def page(browser, server):
    browser.context.clear_cookies()
    browser.goto(server.address)
    browser.locator("#answer-title").filter(has_text="1").wait_for()
    yield browser
    browser.evaluate("() => waiting")
    browser.goto("about:blank")


def press(page, *keys: str) -> None:
    """Keys one after the other, faster than anybody types, and all that they started done."""
    for key in keys:
        page.keyboard.press(key)
    page.evaluate("() => waiting")


def shown(page, name: str) -> str:
    return page.locator(f"#{name}").inner_text()


def of(server, k: int):
    """The mark of the k-th answer, as it lies on the disk."""
    return load(server.session.marks.folder).get(server.session.queue.answers[k].id)


def test_keys__mark_a_class_without_a_mouse(page, server, lang):
    count = len(server.session.queue.answers)
    assert "token" not in page.url
    press(page, "1", "2", "2", "3", "3", "3")
    assert of(server, 0).points == (1, 1, 0, None, None)
    assert not of(server, 0).complete
    assert shown(page, "total") == say("rubric-total", lang, points="2", of="6")
    press(page, "Enter")
    assert (of(server, 0).points, of(server, 0).complete) == ((1, 1, 0, 0, 0), True)
    assert shown(page, "answer-title") == say("rubric-answer", lang, place=2, count=count)
    assert shown(page, "progress") == say("rubric-progress", lang, done=1, count=count)
    press(page, "a", "Enter", "0", "Enter")
    assert (of(server, 1).total, of(server, 2).total) == (6, 0)
    press(page, "k", "k", "k", "j")
    assert shown(page, "answer-title") == say("rubric-answer", lang, place=2, count=count)
    press(page, "n")
    assert shown(page, "answer-title") == say("rubric-answer", lang, place=4, count=count)


def test_comment__is_written_and_saved_by_keys(page, server, lang):
    page.keyboard.press("1")
    page.keyboard.press("c")
    page.keyboard.type("Good, 好: a 1 u?")
    press(page, "Escape")
    assert of(server, 0).comment == "Good, 好: a 1 u?"
    assert of(server, 0).points == (1, None, None, None, None)
    press(page, "Enter", "s")
    assert (of(server, 1).comment, of(server, 1).points) == ("Good, 好: a 1 u?", (1, 0, 0, 0, 0))
    page.keyboard.press("c")
    page.keyboard.type("!")
    press(page, "Control+Enter")
    assert of(server, 1).comment == "Good, 好: a 1 u?!"


def test_undo__takes_back_step_by_step_and_keeps_the_history(page, server, lang):
    press(page, "a", "Enter", "1", "u", "u")
    assert of(server, 0).points == (None,) * 5
    assert of(server, 1).points == (None,) * 5
    assert shown(page, "said") == say("rubric-undone", lang)
    press(page, "u")
    assert shown(page, "said") == say("rubric-nothing-undone", lang)
    first = server.session.queue.answers[0].id
    assert [mark.total for mark in load(server.session.marks.folder).history[first]] == [6, 0]


def test_resume__begins_where_work_was_left(page, server, lang):
    press(page, "a", "Enter", "a", "Enter", "2")
    page.reload()
    page.locator("#answer-title").filter(has_text="3").wait_for()
    page.evaluate("() => waiting")
    assert page.locator("#line-2").input_value() == "2"
    assert shown(page, "progress") == say(
        "rubric-progress", lang, done=2, count=len(server.session.queue.answers)
    )


def test_field__of_a_line_refuses_what_it_cannot_give(page, server, lang):
    field = page.locator("#line-1")
    for given, told in (("3", "3"), ("1;5", "1;5"), ("x", "x"), ("-1", "-1")):
        type_points(page, field, given)
        assert told in shown(page, "trouble")
        page.evaluate("() => inTurn(others)")  # as every few seconds
        assert told in shown(page, "trouble")
        assert of(server, 0) is None
        assert field.input_value() == ""


def test_field__takes_a_number_as_it_is_written_anywhere(page, server, lang):
    """A comma is no thousands' mark: half a point must not become five."""
    field = page.locator("#line-2")
    written = {"0,5": 0.5, "1.25": 1.25, "０。７５": 0.75, "1,": 1, ".5": 0.5, "": None}
    for given, points in written.items():
        type_points(page, field, given)
        assert of(server, 0).points[1] == points
        assert shown(page, "trouble") == ""
    field.press("ArrowUp")
    press(page, *["ArrowUp"] * 9, "ArrowDown")
    assert of(server, 0).points[1] == float(field.input_value()) == 1.75


def test_field__keeps_what_is_half_typed_when_something_else_is_saved_meanwhile(page, server):
    page.locator("#line-2").focus()
    page.keyboard.type("1")
    page.evaluate("() => inTurn(() => set(0, 1))")
    page.keyboard.type(".5")
    press(page, "Tab")
    assert of(server, 0).points[:2] == (1, 1.5)


def type_points(page, field, given):
    """As a marker does: what stands there is replaced, and Tab leads on."""
    field.focus()
    field.press("ControlOrMeta+A")
    field.press("Delete")
    page.keyboard.type(given)
    press(page, "Tab")


def test_same__marks_all_that_are_word_for_word_the_same(page, server):
    answers = server.session.queue.answers
    at = next(k for k, answer in enumerate(answers) if answer.same)
    press(page, *["j"] * at, "a", "Shift+Enter")
    marks = load(server.session.marks.folder)
    assert all(marks[name].total == 6 for name in (answers[at].id, *answers[at].same))


def test_other_marker__is_seen_and_not_overwritten(page, server, lang):
    other = Caller(server)
    found = server.session.queue.answers[0]
    server.session.marks.who = "Wang"
    other.data("/mark", {"id": found.id, "points": [1, 2, 1, 1, 0], "comment": "w"})
    page.evaluate("() => inTurn(others)")
    assert shown(page, "said") == say("rubric-by-other", lang, who="Wang")
    assert shown(page, "total") == say("rubric-total", lang, points="5", of="6")
    assert page.locator("#comment").input_value() == "w"


def test_server_gone__says_that_nothing_was_saved(page, server, lang):
    page.route("**/mark", lambda route: route.abort())
    press(page, "a")
    page.unroute("**/mark")
    assert shown(page, "trouble") == say("rubric-lost", lang)
    assert of(server, 0) is None


def test_single_keys__can_be_turned_off(page, server):
    for keys in (("a", "1"), ()):
        press(page, "?", "Space", "Escape")
        page.locator("#help").wait_for(state="hidden")
        press(page, *keys)
        assert of(server, 0) is None
    press(page, "a")
    assert of(server, 0).total == 6


def test_page__axe_core_has_nothing_to_say(page, lang):
    SCREENSHOTS.mkdir(exist_ok=True)
    press(page, "1", "2", "c")
    page.locator("summary").click()
    assert violations_in_schemes(page) == []
    page.screenshot(path=SCREENSHOTS / f"rubric-{lang}.png", full_page=True)
    page.locator("#answer").focus()
    press(page, "?")
    assert violations_in_schemes(page, within="#help") == []
    page.screenshot(path=SCREENSHOTS / f"rubric-help-{lang}.png")
    press(page, "Escape")
