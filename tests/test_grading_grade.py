"""A submission from its file to its points: what each kind of answer earns, and what costs nothing."""

import json
import sys
from pathlib import Path

import pytest
from handing_in import RIGHT, handed_in, mini_course
from minilab import mini_page

from rgteach.course import source
from rgteach.grading import grade as grading
from rgteach.grading import grader, model, seeds
from rgteach.sandbox.limits import Limits, Ran

LIMITS = Limits(step_seconds=6, job_seconds=20)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    return mini_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def secret(tmp_path_factory) -> seeds.Secret:
    return seeds.secret(tmp_path_factory.mktemp("secret") / "seed")


@pytest.fixture(scope="module")
def graders(course, secret):
    with grader.Grader(course, secret, LIMITS, isolate=False) as made:
        yield made


@pytest.fixture
def graded(graders, tmp_path):
    """Grade answers, the rest of which are right; gives the exercises by name."""

    def call(student="ada", lang="en", **answers: str) -> dict[str, model.ExerciseGrade]:
        own = {name.replace("_", "-"): code for name, code in answers.items()}
        done = graders.grade(handed_in(tmp_path, student, RIGHT | own, lang))
        assert done.problem == ""
        return {item.exercise: item for item in done.exercises} | {"": done}

    return call


def test_grade__a_right_answer_earns_all_points_and_a_blank_one_none(graded, graders, tmp_path):
    done = graded()[""]
    assert (done.points, done.out_of, done.by_person) == (4, 4, 4)
    blank = graders.grade(handed_in(tmp_path, "eve", {}))
    assert blank.points == 0
    assert {e.outcome for e in blank.exercises} == {"not tried", "by person"}


WRONG = [
    (name, cell.options["expects"], source.in_language(cell.code, "en"))
    for name, exercise in mini_page().exercises.items()
    for cell in exercise.all("wrong")
]


@pytest.mark.parametrize(("exercise", "mistake", "code"), WRONG, ids=[mistake for _, mistake, _ in WRONG])
def test_grade__a_mistake_is_named_and_costs_its_own_exercise_only(graded, exercise, mistake, code):
    found = graded(**{exercise.replace("-", "_"): code})
    assert found[exercise].mistake == mistake
    assert found[exercise].points < found[exercise].out_of
    assert {e.outcome for n, e in found.items() if n not in ("", exercise)} == {"right", "by person"}


ENDINGS = {
    "grade-died": "import os\ndef spread(values):\n    os._exit(0)",
    "grade-missing": "spreed = 3",
    "grade-cell": "raise ValueError('no')\ndef spread(values):\n    return 0",
    "diag-timeout": "def spread(values):\n    while True: pass",
    "error-name": "def spread(values):\n    return maxx(values)",
    "diag-printed": "def spread(values):\n    print(values)",
    "error-exit": "import sys\ndef spread(values):\n    sys.exit()",
    "diag-unsteady": "seen = []\ndef spread(values):\n    seen.append(1)\n    return len(seen)",
}


@pytest.mark.parametrize("told", ENDINGS)
def test_grade__an_answer_that_comes_to_no_end_costs_its_own_exercise_only(graded, told):
    found = graded(mini_range=ENDINGS[told])
    assert (found["mini-range"].points, found["mini-range"].told) == (0, told)
    assert found["mini-range"].card.sentences
    assert found["mini-pairs"].points == 3


HARMLESS = {
    "a line that fails behind the function": RIGHT["mini-range"] + "\nprint(spread(nothing))",
    "a warning": "import warnings\nwarnings.warn('old')\n" + RIGHT["mini-range"],
    "printing": RIGHT["mini-range"] + "\nprint('é' * 10**6)",
    "an await at the top": "import asyncio\nawait asyncio.sleep(0)\n" + RIGHT["mini-range"],
    "a number as text": RIGHT["mini-range"].replace("return", "return float(").rstrip() + ")",
    "an end of its own": RIGHT["mini-range"] + "\nraise SystemExit",
}


@pytest.mark.parametrize("what", HARMLESS)
def test_grade__what_is_no_part_of_the_answer_costs_nothing(graded, what):
    found = graded(mini_range=HARMLESS[what])
    assert found["mini-range"].points == 1
    assert found["mini-range"].outcome == "right"


def test_grade__public_cases_learnt_by_heart_earn_nothing_and_the_card_shows_no_hidden_case(graded):
    learnt = "def spread(values):\n    return {2: 3, -4: 5.5, 0.25: 11.5, 7: 0}.get(values[0], 0)"
    found = graded(mini_range=learnt)["mini-range"]
    assert (found.points, found.public, found.groups["ordinary"][0]) == (0, (4, 4), 0)
    assert found.card.outcome == "right"


def test_grade__the_same_secret_gives_the_same_bytes_and_students_meet_different_cases(
    graders, course, secret, tmp_path
):
    def text(who: grader.Grader, student: str) -> str:
        data = model.to_data(who.grade(handed_in(tmp_path, student, RIGHT)))
        data["seconds"] = 0
        for item in data["exercises"]:
            item["seconds"] = 0
        return json.dumps(data, sort_keys=True)

    with grader.Grader(course, secret, LIMITS, isolate=False) as other:
        assert text(graders, "ada") == text(other, "ada")
    lab = graders.masters["00"]
    ada, bea = (lab.hidden("mini-range", secret.seeds("00", "mini-range", name)) for name in ("ada", "bea"))
    assert str(ada) != str(bea)


def test_grade__another_language_is_told_in_its_own(graded):
    card = graded(lang="zh", mini_range=WRONG[0][2])["mini-range"].card
    assert card.lang == "zh"
    assert "最大值" in str(card)


def test_grade__without_a_wall_it_is_no_grade(graded):
    assert not graded()[""].is_grade


def test_grade__a_file_of_no_use_is_named_and_the_next_is_graded(course, secret, tmp_path):
    bad = handed_in(tmp_path, "bad", {})
    bad.path.write_text('{"cells": [', encoding="utf-8")
    both = [bad, handed_in(tmp_path, "ada", RIGHT)]
    done = list(grading.grade(both, root=course, secret_file=secret.path, isolate=False))
    assert [bool(d.problem) for d in done] == [True, False]
    assert [d.points for d in done] == [0, 4]


def test_grade__several_processes_keep_the_order(course, secret, tmp_path):
    answers = [RIGHT, {}, RIGHT | {"mini-range": "def spread(values):\n    return 0"}] * 3
    found = [handed_in(tmp_path, f"s{k}", own) for k, own in enumerate(answers)]
    done = list(grading.grade(found, root=course, secret_file=secret.path, jobs=2, isolate=False))
    assert [d.student for d in done] == [f"s{k}" for k in range(9)]
    assert [d.points for d in done] == [4, 0, 3] * 3


def test_grade__where_no_child_starts_it_is_no_zero_of_the_students(graders, tmp_path, monkeypatch):
    monkeypatch.setattr(grader.Box, "run", lambda self, job, steps, parts: Ran({}, "start", steps[0]))
    done = graders.grade(handed_in(tmp_path, "ada", RIGHT))
    assert done.problem == "grade-not-run"
    assert not done.is_grade


@pytest.mark.skipif(sys.platform != "linux", reason="the wall is Linux's")
def test_grade__behind_the_wall_it_is_a_grade(course, secret, tmp_path):
    pytest.importorskip("landlock")
    with grader.Grader(course, secret, LIMITS) as walled:
        done = walled.grade(handed_in(tmp_path, "ada", RIGHT))
    assert (done.points, done.is_grade) == (4, True)
