"""What the command line shows: sentences in colour on stderr, results on stdout, in the reader's language."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import zip_longest

from rgteach import wording
from rgteach.errors import LearnerError


class WrongUsage(LearnerError):
    """A command that was called in a way it does not understand: exit code 2."""


def prepare(argv: Sequence[str]) -> None:
    """Choose the language, and see to it that no character can stop the program.

    A pipe on Windows may know neither Chinese nor a box line; there we speak English and show "?" for others.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    asked = option_value(argv, "--lang")
    if asked in wording.LANGUAGES:
        wording.choose(asked)
    _wanted[:] = [wording.language()]
    if wording.language() == "zh" and not _can_show("掩膜"):
        wording.choose("en")


_wanted: list[str] = []


def wanted_language() -> str:
    """The language asked for, even where this terminal cannot show it: a notebook can."""
    return _wanted[0] if _wanted else wording.language()


def option_value(argv: Sequence[str], name: str) -> str | None:
    """What follows an option, before anything is parsed: the help must know its language."""
    for word, following in zip_longest(argv, argv[1:]):
        if word == name:
            return following
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return None


def _can_show(text: str) -> bool:
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def console(stderr: bool = False):
    """A rich console for this moment's streams; wide where nobody looks, so that paths are not broken."""
    from rich.console import Console

    seen = (sys.stderr if stderr else sys.stdout).isatty() or "COLUMNS" in os.environ
    return Console(stderr=stderr, highlight=False, soft_wrap=False, width=None if seen else 120)


def tell(text: str = "", style: str = "") -> None:
    """A line of the result."""
    console().print(text, style=style or None, markup=False, soft_wrap=True)


def aside(text: str, style: str = "") -> None:
    """A line beside the result: progress, notes."""
    console(stderr=True).print(text, style=style or None, markup=False, soft_wrap=True)


def complain(error: LearnerError, about: str = "") -> None:
    """The three sentences of an error, what happened first and in red."""
    told = error.advice
    show = console(stderr=True)
    show.print(
        f"{about}: {told.what}" if about else told.what, style="bold red", markup=False, soft_wrap=True
    )
    for word, sentence in (("word-why", told.why), ("word-try", told.try_)):
        show.print(f"  [dim]{wording.say(word)}[/]", end="", soft_wrap=True)
        show.print(sentence, markup=False, soft_wrap=True)


def remark(text: str) -> None:
    """A warning that came with a result."""
    first, *rest = text.splitlines()
    aside(first, "bold yellow")
    for line in rest:
        aside(line, "yellow" if line.strip().startswith(wording.say("word-try").strip()) else "dim")


def unexpected(error: BaseException) -> None:
    """Something we did not think of: one sentence, and the whole story where it is asked for."""
    if os.environ.get("RGTEACH_DEBUG"):
        console(stderr=True).print_exception()
        return
    complain(LearnerError("cli-unexpected", kind=type(error).__name__, detail=error))
