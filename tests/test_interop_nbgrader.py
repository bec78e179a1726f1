"""Every lab goes all the way through the real nbgrader: lab 02 in both languages, the others in English."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from nbgraded import ROOT, WRITTEN, Classroom, cells_of, classroom, closed, opened, page, points

from rgteach.course.build import pages

LABS = [path.stem[:2] for path in pages(ROOT) if path.parent.name == "solutions"]
BOTH = "02"
HERE = [("en", lab) for lab in LABS] + [("zh", BOTH)]
STRICT = {"en": "there only a right answer may pass", "zh": "这时只有正确的答案才能通过"}
NOT_TRIED = {"en": "Not tried yet", "zh": "尚未作答"}


@pytest.fixture(scope="module")
def courses(tmp_path_factory, warm) -> Iterator[dict[str, Classroom]]:
    """A course folder a language; nbgrader works in one process."""
    with ExitStack() as stack:
        yield {
            lang: stack.enter_context(classroom(tmp_path_factory.mktemp(lang), lang, labs, warm))
            for lang, labs in (("en", LABS), ("zh", [BOTH]))
        }


@pytest.fixture(params=HERE, ids="-".join)
def course(request, courses) -> Classroom:
    """The course of a language, with one lab released."""
    lang, lab = request.param
    if not courses[lang].notebook("release", lab).exists():
        courses[lang].releases(lab)
    courses[lang].lab = lab
    return courses[lang]


only = pytest.mark.parametrize("course", [("en", BOTH)], indirect=True, ids="-".join)


def test_release__is_the_notebook_of_the_course_cell_by_cell_and_brings_the_key(course):
    released, name = course.notebook("release", course.lab), page(course.lab).name
    assert cells_of(released) == cells_of(ROOT / "exercises" / course.lang / f"{name}.ipynb")
    assert (released.parent / ".rgteach" / "keys" / f"{name}.json").is_file()


def test_autograde__a_solved_notebook_earns_all_that_a_check_gives(course):
    """With all of its cells, in one language, so that nothing in them keeps nbgrader from going on."""
    course.hands_in("solved", course.lab, course.solved(course.lab), WRITTEN, full=course.lang == "zh")
    grades, by_person = course.grades("solved", course.lab)
    unmarked = dict.fromkeys(opened(course.lab))
    assert grades == {name: points(course.lab, name) for name in closed(course.lab)} | unmarked
    assert by_person == bool(unmarked), "somebody has to read what was written"


def test_autograde__an_untouched_notebook_earns_nothing(course):
    course.hands_in("untouched", course.lab, {})
    grades, by_person = course.grades("untouched", course.lab)
    assert grades == dict.fromkeys([*closed(course.lab), *opened(course.lab)], 0)
    assert not by_person, "nothing was written, so there is nothing to read"


def test_autograde__counts_what_is_right_and_tells_the_student_why_not(course):
    course.hands_in("half", course.lab, course.half(course.lab))
    _, *others = closed(course.lab)
    grades, _ = course.grades("half", course.lab)
    right = {name: points(course.lab, name) for name in others[:1]}
    assert grades == dict.fromkeys([*closed(course.lab), *opened(course.lab)], 0) | right
    feedback = course.feedback("half", course.lab)
    assert STRICT[course.lang] in feedback
    assert (NOT_TRIED[course.lang] in feedback) == bool(others[1:])


@only
def test_autograde__a_check_that_was_edited_away_is_put_back(course):
    course.hands_in("sly", course.lab, {}, changed={"check": "'passed'"})
    assert set(course.grades("sly", course.lab)[0].values()) == {0}


@only
def test_validate__a_solved_notebook_succeeds(course):
    solved = course.hands_in("sure", course.lab, course.solved(course.lab), WRITTEN)
    assert course.complaints(solved) == []


@only
def test_validate__an_unsolved_notebook_fails_with_our_sentences(course):
    *complaints, open_one = course.complaints(course.hands_in("unsure", course.lab, {}))
    assert open_one == "You did not provide a response."
    assert len(complaints) == len(closed(course.lab))
    for complaint in complaints:
        assert complaint.startswith("Not tried yet")
        assert "Traceback" not in complaint


def test_release__the_solved_notebooks_of_the_course_carry_the_same_names():
    for lab in LABS:
        named = [
            {
                cell["metadata"]["nbgrader"]["grade_id"]
                for cell in cells_of(path)
                if "nbgrader" in cell["metadata"]
            }
            for path in (
                ROOT / kind / "en" / f"{page(lab).name}.ipynb" for kind in ("exercises", "solutions")
            )
        ]
        assert named[0] - named[1] == {f"{name}-write" for name in opened(lab)}
        assert named[1] <= named[0]
