"""Places from the smallest to the largest value, whatever the bits of the values look like."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rgteach.core import order
from rgteach.core.order import ascending

RNG = np.random.default_rng(8)
TINY = np.nextafter(1.0, 2.0) - 1.0
ROWS = {
    "normal": RNG.normal(size=(20, 200)),
    "whole numbers, tied": RNG.integers(-3, 4, (20, 57)).astype(float),
    "single precision": RNG.normal(size=(5, 300)).astype(np.float32).astype(float),
    "apart by a last bit": 1.0 + TINY * RNG.permuted(np.tile(np.arange(256.0), (4, 1)), axis=1),
    "negative, apart by a last bit": -1.0 - TINY * RNG.permuted(np.tile(np.arange(9.0), (4, 1)), axis=1),
    "far from zero": 1e8 + 1e-6 * RNG.normal(size=(6, 100)),
    "both zeros": np.where(RNG.random((6, 40)) < 0.5, -0.0, 0.0),
    "zeros and the smallest numbers": RNG.choice([-5e-324, -0.0, 0.0, 5e-324], (6, 40)),
    "infinities": RNG.choice([-np.inf, -1.0, 0.0, 2.0, np.inf], (6, 40)),
    "one place": np.array([[3.0], [-1.0]]),
    "no place": np.empty((3, 0)),
    "no row": np.empty((0, 4)),
    "more than 2 to the 12": RNG.normal(size=(2, 5000)),
}


def is_in_order(values, places):
    """Every place once, and the values there never fall."""
    k, n = values.shape
    assert places.dtype == np.int64
    assert np.array_equal(np.sort(places, axis=1), np.tile(np.arange(n), (k, 1)))
    lined_up = np.take_along_axis(values, places, axis=1)
    return bool(np.all(lined_up[:, 1:] >= lined_up[:, :-1]))


@pytest.mark.parametrize("name", ROWS)
def test_ascending__every_place_once_and_no_value_falls(name):
    values = ROWS[name]
    before = values.copy()
    assert is_in_order(values, ascending(values))
    assert np.array_equal(values, before), "the values are only read"


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2), elements=st.floats(allow_nan=False)))
def test_ascending__holds_for_any_numbers(values):
    assert is_in_order(values, ascending(values))


def test_ascending__without_ties_is_argsort():
    values = ROWS["normal"]
    assert np.array_equal(ascending(values), np.argsort(values, axis=1))


def test_ascending__looks_again_only_at_rows_that_the_last_bits_decided(monkeypatch):
    found, unsure = [], order._unsure
    monkeypatch.setattr(order, "_unsure", lambda *keys: found.append(unsure(*keys)) or found[-1])
    ascending(ROWS["normal"])  # of both signs
    assert not len(found.pop())
    ascending(np.array([[-1.0, 1.0, 2.0], [3.0, 1.0 + TINY, 1.0]]))
    assert found.pop().tolist() == [1]
