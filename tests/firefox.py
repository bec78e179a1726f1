"""A real Firefox, told what to do by the protocol that it speaks itself, WebDriver BiDi.

Playwright drives Firefox only in a build of its own.  Here the system's starts without a window, with an
empty profile and a proxy that does not exist: it reaches this machine and no other.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tornado.websocket import WebSocketClientConnection, websocket_connect

NAMES = ("firefox-esr", "firefox")
PATIENCE_S = 60
NOWHERE = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
}
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "ArrowUp": "\ue013"}  # as the protocol writes them


def find_firefox() -> str | None:
    """The system's Firefox, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Firefox:
    """One page of it; what went wrong there is kept in `errors`."""

    def __init__(self, socket: WebSocketClientConnection):
        self.socket, self.asked, self.errors, self.page = socket, 0, [], ""

    async def tell(self, method: str, **given: object) -> dict:
        """Send a command and give its result; what happens meanwhile is looked at for errors."""
        self.asked += 1
        await self.socket.write_message(json.dumps({"id": self.asked, "method": method, "params": given}))
        while (heard := await self.socket.read_message()) is not None:
            told = json.loads(heard)
            if told.get("id") == self.asked:
                assert told["type"] == "success", told
                return told["result"]
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self.errors.append(told["params"]["text"])
        raise ConnectionError("Firefox has ended")

    async def open(self, address: str) -> None:
        """Load a page in a tab of its own."""
        await self.tell("session.new", capabilities={})
        await self.tell("session.subscribe", events=["log.entryAdded"])
        self.page = (await self.tell("browsingContext.create", type="tab"))["context"]
        await self.tell("browsingContext.navigate", context=self.page, url=address, wait="complete")

    async def ask(self, script: str) -> object:
        """The value of an expression, a text or a number; a promise is waited for."""
        target = {"context": self.page}
        told = await self.tell("script.evaluate", expression=script, target=target, awaitPromise=True)
        assert told["type"] == "success", told
        return told["result"].get("value")

    async def press(self, *keys: str) -> None:
        """Keys one after the other, as a hand presses them."""
        hits = [{"type": way, "value": KEYS.get(key, key)} for key in keys for way in ("keyDown", "keyUp")]
        hand = {"type": "key", "id": "hand", "actions": hits}
        await self.tell("input.performActions", context=self.page, actions=[hand])


@asynccontextmanager
async def firefox(program: str) -> AsyncIterator[Firefox]:
    """Start it, and end it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        rules = "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in NOWHERE.items())
        Path(profile, "user.js").write_text(rules, encoding="utf-8")
        command = [program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        watch = threading.Timer(PATIENCE_S, process.kill)
        watch.start()
        try:
            found = (re.search(r"BiDi listening on (ws://\S+)", line) for line in process.stderr)
            address = next((hit[1] for hit in found if hit), None)
            if address is None:  # too old, or a snap, which cannot read the profile
                pytest.skip(f"{program} does not say where it listens")
            threading.Thread(target=process.stderr.read, daemon=True).start()
            socket = await websocket_connect(f"{address}/session", max_message_size=1 << 26)
            yield Firefox(socket)
            socket.close()
        finally:
            watch.cancel()
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()
