"""Files that are written whole or not at all, and by one program at a time."""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from rgteach.errors import LearnerError

LOCK_WAIT_S, LOCK_STALE_S = 30, 60


def check_writable(path: Path) -> Path:
    """Refuse a file that could not be written, before anything is computed for it."""
    if path.is_dir():
        raise LearnerError("table-is-folder", path=path)
    if not path.parent.is_dir():
        raise LearnerError("table-no-folder", path=path, folder=path.parent)
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise LearnerError("table-not-allowed", path=path)
    return path.resolve() if path.is_symlink() else path


def store(path: Path, fill: Callable[[IO[bytes]], None]) -> Path:
    """Let `fill` write to a file beside the place, then move it there in one step."""
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    # named before it is made, so that Ctrl-C at any moment finds a name to clear away
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with beside.open("xb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(beside, mode)
        os.replace(beside, path)
    except OSError as error:
        raise _why_not_written(path, error) from None
    finally:
        _clear(beside)
    return path


def _why_not_written(path: Path, error: OSError) -> LearnerError:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return LearnerError("table-no-space", path=path)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return LearnerError("table-not-allowed", path=path)
    return LearnerError("table-not-written", path=path, detail=error.strerror or error)


def _clear(beside: Path) -> None:
    with suppress(OSError):  # nothing was made, or it has been moved to its place
        beside.unlink()


@contextmanager
def lock(path: Path):
    """Keep two jobs that append to one file from losing each other's rows."""
    held = path.with_name(f".{path.name}.lock")
    until = time.monotonic() + LOCK_WAIT_S
    while True:
        try:
            os.close(os.open(held, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if _age_s(held) > LOCK_STALE_S:
                held.unlink(missing_ok=True)  # left behind by a job that was killed
            elif time.monotonic() > until:
                raise LearnerError("table-locked", path=path, lock=held) from None
            time.sleep(0.05)
        except OSError as error:
            raise _why_not_written(path, error) from None
    try:
        yield
    finally:
        held.unlink(missing_ok=True)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # let go of in the meantime
        return 0.0
