"""One text that changes with any line of the core: a kept kernel is never older than what it calls."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def fingerprint() -> str:
    """A digest of every file of the core as it lies on the disk.

    Numba looks only at the file of a kernel itself, and a kernel holds a copy of the kernels that it calls:
    without this, an update of one file would leave old numbers in the callers of another.
    """
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
