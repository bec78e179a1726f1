"""Deal submissions out: to this process, to several of this machine, or to a cluster; results in order.

Each process has its own warm boxes.  Results are handed on as they come, and no more submissions are under
way than there is work for, so memory does not grow with the class.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from rgteach.grading import seeds
from rgteach.grading.grader import Grader
from rgteach.grading.model import Graded
from rgteach.grading.students import Found
from rgteach.sandbox.limits import DEFAULT, Limits

ENOUGH_FOR_TWO = 8  # submissions; a second process has to start and to read the course first
AHEAD = 4  # submissions under way for each process


def grade(
    submissions: Iterable[Found],
    *,
    root: Path | None = None,
    secret_file: Path | None = None,
    jobs: int | None = None,
    limits: Limits = DEFAULT,
    isolate: bool = True,
    scheduler: str | None = None,
    insecure: bool = False,
) -> Iterator[Graded]:
    """Grade submissions, and hand each on when it and all before it are done.

    Parameters
    ----------
    submissions : iterable of Found
    root : path, optional
        The course; by default the one that is installed.
    secret_file : path, optional
        Where the secret is kept that hidden cases are made from; made when it is not there.
    jobs : int, optional
        Processes; by default as many as there are processors, fewer for a small class.
    limits : Limits
        For the code of one submission.
    isolate : bool
        Without it nothing keeps a student's code apart, and what comes out is no grade.
    scheduler : str, optional
        The address of a dask scheduler, which deals the work out instead.
    insecure : bool
        Even over lines that are not encrypted.

    Raises
    ------
    LearnerError
        If there is no wall here, the course has no pages, or the secret cannot be kept.
    """
    secret = seeds.secret(secret_file)
    submissions = iter(submissions)
    if scheduler:
        from rgteach.grading.cluster import spread

        how = {"root": root, "secret": secret, "limits": limits, "isolate": isolate, "insecure": insecure}
        yield from spread(submissions, scheduler, **how)
        return
    first = list(islice(submissions, ENOUGH_FOR_TWO))
    jobs = jobs or (processors() if len(first) == ENOUGH_FOR_TWO else 1)
    rest = _chained(first, submissions)
    if jobs == 1:
        with Grader(root, secret, limits, isolate) as grader:
            yield from map(grader.grade, rest)
    else:
        yield from _by_processes(rest, jobs, (root, secret, limits, isolate))


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chained(first: list[Found], rest: Iterator[Found]) -> Iterator[Found]:
    yield from first
    yield from rest


def _by_processes(submissions: Iterator[Found], jobs: int, how: tuple) -> Iterator[Graded]:
    """In order; a process that ends (memory, say) costs a new pool, and the submission a second try."""
    waiting: deque[tuple[Found, Future]] = deque()
    pool = _pool(jobs, how)
    try:
        while True:
            for found in islice(submissions, jobs * AHEAD - len(waiting)):
                waiting.append((found, pool.submit(_grade, found)))
            if not waiting:
                return
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


_grader: Grader | None = None


def _start(root: Path | None, secret: seeds.Secret, limits: Limits, isolate: bool) -> None:
    global _grader
    _grader = Grader(root, secret, limits, isolate)
    import atexit

    atexit.register(_grader.close)


def _grade(found: Found) -> Graded:
    return _grader.grade(found)
