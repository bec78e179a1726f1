"""How an open exercise is marked: the lines of its rubric, as students were given them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rgteach.course.places import course_home

_ROW = re.compile(r"^\|\s*(\d+(?:\.\d+)?)\s*\|(.*?)\|?\s*$")


@dataclass(frozen=True)
class Line:
    """So many points for this."""

    points: float
    told: str  # Markdown


@dataclass(frozen=True)
class Rubric:
    """An open exercise: its title, what it asks (Markdown), and the lines by which it is marked."""

    exercise: str
    title: str = ""
    asked: str = ""
    told: str = ""  # the rubric as it stands, where it could not be read line by line
    lines: tuple[Line, ...] = ()

    @property
    def points(self) -> float:
        """All that can be earned."""
        return sum(line.points for line in self.lines)

    def worth(self, points: float) -> Rubric:
        """The rubric for so many points: one line for all where its own do not add up to them."""
        if self.lines and math.isclose(self.points, points):
            return self
        return Rubric(self.exercise, self.title, self.asked, self.told, (Line(points, ""),))


def find(lab: str, lang: str, root: Path | None = None) -> Mapping[str, Rubric]:
    """The rubrics of a lab by exercise; none where there is no such lab."""
    return _find(lab, lang, Path(root or course_home()))


@lru_cache(maxsize=64)
def _find(lab: str, lang: str, root: Path) -> Mapping[str, Rubric]:
    if not re.fullmatch(r"\d\d", lab):
        return {}
    for file in sorted((root / "exercises" / lang).glob(f"{lab}_*.ipynb")):
        try:
            return read(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return {}


def read(released: Mapping) -> Mapping[str, Rubric]:
    """The rubrics in a released notebook."""
    texts: dict[str, dict[str, str]] = {}
    for cell in released["cells"]:
        about = cell.get("metadata", {}).get("rgteach", {})
        if about.get("role") in ("think", "rubric"):
            source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            texts.setdefault(about["exercise"], {})[about["role"]] = source
    return {name: _rubric(name, found) for name, found in texts.items()}


def _rubric(name: str, found: Mapping[str, str]) -> Rubric:
    asked, told = found.get("think", ""), found.get("rubric", "")
    heading = re.search(r"^#+\s*(.+)$", asked, re.MULTILINE)
    body = asked.replace(heading[0], "", 1).strip() if heading else asked.strip()
    rows = (_ROW.match(row.strip()) for row in told.split("\n"))
    lines = tuple(Line(float(row[1]), row[2].strip()) for row in rows if row)
    return Rubric(name, heading[1].strip() if heading else name, body, told, lines)
