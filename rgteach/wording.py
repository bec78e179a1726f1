"""Every sentence the project says, in English and in Chinese.

The sentences wait in `words/*.toml`, one file a room, so that a missing twin is a failing test and not a
surprise in class.  A plain message is `[key] en = … zh = …`; an error has three parts,
`[key.en] what, why, try`.  A command says a few of some thousand: a sentence is parsed when it is said.
"""

from __future__ import annotations

import locale
import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh")
TAGS = {"en": "en", "zh": "zh-CN"}  # as the attribute `lang` of HTML wants them
_HEAD = re.compile(r"^\[([\w-]+)(?:\.\w+)?\]$", re.MULTILINE)  # a line that begins the part of a key

_chosen: str | None = None


@dataclass(frozen=True)
class Advice:
    """What happened, why it matters here, what to try next."""

    what: str
    why: str
    try_: str


def choose(lang: str | None) -> None:
    """Fix the language of every message; None follows the surroundings again."""
    global _chosen
    _chosen = lang


def language() -> str:
    """The language in force: the chosen one, else RGTEACH_LANG, else the system's, else English."""
    if _chosen:
        return _chosen
    asked = os.environ.get("RGTEACH_LANG", "").lower()
    if asked[:2] in LANGUAGES:
        return asked[:2]
    return "zh" if _system_is_chinese() else "en"


def tag(lang: str | None = None) -> str:
    """The language in force, or another, as the attribute `lang` of HTML says it.

    A page in JupyterLab speaks English to a screen reader; what we put there in Chinese must say so itself.
    """
    return TAGS[lang or language()]


def say(key: str, lang: str | None = None, /, **values: object) -> str:
    """The message `key` in a language, with its values filled in."""
    return _entry(key)[lang or language()].format(**values)


def advise(key: str, lang: str | None = None, /, **values: object) -> Advice:
    """The three parts of the error `key`, with their values filled in."""
    parts = _entry(key)[lang or language()]
    return Advice(*(parts[part].format(**values) for part in ("what", "why", "try")))


def knows(key: str) -> bool:
    """Whether a message of this name exists."""
    return key in _parts()


@cache
def _parts() -> dict[str, str]:
    """The TOML of each key, as it stands in its file."""
    parts: dict[str, str] = {}
    for file in sorted((Path(__file__).parent / "words").glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        heads = list(_HEAD.finditer(text))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        for head, end in zip(heads, ends, strict=True):
            parts[head[1]] = parts.get(head[1], "") + text[head.start() : end]
    return parts


@cache
def _entry(key: str) -> dict:
    try:
        return tomllib.loads(_parts()[key])[key]
    except KeyError:
        raise KeyError(f"no message named {key!r} in rgteach/words/") from None


def _words() -> dict[str, dict]:
    """All of them, for whoever looks them through."""
    return {key: _entry(key) for key in _parts()}


def _system_is_chinese() -> bool:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].lower().startswith("zh")
    try:
        return (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese"))
    except ValueError:  # a locale that Python cannot parse
        return False
