"""A page cut into pieces, each with the very text it stands as: put together they are the page again.

The cuts are where jupytext makes them, whose parser is asked, so that pieces and cells cannot differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rgteach.course.authoring import marks
from rgteach.course.authoring.marks import AuthoringError

_DASHES = re.compile(r"^-{3,}", re.MULTILINE)


@dataclass(frozen=True)
class Piece:
    """One piece: `head` is JSON for Markdown, YAML for code; `text` is how it stands on the page."""

    kind: str  # front, markdown, code, raw
    head: str
    body: str
    text: str = ""


def split(text: str) -> list[Piece]:
    """The pieces of a page."""
    from jupytext.myst import get_parser

    tokens = get_parser().parse(text + "\n")
    lines = text.split("\n")
    found: list[Piece] = []
    start = 0
    if tokens and tokens[0].type == "front_matter":
        start = tokens.pop(0).map[1]
        found.append(_front(lines[:start], len(lines) > start))
    level, head = 0, None
    for token in tokens:
        level += token.nesting
        if level != 0:
            continue
        is_code = token.type == "fence" and token.info.startswith(("{code-cell}", "{raw-cell}"))
        if is_code or token.type == "myst_block_break":
            _markdown(found, lines, start, token.map[0], head)
            start, head = token.map[0], token.content if not is_code else None
        if is_code:
            start = token.map[1]
            kind = "code" if token.info.startswith("{code") else "raw"
            found.append(_fenced(kind, token.content, _span(lines, token.map[0], start)))
    _markdown(found, lines, start, len(lines), head)
    return found


def _span(lines: list[str], start: int, end: int) -> str:
    """Lines as they stand in the text, with the line breaks behind them."""
    return "\n".join(lines[start:end]) + ("\n" if start < end < len(lines) else "")


def _front(lines: list[str], more: bool) -> Piece:
    text = "\n".join(lines)
    return Piece("front", "", text, text + ("\n" if more else ""))


def _markdown(found: list[Piece], lines: list[str], start: int, end: int, head: str | None) -> None:
    """Add the text between two cuts; where nothing stands, it belongs to the piece before."""
    text = _span(lines, start, end)
    body = text if head is None else text.partition("\n")[2]
    body = body.rstrip().lstrip("\n")
    if body:
        found.append(Piece("markdown", (head or "").strip(), body, text))
    elif text and found:
        last = found[-1]
        found[-1] = Piece(last.kind, last.head, last.body, last.text + text)
    elif text:
        found.append(Piece("front", "", "", text))


def _fenced(kind: str, content: str, text: str) -> Piece:
    """A code cell: the header, between `---` or behind colons, and the code."""
    head, body = "", content
    if content.startswith("---"):
        rest = content.partition("\n")[2]
        end = _DASHES.search(rest)
        head, body = (rest[: end.start()], rest[end.end() + 1 :]) if end else (rest, "")
        head = head.removesuffix("\n")
    elif content.lstrip().startswith(":"):
        lines = content.split("\n")
        count = next(k for k, line in enumerate([*lines, ""]) if not line.lstrip().startswith(":"))
        head = "\n".join(line.lstrip()[1:] for line in lines[:count])
        body = "\n".join(lines[count:])
    lines = body.split("\n")[:-1] if body.endswith("\n") else body.split("\n")
    if lines and not lines[0].strip():
        lines = lines[1:]
    return Piece(kind, head, "\n".join(lines), text)


def written(piece: Piece) -> str:
    """A piece as we would write it, with one blank line behind it."""
    if piece.kind == "front":
        return f"{piece.body}\n\n" if piece.body else ""
    if piece.kind == "markdown":
        return f"+++ {piece.head}".rstrip() + f"\n\n{piece.body}\n\n"
    fence = _fence(piece.body)
    first = piece.body.split("\n")[0]
    apart = not first.strip() or (not piece.head and (first.startswith("---") or first.lstrip()[:1] == ":"))
    head = f"---\n{piece.head}\n---\n" if piece.head else ""
    return f"{fence}{{{piece.kind}-cell}}\n{head}" + ("\n" if apart else "") + f"{piece.body}\n{fence}\n\n"


def _fence(body: str) -> str:
    """Backticks enough to go around a text."""
    runs = [len(run) for run in re.findall(r"^ {0,3}(`{3,})", body, re.MULTILINE)]
    return "`" * max([3, *(n + 1 for n in runs)])


def source(piece: Piece) -> str:
    """A piece as the source of a notebook's cell.

    Raises
    ------
    AuthoringError
        If its settings cannot be read.
    """
    if piece.kind == "markdown":
        options = _json(piece.head)
        first = piece.body.split("\n", 1)[0]
        mark = marks.comment(options) if options or _looks_marked(first) else ""
        return f"{mark}\n\n{piece.body}" if mark else piece.body
    if piece.kind == "code":
        end = [marks.END] if piece.body.startswith("#|") else []
        return "\n".join([*marks.marked(piece.head), *end, piece.body])
    return piece.body


def _looks_marked(line: str) -> bool:
    try:
        return marks.read_comment(line) is not None
    except AuthoringError:
        return True


def _json(head: str) -> dict:
    try:
        options = json.loads(head) if head else {}
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise AuthoringError("authoring-json", head=head)
    return options


def settings(piece: Piece) -> dict:
    """The settings of a piece."""
    if piece.kind == "markdown":
        return _json(piece.head)
    return marks.read_header(piece.head.split("\n"))[1] if piece.kind == "code" else {}


def stands_alone(text: str) -> Iterator[Piece]:
    """The pieces of the text of one cell, as they are read before another cell follows it."""
    *found, last = split(f"{text}+++ {{}}\n\nnext\n")
    yield from found
    if last.body != "next" or last.kind != "markdown":
        yield last
