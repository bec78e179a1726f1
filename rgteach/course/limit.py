"""Stop a function that takes too long, in a notebook, on any system, and leave everything as it was.

On the main thread a signal interrupts: the system's timer sends it on Linux and macOS, a second thread
pretends to elsewhere.  On other threads the second thread raises the exception in the first.  Each rings
again until the function has ended, because a bare `except:` can swallow one ring: from the second on, the
line that comes next raises as well, which is the one behind that `except:`.

A loop inside compiled code that never comes back to Python cannot be stopped from within; then only the
kernel can be restarted.
"""

from __future__ import annotations

import _thread
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

AGAIN = 0.05  # seconds between two rings
_SIGNAL = getattr(signal, "SIGALRM", None) or getattr(signal, "SIGBREAK", signal.SIGTERM)

# code that must not be cut off at any line: it may be putting something in order
_LIBRARIES = (os.path.dirname(__file__), os.path.dirname(os.__file__), sys.prefix + os.sep)


class TimeIsUp(BaseException):
    """Raised inside a function that ran too long; not an Exception, so `except Exception` lets it pass."""


def within(seconds: float, function: Callable[[], object]) -> object:
    """Call a function without arguments.

    Raises
    ------
    TimeIsUp
        If it has not ended after so many seconds.
    """
    alarm = _choose()(seconds)
    try:
        try:
            alarm.start()
            return function()
        finally:
            alarm.stop()
    except TimeIsUp:  # it may ring while it is being stopped
        alarm.stop()
        raise


def _choose() -> type[_Alarm]:
    if threading.current_thread() is not threading.main_thread():
        return _OtherThread
    return _Timer if hasattr(signal, "setitimer") else _PretendedSignal


class _Alarm:
    """What all alarms share: they are armed, they ring, and from the second ring on they follow."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.armed = False
        self.rings = 0
        self.trace = sys.gettrace()

    def start(self) -> None:
        self.armed = True

    def stop(self) -> None:
        self.armed = False
        if self.rings > 1 and sys.gettrace() != self.trace:
            sys.settrace(self.trace)
        frame = sys._getframe() if self.rings > 1 else None
        while frame is not None:
            if frame.f_trace == self.raise_at_line:
                frame.f_trace = None
            frame = frame.f_back

    def ring(self, frame) -> None:
        """Note one more ring in the thread that is to be stopped."""
        self.rings += 1
        if self.rings > 1:
            sys.settrace(self.raise_at_line)
            while frame is not None:
                frame.f_trace = self.raise_at_line
                frame = frame.f_back

    def raise_at_line(self, frame, event, arg):
        if event == "line" and self.armed and not frame.f_code.co_filename.startswith(_LIBRARIES):
            raise TimeIsUp
        return self.raise_at_line


class _Signal(_Alarm):
    """A signal whose handler runs in the main thread, between two steps of the student's code."""

    def start(self) -> None:
        self.handler = signal.signal(_SIGNAL, self.handle)
        super().start()

    def handle(self, signum, frame) -> None:
        if self.armed:
            self.ring(frame)
            raise TimeIsUp

    def stop(self) -> None:
        if self.armed:
            super().stop()
            signal.signal(_SIGNAL, self.handler)


class _Timer(_Signal):
    """The system's own timer sends the signal."""

    def start(self) -> None:
        super().start()
        self.before = signal.setitimer(signal.ITIMER_REAL, self.seconds, AGAIN)

    def stop(self) -> None:
        if self.armed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            super().stop()
            if self.before[0]:
                signal.setitimer(signal.ITIMER_REAL, *self.before)


class _Watched(_Alarm):
    """A second thread waits and then calls `knock` until the function has ended."""

    def start(self) -> None:
        self.lock = threading.Lock()
        self.ended = threading.Event()
        super().start()
        threading.Thread(target=self.watch, name="rgteach time limit", daemon=True).start()

    def watch(self) -> None:
        wait = self.seconds
        while not self.ended.wait(wait):
            with self.lock:
                if not self.ended.is_set():
                    self.knock()
            wait = AGAIN

    def stop(self) -> None:
        if self.armed:
            self.ended.set()
            with self.lock:  # no knock is on its way now
                super().stop()


class _PretendedSignal(_Watched, _Signal):
    """Without a timer of the system the second thread pretends that the signal came."""

    def knock(self) -> None:
        _thread.interrupt_main(_SIGNAL)


class _OtherThread(_Watched):
    """Where signals do not reach, the exception is raised from outside; it rings as it is made."""

    def start(self) -> None:
        self.thread_id = threading.get_ident()
        alarm = self

        class Ring(TimeIsUp):
            def __init__(self):
                if alarm.armed:
                    alarm.ring(sys._getframe(1))

        self.exception = Ring
        super().start()

    def knock(self) -> None:
        _raise_in(self.thread_id, self.exception)

    def stop(self) -> None:
        super().stop()
        _raise_in(self.thread_id, None)


def _raise_in(thread_id: int, exception: type | None) -> None:
    target = ctypes.py_object(exception) if exception else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), target)
