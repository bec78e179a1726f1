"""`rgteach grade`: what it writes, what it says, with which code it ends."""

import copy
import csv
import io
import json
import pickle
import shutil

import pytest
from handedin import filled, mini_course, saved
from test_grading_write import graded

from rgteach.cli import grading
from rgteach.cli.screen import WrongUsage
from rgteach.grading import grade, write
from rgteach.grading.rubric import marks, queue

NEEDS_WALL = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not here")


@pytest.fixture(scope="module")
def mini(tmp_path_factory):
    return mini_course(tmp_path_factory.mktemp("mini"))


@pytest.fixture
def hand_ins(mini, tmp_path):
    """A class of three: all right, half right, a file that was cut off."""
    key = {key.id: key.solution["en"] for key in mini["00"].keys if not key.is_open}
    wrong = key | {"mini-range": "def spread(values):\n    return values.max()"}
    for student, answers in (("alice", key), ("bob", wrong)):
        notebook = filled(
            copy.deepcopy(mini["00"].released["en"]),
            lambda cell, answers=answers: answers[cell["metadata"]["rgteach"]["exercise"]],
        )
        folder = tmp_path / "hand-ins" / student
        folder.mkdir(parents=True)
        saved(folder, notebook, "00_mini_exercise.ipynb")
    saved(tmp_path / "hand-ins", b'{"cells": [', "eve.ipynb")
    return tmp_path / "hand-ins"


@pytest.fixture
def call(run, mini, hand_ins, tmp_path):
    """Grade the class into `out`, with more words."""

    def graded(*words: str, paths=None):
        where = [str(path) for path in paths or [hand_ins]]
        fixed = ["--out", str(tmp_path / "out"), "--root", str(mini.root), "--jobs", "1"]
        return run("grade", *where, *fixed, "--seed-file", str(tmp_path / "seed"), *words)

    return graded


def rows(folder) -> dict[str, dict]:
    text = (folder / "scores.csv").read_text(encoding="utf-8-sig")
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}


@NEEDS_WALL
def test_grade__writes_scores_and_a_page_a_student(call, tmp_path):
    code, out, err = call()
    assert (code, err) == (1, "")  # one file is of no use
    assert "alice" in out
    assert "4 / 4 + 4" in out
    assert "was cut off at line 1" in out
    found = rows(tmp_path / "out")
    assert {name: (row["points"], row["is_grade"]) for name, row in found.items()} == {
        "alice": ("4", "yes"), "bob": ("3", "yes"), "eve": ("0", "yes"),
    }  # fmt: skip
    assert (found["bob"]["mini-range"], found["bob"]["mini-pairs"]) == ("0", "3")
    pages = sorted(p.relative_to(tmp_path / "out/feedback").as_posix() for p in tmp_path.rglob("*.html"))
    assert pages[:2] == ["alice/00.html", "bob/00.html"]
    assert len(pages) == 3


@NEEDS_WALL
def test_grade__again_gives_the_same_bytes_and_other_files_stay(call, hand_ins, tmp_path):
    def written() -> dict[str, bytes]:
        out = tmp_path / "out"
        files = [path for path in out.rglob("*") if path.is_file() and path.name != "seconds.json"]
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}

    call()
    before = written()
    assert {"scores.json", "scores.csv", "feedback/alice/00.html"} <= before.keys()
    code, out, err = call(paths=[hand_ins / "alice"])
    assert (code, written()) == (0, before)
    assert "Results of 2 other files" in err
    assert call("--fresh", paths=[hand_ins / "alice"])[0] == 0
    assert list(rows(tmp_path / "out")) == ["alice"]


@NEEDS_WALL
def test_grade__again_keeps_the_marks_that_a_person_gave(call, mini, tmp_path):
    call()
    out = tmp_path / "out"
    found = queue.gather(write.load(out / "scores.json"), "en", root=mini.root)
    (answer,) = [one for one in found.answers if one.student == "alice"]
    of = [line.points for line in found.rubric(answer).lines]
    marks.Marks(out, "Li").add(answer, of, of, "Well seen.")
    assert call()[0] == 1
    assert rows(out)["alice"]["points"] == "8"
    assert "Well seen." in (out / "feedback/alice/00.html").read_text(encoding="utf-8")


def test_self_check__says_that_it_is_no_grade(call, tmp_path):
    code, out, err = call("--self-check", "--no-feedback")
    assert code == 1
    assert "not a grade" in err
    assert "not a grade" in out
    assert {row["is_grade"] for row in rows(tmp_path / "out").values()} == {"no"}
    assert not (tmp_path / "out/feedback").exists()


def test_self_check__in_chinese(call):
    code, out, err = call("--self-check", "--lang", "zh")
    assert "不是成绩" in err
    assert "被截断" in out


def test_no_wall__nothing_is_called_a_grade(call, tmp_path, monkeypatch):
    from rgteach.sandbox import wall

    monkeypatch.setattr(wall, "program", lambda: None)
    monkeypatch.setenv("PATH", "")
    code, _, err = call()
    assert (code, "bubblewrap" in err) == (1, True)
    assert not (tmp_path / "out/scores.json").exists()


