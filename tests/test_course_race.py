"""A race begins when the answer is right, runs everybody on the same arguments, and says who agrees."""

import re
import time
from dataclasses import replace

import numpy as np
import pytest
from minilab import mini_key, mini_text

import rgteach as rg
from rgteach.course import keys, progress, race
from rgteach.course.racecard import Lane, RaceCard, duration, rounded

BUDGET = race.BUDGET


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    """A workspace with the mini lab's key, and no other, in which a race is short."""
    folder = tmp_path / ".rgteach" / "keys"
    folder.mkdir(parents=True)
    (folder / "00_mini.json").write_text(mini_text(), encoding="utf-8")
    monkeypatch.setattr(keys, "course_home", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(race, "BUDGET", 0.05)
    progress._memory.clear()
    return tmp_path


def counted(row, n_levels):
    counts = np.zeros((n_levels, n_levels), dtype=int)
    for i, j in zip(row, row[1:], strict=False):
        counts[i - 1, j - 1] += 1
    return counts


def in_notebook(code: str, **names):
    """Run cells in a notebook's names and give back the value of the last line, and the names."""
    *before, last = code.strip().split("\n")
    names |= {"rg": rg, "np": np}
    exec(compile("\n".join(before), "<cell>", "exec"), names)
    return eval(compile(last, "<cell>", "eval"), names), names


def with_key(workspace, **changes) -> None:
    """Change the key of mini-pairs."""
    text = keys.write("00", {"en": "x", "zh": "甲"}, [replace(mini_key("mini-pairs"), **changes)])
    (workspace / ".rgteach" / "keys" / "00_mini.json").write_text(text, encoding="utf-8")


STUB = "def pairs(row, n_levels): raise NotImplementedError\n"
NOT_READY = {
    "x = 0\n": ("cannot check", "no function `pairs`"),
    "pairs = 3\n": ("cannot check", "a value of type int"),
    STUB: ("not tried", "The race begins when `pairs` is written"),
    "def pairs(row, n_levels): return 0\n": ("not yet", "Right first, then fast"),
}


@pytest.mark.parametrize("code", NOT_READY)
def test_race__begins_when_the_check_passes(code):
    card, _ = in_notebook(code + 'rg.race("mini-pairs")')
    outcome, word = NOT_READY[code]
    assert card.outcome == outcome
    assert word in repr(card)
    assert "<table" not in card._repr_html_()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_race__shows_who_the_time_and_times_faster(monkeypatch, lang):
    """As long as it is for a student."""
    monkeypatch.setattr(race, "BUDGET", BUDGET)
    rg.setup(lang)
    began = time.perf_counter()
    card, _ = in_notebook('0\nrg.race("mini-pairs")', pairs=counted)
    assert time.perf_counter() - began < 4  # two seconds are meant; a busy machine gets four
    assert card.outcome == "right"
    head, columns, yours, numpy, verdict = repr(card).split("\n")
    assert "pairs" in yours
    assert numpy.strip().startswith("numpy")
    assert all(re.search(r"\d (ns|µs|ms|s)\b", row) for row in (yours, numpy))
    assert (
        verdict.strip()
        == {
            "en": "All give the same result: you and numpy.",
            "zh": "结果全都一致：你的版本和 numpy。",
        }[lang]
    )
    page = card._repr_html_()
    assert page.count('<th scope="col"') == 3
    assert page.count('<th scope="row"') == 2
    assert "<caption" in page


def test_race__words_beside_the_table_hold_no_number():
    card, _ = in_notebook('0\nrg.race("mini-pairs")', pairs=counted)
    outside = re.sub(r"<table.*?</table>|style=\"[^\"]*\"", "", card._repr_html_())
    assert not re.search(r"\d", outside)


def test_race__a_list_of_lists_and_an_array_agree(workspace):
    with_key(workspace, twins=(("plain Python", "def pairs(row, n): return [1, 2]\n"),))
    key = keys.find("mini-pairs")
    assert key.twins[0][0] == "plain Python"
    card = rg.race("mini-pairs", counted)
    assert "Not the same result as yours: plain Python" in repr(card)
    with_key(workspace, cases=(), race="def race(): return ([1, 2], 2)", twins=(("other", TO_LIST),))
    with_key(
        workspace,
        race="def race(): return ([1, 2], 2)",
        twins=(("array", "def pairs(row, n): return np.array([[0, 1], [0, 0]])\n"),),
    )
    assert "All give the same result" in repr(rg.race("mini-pairs", counted))


TO_LIST = "def pairs(row, n): return [[0, 1], [0, 0]]\n"


def test_race__runs_the_twins_in_a_copy_of_the_notebooks_names(workspace):
    code = "helper = len\ndef pairs(row, n): global helper; helper = None; return counted(row, n)\n"
    with_key(workspace, twins=(("own helper", code.replace("counted", "counted_elsewhere")),))
    card, names = in_notebook('helper = 5\nrg.race("mini-pairs")', pairs=counted, counted_elsewhere=counted)
    assert "All give the same result: you and own helper." in repr(card)
    assert names["helper"] == 5
    assert names["pairs"] is counted
    assert "race" not in names


def test_race__np_and_rg_are_there_for_the_twins_whatever_the_notebook_calls_so():
    names = {"pairs": counted, "card": None}
    exec('import rgteach\nnp = rg = "taken"\ncard = rgteach.race("mini-pairs")', names)
    assert "All give the same result" in repr(names["card"])


@pytest.mark.parametrize(
    ("twin", "told"),
    [
        ("import nothing_like_it\n", "ModuleNotFoundError"),
        ("def pairs(row, n): return nowhere\n", "NameError"),
        ("def pears(row, n): return 0\n", "KeyError"),
        ("def pairs(row, n): return (k for k in row)\n", "odd"),
    ],
)
def test_race__a_twin_that_cannot_run_here_says_so_and_the_others_race(workspace, twin, told):
    with_key(workspace, twins=(("broken", twin), *mini_key("mini-pairs").twins))
    card = rg.race("mini-pairs", counted)
    assert f"did not run here: {told}" in repr(card)
    assert "All give the same result: you and numpy." in repr(card)
    with_key(workspace, twins=(("broken", twin),))
    assert "nothing to compare with" in repr(rg.race("mini-pairs", counted))


def test_race__an_answer_without_end_is_stopped():
    def pairs(row, n_levels):
        while len(row) > 1000:
            pass
        return counted(row, n_levels)

    began = time.perf_counter()
    card = rg.race("mini-pairs", pairs)
    assert time.perf_counter() - began < 4
    assert card.outcome == "not yet"
    assert "stopped after 2 seconds" in repr(card)


def test_race__an_answer_that_fails_on_the_larger_input_shows_its_line():
    def pairs(row, n_levels):
        if len(row) > 1000:
            return row[5000]
        return counted(row, n_levels)

    card = rg.race("mini-pairs", pairs)
    assert card.outcome == "not yet"
    assert "ended with IndexError: list index out of range" in repr(card)
    assert "return row[5000]" in repr(card)


def test_race__everyone_gets_arguments_of_their_own():
    def pairs(row, n_levels):
        if len(row) > 1000:
            counts = counted(row, n_levels)
            row.clear()  # greedy: the next one must not find an empty row
            return counts
        return counted(row, n_levels)

    assert "All give the same result" in repr(rg.race("mini-pairs", pairs))


def test_race__a_slow_answer_runs_once(workspace):
    calls = []

    def pairs(row, n_levels):
        if len(row) > 1000:
            calls.append(1)
            time.sleep(1.05)
        return counted(row, n_levels)

    card = rg.race("mini-pairs", pairs)
    assert calls == [1]
    (told,) = re.findall(r"([\d.]+) s\b", repr(card))
    assert 1.05 <= float(told) < 4, "what was slept, and what a busy machine adds"
    assert "times faster" in repr(card)


def test_race__nothing_is_printed_and_chance_is_left_alone(capsys):
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    rg.race("mini-pairs", lambda row, n: print("loud") or counted(row, n))
    assert capsys.readouterr() == ("", "")
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_race__an_exercise_without_one_names_the_nearest():
    for name in ("mini-range", "mini-think"):
        card = rg.race(name)
        assert card.outcome == "cannot check"
        assert "mini-pairs" in repr(card)
    assert '"mini-pairs"' in repr(rg.race("mini-pears"))


def test_race__damaged_arguments_are_our_fault(workspace):
    with_key(workspace, race="def race(): return 1 / 0")
    assert "fault of rgteach" in repr(rg.race("mini-pairs", counted))


def test_race__is_no_try_of_the_exercise():
    rg.race("mini-pairs", counted)
    assert progress.entries() == {}


def raced(*seconds: float) -> list[str]:
    lanes = (Lane("", seconds[0], True), *(Lane(f"t{k}", s, True) for k, s in enumerate(seconds[1:])))
    return [row[2] for row in RaceCard("x", "right", "en", lanes=lanes).rows_of_table()]


def test_card__compares_everyone_with_the_students_own():
    assert raced(1.0, 0.01, 1.05, 4.0, 1e-6) == [
        "–", "100 times faster", "about as fast", "4.0 times slower", "1,000,000 times faster",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(2.5, "2.5 s"), (0.99996, "1 s"), (0.1234, "123 ms"), (1.5e-5, "15 µs"), (4e-8, "40 ns"), (0, "0 ns")],
)
def test_duration__has_three_digits_and_a_unit_that_fits(seconds, told):
    assert duration(seconds) == told


def test_rounded__has_two_digits():
    assert [rounded(x) for x in (1.26, 9.96, 14.4, 1234)] == ["1.3", "10", "14", "1,200"]
