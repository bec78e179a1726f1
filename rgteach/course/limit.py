"""Stop a function that takes too long, in a notebook, on any system, and leave everything as it was.

On the main thread of Linux and macOS the system's timer interrupts; elsewhere a second thread raises the
exception in the first.  Either rings again until the function has ended, because a bare `except:` can
swallow one ring.  A loop inside compiled code that never comes back to Python cannot be stopped from
within: then only the kernel can be restarted.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Callable

AGAIN = 0.05  # seconds between two rings


class TimeIsUp(BaseException):
    """Raised inside a function that ran too long; not an Exception, so `except Exception` lets it pass."""


def within(seconds: float, function: Callable[[], object]) -> object:
    """Call a function without arguments.

    Raises
    ------
    TimeIsUp
        If it has not ended after so many seconds.
    """
    on_main = threading.current_thread() is threading.main_thread()
    alarm = _Signal() if on_main and hasattr(signal, "setitimer") else _Watcher()
    try:
        try:
            alarm.start(seconds)
            return function()
        finally:
            alarm.stop()
    except TimeIsUp:  # it may ring while it is being stopped
        alarm.stop()
        raise


class _Signal:
    """The system's timer; its handler runs in the main thread, between two steps of the student's code."""

    def __init__(self):
        self.armed = False
        self.rings = 0
        self.trace = sys.gettrace()

    def start(self, seconds: float) -> None:
        self.handler = signal.signal(signal.SIGALRM, self.ring)
        self.armed = True
        self.before = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)

    def ring(self, signum, frame) -> None:
        if not self.armed:
            return
        self.rings += 1
        if self.rings > 1:
            self.follow(frame)
        raise TimeIsUp

    def follow(self, frame) -> None:
        """Make the next line raise as well: the first ring ends the `try`, this one ends its `except`."""
        sys.settrace(self.raise_at_line)
        while frame is not None:
            frame.f_trace = self.raise_at_line
            frame = frame.f_back

    def raise_at_line(self, frame, event, arg):
        if event == "line" and self.armed and frame.f_code.co_filename != __file__:
            raise TimeIsUp
        return self.raise_at_line

    def stop(self) -> None:
        if not self.armed:
            return
        self.armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.handler)
        if self.rings > 1:
            sys.settrace(self.trace)
            _forget(sys._getframe(), self.raise_at_line)
        if self.before[0]:
            signal.setitimer(signal.ITIMER_REAL, *self.before)


def _forget(frame, tracer) -> None:
    while frame is not None:
        if frame.f_trace == tracer:
            frame.f_trace = None
        frame = frame.f_back


class _Watcher:
    """A thread that raises the exception in the thread that started it."""

    def __init__(self):
        self.thread_id = threading.get_ident()
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.rang = False

    def start(self, seconds: float) -> None:
        self.seconds = seconds
        threading.Thread(target=self.watch, name="rgteach time limit", daemon=True).start()

    def watch(self) -> None:
        wait = self.seconds
        while not self.ended.wait(wait):
            with self.lock:
                if not self.ended.is_set():
                    self.rang = True
                    _raise_in(self.thread_id, TimeIsUp)
            # uneven steps, so that a ring sooner or later falls outside a `try` that swallows it
            wait = 0.011 if wait in (self.seconds, 0.017) else 0.017

    def stop(self) -> None:
        self.ended.set()
        with self.lock:
            if self.rang:
                _raise_in(self.thread_id, None)


def _raise_in(thread_id: int, exception: type | None) -> None:
    target = ctypes.py_object(exception) if exception else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), target)
