"""Marks of open answers: nobody loses one, and they arrive in the grades, the scores and the pages."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from graded import ROOT, made, one

from rgteach.errors import LearnerError
from rgteach.grading import write
from rgteach.grading.feedback import write_feedback
from rgteach.grading.model import from_data, to_data
from rgteach.grading.rubric import queue
from rgteach.grading.rubric.apply import apply, scores
from rgteach.grading.rubric.marks import Marks, load
from rgteach.grading.rubric.merge import merge_rubric
from rgteach.wording import LANGUAGES, say

OF = [1, 2, 1, 1, 1]


@pytest.fixture
def answers():
    return queue.gather(made(30), "en").answers


def test_marks__are_on_disk_at_once_and_found_again(tmp_path, answers):
    marks = Marks(tmp_path, "Li")
    marks.add(answers[0], OF, [1, 0.5, None, None, None], "好")
    for known in (marks, load(tmp_path)):
        mark = known[answers[0].id]
        assert (mark.total, mark.complete, mark.comment, mark.who) == (1.5, False, "好", "Li")
    marks.add(answers[0], OF, [1, 2, 1, 1, 1])
    data = json.loads((tmp_path / "rubric.json").read_text(encoding="utf-8"))
    told = data["marks"][answers[0].id]
    assert (data["format"], told["total"], told["complete"], told["student"]) == (
        1,
        6,
        True,
        answers[0].student,
    )
    assert [(h["who"], h["comment"]) for h in told["history"]] == [("Li", "好"), ("Li", "")]
    assert all(h["when"].endswith("+00:00") for h in told["history"])


def test_marks__of_two_at_once_are_all_there(tmp_path, answers):
    a, b = Marks(tmp_path, "a"), Marks(tmp_path, "b")
    for k, answer in enumerate(answers):
        (a if k % 2 else b).add(answer, OF, [0, 0, 0, 0, 1])
    a.add(answers[0], OF, [1, 0, 0, 0, 0])
    b.add(answers[0], OF, [0, 2, 0, 0, 0])
    a.refresh()
    assert len(a) == len(answers)
    assert a[answers[0].id].points == (0, 2, 0, 0, 0)
    assert [m.who for m in a.history[answers[0].id]] == ["b", "a", "b"]
    data = json.loads((tmp_path / "rubric.json").read_text(encoding="utf-8"))
    assert len(data["marks"]) == len(answers)


WRITER = """
import sys
from pathlib import Path
from rgteach.grading.rubric.marks import Marks
from rgteach.grading.rubric.queue import Answer
answers = [Answer(name, name, "02", "en", "think", 100, "text") for name in "xyz"]
marks = Marks(Path({folder!r}), sys.argv[1])
for k in range(30):
    marks.add(answers[k % 3], [100], [k], sys.argv[1])
