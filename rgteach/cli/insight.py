"""`rgteach insight`: one page about what a class understood."""

from __future__ import annotations

from pathlib import Path

from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.wording import say


def run(folder: Path | None, labs: list[str] | None, out: Path | None, names: bool, root: Path | None) -> int:
    """Write the page and say where; returns the exit code."""
    if folder is None:
        raise WrongUsage("cli-insight-folder-missing")
    if out is not None and out.suffix.lower() not in (".html", ".htm"):
        raise WrongUsage("report-not-html", path=out)
    from rgteach.grading.insight.scores import write

    place = write(folder, out, labs=labs or None, names=names, root=root)
    screen.tell(say("cli-insight-written", path=place), "green")
    return 0
