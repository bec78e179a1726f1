"""A box for code that nobody has read: jobs go in, plain JSON data comes out.

    with Box("rgteach.grading.inside", hidden=["skimage.feature"], preload=["numpy"]) as box:
        ran = box.run(job, steps)

One box has one warm process and runs one job at a time; several threads or processes take a box each.  On
Linux the warm process ends with the thread that started it, and the next job starts another.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence

from rgteach.errors import LearnerError
from rgteach.sandbox import alone, bare, keeper, talk, wall
from rgteach.sandbox.limits import Limits, Ran

TRIES = 3  # starts in a row that may fail


class Box:
    """A warm process that forks a child for each job, behind a wall or without one.

    Parameters
    ----------
    entry : module with `handle(job, step)`, which runs in the child and gives JSON data
    hidden : modules whose files are not there behind the wall
    preload : modules that are imported once, before the first job; those that are not there are passed over
    limits : what a job may use
    isolate : behind the wall, or (self-check) as an ordinary process

    Raises
    ------
    LearnerError
        If the wall is wanted and cannot be built here.
    """

    def __init__(
        self,
        entry: str,
        *,
        hidden: Sequence[str] = (),
        preload: Sequence[str] = (),
        limits: Limits = Limits(),  # noqa: B008  it is frozen
        isolate: bool = True,
    ):
        self.limits = limits
        self.isolate = isolate
        self._held = _Held()
        self._plan = wall.plan(entry, hidden, preload, limits) if isolate else bare.plan(entry, preload)
        self._start = keeper.Keeper if isolate or bare.forks() else alone.Alone
        self._close = weakref.finalize(self, self._held.drop)

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End everything; a box that is used again starts anew."""
        self._held.drop()

    def begin(self) -> None:
        """Start the warm process and do not wait for it; what goes wrong is said by the first job."""
        try:
            self._held.keeper = self._held.keeper or self._start(self._plan)
        except keeper.NotStarted:
            pass

    @property
    def missing(self) -> dict[str, str]:
        """Layers around a child that are not there, with the reason; starts the warm process."""
        return self._warm().missing

    def run(
        self, job: Mapping[str, object], steps: Sequence[str], parts: Mapping[str, object] | None = None
    ) -> Ran:
        """Run one job in a child of its own; never raises for what the child does.

        Parameters
        ----------
        job : JSON data for `handle`
        steps : run one after the other
        parts : step -> JSON data that is in `job["part"]` for this step, and is handed over only when all
            steps before it that have no part have handed back their frames

        Raises
        ------
        LearnerError
            If the warm process does not start.
        TypeError, ValueError
            If the job is not JSON data.
        """
        steps = list(dict.fromkeys(steps))
        order = talk.Order.of(job, steps, parts or {})
        for _ in range(TRIES):
            warm = self._warm()
            try:
                child = warm.child()
            except keeper.Died:  # before the job began
                self._held.drop()
                continue
            except keeper.NotStarted as error:
                raise self._excuse(error) from None
            try:
                return talk.converse(child, order, self.limits)
            finally:
                if warm.missing or not warm.alive():
                    self._held.drop()
        return Ran({}, "start", steps[0] if steps else "", "the warm process does not stay")

    def _warm(self) -> keeper.Keeper | alone.Alone:
        held = self._held
        if held.keeper is not None and not held.keeper.alive():
            held.drop()
        for left in reversed(range(TRIES)):
            try:
                held.keeper = held.keeper or self._start(self._plan)
                held.keeper.ready()
                break
            except keeper.NotStarted as error:
                held.drop()
                if not left:
                    raise self._excuse(error) from None
        return held.keeper

    def _excuse(self, error: Exception) -> LearnerError:
        reason = str(error)
        if self.isolate and reason.startswith("bwrap:"):
            return LearnerError("sandbox-refused", reason=reason)
        return LearnerError("sandbox-not-started", reason=reason)


class _Held:
    """What a box holds; apart from it, so that a forgotten box can be collected."""

    keeper: keeper.Keeper | alone.Alone | None = None

    def drop(self) -> None:
        held, self.keeper = self.keeper, None
        if held is not None:
            held.close()
