"""Without a fork: a process of its own for each job, for a self-check on Windows and macOS.

Windows cannot fork, and on macOS a forked process may not use all libraries.  So each job starts Python and
imports anew: slower, and the same answers.  The process calls back on this machine's own network, and a word
that only the two know tells it from anybody else there.
"""

from __future__ import annotations

import hmac
import importlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from rgteach.sandbox import child, frames
from rgteach.sandbox.keeper import WARM_SECONDS, NotStarted, Plan, last_line

HERE = "127.0.0.1"
WORD = 32  # bytes


class Alone:
    """Starts a process for each job; the same to a box as a warm process that forks."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.missing: dict[str, str] = {}
        self.passed_over: dict[str, str] = {}

    def alive(self) -> bool:
        """Always: there is nothing that could have died."""
        return True

    def ready(self) -> None:
        """At once."""

    def close(self) -> None:
        """Nothing is left to end."""

    def child(self) -> Single:
        """A new process, which has imported what it needs.

        Raises
        ------
        NotStarted
        """
        base = tempfile.mkdtemp(prefix="rgteach-box-")
        process = None
        try:
            with socket.create_server((HERE, 0)) as door, tempfile.TemporaryFile() as said:
                process, word = self._start(door.getsockname()[1], base, said)
                try:
                    return Single(process, _called_back(door, word, process), base)
                except TimeoutError:
                    raise NotStarted(last_line(said) or f"exit {process.poll()}") from None
        except BaseException:
            _end(process, base)
            raise

    def _start(self, port: int, base: str, said) -> tuple[subprocess.Popen, bytes]:
        word = secrets.token_bytes(WORD)
        process = subprocess.Popen(
            [*self.plan.command, str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=self.plan.env | {"HOME": base, "TMPDIR": base, "TEMP": base, "TMP": base},
            cwd=base,
        )
        settings = {key: self.plan.settings[key] for key in ("entry", "preload")}
        try:
            process.stdin.write(word + json.dumps(settings).encode())
            process.stdin.close()
        except OSError:  # it has ended already; whoever waits for its call will see
            pass
        return process, word


class Single:
    """A process for one job, as `talk.Child` wants it."""

    watch = None  # its socket closes when it ends

    def __init__(self, process: subprocess.Popen, sock: socket.socket, base: str):
        self.process, self.sock, self.base = process, sock, base

    def over(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def end(self, grace: float) -> int | None:
        """End it, after so many seconds; what it ended with."""
        self.sock.close()
        try:
            self.process.wait(grace)
        except subprocess.TimeoutExpired:
            pass
        _end(self.process, self.base)
        return self.process.returncode


def _end(process: subprocess.Popen | None, base: str) -> None:
    if process is not None:
        process.kill()
        process.wait()
    shutil.rmtree(base, ignore_errors=True)


def _called_back(door: socket.socket, word: bytes, process: subprocess.Popen) -> socket.socket:
    """The socket to the process; whoever else knocks is sent away."""
    end = time.monotonic() + WARM_SECONDS
    door.settimeout(0.2)
    while time.monotonic() < end:
        try:
            sock, _ = door.accept()
        except TimeoutError:
            if process.poll() is not None:
                break
            continue
        sock.settimeout(5.0)
        try:
            if hmac.compare_digest(frames.exactly(sock, WORD) or b"", word):
                return sock
        except OSError:
            pass
        sock.close()
    raise TimeoutError


def main(port: int) -> None:
    """Be that process."""
    raw = sys.stdin.buffer.read()
    word, settings = raw[:WORD], json.loads(raw[WORD:])
    for name in settings["preload"]:
        try:
            importlib.import_module(name)
        except Exception:  # not installed
            pass
    handle = importlib.import_module(settings["entry"]).handle
    code = child.RAISED
    try:
        with open(os.devnull, "r+b") as nowhere:
            for fd in (0, 1, 2):
                os.dup2(nowhere.fileno(), fd)
        sock = socket.create_connection((HERE, port), timeout=20)
        sock.settimeout(None)
        sock.sendall(word)
        child.greet(sock, lambda: None)
        code = child.live(sock, handle)
    finally:
        os._exit(code)
