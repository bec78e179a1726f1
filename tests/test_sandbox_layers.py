"""Layers on a child: each call on the list is refused; a layer that is missing is told and made up for."""

import errno
import sys

import pytest
from boxes import box, linux, needs_wall, out, tried

from rgteach.sandbox import denied, filters, layers
from rgteach.sandbox.box import Box

pytestmark = linux
# a call that nobody lets through must not do anything either, where it is let through after all
HARMLESS = "import ctypes\ncall = ctypes.CDLL(None, use_errno=True).syscall\n"


@pytest.fixture(scope="module")
def walled():
    with box() as made:
        yield made


def numbers() -> dict[str, int]:
    """The calls on the list that this processor has."""
    seccomp = pytest.importorskip("pyseccomp")
    found = {
        name: seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) for name in (*denied.names(), *denied.FORKS)
    }
    return {name: denied.NUMBERS.get(name, number) for name, number in found.items() if number >= -1}


def answers(made: Box, calls: dict[str, list[int]]) -> dict[str, str]:
    """What a child is told when it makes these calls."""
    code = f"{HARMLESS}out = {{}}\nfor name, words in {calls!r}.items():\n"
    code += "    ctypes.set_errno(0)\n    gave = call(*map(ctypes.c_long, words))\n"
    code += "    out[name] = ctypes.get_errno() if gave == -1 else 0"
    return {name: errno.errorcode.get(number, "let through") for name, number in out(made, code).items()}


@needs_wall
def test_calls__all_on_the_list_are_refused(walled):
    calls = {name: [number, -1, -1, -1, -1, -1, -1] for name, number in numbers().items()}
    assert len(calls) > 90
    assert {name: told for name, told in answers(walled, calls).items() if told != "EPERM"} == {}


@needs_wall
def test_calls__newer_than_the_list_are_not_there(walled):
    calls = {str(number): [number, -1, -1, -1] for number in (denied.NUMBERS["clone3"], *denied.NEWER)}
    assert set(answers(walled, calls).values()) == {"ENOSYS"}


@needs_wall
def test_numbers__are_those_of_the_library():
    seccomp = pytest.importorskip("pyseccomp")
    known = {name: seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) for name in denied.NUMBERS}
    assert {name: n for name, n in known.items() if n not in (-1, denied.NUMBERS[name])} == {}


@needs_wall
def test_arguments__namespaces_other_processes_and_terminals_are_refused(walled):
    seccomp = pytest.importorskip("pyseccomp")

    def number(name: str) -> int:
        return seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)

    calls = {
        f"clone {flag:#x}": [number("clone"), denied.CLONE_THREAD | flag, 0] for flag in denied.CLONE_NEW
    }
    calls |= {f"{name} of process 2": [number(name), 2, 2, 0, 0] for name, _ in denied.ON_ITSELF}
    calls |= {"kill high bits": [number("kill"), (1 << 32) + 2, 0]}
    for name, (_, values) in denied.REFUSED_ARGUMENTS.items():
        calls |= {f"{name} {value}": [number(name), 0, value, 2] for value in values}
        calls |= {f"{name} {value} and high bits": [number(name), 0, value | 1 << 40, 2] for value in values}
    assert {name: told for name, told in answers(walled, calls).items() if told != "EPERM"} == {}


@needs_wall
@pytest.mark.skipif(sys.maxsize < 2**32, reason="about 64-bit systems")
def test_calls__of_32_bit_programs_end_the_process(walled):
    platform = pytest.importorskip("platform")
    if platform.machine() != "x86_64":
        pytest.skip("x32 is a way into x86-64")
    ran = walled.run({"x": f"{HARMLESS}call(0x40000000 + 39)"}, ["x"])
    assert (ran.ended, ran.detail) == ("died", "SIGSYS")


@needs_wall
@pytest.mark.parametrize(
    ("package", "layer", "other"),
    [("landlock", "landlock", "os.fork()"), ("pyseccomp", "seccomp", "os.listdir('/')")],
    ids=["landlock", "seccomp"],
)
def test_missing_layer__is_told_and_the_warm_process_thrown_away_after_each_job(package, layer, other):
    with box(hidden=[package]) as made:
        assert list(made.missing) == [layer]
        assert package in made.missing[layer]
        out(made, "open('/student/left', 'w').close()" if layer == "landlock" else "out = 1")
        assert made._held.keeper is None
        assert tried(made, other, "import os") == "PermissionError", "the other layer is on"
        assert tried(made, "open('/student/left')") in ("FileNotFoundError", "PermissionError")


