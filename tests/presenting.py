"""A presentation as an instructor starts it, for the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from servers import OFFLINE

PATIENCE = 120


@dataclass
class Presentation:
    """A running `rgteach present`: where it answers, its token, and how long it took to (s)."""

    process: subprocess.Popen
    address: str
    seconds: float
    lines: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.address).port

    @property
    def token(self) -> str:
        """What it asks for."""
        return self.address.partition("token=")[2]

    def end(self, by: int = signal.SIGINT) -> int:
        """Ctrl+C, and the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(timeout=60)


@contextmanager
def presentation(scratch: Path, *words: str) -> Iterator[Presentation]:
    """Start it, wait until it says its address, and end it; what leaves this machine fails the test."""
    home = scratch / "home"
    home.mkdir(parents=True, exist_ok=True)
    left = scratch / "left-the-machine.log"
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTEST", "RGTEACH", "XDG_"))
    }
    clean |= {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "COLUMNS": "500"}
    clean |= {"PYTHONPATH": str(OFFLINE), "RGTEACH_OFFLINE_LOG": str(left), "PYTHONUNBUFFERED": "1"}
    program = Path(sys.executable).with_name("rgteach")
    command = [str(program), "present", *words, "--no-browser"]
    began = time.monotonic()
    process = subprocess.Popen(
        command, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=scratch
    )
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line)
            if "token=" in line:
                break
        else:
            raise RuntimeError("".join(lines))
        watch.cancel()
        threading.Thread(target=lambda: lines.extend(process.stdout), daemon=True).start()
        address = next(word for word in line.split() if word.startswith("http"))
        yield Presentation(process, address, time.monotonic() - began, lines)
    finally:
        watch.cancel()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
    assert not left.exists(), left.read_text(encoding="utf-8")
