"""Places from the smallest to the largest value, whatever the bits of the values look like."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.stats import rankdata

from rgteach.core.order import sorted_keys, sorted_levels
from rgteach.stats.scan import parts
from rgteach.stats.scan.parts import ranked

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
    "one zero of each sign": np.array([[-0.0, 1.0, 0.0, 2.0], [0.0, -1.0, -2.0, -0.0]]),
    "one place": np.array([[3.0], [-1.0]]),
    "no place": np.empty((3, 0)),
    "no row": np.empty((0, 4)),
    "more than 2 to the 12": RNG.normal(size=(2, 5000)),
}


def falls_only_where_last_bits_decided(values, keys, last_bits):
    """Every place once; values fall only where the keys of neighbours differ in nothing but the last bits."""
    k, n = values.shape
    places = keys & last_bits
    assert places.dtype == np.int64
    assert np.array_equal(np.sort(places, axis=1), np.tile(np.arange(n), (k, 1)))
    lined_up = np.take_along_axis(values, places, axis=1)
    falls = lined_up[:, 1:] < lined_up[:, :-1]
    alike = (keys[:, 1:] & ~last_bits) == (keys[:, :-1] & ~last_bits)
    equal = lined_up[:, 1:] == lined_up[:, :-1]
    return not np.any((falls | equal) & ~alike)


@pytest.mark.parametrize("name", ROWS)
def test_sorted_levels__are_alike_where_the_values_are_equal(name):
    keys, last_bits = sorted_levels(ROWS[name])
    lined_up = np.take_along_axis(ROWS[name], keys & last_bits, axis=1)
    levels = keys & ~last_bits
    assert np.array_equal(levels[:, 1:] == levels[:, :-1], lined_up[:, 1:] == lined_up[:, :-1])
    assert np.array_equal(np.sort(levels, axis=1), levels)


def ranks_are_right(values):
    """Twice the midrank less (n + 1), and the sums of squares."""
    centred, spread = ranked(np.ascontiguousarray(values.T))
    expected = 2 * rankdata(values, axis=1) - (values.shape[1] + 1) if values.size else np.empty(values.shape)
    return np.array_equal(centred.T, expected) and np.array_equal(spread, np.square(expected).sum(axis=1))


@pytest.mark.parametrize("name", ROWS)
def test_sorted_keys__every_place_once_and_no_value_falls(name):
    values = ROWS[name]
    before = values.copy()
    assert falls_only_where_last_bits_decided(values, *sorted_keys(values))
    assert falls_only_where_last_bits_decided(values, *sorted_levels(values))
    assert np.array_equal(values, before), "the values are only read"


@pytest.mark.parametrize("name", ROWS)
def test_ranked__is_right_whatever_the_bits_look_like(name):
    assert ranks_are_right(ROWS[name])


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2), elements=st.floats(allow_nan=False)))
def test_ranked__holds_for_any_numbers(values):
    assert ranks_are_right(values)


def test_sorted_keys__without_ties_hold_the_places_of_argsort():
    values = ROWS["normal"]
    keys, last_bits = sorted_keys(values)
    assert np.array_equal(keys & last_bits, np.argsort(values, axis=1))
    assert last_bits == 255


def test_ranked__looks_again_only_at_rows_that_the_last_bits_decided(monkeypatch):
    looked = []
    monkeypatch.setattr(parts, "sorted_levels", lambda rows: looked.append(rows) or sorted_levels(rows))
    assert ranks_are_right(ROWS["normal"])  # of both signs
    assert not looked
    assert ranks_are_right(np.array([[-1.0, 1.0, 2.0], [3.0, 1.0 + TINY, 1.0]]))
    assert [rows.tolist() for rows in looked] == [[[3.0, 1.0 + TINY, 1.0]]]
