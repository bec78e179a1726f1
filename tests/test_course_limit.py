"""A function that does not end is stopped, even if it swallows every exception; nothing is left behind."""

import contextlib
import signal
import sys
import threading
import time

import pytest

from rgteach.course import limit

SHORT = 0.15


def loop():
    while True:
        pass


def swallows_everything():
    while True:
        try:
            time.sleep(0.001)
        except:  # noqa: E722
            pass


def swallows_in_two_layers():
    while True:
        try:
            while True:
                try:
                    sum(range(100))
                except BaseException:
                    continue
        except BaseException:
            continue


def swallows_in_three_layers():
    while True:
        try:
            swallows_in_two_layers()
        except:  # noqa: E722
            pass


def suppresses():
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(0.001)


def goes_on_in_finally():
    while True:
        try:
            time.sleep(0.001)
        finally:
            continue  # noqa: B012


ENDLESS = [
    loop,
    swallows_everything,
    swallows_in_two_layers,
    swallows_in_three_layers,
    suppresses,
    goes_on_in_finally,
]
needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timer")


def on_another_thread(work):
    """Run work there and give back what it returned, failing if it never ends."""
    done = []
    thread = threading.Thread(target=lambda: done.append(work()), daemon=True)
    thread.start()
    thread.join(5)
    assert done, "the thread never ended"
    return done[0]


def stopped(function) -> bool:
    began = time.monotonic()
    try:
        limit.within(SHORT, function)
    except limit.TimeIsUp:
        assert time.monotonic() - began < 3, "it was stopped by luck, not by the second ring"
        busy = time.monotonic() + 3 * limit.AGAIN
        while time.monotonic() < busy:  # a ring that came too late would be raised here
            pass
        return True
    return False


@needs_timer
@pytest.mark.parametrize("function", ENDLESS, ids=lambda f: f.__name__)
def test_within__stops_on_the_main_thread(function):
    assert stopped(function)


@pytest.mark.parametrize("function", ENDLESS, ids=lambda f: f.__name__)
def test_within__stops_without_a_timer_of_the_system(function, monkeypatch):
    monkeypatch.setattr(limit, "_choose", lambda: limit._PretendedSignal)
    assert stopped(function)


@pytest.mark.parametrize("function", ENDLESS, ids=lambda f: f.__name__)
def test_within__stops_on_another_thread(function):
    assert on_another_thread(lambda: stopped(function))


def test_within__chooses_by_thread_and_system(monkeypatch):
    assert on_another_thread(limit._choose) is limit._OtherThread
    monkeypatch.delattr(signal, "setitimer", raising=False)
    assert limit._choose() is limit._PretendedSignal


@pytest.mark.parametrize("alarm", [limit._Timer, limit._PretendedSignal, limit._OtherThread])
@pytest.mark.parametrize("function", [lambda: 7, swallows_everything], ids=["in time", "too long"])
def test_within__leaves_everything_as_it_was(alarm, function, monkeypatch):
    monkeypatch.setattr(limit, "_choose", lambda: alarm)
    before = signal.getsignal(limit._SIGNAL), signal.getsignal(signal.SIGINT), sys.gettrace()
    frame = sys._getframe()
    with contextlib.suppress(limit.TimeIsUp):
        limit.within(SHORT, function)
    assert (signal.getsignal(limit._SIGNAL), signal.getsignal(signal.SIGINT), sys.gettrace()) == before
    assert frame.f_trace is None or sys.gettrace() is not None
    if hasattr(signal, "getitimer"):
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@needs_timer
def test_within__a_timer_that_ran_before_runs_on():
    rang = []
    handler = signal.signal(signal.SIGALRM, lambda *_: rang.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert limit.within(5, lambda: 1) == 1
        end = time.monotonic() + 5
        while not rang and time.monotonic() < end:
            time.sleep(0.01)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
    assert rang == [1]


@needs_timer
@pytest.mark.parametrize("function", ENDLESS, ids=lambda f: f.__name__)
def test_one_bell__rings_for_one_after_the_other(function):
    with limit.one_bell():
        assert limit.within(5, lambda: 1) == 1
        assert stopped(function)
        assert limit.within(5, lambda: 2) == 2
        assert stopped(function)


@needs_timer
def test_one_bell__a_call_has_all_its_time_whatever_the_one_before_it_left():
    with limit.one_bell():
        limit.within(SHORT, lambda: None)
        assert limit.within(5, lambda: time.sleep(2 * SHORT) or "done") == "done"


def _takes_the_signal():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)


def _stops_the_timer():
    signal.setitimer(signal.ITIMER_REAL, 0)


@needs_timer
@pytest.mark.parametrize("meddle", [_takes_the_signal, _stops_the_timer])
def test_one_bell__is_wound_again_after_code_that_meddled(meddle):
    with limit.one_bell():
        limit.within(5, meddle)
        assert stopped(loop)


@needs_timer
@pytest.mark.parametrize(("outer", "inner"), [(SHORT, 5), (SHORT, SHORT / 3)], ids=["longer", "shorter"])
def test_one_bell__a_limit_within_a_limit(outer, inner):
    def work():
        with contextlib.suppress(limit.TimeIsUp):
            limit.within(inner, lambda: time.sleep(2 * SHORT))
        loop()

    with limit.one_bell(), pytest.raises(limit.TimeIsUp):
        limit.within(outer, work)


@needs_timer
def test_one_bell__rings_for_nobody_when_no_call_is_under_way():
    with limit.one_bell():
        limit.within(SHORT, lambda: None)
        end = time.monotonic() + 3 * SHORT
        while time.monotonic() < end:
            pass


@needs_timer
def test_one_bell__is_not_heard_on_another_thread_and_leaves_everything_as_it_was():
    before = signal.getsignal(signal.SIGALRM)
    with limit.one_bell():
        assert limit._choose() is limit._Lent
        assert on_another_thread(limit._choose) is limit._OtherThread
        assert on_another_thread(lambda: stopped(loop))
    assert limit._choose() is limit._Timer
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_one_bell__where_there_is_none_each_call_has_its_own(monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)
    with limit.one_bell():
        assert limit._choose() is limit._PretendedSignal
        assert limit.within(5, lambda: "value") == "value"


def test_within__hands_on_values_and_errors():
    assert limit.within(5, lambda: "value") == "value"
    with pytest.raises(ZeroDivisionError):
        limit.within(5, lambda: 1 / 0)


def test_within__an_ordinary_except_does_not_catch_it():
    def careful():
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                return "caught"

    with pytest.raises(limit.TimeIsUp):
        limit.within(SHORT, careful)
