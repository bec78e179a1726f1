"""`rgteach import`: a notebook file to a page file, and a page file to a notebook file."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rgteach.course.authoring import to_notebook, to_page
from rgteach.course.authoring.marks import AuthoringError
from rgteach.course.model import Page, PageError
from rgteach.course.page import read

_OTHER = {".ipynb": ".md", ".md": ".ipynb"}


@dataclass(frozen=True)
class Imported:
    """What came of it: where it went, whether anything changed, the page where one was made."""

    place: Path
    changed: bool
    page: Page | None = None


def turn(given: Path, out: Path | None = None, *, overwrite: bool = False) -> Imported:
    """Turn a page into its notebook, or a notebook into its page, beside it unless told otherwise.

    Raises
    ------
    AuthoringError, PageError
        If it cannot be turned; `cell` is then the number and the first words of the cell, where there is one.
    """
    given = Path(given)
    if given.suffix not in _OTHER:
        raise AuthoringError("authoring-suffix", path=given)
    place = Path(out) if out else given.with_suffix(_OTHER[given.suffix])
    if place.suffix != _OTHER[given.suffix]:
        raise AuthoringError("authoring-out", path=place, suffix=_OTHER[given.suffix])
    text = _read(given)
    if given.suffix == ".md":
        made, page = to_notebook.text(to_notebook.notebook(text)), None
    else:
        made, page = _page(given, text, place.name)
    return Imported(place, _write(place, made, overwrite), page)


def _read(given: Path) -> str:
    try:
        return given.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError("authoring-unreadable", path=given, reason=error) from None


def _page(given: Path, text: str, name: str) -> tuple[str, Page]:
    """The page of a notebook, checked by the rules that every page keeps."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AuthoringError("authoring-unreadable", path=given, reason=error) from None
    made = to_page.page(data)
    with tempfile.TemporaryDirectory(prefix="rgteach-") as folder:
        draft = Path(folder) / name
        draft.write_text(made.text, encoding="utf-8", newline="\n")
        try:
            return made.text, read(draft)
        except PageError as error:
            line = error.values.get("line")
            error.cell = made.cell_at(line) if isinstance(line, int) else None
            raise


def _write(place: Path, text: str, overwrite: bool) -> bool:
    """Write the whole file; False where it says the same already."""
    if place.exists():
        if place.read_bytes() == text.encode("utf-8"):
            return False
        if not overwrite:
            raise AuthoringError("authoring-exists", path=place)
    place.parent.mkdir(parents=True, exist_ok=True)
    waiting = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        waiting.write_text(text, encoding="utf-8", newline="\n")
        waiting.replace(place)
    finally:
        waiting.unlink(missing_ok=True)
    return True
