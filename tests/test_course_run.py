"""A student's function is run on copies, quietly, within a time; what came of it is told in plain values."""

import functools
import io
import random
import sys
import warnings

import numpy as np
import pytest

from rgteach.course import run
from rgteach.course.stage import MAX_PRINTED


def test_call__gives_the_value():
    assert run.call(lambda a, b: a + b, (1, 2), 1) == run.Call("value", value=3)


def test_call__works_on_a_copy_and_notices_changes():
    data, rows = np.array([3, 1, 2]), [[1], [2]]

    def spoil(values, lists):
        values.sort()
        lists[0].append(9)
        return 1

    call = run.call(spoil, (data, rows), 1)
    assert call.changed == (0, 1)
    assert call.changed_to.tolist() == [1, 2, 3]
    assert data.tolist() == [3, 1, 2]
    assert rows == [[1], [2]]


def test_call__keeps_what_was_printed_and_shows_none_of_it(capsys):
    def talk():
        print("hello")
        print("to stderr", file=sys.stderr)
        return 1

    call = run.call(talk, (), 1)
    assert call.printed == "hello\nto stderr\n"
    assert capsys.readouterr().out == ""


def test_call__a_million_lines_keep_their_beginning_only():
    def shout():
        for n in range(1_000_000):
            print(n)

    call = run.call(shout, (), 30)
    assert call.kind == "value"
    assert len(call.printed) <= MAX_PRINTED + 1
    assert call.printed.startswith("0\n1\n2\n")
    assert call.printed.endswith("…")


def test_call__collects_warnings_even_where_they_are_errors():
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        call = run.call(lambda: np.log(np.array([0.0]))[0], (), 1)
    assert call.value == -np.inf
    assert call.warned == ("divide by zero encountered in log",)


def test_call__chance_is_the_same_each_time_and_put_back():
    np.random.seed(5)  # noqa: NPY002
    random.seed(5)
    before = np.random.get_state()[1].copy(), random.getstate()  # noqa: NPY002
    first, second = (run.call(lambda: (np.random.rand(), random.random()), (), 1) for _ in range(2))  # noqa: NPY002
    assert first.value == second.value
    assert np.array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002
    assert random.getstate() == before[1]


def test_call__an_unwritten_answer_is_a_stub():
    def stub(values):
        raise NotImplementedError("write here")

    assert run.call(stub, (1,), 1).kind == "stub"


def fails(values):
    total = 0
    return deeper(values, total)


def deeper(values, total):
    return values / total


def test_call__an_error_names_the_students_own_lines_only():
    call = run.call(fails, (1,), 1)
    assert call.kind == "error"
    assert call.trouble.type == "ZeroDivisionError"
    assert [code for _, code in call.trouble.lines] == [
        "return deeper(values, total)",
        "return values / total",
    ]


def test_call__leaves_library_lines_out():
    def broadcast():
        return np.concatenate([np.zeros((2, 2)), np.zeros(3)])

    (line,) = run.call(broadcast, (), 1).trouble.lines
    assert line[1] == "return np.concatenate([np.zeros((2, 2)), np.zeros(3)])"


@pytest.mark.parametrize("function", [sys.exit, lambda: (_ for _ in ()).throw(GeneratorExit)])
def test_call__an_exit_does_not_end_the_notebook(function):
    assert run.call(function, (), 1).kind == "error"


def test_call__the_users_own_interrupt_passes():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.call(interrupted, (), 1)


def test_call__a_recursion_without_end_is_an_error():
    def again(n):
        return again(n)

    assert run.call(again, (1,), 5).trouble.type == "RecursionError"


class Shouting(Exception):
    def __str__(self):
        raise ValueError("no text")


def test_call__an_exception_with_a_faulty_text_is_survived():
    def angry():
        raise Shouting

    assert run.call(angry, (), 1).trouble.type == "Shouting"


class Slippery:
    def __eq__(self, other):
        return True

    def __getattribute__(self, name):
        raise RuntimeError("hands off")

    __hash__ = None


@pytest.mark.parametrize(
    ("value", "odd"),
    [
        (Slippery(), ("type", "Slippery")),
        (len, ("type", "builtin_function_or_method")),
        ({1, 2}, ("type", "set")),
        (np.zeros(10**6), ("size", "200000")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_call__a_value_that_is_not_plain_is_odd(value, odd):
    call = run.call(lambda: value, (), 5)
    assert (call.kind, call.odd) == ("odd", odd)


def test_call__a_function_that_returns_itself_is_odd():
    def me():
        return me

    assert run.call(me, (), 1).odd == ("type", "function")


@pytest.mark.parametrize(
    ("function", "fits"),
    [
        (lambda a, b: 0, True),
        (lambda a, b, c=1: 0, True),
        (lambda *args: 0, True),
        (lambda a: 0, False),
        (lambda a, b, c: 0, False),
        (lambda a, *, b: 0, False),
        (lambda a, *, b=1, **more: 0, False),
        (lambda a, b=1, *args, c=2: 0, True),
        (functools.wraps(lambda a: 0)(lambda *args: 0), False),
        (functools.partial(lambda a, b, c: 0, 1), True),
        (np.add, True),
        (max, True),
    ],
)
def test_call__arguments_that_do_not_fit_are_told_before_the_call(function, fits):
    assert (run.call(function, (1, 2), 1).kind != "misfit") == fits


def test_call__a_compiled_function_is_called_like_any_other():
    numba = pytest.importorskip("numba")

    @numba.njit
    def double(x):
        return 2 * x

    assert run.call(double, (21,), 60).value == 42
    assert run.call(double, (1, 2), 60).kind == "misfit"


def test_call__an_input_that_turns_strange_is_survived():
    def stuff(values):
        values.append(Slippery())
        return 1

    call = run.call(stuff, ([1],), 1)
    assert call.changed == (0,)
    assert call.changed_to == "?"


def test_calls__stop_where_nothing_more_can_be_learnt():
    seen = []

    def never(n):
        seen.append(n)
        raise NotImplementedError

    assert [c.kind for c in run.calls(never, [(1,), (2,)], 1)] == ["stub"]
    assert seen == [1]


SPOILING = {
    "prints": lambda: print("left over"),
    "closes": lambda: sys.stdout.close(),
    "keeps-streams": lambda: setattr(sys, "stdout", io.StringIO()),
    "hides-warnings": lambda: warnings.filterwarnings("ignore"),
    "forgets-filters": lambda: setattr(warnings, "filters", []),
    "hides-errors": lambda: np.seterr(all="ignore"),
    "raises-errors": lambda: np.seterr(all="raise"),
    "draws": lambda: (random.random(), np.random.rand(3)),  # noqa: NPY002
    "warns": lambda: warnings.warn("left over", stacklevel=1),
}


@pytest.mark.parametrize("spoil", SPOILING.values(), ids=SPOILING)
def test_calls__what_one_has_changed_the_next_does_not_find(spoil, capsys):
    def function(spoils):
        if spoils:
            spoil()
        print("said")
        return [random.random(), np.random.rand(), np.log(np.zeros(1))[0]]  # noqa: NPY002

    first, _, third = run.calls(function, [(False,), (True,), (False,)], 5)
    assert first == third
    assert (first.kind, first.printed) == ("value", "said\n")
    assert "divide" in first.warned[0]
    print("heard")
    assert capsys.readouterr().out == "heard\n"
