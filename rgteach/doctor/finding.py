"""What every check is made of: a finding, the command that installs, and questions to the disk."""

from __future__ import annotations

import importlib.metadata as metadata
import importlib.util
import os
import sys
import tempfile
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    state : "ok", "note" or "problem"
    told : what was found
    fix : the command that mends it, or ""
    """

    state: str
    told: str
    fix: str = ""


def pip(what: str) -> str:
    """The command that installs into this very Python; environments made by uv have no pip."""
    here = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    # Not importlib.util.find_spec: setuptools watches for pip there, and lets nobody import it afterwards.
    if PathFinder.find_spec("pip") is None:
        return f"uv pip install --python {here} {what}"
    return f"{here} -m pip install {what}"


def version(name: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def folder_of(name: str) -> Path:
    """Where a library lies, without importing it; a folder that is not there if it is missing."""
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else Path("/no-such-folder")


def home() -> Path:
    """The home folder; where the system knows none, what `~` stands for."""
    return Path(os.path.expanduser("~"))


def is_writable(folder: Path) -> bool:
    """Whether a file can be made there; a folder that could be made counts."""
    while not folder.exists():
        if folder == folder.parent:
            return False
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
