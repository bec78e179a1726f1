"""Which layers of the wall hold here?  Really tried, in a box of its own, once a process.

files      nothing of this system's files is there, apart from Python and its libraries
network    nobody is on the network
processes  no process of this system can be seen
landlock   a child opens nothing but libraries and its own folder
seccomp    a child starts no process, no program, no connection
memory, threads, disk   bounded
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

from rgteach.errors import LearnerError
from rgteach.sandbox.box import Box
from rgteach.sandbox.limits import Limits, Ran

WALL = ("files", "network")  # without these nothing that comes back is a grade
NAMES = ("files", "network", "processes", "landlock", "seccomp", "memory", "threads", "disk")
LIMITS = Limits(step_seconds=10, job_seconds=30, memory_mb=256, disk_mb=2, threads=8)
REASONS = {"sandbox-no-bubblewrap": "no bubblewrap", "sandbox-other-system": "not Linux"}
BEYOND = {"too_much": 1 << 30, "too_many": 32, "too_full": 4}


@dataclass(frozen=True)
class Layer:
    """One layer: whether it holds, and why not."""

    name: str
    holds: bool
    why: str = ""


@functools.cache
def probe() -> tuple[Layer, ...]:
    """Try every layer; the first call takes some tenths of a second."""
    try:
        with tempfile.NamedTemporaryFile(prefix="rgteach-") as ours, _box() as box:
            files = [ours.name, "/etc/passwd", "/proc", "/sys", os.path.abspath(__file__ + "/../../../.git")]
            missing = box.missing
            found = [_tried(box, name, {"files": files} | BEYOND) for name in NAMES]
    except LearnerError as error:
        return tuple(Layer(name, False, _reason(error)) for name in NAMES)
    return tuple(_layer(name, ran, missing) for name, ran in zip(NAMES, found, strict=True))


def walled() -> bool:
    """Whether what comes out of a box here may be called a grade."""
    return all(layer.holds for layer in probe() if layer.name in WALL)


def _box() -> Box:
    return Box("rgteach.sandbox.trial", limits=LIMITS)


def _tried(box: Box, name: str, job: Mapping) -> Ran:
    return box.run(job, [name])


def _layer(name: str, ran: Ran, missing: Mapping[str, str]) -> Layer:
    if name in missing:
        return Layer(name, False, missing[name])
    if name not in ran.frames:
        return Layer(name, False, f"{ran.ended} {ran.detail}".strip())
    gave = ran.frames[name]
    match name:
        case "files":
            wrong = ", ".join(gave)
        case "network":
            wrong = "" if gave == ["lo"] else ", ".join(gave) or "?"
        case "processes":
            wrong = "" if gave["above"] <= 2 else str(gave["above"])
        case _:
            wrong = "" if gave else "nothing refused it"
    return Layer(name, not wrong, wrong)


def _reason(error: LearnerError) -> str:
    """In a few words that do not change with the language; the doctor makes a sentence of them."""
    return REASONS.get(error.key) or str(error.values.get("reason", error.key))
