"""No two students share a folder, on any system."""

import itertools
import unicodedata
from dataclasses import replace

import pytest
from graded import NAMES, one
from hypothesis import given
from hypothesis import strategies as st

from rgteach.grading.feedback.names import place, safe

HARD = [
    *NAMES, "Alice", "ALICE", "a/b", "a_b", "a\\b", "a:b", "..", ".", "", " ", "a ", "a.", ".a", "-",
    "con.txt", "COM1", "nul", "x" * 300, "x" * 301, "x" * 60, "x" * 61, "é", "e\u0301", "王小明", "王小",
    "\ud800", "\x00", "a\nb", "a*b", "a?b", "alice-0123456789", "ａlice", "ﬁ", "fi",
]  # fmt: skip


def as_a_file_system_sees_it(name: str) -> str:
    """Capitals and the way an accent is written do not count on Windows and macOS."""
    return unicodedata.normalize("NFD", name).casefold().rstrip(". ")


def test_safe__hard_names_never_meet():
    found = {name: as_a_file_system_sees_it(safe(name)) for name in HARD}
    assert [pair for pair in itertools.combinations(found, 2) if found[pair[0]] == found[pair[1]]] == []


@given(st.text(max_size=80), st.text(max_size=80))
def test_safe__no_two_names_meet(a, b):
    assert a == b or as_a_file_system_sees_it(safe(a)) != as_a_file_system_sees_it(safe(b))


@given(st.text(max_size=200))
def test_safe__is_one_part_of_a_path_on_every_system(name):
    done = safe(name)
    assert 0 < len(done) <= 80
    assert not set(done) & set('/\\:*?"<>|\x00\n')
    assert done == done.strip(". ")
    assert done.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}


@pytest.mark.parametrize("name", ["alice", "chen.wei", "s_2024-17", "x", "王小明", "2024_李雷"])
def test_safe__a_plain_name_stays_as_it_is(name):
    assert safe(name) == name


def test_place__two_files_of_no_known_lab_do_not_meet(tmp_path):
    first = one(lab="02", submission="a.ipynb", digest="1")
    files = [replace(first, lab="", submission=s, digest=d) for s, d in (("a", "1"), ("a", "2"), ("b", "1"))]
    assert len({place(tmp_path, graded, ".html") for graded in [first, *files]}) == 4
    assert place(tmp_path, first, ".html") == tmp_path / "feedback" / "alice" / "02.html"
