"""Where a student's pages lie: `feedback/STUDENT/LAB.html`, whatever the student is called.

A name that is plain on every system stays as it is.  Any other is made plain and carries a mark made from
the whole name, so that no two students share a folder: not where capitals do not count, not where a name
is cut, not where `a/b` and `a_b` look alike.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from rgteach.grading.model import Graded

FOLDER = "feedback"
LONGEST = 60
# small letters, digits, and Chinese, which has neither capitals nor two ways to write a sign
_PLAIN = re.compile(r"[a-z0-9\u4e00-\u9fff]([a-z0-9_.\u4e00-\u9fff-]*[a-z0-9_\u4e00-\u9fff])?")
_MARKED = re.compile(r"-[0-9a-f]{10}$")  # looks as if it carried a mark already
# names that Windows keeps for itself, with any ending
_KEPT = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe(name: str) -> str:
    """A name for a file or folder on any system; two names never give the same one."""
    if _is_plain(name):
        return name
    known = unicodedata.normalize("NFC", name)
    shown = re.sub(r"[^\w.-]+", "_", known).strip("._-")[:LONGEST].strip("._-")
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{shown or 'student'}-{mark}"


def _is_plain(name: str) -> bool:
    """Short, and the same name everywhere."""
    return (
        len(name.encode("utf-8", "surrogatepass")) <= LONGEST
        and bool(_PLAIN.fullmatch(name))
        and not _KEPT.fullmatch(name)
        and not _MARKED.search(name)
    )


def place(out: Path, graded: Graded, ending: str) -> Path:
    """Where something about a submission is kept; a file of no known lab is told apart by what it is."""
    lab = graded.lab
    if not lab:
        told = f"{graded.submission}\n{graded.digest}".encode("utf-8", "surrogatepass")
        lab = f"file-{hashlib.sha256(told).hexdigest()[:8]}"
    return Path(out) / FOLDER / safe(graded.student) / f"{safe(lab)}{ending}"
