"""What goes over a socket between the grader and a student's process: a length, then JSON.

    4 bytes, big endian: n        n bytes: JSON in UTF-8

Whoever reads bounds everything before it is made into objects: the length before the text is read, depth and
number of parts before it is parsed.  Only what JSON itself knows comes out: no NaN, no endless number, no
half of a surrogate pair, which nobody could write to a file later.
"""

from __future__ import annotations

import json
import math
import re
import socket
import struct

MAX_DEPTH = 64
MAX_PARTS = 2_000_000
HEAD = struct.Struct(">I")
# none of these looks twice at the same bytes, or a small frame could keep its reader busy for hours: a text
# that does not end is one too, and digits are counted from where they begin
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
# looked for where each digit is written 0, in a text that this makes of a frame: such a search is quick
_FORM = bytes.maketrans(b"123456789E", b"000000000e")
_ENDLESS = b"0" * 1300  # more digits than an int of 4096 bits has
_LARGE = (b"e000", b"e+000", b"0" * 300)  # may be too large for a float
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Garbage(ValueError):
    """Bytes that no honest step sends."""


class Flood(ValueError):
    """More than may be sent."""


def pack(data: object) -> bytes:
    """A frame with this JSON data.

    Raises
    ------
    TypeError, ValueError, RecursionError
        If it is not JSON: an unknown type, NaN, a circle.
    """
    raw = _WRITER.encode(data).encode(
        "utf-8", "replace"
    )  # half a surrogate pair, from an odd file name, becomes "?"
    return HEAD.pack(len(raw)) + raw


def parse(raw: bytes) -> object:
    """The data of one frame.

    Raises
    ------
    Garbage
        If it is not JSON, or deeper or of more parts than anything honest.
    """
    form = raw.translate(_FORM)
    _bounded(raw, form)
    try:
        reader = _CAREFUL if any(large in form for large in _LARGE) else _READER
        data = reader.decode(raw.decode("utf-8"))
        if _SURROGATE.search(raw):
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:  # JSON and Unicode errors are ValueErrors
        raise Garbage(type(error).__name__) from None
    return data


def _bounded(raw: bytes, form: bytes) -> None:
    if _ENDLESS in form:
        raise Garbage("digits")
    opened = raw.count(b"[") + raw.count(b"{")
    if opened + raw.count(b",") > MAX_PARTS:
        raise Garbage("parts")
    if opened <= MAX_DEPTH:  # nearly always: no deeper than there are brackets
        return
    left = _TEXT.sub(b"", raw).translate(None, _NOT_BRACKETS)
    for _ in range(MAX_DEPTH):  # each round takes away the innermost pairs
        if not left:
            return
        before, left = len(left), left.replace(b"[]", b"").replace(b"{}", b"")
        if len(left) == before:
            break
    if left:
        raise Garbage("depth")


def _refuse(word: str) -> None:
    raise ValueError(word)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text[:20])
    return number


_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_READER = json.JSONDecoder(parse_constant=_refuse)
_CAREFUL = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)


class Inbox:
    """Takes bytes as they come and gives whole frames.

    Parameters
    ----------
    most : bytes that one frame may have
    """

    def __init__(self, most: int):
        self.most = most
        self._raw = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take what was read from the socket."""
        self._raw += chunk
        self._length()

    def take(self) -> bytes | None:
        """The next frame's bytes, for `parse`; None until they are all there.

        Raises
        ------
        Flood
        """
        length = self._length()
        if length is None or len(self._raw) < HEAD.size + length:
            return None
        raw = bytes(self._raw[HEAD.size : HEAD.size + length])
        del self._raw[: HEAD.size + length]
        return raw

    def _length(self) -> int | None:
        if len(self._raw) < HEAD.size:
            return None
        (length,) = HEAD.unpack_from(self._raw)
        if length > self.most:
            raise Flood(str(length))
        return length


def send(sock: socket.socket, data: object) -> None:
    """Send one frame over a socket that waits."""
    sock.sendall(pack(data))


def receive(sock: socket.socket, most: int = 2**32) -> object | None:
    """Wait for one frame; None when the other side has gone.

    Reads not a byte more, so that what follows, a passed socket say, is left for the next reader.
    """
    head = exactly(sock, HEAD.size)
    if head is None:
        return None
    (length,) = HEAD.unpack(head)
    if length > most:
        raise Flood(str(length))
    raw = exactly(sock, length)
    return None if raw is None else json.loads(raw)


def exactly(sock: socket.socket, count: int) -> bytes | None:
    """Wait for so many bytes; None when the other side has gone before."""
    raw = bytearray()
    while len(raw) < count:
        chunk = sock.recv(min(count - len(raw), 1 << 20))
        if not chunk:
            return None
        raw += chunk
    return bytes(raw)
