"""Filters of system calls, put together by libseccomp: one for the warm process, one for each child.

A child's filter lets it send signals to itself alone, so it holds the child's number.  To put it together in
each child would take longer than the fork: it is compiled ahead, and the child fills its number in.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import struct

from rgteach.sandbox import denied

EPERM, ENOSYS = 1, 38
SONAMES = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}  # as the loader knows them
PR_SET_DUMPABLE, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 4, 22, 2
NUMBERS = 0x5A11AB1E, 0x7E57AB1E  # of no process: higher than a system can count them
_STEP = struct.Struct("=HBBI")  # of a program: what to do, two ways on, and a value


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


class Own:
    """The filter of a child, compiled once; it comes on top of that of the warm process.

    Raises
    ------
    Exception
        If there is no libseccomp here, or its programs are not as they should be.
    """

    def __init__(self):
        one, other = map(_compiled, NUMBERS)
        self._steps = ctypes.create_string_buffer(one, len(one))
        self._places = _places(one, other)
        self._prctl = ctypes.CDLL(None, use_errno=True).prctl

    def put_on(self) -> None:
        """In the child, as the last of all layers, because it refuses what the others need."""
        for at in self._places:
            struct.pack_into("=I", self._steps, at, os.getpid())
        program = _Program(len(self._steps) // _STEP.size, ctypes.addressof(self._steps))
        if self._prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
            raise OSError(ctypes.get_errno(), "the filter of system calls was not taken")
        self._prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # nobody looks into its memory


def load_for_all() -> None:
    """The filter for the warm process and its children alike."""
    seccomp = _seccomp()
    made = _empty(seccomp)
    refuse, not_there = seccomp.ERRNO(EPERM), seccomp.ERRNO(ENOSYS)
    for name in denied.names():
        _add(made, refuse, name)
    for name in (*denied.NOT_THERE, *denied.NEWER):
        _add(made, not_there, name)
    for name, number in denied.ON_ZERO:
        _add(made, refuse, name, seccomp.Arg(number, seccomp.NE, 0))
    for name, (number, values) in denied.REFUSED_ARGUMENTS.items():
        for value in values:
            _add(made, refuse, name, seccomp.Arg(number, seccomp.MASKED_EQ, 0xFFFFFFFF, value))
    for flag in denied.CLONE_NEW:
        _add(made, refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    made.load()


def _compiled(number: int) -> bytes:
    """The program of the filter of a child that has this number."""
    seccomp = _seccomp()
    made, refuse = _empty(seccomp), seccomp.ERRNO(EPERM)
    for name in denied.FORKS:
        _add(made, refuse, name)
    _add(made, refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, denied.CLONE_THREAD, 0))
    for name, argument in denied.ON_ITSELF:
        _add(made, refuse, name, seccomp.Arg(argument, seccomp.NE, number))
    reading, writing = os.pipe()
    with open(reading, "rb") as out, open(writing, "wb") as into:
        made.export_bpf(into)
        into.close()
        return out.read()


def _places(one: bytes, other: bytes) -> list[int]:
    """Where in a program the number of the process stands: there alone do two of them differ."""
    pairs = zip(_STEP.iter_unpack(one), _STEP.iter_unpack(other), strict=True)
    differ = [(k, mine, others) for k, (mine, others) in enumerate(pairs) if mine != others]
    if not differ or any(
        mine[:3] != others[:3] or (mine[3], others[3]) != NUMBERS for _, mine, others in differ
    ):
        raise ValueError("a filter of system calls in which no process can be told from others")
    return [k * _STEP.size + 4 for k, _, _ in differ]


def _empty(seccomp):
    made = seccomp.SyscallFilter(seccomp.ALLOW)
    made.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)  # calls of 32-bit programs
    return made


def _seccomp():
    """The package; it would look for its library with compilers and other programs, which are not here."""
    find, ctypes.util.find_library = ctypes.util.find_library, SONAMES.get
    try:
        import pyseccomp
    finally:
        ctypes.util.find_library = find
    return pyseccomp


def _add(made, action: int, call: str | int, *arguments) -> None:
    """A rule for a call, by number where this libseccomp does not know its name."""
    import pyseccomp as seccomp

    if isinstance(call, str):
        number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, call)
        if number == -1:  # not known; below that: not on this processor
            number = denied.NUMBERS.get(call, -1)
        if number == -1:
            raise OSError(f"libseccomp does not know {call}")
        if number < 0:
            return
        call = number
    made.add_rule(action, call, *arguments)
