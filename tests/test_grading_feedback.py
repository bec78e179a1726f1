"""The page a student gets back: true to the grade, whole, harmless whatever is in it, the same each time."""

import re
from dataclasses import replace

import pytest
from graded import NAMES, all_kinds, lab_keys, made, one
from rendered import Page
from test_no_requests import loaded_from_elsewhere

from rgteach.course.card import Card, Row
from rgteach.grading.feedback import Late, again, write_feedback
from rgteach.grading.model import ExerciseGrade, Flag
from rgteach.wording import LANGUAGES, say

EVIL = "<script>alert('1')</script><img src=x onerror=alert(1)> &amp; \" onload=\u202e\x00\ud800`"


def page_of(graded, tmp_path, **more) -> Page:
    return Page(write_feedback(tmp_path, graded, **more).read_text(encoding="utf-8"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page__tells_points_and_every_outcome_in_the_students_language(lang, tmp_path):
    graded = all_kinds(lang=lang)
    page = page_of(graded, tmp_path)
    assert dict(page.elements[0][1])["lang"] == {"en": "en", "zh": "zh-CN"}[lang]
    points = say("feedback-points", lang, points="5.4", out_of="14")
    assert points in page.text
    assert say("feedback-waiting", lang, points="6") in page.text
    for told in ("right", "partly", "wrong", "not-tried", "cannot-run", "by-person"):
        assert say(f"feedback-outcome-{told}", lang) in page.text
    titles = [key.title[lang] for key in lab_keys("02")]
    assert [title for title in titles if page.text.count(title) < 2] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page__shows_the_first_difference_and_the_recognised_mistake(lang, tmp_path):
    graded = one(lang=lang, kind="mistake")
    page = page_of(graded, tmp_path)
    for grade, key in zip(graded.exercises, lab_keys("02"), strict=True):
        if grade.outcome == "by person":
            continue
        says = next(m.says[lang] for m in key.mistakes if m.name == grade.mistake)
        told = " ".join(re.sub(r"[`$]", "", says).split())
        assert told.replace(" ", "") in re.sub(r"\s", "", page.text)
        assert [
            row.value for row in grade.card.rows if row.value.split("\n")[0] not in " ".join(page.words)
        ] == []
    assert say("feedback-known", lang).strip() in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page__says_which_kind_of_fresh_input_fails_and_how_to_find_one(lang, tmp_path):
    graded = one(lang=lang, kind="partly")
    page = page_of(graded, tmp_path)
    failed = {name for e in graded.exercises for name, (a, b) in e.groups.items() if a < b}
    assert failed == {"edge", "degenerate"}
    for name in failed:
        assert say(f"feedback-find-{name}", lang) in page.text
    assert say("feedback-find-ordinary", lang) not in page.text
    count = len(lab_keys("02")[0].cases)
    assert say("feedback-public-only", lang, count=count) in page.text


def test_page__a_passed_check_is_never_called_points_that_were_not_earned(tmp_path):
    """The card of a check says what a right answer is worth; that is not what was earned."""
    graded = one(kind="partly")
    points = {say("check-points", "en", points=f"{e.out_of:g}") for e in graded.exercises}
    assert points & {note for e in graded.exercises if e.card for note in e.card.notes}
    text = page_of(graded, tmp_path).text
    assert [told for told in points if told in text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_self_check__says_public_checks_passed_and_no_points(lang, tmp_path):
    page = page_of(all_kinds(lang=lang, is_grade=False), tmp_path)
    assert say("feedback-self-check", lang, count=2, all=5) in page.text
    assert say("feedback-no-grade", lang) in page.text
    assert say("feedback-outcome-public", lang) in page.text
    assert say("feedback-outcome-right", lang) + " ·" not in page.text
    assert not re.search(r"\d / \d (points|分)", page.text)
    assert "bar" not in {attributes.get("class") for _, attributes in page.elements}


def test_graded_without_fresh_cases__nothing_is_called_right(tmp_path):
    graded = one(kind="right")
    bare = tuple(replace(e, groups={}) for e in graded.exercises)
    page = page_of(replace(graded, exercises=bare), tmp_path)
    assert say("feedback-outcome-public", "en") in page.text
    assert f"{say('feedback-outcome-right', 'en')} ·" not in page.text


@pytest.mark.parametrize(("kind", "points", "width"), [("right", "14", "100.0%"), ("not tried", "0", "0.0%")])
def test_bar__is_full_for_all_points_and_empty_for_none(kind, points, width, tmp_path):
    graded = one(kind=kind)
    page = page_of(graded, tmp_path)
    assert say("feedback-points", "en", points=points, out_of="14") in page.text
    assert f"width: {width}" in {attributes.get("style") for _, attributes in page.elements}


def test_self_test__tells_the_count_and_no_letter(tmp_path):
    text = page_of(one(answered=3), tmp_path).text
    assert say("feedback-self-test", "en", right=3, count=5) in text
    assert not re.search(r"glcm-q\d", text)


def test_late__says_what_it_costs(tmp_path):
    graded = all_kinds()
    text = page_of(graded, tmp_path, late=Late(days=1.5, lost=2)).text
    assert say("feedback-late", "en", days="1.5", lost="2", left="3.4") in text
    assert "1.5" not in page_of(graded, tmp_path).text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_read_again__names_the_lesson_its_section_and_the_hints(lang, tmp_path):
    found = again.find("02", lang)["glcm-symmetric-p"]
    assert found.section == {"en": "Both orders", "zh": "两种顺序都算"}[lang]
    assert len(found.hints) == 3
    page = page_of(one(lang=lang, kind="mistake"), tmp_path)
    assert say("feedback-lesson-section", lang, lesson=found.lesson, section=found.section) in page.text
    assert say("feedback-hint", lang, level=1, count=3) in page.text
    assert (
        say("feedback-hint", lang, level=1, count=3)
        not in page_of(one(lang=lang, kind="right"), tmp_path).text
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_problem__gets_a_friendly_page_without_the_instructors_folders(lang, tmp_path):
    told = {"path": "/home/teacher/secret/alice_02.ipynb", "line": 12, "column": 3}
    graded = one(
        lang=lang, problem="check-not-json", told=told, exercises=(), submission="C:\\in\\a_02.ipynb"
    )
    page = page_of(replace(graded, lab=""), tmp_path)
    assert say("feedback-problem", lang) in page.text
    assert "alice_02.ipynb" in page.text
    assert "a_02.ipynb" in page.text
    assert not re.search(r"teacher|secret|C:|\\in", page.text)
    assert say("feedback-problem-points", lang) in page.text


def test_problem_of_an_unknown_kind__still_gets_a_page(tmp_path):
    page = page_of(one(problem="no-such-word", exercises=()), tmp_path)
    assert say("feedback-unnamed", "en", key="no-such-word") in page.text


def evil() -> object:
    """A submission in which everything that a student can write is hostile."""
    card = Card(
        EVIL, "not yet", "en", EVIL, (Row(EVIL, EVIL),), (("", EVIL), (EVIL, EVIL)), ((1, EVIL),), (EVIL,)
    )
    flags = (Flag("forbidden", {"name": EVIL}, 3, EVIL), Flag(EVIL, {EVIL: EVIL}, 1, EVIL))
    groups = {"ordinary": (0, 3), EVIL: (1, 2)}
    grade = ExerciseGrade(EVIL, "wrong", 0, 2, "name", (0, 2), groups, card=card, flags=flags, source=EVIL)
    text = replace(
        grade, outcome="by person", card=None, source=f"{EVIL}\n\n![x](http://a.b/c.png) [l](http://a.b)"
    )
    return replace(one(), student=EVIL, exercises=(grade, text), notes=flags, submission=EVIL)


def test_evil__is_text_and_nothing_but_text(tmp_path):
    path = write_feedback(tmp_path, evil())
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    tags = {tag for tag, _ in page.elements}
    assert tags & {"script", "img", "iframe", "object", "embed", "link", "form"} == set()
    assert [a for _, attributes in page.elements for a in attributes if a.startswith("on")] == []
    assert "alert('1')" in page.text
    assert loaded_from_elsewhere(text) == []
    assert not re.search("[\x00-\x08\u202e\ud800-\udfff]", text)
    assert {a["href"] for _, a in page.elements if "href" in a} == {"#exercise-1", "#exercise-2"}


@pytest.mark.parametrize("lab", ["01", "02", "07"])
def test_page__of_a_whole_class_is_well_formed_and_asks_nobody(lab, tmp_path):
    for graded in made(14, lab=lab):
        text = write_feedback(tmp_path, graded).read_text(encoding="utf-8")
        page = Page(text)
        ids = [a["id"] for _, a in page.elements if "id" in a]
        assert len(ids) == len(set(ids))
        assert loaded_from_elsewhere(text) == []
        assert " ".join(graded.student.split()) in page.text


def test_page__of_twenty_exercises_has_them_all(tmp_path):
    graded = all_kinds()
    many = tuple(replace(graded.exercises[k % 5], exercise=f"e{k}") for k in range(20))
    page = page_of(replace(graded, exercises=many), tmp_path, hints={})
    assert sum(tag == "h2" for tag, _ in page.elements) == 21


def test_code__is_shown_whole_coloured_and_escaped(tmp_path):
    code = "def f(a):\n    # a <b>\n    return 'x' if a < 1 else \"<i>\""
    page = page_of(one(kind="right"), tmp_path)
    assert {"k", "n", "c"} <= {a.get("class") for tag, a in page.elements if tag == "span"}
    graded = one(kind="right")
    first = replace(graded.exercises[0], source=code)
    page = page_of(replace(graded, exercises=(first,)), tmp_path)
    assert code in "".join(page.words)


def test_code__that_is_endless_is_cut(tmp_path):
    graded = one(kind="right")
    first = replace(graded.exercises[0], source="x = '" + "<" * 500_000 + "'")
    path = write_feedback(tmp_path, replace(graded, exercises=(first,)))
    assert path.stat().st_size < 500_000
    Page(path.read_text(encoding="utf-8"))


def test_write__the_same_grade_gives_the_same_bytes(tmp_path):
    for graded in made(12):
        paths = [write_feedback(tmp_path / where, graded) for where in ("a", "b", "a")]
        assert len({path.read_bytes() for path in paths}) == 1


def test_write__leaves_no_half_of_a_file(tmp_path, monkeypatch):
    path = write_feedback(tmp_path, one(kind="right"))
    before = path.read_bytes()
    monkeypatch.setattr("os.replace", lambda made, target: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_feedback(tmp_path, one(kind="mistake"))
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_page__never_shows_what_is_kept_from_students(tmp_path):
    graded = all_kinds(seed="5eedf1n9e2p21n7", edition="ed1710n", digest="d19e57")
    text = write_feedback(tmp_path, graded).read_text(encoding="utf-8")
    assert not re.search("5eedf1n9e2p21n7|ed1710n|d19e57|submitted/", text)
    assert NAMES[0] in text
