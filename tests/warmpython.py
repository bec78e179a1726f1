"""A Python that starts in a moment: each is forked from a process that has loaded pytest, IPython and SciPy.

    python warmpython.py serve SOCKET PYTHON     the process that forks
    PYTHON -m module …                           a small program that has it done, and stands in for the fork

A Python takes seconds to load these libraries, and a test of a tool that starts two for each notebook would
spend most of its time on that.  Nothing else is different: it has the surroundings, the folder, the words and
the open files of whoever called it, and its signals; how it ends is told.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# loaded once; Matplotlib looks at its surroundings when it is loaded, so not here
_LOADED = (
    "_pytest.junitxml",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "nbformat.v4",
    "nbval.plugin",
    "numba",
    "pytest",
    "rgteach.course.check",
    "scipy.stats",
)
_PROGRAM = """#!{python} -IS
import sys
sys.path.append({folder!r})
import warmpython
sys.exit(warmpython.stand_in({address!r}, sys.argv[1:]))
"""


# ---- what stands in


def stand_in(address: str, words: list[str]) -> int:
    """Have a Python forked; end as it ends, and hand signals on to it.

    Whoever wants other than a module gets the real Python, with all of its open files.
    """
    if "-m" not in words[:2]:
        os.execv(sys.executable, [sys.executable, *words])
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        socket.send_fds(line, [b"."], [0, 1, 2])
        asked = {"words": words, "env": dict(os.environ), "cwd": os.getcwd()}
        line.sendall(json.dumps(asked).encode() + b"\n")
        told = line.makefile()
        process = int(told.readline())
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda number, _: os.kill(process, number))
        code = int(told.readline() or 1)
        return code if code >= 0 else 128 - code


# ---- what forks


def serve(address: str, program: str) -> None:
    """Fork a Python for everyone who asks, and end it when its stand-in ends."""
    import gc
    import importlib
    import select

    sys.modules.setdefault("rfc3987_syntax", None)  # see offline/sitecustomize.py
    for name in _LOADED:
        with suppress(ImportError):  # an extra that is not here
            importlib.import_module(name)
    gc.freeze()  # what is never looked at is never copied
    sys.path.pop(0)  # the folder of this file is none of a test's business
    ended, told = socket.socketpair()  # a byte whenever a fork has ended
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    lines: dict[socket.socket, int] = {}
    door = socket.socket(socket.AF_UNIX)
    door.bind(address)
    door.listen()
    while os.getppid() != 1:
        heard = select.select([door, ended, *lines], [], [], 1)[0]
        if ended in heard:
            ended.recv(4096)
        _bury(lines, heard)
        if door in heard:
            line = door.accept()[0]
            files = socket.recv_fds(line, 1, 3)[1]
            asked = json.loads(line.makefile().readline())
            lines[line] = os.fork()
            if not lines[line]:
                for one in (door, ended, told, *lines):
                    one.close()
                return _become(program, files, asked)
            list(map(os.close, files))
            line.sendall(f"{lines[line]}\n".encode())


def _become(program: str, files: list[int], asked: dict) -> None:
    """In the fork: take over what the stand-in was given, and do what it was asked for."""
    import runpy

    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    env = asked["env"]
    if "JPY_PARENT_PID" in env:  # a kernel ends when its parent does
        env["JPY_PARENT_PID"] = str(os.getppid())
    os.environ.clear()
    os.environ.update(env)
    os.chdir(asked["cwd"])
    words = asked["words"][asked["words"].index("-m") + 1 :]
    sys.executable, sys.argv = program, words
    sys.path[:0] = [asked["cwd"], *filter(None, env.get("PYTHONPATH", "").split(os.pathsep))]
    _leave(runpy.run_module, words[0], run_name="__main__", alter_sys=True)


def _leave(does: Callable, *words, **more) -> None:
    """Do something, then end as a Python ends, but without tearing down libraries: that takes a second."""
    import atexit
    import threading
    import traceback

    code: object = 0
    try:
        does(*words, **more)
    except SystemExit as end:
        code = end.code
        if isinstance(code, str):
            print(code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def _bury(lines: dict[socket.socket, int], heard: list[socket.socket]) -> None:
    """End those whose stand-in is gone; tell the others' how their fork has ended."""
    for line, process in list(lines.items()):
        if line in heard:  # nothing is said there but the end
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        done, status = os.waitpid(process, 0 if line in heard else os.WNOHANG)
        if done:
            with suppress(OSError):
                line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            line.close()
            del lines[line]


# ---- for tests


@contextmanager
def warm_python() -> Iterator[str]:
    """The path of such a Python, ready to be called; of the real one where nothing can be forked."""
    import subprocess
    import tempfile
    import time

    if not hasattr(os, "fork"):
        yield sys.executable
        return
    with tempfile.TemporaryDirectory(prefix="rg-") as place:  # the address of a socket is short
        address, program = Path(place) / "line", Path(place) / "python"
        folder = str(Path(__file__).parent)
        text = _PROGRAM.format(python=sys.executable, folder=folder, address=str(address))
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        command = [sys.executable, __file__, "serve", str(address), str(program)]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                while not address.exists() and server.poll() is None:
                    time.sleep(0.02)
                yield str(program)
            finally:
                server.kill()


if __name__ == "__main__":
    serve(*sys.argv[2:])
