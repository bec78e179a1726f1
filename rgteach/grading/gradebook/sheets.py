"""CSV files as learning platforms and spreadsheets write and read them.

Read: UTF-8 with or without a mark, UTF-16 with one, GB18030 (Excel in China), Windows-1252; comma, semicolon
or tab.
Written: UTF-8 with a mark, so that Excel shows Chinese; no cell can be taken for a formula (OWASP, "CSV
Injection": a text that begins with = + - @, a tab or a carriage return gets an apostrophe before it).
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rgteach.errors import LearnerError

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LARGEST = 64 * 2**20


@dataclass(frozen=True)
class Sheet:
    """A table as it was read: its first row, and each other one with the number of its line."""

    path: Path
    encoding: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read(path: Path, encoding: str | None = None) -> Sheet:
    """A CSV file with a header; rows without a text are passed over."""
    try:
        if path.stat().st_size > _LARGEST:
            raise LearnerError("gradebook-table", path=path, detail=f"> {_LARGEST // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise LearnerError("gradebook-table", path=path, detail=error.strerror or error) from None
    text, found = decoded(data, path, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.partition("\n")[0]))
    try:
        rows = [(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader]
    except csv.Error as error:
        raise LearnerError("gradebook-table", path=path, detail=error) from None
    rows = [(line, tuple(map(_plain, row))) for line, row in rows if any(row)]
    if not rows:
        raise LearnerError("gradebook-table-empty", path=path)
    return Sheet(path, found, rows[0][1], tuple(rows[1:]))


def decoded(data: bytes, path: Path, encoding: str | None = None) -> tuple[str, str]:
    """Bytes as text, and the encoding they were in.

    What is no UTF-8 is Chinese if two bytes of it stand together as a character of GB 2312, else Western: an
    accented letter in Windows-1252 is nearly always followed by a plain one.
    """
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    other = "gb18030" if re.search(rb"[\xb0-\xf7][\xa1-\xfe]", data) else "cp1252"
    for name in [encoding] if encoding else [marked or "utf-8", other]:
        try:
            return data.decode(name), name
        except (UnicodeDecodeError, LookupError):
            continue
    raise LearnerError("gradebook-encoding", path=path, tried=encoding or f"utf-8, {other}")


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _plain(cell: str) -> str:
    """A cell without what spreadsheets put around text to keep it text: ="0012", '=x."""
    if found := re.fullmatch(r'="([^"]*)"', cell):
        return found[1]
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def write(path: Path, rows: Iterable[Sequence[object]]) -> int:
    """Write rows, whole or not at all; gives how many."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}.part")
    count = 0
    try:
        with open(waiting, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for row in rows:
                writer.writerow([t if not (t := str(cell)) or t[0].isalnum() else safe(t) for cell in row])
                count += 1
        waiting.replace(path)
    except OSError as error:
        raise LearnerError("gradebook-unwritable", path=path, detail=error.strerror or error) from None
    finally:
        waiting.unlink(missing_ok=True)
    return count


def safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell)
    looks = text.lstrip(" \u00a0\u3000")
    return "'" + text if text.startswith(_FORMULA) or looks.startswith(_FORMULA) else text
