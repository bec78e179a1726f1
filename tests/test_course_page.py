"""A page is read into typed cells, and what an author forgets is named with its line and the way out."""

import pytest
from minilab import EXERCISES, LESSON, changed_page, mini_page

from rgteach import wording
from rgteach.course.model import PageError
from rgteach.course.page import read


def refused(path) -> PageError:
    with pytest.raises(PageError) as caught:
        read(path)
    return caught.value


def test_read__gives_cells_in_order_with_both_languages():
    page = mini_page()
    assert (page.lab, page.kind, page.name, page.minutes) == ("00", "exercise", "00_mini", 5)
    assert list(page.exercises) == ["mini-range", "mini-pairs", "mini-think"]
    first = page.cells[0]
    assert first.role == "prose"
    assert first.text["en"].startswith("# A mini lab")
    assert first.text["zh"].startswith("# 迷你实验")


def test_read__an_exercise_knows_its_function_and_settings():
    pairs = mini_page().exercises["mini-pairs"]
    assert (pairs.function, pairs.parameters, pairs.points) == ("pairs", ["row", "n_levels"], 3)
    assert (pairs.setting("seconds"), pairs.setting("rtol"), pairs.setting("atol")) == (2, 1e-9, 1e-12)
    assert [len(pairs.all(part)) for part in ("wrong", "twin", "hint", "explain")] == [3, 1, 3, 1]
    assert mini_page().exercises["mini-think"].is_open


def test_read__cells_know_their_line():
    lines = EXERCISES.read_text(encoding="utf-8").splitlines()
    for cell in mini_page().cells:
        assert lines[cell.line - 1].startswith("```{code-cell}" if cell.is_code else "+++")


def test_read__a_lesson_has_no_exercises():
    assert read(LESSON).exercises == {}


ENGLISH = '+++ {"role": "prose", "lang": "en"}'
# the message: what is changed on the page to earn it, and a word that it must hold
MISTAKES = {
    "page-unreadable": (ENGLISH, '+++ {"role": "prose", }', "line 7"),
    "page-front-matter": ('rgteach: {lab: "00"', "rgteach: {lab: 0", "lab"),
    "page-no-role": (ENGLISH, "+++", "no role"),
    "page-unknown-role": ('{"role": "hint"', '{"role": "hnt"', "The nearest: hint"),
    "page-unknown-option": ("points: 1\n", "points: 1\nrtoll: 0.1\n", "The nearest: rtol"),
    "page-cell-kind": (ENGLISH, '+++ {"role": "code"}', "code cell"),
    "page-language": (ENGLISH, '+++ {"role": "prose", "lang": "de"}', "'de'"),
    "page-missing-twin": (ENGLISH.replace("en", "zh"), "", "Chinese twin"),
    "page-english-first": (ENGLISH, '+++ {"role": "prose", "lang": "zh"}\n\n你好\n\n' + ENGLISH, "English"),
    "page-not-chinese": ("哪两个值起作用？", "Which two values?", "no Chinese"),
    "page-comment-twins": ("    # zh: 最大值减去最小值\n", "", "1 comments `# en:` and 0"),
    "page-comment-after-code": ("values.std()", "values.std()  # en: x", "values.std()"),
    "page-exercise-id": ('"exercise": "mini-range"', '"exercise": "Mini Range"', "'Mini Range'"),
    "page-few-twins": ("role: twin\nexercise: mini-range\nof: numpy", "role: code", "no `twin`"),
    "page-other-function": (
        "def spread(values):\n    return values.std()",
        "def width(values): ...",
        "spread",
    ),
    "page-cases": ("def hidden(rng):", "def hiden(rng):", "hidden"),
    "page-no-function": ("points: 1\n", "points: 1\nfunction: width\n", "width"),
    "page-solution-marks": ("    # </solution>\n", "", "`# </solution>`"),
    "page-stub": (
        "    # <solution>\n    return",
        "    if True:\n    # <solution>\n        return",
        "not Python",
    ),
    "page-syntax": ("return values.max()\n", "return values.max(\n", "not Python"),
    "page-property": ("[finite, non-negative]", "[finite, nonnegative]", "non-negative"),
    "page-number-option": ("points: 1\n", "points: 0\n", "points: 0"),
    "page-mistake-name": ("expects: largest-only", "expects: Largest only", "'Largest only'"),
    "page-mistake-twice": ("expects: first-and-last", "expects: largest-only", "largest-only"),
    "page-race": ("def race():", "def race(n):", "does not define race()"),
    "page-question-name": ('"question": "mini-q1", "lang": "en"', '"question": "Q 1", "lang": "en"', "'Q 1'"),
    "page-question-rights": ('"lang": "zh", "right": "b"', '"lang": "zh", "right": "c"', "'b' in English"),
    "page-question-choices": ("- **b** the largest", "- **c** the largest", "a, c, c"),
    "page-says": ('  en: "This is the largest value alone.', '  fr: "', "largest-only"),
}


