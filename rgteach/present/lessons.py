"""Find a lesson and read it: one of the course by its number or name, or any notebook by its path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rgteach.course.opening import Refused, load
from rgteach.course.places import course_home
from rgteach.doors import nearest
from rgteach.errors import LearnerError
from rgteach.present import markdown
from rgteach.present.kept import Note
from rgteach.wording import LANGUAGES, knows, say

_ASKED = re.compile(r"^\*\*[^*\n]+\*\*.*(?:\n.+)*", re.MULTILINE)  # a paragraph that opens in bold


@dataclass(frozen=True)
class Lesson:
    """A notebook as it was read.

    Attributes
    ----------
    path : Path
        Where it lies.
    title : str
        Its first heading, else its name.
    lang : str
        "en", "zh", or "" where it does not say.
    cells : list of dict
        Text, code and raw cells of the format; source and text as one string each.
    is_own : bool
        Whether it is somebody's own notebook and none of the course.
    """

    path: Path
    title: str
    lang: str
    cells: list[dict] = field(repr=False)
    is_own: bool = False


def names(lang: str) -> list[str]:
    """The lessons of the installed course in a language, such as "02_glcm"."""
    return sorted(path.stem for path in _home(lang).glob("[0-9]*.ipynb"))


def _home(lang: str) -> Path:
    return course_home() / "notebooks" / lang


def looks_like_lesson(what: str) -> bool:
    """Whether a word means a lesson: a path, a number, or the name of one."""
    is_lab = any(what in (name, name.partition("_")[0]) for lang in LANGUAGES for name in names(lang))
    return is_lab or what.endswith(".ipynb") or bool(re.fullmatch(r"\d+(_\w*)?", what))


def find(what: str, lang: str) -> Path:
    """Where a lesson lies: a lab ("2", "02", "02_glcm") of the course, or a path.

    Raises
    ------
    LearnerError
        If the course has no such lab in this language.
    """
    if what.endswith(".ipynb"):
        return Path(what)
    known = names(lang)
    number = what.zfill(2)
    for name in known:
        if what == name or number == name.partition("_")[0]:
            return _home(lang) / f"{name}.ipynb"
    if not known:
        raise LearnerError("workspace-no-course", lang=lang, place=course_home())
    raise LearnerError("handout-no-lesson", given=what, known=", ".join(known), nearest=nearest(what, known))


def read(path: Path) -> Lesson:
    """Read a notebook.

    Raises
    ------
    LearnerError
        If there is none, or it is broken.
    """
    try:
        data = load(path.resolve()).data  # a link of one's own is followed
    except Refused as error:
        key, told = error.args[0], error.told
        raise LearnerError("handout-unreadable", path=path, reason=_reason(key, told)) from None
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise LearnerError("handout-unreadable", path=path, reason=error) from None
    cells = list(_cells(data))
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise LearnerError("handout-unreadable", path=path, reason=_reason("not-notebook", {}))
    about = _mapping(_mapping(data.get("metadata")).get("rgteach"))
    lang = about.get("lang") if about.get("lang") in LANGUAGES else ""
    texts = (one["source"] for one in cells if one["cell_type"] == "markdown")
    found = [title for source in texts for _, title, _ in markdown.titles(source)]
    return Lesson(path, found[0] if found else path.stem, lang, cells, _is_own(path))


def _reason(why: str, told: dict) -> str:
    """Why a file is of no use, in words."""
    key = f"handout-because-{why}"
    return say(key, **told) if knows(key) else say("handout-because-not-notebook")


def _is_own(path: Path) -> bool:
    return course_home() / "notebooks" not in path.resolve().parents


def _mapping(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _cells(data: object) -> Iterator[dict]:
    """The cells with the parts that are used, whatever else somebody's file may hold in their places."""
    found = _mapping(data).get("cells")
    for cell in found if isinstance(found, list) else ():
        cell = _mapping(cell)
        kind = cell.get("cell_type")
        if kind not in ("markdown", "code", "raw"):
            continue
        kept = {
            "cell_type": kind,
            "metadata": _mapping(cell.get("metadata")),
            "source": text(cell.get("source")),
        }
        if kind == "code":
            outputs = cell.get("outputs")
            kept["execution_count"] = None
            kept["outputs"] = (
                [one for one in outputs if isinstance(one, dict)] if isinstance(outputs, list) else []
            )
        if isinstance(cell.get("attachments"), dict):
            kept["attachments"] = cell["attachments"]
        yield kept


def text(value: object) -> str:
    """Text that the format keeps as one string or as a list of lines."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def notes(lesson: Lesson) -> tuple[Note, ...]:
    """What to say at each heading: the notes built with the lesson, else the questions that it asks."""
    written = _written(lesson.path)
    made = []
    for place, (title, below) in enumerate(_sections(lesson)):
        asked = "\n\n".join(_ASKED.findall(below))
        made.append(Note(title, written.get(str(place), "") or asked))
    return tuple(made)


def _sections(lesson: Lesson) -> list[tuple[str, str]]:
    """Each heading and the text below it, up to the next one."""
    found: list[tuple[str, list[str]]] = []
    for cell in lesson.cells:
        if cell["cell_type"] != "markdown":
            continue
        opens = {line: title for _, title, line in markdown.titles(cell["source"])}
        for number, line in enumerate(cell["source"].split("\n")):
            if number in opens:
                found.append((opens[number], []))
            elif found:
                found[-1][1].append(line)
        if found:
            found[-1][1].append("")
    return [(title, "\n".join(lines)) for title, lines in found]


def _written(path: Path) -> dict[str, str]:
    """The speaker's notes that were built beside a lesson, by the place of their heading."""
    try:
        data = json.loads(path.with_suffix(".notes.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: value for key, value in _mapping(data).items() if isinstance(value, str)}
