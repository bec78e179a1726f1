"""Put lessons down as files: never half of one, and never over something that is not ours."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rgteach.errors import LearnerError
from rgteach.present import lessons
from rgteach.present.handout.page import page


@dataclass(frozen=True)
class Written:
    """One file that was written, and how large it is (bytes)."""

    path: Path
    size: int


def write(given: Sequence[str], lang: str, out: Path | None = None) -> list[Written]:
    """Export lessons.

    Parameters
    ----------
    given : list of str
        Labs ("02", "02_glcm") or paths of notebooks.
    lang : str
        "en" or "zh".
    out : Path, optional
        A folder, or for one lesson a file that ends in .html; by default the current folder.

    Raises
    ------
    LearnerError
        For a lesson that is not there or broken, two of one name, or a place that cannot be written.
        All are read before the first is written.
    """
    read = [lessons.read(lessons.find(one, lang)) for one in given]
    targets = _targets(read, lang, out)
    return [_put(target, page(lesson, lang)) for target, lesson in zip(targets, read, strict=True)]


def _targets(read: list[lessons.Lesson], lang: str, out: Path | None) -> list[Path]:
    if out is not None and out.suffix.lower() in (".html", ".htm") and not out.is_dir():
        if len(read) > 1:
            raise LearnerError("handout-one-file", path=out, n=len(read))
        targets = [out]
    else:
        names = [f"{lesson.path.stem}-{lesson.lang or lang}.html" for lesson in read]
        targets = [(out or Path()) / name for name in names]
    for place, target in enumerate(targets):
        if target in targets[:place]:
            raise LearnerError("handout-same-name", path=target)
    return targets


def _put(path: Path, text: str) -> Written:
    raw = text.encode("utf-8", "replace")
    waiting = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, waiting = tempfile.mkstemp(prefix=".handout-", dir=path.parent)
        with open(handle, "wb") as file:
            file.write(raw)
        os.chmod(waiting, 0o644)  # to be handed out: mkstemp lets only us read
        os.replace(waiting, path)
    except OSError as error:
        if waiting:
            Path(waiting).unlink(missing_ok=True)
        raise LearnerError("handout-cannot-write", path=path, reason=error.strerror or error) from error
    return Written(path, len(raw))
