"""The instructor's secret, and the seeds of the hidden cases that are made from it.

One file of random text decides which cases every student meets.  Whoever knows it can make them at home, so
it stays with the instructor, readable by nobody else; with the same file the same submission earns the same.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.wording import say

FEWEST_BYTES = 16  # what can be guessed in less than this is no secret
LONGEST_BYTES = 4096
NAME = "grading.secret"


@dataclass(frozen=True)
class Secret:
    """A secret; its text is never shown, not even by accident in a traceback."""

    key: bytes = field(repr=False)
    path: Path
    made: bool = False  # just now
    open_to_others: bool = False

    def seed(self, lab: str, exercise: str, student: str, draw: int = 0) -> int:
        """The seed of a student's cases in an exercise; `draw` counts how often they were drawn."""
        student = unicodedata.normalize("NFC", student)  # one name, whichever system wrote it down
        told = json.dumps([lab, exercise, student, draw], ensure_ascii=False)
        return int.from_bytes(self._mixed("cases", told)[:16], "big")

    def seeds(self, lab: str, exercise: str, student: str) -> Iterator[int]:
        """The seeds of all draws, the first one first."""
        return (self.seed(lab, exercise, student, draw) for draw in count())

    @property
    def fingerprint(self) -> str:
        """Twelve letters by which two secrets are told apart, and from which neither can be found."""
        return self._mixed("fingerprint", "").hex()[:12]

    def remarks(self, lang: str | None = None) -> list[str]:
        """What the instructor should know about it."""
        keys = [
            key for key, holds in (("secret-made", self.made), ("secret-open", self.open_to_others)) if holds
        ]
        return [say(key, lang, path=self.path) for key in keys]

    def _mixed(self, purpose: str, text: str) -> bytes:
        return hmac.new(
            self.key, f"{purpose}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256
        ).digest()


def default_path() -> Path:
    """Where the secret is kept when nobody says where: in the user's own folder for settings."""
    import platformdirs

    return platformdirs.user_config_path("rgteach") / NAME


def secret(path: Path | str | None = None) -> Secret:
    """The secret in a file; a file that is not there is made.

    Parameters
    ----------
    path : path, optional
        The file; by default `grading.secret` in the user's folder for settings.

    Raises
    ------
    LearnerError
        If it cannot be read or made, or is too short to be a secret.
    """
    path = Path(path).expanduser() if path else default_path()
    made = False
    try:
        if not path.exists():
            made = _make(path)
        with path.open("rb") as file:
            text = file.read(LONGEST_BYTES + 1)
            mode = os.fstat(file.fileno()).st_mode
    except OSError as error:
        raise LearnerError(
            "secret-unreadable", path=path, reason=error.strerror or type(error).__name__
        ) from None
    key = text.strip()  # an editor ends its last line, each in its own way
    if len(text) > LONGEST_BYTES:
        raise LearnerError("secret-long", path=path, most=LONGEST_BYTES)
    if len(key) < FEWEST_BYTES or len(set(key)) < FEWEST_BYTES // 2:
        raise LearnerError("secret-short", path=path, length=len(key), fewest=FEWEST_BYTES)
    others = os.name == "posix" and bool(mode & (stat.S_IRWXG | stat.S_IRWXO))
    return Secret(key, path, made, others)


def _make(path: Path) -> bool:
    """Write a new secret, readable by its owner alone, unless another process was quicker."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", dir=path.parent)  # mode 0600 from the beginning
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_bytes(32).hex() + "\n")  # as text, so that it can be copied by hand
        try:
            os.link(name, path)  # unlike a rename it never takes the place of what is there
        except FileExistsError:
            return False
        except OSError:  # a disk without links
            os.replace(name, path)
        return True
    finally:
        Path(name).unlink(missing_ok=True)


def row(seeds: int | Iterator[int]) -> Iterator[int]:
    """The seeds of all draws; a single number stands for the row that begins with it."""
    if not isinstance(seeds, int):
        return iter(seeds)
    later = (hashlib.sha256(f"{seeds}/{draw}".encode()).digest()[:16] for draw in count(1))
    return chain([seeds], (int.from_bytes(digest, "big") for digest in later))
