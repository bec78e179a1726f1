"""Open a file that may be anything: a notebook, half of one, a link, a pipe, a web page; never wait for it.

A file that somebody else has laid down is looked at before it is read: only a plain file is opened, never a
link to elsewhere or a pipe that nobody writes to, and of a large one no more than is allowed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rgteach.course.apart import apart

MOST_BYTES = 32 * 1024 * 1024  # of a notebook with many pictures
_FLAGS = ("O_RDONLY", "O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY", "O_NOCTTY")
_SIGNS = ((b"PK\x03\x04", "archive"), (b"\x1f\x8b", "archive"), (b"Rar!", "archive"), (b"%PDF", "document"))

_CHINESE = "gb18030"  # what Chinese Windows calls ANSI


class Refused(Exception):
    """A file of no use.

    `why` is one of: missing, link, folder, special, large, empty, zeros, truncated, not-json, deep, archive,
    document, web-page, not-notebook; `told` are the values of the sentence.
    """

    def __init__(self, why: str, digest: str = "", **told: object):
        super().__init__(why, told)
        self.why, self.digest, self.told = why, digest, told


@dataclass(frozen=True)
class Opened:
    """What a file held: JSON data, a fingerprint of its bytes, and the encoding it was written in."""

    data: object
    digest: str
    encoding: str = "utf-8"


def load(path: Path, most: int = MOST_BYTES) -> Opened:
    """The JSON data in a file.

    Raises
    ------
    Refused
        If it is no plain file, is too large, or holds no JSON.
    """
    raw = contents(path, most)
    digest = hashlib.sha256(raw).hexdigest()
    try:
        return _parsed(raw, digest)
    except Refused as error:
        error.digest = digest
        raise


def contents(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a plain file.

    Raises
    ------
    Refused
        If there is none, or it is a link, a folder, a pipe, a device, or too large.
    """
    try:
        _look(os.lstat(path))
        handle = os.open(path, sum(getattr(os, name, 0) for name in _FLAGS))
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        if getattr(error, "errno", None) == errno.ELOOP:
            raise Refused("link") from None
        raise Refused("missing", reason=getattr(error, "strerror", None) or type(error).__name__) from None
    try:
        size = _look(os.fstat(handle)).st_size  # again: it may have been changed in between
        if size > most:
            raise Refused("large", size=_megabytes(size), most=_megabytes(most))
        return _read(handle, most)
    except OSError as error:
        raise Refused("missing", reason=error.strerror or type(error).__name__) from None
    finally:
        os.close(handle)


def _look(found: os.stat_result) -> os.stat_result:
    if stat.S_ISLNK(found.st_mode):
        raise Refused("link")
    if stat.S_ISDIR(found.st_mode):
        raise Refused("folder")
    if not stat.S_ISREG(found.st_mode):
        raise Refused("special")
    return found


def _read(handle: int, most: int) -> bytes:
    parts, left = [], most + 1
    while left and (part := os.read(handle, min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    if not left:  # it grew while it was read
        raise Refused("large", size=_megabytes(most + 1), most=_megabytes(most))
    return b"".join(parts)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"


def _parsed(raw: bytes, digest: str) -> Opened:
    _refuse_other_kinds(raw)
    failed: Refused | None = None
    for encoding, text in _texts(raw):
        try:
            return Opened(_data(text), digest, encoding)
        except json.JSONDecodeError as error:
            failed = failed or (_broken_letter(raw) if encoding == _CHINESE else _as_refused(error, text))
        except RecursionError:
            raise Refused("deep") from None
        except (ValueError, MemoryError):  # a number of thousands of digits
            failed = failed or Refused("not-json", line="?", column="?")
    raise failed or _broken_letter(raw)


def _data(text: str) -> object:
    try:
        rest, cells = apart(text)
    except ValueError:  # no notebook; what it is instead, or where it breaks off, is told by the whole
        return json.loads(text)
    return {**rest, "cells": [cell for cell, _ in cells]}


def _refuse_other_kinds(raw: bytes) -> None:
    if not raw.strip():
        raise Refused("empty")
    if not raw.strip(b"\0 \r\n\t"):
        raise Refused("zeros")  # what a full disk or a broken upload leaves
    for sign, kind in _SIGNS:
        if raw.startswith(sign):
            raise Refused(kind)
    if raw[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise Refused("web-page")


def _texts(raw: bytes) -> Iterator[tuple[str, str]]:
    """The file as text, as it should be written and then as some systems write it."""
    found = json.detect_encoding(raw)
    if found.startswith("utf-8"):
        raw = raw.rstrip(b"\0")  # some file systems fill the last block up
    for encoding in dict.fromkeys((found, _CHINESE)):
        try:
            yield encoding.removesuffix("-sig"), raw.decode(encoding)
        except UnicodeDecodeError:
            continue


def _as_refused(error: json.JSONDecodeError, text: str) -> Refused:
    """Cut off, if what is missing is missing at the end."""
    rest = text[error.pos :]
    is_cut = not rest.strip() or error.msg.startswith("Unterminated string")
    why = "truncated" if is_cut and text.lstrip("\ufeff \r\n\t").startswith("{") else "not-json"
    return Refused(why, line=error.lineno, column=error.colno)


def _broken_letter(raw: bytes) -> Refused:
    """Cut off in the middle of a letter, or no text at all."""
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start
        is_cut = at >= len(raw) - 4 and raw.lstrip().startswith(b"{")
        line, column = raw.count(b"\n", 0, at) + 1, at - raw.rfind(b"\n", 0, at)
        return Refused("truncated" if is_cut else "not-json", line=line, column=column)
    return Refused("not-json", line="?", column="?")
