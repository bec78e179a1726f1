"""From a notebook to its page: marks become settings, and cells without a mark get a role that fits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from rgteach.course.authoring import marks, pieces
from rgteach.course.authoring.marks import TOOLS, AuthoringError
from rgteach.course.authoring.pieces import Piece

_BUILT = ("lesson", "exercise", "solution")
_CODE = re.compile(r"```.*?```|`[^`]*`|\$[^$]*\$|\{\{.*?\}\}", re.DOTALL)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Made:
    """The page, and on which of its lines each cell begins: (line, number of the cell, its first words)."""

    text: str
    places: tuple[tuple[int, int, str], ...] = ()

    def cell_at(self, line: int) -> tuple[int, str] | None:
        """The number and the first words of the cell that a line of the page belongs to."""
        found = [(number, words) for start, number, words in self.places if start <= line]
        return found[-1] if found else None


@dataclass(frozen=True)
class _Cell:
    """A cell of the notebook, its number counted from 1, and what it becomes."""

    number: int
    source: str
    piece: Piece
    options: dict = field(default_factory=dict)
    remembered: str = ""


def page(data: Mapping) -> Made:
    """The page that a notebook holds.

    Raises
    ------
    AuthoringError
        With the number of the cell, and what to do.
    """
    found = [_checked(cell) for cell in _with_roles(list(_cells(data)))]
    if not found or found[0].piece.kind != "front":
        raise AuthoringError("authoring-no-front")
    parts, places, line = [], [], 1
    for cell in found:
        words = next((w.strip() for w in cell.piece.body.split("\n") if w.strip()), "")
        places.append((line, cell.number, words[:60]))
        parts.append(cell.remembered or pieces.written(cell.piece))
        if not parts[-1].endswith("\n") and cell is not found[-1]:
            parts[-1] += "\n"
        line += parts[-1].count("\n")
    if not found[-1].remembered:
        parts[-1] = parts[-1][:-1]
    return Made("".join(parts), tuple(places))


def _cells(data: Mapping) -> Iterator[_Cell]:
    try:
        kind = data.get("metadata", {}).get("rgteach", {}).get("kind")
        raw = [(str(cell["cell_type"]), _text(cell["source"]), cell) for cell in data["cells"]]
    except (KeyError, TypeError, AttributeError):
        raise AuthoringError("authoring-not-notebook") from None
    if kind in _BUILT:
        raise AuthoringError("authoring-built", kind=kind)
    for number, (kind, source, cell) in enumerate(raw, 1):
        try:
            made = _cell(number, kind, source, cell)
        except AuthoringError as error:
            raise _at(number, source, error) from None
        if made:
            yield made


def _text(source: object) -> str:
    joined = source if isinstance(source, str) else "".join(source)
    return re.sub("\r\n?", "\n", joined)


def _at(number: int, source: str, error: AuthoringError) -> AuthoringError:
    """The same error, with the place where it happened."""
    words = next((line.strip() for line in source.split("\n") if line.strip()), "")
    error.cell = number, words[:60]
    return error


def _cell(number: int, kind: str, source: str, cell: Mapping) -> _Cell | None:
    """What a cell becomes, None for one that does not belong to the page."""
    about = cell.get("metadata", {}).get("rgteach") or {}
    given = {name: value for name, value in about.items() if name != "page"}
    if cell.get("attachments"):
        raise AuthoringError("authoring-attachment", names=", ".join(cell["attachments"]))
    if source != "\n".join(source.splitlines()) + "\n" * source.endswith("\n"):
        raise AuthoringError("authoring-odd-line")
    if kind == "raw":
        piece, options = _front(number, source), {}
    elif kind == "markdown":
        piece, options = _markdown(source, given)
    else:
        piece, options = _code(source, given, cell.get("metadata", {}).get("tags") or [])
    if options.get("role") == TOOLS or (kind != "raw" and not piece.body.strip()):
        return None
    return _Cell(number, source, piece, options, _remembered(about.get("page"), kind, source, piece))


def _front(number: int, source: str) -> Piece:
    lines = source.strip().split("\n")
    whole = len(lines) > 2 and lines[0].rstrip() == "---" and lines[-1].rstrip() == "---"
    if number != 1 or not (whole or not source.strip()):
        raise AuthoringError("authoring-raw-cell")
    return Piece("front", "", source.strip("\n"))


def _markdown(source: str, given: dict) -> tuple[Piece, dict]:
    first, _, rest = source.lstrip("\n").partition("\n")
    options = marks.read_comment(first)
    body = source if options is None else rest
    options = given if options is None else options
    return Piece("markdown", "", body.rstrip().lstrip("\n")), options


def _code(source: str, given: dict, tags: list) -> tuple[Piece, dict]:
    lines, body = marks.unmarked(source)
    head, options = marks.read_header(lines) if lines else (marks.header(given), given)
    new = [tag for tag in tags if tag not in options.get("tags", [])]
    if new:
        options = {**options, "tags": [*options.get("tags", []), *new]}
        head = marks.header(options)
    return Piece("code", head, body), options


def _remembered(text: object, kind: str, source: str, piece: Piece) -> str:
    """How the page had this cell, where the cell has not been changed since."""
    if not isinstance(text, str):
        return ""
    try:
        again = pieces.split(text)
        unchanged = [pieces.source(one) for one in again] == [source]
    except AuthoringError:
        return ""
    return text if unchanged and (kind != "code" or again[0].head == piece.head) else ""


def _with_roles(cells: list[_Cell]) -> Iterator[_Cell]:
    """Texts get what their marks leave out: the language from the letters, the role from the twin before."""
    before: _Cell | None = None
    for cell in cells:
        if cell.piece.kind == "markdown":
            cell = _with_role(cell, before)
        before = cell
        yield cell


def _with_role(cell: _Cell, before: _Cell | None) -> _Cell:
    options = dict(cell.options)
    lang = options.get("lang") or language_of(cell.piece.body)
    if not options and lang == "zh" and before and before.options.get("lang") == "en":
        options = dict(before.options)  # the twin of the text before it
    options = {"role": "prose", **options, "lang": lang}
    head = json.dumps(options, ensure_ascii=False)
    kept = cell.remembered if options == cell.options else ""
    return replace(cell, piece=replace(cell.piece, head=head), options=options, remembered=kept)


def language_of(text: str) -> str:
    """The language that a text is written in, code and formulas aside."""
    words = _CODE.sub("", text)
    return "zh" if len(_HAN.findall(words)) > len(_WORD.findall(words)) else "en"


def _checked(cell: _Cell) -> _Cell:
    """Refuse a cell whose text would be read as something else on the page, or would swallow what follows."""
    if cell.piece.kind == "front" or cell.remembered:
        return cell
    back = [(one.kind, one.body) for one in pieces.stands_alone(pieces.written(cell.piece))]
    if back != [(cell.piece.kind, cell.piece.body)]:
        raise _at(cell.number, cell.source, AuthoringError("authoring-breaks"))
    return cell
