"""What is put on a student's process from within: Landlock, seccomp, limits of resources.

What the warm process can live with it puts on itself, once, and every child inherits it for nothing: the
files that may be opened, and all calls but those with which it starts and ends a child.  These follow in the
child, whose number has to be known.  A layer that is not to be had here is named with the reason; whoever
starts the warm process then throws it away after each job.
"""

from __future__ import annotations

import ctypes
import os
import platform
import re
import resource
from collections.abc import Sequence
from dataclasses import dataclass, field

from rgteach.sandbox import filters

MOVES = 2  # the edition of Landlock since which files may be moved between folders, as the warm process does
STACK = 64 << 20
OWN_COUNT = (5, 14)  # since when threads are counted for each user namespace alone


@dataclass
class Layers:
    """Layers for each child of one warm process.

    Parameters
    ----------
    read, write, devices : places that a child may see, change, use
    limits : as in `Limits`
    missing : layer -> why it cannot be put on
    """

    read: Sequence[str]
    write: Sequence[str]
    devices: Sequence[str]
    limits: dict
    missing: dict[str, str] = field(default_factory=dict)
    _filter: filters.Own | None = None
    _fence: object = None
    _bounds: dict[int, int] = field(default_factory=dict)

    @classmethod
    def prepared(cls, **settings) -> Layers:
        """Put on what the warm process can live with, and build the rest."""
        layers = cls(**settings)
        layers._bounds = _resources(layers.limits)
        for name, prepare in (("landlock", layers._build_fence), ("seccomp", layers._build_filter)):
            try:
                prepare()
            except Exception as error:  # no package, no library, a kernel without it
                layers.missing[name] = f"{type(error).__name__}: {error}"[:300]
        return layers

    def put_on(self, space: int) -> None:
        """In the child: everything, the filter last, because it refuses what the others need.

        Raises
        ------
        Exception
            If a layer that was promised does not hold; then nothing of a job may run.
        """
        for name, most in (self._bounds | ({resource.RLIMIT_AS: space} if space else {})).items():
            _, hard = resource.getrlimit(name)
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(name, (least, least))
        if self._fence is not None:
            self._close_in()
        if self._filter is not None:
            self._filter.put_on()

    def _build_fence(self) -> None:
        from landlock import FSAccess, Ruleset, landlock_abi_version

        ctypes.set_errno(0)  # the package takes an old error number for a new one
        rules = Ruleset()
        look = FSAccess.READ_FILE | FSAccess.READ_DIR
        for place in self.read:
            rules.allow(place, rules=look if os.path.isdir(place) else FSAccess.READ_FILE)
        for place in self.devices:
            rules.allow(place, rules=FSAccess.READ_FILE | FSAccess.WRITE_FILE)
        own = FSAccess.all() & ~(FSAccess.EXECUTE | FSAccess.MAKE_CHAR | FSAccess.MAKE_BLOCK)
        rules.allow(*self.write, rules=own & ~FSAccess.MAKE_SOCK)
        self._fence = rules
        if landlock_abi_version() >= MOVES:
            self._close_in()
            os.close(rules._fd)
            self._fence = None

    def _close_in(self) -> None:
        ctypes.set_errno(0)
        self._fence.apply()

    def _build_filter(self) -> None:
        own = filters.Own()
        filters.load_for_all()
        self._filter = own


def _resources(limits: dict) -> dict[int, int]:
    """Limits that the system itself counts."""
    bound = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: int(limits["job_seconds"] * (os.cpu_count() or 1)) + 10,
        resource.RLIMIT_FSIZE: limits["file_mb"] << 20,
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_STACK: STACK,
    }
    if counts_threads():
        bound[resource.RLIMIT_NPROC] = limits["threads"] + 4  # the warm process and the wall's own count too
    return bound


def counts_threads() -> bool:
    """Whether the system counts the threads behind this wall, and those alone."""
    numbers = re.findall(r"\d+", platform.release())[:2]
    return tuple(map(int, numbers)) >= OWN_COUNT
