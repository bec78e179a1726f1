"""A mistake is named only if it, and it alone, explains every output; unwritten is not wrong."""

import numpy as np
import pytest
from minilab import ROWS, judged, key_for

from rgteach.course import judge, run
from rgteach.course.judge import OUTCOMES


def total(a):
    return a.sum()


MISTAKES = [("mean", np.mean), ("largest", np.max), ("count", np.size)]


@pytest.fixture
def key():
    return key_for(total, ROWS, mistakes=MISTAKES)


@pytest.mark.parametrize(("name", "function"), MISTAKES)
def test_judge__names_the_mistake(key, name, function):
    verdict, _ = judged(key, function)
    assert (verdict.outcome, verdict.mistake) == ("not yet", name)


def test_judge__names_none_that_leaves_an_output_unexplained(key):
    verdict, _ = judged(key, lambda a: a.mean() if len(a) > 2 else a.mean() + 1)
    assert (verdict.outcome, verdict.mistake) == ("not yet", "")


def test_judge__names_none_of_two_that_explain_it_alike():
    key = key_for(total, ROWS, mistakes=[("one", np.mean), ("two", lambda a: a.sum() / a.size)])
    verdict, _ = judged(key, np.mean)
    assert verdict.mistake == ""


def test_judge__a_mistake_may_end_in_an_error_on_some_inputs():
    def careless(a):
        return a.sum() + 1 if a.ndim == 1 else a[9]

    key = key_for(total, ROWS, mistakes=[("careless", careless)])
    assert judged(key, careless)[0].mistake == "careless"
    assert judged(key, lambda a: a.sum() + 1 if a.ndim == 1 else {}[9])[0].mistake == ""


def test_judge__the_solution_is_right(key):
    verdict, _ = judged(key, lambda a: float(a.sum()))
    assert (verdict.outcome, verdict.values["count"]) == ("right", 3)


def test_judge__an_expected_error_is_right_when_raised():
    def refuses(a):
        if a.ndim > 1:
            raise ValueError("one row only")
        return a.sum()

    key = key_for(refuses, ROWS)
    assert judged(key, refuses)[0].outcome == "right"
    assert judged(key, total)[0].told == "diag-should-raise"


def test_judge__an_unwritten_answer_is_not_tried(key):
    def stub(a):
        raise NotImplementedError("write here")

    verdict, calls = judged(key, stub)
    assert (verdict.outcome, len(calls)) == ("not tried", 1)


def test_judge__a_run_that_was_stopped_says_after_how_long(key):
    calls = [run.Call("value", value=6.0), run.Call("timeout")]
    verdict = judge.judge(key, calls)
    assert (verdict.told, verdict.case, verdict.values["seconds"]) == ("diag-timeout", 1, 5)


def test_judge__a_changed_input_is_not_yet_right(key):
    def sorts(a):
        a.sort()
        return a.sum()

    verdict, _ = judged(key, sorts)
    assert (verdict.outcome, verdict.told, verdict.values) == (
        "not yet",
        "diag-changed-input",
        {"parameter": "a"},
    )


def test_judge__a_changed_input_is_noted_beside_another_mistake(key):
    def sorts(a):
        a.sort()
        return a.mean()

    verdict, _ = judged(key, sorts)
    assert (verdict.mistake, verdict.notes) == ("mean", ("note-changed-input",))


def test_judge__another_result_the_second_time_is_told(key):
    calls = run.calls(total, [case.args for case in key.cases], 5)
    verdict = judge.judge(key, calls, again=run.Call("value", value=-1.0))
    assert (verdict.outcome, verdict.told) == ("not yet", "diag-unsteady")


def test_judge__warnings_and_printing_do_not_make_an_answer_wrong(key):
    def noisy(a):
        print("hello")
        np.log(np.zeros(1))
        return a.sum()

    verdict, _ = judged(key, noisy)
    assert (verdict.outcome, verdict.notes) == ("right", ("note-warned", "note-printed"))


def test_outcomes__are_four():
    assert OUTCOMES == ("not tried", "not yet", "right", "cannot check")
