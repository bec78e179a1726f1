"""Frames: what honest steps send comes through; what nobody honest sends costs little and is refused."""

import json
import math
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgteach.sandbox import frames
from rgteach.sandbox.frames import Flood, Garbage, Inbox

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(10**300), 10**300) | st.floats(allow_nan=False, allow_infinity=False)
DATA = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def framed(raw: bytes) -> bytes:
    return struct.pack(">I", len(raw)) + raw


def taken(raw: bytes, most: int = 1 << 24):
    box = Inbox(most)
    box.feed(raw)
    whole = box.take()
    return None if whole is None else (frames.parse(whole),)


@given(DATA)
def test_pack__what_goes_in_comes_out(data):
    assert taken(frames.pack(data)) == (data,)


@given(DATA, DATA, st.integers(1, 7))
def test_inbox__takes_frames_in_any_pieces(first, second, size):
    raw = frames.pack(first) + frames.pack(second)
    box, found = Inbox(1 << 20), []
    for start in range(0, len(raw), size):
        box.feed(raw[start : start + size])
        while (whole := box.take()) is not None:
            found.append(frames.parse(whole))
    assert found == [first, second]


@given(st.binary(max_size=200))
def test_parse__any_bytes_are_json_or_garbage(raw):
    try:
        data = frames.parse(raw)
    except Garbage:
        return
    json.dumps(data, allow_nan=False, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b'{"\\uDFFF": 1}',
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b"[-1e400]",
        b"1" * 400 + b".5",
        b"9" * 5000,
        b"9" * 1_000_000,
        b"[" * 65 + b"]" * 65,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"[[" * 500_000,
        b"[" + b"0," * 2_100_000 + b"0]",
        b'"\x00"',
        b"\x80\x04K\x01.",
    ],
    ids=[
        "nothing", "half", "no-utf8", "raw-surrogate", "surrogate", "surrogate-key", "nan", "infinity",
        "minus-infinity", "overflow", "minus-overflow", "long-decimal", "long-int", "huge-int", "deep",
        "very-deep", "open-objects", "open-lists", "many", "control", "pickle",
    ],
)  # fmt: skip
def test_parse__refuses(raw):
    with pytest.raises(Garbage):
        frames.parse(raw)


def test_parse__brackets_in_a_text_are_not_depth():
    text = "[" * 5000 + '"\\' + "}" * 5000
    assert frames.parse(frames.pack([text])[4:]) == [text]


def test_parse__keeps_large_numbers_that_are_numbers():
    assert frames.parse(b"[1e300, -1e-300, 17]") == [1e300, -1e-300, 17]
    assert frames.parse(b"1" * 1200) == int("1" * 1200)


def test_parse__knows_a_pair_of_surrogates():
    assert frames.parse(b'"\\ud83e\\udde0"') == "\N{BRAIN}"


def test_inbox__refuses_a_length_before_the_text_has_come():
    with pytest.raises(Flood):
        taken(struct.pack(">I", 1001), most=1000)
    with pytest.raises(Flood):
        taken(b"\x80\x04\x95\x00 a pickle", most=1000)
    assert taken(framed(b"1"), most=1) == (1,)


@pytest.mark.parametrize(
    "data", [math.nan, math.inf, {1, 2}, object(), b"x"], ids=["nan", "inf", "set", "object", "bytes"]
)
def test_pack__refuses_what_json_does_not_know(data):
    with pytest.raises((TypeError, ValueError)):
        frames.pack(data)


def test_pack__half_a_pair_becomes_a_question_mark():
    assert taken(frames.pack("a\udcff")) == ("a?",)


def test_receive__leaves_what_follows_for_the_next_reader():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        frames.send(theirs, {"a": 1})
        theirs.sendall(b"rest")
        assert frames.receive(ours) == {"a": 1}
        assert ours.recv(10) == b"rest"
        theirs.close()
        assert frames.receive(ours) is None
