"""What a test plants for attacks to find: secrets, a precious file, doors to knock at; and what they left."""

from __future__ import annotations

import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attacks.model import REACHED

COMMON = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock")


class Site:
    """A folder with planted things, and four doors of this machine that hear who knocks."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.token = f"rg-planted-{secrets.token_hex(12)}"
        self.name = f"rg{secrets.token_hex(6)}"
        self.drop, self.home, self.work = folder / "drop", folder / "home", folder / "work"
        self.secret, self.precious = self.home / "secret", self.home / "precious.csv"
        self.page, self.other = self.home / "page.md", self.home / "other.ipynb"
        self.key = self.home / "key.json"
        for place in (self.drop, self.home, self.work):
            place.mkdir()
            place.chmod(0o777)
        self.plant()

    def plant(self) -> None:
        """Write every planted file as it should be."""
        for place in (self.secret, self.other):
            place.write_text(self.token + "\n")
        self.precious.write_text("alice,12\n")
        self.secret.chmod(0o600)

    def open_doors(self) -> None:
        """Listen, where an attack might knock."""
        self.tcp = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        with tempfile.TemporaryDirectory(prefix="rg", dir="/tmp") as short:  # a path must be short
            self.unix_path = str(Path(short) / "door")
        self.unix, self.abstract = (socket.socket(socket.AF_UNIX) for _ in range(2))
        self.datagram = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.unix.bind(self.unix_path_made())
        self.datagram.bind(self.unix_path + "-datagram")
        self.abstract.bind("\0" + self.name)
        for door in (self.unix, self.abstract):
            door.listen(64)
        for door in self.doors:
            door.setblocking(False)

    def unix_path_made(self) -> str:
        """The path of the door, in a folder that is there."""
        Path(self.unix_path).parent.mkdir(mode=0o777)
        return self.unix_path

    @property
    def doors(self) -> tuple[socket.socket, ...]:
        """All of them."""
        return self.tcp, self.udp, self.unix, self.abstract, self.datagram

    def close(self) -> None:
        """Shut the doors."""
        for door in self.doors:
            door.close()
        for path in Path(self.unix_path).parent.iterdir():
            path.unlink()
        Path(self.unix_path).parent.rmdir()

    @property
    def places(self) -> dict[str, str]:
        """The words of an attack, and what they stand for here."""
        paths = ("secret", "precious", "page", "other", "key", "drop", "home")
        found = {name.upper(): str(getattr(self, name)) for name in paths}
        ports = {"TCP": self.tcp.getsockname()[1], "UDP": self.udp.getsockname()[1]}
        found |= {name: str(port) for name, port in ports.items()}
        return found | {"UNIX": self.unix_path, "NAME": self.name}

    def knocks(self) -> int:
        """How often somebody has knocked since the last time."""
        return sum(1 for door in self.doors for _ in _heard(door))

    def told(self, text: str) -> bool:
        """Whether a text holds the planted secret, or the word of a success."""
        return self.token in text or REACHED in text

    def traces(self) -> list[str]:
        """What an attack has left: new files in the open folders, planted ones that changed."""
        wanted = {self.secret: self.token + "\n", self.other: self.token + "\n", self.precious: "alice,12\n"}
        changed = [str(p) for p, text in wanted.items() if not p.is_file() or p.read_text() != text]
        if self.secret.is_file() and self.secret.stat().st_mode & 0o077:
            changed.append(f"{self.secret} is open")
        found = [str(p) for p in self.drop.rglob("*")]
        return changed + found + _common(self.name) + self._beside_libraries()

    def _beside_libraries(self) -> list[str]:
        import numpy

        import rgteach

        folders = {Path(module.__file__).parent for module in (numpy, rgteach)}
        folders.add(Path(os.environ.get("NUMBA_CACHE_DIR", self.drop)))
        return [str(p) for folder in folders for p in folder.glob(f"*{self.name}*")]

    def tidy(self) -> None:
        """Take away what is left, and plant anew what was changed."""
        for trace in self.traces():
            path = Path(trace)
            if path not in (self.secret, self.other, self.precious) and path.is_file():
                path.unlink()
        self.plant()


def _heard(door: socket.socket) -> Iterator[None]:
    while True:
        try:
            if door.type == socket.SOCK_STREAM:
                door.accept()[0].close()
            else:
                door.recv(100)
        except BlockingIOError:
            return
        yield


def _common(name: str) -> list[str]:
    """What lies where everybody may write and carries this name."""
    return [str(path) for place in COMMON for path in Path(place).glob(f"*{name}*")]


@contextmanager
def planted(folder: Path) -> Iterator[Site]:
    """A site with open doors."""
    made = Site(folder)
    made.open_doors()
    try:
        yield made
    finally:
        made.close()
