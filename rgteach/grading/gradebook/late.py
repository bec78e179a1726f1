"""What being late costs.  Pure functions: a policy, two instants and points in, days and points out.

A day is a day of the calendar: what was due on Friday at 23:59 is one day late until Saturday at 23:59 by
the clock of the policy's zone, also in the night when clocks are changed.  The minutes of grace forgive and
do not shift: what comes after them counts from the due time.  Points are rounded once, at the end, to the
nearest hundredth, halves in favour of the student.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rgteach.grading.gradebook import times
from rgteach.grading.gradebook.points import WHOLE

OF = ("earned", "possible")
COUNTS = ("last", "best")


@dataclass(frozen=True)
class Policy:
    """How one lab treats what comes late; percents are in hundredths (10 % is 1000)."""

    due: datetime | None = None  # nothing is late without it
    zone: str = "UTC"
    grace: int = 0  # minutes
    per_day: int = 0  # taken off for each day that was begun
    cap: int | None = None  # at most so much is taken off
    last_day: int | None = None  # more days late than this earn nothing
    of: str = "earned"  # a percent of what was earned, or of what was possible
    counts: str = "last"  # which of several attempts counts


def due(policy: Policy, extension: datetime | None = None) -> datetime | None:
    """When it is due for a student: an extension never makes it earlier."""
    if policy.due is None or extension is None:
        return policy.due
    return max(policy.due, extension)


def days(policy: Policy, handed: datetime | None, extension: datetime | None = None) -> int:
    """How many days late something is; 0 where either time is not known.

    Exactly at the due time, and exactly at the end of the grace, is in time.
    """
    end = due(policy, extension)
    if end is None or handed is None or handed <= end + timedelta(minutes=policy.grace):
        return 0
    zone = times.zone(policy.zone)
    local = end.astimezone(zone).replace(tzinfo=None)
    count = max(1, (handed - end).days - 1)  # a clock change moves the end of a day by hours at most
    while handed > times.latest(local + timedelta(days=count), zone).astimezone(UTC):
        count += 1
    return count


def percent(policy: Policy, late_days: int) -> int:
    """How much is taken off, in hundredths of a percent."""
    if policy.last_day is not None and late_days > policy.last_day:
        return WHOLE
    most = WHOLE if policy.cap is None else min(policy.cap, WHOLE)
    return min(policy.per_day * late_days, most)


def kept(policy: Policy, earned: int, possible: int, late_days: int) -> int:
    """What is left of the points (in hundredths) when it is so many days late; never below nothing."""
    if policy.last_day is not None and late_days > policy.last_day:
        return 0
    base = possible if policy.of == "possible" else earned
    exact = earned * WHOLE - base * percent(policy, late_days)
    return max(0, (2 * exact + WHOLE) // (2 * WHOLE))
