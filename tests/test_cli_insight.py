"""`rgteach insight` as an instructor types it."""

import json

import pytest
from graded import made

from rgteach.grading.model import to_data


@pytest.fixture
def scores(tmp_path):
    data = {"format": 1, "graded": [to_data(one) for one in made(8, "02")]}
    (tmp_path / "scores.json").write_text(json.dumps(data), encoding="utf-8")
    return tmp_path


def test_insight__writes_the_page_and_says_where(run, scores):
    code, out, _ = run("insight", str(scores), "--lang", "zh", "--lab", "02")
    assert code == 0
    assert "insight.html" in out.replace("\n", "")
    assert 'lang="zh-CN"' in (scores / "insight.html").read_text(encoding="utf-8")


def test_insight__names_only_where_they_are_asked_for(run, scores):
    for words, shown in (((), False), (("--names",), True)):
        assert run("insight", str(scores), "-o", str(scores / "x.html"), *words)[0] == 0
        assert ("chen.wei" in (scores / "x.html").read_text(encoding="utf-8")) == shown


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [((), 2, "No folder"), (("nowhere",), 1, "scores.json"), (("x", "--out", "a.pdf"), 2, "a.pdf")],
    ids=["no-folder", "no-scores", "not-html"],
)
def test_insight__says_what_is_missing(run, words, code, told):
    given, _, err = run("insight", *words)
    assert given == code
    assert told in err


def test_insight__an_unknown_lab_is_told_with_the_known(run, scores):
    code, _, err = run("insight", str(scores), "--lab", "99")
    assert code == 1
    assert "02" in err
