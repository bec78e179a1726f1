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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic

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


@contextmanager
def one_bell() -> Iterator[None]:
    """One signal and one timer for all limits inside, on the main thread of a system that has a timer.

    To set both up for each call would take longer than a small call.
    """
    if _choose() is not _Timer:
        yield
        return
    bell = _Bell()
    _bells.append(bell)
    try:
        with bell:
            yield
    finally:
        _bells.remove(bell)


def _choose() -> type[_Alarm]:
    if _bells and threading.get_ident() == _bells[-1].thread:
        return _Lent
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


class _Bell:
    """Rings for the alarm that is on; a timer that comes before its time is set to the rest of it."""

    def __init__(self):
        self.alarm: _Lent | None = None
        self.thread = threading.get_ident()
        self.handler = self.ring  # the one object by which it is known again

    def __enter__(self) -> None:
        self.before = _signal.signal(_SIGNAL, self.handler)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _signal.signal(_SIGNAL, self.before)

    def wind(self, seconds: float) -> None:
        """Have it ring within that time, whatever code in between has done to signal and timer."""
        if _signal.getsignal(_SIGNAL) is not self.handler:
            _signal.signal(_SIGNAL, self.handler)
        if not 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= seconds:
            signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)

    def ring(self, signum, frame) -> None:
        alarm = self.alarm
        if alarm is None or not alarm.armed:  # it goes on ringing: an alarm may be on its way
            return
        left = alarm.end - monotonic()
        if left <= 0:
            raise alarm.ring()
        signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), AGAIN)


class _Lent(_Signal):
    """An alarm without a signal and a timer of its own."""

    bell = None

    def start(self) -> None:
        self.end = monotonic() + self.seconds
        self.bell = _bells[-1]
        self.before, self.bell.alarm = self.bell.alarm, self
        self.bell.wind(self.seconds)
        self.armed = True

    def stop(self) -> None:
        if self.bell is not None:
            self.bell.alarm = self.before
            if self.before is not None:  # one around it, which may be due
                self.bell.wind(max(self.before.end - monotonic(), 0.001))


_bells: list[_Bell] = []


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