def test_folder__of_the_results_is_not_graded_itself(call, hand_ins):
    words = ("--self-check", "--out", str(hand_ins / "graded"))
    first = call(*words)[1]
    assert call(*words)[1] == first


def test_lab__another_one_is_told(call, tmp_path):
    code, _, err = call("--lab", "7")
    assert code == 2
    assert "--lab" in err
    assert call("--lab", "0", "--self-check")[0] == 1


def test_names__come_from_where_one_wants(call, tmp_path):
    call("--self-check", "--student-from", r"/hand-ins\/(\w{2})/")
    assert sorted(rows(tmp_path / "out")) == ["al", "bo", "ev"]
    code, _, err = call("--self-check", "--student-from", "/(/")
    assert (code, "--student-from" in err) == (1, True)


def test_attempts__the_page_is_that_of_the_last_one(call, hand_ins, tmp_path):
    import os

    wrong = hand_ins / "bob/00_mini_exercise.ipynb"
    later = shutil.copy(
        hand_ins / "alice/00_mini_exercise.ipynb", hand_ins / "bob/00_mini_exercise (1).ipynb"
    )
    os.utime(wrong, (10**9, 10**9))
    os.utime(later, (10**9 - 60, 10**9 - 60))
    call("--self-check")
    page = (tmp_path / "out/feedback/bob/00.html").read_text(encoding="utf-8")
    counts = {
        row["submission"].rsplit("/", 1)[1]: (row["counts"], row["points"])
        for row in csv.DictReader(io.StringIO((tmp_path / "out/scores.csv").read_text(encoding="utf-8-sig")))
        if row["student"] == "bob"
    }
    assert counts == {"00_mini_exercise.ipynb": ("yes", "3"), "00_mini_exercise (1).ipynb": ("no", "4")}
    os.utime(later, (10**9 + 60, 10**9 + 60))
    call("--self-check")
    assert (tmp_path / "out/feedback/bob/00.html").read_text(encoding="utf-8") != page


# ---------------------------------------------------------------- exit codes and wrong usage


def test_usage__what_is_missing_is_told(run, tmp_path):
    assert run("grade")[0] == 2
    code, _, err = run("grade", str(tmp_path))
    assert (code, "--out" in err) == (2, True)
    code, _, err = run("grade", str(tmp_path), "--out", str(tmp_path / "out"), "--jobs", "0")
    assert (code, "--jobs 0" in err) == (2, True)


def test_usage__nothing_to_grade_writes_nothing(run, tmp_path):
    out = tmp_path / "out"
    assert run("grade", str(tmp_path), "--out", str(out))[0] == 1
    assert run("grade", str(tmp_path / "none"), "--out", str(out))[0] == 1
    assert not out.exists()


def test_usage__a_file_in_the_place_of_the_folder_is_told(call, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    code, _, err = call("--self-check")
    assert (code, "cannot be written" in err) == (1, True)


def test_error__reaches_us_from_another_process():
    error = pickle.loads(pickle.dumps(WrongUsage("cli-grade-jobs", given="0")))
    assert (type(error), error.key, error.values) == (WrongUsage, "cli-grade-jobs", {"given": "0"})


def given(monkeypatch, found) -> None:
    monkeypatch.setattr(grade, "grade", lambda submissions, **how: iter(found()))


def test_failed__a_submission_that_the_grader_could_not_grade_is_code_3(call, monkeypatch):
    told = {"path": "x.ipynb"}
    given(monkeypatch, lambda: [graded("alice"), graded("bob", problem="grade-broke", told=told)])
    code, out, _ = call("--no-feedback")
    assert code == 3
    assert "no zero" in out


def test_interrupted__what_was_graded_is_kept(call, monkeypatch, tmp_path):
    def broken_off():
        yield graded("alice")
        raise KeyboardInterrupt

    given(monkeypatch, broken_off)
    assert call("--no-feedback")[0] == 130
    assert [one.student for one in write.load(tmp_path / "out/scores.json")] == ["alice"]


def test_large_class__is_summed_up(call, monkeypatch):
    many = [graded(f"s{n}", "02" if n % 2 else "05", points=n % 3) for n in range(grading.MOST_LINES + 20)]
    bad = [graded(f"b{n}", problem="submission-empty", told={"file": f"b{n}.ipynb"}) for n in range(12)]
    given(monkeypatch, lambda: [*many, *bad])
    code, out, err = call("--no-feedback")
    assert code == 1
    assert "s17" not in out
    assert "1.0" in out
    assert "b7.ipynb is empty" in err
    assert "and 4 more" in err


def test_scores__of_a_run_are_json_that_the_other_commands_read(call, tmp_path):
    call("--self-check")
    data = json.loads((tmp_path / "out/scores.json").read_text(encoding="utf-8"))
    assert [one["student"] for one in data["graded"]] == ["alice", "bob", "eve"]
    assert all(one["handed_in"] for one in data["graded"])
