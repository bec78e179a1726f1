"""Run a command as an ordinary user, also where Python lies in root's own folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NOBODY = 65534
# a world of mounts in which a closed folder is an open one that holds only what is needed
_OPENED = """
set -e
stage=$(mktemp -d)
mount -t tmpfs none "$stage"
closed=$1; shift
count=$1; shift
for number in $(seq "$count"); do
    eval "place=\\${$number}"
    mkdir "$stage/$number"
    mount --bind "$place" "$stage/$number"
done
if [ "$count" -gt 0 ]; then mount -t tmpfs -o mode=755 none "$closed"; fi
for number in $(seq "$count"); do
    eval "place=\\${$number}"
    mkdir -p "$place"
    mount --bind "$stage/$number" "$place"
done
umount -R "$stage"
rmdir "$stage"
shift "$count"
exec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"
"""


def cannot() -> str:
    """Why this is not possible here; "" where it is."""
    if os.geteuid() != 0:
        return "this is an ordinary user already"
    if not (shutil.which("unshare") and shutil.which("setpriv")):
        return "no unshare or no setpriv"
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    return "" if tried.returncode == 0 else "root may not mount here"


def needed() -> list[Path]:
    """The folders that the course and its Python lie in."""
    found = {Path(place).resolve() for place in (sys.prefix, sys.base_prefix, Path(__file__).parents[2])}
    return sorted(p for p in found if not any(other != p and p.is_relative_to(other) for other in found))


def command(words: list[str]) -> list[str]:
    """The words that run a command as an ordinary user."""
    shut = {folder: _closed(folder) for folder in needed()}
    closed = {place for place in shut.values() if place}
    assert len(closed) <= 1, closed
    inner = [str(folder) for folder, place in shut.items() if place]
    start = ["unshare", "-m", "sh", "-c", _OPENED, "sh", str(next(iter(closed), "/")), str(len(inner))]
    return [*start, *inner, *words]


def _closed(folder: Path) -> Path | None:
    """The outermost folder on the way that others may not enter."""
    return next((p for p in reversed([folder, *folder.parents]) if not p.stat().st_mode & 0o001), None)
