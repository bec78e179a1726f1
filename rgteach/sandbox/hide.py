"""Hide modules: their files are not there behind the wall, neither to import nor to read.

They are looked for on the disk, in every folder where Python would look, without importing anything.  A
package's folder is covered by an empty one whose only file says that there is no such module; a module of one
file, compiled or not, is covered by /dev/null, together with what Python kept of it.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Sequence
from importlib.machinery import all_suffixes
from pathlib import Path

ABSENT = Path(__file__).with_name("absent.py")
KEPT = (".pyi", ".pyx", ".pxd")  # what may lie beside a module and tell as much


def found(hidden: Iterable[str], roots: Sequence[str]) -> tuple[list[str], list[str]]:
    """Folders and files of these modules, in all folders where modules are found."""
    folders: dict[str, None] = {}
    files: dict[str, None] = {}
    for name in hidden:
        for root in roots:
            place = os.path.join(root, *name.split("."))
            if os.path.isdir(place):
                folders[place] = None
            files |= dict.fromkeys(_files(place))
    outer = [folder for folder in folders if not any(_above(folder, other) for other in folders)]
    return outer, [file for file in files if not any(_above(file, folder) for folder in outer)]


def arguments(hidden: Iterable[str], roots: Sequence[str]) -> list[str]:
    """What bubblewrap is told so that these modules are not there."""
    folders, files = found(hidden, roots)
    told = []
    for folder in folders:
        told += ["--perms", "0755", "--tmpfs", folder]
        told += ["--ro-bind", str(ABSENT), f"{folder}/__init__.py", "--remount-ro", folder]
    for file in files:
        told += ["--ro-bind", "/dev/null", file]
    return told


def _files(place: str) -> list[str]:
    folder, stem = os.path.split(place)
    beside = [place + suffix for suffix in (*all_suffixes(), *KEPT)]
    kept = glob.glob(f"{glob.escape(folder)}/__pycache__/{glob.escape(stem)}.*")
    kept += glob.glob(f"{glob.escape(folder)}/__pycache__/{glob.escape(stem)}-*")  # numba's kept kernels
    kept += glob.glob(f"{glob.escape(place)}.*.so")  # a compiled module of another build
    return sorted({file for file in [*beside, *kept] if os.path.isfile(file)})


def _above(place: str, folder: str) -> bool:
    return place.startswith(folder + os.sep)
