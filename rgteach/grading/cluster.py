"""Deal submissions out to the workers of a dask cluster, each with its own sandbox; results in order.

Course and secret go to each worker once, submissions in small parcels, and no more of them are under way than
there is work for.  A worker that is lost or cannot grade loses nothing: its parcel goes to another.  What
student's code may do is the same as on one machine: every worker puts it behind its own wall.
"""

from __future__ import annotations

import logging
import secrets as tokens
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import sleep

from rgteach.course.opening import Refused, contents
from rgteach.course.places import course_home
from rgteach.errors import LearnerError
from rgteach.grading.grader import Grader
from rgteach.grading.model import Graded
from rgteach.grading.scheduler import connected
from rgteach.grading.seeds import Secret
from rgteach.grading.students import Found
from rgteach.sandbox.limits import DEFAULT, Limits

_log = logging.getLogger(__name__)
MOST_SHEETS = 16  # submissions in a parcel: a second of work
MOST_BYTES = 4 * 1024 * 1024  # of their files
AHEAD = 2  # parcels under way for each worker
SECONDS = 60.0  # to wait for a scheduler, and for a first worker
LOOK = 5.0  # seconds between two looks at whether there are workers
NOT_RUN = "grade-not-run"
TRIES = 2  # of a parcel, before its submissions go one by one


def spread(
    submissions: Iterable[Found],
    scheduler: str,
    *,
    root: Path | None = None,
    secret: Secret,
    limits: Limits = DEFAULT,
    isolate: bool = True,
    insecure: bool = False,
    seconds: float = SECONDS,
) -> Iterator[Graded]:
    """Grade submissions on a cluster, and hand each on when it and all before it are done.

    Parameters
    ----------
    submissions : iterable of Found
    scheduler : str
        Its address.
    root : path, optional
        The course; by default the one that is installed here.  The workers need none.
    secret : Secret
        Hidden cases are made from it; it goes to the workers of this scheduler, and to nobody else.
    limits : Limits
        For the code of one submission.
    isolate : bool
        Without it nothing keeps a student's code apart, and what comes out is no grade.
    insecure : bool
        Send secret and submissions over lines that are not encrypted, too.
    seconds : float
        How long to wait for the scheduler and for a first worker.

    Raises
    ------
    LearnerError
        If there is no cluster at the address, a line to it can be read by others, or no worker can grade as
        this machine would.
    """
    root = Path(root) if root else course_home()
    with connected(scheduler, insecure, seconds) as client, Grader(root, secret, limits, isolate) as here:
        run = _Run(client, scheduler, here, f"rgteach-{secret.fingerprint}-{tokens.token_hex(4)}", seconds)
        try:
            run.begin(root)
            yield from run.deal(iter(submissions))
        finally:
            run.end()


@dataclass
class _Parcel:
    """Some submissions, and the task that grades them; those without bytes are of no use."""

    found: Sequence[Found]
    raws: Sequence[bytes | None]
    future: object = None
    tries: int = 0

    def parts(self, tries: int) -> Iterator[_Parcel]:
        """Each submission for itself."""
        pairs = zip(self.found, self.raws, strict=True)
        return (_Parcel([found], [raw], tries=tries) for found, raw in pairs)


