"""Boxes for the tests of the sandbox: behind the wall where it can be built, and without."""

import os
import shutil
import sys
import textwrap

import pytest

from rgteach.sandbox.box import Box
from rgteach.sandbox.limits import Limits

HAS_WALL = sys.platform.startswith("linux") and shutil.which("bwrap") is not None
needs_wall = pytest.mark.skipif(not HAS_WALL, reason="bubblewrap is not installed")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about Linux")
LIMITS = Limits(step_seconds=15, job_seconds=40, memory_mb=1024, file_mb=4, disk_mb=8, threads=16, frame_mb=1)
KINDS = [pytest.param(True, id="walled", marks=needs_wall), pytest.param(False, id="bare")]


def box(isolate: bool = True, **settings) -> Box:
    """A box that runs any code."""
    return Box("boxed", isolate=isolate, **{"limits": LIMITS} | settings)


def out(box: Box, code: str):
    """What a piece of code leaves as `out`; fails where the job ends before."""
    ran = box.run({"code": textwrap.dedent(code)}, ["code"])
    assert ran.ended == "done", ran
    return ran.frames["code"]


def tried(box: Box, expression: str, before: str = ""):
    """What an expression gives, or the name of its exception."""
    code = [*textwrap.dedent(before).splitlines(), "try:", f"    out = ('gave', {expression})"]
    code += ["except BaseException as error:", "    out = (type(error).__name__, str(error))"]
    name, value = out(box, "\n".join(code))
    return value if name == "gave" else name


def descendants(pid: int) -> set[int]:
    """All processes that a process of this system has started, and theirs."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
    found, new = set(), {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


def alive(pids: set[int]) -> list[int]:
    """Which of these processes are there; one that has ended and waits to be asked is not."""
    found = []
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] not in "ZX":
                    found.append(pid)
        except OSError:
            continue
    return found
