"""Scores in a folder: one line a submission, whole or not at all, nothing a spreadsheet would run."""

import csv
import io
import json
import os
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from rgteach.errors import LearnerError
from rgteach.grading import took, write
from rgteach.grading.model import ExerciseGrade, Flag, Graded, to_data
from rgteach.grading.write import Scores


def graded(student: str, lab: str = "02", points: float = 2.5, path: str = "", **more) -> Graded:
    grades = (
        ExerciseGrade(
            "glcm-pairs", "partly", points, 3, "id", groups={"ordinary": (1, 2)}, flags=(Flag("async"),)
        ),
        ExerciseGrade("glcm-think", "by person", 0, 6, source="words"),
    )
    given = {"notes": (Flag("ids-lost"),), "seed": "abc", "edition": "e1", "is_grade": True} | more
    path = path or f"{student}/{lab}.ipynb"
    return Graded(path, student, lab, "en", f"digest of {path}", points, 3, 6, grades, 4, 5, **given)


def useless(student: str = "eve", key: str = "submission-empty") -> Graded:
    path = f"{student}/x.ipynb"
    return Graded(path, student, "", "en", "d", 0, 0, 0, (), problem=key, told={"file": path}, is_grade=True)


def rows(folder) -> list[dict]:
    raw = (folder / "scores.csv").read_bytes()
    assert raw.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))


def students(folder) -> list[str]:
    return [one.student for one in write.load(folder / "scores.json")]


def test_json__gives_back_what_was_graded(tmp_path):
    given = [graded("alice"), useless(), graded("张三", "05")]
    write.write(tmp_path, given)
    assert write.load(tmp_path / "scores.json") == given
    assert list(write.stream(tmp_path / "scores.json")) == given
    data = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    assert (data["format"], len(data["graded"])) == (1, 3)
    whole = json.loads(json.dumps(to_data(given[0])))
    assert {**data["graded"][0], **took.taken_out(whole)[0]} == data["graded"][0]


def test_json__stands_on_a_line_a_submission_sorted_by_path(tmp_path):
    write.write(tmp_path, [graded("zoe"), graded("alice"), graded("mo")])
    lines = (tmp_path / "scores.json").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 5
    assert students(tmp_path) == ["alice", "mo", "zoe"]


def test_json__none_at_all_can_be_read(tmp_path):
    write.write(tmp_path, [])
    assert write.load(tmp_path / "scores.json") == []


def test_json__in_another_shape_can_be_read_and_written_on(tmp_path):
    write.write(tmp_path, [graded("alice")])
    data = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))
    (tmp_path / "scores.json").write_text(json.dumps(data, indent=2), encoding="utf-8")
    assert students(tmp_path) == ["alice"]
    write.write(tmp_path, [graded("bob")])
    assert students(tmp_path) == ["alice", "bob"]


def test_csv__has_a_row_a_submission(tmp_path):
    write.write(tmp_path, [graded("张三", points=0.1 + 0.2), useless()])
    first, second = rows(tmp_path)
    assert list(first) == [
        "student", "lab", "points", "out_of", "by_person", "glcm-pairs", "glcm-think", "answered",
        "questions", "notes", "problem", "counts", "is_grade", "handed_in", "submission",
    ]  # fmt: skip
    assert (second["student"], second["points"], second["glcm-pairs"], second["glcm-think"]) == (
        "张三", "0.3", "0.3", "",
    )  # fmt: skip
    assert (second["notes"], second["by_person"], second["answered"]) == ("2", "6", "4")
    assert (first["problem"], first["points"]) == ("eve/x.ipynb is empty.", "0")


def test_csv__the_exercises_of_several_labs_stand_side_by_side(tmp_path):
    other = replace(graded("bob", "01"), exercises=(ExerciseGrade("moments-four", "right", 3, 3),))
    write.write(tmp_path, [graded("alice"), other])
    assert list(rows(tmp_path)[0])[5:8] == ["moments-four", "glcm-pairs", "glcm-think"]


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\r\n@x", '=HYPERLINK("x")']
)
def test_csv__no_text_becomes_a_formula(name, tmp_path):
    write.write(tmp_path, [graded(name, path=f"{name}.ipynb")])
    (row,) = rows(tmp_path)
    assert row["student"].startswith("'")
    assert row["submission"].startswith("'")
    assert "\n" not in row["student"] + row["submission"]


def test_csv__numbers_stay_numbers(tmp_path):
    write.write(tmp_path, [graded("alice", points=-0.5)])
    assert rows(tmp_path)[0]["points"] == "-0.5"


