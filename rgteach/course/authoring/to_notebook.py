"""From a page to the notebook in which it can be written."""

from __future__ import annotations

import json
import re

from rgteach.course.authoring import pieces
from rgteach.course.authoring.pieces import Piece

KIND = "authoring"
START = """\
#| role: tools
# en: run me first: cells that only prove an exercise run apart, and what they define is gone when they end
# zh: 请先运行本单元：只用于验证题目的单元会单独运行，其中定义的名字在结束后消失
from rgteach.course.authoring import begin

begin()"""


def notebook(text: str) -> dict:
    """The notebook of a page, as the data of a file.

    Parameters
    ----------
    text : str
        The page.

    Raises
    ------
    AuthoringError
        If the settings of a cell cannot be read.
    """
    found = pieces.split(_plain(text))
    cells = [_cell(piece, last=piece is found[-1]) for piece in found]
    front = sum(piece.kind == "front" for piece in found[:1])
    cells[front:front] = [_made("code", START)]
    for k, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{k:03d}"
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
            "rgteach": {"kind": KIND},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _plain(text: str) -> str:
    """Lines end as they do in our pages."""
    return re.sub("\r\n?", "\n", text.removeprefix("\ufeff"))


def _cell(piece: Piece, last: bool) -> dict:
    """A cell; where the page is written otherwise than we would write it, it remembers how."""
    kind = {"front": "raw"}.get(piece.kind, piece.kind)
    made = _made(kind, pieces.source(piece))
    ours = pieces.written(_as_read_back(piece))
    if piece.text != (ours[:-1] if last else ours):
        made["metadata"]["rgteach"] = {"page": piece.text}
    return made


def _as_read_back(piece: Piece) -> Piece:
    """The piece with its settings as they would be written from the cell."""
    if piece.kind != "markdown":
        return piece
    return Piece("markdown", json.dumps(pieces.settings(piece), ensure_ascii=False), piece.body)


def _made(kind: str, source: str) -> dict:
    cell = {"cell_type": kind, "id": "", "metadata": {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def text(data: dict) -> str:
    """A notebook as the text of a file."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
