"""The grader's side of one job: hand it over, watch the clock, take frames, believe none of them."""

from __future__ import annotations

import selectors
import signal
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rgteach.sandbox import frames
from rgteach.sandbox.limits import Limits, Ran

START_SECONDS = 20.0
READ = 1 << 16
BEGINNING = b'{"step":"'  # of each frame after the first
GRACE = 0.2  # seconds that a child has to end by itself once it has closed its socket


class Child(Protocol):
    """A student's process as the grader sees it."""

    sock: object  # to the child itself
    watch: object | None  # readable when the child has ended

    def over(self) -> bool:
        """Whether it has ended; asked when `watch` is readable."""

    def end(self, grace: float) -> int | None:
        """End it, after so many seconds; what it ended with, None where nobody knows."""


class _Ended(Exception):
    """The job is over before its last step."""


@dataclass(frozen=True)
class Order:
    """A job as it is handed over; what a step has for itself goes when those before it have not as much.

    Parts are handed over together as soon as only steps with a part of their own are left: by then nothing is
    to come back that may not know of them, and the child need not wait for us before each of its last steps.
    """

    job: bytes
    steps: tuple[str, ...]
    parts: Mapping[str, bytes]

    @classmethod
    def of(cls, job: Mapping, steps: Sequence[str], parts: Mapping[str, object]) -> Order:
        """The texts of a job that are sent."""
        packed = {step: frames.pack(part) for step, part in parts.items() if step in steps}
        about = {"job": job, "steps": list(steps), "parts": list(packed)}
        return cls(frames.pack(about), tuple(steps), packed)


def converse(child: Child, order: Order, limits: Limits) -> Ran:
    """Run a job in a child and end the child, whatever happens."""
    talk = _Talk(child, order, limits)
    ended, detail, grace = "done", "", 0.0
    try:
        talk.go()
    except _Ended as stop:
        ended, detail = stop.args
        grace = GRACE if ended == "died" else 0.0
    except frames.Flood as error:
        ended, detail = "flood", str(error)
    except frames.Garbage as error:
        ended, detail = "garbage", str(error)
    finally:
        code = child.end(grace)
    if ended == "died" and not talk.ready:
        ended = "start"
    step = "" if ended == "done" else talk.step
    return Ran(talk.found, ended, step, detail or (_told(code) if ended == "died" else ""), talk.seconds)


def _told(code: int | None) -> str:
    """An exit code in words: `exit 3`, `SIGSEGV`."""
    if code is None:
        return ""
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


class _Talk:
    """How far one job has come.

    Frames are opened together, when what is in them matters: before something more is handed over, and at the
    end.  One by one, each time the child pauses, it takes three times as long.
    """

    def __init__(self, child: Child, order: Order, limits: Limits):
        self.child, self.steps, self.limits = child, order.steps, limits
        self.inbox = frames.Inbox(limits.frame_mb << 20)
        self.parts = dict(order.parts)
        self.out = memoryview(order.job)
        self.found: dict[str, object] = {}
        self.sealed: deque[tuple[bytes, float]] = deque()  # frames, and the seconds that each step took
        self.seconds: dict[str, float] = {}
        self.ready = False
        self.began = self.since = time.monotonic()
        self._hand_over()

    @property
    def step(self) -> str:
        """The step whose frame is to be opened next: when all are open, the one that runs."""
        return self.steps[len(self.found)] if len(self.found) < len(self.steps) else ""

    @property
    def goes_on(self) -> bool:
        """Whether a step has not handed back its frame."""
        return len(self.found) + len(self.sealed) < len(self.steps)

    def go(self) -> None:
        """Until each step has handed back its frame, or the job ends early."""
        try:
            self._listen()
        except (_Ended, frames.Flood):
            self._open()  # what came before; where something is wrong with that, it was first
            raise

    def _listen(self) -> None:
        self.child.sock.setblocking(False)
        with selectors.DefaultSelector() as selector:
            watched = selector.register(self.child.sock, selectors.EVENT_READ).events
            if self.child.watch is not None:
                selector.register(self.child.watch, selectors.EVENT_READ)
            while self.goes_on:
                self._tell()
                wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.out else 0)
                if wanted != watched:
                    watched = selector.modify(self.child.sock, wanted).events
                happened = dict.fromkeys(("sock", "watch"), 0)
                for key, mask in selector.select(self._left()):
                    happened["sock" if key.fileobj is self.child.sock else "watch"] = mask
                self._hear(happened)

    def _left(self) -> float:
        """Seconds until the clock ends the job."""
        now = time.monotonic()
        end = min(self.since + self.limits.step_seconds, self.began + self.limits.job_seconds)
        if not self.ready:
            end = self.began + START_SECONDS
        if now >= end:
            raise _Ended("time" if self.ready else "start", "")
        return end - now

    def _hear(self, happened: dict[str, int]) -> None:
        over = bool(happened["watch"]) and self.child.over()
        if happened["sock"] & selectors.EVENT_READ or over:
            while self._read():
                if not over or not self.goes_on:
                    return
        if over:
            raise _Ended("died", "")

    def _read(self) -> bool:
        """Take what has come; whether there was something."""
        try:
            chunk = self.child.sock.recv(READ)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            chunk = b""
        if not chunk:
            raise _Ended("died", "")
        self.inbox.feed(chunk)
        while self.goes_on and (raw := self.inbox.take()) is not None:
            self._accept(raw)
        return True

    def _accept(self, raw: bytes) -> None:
        if not self.ready:
            self._greeted(frames.parse(raw))
            return
        now = time.monotonic()
        self.sealed.append((raw, now - self.since))
        self.since = now
        following = self.steps[len(self.found) + len(self.sealed) :][:1]
        if not following or following[0] in self.parts or not raw.startswith(BEGINNING):
            self._open()
            self._hand_over()

    def _open(self) -> None:
        """Look into the frames that have come."""
        while self.sealed:
            step, (raw, seconds) = self.step, self.sealed.popleft()
            self._look(frames.parse(raw))
            self.seconds[step] = seconds

    def _look(self, frame: object) -> None:
        match frame:
            case {"step": self.step, "frame": data, **rest} if not rest:
                self.found[self.step] = data
            case {"step": self.step, "raised": str(told), **rest} if not rest:
                raise _Ended("died", told[:400])
            case _:
                raise frames.Garbage("not the step that runs")

    def _greeted(self, frame: object) -> None:
        match frame:
            case {"ready": True}:
                self.ready = True
                self.since = time.monotonic()
            case {"ready": False, "why": str(why)}:
                raise _Ended("start", why)
            case _:
                raise frames.Garbage("no greeting")

    def _hand_over(self) -> None:
        """Have what the next step has for itself sent: only now, so that no earlier one can know of it."""
        left = self.steps[len(self.found) :]
        due = left if all(step in self.parts for step in left) else left[:1]
        self.out = memoryview(bytes(self.out) + b"".join(self.parts.pop(step, b"") for step in due))

    def _tell(self) -> None:
        """Send of what is to be sent as much as there is room for."""
        try:
            while self.out:
                self.out = self.out[self.child.sock.send(self.out[: 1 << 18]) :]
        except (BlockingIOError, InterruptedError):
            return
        except OSError:  # it has gone; reading will tell
            self.out = self.out[:0]
