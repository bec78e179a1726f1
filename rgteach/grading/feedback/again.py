"""What to read again: the lesson of an exercise, the section its hints name, and the hints themselves.

All of it is public: it comes from the lab's key and from the lesson that students have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rgteach.course import keys
from rgteach.course.places import course_home

_QUOTED = re.compile(r"[\"“”「]([^\"“”「」]{2,80})[\"“”」]")


@dataclass(frozen=True)
class Again:
    """Where an exercise is explained, and its hints, in one language."""

    title: str = ""
    lab: str = ""  # title of the exercises
    lesson: str = ""
    section: str = ""
    hints: tuple[str, ...] = ()


def find(lab: str, lang: str, root: Path | None = None) -> Mapping[str, Again]:
    """What to read again for each exercise of a lab; nothing where there is no such lab."""
    return _find(lab, lang, Path(root or course_home()))


@lru_cache(maxsize=64)
def _find(lab: str, lang: str, root: Path) -> Mapping[str, Again]:
    if not re.fullmatch(r"\d\d", lab):
        return {}
    for file in sorted((root / "exercises" / "keys").glob(f"{lab}_*.json")):
        try:
            found = keys.read(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        title, headings = _lesson(root / "notebooks" / lang / f"{file.stem}.ipynb")
        return {key.id: _again(key, lang, title, headings) for key in found}
    return {}


def _again(key: keys.Key, lang: str, lesson: str, headings: tuple[str, ...]) -> Again:
    hints = tuple(key.hints.get(lang, ()))
    named = [heading for hint in hints for heading in _QUOTED.findall(hint) if heading in headings]
    section = named[0] if named else ""
    return Again(key.title.get(lang, key.id), key.lab_title.get(lang, ""), lesson, section, hints)


def _lesson(file: Path) -> tuple[str, tuple[str, ...]]:
    """The title of a lesson and the headings in it."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        texts = ["".join(c["source"]) for c in data["cells"] if c["cell_type"] == "markdown"]
        title = str(data["metadata"]["rgteach"]["title"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", ()
    lines = [line for text in texts for line in text.split("\n")]
    return title, tuple(line.lstrip("#").strip() for line in lines if line.startswith("#"))
