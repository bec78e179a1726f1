"""Start warm processes before anything else is loaded: they import what answers need while we import ours.

Which lab a class hands in is told by its first submission, at a glance.  Where that says nothing, or
something is wrong, nothing is started, and whatever is wrong is said in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rgteach.course.model import PageError
from rgteach.course.opening import Refused, load
from rgteach.course.places import course_home
from rgteach.errors import LearnerError
from rgteach.grading import pages
from rgteach.grading.beside import Beside, Surroundings
from rgteach.grading.students import Found
from rgteach.sandbox.box import Box
from rgteach.sandbox.limits import Limits

ENTRY = "rgteach.grading.inside"


def boxes(first: Found | None, root: Path | None, limits: Limits, isolate: bool) -> dict[Surroundings, Box]:
    """Boxes for the lab of a submission, whose warm processes have been started; whoever asks closes them."""
    try:
        page = _page(first, root) if first else None
        wanted = Beside(page).all if page else []
        told = {"limits": limits, "isolate": isolate}
        made = {at: Box(ENTRY, preload=at[0], hidden=at[1], **told) for at in wanted}
    except (LearnerError, PageError, Refused, OSError, ValueError, KeyError, RecursionError):
        return {}
    for one in made.values():
        one.begin()
    return made


def _page(first: Found, root: Path | None):
    lab = first.lab or _lab(load(first.path).data)
    found = sorted((Path(root) if root else course_home()).glob(f"solutions/{lab}_*.md")) if lab else []
    return pages.read(found[0]) if found else None


def _lab(data: object) -> str:
    """The lab that a notebook says it is of, "" where it says nothing of the kind."""
    for name in ("metadata", "rgteach", "lab"):
        data = data.get(name, "") if isinstance(data, Mapping) else ""
    return data if isinstance(data, str) and len(data) == 2 and data.isdigit() else ""
