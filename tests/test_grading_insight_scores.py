"""From the files that grading wrote to the page in a file."""

import json

import pytest
from graded import made, one

from rgteach.errors import LearnerError
from rgteach.grading.insight import scores
from rgteach.grading.model import to_data


@pytest.fixture
def folder(tmp_path):
    def put(graded, name="."):
        place = tmp_path / name
        place.mkdir(exist_ok=True)
        data = {"format": 1, "graded": [to_data(each) for each in graded]}
        (place / "scores.json").write_text(json.dumps(data), encoding="utf-8")
        return tmp_path

    return put


def test_scores__one_folder_or_one_for_each_lab(folder):
    assert len(scores.read(folder(made(5, "02")))) == 5
    assert len(scores.read(folder(made(5, "02")) / "scores.json")) == 5


def test_scores__a_folder_for_each_lab(folder, tmp_path):
    folder(made(5, "02"), "02")
    assert len(scores.read(folder([one("alice", "04")], "04"))) == 6
    with pytest.raises(LearnerError, match="no scores.json"):
        scores.read(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 9, "graded": []}', '{"format": 1, "graded": [{}]}']
)
def test_scores__a_damaged_file_is_refused(tmp_path, text):
    (tmp_path / "scores.json").write_text(text, encoding="utf-8")
    with pytest.raises(LearnerError) as error:
        scores.read(tmp_path)
    assert error.value.key == "insight-damaged"


def test_write__replaces_the_page_as_a_whole(folder, monkeypatch):
    place = scores.write(folder(made(6, "02")))
    before = place.read_text(encoding="utf-8")
    assert place.name == "insight.html"
    monkeypatch.setattr(scores.os, "replace", lambda a, b: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        scores.write(folder(made(7, "02")))
    assert place.read_text(encoding="utf-8") == before
    assert [p.name for p in place.parent.iterdir() if p.name.endswith(".part")] == []
