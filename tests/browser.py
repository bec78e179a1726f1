"""A real JupyterLab in a real browser, driven as a student would drive it.

Waiting is done on JupyterLab's own promises (`window.jupyterapp`, the panel's context, its session and
kernel), never on the busy icon, which can be missed between two looks.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from servers import OFFLINE, jupyterlab

__all__ = ["OFFLINE", "Notebook", "absent", "browser_page", "is_here", "jupyterlab", "open_lab"]

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

_shared: dict[str, object] = {}
_ends = ExitStack()


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
    """A page of headless Chromium, 1400 x 1000; what it asks of other machines fails the test at its end.

    The page knows nothing of others (cookies, storage), but all pages of a process are of one Chromium.
    """
    context = chromium().new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(PATIENCE)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    try:
        page = context.new_page()
        page.on("websocket", lambda socket: asked.append(socket.url))
        yield page
    finally:
        context.close()
    assert elsewhere(asked) == []


def elsewhere(addresses: list[str]) -> list[str]:
    """Those that are on other machines."""
    return [address for address in addresses if not is_here(address)]


def chromium():
    """The one Chromium of this process: started when it is first asked for, ended by `close_shared`."""
    if "chromium" in _shared and not _shared["chromium"].is_connected():
        close_shared()  # it crashed; the test that saw it has failed
    if "chromium" not in _shared:
        program = find_chromium()
        if program is None:
            absent("Chromium (Debian: apt install chromium)")
        try:
            from playwright import sync_api
        except ImportError:
            absent("Playwright (pip install playwright)")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        playwright = open_until_the_end(sync_api.sync_playwright())
        browser = playwright.chromium.launch(executable_path=program, args=QUIET + sandbox)
        _ends.callback(browser.close)
        _shared["chromium"] = browser
    return _shared["chromium"]


def shared(name: str, make: Callable[[], object]) -> object:
    """What all browser tests of this process use together, such as a JupyterLab; made at the first call."""
    if name not in _shared:
        _shared[name] = make()
    return _shared[name]


def open_until_the_end(manager: AbstractContextManager) -> object:
    """Enter a context that is left when the last browser test of this process has ended."""
    return _ends.enter_context(manager)


def close_shared() -> None:
    """End Chromium and all that was kept for the browser tests to come; called after the last of them.

    An open Playwright keeps an event loop running in this thread, which other tests could not bear.
    """
    _shared.clear()
    _ends.close()


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
