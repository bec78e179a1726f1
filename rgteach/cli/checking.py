"""What `rgteach check` shows: a line an exercise, then the points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rgteach import wording
from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.wording import say

_MARKS = {"right": "✓", "not tried": "○", "not yet": "✗", "cannot check": "!", "by person": "?"}
_STYLES = {"right": "green", "not yet": "red", "cannot check": "yellow"}


def run(notebooks: Sequence[Path]) -> int:
    """Check notebooks in turn.

    Returns
    -------
    int
        0 when all that was tried is right, 1 when something is not, 2 when a file cannot be read.
    """
    from rgteach.course.handed import Unreadable
    from rgteach.course.recheck import check

    if not notebooks:
        raise WrongUsage("cli-check-needs-notebook")
    codes = []
    for path in notebooks:
        try:
            with screen.console(stderr=True).status(say("cli-checking", path=path.name)):
                checked = check(path.expanduser(), wording.language())
            _show(path, checked)
            codes.append(0 if checked.ok else 1)
        except Unreadable as error:
            screen.complain(error)
            codes.append(2)
    return max(codes)


def _show(path: Path, checked) -> None:
    screen.tell(say("cli-check-title", path=path.name, lab=checked.lab, title=checked.title), "bold")
    for line in checked.lines:
        told = {"by person": say("outcome-by-person"), "not tried": say("outcome-not-tried")}
        words = [f"{_MARKS[line.outcome]} {line.exercise} · {line.title}", told.get(line.outcome, line.told)]
        if line.outcome == "cannot check":
            words[1] = say("cli-check-cannot", told=line.told)
        screen.tell(
            "  " + say("cli-check-dash").join(word for word in words if word), _STYLES.get(line.outcome, "")
        )
    screen.tell(_sum(checked))


def _sum(checked) -> str:
    by_check = [line for line in checked.lines if line.outcome != "by person"]
    reached = sum(line.points for line in by_check if line.outcome == "right")
    by_person = sum(line.points for line in checked.lines if line.outcome == "by person")
    parts = [say("progress-reached", reached=f"{reached:g}", points=f"{sum(x.points for x in by_check):g}")]
    if by_person:
        parts.append(say("progress-by-person", points=f"{by_person:g}"))
    if checked.questions:
        parts.append(say("progress-answered", answered=checked.answered, questions=checked.questions))
    return " · ".join(parts)
