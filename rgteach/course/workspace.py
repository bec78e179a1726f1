"""A student's folder: lessons and exercises of a language laid out, what the student wrote never touched.

    DIR/<lang>/01_moments.ipynb             the lesson
    DIR/<lang>/01_moments_exercise.ipynb    the exercise
    DIR/.rgteach/                           the record: progress, and what was laid out

A notebook that nobody has written in follows the course; beside one that has been written in the course's
new edition arrives as `01_moments_exercise.new.ipynb`, once.

JupyterLab opens at the notebook that was saved last, and in a new workspace at the first lesson, 00.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rgteach.course.places import STATE, course_home
from rgteach.errors import LearnerError
from rgteach.wording import say

_RECORD = "laid_out.json"


@dataclass
class LaidOut:
    """What came into a workspace: new files, files that followed the course, editions put beside."""

    folder: Path
    new: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)  # (the student's, the new edition)

    def lines(self) -> Iterator[str]:
        """Sentences for the person who opened the workspace."""
        if self.new:
            yield say("workspace-new", count=len(self.new), folder=self.folder)
        if self.followed:
            yield say("workspace-followed", names=", ".join(self.followed))
        for mine, other in self.beside:
            yield say("workspace-beside", mine=mine, other=other)


def lay_out(folder: Path | str, lang: str) -> LaidOut:
    """Copy the notebooks of a language into a folder, never over a student's work.

    Raises
    ------
    LearnerError
        If the folder cannot be written, or the course has not been built.
    """
    folder = Path(folder).expanduser().resolve()
    originals = dict(_originals(lang))
    if not originals:
        raise LearnerError("workspace-no-course", lang=lang, place=course_home())
    done = LaidOut(folder)
    try:
        (folder / lang).mkdir(parents=True, exist_ok=True)
        (folder / STATE).mkdir(exist_ok=True)
        record = _read_record(folder)
        for name, original in originals.items():
            _lay(done, folder, f"{lang}/{name}", original.read_text(encoding="utf-8"), record)
        _write(folder / STATE / _RECORD, json.dumps(record, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LearnerError("workspace-cannot-write", folder=folder, reason=reason) from error
    return done


def _originals(lang: str) -> Iterator[tuple[str, Path]]:
    home = course_home()
    for path in sorted((home / "notebooks" / lang).glob("*.ipynb")):
        yield path.name, path
    for path in sorted((home / "exercises" / lang).glob("*.ipynb")):
        yield f"{path.stem}_exercise.ipynb", path


def _lay(done: LaidOut, folder: Path, name: str, text: str, record: dict[str, str]) -> None:
    """Put one notebook where it belongs; `record` says which edition was laid out or offered last."""
    target, edition = folder / name, _edition(text)
    if not target.exists():
        _write(target, text)
        done.new.append(name)
    elif (mine := _edition(target.read_text(encoding="utf-8", errors="replace"))) == edition:
        pass
    elif mine == record.get(name):
        _write(target, text)
        done.followed.append(name)
    elif record.get(name) != edition:
        other = _free(target)
        _write(other, text)
        done.beside.append((name, other.relative_to(folder).as_posix()))
    record[name] = edition


def _edition(text: str) -> str:
    """A fingerprint of what is written in a notebook; running it or saving it changes nothing here."""
    try:
        cells = [(c["cell_type"], "".join(c["source"]).rstrip()) for c in json.loads(text)["cells"]]
        written = json.dumps([cell for cell in cells if cell[1]])
    except (ValueError, KeyError, TypeError):  # no notebook any more: whatever it is, it is the student's
        written = text
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _free(target: Path) -> Path:
    """A name beside a file that nothing has yet."""
    names = (f"{target.stem}.new{number or ''}{target.suffix}" for number in range(1000))
    return next(p for p in map(target.with_name, names) if not p.exists())


def where_to_begin(folder: Path, lang: str) -> str:
    """The notebook to open, as a path within the workspace: the one saved last, else the first of the course.

    What was only laid out was never saved: a front end writes the version of its kernel into what it saves.
    """
    names = dict(_originals(lang))
    worked = [path for name in names if _was_saved(path := folder / lang / name)]
    return f"{lang}/{max(worked, key=_last_saved).name if worked else min(names)}"


def _was_saved(path: Path) -> bool:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["language_info"]
        return "version" in about
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _last_saved(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read_record(folder: Path) -> dict[str, str]:
    try:
        record = json.loads((folder / STATE / _RECORD).read_text(encoding="utf-8"))
        return {name: edition for name, edition in record.items() if isinstance(edition, str)}
    except (FileNotFoundError, ValueError, AttributeError):
        return {}


def _write(path: Path, text: str) -> None:
    """The whole file or none of it."""
    waiting = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        waiting.write_text(text, encoding="utf-8", newline="\n")
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def open_lab(folder: Path | str, lang: str, browser: bool = True, port: int | None = None) -> int:
    """Lay out a workspace and work in it with JupyterLab, until that is closed.

    Parameters
    ----------
    folder : path
        The workspace; made if it is not there.
    lang : "en" or "zh"
        Of the notebooks, the messages and, where the language pack is installed, the menus.
    browser : bool
        Open a browser; without, the address is printed.
    port : int, optional
        Use this port or none; by default the next free one is taken.

    Returns
    -------
    int
        What JupyterLab says when it ends, 0 when all is well.
    """
    from rgteach.course.launch import launch

    done = lay_out(folder, lang)
    for line in done.lines():
        print(line)
    return launch(done.folder, lang, where_to_begin(done.folder, lang), browser=browser, port=port)
