"""Submissions in folders, and whose they are: the names of students as learning platforms put them in paths.

submitted/STUDENT/LAB/x.ipynb                     nbgrader
Name_123_assignsubmission_file_/x.ipynb           Moodle
name_LATE_123_456_02_glcm_exercise.ipynb          Canvas
alice/02_glcm_exercise.ipynb  alice.ipynb         plain folders and files
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from rgteach.errors import LearnerError

LONGEST = 100  # letters of a name
_SKIPPED = {"__MACOSX", "__pycache__", "node_modules"}
_MOODLE = re.compile(r"(.+?)_(\d+)_assignsubmission_\w*")
_CANVAS = re.compile(r"([^_]+)_(?:LATE_)?(\d+)_(\d+)_.+")
# `02_glcm_exercise`, `lab 02`; one word behind the number is the lab's own
_LAB_NAME = re.compile(
    r"(?<![0-9A-Za-z])(?:lab[ _-]?)?\d\d(?![0-9])(?:_[a-z]+)?(?:_exercise)?(?![a-z])", re.IGNORECASE
)
# parts of a path that say nothing of a person
_PLAIN = re.compile(
    r"(?:submitted|submissions?|hand[ _-]?ins?|notebooks?|exercises?|workspace|homework|assignment|en|zh"
    r"|final|new|copy|untitled|lab|lesson|answers?|solutions?|版本|副本|作业|提交|copy\d*|\d{0,2}|v\d+)",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"[ _.,()（）-]+")


@dataclass(frozen=True)
class Found:
    """A file that was handed in: whose, how its path is shown, when (UTC, ISO 8601), for which lab."""

    path: Path
    student: str
    shown: str
    handed_in: str = ""
    lab: str = ""


def find(
    paths: Iterable[Path | str], naming: str = "auto", *, out: Path | None = None, lab: str = ""
) -> list[Found]:
    """The submissions in files and folders, sorted by their paths.

    Parameters
    ----------
    paths : list of path
        Folders are looked through; links in them are not followed.
    naming : str
        Where the names come from: "auto", "folder", "file", or a regular expression between slashes, which
        is searched in the path; its group `student`, or its first one, is the name.
    out : path, optional
        A folder that is not looked into: what is written there are no submissions.
    lab : str
        The only lab that is wanted, for all of them.

    Raises
    ------
    LearnerError
        If a path is not there, or the expression is none or leaves out a file.
    """
    pattern = _pattern(naming)
    hidden = os.path.realpath(out) if out else ""
    found: dict[str, Found] = {}
    for given in paths:
        top = Path(given)
        for path in _files(top, hidden):
            shown = _shown(path)
            name = _by_pattern(pattern, shown) if pattern else _name(path, top, naming)
            found.setdefault(os.path.abspath(path), Found(path, _clean(name), shown, _when(path), lab))
    return _told_apart(sorted(found.values(), key=lambda one: one.shown))


def _files(top: Path, hidden: str) -> Iterator[Path]:
    if not os.path.lexists(top):
        raise LearnerError("grade-no-such-path", path=top)
    if top.is_symlink() or not top.is_dir():
        yield top  # a link or a pipe too: reading it says what is wrong with it
        return
    yield from sorted(_walk(top, hidden))


def _walk(folder: Path, hidden: str) -> Iterator[Path]:
    """Every notebook below a folder, links among them, but not what is behind a link."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _SKIPPED:
            continue
        if entry.is_dir(follow_symlinks=False):
            if not hidden or os.path.realpath(entry.path) != hidden:
                yield from _walk(Path(entry.path), hidden)
        elif entry.name.lower().endswith(".ipynb") and not _is_ours(entry.name, names):
            yield Path(entry.path)


def _is_ours(name: str, beside: set[str]) -> bool:
    """A lesson beside its exercise, and a new edition beside the student's own."""
    stem = name[: -len(".ipynb")]
    if stem.endswith(".new"):
        return f"{stem.removesuffix('.new')}.ipynb" in beside
    return bool(re.match(r"\d\d_", stem)) and f"{stem}_exercise.ipynb" in beside


def _shown(path: Path) -> str:
    """A path as it can be printed and written everywhere."""
    text = os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")
    return "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in text)


def _when(path: Path) -> str:
    """When a file was handed in: as nbgrader noted it beside, else when it was last changed."""
    try:
        with (path.parent / "timestamp.txt").open(encoding="utf-8", errors="replace") as file:
            if noted := _noted(file.read(100)):
                return noted
    except LookupError:  # a zone that several countries call so: a time that may be hours wrong is none
        return ""
    except (OSError, ValueError):
        pass
    try:
        return datetime.fromtimestamp(int(os.lstat(path).st_mtime), UTC).isoformat()
    except (OSError, OverflowError, ValueError):
        return ""


