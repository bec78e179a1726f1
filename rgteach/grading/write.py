"""What came of grading: `scores.json` for programs, `scores.csv` for people; each whole or not at all.

    {"format": 1, "made_with": "0.1.0", "graded": [
    {"counts": true, "handed_in": "2026-11-21T10:00:00+00:00", "submission": "…", …},
    …
    ]}

One submission stands on one line, sorted by its path, so memory does not grow with the class: lines are put
aside while they come in, and only where each lies is remembered.  What an earlier run found for other files
stays; a file that is graded again takes the place of what was found for it.  Of several submissions of a
student for a lab all are listed, and the one that was handed in last `counts`.  How long each took stands in
`seconds.json` (see `took`).
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from rgteach import __version__
from rgteach.errors import LearnerError
from rgteach.grading import took
from rgteach.grading.model import FORMAT, Graded, from_data, to_data
from rgteach.grading.rows import FIRST, LAST, cell, row
from rgteach.grading.whole import replacing

JSON, CSV = "scores.json", "scores.csv"


@dataclass(frozen=True, order=True)
class _Place:
    """Where the two lines of a submission were put aside, and what sorts them."""

    submission: str
    student: str
    lab: str
    handed_in: str
    line: tuple[int, int]
    row: tuple[int, int]


class Scores:
    """Takes graded submissions as they come, and writes both files when it is closed.

    Parameters
    ----------
    out : path
        The folder, which must be there.
    handed_in : mapping of str to str
        When each submission was handed in, by its path as it is shown.
    fresh : bool
        Leave out what an earlier run found.

    Raises
    ------
    LearnerError
        If the files cannot be written, or what is there is no `scores.json`.
    """

    def __init__(self, out: Path | str, handed_in: Mapping[str, str] | None = None, *, fresh: bool = False):
        self.out, self.fresh = Path(out), fresh
        self.kept = 0  # submissions of an earlier run
        self.seeds: set[str] = set()  # and all that they were graded with
        self._handed_in = handed_in or {}
        self._places: list[_Place] = []
        self._again: set[object] = set()
        self._exercises: dict[str, dict[str, None]] = {}
        self._took: dict[str, list[float]] = {}
        # both are tried before hours of grading depend on them
        with self._told():
            self._aside = tempfile.TemporaryFile("w+b", dir=self.out)  # noqa: SIM115  closed when this is
        if not fresh and (self.out / JSON).exists():
            _look_at(self.out / JSON)

    def __enter__(self) -> Scores:
        return self

    def __exit__(self, kind, error, trace) -> None:
        """Write what there is, after an interruption too; nothing where nothing was graded."""
        try:
            if self._places or kind is None:
                self.close()
        finally:
            self._aside.close()

    def add(self, graded: Graded) -> None:
        """Take one submission."""
        self._again |= {graded.submission, (graded.student, graded.lab, graded.digest)}
        self._put(to_data(graded), self._handed_in.get(graded.submission, ""))

    def _put(self, data: dict, handed_in: str) -> None:
        kept, seconds = took.taken_out(data)
        kept = {k: v for k, v in kept.items() if k not in ("counts", "handed_in")}
        ids = self._exercises.setdefault(data["lab"], {})
        ids |= dict.fromkeys(grade["exercise"] for grade in data["exercises"])
        names = (data["submission"], data["student"], data["lab"], handed_in)
        self.seeds |= {data["seed"]} - {""}
        self._took[data["submission"]] = seconds
        line = self._set_aside(kept)
        self._places.append(_Place(*names, line, self._set_aside(row(data))))

    def _set_aside(self, data: dict) -> tuple[int, int]:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        start = self._aside.seek(0, os.SEEK_END)
        self._aside.write(text)
        return start, len(text)

    def _taken(self, at: tuple[int, int]) -> bytes:
        self._aside.seek(at[0])
        return self._aside.read(at[1])

    def close(self) -> None:
        """Write `scores.json`, then `scores.csv`; what another run wrote in the meantime stays too."""
        with _one_at_a_time(self.out):
            self._close()

    def _close(self) -> None:
        if not self.fresh:
            self._keep_earlier()
        self._places.sort()
        latest: dict[tuple[str, str], _Place] = {}
        for place in sorted(self._places, key=lambda p: (p.handed_in, p)):
            latest[place.student, place.lab or place.submission] = place
        counting = {id(place) for place in latest.values()}
        with self._told():
            self._write_json(counting)
            self._write_csv(counting)
            with replacing(self.out / took.NAME) as file:
                took.write(file, ((place.submission, self._took[place.submission]) for place in self._places))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise LearnerError("scores-not-written", folder=self.out, reason=reason) from None

    def _keep_earlier(self) -> None:
        if not (self.out / JSON).exists():
            return
        new = {place.submission: k for k, place in enumerate(self._places)}
        for data in lines(self.out / JSON):
            names = data["submission"], (data["student"], data["lab"], data["digest"])
            if not self._again & set(names):
                self._put(data, str(data.get("handed_in", "")))
                self.kept += 1
            elif (k := new.get(data["submission"])) is not None and not self._places[k].handed_in:
                # written anew by whoever marked it, say: when it was handed in stays
                self._places[k] = replace(self._places[k], handed_in=str(data.get("handed_in", "")))

    def _write_json(self, counting: set[int]) -> None:
        with replacing(self.out / JSON) as file:
            file.write(f'{{"format": {FORMAT}, "made_with": "{__version__}", "graded": [\n'.encode())
            for k, place in enumerate(self._places):
                extra = {"counts": id(place) in counting, "handed_in": place.handed_in}
                head = json.dumps(extra)[:-1].encode()
                file.write((b",\n" if k else b"") + head + b", " + self._taken(place.line)[1:])
            file.write(b"\n]}\n")

    def _write_csv(self, counting: set[int]) -> None:
        exercises = dict.fromkeys(e for lab in sorted(self._exercises) for e in self._exercises[lab])
        with replacing(self.out / CSV) as raw:
            raw.write("\ufeff".encode())  # without it Excel does not read Chinese
            lines = csv.writer(_Encoded(raw))
            lines.writerow([*FIRST, *exercises, *LAST])
            for place in self._places:
                found = json.loads(self._taken(place.row))
                found |= {"counts": id(place) in counting, "handed_in": place.handed_in}
                lines.writerow(cell(found.get(name, "")) for name in (*FIRST, *exercises, *LAST))


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two runs that end at once write one after the other, so that the later reads what the first wrote."""
    try:
        import fcntl
    except ImportError:  # Windows, where a folder cannot be locked
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:  # a drive without locks
        pass
    try:
        yield
    finally:
        os.close(handle)


