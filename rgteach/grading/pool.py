"""Several processes of this machine, each with its own warm boxes; results in the order of submissions."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from rgteach.grading import early
from rgteach.grading.model import Graded
from rgteach.grading.seeds import Secret
from rgteach.grading.students import Found
from rgteach.sandbox.limits import RARELY, Limits

AHEAD = 4  # submissions under way for each process


def by_processes(
    submissions: Iterator[Found], jobs: int, how: tuple, meanwhile: Callable[[], object] | None = None
) -> Iterator[Graded]:
    """In order; a process that ends (memory, say) costs a new pool, and the submission a second try."""
    waiting: deque[tuple[Found, Future]] = deque()
    pool = _pool(jobs, how)
    try:
        while True:
            for found in islice(submissions, jobs * AHEAD - len(waiting)):
                waiting.append((found, pool.submit(_grade, found)))
            if not waiting:
                return
            if meanwhile:
                meanwhile()
                meanwhile = None
            found, future = waiting.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                yield _alone(found, how)
                pool = _pool(jobs, how)
                waiting = deque((again, pool.submit(_grade, again)) for again, _ in waiting)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(found: Found, how: tuple) -> Graded:
    """In a process of its own, so that it takes nobody along if it was the one."""
    with _pool(1, how) as pool:
        try:
            return pool.submit(_grade, found).result()
        except BrokenProcessPool:
            told = {"path": found.shown}
            return Graded(
                found.shown, found.student, "", "en", "", 0, 0, 0, (), problem="grade-broke", told=told
            )


def _pool(jobs: int, how: tuple) -> ProcessPoolExecutor:
    # spawned, not forked: a progress bar's thread may hold a lock at this moment
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start, initargs=how)


_grader = None


def _start(root: Path | None, secret: Secret, limits: Limits, isolate: bool, glance: Found | None) -> None:
    global _grader
    gc.set_threshold(RARELY)
    boxes = early.boxes(glance, root, limits, isolate)
    from rgteach.grading.grader import Grader

    _grader = Grader(root, secret, limits, isolate, boxes)
    import atexit

    atexit.register(_grader.close)


def _grade(found: Found) -> Graded:
    return _grader.grade(found)
