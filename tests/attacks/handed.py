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


def linked(what: Callable[[Class], Path], name: str) -> Callable[[Class], Path]:
    def lay(there: Class) -> Path:
        path = there.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(what(there))
        return path

    return lay


def raw(name: str, data: bytes) -> Callable[[Class], Path]:
    def lay(there: Class) -> Path:
        path = there.folder / name
        path.write_bytes(data)
        return path

    return lay


def pipe(there: Class) -> Path:
    path = there.folder / "pipe.ipynb"
    os.mkfifo(path)
    return path


def door_file(there: Class) -> Path:
    path, before = there.folder / "socket.ipynb", Path.cwd()
    os.chdir(there.folder)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(path.name)
    finally:
        os.chdir(before)
    return path


def huge(there: Class) -> Path:
    path = there.folder / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(8 << 30)
    return path


def says(name: str, **said: object) -> Callable[[Class], Path]:
    """A notebook whose own description says something."""

    def lay(there: Class) -> Path:
        data = lab.handed_in(there.root, WRONG)
        data["metadata"] |= {k: v for k, v in said.items() if k != "lab"}
        if "lab" in said:
            data["metadata"]["rgteach"]["lab"] = said["lab"]
        return there.write(name, data)

    return lay


def checks(name: str, change: Callable[[dict], None]) -> Callable[[Class], Path]:
    """A notebook in which something was done to every cell that checks."""

    def lay(there: Class) -> Path:
        data = lab.handed_in(there.root, WRONG)
        for cell in data["cells"]:
            if cell["metadata"].get("rgteach", {}).get("role") == "check":
                change(cell)
        return there.write(name, data)

    return lay


def right(cell: dict) -> None:
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "right\n"}]
    cell["metadata"]["nbgrader"] = {"grade": True, "points": 100, "grade_id": "x", "schema_version": 3}


def tagged(cell: dict) -> None:
    cell["metadata"]["tags"] = ["raises-exception", "skip-execution"]


def edited(cell: dict) -> None:
    cell["source"] = "rg.check = print\n" + cell["source"]


def loads(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def page_runs(path: Path, there: Class) -> bool:
    name, text = path.stem, "".join(str(cell["source"]) for cell in loads(path)["cells"])
    return bool(trusting.Live(trusting.page(name, text)).found)


def computes(path: Path, there: Class) -> bool:
    return bool(trusting.formulas(trusting.row(path.stem, 1)))


def inside(path: Path, folder: Path) -> bool:
    """Whether a file was written where it should be; it is taken away again."""
    path.unlink()
    return path.resolve().is_relative_to((folder / "out").resolve())
