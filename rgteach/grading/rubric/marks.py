"""Marks that a person gave, and how they are kept so that nothing is lost, whoever writes at the same time.

    OUT/rubric/WHO-a1b2c3d4.jsonl     a journal: one line a mark, only ever added to, by one process alone
    OUT/rubric.json                   all journals together, made new after each mark

Each process writes a journal of its own, so no two ever write the same file and no lock is needed: this holds
on network drives too, where locks often do not.  The journals are what counts; `rubric.json` follows from
them, and whoever wrote it looks again whether another mark came in meanwhile.

    rubric.json = {"format": 1, "marks": {ANSWER: {
        "student": "alice", "lab": "02", "exercise": "glcm-think",
        "of": [1, 2], "points": [1, null], "complete": false, "total": 1, "comment": "…",
        "who": "Li", "when": "2024-05-01T09:30:00+00:00", "number": 7,
        "history": [{"number": 3, "who": …, "when": …, "points": …, "comment": …}, …]}}}

`points` stand line by line of the rubric, null for a line that nobody has looked at; a mark counts when it
is complete.  Of two marks for one answer the one with the higher number stands; `history` keeps the others.
"""

from __future__ import annotations

import json
import math
import os
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rgteach.grading.rubric.queue import Answer

FORMAT = 1
FILE, FOLDER = "rubric.json", "rubric"
_TRIES = 20


@dataclass(frozen=True)
class Mark:
    """What one person gave one answer at one moment."""

    answer: str
    student: str
    lab: str
    exercise: str
    of: tuple[float, ...]
    points: tuple[float | None, ...]
    comment: str = ""
    who: str = ""
    when: str = ""
    number: int = 0

    @property
    def complete(self) -> bool:
        """Whether every line has been looked at."""
        return bool(self.points) and None not in self.points

    @property
    def total(self) -> float:
        """All points given so far."""
        return math.fsum(points or 0 for points in self.points)


class Marks(Mapping[str, Mark]):
    """The marks of a folder, by answer: read from all journals, added to one of them.

    Parameters
    ----------
    folder : path
        Where `scores.json` lies.
    who : str
        Who marks; without a name nothing can be added.
    """

    def __init__(self, folder: Path, who: str = ""):
        self.folder, self.who = Path(folder), who
        shown = re.sub(r"[^\w-]+", "_", who, flags=re.ASCII)[:40]
        self._mine = self.folder / FOLDER / f"{shown}-{secrets.token_hex(4)}.jsonl"
        self._read: dict[Path, int] = {}  # how far each journal has been read
        self.history: dict[str, list[Mark]] = {}
        self.refresh()

    def __getitem__(self, answer: str) -> Mark:
        return self.history[answer][-1]

    def __iter__(self):
        return iter(self.history)

    def __len__(self) -> int:
        return len(self.history)

    @property
    def number(self) -> int:
        """The highest number of a mark."""
        return max((marks[-1].number for marks in self.history.values()), default=0)

    def refresh(self) -> bool:
        """Read what has been added to the journals; whether there was anything."""
        found = False
        for file in sorted((self.folder / FOLDER).glob("*.jsonl")):
            done = self._read.get(file, 0)
            if file.stat().st_size > done:
                with file.open("rb") as journal:
                    journal.seek(done)
                    new = journal.read()
                whole = new[: new.rfind(b"\n") + 1]  # a line that is being written is read next time
                self._read[file] = done + len(whole)
                found = self._take(whole) or found
        return found

    def _take(self, lines: bytes) -> bool:
        taken = False
        for line in lines.splitlines():
            try:
                mark = _mark(json.loads(line))
            except (ValueError, KeyError, TypeError):  # torn by a crash
                continue
            kept = self.history.setdefault(mark.answer, [])
            kept.append(mark)
            kept.sort(key=lambda m: (m.number, m.when, m.who))
            taken = True
        return taken

    def add(
        self, answer: Answer, of: Sequence[float], points: Sequence[float | None], comment: str = ""
    ) -> Mark:
        """Keep a mark: in the journal first, then in `rubric.json`."""
        self.refresh()
        mark = Mark(
            answer.id,
            answer.student,
            answer.lab,
            answer.exercise,
            tuple(of),
            tuple(points),
            comment,
            self.who,
            datetime.now(UTC).isoformat(timespec="seconds"),
            self.number + 1,
        )
        line = json.dumps(asdict(mark)) + "\n"
        self._mine.parent.mkdir(parents=True, exist_ok=True)
        with self._mine.open("ab", buffering=0) as journal:
            journal.write(line.encode("ascii"))
            os.fsync(journal.fileno())
        self.refresh()
        self.write()
        return self[answer.id]

    def write(self) -> None:
        """Write `rubric.json`, again if somebody else marked meanwhile."""
        for _ in range(_TRIES):
            _replace(self.folder / FILE, json.dumps(self.data(), ensure_ascii=False, indent=1) + "\n")
            if not self.refresh():
                return

    def data(self) -> dict:
        """What `rubric.json` holds."""
        return {"format": FORMAT, "marks": {name: _told(self.history[name]) for name in sorted(self)}}


def load(folder: Path) -> Marks:
    """The marks that were given for the scores in a folder."""
    return Marks(folder)


def _mark(data: Mapping) -> Mark:
    of, points = tuple(map(float, data["of"])), tuple(_points(p) for p in data["points"])
    if len(of) != len(points) or any(
        p is not None and not 0 <= p <= o for p, o in zip(points, of, strict=True)
    ):
        raise ValueError
    texts = {n: str(data[n]) for n in ("answer", "student", "lab", "exercise", "comment", "who", "when")}
    return Mark(of=of, points=points, number=int(data["number"]), **texts)


def _points(given: object) -> float | None:
    return None if given is None else float(given)


def _told(history: list[Mark]) -> dict:
    last = history[-1]
    told = {n: getattr(last, n) for n in ("student", "lab", "exercise", "of", "points", "complete", "total")}
    told |= {n: getattr(last, n) for n in ("comment", "who", "when", "number")}
    earlier = [{n: getattr(m, n) for n in ("number", "who", "when", "points", "comment")} for m in history]
    return told | {"history": earlier}


def _replace(target: Path, text: str) -> None:
    """The whole file or none of it; on Windows a reader may hold the old one for a moment."""
    waiting = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        waiting.write_bytes(text.encode("utf-8", "backslashreplace"))
        for tries_left in reversed(range(_TRIES)):
            try:
                waiting.replace(target)
                return
            except PermissionError:
                if not tries_left:
                    raise
                time.sleep(0.02)
    finally:
        waiting.unlink(missing_ok=True)
