"""`rgteach new`: a lesson page and an exercise page to start from, whole, in both languages, and right.

The exercise builds and proves as it stands; comments say what to replace.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from rgteach.course.authoring.marks import AuthoringError

KINDS = {"lesson": "notebooks", "exercise": "solutions"}
LONGEST_NAME = 40  # of an exercise
_NAME = re.compile(r"\d\d_[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TEMPLATES = Path(__file__).parent / "templates"


def new(
    root: Path, name: str, *, title: str = "", title_zh: str = "", kinds: tuple[str, ...] = tuple(KINDS)
) -> list[Path]:
    """Write the pages of a new lab; nothing is written where one of them is there.

    Parameters
    ----------
    root : Path
        The folder of the course.
    name : str
        `08_topic`.
    title, title_zh : str
        The lab's title; made from the name where none is given.
    kinds : tuple of str
        lesson, exercise, or both.

    Raises
    ------
    AuthoringError
        If the name does not fit, or a page or another lab of this number is there.
    """
    if not _NAME.fullmatch(name):
        raise AuthoringError("new-name", given=name)
    root = Path(root)
    places = {kind: root / KINDS[kind] / f"{name}.md" for kind in kinds}
    for place in places.values():
        if place.exists():
            raise AuthoringError("new-exists", path=place)
    others = {p.stem for folder in KINDS.values() for p in (root / folder).glob(f"{name[:2]}_*.md")} - {name}
    if others:
        raise AuthoringError("new-number", number=name[:2], other=", ".join(sorted(others)))
    title = " ".join(title.split()) or name[3:].replace("_", " ").capitalize()
    for kind, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8", newline="\n") as file:
            file.write(page(kind, name, title, " ".join(title_zh.split()) or title))
    return list(places.values())


def page(kind: str, name: str, title: str, title_zh: str) -> str:
    """The text of a page to start from."""
    text = (_TEMPLATES / f"{kind}.md").read_text(encoding="utf-8")
    topic = name[3:].replace("_", "-")
    values = {
        "NAME": name,
        "LAB": name[:2],
        "NUMBER": str(int(name[:2])),
        "EXERCISE": f"{topic[: LONGEST_NAME - len('-share')].strip('-')}-share",
        "OPEN": f"{topic[: LONGEST_NAME - len('-think')].strip('-')}-think",
        "TITLE_EN": title,
        "TITLE_ZH": title_zh,
        "YAML_EN": json.dumps(title, ensure_ascii=False),
        "YAML_ZH": json.dumps(title_zh, ensure_ascii=False),
    }
    return re.sub(r"@([A-Z_]+)@", lambda found: values[found[1]], text)
