"""Small parts of a build: which pages there are, names of cells, traces of a machine, numbers that agree."""

from pathlib import Path

import pytest
from minilab import EXERCISES, LESSON, PAGES, mini_page

from rgteach.course import differ, execute, notebooks
from rgteach.course.build import pages
from rgteach.course.model import PageError


def test_pages__an_unknown_lab_is_told_which_there_are():
    with pytest.raises(PageError, match="00_mini") as caught:
        pages(PAGES, ["07"])
    assert caught.value.key == "page-not-found"
    assert pages(PAGES, ["00_mini"]) == pages(PAGES) == [LESSON, EXERCISES]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/tmp/ipykernel_4711/2735.py:3: UserWarning", "<cell>:3: UserWarning"),
        (r"C:\Users\me\AppData\ipykernel_1\9.py:3", "<cell>:3"),
        ("<Figure object at 0x7f00deadbeef>", "<Figure object at 0x…>"),
        ("0x12 stays", "0x12 stays"),
        (f"{Path.home()}/data", "~/data"),
    ],
)
def test_anonymous__takes_away_what_names_a_machine(text, kept):
    assert execute.anonymous(text, Path("/no/such/folder")) == kept


def test_notebooks__equal_cells_are_counted():
    page = mini_page()
    doubled = type(page)(page.path, page.lab, "lesson", 5, page.title, page.cells[:2] * 2)
    names = [cell["id"] for cell in notebooks.notebook(doubled, "lesson", "en")["cells"]]
    assert len(set(names)) == 4
    assert names[2:] == [f"{name}-2" for name in names[:2]]


@pytest.mark.parametrize(
    ("old", "new", "agree"),
    [
        ("3.0", "3.0", True),
        ("3.0", "3.1", True),
        ("3.0", "3.2", False),
        ("37", "38", False),
        ("1.5e-03", "1.6e-03", True),
        ("1.5e-03", "1.5e-02", False),
        ("0.25 and 7", "0.26 and 7", True),
        ("0.25 and 7", "0.25 or 7", False),
        ("yes", "no", False),
    ],
)
def test_same_numbers__one_unit_of_the_last_shown_digit_is_no_difference(old, new, agree):
    assert differ.same_numbers({"x": old}, {"x": new}) == agree


def test_same_numbers__a_number_that_was_not_there_is_a_difference():
    assert not differ.same_numbers({}, {"x": "1"})
    assert differ.same_numbers({"x": "1", "y": "2"}, {"x": "1"})
