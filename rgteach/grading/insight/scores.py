"""From a folder of scores to the page in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.grading.insight.classroom import Handing, Mark, mark
from rgteach.grading.insight.labels import known_keys
from rgteach.grading.insight.page import page
from rgteach.grading.model import Graded, from_data
from rgteach.grading.whole import replacing
from rgteach.grading.write import JSON as NAME
from rgteach.grading.write import lines
from rgteach.waste import no_search_for_waste


@dataclass
class Scores:
    """Everything that was graded; which submissions count, and when they were handed in."""

    graded: list[Graded] = field(default_factory=list)
    known: dict[Mark, Handing] = field(default_factory=dict)


def read(folder: Path) -> Scores:
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
    found = Scores()
    with no_search_for_waste():
        for file in files:
            _load(file, found)
    return found


def _load(file: Path, into: Scores) -> None:
    seen: set[tuple[str, str]] = set()
    try:
        for data in lines(file):
            one = from_data(_slim(data, seen))
            into.graded.append(one)
            into.known[mark(one)] = Handing(bool(data.get("counts")), str(data.get("handed_in") or ""))
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, LearnerError):
            raise
        reason = f"{type(error).__name__}: {error}"[:200]
        raise LearnerError("scores-damaged", path=file, reason=reason) from error


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
    found = read(folder)
    with no_search_for_waste():
        text = page(found.graded, known_keys(root), labs=labs, names=names, known=found.known)
    place = Path(out) if out else (folder.parent if folder.is_file() else folder) / "insight.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place) as file:
        file.write(text.encode("utf-8", "replace"))
    return place
