"""How long grading took stands in a file of its own: the same secret gives the same scores, byte for byte."""

import json
from dataclasses import replace

import pytest
from test_grading_write import graded, useless

from rgteach.grading import write
from rgteach.grading.model import Graded, to_data


def timed(student: str, seconds: float) -> Graded:
    """A submission that took so long, and each of its exercises a part of it."""
    one = graded(student)
    exercises = tuple(replace(e, seconds=seconds / (2 + k)) for k, e in enumerate(one.exercises))
    return replace(one, exercises=exercises, seconds=seconds)


def test_seconds__stand_apart_so_that_the_same_grades_are_the_same_bytes(tmp_path):
    for seconds in (0.25, 8.5):
        (tmp_path / str(seconds)).mkdir()
        given = [timed("alice", seconds), timed("张三", 2 * seconds), useless()]
        write.write(tmp_path / str(seconds), given)
        assert write.load(tmp_path / str(seconds) / "scores.json") == sorted(
            given, key=lambda g: g.submission
        )
    for name in ("scores.json", "scores.csv"):
        assert (tmp_path / "0.25" / name).read_bytes() == (tmp_path / "8.5" / name).read_bytes()


def test_seconds__of_an_earlier_run_stay(tmp_path):
    write.write(tmp_path, [timed("alice", 0.5), timed("bob", 1.5)])
    write.write(tmp_path, [timed("bob", 2.5)])
    assert [one.seconds for one in write.load(tmp_path / "scores.json")] == [0.5, 2.5]


@pytest.mark.parametrize(
    "text",
    [None, "", "[]", '{"format": 2, "seconds": {}}', '{"format": 1, "seconds": {"alice/02.ipynb": [1.0]}}',
     '{"format": 1, "seconds": {"alice/02.ipynb": ["x", 1, 2]}}', '{"format": 1, "seconds": [1]}'],
    ids=["missing", "empty", "a list", "later", "other exercises", "no numbers", "no names"],
)  # fmt: skip
def test_seconds__that_cannot_be_read_cost_no_grade(tmp_path, text):
    write.write(tmp_path, [timed("alice", 0.5)])
    (tmp_path / "seconds.json").unlink()
    if text is not None:
        (tmp_path / "seconds.json").write_text(text, encoding="utf-8")
    assert write.load(tmp_path / "scores.json") == [graded("alice")]


def test_seconds__in_a_file_of_an_earlier_edition_are_read(tmp_path):
    one = timed("alice", 0.5)
    text = json.dumps({"format": 1, "graded": [to_data(one)]})
    (tmp_path / "scores.json").write_text(text, encoding="utf-8")
    assert write.load(tmp_path / "scores.json") == [one]
