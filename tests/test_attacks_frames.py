"""Whatever a child hands back, true or made up: the grader comes to a grade, a page and a line, and soon."""

import copy
import json
from types import SimpleNamespace

import numpy as np
import pytest
from attacks import lab
from attacks.model import HONEST
from attacks.trusting import Live
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rgteach.course import encode
from rgteach.grading import grader as grading
from rgteach.grading import seeds, write
from rgteach.grading.feedback.page import page
from rgteach.grading.model import from_data, to_data
from rgteach.grading.students import Found
from rgteach.sandbox import frames
from rgteach.sandbox.limits import Ran

MARKUP = "<script>alert(1)</script>"
# values that are plain, and not what any comparison, diagnosis or page hopes for
NASTY = [
    *(2**4095, -(2**4095), float("nan"), float("inf"), -0.0, 5e-324, 1e308, True, None, "", MARKUP),
    *("x" * 100_000, "\ud800", "\x00\x1b[2J\u202e", "9" * 5000),
    *([], (), {}, [[]], [[], [1]], [None] * 3, {"": {}}, {MARKUP: MARKUP}, {"\ud800": 1}),
    *(np.zeros((0, 3)), np.zeros((1,) * 20), np.array(["x", MARKUP]), np.array(np.nan), np.array([True])),
    *(np.zeros(199_000), np.full(3, np.inf), np.float16(65504), np.array([2**64 - 1], "uint64")),
    [1, [2, [3, np.array([4.0])]], "5"],
    [2**4000] * 100,
]
nasty = st.sampled_from(NASTY) | st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5)
    | hnp.arrays(st.sampled_from(sorted(encode.DTYPES)), hnp.array_shapes(min_dims=0, max_side=3)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip
junk = nasty | st.sampled_from([[10**400] * 50, {"array": []}, "value", "error", [[1, "x"]], 10**9, -1])
calls = st.one_of(
    nasty.map(lambda value: {"kind": "value", "value": encode.encode(value)}),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["value", "stub", "error", "timeout", "odd", "misfit", "right"])},
        optional={
            "value": junk.map(lambda value: value if _is_json(value) else encode.encode(value)),
            "trouble": st.lists(st.text(max_size=9) | st.just([[3, MARKUP]]), min_size=2, max_size=3),
            "odd": st.lists(st.sampled_from(["type", "size", "dtype", MARKUP]), min_size=1, max_size=2),
            "printed": st.text(max_size=20) | st.just(MARKUP),
            "changed": st.lists(st.integers(-1, 3), max_size=2),
            "changed_to": st.none() | st.integers(),
            "warned": st.lists(st.text(max_size=9), max_size=3),
        },
    ),
)


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def sent(frame: object) -> object:
    """A frame as it comes over the socket, every odd letter as the escape that a forger would write."""
    try:
        return frames.parse(json.dumps(frame).encode())
    except (frames.Garbage, ValueError):  # ValueError: digits without end, which no child can send either
        return {}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A grader whose child says what the test wants."""
    folder = tmp_path_factory.mktemp("course")
    root = lab.made(folder / "course")
    path = folder / "mallory.ipynb"
    path.write_text(json.dumps(lab.handed_in(root, HONEST)), encoding="utf-8")
    said = {}

    class Saying:
        def __init__(self, *_, **__):
            pass

        def run(self, job, steps, parts):
            cases = {step: parts.get(step) or job["exercises"][step.split()[0]] for step in steps}
            return Ran({step: sent(said["frame"](len(cases[step]["cases"]))) for step in steps}, seconds={})

        def close(self):
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "Box", Saying)
        with grading.Grader(root, seeds.secret(folder / "secret")) as made:

            def grade(frame):
                said["frame"] = frame
                return made.grade(Found(path, "mallory", path.name))

            yield SimpleNamespace(grade=grade, folder=folder)


def held(course, graded) -> None:
    """What follows a grade: it is written, read again, and made into a page in which nothing runs."""
    data = json.loads(json.dumps(to_data(graded)))
    assert from_data(data).points == graded.points
    shown = page(graded, {})
    assert [tag for tag in Live(shown).found if "script" in tag or "alert" in tag] == []
    shown.encode("utf-8")
    write.write(course.folder, [graded])
    assert write.load(course.folder / write.JSON)[0].points == graded.points


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(made=st.lists(calls, min_size=1, max_size=4), again=st.none() | calls)
def test_what_is_made_up_earns_nothing_and_breaks_nothing(course, made, again):
    def frame(cases: int) -> dict:
        given = (made * cases)[:cases]
        return {"calls": given, "again": again, "ran": {}, "breaches": [], "seconds": 0.0, "missing": None}

    graded = course.grade(frame)
    assert graded.points == 0
    assert all(grade.outcome != "right" for grade in graded.exercises)
    held(course, graded)


@pytest.mark.parametrize("value", NASTY, ids=range(len(NASTY)))
def test_a_plain_but_nasty_value_is_graded_and_shown(course, value):
    call = {"kind": "value", "value": encode.encode(value)}
    refused = any(odd in json.dumps(call) for odd in ("\\ud800", "9" * 1300))  # half a letter, endless digits
    assert (sent(call) == {}) == refused
    parts = {"ran": {}, "breaches": [], "seconds": 0.0, "missing": None}
    graded = course.grade(lambda cases: {"calls": [call] * cases, "again": call, **parts})
    assert graded.points == 0
    held(course, graded)


PLACES = ["calls", "again", "ran", "breaches", "seconds", "missing"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), part=junk.filter(_is_json))
def test_a_frame_with_one_part_of_another_kind_is_no_frame(course, place, part):
    call = {"kind": "value", "value": -99.0}
    whole = {"ran": {}, "breaches": [], "seconds": 0.0, "missing": None, "again": call}
    graded = course.grade(lambda cases: copy.deepcopy({"calls": [call] * cases, **whole}) | {place: part})
    assert graded.points == 0
    held(course, graded)


@pytest.mark.parametrize(
    "raw",
    [
        b'\\"' * 500_000,
        b'"' + b'\\"' * 500_000,
        b"[" + b",".join([b"1" * 1299] * 1500) + b"]",
        b"[" + b",".join([b"1" * 299] * 5000) + b"]",
        b"[" * 1_000_000,
        b"[{}" * 300_000,
        b'"\\ud800' * 100_000,
    ],
    ids=["escaped", "unended", "integers", "floats", "open", "pairs", "halves"],
)
def test_a_megabyte_takes_a_moment_to_read_whatever_it_holds(raw):
    """Read with any look back, some of these take hours, which would show without a clock."""
    try:
        frames.parse(raw)
    except frames.Garbage:
        pass
