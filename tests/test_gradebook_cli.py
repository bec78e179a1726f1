"""The commands `rgteach gradebook …`: a course from its first day to its export, in both languages."""

import csv
import re

import pytest
from books import made, one, scores

from rgteach.grading.rubric import queue
from rgteach.grading.rubric.marks import Marks

HAN = re.compile(r"[\u4e00-\u9fff]")
LIST = "id,name,email\nalice,Alice Smith,alice@uni.org\nbob,Bob Lee,bob@uni.org\n"


@pytest.fixture
def course(run, tmp_path, monkeypatch):
    """A folder with a book, a class list and the scores of lab 02; gives a way to call the commands."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "class.csv").write_text(LIST, encoding="utf-8")
    scores(tmp_path / "graded", [one("alice", kind="right"), one("Bob", kind="partly"), one("carla")])

    def call(*words: str) -> tuple[int, str, str]:
        return run("gradebook", *words)

    assert call("init", "--zone", "Asia/Shanghai")[0] == 0
    assert call("students", "class.csv")[0] == 0
    return call


def test_course__from_the_first_day_to_the_export(course, tmp_path):
    code, out, err = course("add", "graded", "--by", "Li")
    assert (code, "submissions 3, new 3" in out) == (0, True)
    assert "carla" in err
    assert "no grade changed" in course("add", "graded")[1]
    assert course("late", "02", "--due", "2026-11-20 23:59", "--per-day", "10%", "--cap", "50")[0] == 0
    times = (
        "student,lab,time\nalice,02,2026-11-22 12:00\nBob Lee,02,2026-11-20 12:00\nzed,02,2026-11-20 12:00\n"
    )
    (tmp_path / "times.csv").write_text(times)
    code, out, err = course("add", "graded", "--times", "times.csv")
    assert "New times of handing in: 2" in out
    assert "zed 02" in err
    assert re.search(r"02\s+alice\s+Alice Smith\s+14\s+2\s+11.2\s+20", course("show")[1])
    assert course("extend", "02", "alice", "2026-11-22", "--reason", "ill")[0] == 0
    assert course("change", "02", "alice", "--add=-0.5", "--reason", "forum")[0] == 0
    out = course("history", "alice", "02")[1]
    assert [word for word in ("14", "11.2", "13.5") if f"counts now: {word} " not in out] == []
    assert course("export", "csv")[0] == 0
    with open("grades-csv.csv", encoding="utf-8-sig", newline="") as file:
        assert {row["student"]: row["final"] for row in csv.DictReader(file)}["alice"] == "13.5"
    code, out, _ = course("check")
    assert (code, "carla" in out) == (1, True)
    assert course("students", "--same", "carla=bob")[0] == 0
    assert "carla" not in course("check")[1]


def test_add__takes_the_marks_that_lie_beside_the_scores(course, tmp_path):
    graded = one("alice", kind="right")
    marks = Marks(tmp_path / "graded", "Wang")
    for exercise in filter(queue.is_open, graded.exercises):
        texts = (queue.name(graded, exercise), "alice", "02", "en", exercise.exercise)
        marks.add(queue.Answer(*texts, exercise.out_of, ""), [exercise.out_of], [exercise.out_of])
    assert "New marks of open answers: 1" in course("add", "graded")[1]
    assert re.search(r"alice\s+Alice Smith\s+20\s+20\s+20", course("show", "--student", "alice")[1])
    assert "New marks" not in course("add", "graded")[1]


def test_add__what_is_no_grade_is_left_out_and_said(course, tmp_path):
    scores(tmp_path / "self", [one("alice", is_grade=False)])
    code, _, err = course("add", "self")
    assert (code, "no grades: 1" in err) == (1, True)


def test_add__without_a_book_it_is_made_beside_the_scores(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = scores(tmp_path / "elsewhere", made(3))
    assert run("gradebook", "add", str(folder))[0] == 0
    assert (folder / "gradebook.db").is_file()
    assert not (tmp_path / "gradebook.db").exists()


# words -> the code they end with: 1 the input has a problem, 2 wrong usage
CALLS = {
    "show": 0, "show 02 --all": 0, "late": 0, "history alice": 0, "students": 0, "export moodle": 0,
    "add graded": 0, "check": 1, "change 02 alice --set 3 --reason x": 0, "extend 02 alice none": 0,
    "late 02 --due none --counts best": 0, "history nobody": 1, "show 99": 1, "change 02 alice --set 3": 1,
    "change 02 alice": 2, "late --due 2026-11-20": 2, "late 02 --due soon": 1, "late 02 --grace -5": 2,
    "late 02 --cap x": 2, "late 02 --zone Shanghai": 1, "export xlsx": 2, "export canvas --column 02": 2,
    "students --same alice": 2, "add": 2, "add nothing": 1, "extend 02": 2, "history": 2, "export": 2,
    "change --undo 77": 1, "change 02 alice --set 1 --exercise no --reason x": 1, "init --zone Nowhere": 1,
    "shwo": 2, "show --book none.db": 1,
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words__are_the_readers_and_the_code_tells_usage_from_input(course, lang):
    course("add", "graded")
    course("late", "02", "--due", "2026-11-20 23:59", "--grace", "5", "--cap", "50", "--no-points-after", "9")
    found = {}
    for words, code in CALLS.items():
        given, *said = course(*words.split(), "--lang", lang)
        if (given, bool(HAN.search("".join(said)))) != (code, lang == "zh"):
            found[words] = given, said
    assert found == {}


def test_show__many_lines_are_cut_or_come_as_lines_and_all_are_there(course, tmp_path, monkeypatch):
    from rgteach.cli import gradebook_tables

    scores(tmp_path / "many", made([f"s{k:03d}" for k in range(60)] + ["王小明"]))
    course("add", "many")
    _, out, err = course("show")
    assert "23 more lines" in err
    monkeypatch.setattr(gradebook_tables, "MANY", 50)
    lines = course("show", "--all")[1].splitlines()
    assert sum(line.startswith("02") or line.startswith("?") for line in lines) == len(lines) - 1
    assert {f"s{k:03d}" for k in range(60)} - {word for line in lines for word in line.split()} == set()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help__is_there_in_both_languages(run, lang):
    for name in ["", *"init students add late extend change show history export check".split()]:
        code, out, _ = run("gradebook", *name.split(), "--help", "--lang", lang)
        assert (name, code, bool(HAN.search(out))) == (name, 0, lang == "zh")
