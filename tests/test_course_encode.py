"""Plain values survive the way through JSON to the last bit, and nothing else gets in."""

import collections
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rgteach.course.compare import identical
from rgteach.course.encode import decode, encode, packed
from rgteach.course.plain import DTYPES, MAX_ITEMS, NotPlain, plain

numbers = st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats() | st.text(max_size=8)
arrays = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
)
values = st.recursive(
    numbers | arrays | st.integers(0, 9).map(np.int16) | st.floats(width=32).map(np.float32),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def through_json(value):
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


@given(values)
def test_decode__gives_the_same_value_back(value):
    assert identical(through_json(value), value)


@given(values)
def test_packed__gives_the_same_value_back(value):
    back = decode(json.loads(json.dumps(packed(plain(value)), allow_nan=False)))
    assert identical(back, plain(value))


def test_packed__keeps_every_bit_whatever_the_order_of_the_bytes():
    odd = np.frombuffer(bytes.fromhex("010000000000f07f 0000000000000080 0100000000000000"), "<f8")
    assert decode(packed(plain(odd))).tobytes() == odd.astype(float).tobytes()
    assert packed(plain(np.array([[258]], ">u2"))) == {"bytes": "AgE=", "dtype": "uint16", "shape": [1, 1]}
    back = decode(packed(np.arange(6).reshape(2, 3).T))
    assert back.tolist() == [[0, 3], [1, 4], [2, 5]]
    back[0, 0] = 9  # a student's function may write into its input


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 2**200, "", "≤ 你好", ()])
def test_decode__keeps_what_json_has_no_word_for(value):
    back = through_json(value)
    assert identical(back, value)
    assert not isinstance(value, float) or math.copysign(1, back) == math.copysign(1, value)


def test_encode__can_be_read_by_a_person():
    assert encode([1, 2.5, True, None]) == [1, 2.5, True, None]
    assert encode(np.array([[1, 2], [3, 4]])) == {
        "array": [[1, 2], [3, 4]],
        "dtype": "int64",
        "shape": [2, 2],
    }
    assert encode((1.0, math.nan)) == {"tuple": [1.0, {"float": "nan"}]}
    assert encode(np.float32(0.5)) == {"scalar": 0.5, "dtype": "float32"}


def test_plain__an_array_is_a_copy_in_native_order():
    swapped = np.arange(4, dtype=">i4")
    copy = plain(swapped[::2])
    copy[0] = 9
    assert swapped[0] == 0
    assert copy.dtype == np.dtype("int32")
    assert copy.flags.c_contiguous


def test_plain__subclasses_become_what_they_extend():
    Point = collections.namedtuple("Point", "x y")
    assert plain(collections.Counter("aab")) == {"a": 2, "b": 1}
    assert type(plain(collections.Counter("a"))) is dict
    assert type(plain(Point(1, 2))) is tuple


class Liar(list):
    def __eq__(self, other):
        return True

    def __iter__(self):
        return iter([1, 2, 3])

    def __len__(self):
        return 3

    __hash__ = None


def test_plain__a_list_that_lies_is_read_past_its_own_methods():
    assert plain(Liar([7])) == [7]
    assert type(plain(Liar())) is list


def endless():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (object(), "type"),
        ({1, 2}, "type"),
        (range(3), "type"),
        ((n for n in [1]), "type"),
        (len, "type"),
        (1j, "type"),
        (np.ones((1, 1)).view(np.matrix), "type"),
        (np.ma.array([1], mask=[True]), "type"),
        (np.array([object()]), "dtype"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "dtype"),
        (np.array([1j]), "dtype"),
        ({1: 2}, "keys"),
        (endless(), "depth"),
        (np.zeros(MAX_ITEMS + 1), "size"),
        ([0] * (MAX_ITEMS + 1), "size"),
        ("x" * 200_000, "size"),
        (1 << 5000, "size"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 9 else type(value).__name__,
)
def test_plain__refuses_everything_else(value, why):
    with pytest.raises(NotPlain) as caught:
        plain([value])
    assert caught.value.why == why


@pytest.mark.parametrize(
    "data",
    [
        {"array": [1, 2], "dtype": "object", "shape": [2]},
        {"array": [1, 2], "dtype": "int64", "shape": [3]},
        {"array": [[1], [1, 2]], "dtype": "int64", "shape": [2, 2]},
        {"array": [], "dtype": "int64", "shape": [10**9, 10**9]},
        {"array": [], "dtype": "int64", "shape": [-1]},
        {"array": ["x"], "dtype": "int64", "shape": [1]},
        {"array": [300], "dtype": "uint8", "shape": [1]},
        {"scalar": "x", "dtype": "int64"},
        {"scalar": 1, "dtype": "datetime64"},
        {"bytes": "AAAAAAAAAAA=", "dtype": "int64", "shape": [2]},
        {"bytes": "AAAAAAAAAAA", "dtype": "int64", "shape": [1]},
        {"bytes": "AAAAAAAAAAA=", "dtype": "int64", "shape": [1.0]},
        {"bytes": "AgE=", "dtype": "bool", "shape": [2]},
        {"bytes": "AAAAAAAAAAA=", "dtype": "object", "shape": [1]},
        {"bytes": "AAAAAAAAAAA=", "dtype": "str", "shape": [1]},
        {"bytes": "\u4f60", "dtype": "int8", "shape": [1]},
        {"bytes": [0], "dtype": "int8", "shape": [1]},
        {"bytes": "", "dtype": "int64", "shape": [10**9, 10**9]},
        {"bytes": "", "dtype": "int64", "shape": [0], "more": 1},
        {"float": "1e5"},
        {"tuple": 3},
        {"dict": [1]},
        {"pickle": "gASVAAAA"},
        {"tuple": [1], "dict": {}, "more": 1, "float": "x"},
    ],
    ids=str,
)
def test_decode__refuses_damaged_data(data):
    with pytest.raises(NotPlain):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        {"array": [], "dtype": "float64", "shape": [10**1200] * 2000},
        {"array": [], "dtype": "float64", "shape": [0] * 100_000},
        {"array": ["x" * 90_000] + [""] * 90_000, "dtype": "str", "shape": [90_001]},
        {"array": ["x" * 90_000] + [""] * 90_000, "dtype": "str", "shape": [1]},
        {"scalar": "x" * 2_000_000, "dtype": "str"},
        {"scalar": [[1]] * 100_000, "dtype": "int64"},
    ],
    ids=["sides", "axes", "width", "width behind a small shape", "text", "not one number"],
)
def test_decode__a_small_text_cannot_ask_for_much_time_or_room(data):
    """Each would take minutes, or gigabytes; a test of its own time would only tell of the machine."""
    with pytest.raises(NotPlain):
        decode(data)


def test_plain__an_array_of_text_is_bounded_by_its_letters():
    wide = np.lib.stride_tricks.as_strided(np.array(["x" * 1000]), (20_000,), (0,))
    with pytest.raises(NotPlain) as caught:
        plain(wide)
    assert caught.value.why == "size"


def test_decode__refuses_what_is_too_deep():
    data = 1
    for _ in range(30):
        data = [data]
    with pytest.raises(NotPlain) as caught:
        decode(data)
    assert caught.value.why == "depth"
