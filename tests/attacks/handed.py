"""Files that a student might hand in which are not what they seem, or say what is not theirs to say."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from attacks import lab, trusting
from attacks.model import HONEST

WRONG = HONEST | {"mini-range": "def spread(values):\n    return -99.0\n"}
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@dataclass(frozen=True)
class Handed:
    """A file of a hostile student.

    Parameters
    ----------
    name, tries : as of an Attack
    lay : lays it into the folder of the class; gives where it lies
    bites : whether a reader who trusts it is fooled by it; gets that place
    earns : the points that its honest part is worth
    """

    name: str
    tries: str
    lay: Callable[[Class], Path]
    bites: Callable[[Path, Class], bool]
    earns: float = 0.0


@dataclass(frozen=True)
class Class:
    """What a hostile student knows: the course, the folder of the class, what is planted beside."""

    root: Path
    folder: Path
    secret: Path
    precious: Path
    token: str

    def write(self, name: str, data: dict | None = None, **answers: str) -> Path:
        """A notebook in the folder of the class."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = lab.handed_in(self.root, WRONG | answers) if data is None else data
        path.write_text(json.dumps(data), encoding="utf-8")
        return path


def _linked(what: Callable[[Class], Path], name: str) -> Callable[[Class], Path]:
    def lay(there: Class) -> Path:
        path = there.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(what(there))
        return path

    return lay


def _raw(name: str, data: bytes) -> Callable[[Class], Path]:
    def lay(there: Class) -> Path:
        path = there.folder / name
        path.write_bytes(data)
        return path

    return lay


def _pipe(there: Class) -> Path:
    path = there.folder / "pipe.ipynb"
    os.mkfifo(path)
    return path


def _socket(there: Class) -> Path:
    path, before = there.folder / "socket.ipynb", Path.cwd()
    os.chdir(there.folder)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(path.name)
    finally:
        os.chdir(before)
    return path


def _huge(there: Class) -> Path:
    path = there.folder / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(8 << 30)
    return path


def _says(name: str, **said: object) -> Callable[[Class], Path]:
    """A notebook whose own description says something."""

    def lay(there: Class) -> Path:
        data = lab.handed_in(there.root, WRONG)
        data["metadata"] |= {k: v for k, v in said.items() if k != "lab"}
        if "lab" in said:
            data["metadata"]["rgteach"]["lab"] = said["lab"]
        return there.write(name, data)

    return lay


def _checks(name: str, change: Callable[[dict], None]) -> Callable[[Class], Path]:
    """A notebook in which something was done to every cell that checks."""

    def lay(there: Class) -> Path:
        data = lab.handed_in(there.root, WRONG)
        for cell in data["cells"]:
            if cell["metadata"].get("rgteach", {}).get("role") == "check":
                change(cell)
        return there.write(name, data)

    return lay


def _right(cell: dict) -> None:
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "right\n"}]
    cell["metadata"]["nbgrader"] = {"grade": True, "points": 100, "grade_id": "x", "schema_version": 3}


def _tagged(cell: dict) -> None:
    cell["metadata"]["tags"] = ["raises-exception", "skip-execution"]


def _edited(cell: dict) -> None:
    cell["source"] = "rg.check = print\n" + cell["source"]