def _noted(text: str) -> str:
    match = re.match(r"\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*([\w/+:-]*)", text)
    if not match:
        return ""
    when = datetime.fromisoformat(f"{match[1]} {match[2]}").replace(tzinfo=_zone(match[3]))
    return when.astimezone(UTC).isoformat()


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    if not name:
        return UTC
    if re.fullmatch(r"[+-]\d\d:?\d\d", name):
        return datetime.strptime(name, "%z").tzinfo
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):
        raise LookupError(name) from None


# ---------------------------------------------------------------- names


def _pattern(naming: str) -> re.Pattern | None:
    if naming in ("auto", "folder", "file"):
        return None
    try:
        if len(naming) < 3 or naming[0] != "/" or naming[-1] != "/":
            raise re.error("/…/")
        return re.compile(naming[1:-1])
    except re.error as error:
        raise LearnerError("grade-bad-naming", given=naming, reason=error) from None


def _by_pattern(pattern: re.Pattern, shown: str) -> str:
    match = pattern.search(shown)
    name = match and (match.groupdict().get("student") or (match[1] if match.re.groups else match[0]))
    if not name:
        raise LearnerError("grade-no-name", path=shown, pattern=pattern.pattern)
    return name


def _name(path: Path, top: Path, naming: str) -> str:
    if naming == "file":
        return path.stem
    folders = _folders(path, top)
    if naming == "folder":
        return folders[0] if folders else path.stem
    # a platform names the outermost folder; what lies in it was named by whoever handed it in
    for part in folders:
        if match := _MOODLE.fullmatch(part):
            return f"{match[1]}\0{match[2]}"
    if (named := _nbgrader(path, top)) is not None:
        return named
    if (match := _CANVAS.fullmatch(path.stem)) and (not folders or _is_one_of_many(path)):
        return f"{match[1]}\0{match[2]}"
    rest = _without_lab(path.stem)
    if rest and (not folders or not _LAB_NAME.match(path.stem) and _is_one_of_many(path)):
        return rest
    return folders[0] if folders else rest or path.stem


def _folders(path: Path, top: Path) -> list[str]:
    """The folders that may name a person: below the one that was given, else it and those around it."""
    inside = path.relative_to(top).parts[:-1] if path != top else ()
    found = [part for part in inside if _says_something(part)]
    if found:
        return found
    if _without_lab(path.stem):
        return []  # the file's own name says it
    around = (path.parent if path == top else top).absolute()
    if _LAB_NAME.fullmatch(around.name):
        around = around.parent
    return [around.name] if _says_something(around.name) else []


def _says_something(part: str) -> bool:
    return bool(part) and not _PLAIN.fullmatch(part) and bool(_without_lab(part))


def _without_lab(stem: str) -> str:
    """A file's name without the lab's, and without words such as `final` and `(1)`."""
    parts = _JOINTS.split(_LAB_NAME.sub(" ", stem))
    return " ".join(part for part in parts if part and not _PLAIN.fullmatch(part))


def _is_one_of_many(path: Path) -> bool:
    """Whether several people's files lie in this folder: more than one that is not called after a lab."""
    try:
        others = [name for name in os.listdir(path.parent) if name.lower().endswith(".ipynb")]
    except OSError:
        return False
    return sum(not _LAB_NAME.match(name) for name in others) > 1


def _nbgrader(path: Path, top: Path) -> str | None:
    """The student in `…/submitted/STUDENT/LAB/x.ipynb`, by the `submitted` nearest to what was given."""
    parts = path.absolute().parts
    found = [k for k, part in enumerate(parts) if part == "submitted"]
    given = len(top.absolute().parts)
    at = max((k for k in found if k < given), default=min(found, default=-1))
    return parts[at + 1] if 0 <= at <= len(parts) - 4 else None


def _clean(name: str) -> str:
    """A name in one form, on one line."""
    name = os.fsencode(name).decode("utf-8", "replace")
    name, mark, number = unicodedata.normalize("NFC", name).partition("\0")
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in name)
    return " ".join(kept.split())[:LONGEST] + mark + number


def _told_apart(found: Sequence[Found]) -> list[Found]:
    """Names without the platform's numbers, except where two people have the same name."""
    numbers: dict[str, set[str]] = {}
    for one in found:
        name, _, number = one.student.partition("\0")
        numbers.setdefault(name, set()).add(number)

    def plain(student: str) -> str:
        name, _, number = student.partition("\0")
        return f"{name} ({number})" if number and len(numbers[name]) > 1 else name

    return [replace(one, student=plain(one.student)) for one in found]
