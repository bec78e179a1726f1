"""`rgteach present` and `rgteach export`: a lesson before a room, and as a file to hand out."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
import webbrowser
from pathlib import Path

from rgteach import wording
from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.errors import LearnerError
from rgteach.wording import say


def present(what: str | None, port: str, browser: bool) -> int:
    """Serve a presentation until it is ended; returns the exit code."""
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise WrongUsage("present-bad-port", given=port)
    if importlib.util.find_spec("voila") is None:
        raise LearnerError("present-no-voila", python=sys.executable)
    from rgteach.present import show

    wording.choose(screen.wanted_language())  # a page can show Chinese where this terminal cannot
    os.environ["RGTEACH_LANG"] = wording.language()  # for the kernels
    with tempfile.TemporaryDirectory(prefix="rgteach-present-", ignore_cleanup_errors=True) as folder:
        shown = show.prepare(what, wording.language(), Path(folder))
        _serve(shown, int(port), browser)
    return 0


def _serve(shown, port: int, browser: bool) -> None:
    from rgteach.present.sockets import bind

    listening = bind(port)
    from rgteach.present.server import Presenter

    def told(address: str) -> None:
        screen.tell(say("present-open", address=address), "bold")
        screen.aside(say("present-ends"), "dim")
        if browser:
            webbrowser.open(address)

    try:
        presenter = Presenter(shown, listening, told)
        presenter.initialize([])
        presenter.start()
    except KeyboardInterrupt:
        pass
    screen.aside(say("present-closed"), "dim")


def export(given: list[str], out: Path | None) -> int:
    """Write lessons as files; returns the exit code."""
    if not given:
        raise WrongUsage("cli-export-missing")
    if any(importlib.util.find_spec(name) is None for name in ("math_core", "nh3", "mdit_py_plugins")):
        raise LearnerError("handout-no-extra", python=sys.executable)
    from rgteach.present.handout.write import write

    for one in write(given, screen.wanted_language(), out):
        screen.tell(f"{one.path}  ({one.size / 1e6:.1f} MB)", "green")
    return 0
