"""Ways to read what was handed in that trust it: what a naive grader does before and after any code runs."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

MUCH = 20_000_000  # bytes
_READ = "import sys; print(len(open(sys.argv[1], 'rb').read(int(sys.argv[2]))))"


def reads(path: Path, seconds: float = 1.0) -> int | None:
    """How many bytes a file gives, up to MUCH; None where it keeps its reader waiting."""
    words = [sys.executable, "-S", "-c", _READ, str(path), str(MUCH)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    return int(done.stdout or -1)


def falls_over(path: Path) -> bool:
    """Whether a reader that expects JSON, or a text that is none, meets something else."""
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return False
    except (RecursionError, ValueError, OSError):
        return True
    return False


def points_it_says(data: dict) -> float:
    """Points as the cells themselves state them, for checks whose kept output says that all is right."""
    return sum(
        cell["metadata"].get("nbgrader", {}).get("points", 0)
        for cell in data["cells"]
        if any("right" in "".join(o.get("text", "")) for o in cell.get("outputs", []))
    )


def runs_through(data: dict) -> bool:
    """Whether a notebook runs without an error, its own checks included; tags are obeyed."""

    class Course:
        @staticmethod
        def check(name: str) -> None:
            raise AssertionError(f"{name} is wrong")

        answer = race = staticmethod(lambda *words: None)

    names: dict = {"rg": Course, "np": np}
    for cell in data["cells"]:
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] != "code" or "skip-execution" in tags or "import" in cell["source"]:
            continue
        try:
            exec("".join(cell["source"]), names)
        except Exception:
            if "raises-exception" not in tags:
                return False
    return True


def student(path: Path) -> str:
    """Who handed a file in, as the file says itself."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return data["metadata"].get("student") or path.stem


def feedback(out: Path, path: Path, text: str = "") -> Path:
    """A page where the notebook says that it belongs, with everything in it as it came."""
    data = json.loads(path.read_text(encoding="utf-8"))
    lab = data["metadata"]["rgteach"].get("lab", "00")
    place = out / student(path) / f"{lab}.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(page(student(path), text), encoding="utf-8")
    return place


def page(name: str, text: str) -> str:
    """A page as one puts it together on a first evening."""
    return f"<html><body><h1>{name}</h1><p>{text}</p></body></html>"


def row(name: str, points: float) -> str:
    """A line of a table that a spreadsheet will open."""
    out = io.StringIO()
    csv.writer(out).writerow([name, points])
    return out.getvalue()


class Live(HTMLParser):
    """Collects what would run in a page: scripts, handlers, links that are programs, things from outside."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            value = (value or "").strip().lower()
            outside = name in ("src", "href", "data", "action") and not value.startswith(("#", "data:image/"))
            if name.startswith("on") or outside or "javascript:" in value:
                self.found.append(f"<{tag} {name}={value[:40]}>")
        if tag in ("script", "iframe", "object", "embed", "base", "form", "img", "svg"):
            self.found.append(f"<{tag}>")


def formulas(text: str) -> list[str]:
    """Cells of a table that a spreadsheet would compute."""
    found = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    return [cell for cell in found if cell.lstrip()[:1] in tuple("=+-@\t\r") and not _number(cell)]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
