"""`rgteach rubric`: open answers marked by a person, in a page or in a notebook."""

from __future__ import annotations

import asyncio
import getpass
import signal
import webbrowser
from dataclasses import dataclass
from pathlib import Path

from rgteach.cli import screen
from rgteach.cli.screen import WrongUsage
from rgteach.wording import say


@dataclass(frozen=True)
class Wish:
    """How somebody wants to mark."""

    lab: str | None = None
    names: bool = False
    port: int = 0
    notebook: Path | None = None
    who: str | None = None
    root: Path | None = None
    browser: bool = True

    @classmethod
    def from_words(cls, port: str, **more) -> Wish:
        """From the words of the command line."""
        if not (port.isascii() and port.isdigit() and int(port) < 65536):
            raise WrongUsage("cli-rubric-bad-port", given=port)
        return cls(port=int(port), **more)


def run(folder: Path | None, wish: Wish) -> int:
    """Mark, and carry the marks into the scores; returns the exit code."""
    if folder is None:
        raise WrongUsage("cli-rubric-folder-missing")
    from rgteach.grading.rubric import apply, queue
    from rgteach.grading.rubric.marks import Marks

    lang = screen.wanted_language()
    graded, counting = apply.scores(folder), apply.counting(folder)
    graded = [one for one in graded if one.submission in counting]
    found = queue.gather(graded, lang, lab=wish.lab, shuffled=not wish.names, root=wish.root)
    marks = Marks(folder, wish.who or _me())
    if wish.notebook is None:
        _page(found, marks, lang, wish)
    elif not _sheet(found, marks, lang, wish):
        return 0
    done = sum(a.id in marks and marks[a.id].complete for a in found.answers)
    changed = apply.apply(folder, marks, wish.root)
    screen.tell(say("cli-rubric-done", done=done, count=len(found.answers), changed=changed), "green")
    return 0


def _me() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container whose user has no name
        return "?"


def _sheet(found, marks, lang: str, wish: Wish) -> bool:
    """Write the notebook, or read it back; whether there is something to carry into the scores."""
    from rgteach.grading.feedback.write import replace
    from rgteach.grading.rubric import sheet

    path = wish.notebook
    if path.exists():
        kept = sheet.keep(sheet.read(path, found), found, marks)
        screen.tell(say("cli-rubric-read", path=path, count=kept))
        return True
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, sheet.write(found, marks, lang, wish.names).encode("utf-8", "replace"))
    screen.tell(say("cli-rubric-written", path=path, count=len(found.answers)), "green")
    return False


def _page(found, marks, lang: str, wish: Wish) -> None:
    """Show the page until the command is ended."""
    from rgteach.grading.rubric.server import Server
    from rgteach.grading.rubric.session import Session

    async def serve() -> None:
        server = Server(Session(found, marks, lang, wish.names), wish.port)
        over = asyncio.Event()
        for name in ("SIGINT", "SIGTERM"):
            try:
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), over.set)
            except (NotImplementedError, RuntimeError):  # Windows: Ctrl+C ends the loop itself
                pass
        screen.tell(say("cli-rubric-open", address=server.address), "bold")
        screen.aside(say("cli-rubric-ends"), "dim")
        if wish.browser:
            webbrowser.open(server.address)
        await over.wait()
        server.close()

    try:
        asyncio.run(serve())
    except KeyboardInterrupt:
        pass  # all marks are kept already
