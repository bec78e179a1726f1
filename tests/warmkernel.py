"""Kernels that start in a moment: each is forked from a process that has loaded IPython and SciPy already.

    python warmkernel.py serve SOCKET                 the process that forks
    python warmkernel.py SOCKET -f CONNECTION_FILE    what Jupyter starts in the place of a kernel

A kernel takes two seconds to load its libraries, and a test of a tool that starts one for each notebook would
spend most of its time on that.  Nothing else is different: a fork is the same IPython kernel.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

# loaded once, so that no kernel has to; Matplotlib looks at its surroundings when it is loaded, so not here
_LOADED = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "scipy.stats",
    "sklearn.linear_model",
    "rgteach.course.check",
)
_BEAT = 0.05  # seconds between two looks at who has ended


def main(words: list[str]) -> int:
    """Serve, or stand in for a kernel."""
    return serve(words[1]) if words[0] == "serve" else stand_in(*words)


def stand_in(address: str, *options: str) -> int:
    """Have a kernel forked; end when it ends, and hand signals on to it."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        asked = {"options": options, "env": dict(os.environ), "cwd": os.getcwd()}
        line.sendall(json.dumps(asked).encode() + b"\n")
        told = line.makefile()
        kernel = int(told.readline())
        signal.signal(signal.SIGINT, lambda *_: os.kill(kernel, signal.SIGINT))
        signal.signal(signal.SIGTERM, lambda *_: os.kill(kernel, signal.SIGTERM))
        told.read()
    return 0


def serve(address: str) -> int:
    """Fork a kernel for everyone who asks, and end it when its stand-in ends."""
    for name in _LOADED:
        importlib.import_module(name)
    sys.path.pop(0)  # the folder of this file is none of a kernel's business
    lines: dict[socket.socket, int] = {}
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        door.settimeout(_BEAT)
        while os.getppid() != 1:
            with suppress(TimeoutError):
                line = door.accept()[0]
                lines[line] = _fork(line, door)
            _bury(lines)
    return 0


def _fork(line: socket.socket, door: socket.socket) -> int:
    asked = json.loads(line.makefile().readline())
    if kernel := os.fork():
        line.sendall(f"{kernel}\n".encode())
        line.setblocking(False)
        return kernel
    from ipykernel.kernelapp import IPKernelApp

    line.close()
    door.close()
    os.environ.clear()
    os.environ.update({name: value for name, value in asked["env"].items() if name != "JPY_PARENT_PID"})
    os.chdir(asked["cwd"])
    IPKernelApp.launch_instance([*asked["options"], f"--IPKernelApp.parent_handle={os.getppid()}"])
    os._exit(0)


def _bury(lines: dict[socket.socket, int]) -> None:
    for line, kernel in list(lines.items()):
        with suppress(BlockingIOError):
            if line.recv(1) == b"":  # the stand-in is gone
                with suppress(ProcessLookupError):
                    os.kill(kernel, signal.SIGKILL)
        with suppress(ChildProcessError):
            if os.waitpid(kernel, os.WNOHANG)[0]:
                del lines[line]
                line.close()


@contextmanager
def warm_kernels(folder: Path):
    """For a while, the kernel `python3` in this folder of kernels is a forked one; waits till it is ready."""
    if not hasattr(os, "fork"):  # then they start as everywhere
        yield
        return
    with tempfile.TemporaryDirectory(prefix="rg-") as place:  # the address of a socket is short
        address = Path(place) / "kernels"
        argv = [sys.executable, "-I", "-S", __file__, str(address), "-f", "{connection_file}"]
        spec = folder / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}))
        command = [sys.executable, __file__, "serve", str(address)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
            try:
                while not address.exists() and server.poll() is None:
                    time.sleep(_BEAT)
                yield
            finally:
                server.kill()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
