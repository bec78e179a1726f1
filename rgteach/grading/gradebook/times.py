"""Points in time: always with a zone when they come in, always in UTC once they are here."""

from __future__ import annotations

import difflib
import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from rgteach.errors import LearnerError

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?[+-]\d\d:\d\d", re.ASCII)
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?")


def now() -> datetime:
    """What the clock says, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """A time zone by its name (Asia/Shanghai, UTC) or its distance from UTC (+08:00)."""
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if found := _OFFSET.fullmatch(name):
        sign = -1 if found[1] == "-" else 1
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes < 24 * 60:
            return timezone(sign * timedelta(minutes=minutes))
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known, not a name, the name of a folder
        pass
    known = zoneinfo.available_timezones()
    by_city = [full for full in known if full.rpartition("/")[2].lower() == name.lower().replace(" ", "_")]
    near = by_city or difflib.get_close_matches(name, known, n=1, cutoff=0.5) or ["Asia/Shanghai"]
    raise LearnerError("gradebook-zone", given=name, nearest=sorted(near)[0])


def instant(text: str, zone_name: str | None = None, *, end_of_day: bool = False) -> datetime:
    """A time as somebody wrote it, in UTC.

    Parameters
    ----------
    text : str
        "2026-11-20 23:59", "2026/11/20 23:59", "2026年11月20日 23:59", with or without seconds; a zone may
        stand behind it ("+08:00", "Z", "Asia/Shanghai"), and then it is the one that holds.
    zone_name : str, optional
        The zone where the text names none.
    end_of_day : bool
        A date without a time is the last second of that day; otherwise it is refused.

    Raises
    ------
    LearnerError
        If it cannot be read, or no zone is known.
    """
    if _ISO.fullmatch(text):  # as the grader writes it
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except ValueError:
            pass
    written = _CHINESE.sub(r"\1-\2-\3 ", text.strip().replace("：", ":"))
    found = _DATE.fullmatch(written)
    if not found:
        raise LearnerError("gradebook-time", given=text)
    clock, own_zone = _clock_and_zone(found[4] or "")
    if not clock and not end_of_day:
        raise LearnerError("gradebook-time", given=text)
    try:
        day = "-".join(part.zfill(2) for part in found.groups()[:3])
        local = datetime.fromisoformat(f"{day}T{clock or '23:59:59'}")
    except ValueError:
        raise LearnerError("gradebook-time", given=text) from None
    name = own_zone or zone_name
    if not name:
        raise LearnerError("gradebook-no-zone", given=text)
    return latest(local, zone(name))


def _clock_and_zone(text: str) -> tuple[str, str]:
    """("23:59", "+08:00") of what stands behind a date."""
    found = re.fullmatch(r"(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?\s*(\S.*)?", text.strip())
    if not found:
        return "?", ""
    clock = (found[1] or "").replace(",", ".")
    hour, colon, rest = clock.partition(":")
    return (f"{hour.zfill(2)}:{rest[:15]}" if colon else ""), (found[2] or "").strip()


def latest(local: datetime, where: tzinfo) -> datetime:
    """The instant of a clock reading, in UTC; the later one where clocks are put back and show it twice.

    A reading that clocks skip when they are put forward stands for the same time before they were.
    """
    return max(local.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1))


def told(moment: datetime | None, zone_name: str = "UTC") -> str:
    """An instant as a clock in a zone shows it, with the zone: "2026-11-20 23:59 +08:00"."""
    if moment is None:
        return ""
    local = moment.astimezone(zone(zone_name))
    clock = local.isoformat(" ", "seconds")
    return f"{clock[:19] if local.second else clock[:16]} {clock[-6:]}"
