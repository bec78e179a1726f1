"""What a dask worker keeps while it grades: the course, the secret, one warm grader; imported where dask is.

The course arrives as one parcel and lies in the worker's own folder, readable by its user alone.  All work
is done by one thread: a grader runs one job at a time, and its warm process lives as long as the thread that
started it.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from distributed import WorkerPlugin, get_worker

import rgteach
from rgteach.errors import LearnerError
from rgteach.grading.early import ENTRY
from rgteach.grading.grader import Grader
from rgteach.grading.model import Graded
from rgteach.grading.seeds import Secret
from rgteach.grading.students import Found
from rgteach.sandbox.box import Box
from rgteach.sandbox.limits import Limits

PATIENCE = 5.0  # seconds
_COURSE = ("solutions/[0-9][0-9]_*.md", "exercises/*/[0-9][0-9]_*.ipynb", "exercises/keys/*.json")


@dataclass(frozen=True)
class Sheet:
    """A submission on its way: who handed it in, and the bytes of the file."""

    found: Found
    raw: bytes


class Unfit(Exception):
    """A worker that cannot grade: the key and the values of a sentence, as plain text."""

    def __init__(self, key: str, values: dict, worker: str = ""):
        super().__init__(key, values, worker)
        self.key, self.values, self.worker = key, values, worker


class Desk(WorkerPlugin):
    """One run of grading, on one worker; made where the class is, so that it knows the edition there."""

    def __init__(self, name: str, parcel: bytes, secret: Secret, limits: Limits, isolate: bool):
        self.name, self._edition = name, edition()
        self._parcel, self._secret, self._limits, self._isolate = parcel, secret, limits, isolate

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def setup(self, worker) -> None:
        """Called by dask when the worker takes part."""
        self._thread = ThreadPoolExecutor(1, "rgteach")
        self._place, self._address = worker.local_directory, worker.address
        self._folder: Path | None = None
        self._grader: Grader | None = None
        self._over = False

    async def teardown(self, worker) -> None:
        """Called by dask when the run is over, or the worker."""
        self._over = True
        closing = asyncio.wrap_future(self._thread.submit(self._close))
        await asyncio.wait([closing], timeout=PATIENCE)  # for the submission that runs
        self._thread.shutdown(wait=False)

    def fit(self) -> None:
        """Get ready to grade.

        Raises
        ------
        Unfit
            If there is no wall here, say.
        """
        self._thread.submit(self._told, self._fit).result()

    def grade(self, sheets: Sequence[Sheet]) -> list[Graded]:
        """Grade some submissions.

        Raises
        ------
        Unfit
            If it is this worker that cannot.
        """
        return self._thread.submit(self._told, self._grade, sheets).result()

    def _told(self, function, *args):
        try:
            return function(*args)
        except LearnerError as error:
            values = {name: str(value) for name, value in error.values.items()}
            raise Unfit(error.key, values, self._address) from None

    def _fit(self) -> None:
        grader = self._ready()
        with Box(ENTRY, limits=grader.limits, isolate=grader.isolate) as box:
            box.run({}, ())  # builds the wall, if it can be built here

    def _grade(self, sheets: Sequence[Sheet]) -> list[Graded]:
        grader, done = self._ready(), []
        for sheet in sheets:
            if self._over:  # nobody waits for the rest
                raise RuntimeError("the run is over")
            with tempfile.TemporaryDirectory(dir=self._folder) as place:
                path = Path(place) / "submission.ipynb"
                path.write_bytes(sheet.raw)
                done.append(grader.grade(replace(sheet.found, path=path)))
        return done

    def _ready(self) -> Grader:
        if self._grader is None:
            if edition() != self._edition:
                values = {"worker": self._address, "theirs": edition(), "ours": self._edition}
                raise LearnerError("cluster-other-edition", **values)
            self._folder = Path(tempfile.mkdtemp(prefix="rgteach-", dir=self._place))  # for its owner alone
            unpack(self._parcel, self._folder / "course")
            self._grader = Grader(self._folder / "course", self._secret, self._limits, self._isolate)
        return self._grader

    def _close(self) -> None:
        if self._grader is not None:
            self._grader.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._grader = self._folder = None


def fit(name: str) -> None:
    """In a task: get a worker ready to grade."""
    get_worker().plugins[name].fit()


def grade(name: str, sheets: Sequence[Sheet]) -> list[Graded]:
    """In a task: grade some submissions with what this worker keeps."""
    return get_worker().plugins[name].grade(sheets)


def pack(root: Path) -> bytes:
    """What grading needs of a course, as one parcel, the same each time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as parcel:
        for path in _files(root, _COURSE):
            parcel.writestr(zipfile.ZipInfo(path.relative_to(root).as_posix()), path.read_bytes())
    return held.getvalue()


def unpack(parcel: bytes, folder: Path) -> None:
    """A course out of its parcel."""
    with zipfile.ZipFile(io.BytesIO(parcel)) as files:
        files.extractall(folder)


@cache
def edition() -> str:
    """What a grade hangs on beside the course: this package, Python, NumPy."""
    package = Path(rgteach.__file__).parent
    digest = hashlib.sha256()
    for path in _files(package, ("**/*.py", "words/*.toml")):
        digest.update(
            path.relative_to(package).as_posix().encode() + path.read_bytes().replace(b"\r\n", b"\n")
        )
    python = ".".join(map(str, sys.version_info[:2]))
    return (
        f"rgteach {rgteach.__version__} ({digest.hexdigest()[:8]}), Python {python}, NumPy {np.__version__}"
    )


def _files(root: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})
