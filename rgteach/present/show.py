"""What is presented: the items in their order, the notebooks behind them, and the speaker's notes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rgteach import demos
from rgteach.errors import LearnerError
from rgteach.present import lessons
from rgteach.present.kept import Note
from rgteach.wording import say, tag

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# Displays that are changed later carry their name, so that the page can find them.
_PRELUDE = """\
from rgteach.present.updates import name_displays
name_displays()
"""


@dataclass(frozen=True)
class Item:
    """One page of the presentation.

    Attributes
    ----------
    name : str
        Names the notebook that is served, and the page of notes.
    title : str
        What it is called before the room.
    kind : "demo" or "lesson"
        A lesson shows its code.
    lang : str
        The language of its text, as the attribute `lang` says it.
    demo : str
        The name of the demo, "" for a lesson.
    notes : sequence of Note
        For a lesson one for each of its headings, in their order.
    """

    name: str
    title: str
    kind: str
    lang: str
    demo: str = ""
    notes: Sequence[Note] = field(default=(), repr=False)

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"/voila/render/{self.name}.ipynb"


@dataclass(frozen=True)
class Show:
    """A presentation: a folder of notebooks, the items in their order, and where it begins."""

    folder: Path
    items: tuple[Item, ...]
    start: str
    lang: str

    def item(self, name: str) -> Item | None:
        """The item of this name."""
        return next((one for one in self.items if one.name == name), None)

    def beside(self, item: Item, step: int) -> Item | None:
        """The item before (-1) or after (+1) another, None at the ends."""
        place = self.items.index(item) + step
        return self.items[place] if 0 <= place < len(self.items) else None


def prepare(what: str | None, lang: str, folder: Path) -> Show:
    """Lay out the notebooks of a presentation.

    Parameters
    ----------
    what : str, optional
        The name of a demo, a lab ("02", "02_glcm"), the path of a notebook; without it all demos.
    lang : str
        "en" or "zh".
    folder : Path
        An empty folder for the notebooks.

    Raises
    ------
    LearnerError
        If there is nothing of this name, or it cannot be read.
    """
    if what is None or what in demos.names():
        items = tuple(_demo(name, lang, folder) for name in demos.names())
        start = "/" if what is None else next(i for i in items if i.name == f"demo-{what}").address
        return Show(folder, items, start, lang)
    if not lessons.looks_like_lesson(what):
        raise LearnerError(
            "present-unknown", given=what, demos=", ".join(demos.names()), labs=", ".join(lessons.names(lang))
        )
    item = _lesson(lessons.find(what, lang), lang, folder)
    return Show(folder, (item,), item.address, lang)


def _demo(name: str, lang: str, folder: Path) -> Item:
    """A page with one demo; its recipe is not imported here, which would take seconds for all of them."""
    cells = [_code(f"{_PRELUDE}import rgteach as rg\nrg.setup({lang!r})", "prelude")]
    cells.append(_code(f"rg.demo({name!r})", "demo"))
    points = "\n".join(f"- {line}" for line in say(f"demo-{name}-notes").strip().splitlines())
    answer = say("present-answer", answer=say(f"demo-{name}-answer"))
    notes = (Note(say(f"demo-{name}-question"), f"{points}\n\n{answer}"),)
    item = Item(f"demo-{name}", say(f"demo-{name}-title"), "demo", tag(lang), name, notes)
    _write(folder / f"{item.name}.ipynb", cells)
    return item


def _lesson(path: Path, lang: str, folder: Path) -> Item:
    lesson = lessons.read(path)
    start = f"{_PRELUDE}import os\nos.chdir({str(path.parent.resolve())!r})" if lesson.is_own else _PRELUDE
    cells = [_code(start, "prelude"), *lesson.cells]
    notes = lessons.notes(lesson)
    item = Item("lesson", lesson.title, "lesson", tag(lesson.lang or lang), notes=notes)
    _write(folder / f"{item.name}.ipynb", cells)
    return item


def _code(source: str, role: str) -> dict:
    about = {"rgteach": {"role": role}}
    cell = {"cell_type": "code", "id": role, "metadata": about, "source": source}
    return cell | {"outputs": [], "execution_count": None}


def _write(path: Path, cells: list[dict]) -> None:
    about = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    data = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
