"""JupyterLab as a command starts it: nothing of the user's own is read, and nothing leaves this machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OFFLINE = Path(__file__).with_name("offline")  # Python that may not leave this machine
PATIENCE_S = 120  # for anything that a slow machine may take its time for


@contextmanager
def jupyterlab(command: list[str], scratch: Path) -> Iterator[str]:
    """Start JupyterLab by a command and yield its address with the token; nothing of the user's own is read.

    The server writes its address into its runtime folder, so what the command prints does not matter.  It
    and its kernels may not leave this machine: what tried to fails the test at its end.
    """
    home = scratch / "home"
    runtime, config = home / "runtime", home / "config"
    for folder in (runtime, config):
        folder.mkdir(parents=True)
    (config / "jupyter_lab_config.json").write_text('{"LabApp": {"expose_app_in_browser": true}}')
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTEST", "RGTEACH", "XDG_"))
    }
    clean |= {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_DIR": str(config)}
    log, left = home / "server.log", home / "left-the-machine.log"
    clean |= {"PYTHONPATH": str(OFFLINE), "RGTEACH_OFFLINE_LOG": str(left)}
    with log.open("w") as out:
        server = subprocess.Popen(
            command, env=clean, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield address(server, runtime, log)
    finally:
        stop(server)
    assert not left.exists(), left.read_text(encoding="utf-8")


def stop(server: subprocess.Popen) -> None:
    """End the command and the JupyterLab that it started, which ends its kernels first."""
    deadline = time.monotonic() + 30
    with contextlib.suppress(ProcessLookupError):  # nobody of the group is left
        os.killpg(server.pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            server.poll()
            os.killpg(server.pid, 0)
            time.sleep(0.1)
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def address(server: subprocess.Popen, runtime: Path, log: Path) -> str:
    """Where the server listens, as soon as it says so."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                info = json.loads(file.read_text())
            except json.JSONDecodeError:  # half written; it will be whole at the next look
                continue
            if _is_open(info["port"]):  # it writes down its port a moment before it listens there
                return f"{info['url']}lab?token={info['token']}"
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


def _is_open(port: int) -> bool:
    """Whether somebody listens at this port of our own."""
    try:
        socket.create_connection(("localhost", port), timeout=5).close()
    except OSError:
        return False
    return True