@needs_wall
def test_nothing_missing__the_warm_process_stays():
    with box() as made:
        assert made.missing == {}
        assert out(made, "import os; out = os.getppid()") == out(made, "import os; out = os.getppid()")


def test_unknown_call__is_an_error_and_not_passed_over():
    seccomp = pytest.importorskip("pyseccomp")
    made = seccomp.SyscallFilter(seccomp.ALLOW)
    with pytest.raises(OSError, match="no_such_call"):
        filters._add(made, seccomp.ERRNO(1), "no_such_call")


def test_older_library__is_given_the_number(monkeypatch):
    seccomp = pytest.importorskip("pyseccomp")
    added = []
    monkeypatch.setattr(seccomp, "resolve_syscall", lambda arch, name: -1)

    class Filter:
        def add_rule(self, action, call, *arguments):
            added.append(call)

    filters._add(Filter(), 0, "pidfd_open")
    assert added == [434]


@pytest.mark.parametrize("number", [2, 4_194_303, 77])
def test_own_filter__filled_in_is_the_one_compiled_for_that_process(number, monkeypatch):
    pytest.importorskip("pyseccomp")
    own, put_on = filters.Own(), []
    monkeypatch.setattr(filters.os, "getpid", lambda: number)
    monkeypatch.setattr(own, "_prctl", lambda *words: put_on.append(words[:2]))
    own.put_on()
    assert own._steps.raw == filters._compiled(number)
    assert put_on == [(22, 2), (4, 0)]


def test_own_filter__that_is_not_taken_is_an_error(monkeypatch):
    pytest.importorskip("pyseccomp")
    own = filters.Own()
    monkeypatch.setattr(own, "_prctl", lambda *words: -1)
    with pytest.raises(OSError, match="not taken"):
        own.put_on()


def test_own_filter__whose_programs_differ_elsewhere_is_refused():
    pytest.importorskip("pyseccomp")
    one, other = map(filters._compiled, filters.NUMBERS)
    with pytest.raises(ValueError, match="no process"):
        filters._places(one, one)
    for spoilt in (b"\x01" + other[1:], other[:4] + b"\x01" + other[5:], other.replace(b"\x1e", b"\x1f", 1)):
        with pytest.raises(ValueError, match="no process"):
            filters._places(one, spoilt)


def test_other_processors__have_calls_under_other_numbers():
    seccomp = pytest.importorskip("pyseccomp")
    arm = {
        name: seccomp.resolve_syscall(seccomp.Arch.AARCH64, name) for name in (*denied.names(), *denied.FORKS)
    }
    assert {name: n for name, n in arm.items() if n == -1 and name not in denied.NUMBERS} == {}
    assert arm["ptrace"] == 117
    assert arm["fork"] < -1, "there is none; clone is refused by its flags"


def test_limits__are_never_raised_above_what_the_user_has(monkeypatch):
    given = {}
    monkeypatch.setattr(layers.resource, "getrlimit", lambda name: (10, 10))
    monkeypatch.setattr(layers.resource, "setrlimit", lambda name, both: given.update({name: both}))
    limits = {"job_seconds": 5, "file_mb": 1, "open_files": 100, "threads": 4}
    made = layers.Layers([], [], [], limits, {"landlock": "not now", "seccomp": "not now"})
    made._bounds = layers._resources(limits)
    made.put_on(1 << 30)
    assert layers.resource.RLIMIT_AS in given
    assert all(soft <= 10 and hard <= 10 for soft, hard in given.values())


@pytest.mark.parametrize(
    ("release", "counts"), [("5.13.9-generic", False), ("5.14.0", True), ("6.18.44-x", True)]
)
def test_threads__are_counted_where_the_system_counts_them_for_each_wall_alone(monkeypatch, release, counts):
    monkeypatch.setattr(layers.platform, "release", lambda: release)
    assert layers.counts_threads() is counts


@needs_wall
def test_memory__is_bounded_beyond_what_the_libraries_have(walled):
    sizes = "import mmap\ndef take(mb): mmap.mmap(-1, mb << 20).close(); return mb"
    assert tried(walled, "take(900)", sizes) == 900
    assert tried(walled, "take(1100)", sizes) in ("OSError", "MemoryError")
