"""A page of the course, read quickly: what was found in it is kept beside its digest.

The library that reads pages takes seconds to load, more than all else that grading needs.  So the cells
of a page are kept as plain JSON in the user's folder for such things, under a name made from every byte they
hang on: the page, and the code that reads it.  A folder that cannot be written only costs these seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path

from rgteach.course import model, rules, source, terms
from rgteach.course import page as pages
from rgteach.course.model import Cell, Page

KEPT = 4  # editions of each page


def read(path: Path) -> Page:
    """The page, as `course.page.read` gives it.

    Raises
    ------
    PageError
        If it cannot be read or is no good page.
    """
    try:
        text = path.read_bytes()
    except OSError:
        return pages.read(path)  # which says what is wrong
    kept = folder() / f"{path.stem}-{_digest(text)}.json"
    try:
        return _page(path, json.loads(kept.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        page = pages.read(path)
        _keep(kept, page)
        return page


def edition(path: Path) -> str:
    """A fingerprint of a page."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def folder() -> Path:
    """Where pages are kept that have been read."""
    import platformdirs

    return platformdirs.user_cache_path("rgteach") / "pages"


def _digest(text: bytes) -> str:
    return hashlib.sha256(_reader() + text).hexdigest()[:32]


@cache
def _reader() -> bytes:
    """What reads a page, so that nothing older than it is believed."""
    return b"".join(Path(module.__file__).read_bytes() for module in (pages, model, rules, terms, source))


def _page(path: Path, data: dict) -> Page:
    cells = tuple(Cell(**cell) for cell in data["cells"])
    if not cells:
        raise ValueError("cells")
    return Page(**{**data, "path": path, "cells": cells, "forbids": tuple(data["forbids"])})


def _keep(file: Path, page: Page) -> None:
    """Keep a page for the next time, and of the older editions only the last few."""
    try:
        text = json.dumps({**asdict(page), "path": page.path.name}, ensure_ascii=False)
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            written.write(text)
        os.replace(name, file)
        old = sorted(file.parent.glob(f"{page.path.stem}-*.json"), key=lambda f: f.stat().st_mtime)
        for edition in old[:-KEPT]:
            edition.unlink(missing_ok=True)
    except (OSError, TypeError, ValueError):  # nowhere to write, or an option that is no JSON
        return
