"""A notebook asks nobody for anything: not when it is opened, not when it runs.

What runs is watched by `tests/offline`: here it is shown to stop whoever wants to leave the machine, and
`make test-notebooks` and the tests in the browser run every notebook and JupyterLab under it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from browser import OFFLINE, is_here
from built import ROOT, Elements, notebooks, pieces, short

from rgteach.course.execute import execute
from rgteach.course.model import PageError

# what a browser loads by itself when it shows a page; a link is followed only when it is clicked
LOADING = {
    "src",
    "srcset",
    "data",
    "poster",
    "background",
    "action",
    "formaction",
    "ping",
    "code",
    "manifest",
}
LOADED_LINK = {"link", "image", "use", "base"}  # elements whose href is fetched
AWAY = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//|^\s*(?:https?|ftp|wss?):", re.I)
IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]?([^'\";\s]+)", re.I)


def loaded_from_elsewhere(text: str) -> list[str]:
    """The addresses on other machines that a browser would ask when it shows this HTML."""
    page = Elements(text)
    asked = [part for sheet in (page.sheets,) for pair in IN_STYLE.findall(sheet) for part in pair]
    for tag, attributes in page.found:
        for name, value in attributes.items():
            if name == "srcset":
                asked += [part.split()[0] for part in value.split(",") if part.strip()]
            elif name in LOADING or (name.endswith("href") and tag in LOADED_LINK):
                asked.append(value)
            elif name == "style":
                asked += [part for pair in IN_STYLE.findall(value) for part in pair]
    return [address for address in asked if AWAY.match(address)]


@pytest.mark.parametrize(
    "text",
    [
        '<img src="https://elsewhere.org/a.png">',
        '<img src="//elsewhere.org/a.png">',
        '<img srcset="a.png 1x, http://elsewhere.org/b.png 2x">',
        '<link rel="stylesheet" href="https://elsewhere.org/a.css">',
        '<script src="https://elsewhere.org/a.js"></script>',
        '<iframe src="https://elsewhere.org"></iframe>',
        '<style>@import "https://elsewhere.org/a.css";</style>',
        "<style>@font-face { src: url(https://elsewhere.org/a.woff) }</style>",
        "<p style=\"background: url('https://elsewhere.org/a.png')\">text</p>",
        '<svg><use xlink:href="https://elsewhere.org/a.svg#b"/></svg>',
        '<object data="https://elsewhere.org/a.svg"></object>',
    ],
)
def test_loaded_from_elsewhere__finds_it(text):
    assert len(loaded_from_elsewhere(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://doi.org/10.1000/182">a link waits until it is clicked</a>',
        '<img alt="dot" src="data:image/png;base64,AA//==">',
        "<p>https://elsewhere.org</p>",
        "<p style=\"background: url('data:image/png;base64,AA')\">text</p>",
    ],
)
def test_loaded_from_elsewhere__leaves_alone_what_asks_nobody(text):
    assert loaded_from_elsewhere(text) == []


@pytest.mark.parametrize("path", notebooks(), ids=short)
def test_notebook__loads_nothing_when_it_is_opened(path):
    assert [address for piece in pieces(path) for address in loaded_from_elsewhere(piece)] == []


@pytest.mark.parametrize("path", notebooks(), ids=short)
def test_notebook__holds_no_script(path):
    tags = {tag for piece in pieces(path) for tag, _ in Elements(piece).found}
    assert tags & {"script", "iframe", "object", "embed", "link"} == set()


# ---------------------------------------------------------------- what runs


def guarded(code: str, **more: str) -> subprocess.CompletedProcess:
    env = os.environ | {"PYTHONPATH": str(OFFLINE)} | more
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    "code",
    [
        "socket.create_connection(('192.0.2.1', 80))",
        "socket.create_connection(('elsewhere.invalid', 80))",
        "socket.socket().connect(('192.0.2.1', 80))",
        "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80, 0, 0))",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
        "socket.gethostbyname('elsewhere.invalid')",
        "__import__('urllib.request').request.urlopen('http://elsewhere.invalid')",
        "__import__('pandas').read_csv('https://elsewhere.invalid/table.csv')",
    ],
)
def test_offline__stops_who_wants_to_leave_even_where_errors_are_caught(code, tmp_path):
    log = tmp_path / "log"
    caught = f"import socket\ntry:\n    {code}\nexcept Exception:\n    pass"
    ended = guarded(caught, RGTEACH_OFFLINE_LOG=str(log))
    assert ended.returncode == 1
    assert "LeavesTheMachine" in ended.stderr
    assert re.search(r"192\.0\.2\.1|2001:db8::1|elsewhere\.invalid", log.read_text(encoding="utf-8"))


def test_offline__lets_a_machine_talk_to_itself():
    code = (
        "import socket, socketserver\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "for host in ('127.0.0.1', 'localhost'):\n"
        "    socket.create_connection((host, server.getsockname()[1]))\n"
        "left, right = socket.socketpair(); left.send(b'x'); print(right.recv(1).decode())\n"
    )
    ended = guarded(code)
    assert (ended.returncode, ended.stdout) == (0, "x\n"), ended.stderr


def test_offline__stops_a_kernel_in_any_folder(monkeypatch):
    """As the kernels of `make test-notebooks` are: those that leave the machine end in an error."""
    monkeypatch.setenv("PYTHONPATH", str(OFFLINE))

    def run(code: str) -> None:
        cell = {"cell_type": "code", "id": "a", "source": code, "metadata": {}, "outputs": []}
        data = {
            "cells": [cell | {"execution_count": None}],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        execute(data, lang="en", page="a page")

    run("print('here')")
    with pytest.raises(PageError, match="LeavesTheMachine"):
        run("import socket\ntry: socket.create_connection(('192.0.2.1', 80))\nexcept Exception: pass")


def test_make__runs_every_notebook_where_it_may_not_leave():
    recipe = re.search(r"^test-notebooks:.*?^endif", (ROOT / "Makefile").read_text(), flags=re.M | re.S)[0]
    assert f'PYTHONPATH="$(CURDIR)/{Path(OFFLINE).relative_to(ROOT)}" $(python) -m pytest' in recipe
    assert "$(notebooks)" in recipe
    assert (
        "notebooks := $(wildcard notebooks/en notebooks/zh solutions/en solutions/zh)"
        in (ROOT / "Makefile").read_text()
    )


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://localhost:8888/lab", True),
        ("ws://127.0.0.1:8888/api", True),
        ("data:image/png;base64,AA", True),
        ("blob:http://localhost:8888/1", True),
        ("https://elsewhere.org/a.js", False),
        ("http://localhost.elsewhere.org/", False),
        ("wss://elsewhere.org", False),
    ],
)
def test_browser__knows_its_own_machine(address, here):
    assert is_here(address) == here
