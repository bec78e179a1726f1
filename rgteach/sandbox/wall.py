"""The wall: a bubblewrap of new namespaces, in which a warm process sees what `shown` says and no more.

There are two ways to build it.  An ordinary user gets a user namespace.  Root builds it as root and then,
before anything of the course is imported, becomes a user whom nobody else is: a process that is still root
outside could open root's files wherever a layer is missing, and the system would not count its threads.
Where root may not do that, in most containers, or the libraries are root's alone, it takes the first way.

There is no /proc, no /sys, no terminal; the network has nobody in it.
"""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path, PurePath

from rgteach.errors import LearnerError
from rgteach.sandbox import hide, shown
from rgteach.sandbox.bare import FIXED
from rgteach.sandbox.keeper import Plan
from rgteach.sandbox.limits import Limits

BASE = "/student"  # a small disk of its own in memory
JOB = f"{BASE}/job"
NOBODY = 65534
FIRST_USER = 1_900_000_000  # above all that systems and containers hand out
START = (
    "import sys; sys.path += [path for path in sys.argv[1:-1] if path not in sys.path]; "
    "from rgteach.sandbox.warm import main; main(int(sys.argv[-1]))"
)
SURROUNDINGS = FIXED | {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # its own pools take a gigabyte of address space at once
    "HOME": JOB,
    "LOGNAME": "student",
    "MPLCONFIGDIR": f"{JOB}/.config/matplotlib",
    "PATH": "/usr/bin:/bin",
    "TMPDIR": JOB,
    "USER": "student",
}
APART = ("pid", "net", "ipc", "uts")  # each a namespace; those of users and of control groups are apart below
_boxes = itertools.count()


def needed() -> None:
    """See that bubblewrap is here.

    Raises
    ------
    LearnerError
    """
    if not sys.platform.startswith("linux"):
        raise LearnerError("sandbox-other-system", system=sys.platform)
    if program() is None:
        raise LearnerError("sandbox-no-bubblewrap")


def program() -> str | None:
    """Where bubblewrap is."""
    return shutil.which("bwrap", path=os.environ.get("PATH", "") + ":/usr/bin:/usr/local/bin")


@functools.cache
def version() -> tuple[int, ...]:
    """Of bubblewrap."""
    done = subprocess.run([program(), "--version"], capture_output=True, text=True, check=False)
    words = done.stdout.split() or ["0"]
    return tuple(int(part) for part in words[-1].split(".") if part.isdigit())


def plan(
    entry: str, hidden: Sequence[str], preload: Sequence[str], limits: Limits, as_root: bool | None = None
) -> Plan:
    """How the warm process is started behind the wall.

    Parameters
    ----------
    as_root : build the wall as root and then stop being it; None where that is possible
    """
    needed()
    seen = shown.look([entry, *preload])
    lists = {f"/etc/matplotlib/{os.path.basename(file)}": file for file in shown.font_lists()}
    seen.binds |= lists
    if as_root is None:
        as_root = may_be_root() and shown.is_open_to_all(seen)
    settings = {
        "entry": entry,
        "preload": list(preload),
        "base": BASE,
        "links": [[f"{JOB}/.config/matplotlib/{os.path.basename(file)}", file] for file in lists],
        "layers": {
            "read": [*seen.binds],
            "write": [BASE],  # its own folder is in there, and nothing of anybody else
            "devices": [*shown.DEVICES],
            "limits": asdict(limits),
        },
        "uid": [FIRST_USER + (os.getpid() << 8) % 10**8 + next(_boxes) % 256, NOBODY] if as_root else None,
    }
    python = (sys.executable, "-P", "-s", "-B", "-c", START, *seen.paths)
    command = (program(), *_namespaces(as_root), *_files(seen, hidden, limits), "--", *python)
    libraries = ":".join(shown.library_path())
    env = SURROUNDINGS | ({"LD_LIBRARY_PATH": libraries} if libraries else {})
    return Plan(command, env, settings, memory_mb=limits.memory_mb)


def _namespaces(as_root: bool) -> list[str]:
    told = [f"--unshare-{name}" for name in APART]
    told += ["--unshare-cgroup-try", "--hostname", "rgteach", "--die-with-parent", "--new-session"]
    told += ["--cap-drop", "ALL"]
    if as_root:  # the two with which the warm process stops being root; they go with it
        return [*told, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*told, "--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]


def _files(seen: shown.Shown, hidden: Sequence[str], limits: Limits) -> list[str]:
    told = [word for folder in _parents(seen) for word in ("--perms", "0755", "--dir", folder)]
    for place, target in seen.links.items():
        told += ["--symlink", target, place]
    inner = [place for place in seen.binds if any(shown.is_in(place, folder) for folder in seen.covered)]
    for place, source in seen.binds.items():
        if place not in inner:
            told += ["--ro-bind", source, place]
    for folder in seen.covered:
        told += ["--perms", "0755", "--tmpfs", folder]
    for place in inner:
        told += ["--ro-bind", seen.binds[place], place]
    for folder in seen.covered:
        told += ["--remount-ro", folder]
    told += hide.arguments(hidden, seen.roots)
    for device in shown.DEVICES:
        told += ["--dev-bind", device, device]
    told += ["--symlink", f"{BASE}/shm", "/dev/shm"]
    if "/tmp" not in _parents(seen):  # where a module of the course lies there, that alone is seen
        told += ["--symlink", JOB, "/tmp"]
    if can_bound_disk():
        told += ["--size", str(limits.disk_mb << 20)]
    return [*told, "--perms", "0777", "--tmpfs", BASE, "--remount-ro", "/", "--chdir", "/"]


def _parents(seen: shown.Shown) -> list[str]:
    """Folders above what is shown, outermost first; bubblewrap would make them for root's eyes only."""
    places = [place for place in [*seen.binds, *seen.links] if not _inside(place, seen)]
    above = {str(folder) for place in [*places, "/dev/null"] for folder in PurePath(place).parents}
    return sorted(folder for folder in above if folder != "/")


def _inside(place: str, seen: shown.Shown) -> bool:
    return any(place != other and shown.is_in(place, other) for other in seen.binds)


def can_bound_disk() -> bool:
    """Whether this bubblewrap can say how large the disk in memory may grow."""
    return version() >= (0, 7)


@functools.cache
def may_be_root() -> bool:
    """Whether this is root, with all that it takes to build a wall and become somebody else; tried once."""
    if os.geteuid() != 0 or not _knows_others():
        return False
    tiny = [program(), "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--", "true"]
    return subprocess.run(tiny, capture_output=True, check=False).returncode == 0


def _knows_others() -> bool:
    """Whether there is a user besides root; a container may know root alone."""
    try:
        maps = [Path(f"/proc/self/{name}_map").read_text().splitlines() for name in ("uid", "gid")]
        groups = Path("/proc/self/setgroups").read_text().strip()
    except OSError:
        return False
    ranges = [[tuple(map(int, line.split())) for line in lines] for lines in maps]
    known = [any(first <= NOBODY < first + count for first, _, count in found) for found in ranges]
    return all(known) and groups == "allow"
