"""A real JupyterLab in a real browser, driven as a student would drive it.

Waiting is done on JupyterLab's own promises (`window.jupyterapp`, the panel's context, its session and
kernel), never on the busy icon, which can be missed between two looks.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

OFFLINE = Path(__file__).with_name("offline")  # Python that may not leave this machine
PATIENCE = 120_000  # ms for anything that a slow machine may take its time for
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]


def find_chromium() -> str | None:
    """The system's Chromium, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def absent(what: str) -> None:
    """Skip the test for want of something; on the server, which installs all it needs, that is a failure."""
    if os.environ.get("CI", "").lower() in ("", "0", "false"):
        pytest.skip(f"not on this machine: {what}")
    pytest.fail(f"not on this machine: {what}")


def is_here(address: str) -> bool:
    """Whether what a page loads comes from this machine, or from within the page."""
    parts = urlsplit(address)
    return parts.scheme in ("about", "blob", "data", "file") or parts.hostname in (
        "localhost",
        "127.0.0.1",
        "::1",
    )


@contextmanager
def browser_page() -> Iterator:
    """A page of headless Chromium, 1400 x 1000; what it asks of other machines fails the test at its end."""
    program = find_chromium()
    if program is None:
        absent("Chromium (Debian: apt install chromium)")
    try:
        from playwright import sync_api
    except ImportError:
        absent("Playwright (pip install playwright)")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET + sandbox)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(PATIENCE)
        asked: list[str] = []
        page.context.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        try:
            yield page
        finally:
            browser.close()
        assert [address for address in asked if not is_here(address)] == []


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
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                info = json.loads(file.read_text())
            except json.JSONDecodeError:  # half written; it will be whole at the next look
                continue
            return f"{info['url']}lab?token={info['token']}"
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


class Notebook:
    """One notebook, open in JupyterLab; cells are counted from 0."""

    def __init__(self, page, path: str):
        self.page = page
        self._ask(
            """async (path) => {
                const app = window.jupyterapp;
                await app.restored;
                const panel = await app.commands.execute('docmanager:open', {path, factory: 'Notebook'});
                await panel.context.ready;
                await panel.sessionContext.ready;
                app.shell.activateById(panel.id);
                window.panel = panel;
            }""",
            path,
        )
        self._wait_for_kernel()

    def _ask(self, script: str, argument: object = None):
        return self.page.evaluate(script, argument)

    def _wait_for_kernel(self) -> None:
        self._ask("async () => { await panel.sessionContext.session.kernel.info; }")
        self.page.wait_for_function(
            "() => panel.sessionContext.session.kernel.connectionStatus === 'connected'"
        )

    def cells(self) -> list[dict]:
        """Every cell as it is saved: source, metadata and outputs."""
        return self._ask("() => panel.content.widgets.map(cell => cell.model.sharedModel.toJSON())")

    def find(self, **metadata: str) -> int:
        """The place of the one cell whose rgteach metadata has these entries."""
        hits = [
            i
            for i, cell in enumerate(self.cells())
            if metadata.items() <= cell["metadata"].get("rgteach", {}).items()
        ]
        assert len(hits) == 1, f"{len(hits)} cells with {metadata}"
        return hits[0]

    def errors(self) -> list[str]:
        """What went wrong, one text for each cell that ended in an error."""
        return [
            f"cell {i}: {out['ename']}: {out['evalue']}"
            for i, cell in enumerate(self.cells())
            for out in cell.get("outputs", [])
            if out["output_type"] == "error"
        ]

    def run_all(self) -> None:
        """The menu's Run All Cells; returns when the last one has ended."""
        self._ask("async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def run(self, index: int) -> None:
        """Run one cell and wait for its end."""
        self._ask(
            """async (index) => {
                panel.content.deselectAll();
                panel.content.activeCellIndex = index;
                await window.jupyterapp.commands.execute('notebook:run-cell');
            }""",
            index,
        )

    def type_into(self, index: int, text: str) -> None:
        """Click into a cell, select what stands there and type something else."""
        self.show(index)
        self.node(index).query_selector(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)
        assert self.cells()[index]["source"] == text

    def append_code(self, text: str) -> int:
        """A new cell at the end, with this text; its place is returned."""
        self._ask(
            "text => panel.model.sharedModel.addCell({cell_type: 'code', source: text, metadata: {}})", text
        )
        return self._ask("() => panel.content.widgets.length - 1")

    def restart(self) -> None:
        """The kernel is ended and started anew; what stands in the notebook stays."""
        self._ask("async () => { await panel.sessionContext.restartKernel(); }")
        self._wait_for_kernel()

    def show(self, index: int) -> None:
        """Scroll to a cell and wait until it is drawn."""
        self._ask("async index => { await panel.content.scrollToItem(index, 'start'); }", index)
        self.page.wait_for_function("index => panel.content.widgets[index].isAttached", arg=index)

    def node(self, index: int):
        """The element of a cell; `show` it first."""
        return self.page.evaluate_handle("index => panel.content.widgets[index].node", index).as_element()

    def pictures(self, index: int) -> list[str]:
        """The address of every picture in a cell's output, as the browser shows it."""
        return self._ask(
            """index => [...panel.content.widgets[index].node.querySelectorAll('.jp-OutputArea img')]
                .filter(image => image.complete && image.naturalWidth > 0).map(image => image.src)""",
            index,
        )

    def wait_for_new_pictures(self, index: int, before: list[str]) -> list[str]:
        """Wait until a cell shows other pictures than before."""
        self.page.wait_for_function(
            """([index, before]) => {
                const images = [...panel.content.widgets[index].node.querySelectorAll('.jp-OutputArea img')];
                const now = images.map(image => image.src);
                return now.length > 0 && images.every(image => image.complete && image.naturalWidth > 0)
                    && JSON.stringify(now) !== JSON.stringify(before);
            }""",
            arg=[index, before],
        )
        return self.pictures(index)

    def close(self) -> None:
        """Shut the kernel down and close the tab without saving."""
        self._ask("async () => { await panel.sessionContext.shutdown(); panel.dispose(); }")


def open_lab(page, address: str) -> None:
    """Load JupyterLab itself and wait until it is restored."""
    page.goto(address)
    page.wait_for_function("() => window.jupyterapp !== undefined")
    page.evaluate("async () => { await window.jupyterapp.restored; }")
