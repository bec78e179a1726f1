"""What happens to a notebook on its way costs nothing: the function that was written counts."""

import json
import shutil
from functools import cache

import pytest
from accidents import ACCIDENTS, FIRST
from handedin import THOUGHT, course, functions, kinds, read, saved, solved

from rgteach.grading import seeds
from rgteach.grading.students import Found

ONLY_ANSWERS = ("merged into one", "all but answers deleted")


def wrecked(name: str) -> str:
    notebook = solved()
    ACCIDENTS[name][0](notebook)
    return json.dumps(notebook)


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """A wrecked notebook as it is read, once for all tests."""
    folder = tmp_path_factory.mktemp("handed")
    return cache(lambda name: read(folder, wrecked(name)))


@pytest.mark.parametrize("name", ACCIDENTS)
def test_accident__the_function_that_counts_is_the_one_that_was_written(name, handed):
    lab = course()["02"]
    written = functions(handed("nothing"), lab)
    assert all(written.values())
    found = functions(handed(name), lab)
    if name == "split off a helper":
        assert "add(" in handed(name).answers[FIRST].source
        assert "_ = add" in handed(name).answers[FIRST].source
    elif name == "the line that asks left below":
        assert handed(name).answers[FIRST].source.count("return") == 1
    else:
        assert found == written


@pytest.mark.parametrize("name", ACCIDENTS)
def test_accident__is_told(name, handed):
    _, way, flags, notes = ACCIDENTS[name]
    found = handed(name)
    assert (found.problem, found.answers[FIRST].found) == ("", way)
    assert {kind for answer in found.answers.values() for kind in kinds(answer.flags)} == flags
    assert kinds(found.notes) == notes


@pytest.mark.parametrize("name", [n for n in ACCIDENTS if n not in ONLY_ANSWERS])
def test_accident__words_and_letters_are_found_too(name, handed):
    assert THOUGHT in handed(name).written["glcm-think"]
    assert "".join(handed(name).letters.values()) == "bdacb"


# ---------------------------------------------------------------- the points


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not here")
    from rgteach.grading.grader import Grader

    secret = seeds.secret(tmp_path_factory.mktemp("secret") / "seed")
    with Grader(None, secret) as grader:
        yield grader


@pytest.mark.parametrize("name", ACCIDENTS)
def test_accident__costs_no_point(name, grader, tmp_path):
    path = saved(tmp_path, wrecked(name))
    graded = grader.grade(Found(path, "alice", "02_glcm_exercise.ipynb"))
    assert {g.exercise: (g.outcome, g.points) for g in graded.exercises if g.outcome != "by person"} == {
        "glcm-pairs": ("right", 3),
        "glcm-symmetric-p": ("right", 2),
        "glcm-contrast-correlation": ("right", 3),
        "glcm-homogeneity-energy-entropy": ("right", 3),
        "glcm-merge": ("right", 3),
    }
    assert (graded.points, graded.out_of, graded.by_person) == (14, 14, 6)
