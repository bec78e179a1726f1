"""Without a wall: the same protocol for a self-check, and for systems that have no wall."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from rgteach.sandbox.keeper import Plan

START = (
    "import sys; sys.path[:] = sys.argv[1:-1]; "
    "from rgteach.sandbox.{module} import main; main(int(sys.argv[-1]))"
)
# one thread each, so that forks are safe and processors are not fought over
FIXED = {
    "LANG": "C.UTF-8",
    "MPLBACKEND": "agg",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "JOBLIB_MULTIPROCESSING": "0",
    **dict.fromkeys(
        [
            "BLIS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUMBA_NUM_THREADS",
            "NUMEXPR_NUM_THREADS",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
        ],
        "1",
    ),
}


def forks() -> bool:
    """Whether a process with all libraries can be forked here."""
    return sys.platform.startswith("linux")


def plan(entry: str, preload: Sequence[str]) -> Plan:
    """How the warm process is started where nothing is to keep it apart."""
    start = START.format(module="warm" if forks() else "alone")
    paths = [os.path.abspath(path) for path in sys.path]
    command = (sys.executable, "-P", "-c", start, *paths)
    settings = {"entry": entry, "preload": list(preload), "layers": None, "links": []}
    return Plan(command, os.environ | FIXED, settings, own_base=True)
