"""What an answer may not use, and what happens where it does.

A page says `forbids`, for all its answers or for one, and `breach`:

    flag    the answer keeps its points, and a person is shown the line: the default, because only a person
            can tell a name that did the work from one that was tried and left behind
    half    it keeps half of them, and a person is shown the line
    zero    it earns nothing, and a person is shown the line: for pages that ask for something written from
            scratch and say so in the exercise

Three layers look, and none alone is enough.  Reading (`static`) finds names that are written down, run or
not; it can be led astray by code that puts names together.  Watching (`guard`, in the child) finds imports
and calls by whatever road an ordinary program takes; the student's code shares that process, so a program
made to get round it can.  Hiding (`hidden_modules`, the wall) takes away the files of whole modules, which
nothing in the child brings back; it serves only modules that no other library needs.  What reading
cannot follow is flagged as unreadable, and costs nothing without a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rgteach.course import forbidden
from rgteach.course.model import BREACHES, Exercise, Page
from rgteach.grading.model import Flag

KEEPS = {"flag": 1.0, "half": 0.5, "zero": 0.0}
SEEN_ONLY = "~"  # before a name that is noted where it is used, and not kept from being used
# what hides a name of ours is the absence of these files; nothing else that an answer uses needs them
_ROOMS = tuple(
    f"rgteach.{room}" for room in ("core", "image", "stats", "models", "tables", "cohorts", "report")
)


@dataclass(frozen=True)
class Policy:
    """Names that an answer may not import or call, and what happens where it does."""

    forbid: tuple[str, ...] = ()
    breach: str = BREACHES[0]

    @classmethod
    def of_page(cls, page: Page, exercise: Exercise) -> Policy:
        """The policy of an exercise."""
        return cls(*page.forbidden(exercise))

    @property
    def keeps(self) -> float:
        """The share of its points that an answer keeps which breaks the policy."""
        return KEEPS[self.breach]

    @property
    def watched(self) -> tuple[str, ...]:
        """The names as `guard.watching` wants them: what costs nothing or half is noted, and goes on."""
        mark = "" if self.breach == "zero" else SEEN_ONLY
        return tuple(mark + name for name in self.forbid)


def static(source: str, policy: Policy, context: Iterable[str] = ()) -> tuple[Flag, ...]:
    """What an answer's source mentions that the policy forbids.

    Parameters
    ----------
    source : str
        Helpers and cells of the answer.
    policy : Policy
        Of the exercise.
    context : iterable of str
        The released code that runs before, whose imports the answer may use.
    """
    return _read(source, policy.forbid, tuple(context))


@lru_cache(maxsize=256)  # a class hands in many answers that are letter for letter the same
def _read(source: str, forbid: tuple[str, ...], context: tuple[str, ...]) -> tuple[Flag, ...]:
    kinds = {True: "breach-read", False: "policy-unread"}
    found = forbidden.read(source, forbid, context)
    return tuple(Flag(kinds[f.sure], {"name": f.name}, f.line, f.code) for f in found)


def hidden_modules(policies: Iterable[Policy]) -> tuple[str, ...]:
    """The modules whose files the wall can take away for all of these policies."""
    found = [set(_hidden(policy)) for policy in policies]
    return tuple(sorted(set.intersection(*found))) if found else ()


def _hidden(policy: Policy) -> Iterable[str]:
    if policy.breach != "zero":
        return
    for name in policy.forbid:
        if name == "rgteach":
            yield from _ROOMS
        elif name in _ROOMS:
            yield name
