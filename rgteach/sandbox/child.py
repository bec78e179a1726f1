"""What a student's process does: read its job, run the steps in order, hand back a frame for each."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import nullcontext

from rgteach.sandbox import frames

FIRST = 3  # the file that is not standard input, output or error
MOST_FILES = 1 << 30
ENDED, RAISED, REFUSED = 0, 70, 71  # what the process ends with


def greet(sock: socket.socket, put_on: Callable[[], None]) -> bool:
    """Put the layers on and say so; whether they are on."""
    try:
        put_on()
    except BaseException as error:
        frames.send(sock, {"ready": False, "why": _told(error)})
        return False
    frames.send(sock, {"ready": True})
    return True


def live(sock: socket.socket, handle: Callable) -> int:
    """Take the job and work; gives what the process ends with."""
    order = frames.receive(sock)
    return work(sock, handle, **order) if isinstance(order, dict) else ENDED


def work(sock: socket.socket, handle: Callable, job: Mapping, steps: list[str], parts: list[str]) -> int:
    """Run the steps; one that raises ends the job: it should take care of what a student's code does.

    `handle.around`, where there is one, is a context that is entered once for all steps.
    """
    with getattr(handle, "around", nullcontext)():
        for step in steps:
            try:
                own = {"part": frames.receive(sock)} if step in parts else {}
                raw = frames.pack({"step": step, "frame": handle({**job, **own}, step)})
            except BaseException as error:  # SystemExit too
                frames.send(sock, {"step": step, "raised": _told(error)})
                return RAISED
            sock.sendall(raw)
    return ENDED


def forked(job: socket.socket, handle: Callable, put_on: Callable[[], None], folder: str) -> None:
    """Live as a child of the warm process, which is copied here with all it has open; never returns."""
    code = RAISED
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)  # opened anew: what was inherited, all children share
        for fd in range(FIRST):
            os.dup2(nowhere, fd)
        os.chdir(folder)
        if not greet(job, put_on):
            code = REFUSED
        else:
            os.dup2(job.detach(), FIRST)
            os.closerange(FIRST + 1, MOST_FILES)  # before the job is taken, and any of its code is here
            code = RAISED
            code = live(socket.socket(fileno=FIRST), handle)
    finally:
        os._exit(code)  # at once: nothing that was left for the end of the program runs


def _told(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:400]
    except Exception:  # an exception of the student's own, with a faulty __str__
        return type(error).__name__
