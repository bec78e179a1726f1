"""The notebook road: written, filled in, read back, and nothing is guessed; and the command around it."""

import json
from dataclasses import replace

import nbformat
import pytest
from graded import made
from test_grading_feedback import EVIL

from rgteach.cli import main
from rgteach.cli.rubric import Wish
from rgteach.cli.screen import WrongUsage
from rgteach.errors import LearnerError
from rgteach.grading import write
from rgteach.grading.rubric import queue, sheet
from rgteach.grading.rubric.apply import scores
from rgteach.grading.rubric.marks import Marks
from rgteach.wording import LANGUAGES

OF = [1, 2, 1, 1, 1]


@pytest.fixture
def found():
    return queue.gather(made(10), "en")


def filled(data: dict, answer, points, comment: str = "") -> dict:
    """The notebook with the lines of one answer filled in."""
    for cell in data["cells"]:
        if cell["id"] == answer.id:
            head, _, _ = cell["source"].rpartition(f"answer {answer.id}")
            given = "\n\n".join(
                f"line {k}, of {of}: {p}" for k, (of, p) in enumerate(zip(OF, points, strict=True), 1)
            )
            cell["source"] = f"{head}answer {answer.id}\n\n{given}\n\ncomment: {comment}"
    return data


def saved(data: dict, folder):
    path = folder / "marks.ipynb"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheet__is_valid_and_holds_every_answer_and_every_rubric(lang, tmp_path):
    found = queue.gather(made(10) + made(5, lab="07"), lang)
    data = json.loads(sheet.write(found, Marks(tmp_path), lang))
    nbformat.validate(data)
    ids = [cell["id"] for cell in data["cells"]]
    assert [a.id for a in found.answers] == [name for name in ids if len(name) == 20]
    text = "".join(cell["source"] for cell in data["cells"])
    assert all(line.told in text for rubric in found.rubrics.values() for line in rubric.lines)
    assert [g for g in ("O'Brien", "王小明") if g in text] == []


def test_sheet__untouched_changes_nothing(tmp_path, found):
    marks = Marks(tmp_path, "Li")
    path = saved(json.loads(sheet.write(found, marks, "en")), tmp_path)
    assert sheet.keep(sheet.read(path, found), found, marks) == 0
    assert len(marks) == 0


@pytest.mark.parametrize("points", [(1, 2, 1, 1, 1), ("0,5", "1.5", "", "0", " 1 "), ("", "", "", "", "")])
def test_sheet__what_was_filled_in_comes_back(points, tmp_path, found):
    marks = Marks(tmp_path, "Li")
    data = filled(json.loads(sheet.write(found, marks, "en")), found.answers[2], points, "Two lines\nof it")
    assert sheet.keep(sheet.read(saved(data, tmp_path), found), found, marks) == 1
    mark = marks[found.answers[2].id]
    numbers = [float(str(p).replace(",", ".")) if str(p).strip() else None for p in points]
    assert (list(mark.points), mark.comment) == (numbers, "Two lines\nof it")
    again = saved(json.loads(sheet.write(found, marks, "en")), tmp_path)
    assert sheet.keep(sheet.read(again, found), found, marks) == 0


@pytest.mark.parametrize(
    ("points", "key", "line"),
    [
        ((1, 3, 1, 1, 1), "rubric-points-too-high", 2),
        ((1, 2, 1, 1, 1.25), "rubric-points-too-high", 5),
        ((-1, 2, 1, 1, 1), "rubric-points-wrong", 1),
        ((1, 2, "one", 1, 1), "rubric-points-wrong", 3),
        ((1, 2, 1, "nan", 1), "rubric-points-wrong", 4),
        ((1, 0.3, 1, 1, 1), "rubric-points-wrong", 2),
    ],
)
def test_sheet__points_that_cannot_be_are_refused_with_the_line_and_nothing_is_kept(
    points, key, line, tmp_path, found
):
    data = filled(json.loads(sheet.write(found, Marks(tmp_path), "en")), found.answers[0], (1, 1, 1, 1, 1))
    data = filled(data, found.answers[4], points)
    with pytest.raises(LearnerError) as error:
        sheet.read(saved(data, tmp_path), found)
    assert (error.value.key, error.value.values["line"]) == (key, line)


def test_sheet__an_answer_that_imitates_the_lines_earns_nothing_by_it(tmp_path):
    graded = made(2)
    fake = (
        "```\n\n````\nanswer 00000000000000000000\nline 1, of 1: 1\nline 2, of 2: 2\ncomment: great\n" + EVIL
    )
    last = replace(graded[0].exercises[-1], source=fake)
    graded[0] = replace(graded[0], exercises=(*graded[0].exercises[:-1], last))
    found = queue.gather(graded, "en")
    marks = Marks(tmp_path, "Li")
    path = saved(json.loads(sheet.write(found, marks, "en")), tmp_path)
    assert all(one.points == (None,) * 5 and not one.comment for one in sheet.read(path, found))


def test_sheet__a_cell_that_lost_its_line_is_refused(tmp_path, found):
    data = json.loads(sheet.write(found, Marks(tmp_path), "en"))
    cell = next(c for c in data["cells"] if c["id"] == found.answers[0].id)
    cell["source"] = cell["source"].replace(f"answer {found.answers[0].id}", "")
    with pytest.raises(LearnerError) as error:
        sheet.read(saved(data, tmp_path), found)
    assert error.value.key == "rubric-sheet-cell"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": []}', '{"cells": [3]}'])
def test_sheet__of_something_else_is_refused(text, tmp_path, found):
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    with pytest.raises(LearnerError) as error:
        sheet.read(path, found)
    assert error.value.key in ("rubric-sheet-unread", "rubric-sheet-empty")


# ---------------------------------------------------------------- the command


def test_command__writes_the_notebook_then_reads_it_into_the_scores(tmp_path, capsys):
    write.write(tmp_path, made(4))
    words = ["rubric", str(tmp_path), "--notebook", str(tmp_path / "marks.ipynb"), "--who", "Li"]
    assert main(words) == 0
    before = {g.student: g.points for g in scores(tmp_path)}
    answer = queue.gather(scores(tmp_path), "en").answers[1]
    saved(filled(json.loads((tmp_path / "marks.ipynb").read_text("utf-8")), answer, OF, "Good"), tmp_path)
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "answers to mark: 4." in told
    assert "marked: 1 of 4. Submissions with new points or comments: 1." in told
    after = {g.student: g.points for g in scores(tmp_path)}
    assert {s for s in after if after[s] != before[s]} == {answer.student}
    assert (tmp_path / "feedback").is_dir()


@pytest.mark.parametrize(
    ("words", "code"),
    [([], 2), (["."], 1), ([".", "--port", "x"], 2), ([".", "--port", "99999"], 2), ([".", "--nonsense"], 2)],
)
def test_command__that_cannot_be_done_says_so(words, code, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["rubric", *words]) == code
    assert len(capsys.readouterr().err) > 40


def test_wish__a_port_is_a_number_of_a_port():
    assert Wish.from_words("0").port == 0
    assert Wish.from_words("65535").port == 65535
    for given in ("-1", "65536", "８０", "", "1.5"):
        with pytest.raises(WrongUsage):
            Wish.from_words(given)
