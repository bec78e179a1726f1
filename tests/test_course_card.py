"""The card: words and an icon beside the colour, the student's text escaped, plain text without codes."""

import html.parser
import re

import numpy as np
import pytest
from minilab import ROWS, carded, key_for

from rgteach import wording
from rgteach.course.card import ICONS, Card, Row
from rgteach.course.show import show, show_pair

NASTY = "<script>alert(1)</script>\"'&"


def total(a):
    return a.sum()


def stub(a):
    raise NotImplementedError


def breaks(a):
    return a / NASTY


ANSWERS = {
    "not tried": stub,
    "not yet": lambda a: NASTY,
    "right": total,
}


class Reader(html.parser.HTMLParser):
    """Tags that are open and close again, attributes and text."""

    def __init__(self, text: str):
        super().__init__()
        self.open, self.tags, self.attributes, self.text = [], [], [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("outcome", ANSWERS)
def test_card__shows_icon_and_word_and_says_its_language(outcome, lang):
    card = carded(key_for(total, ROWS), ANSWERS[outcome], lang)
    page = Reader(card._repr_html_())
    assert page.open == []
    assert ("role", "status") in page.attributes
    assert ("lang", {"en": "en", "zh": "zh-CN"}[lang]) in page.attributes
    word = wording.say(f"outcome-{outcome.replace(' ', '-')}", lang)
    assert page.text.startswith(f"{ICONS[outcome]} {word}")
    assert repr(card).startswith(f"{ICONS[outcome]} {word}")


@pytest.mark.parametrize("answer", [lambda a: NASTY, lambda a: print(NASTY), breaks, lambda a: {NASTY: 1}])
def test_card__all_that_comes_from_a_student_is_escaped(answer):
    page = Reader(carded(key_for(total, ROWS), answer, "en")._repr_html_())
    assert "script" not in page.tags
    assert not any(name.startswith("on") for name, _ in page.attributes)


def test_card__text_takes_the_colour_of_the_page_around_it():
    shown = carded(key_for(total, ROWS), lambda a: 1, "en")._repr_html_()
    colours = re.findall(r"(?<![-\w])color:([^;\"]+)", shown)
    assert set(colours) == {"inherit"}
    assert set(re.findall(r"background:([^;\"]+)", shown)) == {"transparent"}


def test_card__plain_text_has_no_colour_codes():
    assert "\x1b" not in repr(carded(key_for(total, ROWS), lambda a: 1, "en"))


def test_card__tells_in_the_order_of_a_teacher():
    text = repr(carded(key_for(total, ROWS), breaks, "en"))
    order = [
        "You gave",
        "Expected",
        "For",
        "do not go together",
        "Why:",
        "Try:",
        "return a / NASTY",
        "rg.hint",
    ]
    places = [text.index(word) for word in order]
    assert places == sorted(places)


def test_card__shows_the_input_by_the_names_of_the_parameters():
    key = key_for(lambda a, b: a + b, [(np.array([1, 2]), 3)], groups=["edge"])
    text = repr(carded(key, lambda a, b: a, "en"))
    assert "f(a, b)    # at the edge" in text
    assert "a = [1 2]" in text
    assert "b = 3" in text


def test_card__says_where_a_long_array_begins_to_differ():
    key = key_for(lambda a: a * 1.0, [(np.arange(12.0).reshape(3, 4),)])
    text = repr(carded(key, lambda a: a + (a > 9), "en"))
    assert "[2, 2]: 11.0 ≠ 10.0    (2 / 12)" in text


def test_card__code_between_backticks_looks_like_code():
    card = Card("x", "right", "en", "Title", rows=(Row("label", "`no`"),), sentences=(("", "use `a < b`"),))
    assert "use <code>a &lt; b</code>" in card._repr_html_()
    assert "`no`" in card._repr_html_()


def test_card__a_single_backtick_is_a_backtick():
    card = Card("x", "right", "en", sentences=(("", "`a` and ` alone"),))
    assert "<code>a</code> and ` alone" in card._repr_html_()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (0.5, "0.5"),
        (1 / 3, "0.333333"),
        (3.0, "3.0"),
        (2.0000000001, "2.0"),
        (float("nan"), "nan"),
        (1e-20, "1e-20"),
        (123456789.25, "1.23457e+08"),
        (np.float64(2.5), "2.5"),
        (np.bool_(True), "True"),
        ((1.0,), "(1.0,)"),
        ([np.float64(1.0), 2], "[1.0, 2]"),
        ({"a": np.int64(1)}, "{'a': 1}"),
        ("text", "'text'"),
        (np.array([[1, 2], [3, 4]]), "[[1 2]\n [3 4]]"),
        (np.array(2.5), "2.5"),
        ([], "[]"),
    ],
    ids=repr,
)
def test_show__reads_like_a_person_writes(value, text):
    assert show(value) == text


def test_show__large_values_stay_short():
    for value in (
        np.zeros((300, 300)),
        np.zeros((9, 9, 9)),
        list(range(5000)),
        "x" * 9999,
        {"a": "y" * 9999},
    ):
        lines = show(value).split("\n")
        assert len(lines) <= 16
        assert max(map(len, lines)) <= 200
    assert show(np.zeros((300, 300))).endswith("(300 × 300)")


def test_show_pair__gives_digits_until_the_difference_is_seen():
    assert show_pair(0.1, 0.2) == ("0.1", "0.2")
    given, expected = show_pair(1.00000001, 1.00000002)
    assert given != expected
    given, expected = show_pair(np.array([1.00000001]), np.array([1.00000002]))
    assert given != expected
