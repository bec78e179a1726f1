"""Compiled kernels: where they are kept, which are there, and how to make them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rgteach.core.fingerprint import fingerprint
from rgteach.doctor.finding import Finding, home, is_writable
from rgteach.wording import say

PACKAGE = Path(__file__).parents[1]


def cache_folder() -> Iterator[Finding]:
    """Where compiled kernels are kept."""
    folder = kept_in()
    if folder is None:
        variable = "set NUMBA_CACHE_DIR=C:\\path" if os.name == "nt" else "export NUMBA_CACHE_DIR=/path"
        yield Finding("note", say("doctor-cache-none"), f"{variable}  ({say('doctor-cache-fix')})")
    else:
        yield Finding("ok", say("doctor-cache", folder=folder))


def kept_in() -> Path | None:
    """The folder where compiled kernels are kept, if there is any that can be written."""
    return next((place for place in _cache_places() if is_writable(place)), None)


def compiled() -> Iterator[Finding]:
    """Whether all kernels are there."""
    cold = [name for name, is_warm in kernels().items() if not is_warm]
    if cold:
        yield Finding("note", say("doctor-cold", n=len(cold), total=len(kernels())), "rgteach doctor --warm")
    else:
        yield Finding("ok", say("doctor-warm", n=len(kernels())))


def kernels() -> dict[str, bool]:
    """Every kernel of the core, and whether a copy compiled from the core as it is lies where numba looks."""
    tag, stamp = f"py{sys.version_info.major}{sys.version_info.minor}", fingerprint().encode()
    folder = kept_in()  # numba takes the first that can be written, and looks nowhere else
    lists = list(folder.glob(f"**/*.{tag}.nbi")) if folder else []
    kept = {path.name for path in lists if stamp in path.read_bytes()}
    states = {}
    for source in sorted((PACKAGE / "core").glob("*.py")):
        text = source.read_text(encoding="utf-8")
        for found in re.finditer(r"^@kernel\s*\ndef (\w+)", text, re.MULTILINE):
            line = text.count("\n", 0, found.start()) + 1
            name = f"{source.stem}.{found[1]}"
            states[name] = f"{name}-{line}.{tag}.nbi" in kept
    return states


def _cache_places() -> list[Path]:
    """Where numba looks, in its order: the variable, beside the code, the user's cache folder."""
    asked = os.environ.get("NUMBA_CACHE_DIR")
    if sys.platform == "win32":
        user = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "numba/Cache"
    elif sys.platform == "darwin":
        user = home() / "Library/Caches/numba"
    else:
        user = Path(os.environ.get("XDG_CACHE_HOME") or home() / ".cache") / "numba"
    return [*([Path(asked)] if asked else []), PACKAGE / "core/__pycache__", user]
