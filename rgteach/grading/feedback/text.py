"""Text from anywhere as it may stand in a page: nothing in it is markup, nothing in it is out of sight."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from rgteach import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

# controls that no page may hold, and letters that turn the direction of others around
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
REMEMBERED = 400  # letters
_MATHS = re.compile(r"\$([A-Za-z][A-Za-z0-9_ ,.=()+-]{0,40})\$")


def clean(text: object) -> str:
    """Text in which whatever cannot be seen is written out."""
    plain = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", plain)


def safe(text: object) -> str:
    """Clean text that cannot be anything but text in HTML."""
    text = str(text)
    return _safe(text) if len(text) > REMEMBERED else _known_safe(text)


def _safe(text: str) -> str:
    return html.escape(clean(text), quote=True)


def inline(text: object) -> str:
    """A sentence where `code` between backticks looks like code and lines stay lines."""
    text = str(text)
    return _inline(text) if len(text) > REMEMBERED else _known_inline(text)


def _inline(text: str) -> str:
    parts = clean(text).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    done = [f"<code>{html.escape(p)}</code>" if k % 2 else _with_maths(p) for k, p in enumerate(parts)]
    return "".join(done).replace("\n", "<br>")


# a class is told the same sentences again and again
_known_safe = lru_cache(maxsize=2048)(_safe)
_known_inline = lru_cache(maxsize=2048)(_inline)


def _with_maths(text: str) -> str:
    """A letter between dollar signs stands slanted: there is nothing in the page that could set more."""
    return _MATHS.sub(r"<i>\1</i>", html.escape(text))


@lru_cache(maxsize=4096)
def markdown(text: str) -> str:
    """Markdown as HTML, with tables; what it holds of HTML, pictures and links stays text."""
    return _parser().render(_MATHS.sub(r"*\1*", clean(text)))


@lru_cache(maxsize=1)
def _parser():
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return parser.disable(["image", "link", "autolink", "html_block", "html_inline"])


def sentences(key: str, lang: str, values: Mapping[str, object]) -> list[str]:
    """What a message says, an error's three parts or one sentence; never an error of its own.

    A file is called by its name here: where it lay is the instructor's business.
    """
    shown = {name: _without_folder(name, value) for name, value in values.items()}
    if not wording.knows(key):
        return [wording.say("feedback-unnamed", lang, key=key)]
    try:
        return [wording.say(key, lang, **shown)]
    except (AttributeError, TypeError):  # an error, in three parts
        pass
    except (KeyError, IndexError, ValueError):  # a value that is not there
        return [wording.say("feedback-unnamed", lang, key=key)]
    try:
        told = wording.advise(key, lang, **shown)
    except (KeyError, IndexError, ValueError, TypeError):
        return [wording.say("feedback-unnamed", lang, key=key)]
    return [told.what, told.why, told.try_]


def _without_folder(name: str, value: object) -> object:
    if name in ("path", "file", "submission"):
        return base(str(value))
    return clean(value) if isinstance(value, str) else value


def base(path: str) -> str:
    """The last part of a path, written on any system."""
    return PureWindowsPath(PurePosixPath(path).name or path).name or path
