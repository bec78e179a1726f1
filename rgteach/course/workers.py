"""Processes that work on labs side by side, each fresh and in a folder of its own."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

# what every process finds: sets in the same order each time, and no window that opens
_SURROUNDINGS = {"PYTHONHASHSEED": "0", "MPLBACKEND": "agg"}


@contextmanager
def pool(tasks: int) -> Iterator[ProcessPoolExecutor]:
    """A process for each task, as many at once as there are processors."""
    before = {name: os.environ.get(name) for name in _SURROUNDINGS}
    os.environ.update(_SURROUNDINGS)
    made = ProcessPoolExecutor(
        max(1, min(tasks, os.cpu_count() or 1)), multiprocessing.get_context("spawn"), max_tasks_per_child=1
    )
    try:
        with made:
            yield made
    except BaseException:
        made.shutdown(wait=False, cancel_futures=True)
        raise
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def fresh_folder() -> Iterator[None]:
    """Work in an empty folder, which is gone afterwards."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="rgteach-", ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
