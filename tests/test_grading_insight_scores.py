"""From the files that grading wrote to the page in a file."""

import json
import os
from dataclasses import replace

import pytest
from graded import made, one

from rgteach.errors import LearnerError
from rgteach.grading.insight import scores
from rgteach.grading.insight.classroom import classrooms
from rgteach.grading.model import to_data
from rgteach.grading.write import Scores


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
    assert len(scores.read(folder(made(5, "02"))).graded) == 5
    assert len(scores.read(folder(made(5, "02")) / "scores.json").graded) == 5


def test_scores__a_folder_for_each_lab(folder, tmp_path):
    folder(made(5, "02"), "02")
    assert len(scores.read(folder([one("alice", "04")], "04")).graded) == 6
    with pytest.raises(LearnerError, match="no scores.json"):
        scores.read(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 9, "graded": []}', '{"format": 1, "graded": [{}]}']
)
def test_scores__a_damaged_file_is_refused(tmp_path, text):
    (tmp_path / "scores.json").write_text(text, encoding="utf-8")
    with pytest.raises(LearnerError) as error:
        scores.read(tmp_path)
    assert error.value.key == "scores-damaged"


def test_scores__tell_what_counts_and_when_it_was_handed_in(tmp_path):
    """Three attempts, 2 and 30 hours apart; the last counts although it has fewer points."""
    several = [replace(one("alice", kind=kind), submission=f"{k}.ipynb", digest=f"{k}")
               for k, kind in enumerate(("not tried", "right", "mistake"))]  # fmt: skip
    times = {f"{k}.ipynb": f"2026-11-2{at}:00:00+00:00" for k, at in enumerate(("0T10", "0T12", "1T18"))}
    with Scores(tmp_path, times) as into:
        for each in several:
            into.add(each)
    found = scores.read(tmp_path)
    (room,), _ = classrooms(found.graded, found.known)
    assert room.handed[0].submission == "2.ipynb"
    assert (room.attempts, room.gaps) == ((3,), ((2.0, 30.0),))
    assert "From one attempt to the next it took 16.0 hours" in scores.write(tmp_path).read_text("utf-8")


def test_write__replaces_the_page_as_a_whole(folder, monkeypatch):
    place = scores.write(folder(made(6, "02")))
    before = place.read_text(encoding="utf-8")
    assert place.name == "insight.html"
    monkeypatch.setattr(os, "replace", lambda a, b: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        scores.write(folder(made(7, "02")))
    assert place.read_text(encoding="utf-8") == before
    assert [p.name for p in place.parent.iterdir() if p.name.endswith(".part")] == []
