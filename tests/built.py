"""The built notebooks, and what a browser makes of the HTML and the Markdown in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from rgteach.wording import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("notebooks", "exercises", "solutions")


def notebooks(*folders: str) -> list[Path]:
    """Every built notebook of these folders, by default of all."""
    return sorted(
        path
        for folder in folders or FOLDERS
        for lang in LANGUAGES
        for path in (ROOT / folder / lang).glob("[0-9]*.ipynb")
    )


def short(path: Path) -> str:
    """How a test calls a notebook: folder, language and lab."""
    return "/".join(path.parts[-3:]).removesuffix(".ipynb")


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def outputs(path: Path) -> Iterator[dict]:
    """Every output of a notebook that holds data."""
    for cell in cells(path):
        yield from (output for output in cell.get("outputs", []) if "data" in output)


def markdown(text: str) -> str:
    """Markdown as HTML, tables included."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table").render(text)


def pieces(path: Path) -> list[str]:
    """The texts and the HTML outputs of a notebook, as HTML and in order."""
    found = []
    for cell in cells(path):
        if cell["cell_type"] == "markdown":
            found.append(markdown("".join(cell["source"])))
        for output in cell.get("outputs", []):
            found.append("".join(output.get("data", {}).get("text/html", "")))
    return [piece for piece in found if piece]


class Elements(HTMLParser):
    """The elements of a piece of HTML with their attributes, and what stands in its style sheets."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.sheets, self._open = "", ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self._open = tag
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        if self._open == "style":
            self.sheets += data

    def handle_endtag(self, tag):
        self._open = ""


def elements(text: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a piece of HTML."""
    return Elements(text).found