def test_write__the_same_grades_give_the_same_bytes_in_any_order(tmp_path):
    given = [graded("alice"), graded("bob"), useless()]
    for place, order in (("a", given), ("b", given[::-1])):
        (tmp_path / place).mkdir()
        write.write(tmp_path / place, order)
    for name in ("scores.csv", "scores.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


# ---------------------------------------------------------------- earlier runs, several attempts


def test_again__other_files_stay_and_the_same_one_is_replaced(tmp_path):
    write.write(tmp_path, [graded("alice"), graded("bob")])
    with Scores(tmp_path) as scores:
        scores.add(graded("bob", points=1))
    assert [(r["student"], r["points"]) for r in rows(tmp_path)] == [("alice", "2.5"), ("bob", "1")]
    assert scores.kept == 1


def test_again__the_same_file_from_another_folder_is_the_same(tmp_path):
    one = graded("alice")
    write.write(tmp_path, [one])
    write.write(tmp_path, [replace(one, submission="../elsewhere/alice.ipynb", points=1)])
    assert [r["points"] for r in rows(tmp_path)] == ["1"]


def test_again__fresh_leaves_out_what_was_there(tmp_path):
    write.write(tmp_path, [graded("alice")])
    write.write(tmp_path, [graded("bob")], fresh=True)
    assert students(tmp_path) == ["bob"]


def test_again__two_secrets_are_seen(tmp_path):
    write.write(tmp_path, [graded("alice")])
    with Scores(tmp_path) as scores:
        scores.add(graded("bob", seed="other"))
    assert scores.seeds == {"abc", "other"}


def test_attempts__all_are_listed_and_the_last_one_counts(tmp_path):
    times = {"a/1.ipynb": "2026-01-02T10:00:00+00:00", "a/2.ipynb": "2026-01-01T10:00:00+00:00"}
    with Scores(tmp_path, times) as scores:
        for path in times:
            scores.add(graded("alice", path=path))
        scores.add(graded("alice", "05"))
    assert {r["submission"]: r["counts"] for r in rows(tmp_path)} == {
        "a/1.ipynb": "yes", "a/2.ipynb": "no", "alice/05.ipynb": "yes",
    }  # fmt: skip


def test_attempts__who_writes_the_scores_anew_keeps_the_times(tmp_path):
    times = {"a/1.ipynb": "2026-01-02T10:00:00+00:00", "a/2.ipynb": "2026-01-01T10:00:00+00:00"}
    with Scores(tmp_path, times) as scores:
        for path in times:
            scores.add(graded("alice", path=path))
    before = rows(tmp_path)
    write.write(tmp_path, [replace(one, points=0) for one in write.load(tmp_path / "scores.json")])
    assert [r | {"points": "2.5"} for r in rows(tmp_path)] == before


# ---------------------------------------------------------------- what can go wrong


def test_interrupted__what_was_graded_is_kept(tmp_path):
    write.write(tmp_path, [graded("alice")])

    def broken_off():
        yield graded("bob")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write.write(tmp_path, broken_off())
    assert students(tmp_path) == ["alice", "bob"]


@pytest.mark.skipif(os.name == "nt", reason="a folder cannot be locked on Windows")
def test_two_runs__that_end_at_the_same_time_lose_nothing(tmp_path, monkeypatch):
    read = Scores._keep_earlier
    monkeypatch.setattr(Scores, "_keep_earlier", lambda self: (read(self), time.sleep(0.05)))
    names = [f"s{k}" for k in range(4)]

    def run(name: str) -> None:
        with Scores(tmp_path) as scores:
            scores.add(graded(name))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, names))
    assert students(tmp_path) == names


def test_failed__before_anything_was_graded_writes_nothing(tmp_path):
    with pytest.raises(LearnerError), Scores(tmp_path):
        raise LearnerError("grade-nothing-found", paths="x")
    assert os.listdir(tmp_path) == []


def test_failed__in_the_middle_of_writing_leaves_the_old_files(tmp_path, monkeypatch):
    write.write(tmp_path, [graded("alice")])
    before = {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write.os, "fsync", full)
    with pytest.raises(LearnerError) as caught:
        write.write(tmp_path, [graded("bob")])
    assert caught.value.key == "scores-not-written"
    assert {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)} == before


def test_failed__without_a_folder_is_told(tmp_path):
    with pytest.raises(LearnerError) as caught:
        write.write(tmp_path / "none", [graded("bob")])
    assert caught.value.key == "scores-not-written"


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 2, "graded": []}', '{"format": 1, "graded": [\n{"x"', "x"]
)
def test_damaged__is_told_and_not_written_over(content, tmp_path):
    place = tmp_path / "scores.json"
    place.write_text(content, encoding="utf-8")
    with pytest.raises(LearnerError) as caught:
        write.load(place)
    assert caught.value.key == "scores-damaged"
    with pytest.raises(LearnerError):
        write.write(tmp_path, [graded("bob")])
    assert place.read_text(encoding="utf-8") == content


def test_damaged__a_line_that_is_no_submission_is_told(tmp_path):
    (tmp_path / "scores.json").write_text('{"format": 1, "made_with": "1", "graded": [\n{"a": 1}\n]}\n')
    with pytest.raises(LearnerError) as caught:
        write.load(tmp_path / "scores.json")
    assert caught.value.key == "scores-damaged"


def test_memory__does_not_grow_with_what_was_written(tmp_path):
    """200 submissions of 40 kB: 8 MB in the file."""
    words = ExerciseGrade("glcm-think", "by person", 0, 6, source="x" * 40_000)
    tracemalloc.start()
    with Scores(tmp_path) as scores:
        for number in range(200):
            scores.add(replace(graded(f"s{number}"), exercises=(words,)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "scores.json").stat().st_size > 8_000_000
    assert peak < 2_000_000
