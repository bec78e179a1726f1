"""The grader's hold on a warm process: start it, have it fork children, end it."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from rgteach.sandbox import frames
from rgteach.sandbox.warm import ORDER

WARM_SECONDS = 90.0  # to import everything, from a slow disk too
END_SECONDS = 5.0  # to end a child and clear its folder
MOST = 1 << 20  # bytes of a frame from the warm process
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class NotStarted(Exception):
    """The warm process is not there: why, in its own words."""


class Died(Exception):
    """The warm process has ended in the middle of its work."""


@dataclass(frozen=True)
class Plan:
    """How a warm process is started: the command, its environment, and what it is told first."""

    command: tuple[str, ...]
    env: dict[str, str]
    settings: dict = field(default_factory=dict)
    memory_mb: int = 0  # of address space for a child, beyond the warm process's; 0 for any
    own_base: bool = False  # no wall: the base is a folder of this system, and ours to remove


class Keeper:
    """One warm process, from start to end; it goes on importing while others work, until it is `ready`."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.missing: dict[str, str] = {}
        self.passed_over: dict[str, str] = {}
        self.base = tempfile.mkdtemp(prefix="rgteach-box-") if plan.own_base else ""
        self.space = 0
        self.owner = os.getpid()
        self.process = None
        self.is_ready = False
        self.control, theirs = socket.socketpair()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  it is read when the process complains
        try:
            with theirs:
                self._start(theirs)
        except BaseException:
            self.close()
            raise

    def _start(self, theirs: socket.socket) -> None:
        _ask_who_sends(self.control)
        self.process = subprocess.Popen(
            [*self.plan.command, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            env=self.plan.env | ({"HOME": self.base, "TMPDIR": self.base} if self.base else {}),
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self.control.settimeout(WARM_SECONDS)
        base = {"base": self.base, "own base": True} if self.base else {}
        try:
            frames.send(self.control, self.plan.settings | base)
        except OSError:  # it has ended already; whoever waits for it will see
            pass

    def ready(self) -> None:
        """Wait until everything is imported.

        Raises
        ------
        NotStarted
        """
        if self.is_ready:
            return
        self.control.settimeout(WARM_SECONDS)
        try:
            host_pid = _sender(self.control)
            hello = frames.receive(self.control, MOST)
        except (OSError, ValueError) as error:
            raise NotStarted(self._last_words() or f"{type(error).__name__}: {error}") from None
        if not isinstance(hello, dict):
            raise NotStarted(self._last_words() or f"exit {self.process.returncode}")
        self.missing, self.passed_over = hello["missing"], hello["passed over"]
        self._weigh(host_pid)
        self._said.close()
        self.is_ready = True

    def _last_words(self) -> str:
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            pass
        return last_line(self._said)

    def _weigh(self, pid: int) -> None:
        """Learn how much address space is taken already; and be the first to go when memory runs out."""
        if not pid or not self.plan.memory_mb:
            return
        try:
            with open(f"/proc/{pid}/statm") as file:
                self.space = int(file.read().split()[0]) * PAGE + (self.plan.memory_mb << 20)
            with open(f"/proc/{pid}/oom_score_adj", "w") as file:
                file.write("500")
        except OSError:  # another system, or processes are hidden from one another
            pass

    def child(self) -> Forked:
        """A new child of the warm process.

        Raises
        ------
        Died
        """
        mine, its = socket.socketpair()
        try:
            with its:
                socket.send_fds(self.control, [ORDER.pack(b"s", self.space)], [its.fileno()])
            told = self.answer(END_SECONDS)
        except BaseException:
            mine.close()
            raise
        return Forked(self, mine, told["pid"])

    def order(self, kind: bytes, number: int) -> None:
        """Send an order without a socket."""
        try:
            self.control.sendall(ORDER.pack(kind, number))
        except OSError as error:
            raise Died from error

    def answer(self, seconds: float) -> dict:
        """The next frame of the warm process."""
        self.control.settimeout(seconds)
        try:
            told = frames.receive(self.control, MOST)
        except (OSError, ValueError) as error:
            raise Died from error
        if not isinstance(told, dict):
            raise Died
        return told

    def alive(self) -> bool:
        """Whether the warm process still listens; it says nothing unasked, so what can be read is its end."""
        if self.owner != os.getpid() or self.process is None or self.process.poll() is not None:
            return False  # a fork of this process has the same sockets, and starts a warm process of its own
        if not self.is_ready:
            return True
        readable, _, _ = select.select([self.control], [], [], 0)
        return not readable

    def close(self) -> None:
        """End the warm process and all that lives with it."""
        self.control.close()
        self._said.close()
        if self.owner != os.getpid():
            return
        if self.process is not None:
            if self.base:
                _wait(self.process, 2.0)  # it ends its child and clears its folder when nobody listens
            self.process.kill()
            self.process.wait()
            self.process = None
        if self.base:
            shutil.rmtree(self.base, ignore_errors=True)


class Forked:
    """A child of the warm process, as `talk.Child` wants it."""

    def __init__(self, keeper: Keeper, sock: socket.socket, pid: int):
        self.keeper, self.sock, self.pid = keeper, sock, pid
        self.watch = keeper.control
        self.code: int | None = None
        self.gone = False

    def over(self) -> bool:
        """Whether it has ended; a warm process that has died took it along."""
        if not self.gone:
            try:
                self.code = self.keeper.answer(END_SECONDS).get("ended")
            except Died:
                self._lost()
            self.gone = True
        return True

    def end(self, grace: float) -> int | None:
        """End it, after so many seconds; what it ended with."""
        self.sock.close()
        if not self.gone:
            try:
                self.keeper.order(b"k", int(grace * 1000))
                self.code = self.keeper.answer(grace + END_SECONDS).get("ended")
            except Died:
                self._lost()
            self.gone = True
        return self.code

    def _lost(self) -> None:
        if self.keeper.base:  # without a wall nothing takes the child along
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except OSError:
                pass
        self.keeper.close()


def last_line(said) -> str:
    """The last line that a process complained with, which names the trouble."""
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").split("\n")
    return next((line.strip()[:400] for line in reversed(lines) if line.strip()), "")


def _wait(process: subprocess.Popen, seconds: float) -> None:
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)


def _ask_who_sends(control: socket.socket) -> None:
    if hasattr(socket, "SO_PASSCRED"):
        control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)


def _sender(control: socket.socket) -> int:
    """The process that answers, as this side of the wall numbers it; 0 where the system does not say."""
    if not hasattr(socket, "SO_PASSCRED"):
        return 0
    size = struct.calcsize("3i")
    _, told, _, _ = control.recvmsg(1, socket.CMSG_SPACE(size), socket.MSG_PEEK)
    for level, kind, data in told:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return struct.unpack("3i", data[:size])[0]
    return 0
