"""Open answers: how they are marked, gathered, shuffled, and put beside their near twins."""

from dataclasses import replace

import pytest
from graded import ROOT, lab_keys, made

from rgteach.course.page import read
from rgteach.errors import LearnerError
from rgteach.grading.rubric import alike, lines, queue
from rgteach.wording import LANGUAGES

LABS = [path.stem[:2] for path in sorted((ROOT / "solutions").glob("[0-9]*.md"))]
LONG = "In the aorta the contrast is 0.5 along the rows and 0.7 down the columns, and blood has no texture. "


# ---------------------------------------------------------------- the rubric


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_lines__of_every_lab_add_up_to_the_points_of_the_exercise(lab, lang):
    found = lines.find(lab, lang)
    for key in lab_keys(lab):
        if key.is_open:
            rubric = found[key.id]
            assert rubric.points == key.points
            assert rubric.worth(key.points) is rubric
            assert rubric.title == key.title[lang]
            assert len(rubric.asked) > 100


def test_lines__are_those_of_the_page():
    page = read(ROOT / "solutions" / "02_glcm.md")
    text = page.exercises["glcm-think"].one("rubric").text["en"]
    found = lines.find("02", "en")["glcm-think"]
    assert [line.points for line in found.lines] == [1, 2, 1, 1, 1]
    assert [line.told for line in found.lines if line.told not in text] == []


def test_lines__that_do_not_add_up_become_one():
    found = lines.find("02", "en")["glcm-think"].worth(10)
    assert [line.points for line in found.lines] == [10]
    assert found.told


@pytest.mark.parametrize("lab", ["", "99", "../02", "*"])
def test_lines__of_no_lab_are_none(lab):
    assert lines.find(lab, "en") == {}


# ---------------------------------------------------------------- near twins


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (LONG * 3, LONG.upper() * 3, True),
        (LONG * 3, "  " + LONG.replace(",", ";\n") * 3, True),
        (LONG + "I changed the width.", LONG + "I changed the widths.", True),
        ("血液没有纹理，所以这是噪声。肌肉有条纹。", "血液没有纹理,所以这是噪声！肌肉有条纹", True),
        (LONG, "One patient and one slice prove nothing; I would scan a phantom of water first.", False),
        (LONG, "", False),
        ("a", "b", False),
        ("", "", True),
    ],
)  # fmt: skip
def test_alike__knows_twins_from_strangers(a, b, same):
    assert (alike.groups([a, b]) == [[0, 1]]) == same


def test_alike__a_large_class_is_not_compared_each_with_each():
    texts = [f"{LONG} {k * 7919} {k * 104729} {k * 1299709}" * 2 for k in range(400)]
    pieces = {k: alike._pieces(alike.bare(text)) for k, text in enumerate(texts)}
    assert len(alike._candidates(pieces)) <= alike.BANDS * len(texts)
    assert sum(map(len, alike.groups(texts))) == len(texts)


# ---------------------------------------------------------------- the queue


def test_queue__holds_every_open_answer_once_with_twins_side_by_side():
    graded = made(60)
    found = queue.gather(graded, "en")
    written = {queue.name(g, e) for g in graded for e in g.exercises if e.outcome == "by person"}
    assert sorted(a.id for a in found.answers) == sorted(written)
    groups = [a.group for a in found.answers]
    assert len(set(groups)) < len(groups) / 2
    assert groups == sorted(groups)
    for answer in found.answers:
        assert answer.together == groups.count(answer.group)
        assert all(found.by_id[other].text == answer.text for other in answer.same)


def test_queue__order_is_the_same_for_a_seed_and_tells_nothing_of_names():
    graded = made(60)
    first = [a.id for a in queue.gather(graded, "en").answers]
    assert first == [a.id for a in queue.gather(graded[::-1], "zh").answers]
    assert first != [a.id for a in queue.gather(graded, "en", seed="other").answers]
    names = [a.student for a in queue.gather(graded, "en").answers]
    assert names != sorted(names)
    by_name = [a for a in queue.gather(graded, "en", shuffled=False).answers if a.together == 1]
    assert [a.student for a in by_name] == sorted(a.student for a in by_name)


def test_queue__what_is_empty_comes_last():
    graded = made(8)
    bare = replace(graded[0].exercises[-1], source=" \n")
    graded[0] = replace(graded[0], exercises=(*graded[0].exercises[:-1], bare))
    assert queue.gather(graded, "en").answers[-1].student == graded[0].student


def test_queue__of_one_lab_and_of_none():
    graded = made(5) + made(5, lab="07")
    assert {a.lab for a in queue.gather(graded, "en").answers} == {"02", "07"}
    assert {a.lab for a in queue.gather(graded, "en", lab="07").answers} == {"07"}
    with pytest.raises(LearnerError) as error:
        queue.gather(graded, "en", lab="01")
    assert error.value.key == "rubric-nothing"
