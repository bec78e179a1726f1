"""The marker's page served for a test, in a thread of its own."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from graded import made

from rgteach.grading.rubric import queue
from rgteach.grading.rubric.marks import Marks
from rgteach.grading.rubric.server import Server
from rgteach.grading.rubric.session import Session


@contextmanager
def served(folder, lang: str = "en", names: bool = False, graded=None) -> Iterator[Server]:
    """A server over a class's open answers, whose marks go to a folder."""
    found = queue.gather(made(12) if graded is None else graded, lang)
    session = Session(found, Marks(folder, "Li"), lang, names)
    ready, made_here = threading.Event(), {}

    def run() -> None:
        async def serve() -> None:
            made_here["loop"], made_here["over"] = asyncio.get_running_loop(), asyncio.Event()
            made_here["server"] = Server(session)
            ready.set()
            await made_here["over"].wait()
            made_here["server"].close()

        asyncio.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(30)
    try:
        yield made_here["server"]
    finally:
        made_here["loop"].call_soon_threadsafe(made_here["over"].set)
        thread.join(30)


class Caller:
    """Somebody who asks a server, with headers as they like."""

    def __init__(self, server: Server, let_in: bool = True):
        self.server = server
        self.cookie = f"{server.cookie_name}={server.cookie}" if let_in else ""

    def ask(self, path: str, sent: object = None, **headers: str) -> http.client.HTTPResponse:
        """The reply, its body in `text`; a header `None` is left out."""
        method = "GET" if sent is None else "POST"
        told = {"Host": self.server.hosts[0], "Cookie": self.cookie}
        if sent is not None:
            told |= {"Origin": f"http://{self.server.hosts[0]}", "Content-Type": "application/json"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.putrequest(method, path, skip_host=True)
        body = (sent if isinstance(sent, bytes) else json.dumps(sent).encode()) if sent is not None else b""
        for name, value in {**told, "Content-Length": str(len(body))}.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders(body)
        reply = connection.getresponse()
        reply.text = reply.read().decode("utf-8")
        connection.close()
        return reply

    def data(self, path: str, sent: object = None) -> dict:
        """What a reply holds."""
        return json.loads(self.ask(path, sent).text)
