"""When something was handed in: as somebody says, as nbgrader or the grader noted it, or as its file says.

nbgrader writes `submitted/STUDENT/LAB/timestamp.txt` with a line such as "2026-11-20 15:59:23.948203 UTC"; a
time without a zone there is UTC (`nbgrader.utils.parse_utc`).  A file's own time is taken only from the very
file that was graded, which its digest tells; copying or unpacking may have changed it, so what else is known
goes before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import sheets, times
from rgteach.grading.model import Graded

SOURCES = ("given", "timestamp", "noted", "file")  # the surest first
_HEADS = {
    "student": "student id key 学生 学号",
    "lab": "lab assignment 实验 作业",
    "at": "time at handed handedin submitted date timestamp 时间 提交时间 交作业时间",
}


class Times:
    """Where to look for the times of a run's submissions.

    Parameters
    ----------
    folders : paths
        Where the paths of the submissions count from.
    given : mapping of (student, lab) or (student, "") to a time
        What somebody says.
    """

    def __init__(self, folders: Sequence[Path], given: Mapping[tuple[str, str], datetime] | None = None):
        self._folders, self._given = folders, dict(given or {})
        self.unused = set(self._given)  # what no submission was found for

    def by_key(self, key_of: Callable[[str], str]) -> None:
        """Take the names that were given for those of students, whatever they are called there."""
        self._given = {(key_of(name), lab): at for (name, lab), at in self._given.items()}
        self.unused = {(key_of(name), lab) for name, lab in self.unused}

    def of(self, graded: Graded, student: str) -> tuple[str, datetime] | None:
        """(how it is known, when), for a submission of the student of this key."""
        for asked in ((student, graded.lab), (student, "")):
            if asked in self._given:
                self.unused.discard(asked)
                return "given", self._given[asked]
        if noted := _instant(getattr(graded, "handed_in", "")):
            return "noted", noted
        for folder in self._folders:
            file = folder / graded.submission
            if _is_file_of(file, graded.digest):
                noted = _noted(file.with_name("timestamp.txt"))
                return ("timestamp", noted) if noted else ("file", _modified(file))
        return None


def read_given(path: Path, zone: str | None) -> dict[tuple[str, str], datetime]:
    """Times out of a CSV file with the columns student, time, and lab where it is not for all labs."""
    sheet = sheets.read(path)
    at = {}
    for place, cell in enumerate(sheet.header):
        for meaning, words in _HEADS.items():
            if cell.replace(" ", "").replace("_", "").lower() in words.split():
                at.setdefault(meaning, place)
    if not {"student", "at"} <= at.keys():
        raise LearnerError("gradebook-times-columns", path=path, columns=", ".join(sheet.header[:12]))
    found = {}
    for line, row in sheet.rows:
        cells = {meaning: row[place] if place < len(row) else "" for meaning, place in at.items()}
        if not cells["at"]:
            continue
        try:
            found[cells["student"], cells.get("lab", "")] = times.instant(cells["at"], zone)
        except LearnerError as error:
            error.add_note(f"{path}, {line}")
            raise
    return found


def _is_file_of(path: Path, digest: str) -> bool:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except (OSError, ValueError):  # a name with a NUL
        return False


def _noted(path: Path) -> datetime | None:
    """What timestamp.txt says, where it is one; an abbreviation such as CST stands for several zones."""
    try:
        return _instant(path.read_text(encoding="utf-8-sig")[:100])
    except (OSError, ValueError):
        return None


def _instant(text: str) -> datetime | None:
    try:
        return times.instant(text, "UTC")
    except LearnerError:
        return None


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
