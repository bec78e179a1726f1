"""Stop a function that takes too long, in a notebook, on any system, and leave everything as it was.

On the main thread a signal interrupts: the system's timer sends it on Linux and macOS, a second thread
pretends to elsewhere.  On other threads the second thread raises the exception in the first.

A bare `except:` can swallow a ring, and two around each other swallow two.  So from the second ring on the
exception is an echo: being made, it makes the next one due.  Python looks for what is due at every call and
at every turn of a loop, and the turn of the outermost loop lies in nobody's `try`.

A loop inside compiled code that never comes back to Python cannot be stopped from within; then only the
kernel can be restarted.
"""

from __future__ import annotations

import _signal  # without the names that `signal` makes of numbers: they take as long as a small call
import _thread
import ctypes
import signal
import threading
from collections.abc import Callable
from functools import partial

AGAIN = 0.05  # seconds between two rings
_SIGNAL = getattr(signal, "SIGALRM", None) or getattr(signal, "SIGBREAK", signal.SIGTERM)
_raise_in = ctypes.PYFUNCTYPE(None, ctypes.c_ulong, ctypes.py_object)(
    ("PyThreadState_SetAsyncExc", ctypes.pythonapi)
)
_take_back = ctypes.PYFUNCTYPE(None, ctypes.c_ulong, ctypes.c_void_p)(
    ("PyThreadState_SetAsyncExc", ctypes.pythonapi)
)


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
            # First of all, and not in a call, where the next ring would come: no ring and no echo any more.
            alarm.armed = False
            alarm.echo.__init__ = BaseException.__init__
            _settle(alarm)
    except TimeIsUp:  # the last one, which was on its way already
        _settle(alarm)
        raise


def _settle(alarm: _Alarm) -> None:
    """Put everything back; a ring that was on its way already does not keep us from it."""
    while True:
        try:
            return alarm.stop()
        except TimeIsUp:
            continue


def _choose() -> type[_Alarm]:
    if threading.current_thread() is not threading.main_thread():
        return _OtherThread
    return _Timer if hasattr(signal, "setitimer") else _PretendedSignal


class _Never(BaseException):
    """Stands where no echo was made."""


class _Alarm:
    """What all alarms share: armed, they ring; `stop` may be called again where a ring cut it short."""

    echo: type[BaseException] = _Never

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.armed = False
        self.rings = 0

    def ring(self) -> type[TimeIsUp]:
        """What is raised: an echo from the second time on, made when it may be needed, which is seldom."""
        if self.rings:
            self.rings += 1
            return self.echo
        self.echo = type("Echo", (TimeIsUp,), {})
        # `__init__` in C: in a step of Python's own the next one would come before its time
        self.echo.__init__ = staticmethod(self.due())
        self.rings = 1  # last, because the next ring may come in here
        return TimeIsUp

    def due(self) -> Callable[[], None]:
        """What makes the next ring due; each kind of alarm has its own."""
        raise NotImplementedError

    def start(self) -> None:
        self.armed = True

    def stop(self) -> None:
        """Take back what `start` did."""


class _Signal(_Alarm):
    """A signal whose handler runs in the main thread, between two steps of the student's code."""

    handler = None

    def due(self) -> Callable[[], None]:
        return partial(_thread.interrupt_main, _SIGNAL)

    def start(self) -> None:
        self.handler = _signal.signal(_SIGNAL, self.handle)
        super().start()

    def handle(self, signum, frame) -> None:
        if self.armed:
            raise self.ring()

    def stop(self) -> None:
        if self.handler is not None:
            _signal.signal(_SIGNAL, self.handler)
            self.handler = None


class _Timer(_Signal):
    """The system's own timer sends the signal."""

    before = (0.0, 0.0)

    def start(self) -> None:
        super().start()
        self.before = signal.setitimer(signal.ITIMER_REAL, self.seconds, AGAIN)

    def stop(self) -> None:
        if self.handler is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
        super().stop()
        if self.before[0]:
            signal.setitimer(signal.ITIMER_REAL, *self.before)
            self.before = (0.0, 0.0)


class _Watched(_Alarm):
    """A second thread waits and then calls `knock` until the function has ended."""

    thread = None

    def start(self) -> None:
        self.ended = threading.Event()
        super().start()
        self.thread = threading.Thread(target=self.watch, name="rgteach time limit", daemon=True)
        self.thread.start()

    def watch(self) -> None:
        wait = self.seconds
        while not self.ended.wait(wait):
            self.knock()
            wait = AGAIN

    def stop(self) -> None:
        if self.thread is not None and self.thread.ident is not None:
            self.ended.set()
            self.thread.join()  # no knock is on its way now
        super().stop()


class _PretendedSignal(_Watched, _Signal):
    """Without a timer of the system the second thread pretends that the signal came."""

    def knock(self) -> None:
        _thread.interrupt_main(_SIGNAL)


class _OtherThread(_Watched):
    """Where signals do not reach, the exception is raised from outside."""

    def due(self) -> Callable[[], None]:
        return partial(_raise_in, self.thread_id, self.echo)

    def start(self) -> None:
        self.thread_id = threading.get_ident()
        super().start()

    def knock(self) -> None:
        if self.armed:
            _raise_in(self.thread_id, self.ring())

    def stop(self) -> None:
        super().stop()
        _take_back(self.thread_id, None)
