"""The warm process: it holds the libraries and no secret, and forks a child for each job.

It reads its settings once, imports, and then obeys orders of nine bytes on its control socket:

    s NUMBER  start a child on the socket that comes along; NUMBER is the address space it may have, 0 for any
    k NUMBER  end the child, after at most so many milliseconds in which it may end by itself

and answers with a frame when the child is gone.  A job never passes through here: it goes over a socket of
its own straight to the child, so that the next child inherits nothing of it.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable

from rgteach.sandbox import child, folder, frames
from rgteach.sandbox.limits import RARELY

ORDER = struct.Struct(">cQ")


def main(fd: int) -> None:
    """Serve until the other side closes; `fd` is the control socket."""
    with socket.socket(fileno=fd) as control:
        settings = frames.receive(control)
        if settings is None:
            return
        if settings.get("uid"):
            _become(*settings["uid"])
        warm = Warm(control, settings)
        try:
            warm.serve()
        finally:
            warm.leave()


def _become(uid: int, fallback: int) -> None:
    """Give root away: from here on a user whom nobody else is."""
    os.setgroups([])
    for number in (uid, fallback):
        try:
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
            return
        except OSError:  # a container that knows only the lowest numbers
            continue
    raise PermissionError("this process could not stop being root")


class Warm:
    """What is the same for all children."""

    def __init__(self, control: socket.socket, settings: dict):
        self.control = control
        self.settings = settings
        self.base = settings["base"]
        self.job = os.path.join(self.base, "job")
        self.pid = 0
        self.bell, self._hammer = os.pipe()

    def serve(self) -> None:
        """Import, say what there is, obey."""
        self._listen()
        folder.wipe(self.base)
        folder.fresh(self.base, "job")
        os.chdir(self.job)
        handle, passed_over = self._load()
        getattr(handle, "rehearse", _nothing)()
        layers = self._layers()
        _lay_side_by_side()
        gc.collect()
        gc.freeze()  # so that counting references does not copy all of it into each child
        gc.set_threshold(RARELY)  # a child lives for a moment: what it would find is less than the search
        frames.send(self.control, {"warm": True, "missing": layers.missing, "passed over": passed_over})
        os.dup2(0, 1)  # whatever is printed from here on goes nowhere
        os.dup2(0, 2)
        while (order := self._order()) is not None:
            kind, number, job = order
            if kind == b"s" and job is not None:
                self._child(job, number, handle, layers)
            # `k` without a child: it ended before the order came, and that was told

    def leave(self) -> None:
        """Leave nothing behind."""
        if self.pid:
            self._kill()
        os.chdir("/")
        folder.wipe(self.base)
        if self.settings.get("own base"):
            os.rmdir(self.base)

    def _listen(self) -> None:
        """Have a bell rung when a child ends."""
        for fd in (self.bell, self._hammer):
            os.set_blocking(fd, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._hammer, warn_on_full_buffer=False)

    def _load(self) -> tuple[Callable, dict[str, str]]:
        gc.disable()
        passed_over = {}
        for name in self.settings["preload"]:
            try:
                importlib.import_module(name)
            except Exception as error:  # hidden, not installed, or it needs what is hidden
                passed_over[name] = f"{type(error).__name__}: {error}"[:200]
        handle = importlib.import_module(self.settings["entry"]).handle
        gc.enable()
        return handle, passed_over

    def _layers(self):
        if not self.settings["layers"]:
            return _NoLayers()
        from rgteach.sandbox.layers import Layers

        return Layers.prepared(**self.settings["layers"])

    def _order(self) -> tuple[bytes, int, socket.socket | None] | None:
        """The next order; None when the other side has gone."""
        raw, passed, _, _ = socket.recv_fds(self.control, ORDER.size, 1)
        while raw and len(raw) < ORDER.size:
            more = self.control.recv(ORDER.size - len(raw))
            raw = raw + more if more else b""
        if not raw:
            return None
        kind, number = ORDER.unpack(raw)
        return kind, number, socket.socket(fileno=passed[0]) if passed else None

    def _child(self, job: socket.socket, space: int, handle: Callable, layers) -> None:
        """Fork, and see the child to its end."""
        os.chdir("/")
        folder.wipe(self.base)
        folder.fresh(self.base, "job", "shm")
        for link, target in self.settings["links"]:
            os.makedirs(os.path.dirname(link), exist_ok=True)
            os.symlink(target, link)
        self.pid = os.fork()
        if self.pid == 0:
            self.control.detach()
            child.forked(job, handle, lambda: layers.put_on(space), self.job)
        job.close()
        frames.send(self.control, {"pid": self.pid})
        code = self._until_it_ends()
        folder.wipe(self.base)
        frames.send(self.control, {"ended": code})

    def _until_it_ends(self) -> int:
        """Wait for the end of the child or the order to end it; gives its exit code, -9 for a signal."""
        poll, end = select.poll(), None
        for fd in (self.control.fileno(), self.bell):
            poll.register(fd, select.POLLIN)
        while True:
            left = None if end is None else max(0.0, end - time.monotonic()) * 1000
            for fd, _ in poll.poll(left):
                if fd == self.bell:
                    os.read(self.bell, 4096)
                else:
                    order = self._order()
                    end = time.monotonic() + (order[1] / 1000 if order else 0.0)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            if end is not None and time.monotonic() >= end:
                return self._kill()

    def _kill(self) -> int:
        """End the child and, where it could start some, its children."""
        for kill, pid in ((os.killpg, self.pid), (os.kill, self.pid)):
            try:
                kill(pid, signal.SIGKILL)
            except OSError:  # it has no group yet, or is gone
                pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)


def _nothing() -> None:
    """What an entry rehearses that has nothing to rehearse."""


def _lay_side_by_side() -> None:
    """The names of modules next to one another: a child that looks through them copies six pages, not 130."""
    copies = {(name + ".")[:-1]: module for name, module in sys.modules.items()}
    sys.modules.clear()
    sys.modules.update(copies)


class _NoLayers:
    """Where nothing keeps a child back."""

    missing: dict[str, str] = {}

    def put_on(self, space: int) -> None:
        """Nothing."""
