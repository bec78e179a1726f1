"""What of this system is to be seen behind the wall: Python, its libraries, this package, and no more.

Nothing of a home folder, of /tmp, of other users; of the course neither pages nor keys nor solutions.  What
is shown lies at its own place, so that compiled paths in libraries and environments stay true.
"""

from __future__ import annotations

import glob
import os
import re
import site
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.machinery import PathFinder
from pathlib import Path

import rgteach

PACKAGE = Path(rgteach.__file__).resolve().parent
NOT_SHOWN = ("_course", "__pycache__")  # of the package: an installed one carries the built course
# shared libraries, and the few files that libraries look for
SYSTEM = (
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/fonts",
    "/usr/share/zoneinfo",
    "/usr/local/share/fonts",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
STORES = ("/nix/store", "/gnu/store")  # where a system keeps each library in a folder of its own
AT_ROOT = ("lib", "lib32", "lib64", "libx32")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


@dataclass
class Shown:
    """Files and folders behind the wall.

    Parameters
    ----------
    binds : place behind the wall -> what is shown there
    links : place -> where the symbolic link points
    covered : folders that are emptied before something is shown in them
    paths : where Python looks for modules, besides what it knows itself
    roots : all folders in which modules are found
    """

    binds: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    covered: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)

    def show(self, *places: str | Path) -> None:
        """Show what exists of these, at its own place, unless a folder above it is shown."""
        for place in map(str, places):
            if os.path.exists(place) and not self.has(place):
                self.binds[place] = place

    def has(self, place: str) -> bool:
        """Whether a place is shown already."""
        return any(is_in(place, folder) for folder in self.binds)


def is_in(place: str, folder: str) -> bool:
    """Whether a place is this folder or lies in it."""
    return place == folder or place.startswith(folder.rstrip("/") + "/")


def look(modules: Sequence[str]) -> Shown:
    """All that is shown for a warm process that imports these modules."""
    shown = Shown()
    _system(shown)
    _python(shown)
    for folder in _sites():
        shown.show(folder)
        shown.paths.append(folder)
        shown.roots.append(folder)
    shown.roots += [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib") + "/lib-dynload"]
    _package(shown)
    for name in dict.fromkeys(module.partition(".")[0] for module in modules):
        _module(shown, name)
    return shown


def _system(shown: Shown) -> None:
    for name in AT_ROOT:
        place = f"/{name}"
        if os.path.islink(place):
            shown.links[place] = os.readlink(place)
        else:
            shown.show(place)
    shown.show(*SYSTEM, *(store for store in STORES if is_in(os.path.realpath(sys.executable), store)))
    shown.show(*library_path())


def library_path() -> list[str]:
    """Folders of shared libraries that this Python was told of, as on a cluster; nothing that is not one."""
    told = map(os.path.normpath, filter(os.path.isabs, os.environ.get("LD_LIBRARY_PATH", "").split(":")))
    return [folder for folder in told if re.search(r"/lib(32|64)?(/|$)", folder)]


def _python(shown: Shown) -> None:
    """The interpreter and its library; an environment is a link to it and a file that says so."""
    for prefix in dict.fromkeys([sys.base_prefix, sys.base_exec_prefix, sys.prefix]):
        shown.show(*(f"{prefix}/{name}" for name in ("lib", "lib64", "pyvenv.cfg", "share/zoneinfo")))
    real = os.path.realpath(sys.executable)
    place = f"{sys.base_prefix}/bin/{os.path.basename(real)}"
    shown.binds[place] = real
    if sys.executable != place:
        shown.links[sys.executable] = place


def _sites() -> Iterator[str]:
    """Folders of installed libraries; a folder that a project added for itself is not among them."""
    known = [*sys.path, *site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        known.append(site.getusersitepackages())
    for folder in dict.fromkeys(os.path.abspath(path) for path in known if path):
        if os.path.basename(folder) in ("site-packages", "dist-packages") and os.path.isdir(folder):
            yield folder


def _package(shown: Shown) -> None:
    """The package itself, without the course that an installed one carries."""
    place = str(PACKAGE)
    if shown.has(place):
        shown.covered.append(place)
    else:
        shown.paths.append(str(PACKAGE.parent))
        shown.roots.append(str(PACKAGE.parent))
    for entry in sorted(PACKAGE.iterdir()):
        if entry.name not in NOT_SHOWN:
            shown.binds[str(entry)] = str(entry)


def _module(shown: Shown, name: str) -> None:
    """A module from elsewhere, that file or package alone."""
    spec = PathFinder.find_spec(name)
    if spec is None or name == "rgteach":
        return
    found = list(spec.submodule_search_locations or [spec.origin or ""])
    for place in map(os.path.abspath, filter(None, found)):
        if not shown.has(place):
            shown.show(place)
            parent = os.path.dirname(place)
            shown.paths.append(parent)
            shown.roots.append(parent)


def font_lists() -> list[str]:
    """Matplotlib's lists of this system's fonts: without them each child would search all fonts again."""
    home = os.path.expanduser("~")
    cache = os.environ.get("XDG_CACHE_HOME") or f"{home}/.cache"
    folders = [os.environ.get("MPLCONFIGDIR") or f"{cache}/matplotlib", f"{cache}/matplotlib"]
    found = [file for folder in dict.fromkeys(folders) for file in glob.glob(f"{folder}/fontlist-v*.json")]
    return list({os.path.basename(file): file for file in reversed(found)}.values())


def is_open_to_all(shown: Shown) -> bool:
    """Whether any user can read what is shown: asked of each folder and of one file in it."""
    return all(_can_be_read(source) for source in shown.binds.values())


def _can_be_read(place: str) -> bool:
    mode = os.stat(place).st_mode
    if not os.path.isdir(place):
        return bool(mode & 0o004)
    if mode & 0o005 != 0o005:
        return False
    with os.scandir(place) as entries:
        one = next((entry for entry in entries if entry.is_file(follow_symlinks=False)), None)
    return one is None or bool(one.stat().st_mode & 0o004)