@pytest.mark.parametrize("key", MISTAKES)
def test_read__names_the_mistake_the_place_and_the_way_out(key, tmp_path):
    old, new, word = MISTAKES[key]
    error = refused(changed_page(tmp_path, (old, new)))
    assert error.key == key
    assert word in str(error)
    if key not in ("page-unreadable", "page-front-matter"):
        line = error.values["line"]
        assert f"00_mini.md, line {line}:" in str(error)
        assert 0 < line <= len(EXERCISES.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("key", MISTAKES)
def test_read__says_it_in_chinese_too(key, tmp_path):
    old, new, _ = MISTAKES[key]
    error = refused(changed_page(tmp_path, (old, new)))
    wording.choose("zh")
    assert "00_mini.md" in str(error)
    assert "建议：" in str(error)


def test_read__misses_a_part_by_its_name(tmp_path):
    text = EXERCISES.read_text(encoding="utf-8")
    start = text.index('+++ {"role": "explain", "exercise": "mini-range"')
    end = text.index('+++ {"role": "statement", "exercise": "mini-pairs"')
    path = tmp_path / "00_mini.md"
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    error = refused(path)
    assert (error.key, error.values["part"]) == ("page-missing-part", "explain")


@pytest.mark.parametrize(("part", "key"), [("wrong", "page-few-wrongs"), ("hint", "page-hints")])
def test_read__counts_mistakes_and_hints(part, key, tmp_path):
    text = EXERCISES.read_text(encoding="utf-8")
    if part == "wrong":
        start = text.index("```{code-cell}\n---\nrole: wrong")
        end = text.index("```{code-cell}\n---\nrole: wrong", start + 1)
    else:
        start = text.index('+++ {"role": "hint"')
        end = text.index('+++ {"role": "hint", "exercise": "mini-range", "lang": "en"}', start + 1)
    path = tmp_path / "00_mini.md"
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    error = refused(path)
    assert (error.key, error.values["count"]) == (key, 2)


def test_read__two_exercises_with_one_name_are_found(tmp_path):
    text = EXERCISES.read_text(encoding="utf-8").replace("mini-think", "mini-range")
    path = tmp_path / "00_mini.md"
    path.write_text(text, encoding="utf-8")
    assert refused(path).key == "page-exercise-twice"


def test_read__a_second_answer_is_found(tmp_path):
    text = EXERCISES.read_text(encoding="utf-8")
    start, end = (text.index(f"```{{code-cell}}\n---\nrole: {role}") for role in ("answer", "cases"))
    answer = text[start:end]
    path = tmp_path / "00_mini.md"
    path.write_text(text.replace(answer, answer + answer, 1), encoding="utf-8")
    error = refused(path)
    assert (error.key, error.values["part"]) == ("page-part-twice", "answer")


def test_read__a_lesson_refuses_exercise_cells(tmp_path):
    change = ("kind: exercise", "kind: lesson")
    assert refused(changed_page(tmp_path, change)).key == "page-exercise-in-lesson"


def test_read__a_file_of_another_lab_is_refused(tmp_path):
    path = changed_page(tmp_path)
    error = refused(path.rename(tmp_path / "07_mini.md"))
    assert (error.key, error.values["field"]) == ("page-front-matter", "lab")


def test_read__code_alone_needs_no_translation(tmp_path):
    read(changed_page(tmp_path, ("哪两个值起作用？", "`values.max()`")))


def everywhere(old: str, new: str, tmp_path) -> PageError:
    text = EXERCISES.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "00_mini.md"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return refused(path)


WHY = '+++ {"role": "why", "question": "mini-q2"'
# what is changed in both languages, the message, and a word that it must hold
IN_BOTH = [
    ('"question": "mini-q2"', '"question": "mini-q1"', "page-question-twice", "mini-q1"),
    ('"question": "mini-q2"', '"question": "mini-range"', "page-question-twice", "mini-range"),
    (', "right": "d"', ', "right": "e"', "page-question-right", "a, b, c, d"),
    (', "right": "d"', "", "page-question-right", "None"),
    (WHY, WHY.replace("q2", "q3"), "page-question-why", "its `why`"),
    (WHY, '+++ {"role": "prose"', "page-question-why", "its `why`"),
]


@pytest.mark.parametrize(("old", "new", "key", "word"), IN_BOTH)
def test_read__a_question_has_its_own_name_its_letter_and_its_why(old, new, key, word, tmp_path):
    error = everywhere(old, new, tmp_path)
    assert error.key == key
    assert word in str(error)
    assert ", line " in str(error)


def test_read__a_self_test_has_five_questions(tmp_path):
    text = EXERCISES.read_text(encoding="utf-8")
    path = tmp_path / "00_mini.md"
    path.write_text(text[: text.index('+++ {"role": "question", "question": "mini-q5"')], encoding="utf-8")
    error = refused(path)
    assert (error.key, error.values["count"]) == ("page-questions", 4)
    path.write_text(text[: text.index('+++ {"role": "question"')], encoding="utf-8")
    assert read(path).questions == {}


def test_read__a_lesson_refuses_questions(tmp_path):
    text = EXERCISES.read_text(encoding="utf-8")
    start = text.index('+++ {"role": "question"')
    path = tmp_path / "00_mini.md"
    path.write_text(LESSON.read_text(encoding="utf-8") + "\n" + text[start:], encoding="utf-8")
    assert refused(path).key == "page-exercise-in-lesson"


def test_read__a_second_race_is_found(tmp_path):
    text = EXERCISES.read_text(encoding="utf-8")
    start = text.index("```{code-cell}\n---\nrole: race")
    race = text[start : text.index('+++ {"role": "hint", "exercise": "mini-pairs"')]
    path = tmp_path / "00_mini.md"
    path.write_text(text.replace(race, race + race, 1), encoding="utf-8")
    error = refused(path)
    assert (error.key, error.values["part"]) == ("page-part-twice", "race")


def test_read__questions_know_their_choices_and_their_letter():
    questions = mini_page().questions
    assert list(questions) == [f"mini-q{k}" for k in range(1, 6)]
    assert questions["mini-q2"].right == "d"
    assert questions["mini-q2"].choices("zh") == ["a", "b", "c", "d"]
    assert questions["mini-q1"].why.text["en"].strip().startswith("All the others")
