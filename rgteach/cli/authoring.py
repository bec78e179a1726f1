"""`rgteach new` and `rgteach import`, for those who write labs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.cli.shape import one_of
from rgteach.errors import LearnerError
from rgteach.wording import say


def start(lab: str | None, titles: tuple[str, str], kind: str | None, root: Path) -> int:
    """Write the pages of a new lab."""
    if lab is None:
        raise WrongUsage("cli-new-no-lab")
    from rgteach.course.authoring import skeleton

    kinds = (one_of("--kind", kind, tuple(skeleton.KINDS)),) if kind else tuple(skeleton.KINDS)
    for place in skeleton.new(root, lab, title=titles[0], title_zh=titles[1], kinds=kinds):
        screen.tell(say("cli-new-written", path=place), "green")
    screen.tell(say("cli-new-next", number=lab[:2]))
    return 0


def turn(given: Path | None, out: Path | None, overwrite: bool) -> int:
    """Turn a page into a notebook or a notebook into a page; what is wrong is told with its cell."""
    if given is None:
        raise WrongUsage("cli-import-no-file")
    from rgteach.course.authoring import files

    try:
        done = files.turn(given, out, overwrite=overwrite)
    except LearnerError as error:
        cell = getattr(error, "cell", None)
        about = say("cli-import-cell", number=cell[0], words=cell[1]) if cell else ""
        screen.complain(error, about)
        return 1
    told = "cli-import-written" if done.changed else "cli-import-same"
    screen.tell(say(told, path=done.place), "green")
    if done.page:
        screen.tell(say("cli-import-next", number=done.page.lab))
    return 0


def for_nbgrader(folder: Path | None, labs: Sequence[str] | None, root: Path | None) -> int:
    """Lay the course out for nbgrader."""
    if folder is None:
        raise WrongUsage("cli-nbgrader-no-folder")
    from rgteach.course.assignment import lay_out
    from rgteach.course.places import course_home

    written = list(lay_out(root or course_home(), folder, screen.wanted_language(), labs or None))
    count = sum(path.suffix == ".ipynb" for path in written)
    screen.tell(say("cli-nbgrader-written", count=count, folder=folder), "green")
    return 0
