"""The line to a dask scheduler: opened, refused where others could read it, closed again.

tcp://127.0.0.1:8786      a scheduler on this machine, or at the other end of an SSH tunnel
tls://grading:8786        one elsewhere; dask reads the certificates from its own configuration
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from rgteach.errors import LearnerError


@contextmanager
def connected(scheduler: str, insecure: bool, seconds: float) -> Iterator:
    """A client of a scheduler that has a worker.

    Parameters
    ----------
    scheduler : str
        Its address.
    insecure : bool
        Take lines that are not encrypted, too.
    seconds : float
        How long to wait for the scheduler and for a first worker.

    Raises
    ------
    LearnerError
        If there is none, or a line to it or to a worker can be read by others.
    """
    try:
        from distributed import Client
    except ImportError:
        raise LearnerError("cluster-no-dask") from None
    _refuse_open_line(scheduler, insecure)
    try:
        with ThreadPoolExecutor(1) as apart:  # a notebook has a loop of its own in this thread
            apart.submit(asyncio.run, _knock(scheduler, seconds)).result()
        client = Client(scheduler, timeout=seconds, set_as_default=False)
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        reason = str(error) or type(error).__name__
        raise LearnerError("cluster-no-scheduler", address=scheduler, reason=reason) from None
    try:
        with suppress(TimeoutError):
            client.wait_for_workers(1, timeout=seconds)
        if not (workers := client.nthreads()):
            raise LearnerError("cluster-no-workers", address=scheduler, seconds=f"{seconds:g}")
        for worker in workers:
            _refuse_open_line(worker, insecure)
        yield client
    finally:
        client.close(timeout=10)


async def _knock(scheduler: str, seconds: float) -> None:
    """See whether somebody answers, before there is a client that would have to be cleared away."""
    from distributed import Security
    from distributed.core import connect

    line = await connect(scheduler, timeout=seconds, **Security().get_connection_args("client"))
    line.abort()


def _refuse_open_line(address: str, insecure: bool) -> None:
    if not insecure and not is_private(address):
        raise LearnerError("cluster-open-line", address=address)


def is_private(address: str) -> bool:
    """Whether nobody else can read what goes to an address: it is encrypted, or never leaves this machine.

    >>> is_private("tcp://127.0.0.1:8786"), is_private("tls://grading:8786"), is_private("tcp://grading:8786")
    (True, True, False)
    """
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme in ("tls", "wss", "inproc"):
        return True
    host = parts.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
