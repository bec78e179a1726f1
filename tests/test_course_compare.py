"""What counts as the expected value, and what only looks like it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgteach.course.compare import alike, identical

SAME = [
    (1, 1.0),
    (1.0, 1 + 1e-12),
    (0.0, 1e-13),
    (math.nan, math.nan),
    (math.inf, math.inf),
    (2, np.int8(2)),
    (2.5, np.array(2.5)),
    ([1, 2], (1, 2)),
    ((1.0, [2.0]), [1, (2,)]),
    ([1, 2], np.array([1, 2])),
    (np.array([1, 2]), np.array([1.0, 2.0])),
    (np.array([1.0, math.nan]), np.array([1.0, math.nan])),
    (np.zeros((0, 3)), np.zeros((0, 3))),
    (np.array([True]), np.array([True])),
    ({"a": 1, "b": [2]}, {"b": [2], "a": 1}),
    ("x", np.str_("x")),
    (None, None),
]
DIFFERENT = [
    (1, 1.001),
    (10**20, 10**20 + 1),
    (1, True),
    (False, 0),
    (1, "1"),
    (1, None),
    (1.0, math.nan),
    (math.inf, 1e308),
    (math.inf, -math.inf),
    (10**400, 1.0),
    ([1, 2], [2, 1]),
    ([1, 2], [1, 2, 3]),
    ([1, [2]], np.array([1, 2])),
    (np.array([1, 2]), [1, 2]),
    (np.array([1, 2]), np.array([[1, 2]])),
    (np.array([1, 0]), np.array([True, False])),
    (np.array(["a"]), np.array(["b"])),
    (5.0, np.array([5.0])),
    ({"a": 1}, {"a": 1, "b": 2}),
    ({"a": 1}, [1]),
    (1e-300, 1e-5),
]


@pytest.mark.parametrize(("expected", "given"), SAME, ids=str)
def test_alike__takes_what_means_the_same(expected, given):
    assert alike(expected, given)


@pytest.mark.parametrize(("expected", "given"), DIFFERENT, ids=str)
def test_alike__takes_nothing_else(expected, given):
    assert not alike(expected, given)


def test_alike__a_tolerance_is_relative_to_the_expected_value():
    assert alike(1000.0, 1000.9, rtol=1e-3, atol=0)
    assert not alike(1000.0, 1001.1, rtol=1e-3, atol=0)
    assert alike(np.array([0.0, 1.0]), np.array([0.01, 1.0]), rtol=0, atol=0.02)


@given(st.floats(), st.floats())
def test_alike__at_zero_tolerance_is_equality(a, b):
    assert alike(a, b, 0, 0) == (a == b or (math.isnan(a) and math.isnan(b)))


def test_identical__sees_every_bit():
    a = np.array([1.0, math.nan, 0.0])
    assert identical(a, a.copy())
    assert not identical(a, a.astype(np.float32))
    assert not identical(a, np.array([1.0, math.nan, -0.0]))
    assert not identical([1], [1.0])
    assert not identical({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not identical([1], (1,))