"""


def test_marks__of_processes_that_write_at_the_same_time_are_all_there(tmp_path):
    code = WRITER.format(folder=str(tmp_path))
    writers = [subprocess.Popen([sys.executable, "-c", code, who]) for who in ("a", "b", "c")]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    found = load(tmp_path)
    assert sum(map(len, found.history.values())) == 90
    data = json.loads((tmp_path / "rubric.json").read_text(encoding="utf-8"))
    assert sum(len(mark["history"]) for mark in data["marks"].values()) == 90
    assert {name: mark["points"] for name, mark in data["marks"].items()} == {
        name: list(mark.points) for name, mark in found.items()
    }


def test_marks__a_line_torn_by_a_crash_costs_that_line_alone(tmp_path, answers):
    marks = Marks(tmp_path, "a")
    marks.add(answers[0], OF, [1, 2, 1, 1, 1])
    (journal,) = (tmp_path / "rubric").glob("*.jsonl")
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"answer": "x"}\nnull\n{"points": [9]}\n' + whole[:40])
    assert list(load(tmp_path)) == [answers[0].id]
    (tmp_path / "rubric.json").write_text("{")  # what follows from the journals is made anew
    Marks(tmp_path, "b").add(answers[1], OF, [0, 0, 0, 0, 0])
    assert len(json.loads((tmp_path / "rubric.json").read_text())["marks"]) == 2


# ---------------------------------------------------------------- merged


def marked(graded, folder, points, comment=""):
    """The marks of a folder in which all open answers of a submission got these points."""
    marks = Marks(folder, "Li")
    for answer in queue.gather([graded], "en").answers:
        marks.add(answer, OF, points, comment)
    return marks


@pytest.mark.parametrize("lang", LANGUAGES)
def test_merge__adds_points_and_tells_line_by_line(lang, tmp_path):
    graded = one(lang=lang, kind="right")
    done = merge_rubric(graded, marked(graded, tmp_path, [1, 1, 0, 1, 0.5], "Well <b>argued</b>."))
    assert (done.points, done.out_of, done.by_person) == (17.5, 20, 0)
    (mine,) = [e for e in done.exercises if e.exercise == "glcm-think"]
    assert (mine.outcome, mine.points) == ("partly", 3.5)
    assert from_data(json.loads(json.dumps(to_data(done)))) == done
    text = write_feedback(tmp_path, done).read_text(encoding="utf-8")
    assert say("feedback-marked", lang) in text
    assert say("rubric-line-earned", lang, points="0.5", of="1").strip() in text
    assert "Well &lt;b&gt;argued&lt;/b&gt;." in text
    assert say("feedback-points", lang, points="17.5", out_of="20") in text


def test_merge__again_changes_nothing_and_a_new_mark_takes_the_place_of_the_old(tmp_path):
    graded = one(kind="right")
    marks = marked(graded, tmp_path, [1, 2, 1, 1, 1])
    once = merge_rubric(graded, marks)
    assert merge_rubric(once, marks) == once
    assert once.points == 20
    assert merge_rubric(once, marked(graded, tmp_path, [0, 0, 0, 0, 1])).points == 15
    assert merge_rubric(once, {}) == graded


def test_merge__waits_for_marks_that_are_not_complete(tmp_path):
    graded = one(kind="right")
    assert merge_rubric(graded, marked(graded, tmp_path, [1, None, 1, 1, 1])) == graded


def test_merge__another_text_is_marked_anew(tmp_path):
    graded = one(kind="right")
    marks = marked(graded, tmp_path, [1, 2, 1, 1, 1])
    changed = replace(graded.exercises[-1], source="I have thought again.")
    assert changed.outcome == "by person"
    again = replace(graded, exercises=(*graded.exercises[:-1], changed))
    assert merge_rubric(again, marks) == again


def test_merge__never_gives_more_than_the_exercise_is_worth(tmp_path):
    graded = one(kind="right")
    marks = marked(graded, tmp_path, [1, 2, 1, 1, 1])
    smaller = replace(graded.exercises[-1], out_of=4)
    graded = replace(graded, exercises=(*graded.exercises[:-1], smaller), by_person=4)
    assert merge_rubric(graded, marks).points == 18


# ---------------------------------------------------------------- into the scores


def test_apply__carries_marks_into_scores_and_pages(tmp_path):
    graded = made(6)
    write.write(tmp_path, graded)
    pages = [
        write_feedback(tmp_path, g, notebook=(ROOT / "exercises/en/02_glcm.ipynb").read_bytes())
        for g in graded
    ]
    before = [page.read_bytes() for page in pages]
    marks = Marks(tmp_path, "Li")
    found = queue.gather(scores(tmp_path), "en")
    one_student = found.answers[0].student
    marks.add(found.answers[0], OF, [1, 2, 1, 1, 1], "Good")
    assert apply(tmp_path, marks) == 1
    assert apply(tmp_path, marks) == 0
    after = {g.student: g for g in scores(tmp_path)}
    for old, page, was in zip(graded, pages, before, strict=True):
        mine = old.student == one_student
        assert after[old.student].points == pytest.approx(old.points + (6 if mine else 0))
        assert (page.read_bytes() != was) == mine
        assert ("Good" in page.with_suffix(".ipynb").read_text(encoding="utf-8")) == mine
    row = next(r for r in (tmp_path / "scores.csv").read_text("utf-8-sig").splitlines() if one_student in r)
    assert f"{after[one_student].points:g}" in row


def test_scores__that_are_not_there_are_told(tmp_path):
    with pytest.raises(LearnerError) as error:
        scores(tmp_path)
    assert error.value.key == "rubric-no-scores"
