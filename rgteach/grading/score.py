"""From what came back to points.  Only hidden cases count; the public ones make the feedback.

The hidden cases stand in groups, each earned whole or not at all (see `course.worth`):

    ordinary 7, edge 2, degenerate 1      the parts of the points, or as the page says with `weights`
    not all ordinary cases right          0: degenerate inputs earn nothing alone

What else may come back, and what it earns:

    stub, misfit         0: nothing was written, or it cannot be called
    timeout              the call is wrong and nothing is called after it; groups that were done before keep
                         their parts, and those that count most run first
    an error, odd value  the case is wrong, unless the solution raises the same error there
    unsteady             0: another value for the first input when it is asked again, so that no value of
                         this answer can be believed
    changed its input    half of what the values earn: they are right, and whoever calls it loses the data
    breach of a policy   what the policy says: all (for a person to look at), half, or nothing

Points are rounded to hundredths, half a hundredth upwards, exercise by exercise; sums are of the rounded.
The same page, secret and student give the same cases, and the same answers give the same points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import floor

from rgteach.course import worth
from rgteach.course.judge import same
from rgteach.course.keys import Case, Key
from rgteach.course.run import Call

CHANGED_INPUT = Fraction(1, 2)  # what is left where an answer changes its input


@dataclass(frozen=True)
class Earned:
    """The share of the points that an answer earns, from 0 to 1, and how each group came out."""

    share: float
    groups: worth.Groups = field(default_factory=dict)
    changed: bool = False  # it changes its input

    @property
    def lost(self) -> tuple[str, ...]:
        """The groups that earned nothing."""
        return tuple(name for name, (right, there) in self.groups.items() if right < there)


def earn(
    key: Key,
    cases: Sequence[Case],
    calls: Sequence[Call],
    weights: Mapping[str, float] = worth.PARTS,
    steady: bool = True,
) -> Earned:
    """What an answer earns.

    Parameters
    ----------
    key : Key
        Of the exercise, for its tolerances.
    cases : sequence of Case
        The hidden cases.
    calls : sequence of Call
        What the answer gave for them; fewer, if one of them was the last.
    weights : mapping
        How the points are parted among the groups.
    steady : bool
        Whether the first input gave the same when it was asked again.
    """
    judged = [
        (case.group, k < len(calls) and same(case.expected, calls[k], key)) for k, case in enumerate(cases)
    ]
    groups = worth.groups(judged)
    changed = any(call.changed for call in calls)
    share = worth.share(groups, weights) * (CHANGED_INPUT if changed else 1) if steady else 0
    return Earned(float(share), groups, changed)


def right(key: Key, cases: Sequence[Case], calls: Sequence[Call]) -> int:
    """How many cases are right."""
    return sum(same(case.expected, given, key) for case, given in zip(cases, calls, strict=False))


@lru_cache(maxsize=1024)
def points(out_of: float, share: float) -> float:
    """A share of the points, in hundredths."""
    exact = Fraction(str(out_of)) * Fraction(share).limit_denominator(10**6)
    return floor(exact * 100 + Fraction(1, 2)) / 100


def total(earned: Iterable[float]) -> float:
    """The sum of points, as exact as they are."""
    return sum(round(given * 100) for given in earned) / 100
