"""A frame is read as a letter from a stranger: what is no call is garbage, and it can do nothing."""

import json
import linecache
import random

import numpy as np
import pytest
from minilab import key_for

from rgteach.course import encode, run
from rgteach.course.stage import MAX_PRINTED
from rgteach.grading import calls, inside
from rgteach.sandbox.limits import Ran

ROW = {"kind": "value", "value": 1.5}


def frame(**changes):
    return {"calls": [ROW], "again": None, "ran": {}, "breaches": [], "seconds": 0.01} | changes


def one(frame_, asked=None):
    return calls.came(Ran({"x": frame_}), asked)["x"]


def sent(call: run.Call) -> dict:
    """As the child writes it."""
    from rgteach.grading import inside

    return json.loads(json.dumps(inside.to_data(call)))


def boom(a):
    raise KeyError("no")


def spoil(a):
    a[0] = 9
    return a.sum()


ANSWERS = [
    lambda a: a * 2.5,
    lambda a: {"a": (1, None, "é"), "b": [float("nan"), True]},
    lambda a: iter(a),
    lambda a, b: a,
    lambda a: print("loud") or 3,
    boom,
    spoil,
]


@pytest.mark.parametrize("function", ANSWERS, ids=lambda f: str(ANSWERS.index(f)))
def test_call__comes_back_as_the_child_wrote_it(function):
    before = run.call(function, (np.array([1.0, 2.0]),), 5)
    after = calls.call(sent(before))
    assert repr(after) == repr(before)


def test_encoded__arguments_arrive_as_they_were():
    args = (np.arange(6).reshape(2, 3), 0.5, [1, "a"], None)
    assert repr([encode.decode(item) for item in json.loads(json.dumps(calls.encoded(args)))]) == repr(
        list(args)
    )


HOSTILE = {
    "no-frame": "calls",
    "a-list": [],
    "none": None,
    "calls-no-list": frame(calls={}),
    "call-no-dict": frame(calls=[3]),
    "unknown-kind": frame(calls=[{"kind": "right"}]),
    "kind-is-a-list": frame(calls=[{"kind": ["value"]}]),
    "value-missing": frame(calls=[{"kind": "value"}]),
    "too-many-calls": frame(calls=[ROW] * (calls.MAX_CALLS + 1)),
    "unknown-dtype": frame(
        calls=[{"kind": "value", "value": {"array": [1], "dtype": "object", "shape": [1]}}]
    ),
    "huge-shape": frame(
        calls=[{"kind": "value", "value": {"array": [1], "dtype": "int8", "shape": [10**6, 10**6]}}]
    ),
    "text-bomb": frame(
        calls=[
            {
                "kind": "value",
                "value": {"array": ["a"] * 99_999 + ["b" * 90_000], "dtype": "str", "shape": [100_000]},
            }
        ]
    ),
    "pickle": frame(calls=[{"kind": "value", "value": {"pickle": "gASVAAAA"}}]),
    "error-without-trouble": frame(calls=[{"kind": "error"}]),
    "trouble-of-numbers": frame(calls=[{"kind": "error", "trouble": [1, 2, 3]}]),
    "lines-no-pairs": frame(calls=[{"kind": "error", "trouble": ["E", "m", [1]]}]),
    "line-is-true": frame(calls=[{"kind": "error", "trouble": ["E", "m", [[True, "x"]]]}]),
    "odd-unknown": frame(calls=[{"kind": "odd", "odd": ["secret", "x"]}]),
    "changed-negative": frame(calls=[ROW | {"changed": [-1]}]),
    "changed-far": frame(calls=[ROW | {"changed": [99]}]),
    "changed-text": frame(calls=[ROW | {"changed": ["0"]}]),
    "warned-many": frame(calls=[ROW | {"warned": ["x"] * 4}]),
    "printed-number": frame(calls=[ROW | {"printed": 3}]),
    "again-no-call": frame(again=[]),
    "ran-a-list": frame(ran=[1]),
    "breach-short": frame(breaches=[["scipy"]]),
    "breaches-many": frame(breaches=[["scipy", 1, ""]] * 21),
    "seconds-text": frame(seconds="0"),
    "seconds-nan": frame(seconds=float("nan")),
    "seconds-negative": frame(seconds=-1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_came__a_frame_that_no_child_sends_is_garbage(name):
    assert one(HOSTILE[name]).ended == "garbage"


def test_came__a_value_nested_without_end_is_garbage():
    value = []
    for _ in range(50_000):
        value = [value]
    assert one(frame(calls=[{"kind": "value", "value": value}])).ended == "garbage"


def test_came__more_calls_than_cases_are_garbage():
    cases = key_for(lambda a: a, [(1,), (2,)]).cases
    assert one(frame(calls=[ROW] * 3), {"x": cases}).ended == "garbage"
    assert one(frame(calls=[ROW] * 2), {"x": cases}).ended == ""


def test_came__an_argument_that_is_not_there_was_not_changed():
    cases = key_for(lambda a: a, [(1,)]).cases
    changed = ROW | {"changed": [1], "changed_to": 2}
    assert one(frame(calls=[changed]), {"x": cases}).ended == "garbage"
    assert one(frame(calls=[changed | {"changed": [0]}]), {"x": cases}).calls[0].changed == (0,)


def test_came__texts_can_be_written_and_shown():
    trouble = ["E\x00rr", "\ud800 \u202e <b>" + "x" * 9999, [[3, "a\x1b[31m"]]]
    call = one(frame(calls=[{"kind": "error", "trouble": trouble, "printed": "p" * 9999}])).calls[0]
    call.trouble.message.encode("utf-8")
    assert len(call.trouble.message) <= calls.MAX_TEXT
    assert "\u202e" not in call.trouble.message
    assert "\x1b" not in call.trouble.lines[0][1]
    assert len(call.printed) <= MAX_PRINTED + 1


def test_came__half_a_letter_in_a_value_can_be_written():
    value = {"dict": {"a\ud800": ["\udfff"]}}
    json.dumps(one(frame(calls=[{"kind": "value", "value": value}])).calls[0].value).encode("utf-8")


def test_came__tells_which_exercise_ended_the_job():
    ran = Ran({"x": frame()}, "died", "y", "SIGSEGV", {"y": 0.5})
    found = calls.came(ran)
    assert (found["x"].ended, found["y"].ended, found["y"].detail) == ("", "died", "SIGSEGV")


def test_came__a_breach_is_a_flag_with_its_line():
    flag = one(frame(breaches=[["scipy.stats", 2, "stats.rankdata(x)"]])).breaches[0]
    assert (flag.kind, flag.values["name"], flag.line) == ("breach-ran", "scipy.stats", 2)


def test_came__a_cell_that_failed_is_told_with_its_line():
    ran = {"type": "NameError", "message": "name 'y'", "line": 3, "code": "y"}
    trouble = one(frame(calls=[], ran=ran)).trouble
    assert (trouble.type, trouble.lines) == ("NameError", ((3, "y"),))


def test_rehearse__runs_through_and_leaves_nothing_behind(monkeypatch):
    before, handle, frames = (random.getstate(), dict(linecache.cache)), inside.handle, []
    monkeypatch.setattr(inside, "handle", lambda *given: frames.append(handle(*given)))
    inside.rehearse()
    assert [call["kind"] for frame in frames for call in [*frame["calls"], frame["again"]]] == ["value"] * 12
    assert (random.getstate(), linecache.cache, inside._written) == (*before, {})
