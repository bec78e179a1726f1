"""The page about a class: its numbers are those counted by hand, and it gives nobody away."""

import re
from dataclasses import replace

import pytest
from graded import made
from hypothesis import given
from hypothesis import strategies as st
from rendered import Page

import rgteach as rg
from rgteach import wording
from rgteach.course.keys import Key, Mistake
from rgteach.errors import LearnerError
from rgteach.grading.insight import mistakes
from rgteach.grading.insight.classroom import classrooms
from rgteach.grading.insight.labels import known_keys
from rgteach.grading.insight.page import page
from rgteach.grading.insight.people import People
from rgteach.grading.insight.stuck import stuck
from rgteach.grading.model import ExerciseGrade, Flag, Graded
from rgteach.wording import LANGUAGES

EVIL = "<script>alert('1')</script>&amp;\"x\" onload="
SAYS = {
    "en": "This is excess kurtosis: 0 for a bell curve. What does the text ask for?",
    "zh": "这是超额峰度：钟形曲线为 0。题目要的是什么？",
}
KEYS = {
    name: Key(
        id=name,
        lab="01",
        points=points,
        title={"en": f"Title of {name}", "zh": f"{name} 的标题"},
        function="f",
        mistakes=(Mistake("excess", SAYS, ()),),
        lab_title={"en": "Moments", "zh": "矩"},
    )
    for name, points in (("mean", 2), ("kurtosis", 4))
}


def grade(name: str, share: float, out_of: float, **more) -> ExerciseGrade:
    outcome = "right" if share == 1 else "partly" if share else "wrong"
    return ExerciseGrade(name, more.pop("outcome", outcome), share * out_of, out_of, **more)


def handed(student: str, *exercises: ExerciseGrade, **more) -> Graded:
    points, out_of = sum(e.points for e in exercises), sum(e.out_of for e in exercises)
    facts = {"is_grade": True, "lab": "01", "lang": "en", "digest": student} | more
    path = f"submitted/{student}/01.ipynb"
    return Graded(path, student, points=points, out_of=out_of, by_person=0, exercises=exercises, **facts)


def class_of_eight() -> list[Graded]:
    """Eight who have the mean; of the kurtosis 3 have it, 3 gave the excess, 1 nothing, 1 half."""
    ways = [1, 1, 1, "excess", "excess", "excess", "none", 0.5]
    found = []
    for k, way in enumerate(ways):
        second = grade("kurtosis", way if isinstance(way, float | int) else 0, 4, groups={"ordinary": (3, 3)})
        if way == "excess":
            second = replace(second, mistake="excess", told="check-named", groups={"ordinary": (0, 3)})
        if way == "none":
            second = grade("kurtosis", 0, 4, outcome="not tried")
        found.append(handed(f"s{k}", grade("mean", 1, 2, seconds=0.25, groups={"ordinary": (3, 3)}), second))
    return found


def shown(graded, **more) -> Page:
    return Page(page(graded, KEYS, **more))


def test_page__its_numbers_are_those_counted_by_hand():
    text = shown(class_of_eight()).text
    assert "8 handed in; half of them reached at least 3 of 6 points." in text  # 6 6 6 4 2 2 2 2
    assert "Hardest: “Title of kurtosis”, with 44 % of its points on average." in text  # 3.5 of 8
    assert (
        "38 % (3 of 8) in “Title of kurtosis”: “This is excess kurtosis: 0 for a bell curve.” excess" in text
    )
    assert "Title of kurtosis 7 57 %" in text  # 4 of the 7 who wrote one pass the ordinary cases
    assert "Title of kurtosis 3 1 3 1" in text  # right, partly, wrong, not tried
    assert "Title of mean 8 250 ms 250 ms 250 ms" in text
    assert "With 8 students discrimination is not computed" in text


def test_page__counts_a_student_once_with_the_best_attempt():
    again = handed("s3", grade("mean", 1, 2), grade("kurtosis", 1, 4))
    worse = handed("s0", grade("mean", 0, 2), grade("kurtosis", 0, 4))
    (room,), _ = classrooms([*class_of_eight(), again, worse])
    assert room.size == 8
    assert room.points.sum(axis=1).tolist() == [6, 6, 6, 6, 2, 2, 2, 4]
    assert room.attempts == (2, 1, 1, 2, 1, 1, 1, 1)


