"""Who may see a presentation, where it listens, and how it ends."""

import asyncio
import http.client
import os
import re
import signal
import socket
from types import SimpleNamespace

import pytest
from presenting import presentation

from rgteach import demos, wording
from rgteach.cli import main
from rgteach.errors import LearnerError
from rgteach.present import lessons, show

PATHS = [
    "/",
    "/voila/render/demo-glcm.ipynb",
    "/present/notes/demo-glcm",
    "/present/picture/demo-glcm",
    "/present/files/present.css",
    "/voila/templates/lab/static/voila-style.js",
    "/voila/static/voila.js",
    "/voila/labextensions/anywidget/package.json",
    "/voila/api/themes/x.css",
    "/voila/files/demo-glcm.ipynb",
    "/voila/tree",
    "/voila/api/contents",
    "/api/kernels",
    "/api/kernels/11111111-1111-1111-1111-111111111111",
    "/nowhere",
]


OWN = '{"cells": [{"cell_type": "code", "source": "print(6 * 7)"}], "metadata": {}}'


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with presentation(tmp_path_factory.mktemp("present"), "glcm") as running:
        yield running


def ask(running, path, *, method="GET", **headers):
    """Status, headers and body of an answer; `Host` and the rest as given, nothing followed."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": f"127.0.0.1:{running.port}"} | named)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


@pytest.fixture(scope="module")
def cookie(served):
    status, headers, body = ask(served, f"/?token={served.token}")
    assert (status, headers["Location"], body) == (302, "/", b"")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(headers["Set-Cookie"].split("; "))
    assert served.token not in headers["Set-Cookie"]
    return headers["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE"])
def test_gate__without_a_token_there_is_nothing(served, path, method):
    assert ask(served, path, method=method)[::2] == (403, b"")


@pytest.mark.parametrize(
    "wrong",
    [
        "?token=wrong", "?token=", "?token={token}x", "?token={token}&token={token}", "?Token={token}",
        "?token=%00", "?token=%C3%A9",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", PATHS[:6])
def test_gate__a_wrong_token_opens_nothing(served, path, wrong):
    status, headers, body = ask(served, path + wrong.format(token=served.token))
    assert (status, body) == (403, b"")
    assert "Set-Cookie" not in headers


def test_gate__a_wrong_cookie_opens_nothing(served, cookie):
    name, _, value = cookie.partition("=")
    for wrong in (f"{name}=wrong", f"{name}={value}x", f"{name}=", f"other={value}", f'{name}="\\"'):
        assert ask(served, "/", Cookie=wrong)[::2] == (403, b"")


def test_gate__voilas_own_ways_in_are_closed(served):
    for headers in ({"Authorization": f"token {served.token}"}, {"Authorization": "token "}):
        assert ask(served, "/voila/render/demo-glcm.ipynb", **headers)[::2] == (403, b"")


@pytest.mark.parametrize(
    "host",
    ["evil.example:{port}", "evil.example", "127.0.0.1", "localhost.evil.example:{port}", "127.0.0.1:1",
     "0.0.0.0:{port}"],
)  # fmt: skip
def test_gate__another_host_name_is_refused_even_with_the_cookie(served, cookie, host):
    told = host.format(port=served.port)
    for path in PATHS[:5]:
        assert ask(served, path, Host=told, Cookie=cookie)[::2] == (403, b"")
    assert ask(served, f"/?token={served.token}", Host=told)[::2] == (403, b"")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"])
def test_gate__another_page_is_refused_even_with_the_cookie(served, cookie, origin):
    assert ask(served, "/present/files/present.css", Cookie=cookie, Origin=origin)[::2] == (403, b"")


def test_gate__with_the_cookie_the_pages_are_there_and_may_load_nothing_else(served, cookie):
    for path, part in (("/", b"present-cards"), ("/present/notes/demo-glcm", b"present-notes")):
        status, headers, body = ask(served, path, Cookie=cookie)
        assert (status, part in body) == (200, True)
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
    assert ask(served, "/voila/static/voila.js", Cookie=cookie)[0] == 200
    assert ask(served, "/voila/labextensions/anywidget/package.json", Cookie=cookie)[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/voila/tree", "/voila/files/demo-glcm.ipynb", "/voila/api/contents", "/present/files/..%2fgate.py",
     "/present/files/index.html.j2", "/present/notes/other", "/login"],
)  # fmt: skip
def test_served__no_list_of_files_and_no_files(served, cookie, path):
    status, _, body = ask(served, path, Cookie=cookie)
    assert status in (404, 405)
    assert b"https://" not in body


@pytest.mark.parametrize("brought", ["nothing", "wrong token", "other origin", "other host"])
def test_websocket__is_not_opened_for_strangers(served, cookie, brought):
    from tornado.httpclient import HTTPClientError, HTTPRequest
    from tornado.websocket import websocket_connect

    address = f"ws://127.0.0.1:{served.port}/api/kernels/11111111-1111-1111-1111-111111111111/channels"
    headers = {
        "nothing": {}, "wrong token": {}, "other origin": {"Cookie": cookie, "Origin": "http://evil.example"},
        "other host": {"Cookie": cookie, "Host": "evil.example"},
    }[brought]  # fmt: skip
    address += "?token=wrong" if brought == "wrong token" else ""

    async def knock():
        return await websocket_connect(HTTPRequest(address, headers=headers))

    with pytest.raises(HTTPClientError) as error:
        asyncio.run(knock())
    assert error.value.code == 403


def test_served__only_on_this_machine(served):
    import psutil

    listening = [
        c.laddr for c in psutil.Process(served.process.pid).net_connections() if c.status == "LISTEN"
    ]
    assert {place.ip for place in listening} == {"127.0.0.1"}


def test_ctrl_c__ends_the_server_and_its_kernels(tmp_path):
    import psutil

    (tmp_path / "own.ipynb").write_text(OWN)
    with presentation(tmp_path, "own.ipynb") as running:
        _, headers, _ = ask(running, f"/?token={running.token}")
        cookie = headers["Set-Cookie"].partition(";")[0]
        status, _, body = ask(running, "/voila/render/lesson.ipynb", Cookie=cookie)
        assert (status, b'<pre class="present-printed"' in body) == (200, True)
        kernels = psutil.Process(running.process.pid).children(recursive=True)
        assert kernels
        assert running.end(signal.SIGINT) == 0
        gone, alive = psutil.wait_procs(kernels, timeout=20)
        assert alive == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", running.port), timeout=5)


def test_port__that_is_taken_is_a_sentence(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["present", "glcm", "--port", str(port), "--no-browser"]) == 1
    assert f"Port {port} cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["x", "-1", "65536", "１"])
def test_port__that_is_none_is_wrong_usage(port, capsys):
    assert main(["present", "--port", port, "--no-browser"]) == 2


def test_present__without_voila_says_what_to_install(monkeypatch, capsys):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "voila" else found(name, *more)
    )
    assert main(["present", "glcm", "--no-browser"]) == 1
    assert "rgteach[present]" in capsys.readouterr().err


UNKNOWN = [("glcn", "present-unknown"), ("88", "handout-no-lesson"), ("no.ipynb", "handout-unreadable")]


@pytest.mark.parametrize(("what", "key"), UNKNOWN)
def test_present__something_unknown_is_a_sentence(tmp_path, what, key):
    with pytest.raises(LearnerError) as error:
        show.prepare(what, "en", tmp_path)
    assert error.value.key == key


def test_websocket__what_a_kernel_says_leaves_at_once(tmp_path):
    from rgteach.course.socket import PromptConnection
    from rgteach.present.server import Presenter
    from rgteach.present.sockets import bind

    listening = bind(0)
    try:
        presenter = Presenter(show.prepare("glcm", "en", tmp_path), listening, print)
        presenter.initialize([])
        assert presenter.init_settings()["kernel_websocket_connection_class"] is PromptConnection
    finally:
        for one in listening:
            one.close()


def test_websocket__is_told_not_to_wait_before_it_connects(monkeypatch):
    from rgteach.course import socket as prompt

    done = []
    monkeypatch.setattr(prompt.ZMQChannelsWebsocketConnection, "connect", lambda self: done.append("connect"))

    class Heard(prompt.PromptConnection):
        websocket_handler = SimpleNamespace(set_nodelay=done.append)

    Heard.__new__(Heard).connect()
    assert done == [True, "connect"]


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_show__the_demos_follow_each_other_and_have_notes(tmp_path, lang):
    wording.choose(lang)
    try:
        made = show.prepare(None, lang, tmp_path)
    finally:
        wording.choose(None)
    assert [item.demo for item in made.items] == demos.names()
    assert made.beside(made.items[0], -1) is None
    assert made.beside(made.items[0], +1) is made.items[1]
    assert all(item.notes[0].text.count("- ") >= 1 for item in made.items)


def titles(lesson):
    texts = [cell["source"] for cell in lesson.cells if cell["cell_type"] == "markdown"]
    return [line.lstrip("# ") for text in texts for line in text.split("\n") if re.match("##? ", line)]


def test_show__a_lesson_has_a_note_for_each_heading(tmp_path):
    made = show.prepare("02", "en", tmp_path)
    lesson = lessons.read(lessons.find("02", "en"))
    assert [note.heading for note in made.items[0].notes] == titles(lesson)
    assert any("**Predict.**" in note.text for note in made.items[0].notes)


def test_show__a_lesson_of_ones_own_runs_where_it_lies(tmp_path):
    own = tmp_path / "a 'b'" / "own.ipynb"
    own.parent.mkdir()
    own.write_text('{"cells": [{"cell_type": "code", "source": "1"}], "metadata": {}}')
    (tmp_path / "out").mkdir()
    made = show.prepare(str(own), "en", tmp_path / "out")
    told = (made.folder / "lesson.ipynb").read_text(encoding="utf-8")
    assert "os.chdir" in told
    assert os.path.basename(made.items[0].title) == "own"
