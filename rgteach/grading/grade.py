"""Deal submissions out: to this process, to several of this machine, or to a cluster; results in order.

Results are handed on as they come, and no more submissions are under way than there is work for, so memory
does not grow with the class.  The first warm process starts before the grader itself is loaded.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from rgteach.grading import early, seeds
from rgteach.grading.model import Graded
from rgteach.grading.students import Found
from rgteach.sandbox.limits import DEFAULT, RARELY, Limits

ENOUGH_FOR_TWO = 8  # submissions; a second process has to start and to read the course first


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
    meanwhile: Callable[[], object] | None = None,
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
    meanwhile : function, optional
        Called once, while other processes are starting and there is nothing to do here.

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
    how, glance = (root, secret, limits, isolate), first[0] if first else None
    if jobs == 1:
        boxes = early.boxes(glance, root, limits, isolate)
        from rgteach.grading.grader import Grader

        with _searching_rarely(), Grader(*how, boxes, meanwhile) as grader:
            yield from map(grader.grade, rest)
    else:
        from rgteach.grading.pool import by_processes

        yield from by_processes(rest, jobs, (*how, glance), meanwhile)


@contextmanager
def _searching_rarely() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chained(first: list[Found], rest: Iterator[Found]) -> Iterator[Found]:
    yield from first
    yield from rest
