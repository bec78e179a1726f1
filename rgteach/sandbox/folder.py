"""The folder of a job: made anew, and taken away with whatever a student's process has left in it."""

from __future__ import annotations

import os
import time


class Stuck(OSError):
    """A folder that does not go away in time."""


def fresh(base: str, *names: str) -> None:
    """Make these folders in an empty `base`."""
    for name in names:
        os.mkdir(os.path.join(base, name), 0o700)


def wipe(base: str, seconds: float = 3.0) -> None:
    """Leave nothing in `base`, however deep, unreadable, linked or full of pipes it is.

    A folder within a folder is moved up first, so that no path grows long and no call runs deep.

    Raises
    ------
    Stuck
        If something resists, or it takes longer than that.
    """
    end = time.monotonic() + seconds
    try:
        found = [os.path.join(base, name) for name in os.listdir(base)]
        moved = 0
        while found:
            path = found.pop()
            if not _is_folder(path):
                os.unlink(path)
                continue
            os.chmod(path, 0o700)  # a real folder, and nobody else is here: it cannot become a link meanwhile
            with os.scandir(path) as entries:
                for entry in entries:
                    if time.monotonic() > end:
                        raise Stuck("it takes too long")
                    if entry.is_dir(follow_symlinks=False):
                        moved += 1
                        found.append(_moved_up(entry.path, base, moved))
                    else:
                        os.unlink(entry.path)
            os.rmdir(path)
    except OSError as error:
        raise Stuck(str(error)) from error


def _is_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)


def _moved_up(path: str, base: str, number: int) -> str:
    os.chmod(path, 0o700)  # a folder that cannot be written cannot be moved
    new = os.path.join(base, f".gone-{number}")
    while os.path.lexists(new):  # a name that was taken on purpose
        new += "-"
    os.rename(path, new)
    return new
