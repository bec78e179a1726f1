"""A self-test: a letter in any dress, the why after the right one, and no answer to be read in the key."""

import pytest
from minilab import mini_page, mini_text

import rgteach as rg
from rgteach.course import keys, progress, questions


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    folder = tmp_path / ".rgteach" / "keys"
    folder.mkdir(parents=True)
    (folder / "00_mini.json").write_text(mini_text(), encoding="utf-8")
    monkeypatch.setattr(keys, "course_home", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    progress._memory.clear()
    return tmp_path


@pytest.mark.parametrize("letter", ["b", "B", " b ", "b.", "(b)", "（ｂ）", "Ｂ。", "**b**"])
def test_answer__takes_the_right_letter_in_any_dress_and_says_why(letter):
    card = rg.answer("mini-q1", letter)
    assert card.outcome == "right"
    assert "All the others may move between them" in repr(card)


def test_answer__says_why_in_the_language_of_the_notebook():
    rg.setup("zh")
    assert "极差都不变" in repr(rg.answer("mini-q1", "b"))


@pytest.mark.parametrize("letter", ["", " ", "…", None])
def test_answer__nothing_is_not_answered_yet(letter):
    card = rg.answer("mini-q1", letter)
    assert card.outcome == "not tried"
    assert 'rg.answer("mini-q1", "a")' in repr(card)
    assert progress.entries()["mini-q1"] == {"state": "not tried"}


@pytest.mark.parametrize("letter", ["a", "c"])
def test_answer__a_wrong_letter_gets_a_nudge_and_no_why(letter):
    card = rg.answer("mini-q1", letter)
    assert card.outcome == "not yet"
    assert f"It is not {letter}." in repr(card)
    assert "All the others" not in repr(card)
    assert " b" not in repr(card).replace(" by", "")


@pytest.mark.parametrize("letter", ["d", "e", 2, "ab", "the largest", b"b", ["b", "c"], float("nan")])
def test_answer__anything_else_is_told_what_there_is(letter):
    card = rg.answer("mini-q1", letter)
    assert card.outcome == "cannot check"
    assert "a, b, c" in repr(card)
    assert "tries" not in progress.entries()["mini-q1"] or card.outcome == "cannot check"


def test_answer__a_fourth_choice_counts_where_there_is_one():
    assert rg.answer("mini-q2", "D").outcome == "right"


def test_answer__suggests_the_nearest_name():
    assert '"mini-q' in repr(rg.answer("mini-q", "a"))
    assert "mini-q1" in repr(rg.answer(17, "a"))
    rg.setup("zh")
    assert "自测题" in repr(rg.answer("minni-q1", "a"))


def test_answer__is_recorded_and_stays_right():
    for letter in ("a", "b", "c"):
        rg.answer("mini-q1", letter)
    assert progress.entries()["mini-q1"] == {"state": "right", "tries": 3}


@pytest.mark.parametrize("damage", ['"why": {"en": "!', '"why": {"en": 5, "x": "'])
def test_answer__a_damaged_key_is_said_to_be_one(damage, workspace):
    file = workspace / ".rgteach" / "keys" / "00_mini.json"
    text = file.read_text(encoding="utf-8")
    first = text.index('"questions"')
    place = text.index('"why": {', first)
    end = text.index('"', text.index('"en": "', place) + 7)
    file.write_text(text[:place] + damage + text[end:], encoding="utf-8")
    card = rg.answer("mini-q1", "b")
    assert card.outcome == "cannot check"
    assert "cannot be read" in repr(card)


def test_seal__opens_with_the_right_letter_only():
    for number, question in enumerate(mini_page().questions.values(), 1):
        sealed = questions.seal(question, "00", number, 5)
        for letter in "abcd":
            opened = sealed.opened(letter)
            assert (opened is not None) == (letter == question.right)
        assert sealed.opened(question.right)["zh"] == question.why.text["zh"].strip()


def test_seal__is_the_same_each_time():
    question = mini_page().questions["mini-q3"]
    assert questions.seal(question, "00", 3, 5) == questions.seal(question, "00", 3, 5)


def test_untouched__every_question_of_an_exercise_notebook_is_not_tried():
    from rgteach.course import notebooks

    cells = notebooks.notebook(mini_page(), "exercise", "en")["cells"]
    code = [cell["source"] for cell in cells if cell["metadata"]["rgteach"]["role"] == "choose"]
    assert code == [f'rg.answer("mini-q{k}", "")' for k in range(1, 6)]
    assert [eval(line, {"rg": rg}).outcome for line in code] == ["not tried"] * 5
