"""What a child tries so that we know which layers hold here; run by `probe`, behind the wall."""

from __future__ import annotations

import mmap
import os
import socket
import threading
from collections.abc import Callable, Mapping

# asked in the warm process, where no layer forbids the question: who is on this network?
try:
    NEIGHBOURS = [name for _, name in socket.if_nameindex()]
except OSError as error:
    NEIGHBOURS = [f"{type(error).__name__}: {error}"]


def handle(job: Mapping, step: str) -> object:
    """Try one thing; gives what came of it."""
    return TRIED[step](job)


def _files(job: Mapping) -> list[str]:
    """Which of the files that exist outside are there."""
    return [path for path in job["files"] if os.path.lexists(path)]


def _network(job: Mapping) -> list[str]:
    return NEIGHBOURS


def _processes(job: Mapping) -> dict:
    return {"own": os.getpid(), "above": os.getppid()}


def _landlock(job: Mapping) -> str:
    return _refused(lambda: os.listdir("/"))


def _seccomp(job: Mapping) -> str:
    def fork() -> None:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)

    return _refused(fork)


def _memory(job: Mapping) -> str:
    return _refused(lambda: mmap.mmap(-1, job["too_much"]).close())


def _threads(job: Mapping) -> str:
    gate, many = threading.Event(), []

    def start() -> None:
        for _ in range(job["too_many"]):
            many.append(threading.Thread(target=gate.wait))
            many[-1].start()

    try:
        return _refused(start)
    finally:
        gate.set()


def _disk(job: Mapping) -> str:
    def fill() -> None:
        for number in range(job["too_full"]):
            with open(f"{number}", "wb") as file:
                file.write(bytes(1 << 20))

    return _refused(fill)


def _refused(call: Callable[[], object]) -> str:
    """The name of the exception with which the system refuses; nothing where it lets it happen."""
    try:
        call()
    except (OSError, MemoryError, RuntimeError) as error:
        return type(error).__name__
    return ""


TRIED = {
    "files": _files,
    "network": _network,
    "processes": _processes,
    "landlock": _landlock,
    "seccomp": _seccomp,
    "memory": _memory,
    "threads": _threads,
    "disk": _disk,
}
