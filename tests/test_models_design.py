"""Columns that say nothing new are named, whatever their scale, and columns that do are left in peace."""

import numpy as np
import pytest

from rgteach import LearnerError
from rgteach.models.design import collinear, refuse_collinear

NAMES = [f"x{j}" for j in range(12)]


@pytest.fixture
def X():
    return np.random.default_rng(0).normal(size=(50, 3))


def test_collinear__columns_of_chance_are_independent(X):
    assert collinear(X, NAMES) == []


@pytest.mark.parametrize("shift", [0.0, 5.0, 1e8], ids=["0", "5", "1e8"])
def test_collinear__names_the_later_column_and_what_it_equals(X, shift):
    X = X + shift
    found = collinear(np.c_[X, 2 * X[:, 1] - X[:, 0]], NAMES)
    assert [(each.name, each.combination) for each in found] == [("x3", "−x0 + 2 × x1")]
    assert found[0].factors == pytest.approx({"x0": -1, "x1": 2}, rel=1e-6)


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e9, 1e150])
def test_collinear__does_not_depend_on_the_unit(X, scale):
    found = collinear(np.c_[X[:, :2] * scale, 3 * X[:, 0]], NAMES)
    assert [each.name for each in found] == ["x2"]
    assert found[0].factors == pytest.approx({"x0": 3 / scale})


def test_collinear__the_shift_is_told(X):
    (found,) = collinear(np.c_[X, X[:, 2] / 4 - 7], NAMES)
    assert found.combination == "0.25 × x2 − 7"


def test_collinear__a_full_set_of_indicators_sums_to_one():
    groups = np.eye(3)[np.arange(30) % 3]
    assert [each.combination for each in collinear(groups, ["a", "b", "c"])] == ["−a − b + 1"]
    assert collinear(groups, ["a", "b", "c"], with_intercept=False) == []


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, 1e8 + 0.1])
def test_collinear__a_constant_column_is_told_with_its_value(X, value):
    (found,) = collinear(np.c_[X, np.full(len(X), value)], NAMES)
    assert found.name == "x3"
    assert found.is_constant
    assert float(found.combination) == pytest.approx(value, rel=1e-5)


def test_collinear__a_constant_column_stands_for_a_missing_intercept(X):
    assert collinear(np.c_[X, np.ones(len(X))], NAMES, with_intercept=False) == []


def test_collinear__every_one_of_several_is_named(X):
    found = collinear(np.c_[X, X[:, 0] + X[:, 1], np.ones(50), X[:, 2] * 2], NAMES)
    assert [each.name for each in found] == ["x3", "x4", "x5"]


def test_collinear__powers_of_one_measurement_pass():
    x = np.linspace(-8.8, -3.1, 82)  # the range of NIST's Filip
    assert collinear(np.stack([x**k for k in range(1, 11)], axis=1), NAMES) == []


@pytest.mark.parametrize("noise", [1e-9, 1e-6, 1e-3])
def test_collinear__nearly_the_same_is_not_the_same(X, noise):
    almost = X[:, 0] + noise * np.random.default_rng(1).normal(size=50)
    assert collinear(np.c_[X, almost], NAMES) == []


def test_collinear__rows_without_weight_do_not_count(X):
    twice = np.r_[2 * X[:40, 0], X[40:, 1]]
    weights = np.r_[np.ones(40), np.zeros(10)]
    assert collinear(np.c_[X, twice], NAMES) == []
    assert [each.combination for each in collinear(np.c_[X, twice], NAMES, weights)] == ["2 × x0"]


def test_collinear__more_columns_than_patients():
    wide = np.random.default_rng(2).normal(size=(5, 8))
    assert [each.name for each in collinear(wide, NAMES)] == ["x4", "x5", "x6", "x7"]


def test_refuse_collinear__constant_columns_first(X):
    with pytest.raises(LearnerError) as caught:
        refuse_collinear(np.c_[X, X[:, 0], np.ones(50)], NAMES)
    assert caught.value.key == "constant-columns"
    assert "x4 = 1" in str(caught.value)


def test_refuse_collinear__lists_a_few_and_counts_the_rest(X):
    with pytest.raises(LearnerError) as caught:
        refuse_collinear(np.c_[X, np.repeat(X[:, :1], 8, axis=1)], NAMES)
    assert caught.value.key == "collinear-columns"
    assert "x3 = x0" in str(caught.value)
    assert "and 3 more" in str(caught.value)
