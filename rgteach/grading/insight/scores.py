"""From a folder of scores to the page in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.grading.insight.labels import known_keys
from rgteach.grading.insight.page import page
from rgteach.grading.model import FORMAT, Graded, from_data

NAME = "scores.json"


def read(folder: Path) -> list[Graded]:
    """Everything that was graded into a folder, or into the folders in it.

    Raises
    ------
    LearnerError
        If there is none, or a file is damaged.
    """
    folder = Path(folder)
    files = [folder] if folder.is_file() else [folder / NAME]
    files = [file for file in files if file.is_file()] or sorted(folder.glob(f"*/{NAME}"))
    if not files:
        raise LearnerError("insight-no-scores", folder=folder)
    return [one for file in files for one in _load(file)]


def _load(file: Path) -> list[Graded]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        seen: set[tuple[str, str]] = set()
        return [from_data(_slim(item, seen)) for item in data["graded"]]
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise LearnerError("insight-damaged", path=file, reason=reason) from error


def _slim(item: dict, seen: set[tuple[str, str]]) -> dict:
    """Without the cards, most of a large file; one is kept for each mistake, for the sentence on it."""
    for grade in item["exercises"]:
        told = grade["exercise"], grade["mistake"]
        if told in seen or not told[1]:
            grade["card"] = None
        seen.add(told)
    return item


def write(
    folder: Path,
    out: Path | None = None,
    *,
    labs: Sequence[str] | None = None,
    names: bool = False,
    root: Path | None = None,
) -> Path:
    """Make the page about the class whose scores lie in a folder; returns where it was written."""
    folder = Path(folder)
    graded = read(folder)
    text = page(graded, known_keys(root), labs=labs, names=names)
    place = Path(out) if out else (folder.parent if folder.is_file() else folder) / "insight.html"
    _replace(place, text)
    return place


def _replace(place: Path, text: str) -> None:
    """Write the whole file or nothing."""
    place.parent.mkdir(parents=True, exist_ok=True)
    waiting = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        waiting.write_text(text, encoding="utf-8", newline="\n")
        os.replace(waiting, place)
    finally:
        waiting.unlink(missing_ok=True)