@dataclass
class _Run:
    """One class on one cluster."""

    client: object
    address: str
    here: Grader  # says what is wrong with files that are of no use; runs nothing
    name: str
    seconds: float = SECONDS
    unfit: dict[str, LearnerError] = field(default_factory=dict)
    waiting: deque[_Parcel] = field(default_factory=deque)

    def begin(self, root: Path) -> None:
        """Bring course and secret to every worker, and see which can grade as this machine would."""
        from rgteach.grading import worker

        here = self.here
        desk = worker.Desk(self.name, worker.pack(root), here.secret, here.limits, here.isolate)
        self._bring(desk)
        asked = [
            self.client.submit(worker.fit, self.name, workers=[address], pure=False)
            for address in self.client.nthreads()
        ]
        for future in asked:
            try:
                future.result(timeout=self.seconds)
            except worker.Unfit as error:
                self._pass_over(error)
            except Exception:  # lost on the way; another may come in its place
                self._still_there()

    def _bring(self, desk) -> None:
        for left in reversed(range(TRIES)):
            try:
                return self.client.register_plugin(desk, name=self.name)
            except Exception as error:
                self._still_there()
                if isinstance(error, OSError) and left:  # a worker has just gone, and the scheduler will know
                    sleep(LOOK)
                    continue
                reason = f"{type(error).__name__}: {error}"
                raise LearnerError("cluster-not-taken", address=self.address, reason=reason) from None

    def end(self) -> None:
        """Take back what is under way, and what the workers hold."""
        with suppress(Exception):  # whatever is left of the connection
            self.client.cancel([parcel.future for parcel in self.waiting if parcel.future], force=True)
        self.waiting.clear()
        with suppress(Exception):
            self.client.unregister_worker_plugin(self.name)

    def deal(self, submissions: Iterator[Found]) -> Iterator[Graded]:
        """Submissions, graded and in order."""
        supply = self._parcels(submissions)
        while True:
            room = AHEAD * max(1, len(self._fit())) - len(self.waiting)
            self.waiting.extend(map(self._send, islice(supply, max(0, room))))
            if not self.waiting:
                return
            yield from self._done(self.waiting.popleft())

    def _parcels(self, submissions: Iterator[Found]) -> Iterator[_Parcel]:
        """Small ones first, so that a small class too reaches every worker."""
        size, made = 1, 0
        found: list[Found] = []
        raws: list[bytes | None] = []
        for one in submissions:
            found.append(one)
            raws.append(_raw(one))
            if len(found) >= size or sum(len(raw or b"") for raw in raws) >= MOST_BYTES:
                yield _Parcel(found, raws)
                found, raws, made = [], [], made + 1
                size = min(MOST_SHEETS, 1 + made // (AHEAD * max(1, len(self._fit()))))
        if found:
            yield _Parcel(found, raws)

    def _pass_over(self, error) -> None:
        """Remember a worker that cannot grade, and say so; an error where no other is left."""
        if error.worker not in self.unfit:
            self.unfit[error.worker] = LearnerError(error.key, **error.values)
            _log.warning("%s: %s", error.worker, self.unfit[error.worker])
        self._fit()

    def _fit(self) -> list[str]:
        """The workers that there are, without those that cannot grade."""
        there = self.client.nthreads()
        fit = [address for address in there if address not in self.unfit]
        if there and not fit:
            raise next(iter(self.unfit.values()))
        return fit

    def _send(self, parcel: _Parcel) -> _Parcel:
        from rgteach.grading import worker

        pairs = zip(parcel.found, parcel.raws, strict=True)
        sheets = [worker.Sheet(found, raw) for found, raw in pairs if raw is not None]
        where = {"workers": self._fit(), "allow_other_workers": True} if self.unfit else {}
        parcel.future = self.client.submit(worker.grade, self.name, sheets, pure=False, **where)
        parcel.tries += 1
        return parcel

    def _done(self, parcel: _Parcel) -> Iterator[Graded]:
        """What came of a parcel; one that was lost is sent again, at last in parts."""
        from distributed.scheduler import KilledWorker

        from rgteach.grading import worker

        try:
            graded = iter(self._result(parcel.future))
        except worker.Unfit as error:
            self._pass_over(error)
            yield from self._done(self._send(parcel))
        except LearnerError:
            raise
        except Exception as error:
            self._still_there()
            killed = isinstance(error, KilledWorker)  # several workers have been, and one submission did it
            if parcel.tries >= TRIES or (killed and len(parcel.found) > 1):
                yield from self._one_by_one(parcel, error)
            else:
                yield from self._done(self._send(parcel))
        else:
            yield from self._sorted_in(parcel, graded)

    def _sorted_in(self, parcel: _Parcel, graded: Iterator[Graded]) -> Iterator[Graded]:
        """What the workers gave, and between it what is said here of files that are of no use."""
        for part in parcel.parts(parcel.tries):
            if part.raws[0] is None:
                yield self.here.grade(part.found[0])
                continue
            one = next(graded)
            if one.problem == NOT_RUN and part.tries < TRIES:  # the fault of the worker, not of the student
                yield from self._done(self._send(part))
            else:
                yield one

    def _result(self, future) -> list[Graded]:
        """What a task gave, however long it takes, while there is somebody to do it."""
        alone = 0.0
        while True:
            try:
                return future.result(timeout=LOOK)
            except TimeoutError:
                if future.done():  # it is the task's own
                    raise
                alone = 0.0 if self.client.nthreads() else alone + LOOK
                if alone > self.seconds:
                    raise LearnerError(
                        "cluster-no-workers", address=self.address, seconds=f"{alone:g}"
                    ) from None

    def _one_by_one(self, parcel: _Parcel, error: Exception) -> Iterator[Graded]:
        from distributed.scheduler import KilledWorker

        if len(parcel.found) > 1:
            for part in parcel.parts(parcel.tries):
                yield from self._done(self._send(part))
        elif isinstance(error, KilledWorker):
            (found,) = parcel.found
            told = {"path": found.shown}
            yield Graded(
                found.shown, found.student, "", "en", "", 0, 0, 0, (), problem="grade-broke", told=told
            )
        else:
            raise error

    def _still_there(self) -> None:
        if self.client.status != "running":
            raise LearnerError("cluster-lost", address=self.address)


def _raw(found: Found) -> bytes | None:
    """The bytes of a submission; None for a link, a pipe, a file that is not there."""
    try:
        return contents(found.path)
    except Refused:
        return None
