"""Compiled kernels as they are kept for this checkout, copied where a test may damage or miss them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest


def copy(folder: Path, without: tuple[str, ...] = ()) -> Path:
    """Put what is kept where numba looks with NUMBA_CACHE_DIR; some modules of the core are left out.

    Returns where it lies.  What is not kept yet is not copied, and a test that needs it compiles it.
    """
    from numba.core import config

    from rgteach.core.glcm import count_pairs
    from rgteach.core.jit import _ForgivingCache

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "CACHE_DIR", str(folder))
        there = Path(_ForgivingCache(count_pairs.py_func).cache_path)
    there.mkdir(parents=True, exist_ok=True)
    kept = Path(_ForgivingCache(count_pairs.py_func).cache_path)
    for path in kept.glob(f"*.py{sys.version_info.major}{sys.version_info.minor}*.nb[ic]"):
        if path.name.split(".")[0] not in without:
            shutil.copy(path, there)
    return there
