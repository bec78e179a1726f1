"""Groups are earned whole or not at all, nothing is earned without the ordinary cases, and sums are exact."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from minilab import key_for, mini_bench, mini_page

from rgteach.course import run, worth
from rgteach.course.run import Call
from rgteach.grading import score

GROUPS = ["hand", "random", "random", "edge", "edge", "degenerate"]
KEY = key_for(lambda a: a + 1, [(float(k),) for k in range(6)], groups=GROUPS)


def calls(wrong=(), stop=None, kind="value") -> list[Call]:
    """The right values but for some cases; `stop` is the case at which it ended."""
    found = [Call("value", -1.0 if k in wrong else k + 1.0) for k in range(6)]
    return found if stop is None else [*found[:stop], Call(kind)]


def share(*args, **more) -> float:
    return score.earn(KEY, KEY.cases, calls(*args, **more)).share


@pytest.mark.parametrize(
    ("wrong", "earned"),
    [
        ((), 1.0), ((3,), 0.8), ((3, 4), 0.8), ((5,), 0.9), ((4, 5), 0.7), ((0,), 0.0), ((1,), 0.0),
        ((0, 1, 2), 0.0), ((2, 5), 0.0), ((0, 1, 2, 3, 4, 5), 0.0),
    ],
    ids=str,
)  # fmt: skip
def test_earn__a_group_is_earned_whole_and_only_with_the_ordinary_ones(wrong, earned):
    assert share(wrong) == pytest.approx(earned, abs=1e-12)


def test_earn__says_how_each_group_came_out():
    found = score.earn(KEY, KEY.cases, calls((1, 4)))
    assert found.groups == {"ordinary": (2, 3), "edge": (1, 2), "degenerate": (1, 1)}
    assert found.lost == ("ordinary", "edge")


@pytest.mark.parametrize("kind", ["timeout", "stub", "misfit"])
@pytest.mark.parametrize(("stop", "earned"), [(0, 0.0), (2, 0.0), (3, 0.7), (4, 0.7), (5, 0.9)])
def test_earn__what_was_done_before_it_ended_keeps_its_parts(kind, stop, earned):
    assert share(stop=stop, kind=kind) == pytest.approx(earned)


def test_earn__nothing_at_all_earns_nothing():
    assert score.earn(KEY, KEY.cases, []).share == 0


def test_earn__more_values_than_cases_change_nothing():
    more = [*calls(), Call("value", 3.0)]
    assert score.earn(KEY, KEY.cases, more).share == 1


@pytest.mark.parametrize("wrong", [(), (5,)])
def test_earn__what_gives_two_answers_to_one_question_earns_nothing(wrong):
    assert score.earn(KEY, KEY.cases, calls(wrong), steady=False).share == 0


def test_earn__what_changes_its_input_keeps_half():
    changed = [replace(call, changed=(0,)) if k == 2 else call for k, call in enumerate(calls())]
    found = score.earn(KEY, KEY.cases, changed)
    assert (found.share, found.changed) == (0.5, True)


@pytest.mark.parametrize(
    ("weights", "earned"),
    [({"ordinary": 1, "edge": 0, "degenerate": 1}, 1.0), ({"ordinary": 1, "edge": 1, "degenerate": 0}, 0.5),
     ({"ordinary": 0.1, "edge": 0.2, "degenerate": 0.1}, 0.5)],
)  # fmt: skip
def test_earn__parts_are_those_of_the_page(weights, earned):
    assert score.earn(KEY, KEY.cases, calls((3,)), weights).share == pytest.approx(earned, abs=1e-12)


def test_earn__the_parts_of_a_group_without_a_case_go_to_the_others():
    key = key_for(lambda a: a, [(1,), (2,)], groups=["random", "edge"])
    half = [Call("value", 1), Call("value", 0)]
    assert score.earn(key, key.cases, half).share == pytest.approx(7 / 9)


def test_earn__an_error_counts_where_the_solution_raises_it():
    key = key_for(lambda a: 1 / a, [(1,), (0,)], groups=["random", "edge"])
    zero, other = (run.call(f, (0,), 5) for f in (lambda a: 1 / a, lambda a: [][a]))
    assert score.earn(key, key.cases, [Call("value", 1.0), zero]).share == 1
    assert score.earn(key, key.cases, [Call("value", 1.0), other]).share < 1


def test_right__counts_what_is_right():
    assert score.right(KEY, KEY.cases, calls((1, 4))) == 4
    assert score.right(KEY, KEY.cases, calls(stop=2, kind="timeout")) == 2


@pytest.mark.parametrize(
    ("out_of", "earned", "points"),
    [(3, 0.7, 2.1), (3, 0.9, 2.7), (1, 1 / 3, 0.33), (1, 2 / 3, 0.67), (2.5, 0.35, 0.88), (4, 0, 0.0),
     (4, 1, 4.0), (0.01, 0.5, 0.01), (1, 0.005, 0.01), (3, 7 / 9, 2.33)],
)  # fmt: skip
def test_points__are_hundredths_and_half_a_hundredth_goes_up(out_of, earned, points):
    assert score.points(out_of, earned) == points


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_total__is_exact(hundredths):
    assert score.total(h / 100 for h in hundredths) == sum(hundredths) / 100


@given(st.integers(1, 40), st.lists(st.booleans(), min_size=3, max_size=3))
def test_points__never_exceed_what_there_is(out_of, whole):
    groups = {name: (int(w), 1) for name, w in zip(worth.PARTS, whole, strict=True)}
    found = score.points(out_of, float(worth.share(groups)))
    assert 0 <= found <= out_of
    assert (found == out_of) == all(whole)
    assert whole[0] or found == 0


def test_groups__of_a_page_all_have_their_part():
    from rgteach.course.model import GROUPS as OF_PAGES

    found = worth.groups((group, True) for group in OF_PAGES)
    assert sum(there for _, there in found.values()) == len(OF_PAGES)
    assert list(found) == list(worth.PARTS)
    assert [worth.order(g) for g in OF_PAGES] == sorted(worth.order(g) for g in OF_PAGES)


LAZY = {
    "a-constant": lambda key: [key.cases[0].expected.value] * len(key.cases),
    "nothing": lambda key: [None] * len(key.cases),
    "zero": lambda key: [0] * len(key.cases),
    "the-input": lambda key: [case.args[0] for case in key.cases],
    "no-number": lambda key: [math.nan] * len(key.cases),
    "everything-zero": lambda key: [np.zeros_like(case.expected.value) for case in key.cases],
}


@pytest.mark.parametrize("lazy", LAZY)
@pytest.mark.parametrize("name", ["mini-range", "mini-pairs"])
def test_earn__whoever_computes_nothing_earns_nothing_on_any_seed(name, lazy):
    bench, exercise = mini_bench(), mini_page().exercises[name]
    for seed in range(20):
        key = bench.key(exercise, seed=seed)
        given_back = [Call("value", value) for value in LAZY[lazy](key)]
        assert score.earn(key, key.cases, given_back, exercise.weights).share == 0


@pytest.mark.parametrize("name", ["mini-range", "mini-pairs"])
def test_earn__the_solution_earns_all_and_a_mistake_never_does(name):
    bench, exercise = mini_bench(), mini_page().exercises[name]
    for seed in range(20):
        key = bench.key(exercise, seed=seed)
        assert score.earn(key, key.cases, [case.expected for case in key.cases]).share == 1
        for mistake in key.mistakes:
            assert score.earn(key, key.cases, mistake.outputs).share <= 0.5
