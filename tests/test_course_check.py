"""What a student types: the check finds the answer, says what keeps it from running, and never raises."""

import subprocess
import sys
from types import FunctionType

import numpy as np
import pytest
from minilab import mini_key, mini_text

import rgteach as rg
from rgteach.course import keys, progress


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    """A workspace with the mini lab's key."""
    folder = tmp_path / ".rgteach" / "keys"
    folder.mkdir(parents=True)
    text = mini_text()
    (folder / "00_mini.json").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    progress._memory.clear()
    return tmp_path


def in_notebook(code: str):
    """Run cells and give back the value of the last line, as a kernel would show it."""
    *before, last = code.strip().split("\n")
    names = {"rg": rg, "np": np}
    exec(compile("\n".join(before), "<cell>", "exec"), names)
    return eval(compile(last, "<cell>", "eval"), names)


def test_check__finds_the_function_in_the_notebook():
    card = in_notebook('def spread(values): return values.max() - values.min()\nrg.check("mini-range")')
    assert card.outcome == "right"


def test_check__takes_the_definition_that_was_run_last():
    twice = "def spread(values): return 0\ndef spread(values): return np.ptp(values)\n"
    assert in_notebook(twice + 'rg.check("mini-range")').outcome == "right"


def test_check__finds_a_function_defined_inside_another():
    code = "def cell():\n    spread = np.ptp\n    return rg.check('mini-range')\ncell()"
    assert in_notebook(code).outcome == "right"


@pytest.mark.parametrize(
    "function",
    [lambda values: np.ptp(values), lambda values, extra=1: np.ptp(values), np.ptp],
    ids=["lambda", "default", "library"],  # an address in a name would differ between two workers
)
def test_check__takes_a_lambda_a_default_or_a_library_function(function):
    assert rg.check("mini-range", function).outcome == "right"


def test_check__takes_a_compiled_function():
    numba = pytest.importorskip("numba")
    compiled = numba.njit(lambda values: values.max() - values.min())
    compiled(np.array([1.0])), compiled(np.array([1]))
    assert rg.check("mini-range", compiled).outcome == "right"


def test_check__a_stub_is_not_tried():
    card = in_notebook('def spread(values): raise NotImplementedError\nrg.check("mini-range")')
    assert card.outcome == "not tried"
    assert "delete that line" in repr(card)


def test_check__a_stub_reached_later_only_is_told_so():
    code = (
        "def spread(values):\n    if len(values) > 3: raise NotImplementedError\n    return np.ptp(values)\n"
    )
    card = in_notebook(code + 'rg.check("mini-range")')
    assert card.outcome == "not tried"
    assert "that branch" in repr(card)


def test_check__a_named_mistake_says_its_own_words():
    card = in_notebook('def spread(values): return values.max()\nrg.check("mini-range")')
    assert (card.outcome, card.mistake) == ("not yet", "largest-only")
    assert "How far is it from the smallest?" in repr(card)


def test_check__an_answer_that_hangs_on_the_last_call_is_found():
    card = in_notebook(
        "left = []\n"
        "def spread(values):\n"
        "    left.append(1)\n"
        "    return np.ptp(values) if len(left) <= 4 else 99\n"
        'rg.check("mini-range")'
    )
    assert card.outcome == "not yet"
    assert "Called twice" in repr(card)


CANNOT = {
    'rg.check("mini-rang")': 'The nearest: "mini-range"',
    "rg.check(5)": "mini-range",
    'rg.check("mini-range")': "no function `spread`",
    'spraed = 1\nrg.check("mini-range")': "no function `spread`",
    'spreads = lambda v: v\nrg.check("mini-range")': "There is `spreads`",
    'spread = 3\nrg.check("mini-range")': "a value of type int",
    'rg.check("mini-range", 3)': "a value of type int",
    'rg.check("mini-think")': "read by a person",
}


@pytest.mark.parametrize("code", CANNOT)
def test_check__says_what_keeps_it_from_running(code):
    card = in_notebook("x = 0\n" + code)
    assert card.outcome == "cannot check"
    assert CANNOT[code] in repr(card)


@pytest.mark.parametrize("call", [rg.check, rg.hint, rg.solution, lambda exercise: rg.progress()])
def test_check__a_damaged_key_is_said_to_be_one(call, workspace):
    (workspace / ".rgteach" / "keys" / "00_mini.json").write_text('{"format": 1, "lab"', encoding="utf-8")
    card = call("mini-range")
    assert card.outcome == "cannot check"
    assert "00_mini.json" in repr(card)