class _Encoded:
    """A file of bytes that takes text."""

    def __init__(self, file: IO[bytes]):
        self.file = file

    def write(self, text: str) -> int:
        return self.file.write(text.encode("utf-8", "replace"))


def write(out: Path | str, graded: Iterable[Graded], *, fresh: bool = False) -> Path:
    """Write graded submissions into a folder; returns the place of `scores.json`."""
    with Scores(out, fresh=fresh) as scores:
        for one in graded:
            scores.add(one)
    return Path(out) / JSON


# ---------------------------------------------------------------- reading


def load(path: Path | str) -> list[Graded]:
    """All graded submissions of a `scores.json`.

    Raises
    ------
    OSError
        If it cannot be opened.
    LearnerError
        If it is something else.
    """
    return list(stream(path))


def stream(path: Path | str) -> Iterator[Graded]:
    """The graded submissions of a `scores.json`, one after the other."""
    for data in lines(Path(path)):
        try:
            yield from_data(data)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path, error) from None


def _look_at(path: Path) -> None:
    """Whether a file begins and ends as one of results does; one in another shape is read as a whole."""
    with open(path, "rb") as file:
        begins = file.readline().startswith(f'{{"format": {FORMAT},'.encode())
        file.seek(max(0, path.stat().st_size - 16))
        if begins and file.read().rstrip().endswith(b"\n]}"):
            return
    for _ in lines(path):
        pass


def lines(path: Path) -> Iterator[dict]:
    """The data of each submission with `counts` and `handed_in`; another program may have shaped the file."""
    seconds = took.read(path.parent)
    return (took.put_back(data, seconds) for data in _lines(path))


def _lines(path: Path) -> Iterator[dict]:
    with open(path, encoding="utf-8") as file:
        try:
            head = json.loads(file.readline() + "]}")
            if head["format"] != FORMAT or head["graded"]:
                raise ValueError(f"format {head['format']}")
            by_line = True
        except (ValueError, KeyError, TypeError):
            by_line = False
        try:
            if by_line:
                for line in file:
                    if (text := line.strip().rstrip(",")) not in ("", "]}"):
                        yield json.loads(text)
                return
            file.seek(0)
            data = json.load(file)
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']}")
            yield from data["graded"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise _damaged(path, error) from None


def _damaged(path: Path | str, error: Exception) -> LearnerError:
    return LearnerError("scores-damaged", path=path, reason=f"{type(error).__name__}: {error}"[:200])