def _loads(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _page_runs(path: Path, there: Class) -> bool:
    name, text = path.stem, "".join(str(cell["source"]) for cell in _loads(path)["cells"])
    return bool(trusting.Live(trusting.page(name, text)).found)


def _computes(path: Path, there: Class) -> bool:
    return bool(trusting.formulas(trusting.row(path.stem, 1)))


_LOUD = f'''def spread(values):
    """{MARKUP}"""
    print("{MARKUP}", "\\x1b]0;mine\\x07\\x1b[2J\\u202e")
    if len(values) == 2:
        raise ValueError("{MARKUP}")  # {MARKUP}
    return "{MARKUP}"
'''
HANDED = (
    Handed(
        "linked-notebook",
        "is a link to another student's notebook",
        _linked(lambda there: there.folder / "alice.ipynb", "mallory-link.ipynb"),
        lambda path, there: "values.max() - values.min()" in path.read_text(),
    ),
    Handed(
        "linked-secret",
        "is a link to the secret, so that a message about it tells",
        _linked(lambda there: there.secret, "mallory-secret.ipynb"),
        lambda path, there: there.token in path.read_text(),
    ),
    Handed(
        "linked-folder",
        "is a folder that is a link to all others",
        _linked(lambda there: there.folder, "mallory-folder"),
        lambda path, there: (path / "alice.ipynb").is_file(),
    ),
    Handed("pipe", "keeps its reader waiting", _pipe, lambda path, there: trusting.reads(path) is None),
    Handed("socket", "is a door and no file", _socket, lambda path, there: trusting.falls_over(path)),
    Handed(
        "device",
        "is a link to a device that never ends",
        _linked(lambda there: Path("/dev/zero"), "device.ipynb"),
        lambda path, there: trusting.reads(path, 10) == trusting.MUCH,
    ),
    Handed(
        "folder",
        "is a folder that is called like a notebook",
        lambda there: (there.folder / "folder.ipynb").mkdir() or there.folder / "folder.ipynb",
        lambda path, there: trusting.falls_over(path),
    ),
    Handed(
        "ring",
        "is a link to itself",
        _linked(lambda there: there.folder / "ring.ipynb", "ring.ipynb"),
        lambda path, there: trusting.falls_over(path),
    ),
    Handed(
        "huge",
        "is larger than any memory",
        _huge,
        lambda path, there: trusting.reads(path, 10) == trusting.MUCH,
    ),
    Handed(
        "deep",
        "is JSON nested a million deep",
        _raw("deep.ipynb", b"[" * 1_000_000),
        lambda path, there: trusting.falls_over(path),
    ),
    Handed(
        "digits",
        "holds a number that takes for ever to read",
        _raw("digits.ipynb", b'{"cells": [], "nbformat": ' + b"9" * 100_000 + b"}"),
        lambda path, there: trusting.falls_over(path),
    ),
    Handed(
        "outputs",
        "brings outputs that say right, and points of its own",
        _checks("outputs.ipynb", _right),
        lambda path, there: trusting.points_it_says(_loads(path)) > 4,
        earns=3,
    ),
    Handed(
        "tags",
        "has its checks passed over",
        _checks("tags.ipynb", _tagged),
        lambda path, there: trusting.runs_through(_loads(path)),
        earns=3,
    ),
    Handed(
        "edited-checks",
        "brings checks that find everything right",
        _checks("edited.ipynb", _edited),
        lambda path, there: trusting.runs_through(_loads(path)),
        earns=3,
    ),
    Handed(
        "another-student",
        "says that it is another student's",
        _says("mallory-alice.ipynb", student="alice", authors=[{"name": "alice"}]),
        lambda path, there: trusting.student(path) == "alice",
        earns=3,
    ),
    Handed(
        "path-in-the-student",
        "names a place outside as its student",
        _says("mallory-path.ipynb", student="../../home"),
        lambda path, there: not _inside(trusting.feedback(there.folder / "out", path), there.folder),
        earns=3,
    ),
    Handed(
        "path-in-the-lab",
        "names a place outside as its lab",
        _says("mallory-lab.ipynb", lab="../../../home/00"),
        lambda path, there: not _inside(trusting.feedback(there.folder / "out", path), there.folder),
        earns=3,
    ),
    Handed(
        "path-in-the-name",
        "is called like a place outside on some systems",
        lambda there: there.write("m\\..\\..\\home\\precious.ipynb"),
        lambda path, there: ".." in path.stem,
        earns=3,
    ),
    Handed(
        "formula",
        "is called like something that a spreadsheet computes",
        lambda there: there.write('=HYPERLINK("x","y").ipynb'),
        _computes,
        earns=3,
    ),
    Handed(
        "command",
        "is called like a command of a spreadsheet",
        lambda there: there.write("@SUM(1+1)*cmd|'C'!A0.ipynb"),
        _computes,
        earns=3,
    ),
    Handed(
        "markup-in-the-name",
        "is called like a piece of a page that runs",
        lambda there: there.write("<img src=x onerror=alert(1)>.ipynb"),
        _page_runs,
        earns=3,
    ),
    Handed(
        "markup",
        "has pieces of a page that run in all that is shown: source, messages, printing, values",
        lambda there: there.write("markup.ipynb", **{"mini-range": _LOUD}),
        _page_runs,
        earns=3,
    ),
    Handed(
        "control-letters",
        "is called so that it steers the terminal of whoever grades",
        lambda there: there.write("\x1b]0;mine\x07\x1b[2J\u202eipynb.ipynb"),
        lambda path, there: "\x1b" in path.name,
        earns=3,
    ),
    Handed(
        "name-of-another-platform",
        "calls a file in its own folder as another platform would call one of another student",
        lambda there: there.write("submitted/mallory/00_mini/alice_12_34_00_mini.ipynb"),
        lambda path, there: path.stem.startswith("alice"),
        earns=3,
    ),
    Handed(
        "folder-of-another-student",
        "makes a folder in its own that is called as a platform calls another student's",
        lambda there: there.write("Mal_7_assignsubmission_file_/alice_8_assignsubmission_file_/00_a.ipynb"),
        lambda path, there: path.parent.name.startswith("alice"),
        earns=3,
    ),
)


def _inside(path: Path, folder: Path) -> bool:
    """Whether a file was written where it should be; it is taken away again."""
    path.unlink()
    return path.resolve().is_relative_to((folder / "out").resolve())