def test_check__a_course_without_keys_is_said_to_be_one(workspace, monkeypatch):
    (workspace / ".rgteach" / "keys" / "00_mini.json").unlink()
    monkeypatch.setattr(keys, "course_home", lambda: workspace)
    assert "no answer keys" in repr(rg.check("mini-range"))


def test_check__a_fault_of_ours_does_not_look_like_the_students(monkeypatch):
    monkeypatch.setattr("rgteach.course.check.judge", lambda *args: 1 / 0)
    card = rg.check("mini-range", np.ptp)
    assert card.outcome == "cannot check"
    assert "fault of rgteach" in repr(card)


def hostile(name: str) -> FunctionType:
    def changes_globals(values):
        globals()["np"] = None
        return np.ptp(values)

    def lies(values):
        class Liar(float):
            def __eq__(self, other):
                return True

            def __sub__(self, other):
                return 0.0

            __hash__ = None

        return Liar(12345)

    def stuffs_its_input(values):
        values.resize((0,), refcheck=False)
        return 1

    def returns_itself(values):
        return returns_itself

    def breaks_comparison(values):
        return type("Odd", (np.ndarray,), {"__array_ufunc__": None})(3)

    def shouts(values):
        for _ in range(100_000):
            print("x" * 50)

    def huge(values):
        return np.ones((3000, 3000))

    def silences(values):
        sys.stdout = sys.stderr = None
        return 0

    return locals()[name]


HOSTILE = [
    "changes_globals", "lies", "stuffs_its_input", "returns_itself", "breaks_comparison", "shouts", "huge",
    "silences",
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", HOSTILE)
def test_check__survives_hostile_answers(name, lang):
    rg.setup(lang)
    before = sys.stdout, sys.stderr
    try:
        card = rg.check("mini-range", hostile(name))
    finally:
        globals()["np"] = sys.modules["numpy"]
    assert (sys.stdout, sys.stderr) == before
    assert card.outcome == "not yet"
    assert len(repr(card)) < 4000
    assert len(card._repr_html_()) < 9000


def test_hint__goes_from_a_question_to_half_a_line():
    told = [repr(rg.hint("mini-range")) for _ in range(4)]
    assert "Hint 1 of 3" in told[0]
    assert "Which two" in told[0]
    assert "Hint 2 of 3" in told[1]
    assert "Hint 3 of 3" in told[2]
    assert told[3] == told[2]
    assert repr(rg.hint("mini-range", 1)) == told[0]


@pytest.mark.parametrize("level", [0, 4, -1, "x"])
def test_hint__another_level_is_told_which_there_are(level):
    assert "choose 1 to 3" in repr(rg.hint("mini-range", level))


def test_hint__speaks_the_language_of_the_notebook():
    rg.setup("zh")
    assert "哪两个值" in repr(rg.hint("mini-range"))


def test_solution__comes_after_an_honest_try_only():
    assert "Try first" in repr(rg.solution("mini-range"))
    in_notebook('def spread(values): raise NotImplementedError\nrg.check("mini-range")')
    assert "Try first" in repr(rg.solution("mini-range"))
    in_notebook('def spread(values): return 0\nrg.check("mini-range")')
    told = repr(rg.solution("mini-range"))
    assert "return values.max() - values.min()" in told
    assert "one outlier decides it" in told


def test_solution__an_open_exercise_shows_an_answer_after_its_check():
    assert "Try first" in repr(rg.solution("mini-think"))
    rg.check("mini-think")
    assert "interquartile" in repr(rg.solution("mini-think"))


def test_solution__a_class_release_has_none(workspace):
    from dataclasses import replace

    bare = replace(mini_key("mini-range"), solution={}, explain={})
    text = keys.write("00", {"en": "x", "zh": "甲"}, [bare])
    (workspace / ".rgteach" / "keys" / "00_mini.json").write_text(text, encoding="utf-8")
    assert "ask your instructor" in repr(rg.solution("mini-range"))


@pytest.mark.parametrize("call", [rg.hint, rg.solution])
def test_hint_and_solution__suggest_the_nearest_name(call):
    assert "mini-range" in repr(call("mini-rage"))


def test_import__loads_neither_jupytext_nor_tables_nor_pictures():
    code = "import sys, rgteach as rg; rg.check, rg.progress; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"jupytext", "nbformat", "nbclient", "pandas", "matplotlib", "scipy", "numba", "IPython"}
    assert heavy & set(done.stdout.split()) == set()
    assert "rgteach.course.check" in done.stdout.split()