def test_page__a_single_student_a_blank_lab_and_no_exercise():
    shown([handed("a", grade("mean", 0, 2, outcome="not tried"))])
    shown([handed("a", ExerciseGrade("think", "by person", 0, 3, source="text"))])
    with pytest.raises(LearnerError, match="0 submissions") as error:
        page([], KEYS)
    assert error.value.key == "insight-nobody"
    with pytest.raises(LearnerError, match="09"):
        page(class_of_eight(), KEYS, labs=["09"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page__a_whole_class_in_both_languages(lang):
    rg.setup(lang)
    text = page([*made(40, "02"), *made(35, "04")], known_keys())
    read = Page(text)
    assert ("html", {"lang": wording.tag(lang)}) in read.elements
    assert not re.search(r"(src|href)=\"(?!#)", text)
    assert "http" not in re.sub(r"xmlns=\"[^\"]*\"", "", text)
    if lang == "zh":
        sentence = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")
        left = [
            words
            for words in read.words
            if sentence.search(words) and not re.search("[\u4e00-\u9fff]", words)
        ]
        assert [w for w in left if "import" not in w and "forbidden" not in w] == []


def test_page__is_the_same_each_time():
    graded = made(30, "02")
    assert page(graded, known_keys()) == page(list(reversed(graded)), known_keys())


def test_page__without_names_holds_none_of_them():
    graded = [*made(30, "02"), *made(30, "04")]
    names = {one.student for one in graded}
    hidden = Page(page(graded, known_keys())).text
    assert [name for name in names if len(name) > 3 and name in hidden] == []
    assert "submitted/" not in hidden
    told = Page(page(graded, known_keys(), names=True)).text
    assert all(" ".join(name.split()) in told for name in names)


def test_marks__cannot_be_found_by_trying_names():
    """The same name in another class has another mark."""
    classes = [made(20, "02", seed) for seed in (0, 1)]
    moved = [replace(one, digest=one.digest + "x") for one in classes[0]]
    assert People(classes[0]).marks["alice"] != People(moved).marks["alice"]


def test_marks__are_different_for_all():
    many = [handed(f"n{k}", grade("mean", 1, 2)) for k in range(3000)]
    marks = People(many).marks
    assert len(set(marks.values())) == 3000
    assert len({len(mark) for mark in marks.values()}) == 1


def test_page__takes_what_is_hostile():
    first = grade("mean", 0, 2, mistake=EVIL, source=EVIL, flags=(Flag(EVIL, {EVIL: EVIL}, 1, EVIL),))
    evil = handed(EVIL, first, grade(EVIL, 1, 2), lab=EVIL, notes=(Flag(EVIL),))
    lost = replace(evil, exercises=(), problem=EVIL, told={"path": EVIL}, student="x" + EVIL)
    for names in (False, True):
        read = Page(page([evil, lost, *class_of_eight()], KEYS, names=names))
        assert not any(tag == "script" or "onload" in attributes for tag, attributes in read.elements)


def test_flags__policies_stand_alone_and_accidents_are_counted():
    broken = Flag("breach-read", {"name": "scipy.stats"}, 2, "from scipy import stats")
    first = grade("mean", 1, 2, flags=(broken, Flag("some-accident", {"cell": 4})))
    text = shown([handed("a", first), *class_of_eight()]).text
    assert "from scipy import stats 2" in text
    assert "flag some accident 1" in text


def test_notices__what_is_no_grade_and_what_never_started():
    loose = handed(
        "a", grade("mean", 0, 2, outcome="cannot run", told="grade-start"), is_grade=False, edition="1"
    )
    text = shown([loose, *(replace(one, edition="2") for one in class_of_eight())]).text
    assert "1 of 9 submissions were run without the sandbox" in text
    assert "1 exercises could not be started" in text
    assert "graded with 2 editions" in text


def test_stuck__by_the_rule_that_stands_on_the_page():
    full = [handed(f"s{k}", *(grade(n, 1, 2) for n in "abc")) for k in range(6)]
    zeros = handed("zeros", grade("a", 0, 2), grade("b", 0, 2, outcome="not tried"), grade("c", 1, 2))
    single = handed("single", grade("a", 0, 2), grade("b", 1, 2), grade("c", 1, 2))
    tries = [handed("tries", grade("a", 1, 2), grade("b", 0, 2), grade("c", 0.25, 2))] * 3
    (room,), _ = classrooms([*full, zeros, single, *tries])
    first, second = stuck(room)
    assert (first.student, first.tried, first.not_tried, first.attempts) == ("zeros", ("a",), ("b",), 1)
    assert (second.student, second.attempts) == ("tries", 3)
    (few,), _ = classrooms([*full[:3], zeros])
    assert stuck(few) == []


@pytest.mark.parametrize(
    ("lang", "text", "first"),
    [
        ("en", SAYS["en"], "This is excess kurtosis: 0 for a bell curve."),
        ("zh", SAYS["zh"], "这是超额峰度：钟形曲线为 0。"),
        ("en", "Contrast is right. The second is the covariance. What now?",
         "Contrast is right. The second is the covariance."),
        ("zh", "对比度正确。第二个数是协方差。怎么办？", "对比度正确。第二个数是协方差。"),
        ("en", "Too large. Why?", "Too large."),
        ("en", "Bins, e.g. those of 0.5 HU, are counted from 0. Which is first?",
         "Bins, e.g. those of 0.5 HU, are counted from 0."),
        ("en", "", ""),
    ],
    ids=["en", "zh", "what-is-right-en", "what-is-right-zh", "question", "e.g.", "empty"],
)  # fmt: skip
def test_first_sentence__tells_the_mistake(lang, text, first):
    assert mistakes.first_sentence(text, lang) == first


@pytest.mark.parametrize("lang", LANGUAGES)
def test_general__every_diagnosis_has_a_sentence_without_values(lang):
    keys = [k for k in wording._words() if re.match("(diag|error|flag|grade)-", k)]
    for key in keys:
        told = mistakes.general(key, lang)
        assert told
        assert "{" not in told.replace("{…}", "")
    assert mistakes.general("no-such-key", lang) == "no such key"


@given(
    st.lists(st.tuples(st.sampled_from([0, 0.25, 0.7, 1]), st.sampled_from([0, 1])), min_size=1, max_size=40)
)
def test_page__any_class_has_one(shares):
    graded = [
        handed(f"s{k}", grade("mean", a, 2), grade("kurtosis", b, 4)) for k, (a, b) in enumerate(shares)
    ]
    assert "nan" not in shown(graded).text.lower().replace("discriminan", "")
