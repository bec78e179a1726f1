"""How many processors there are, and how BLAS is kept from fighting over them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Matrix products keep to the calling thread meanwhile; the caller's own limit is back afterwards.

    Products of this size are quickest on the thread that asks.  Hundreds of them, each handed to several
    threads that wait for one another, were seen to take three to sixteen times as long on two cores.  Only
    the main thread sets the limit, which holds for all: limits that several threads set and lift in turns
    would outlast them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _libraries().limit(limits=1, user_api="blas"):
        yield


@cache
def _libraries():
    """The libraries that have threads of their own; looking for them takes milliseconds."""
    import scipy.linalg  # noqa: F401  # SciPy brings a BLAS of its own, which must be there to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def usable_processors() -> int:
    """How many processors this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
