"""A cell's lines as Python can read them: line ends made one kind, lines of IPython set aside.

`%timeit f()`, `!pip install x` and `f?` become comments, so that lines keep their numbers.  A cell that is
headed `%%time` keeps its body; one that is headed `%%bash` is another language, and is not run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rgteach.course import names
from rgteach.course.names import MOST_LETTERS, Code
from rgteach.grading.model import Flag

_BODY_IS_PYTHON = {"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "pyinstrument"}
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_MAGIC = re.compile(r"(?P<indent>[ \t]*)(?:[%!]|\?{1,2}\w|[A-Za-z_][\w.]*\s*=\s*(?:!|%\w))")
_HELP = re.compile(r"[ \t]*[\w.*]+\?{1,2}[ \t]*$")
_OPENING, _CLOSING = "([{", ")]}"
# full-width punctuation and blanks that nobody sees: typed with a Chinese keyboard, or pasted from a web page
_WIDE = re.compile("[（），：；。“”‘’【】｛｝＝＋－＊／＜＞！、\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff]")


def cleaned(source: str) -> tuple[Code, tuple[Flag, ...]]:
    """The source as Python, and what a person should know about it; "" where it is another language."""
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    flags = []
    if "\0" in text:
        text = text.replace("\0", "")
        flags.append(Flag("zero-bytes"))
    code = names.code(text)
    if code.is_python or len(text) > MOST_LETTERS:
        return code, tuple(flags)
    head = next((line for line in text.split("\n") if line.strip()), "")
    if (magic := _CELL_MAGIC.match(head)) and magic[1] not in _BODY_IS_PYTHON:
        return Code(""), (*flags, Flag("cell-magic", {"magic": f"%%{magic[1]}"}, code=head.strip()[:200]))
    text, count = _without_magics(text)
    if count:
        code = names.code(text)
        flags.append(Flag("magics", {"count": count}))
    return code, (*flags, *(() if code.is_python else _wide(text)))


def _without_magics(text: str) -> tuple[str, int]:
    lines, count = text.split("\n"), 0
    for at, begins in _magics(lines):
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        # a block needs something to do; the name of an assignment would be missing either way
        lines[at] = f"{indent}{'pass  ' if indent and begins else ''}# {lines[at].strip()}"
        count += begins
    return "\n".join(lines), count


def _magics(lines: list[str]) -> Iterator[tuple[int, bool]]:
    """The places of lines that are IPython's, not inside a text or a bracket; whether each begins one."""
    reader = _Reader()
    goes_on = False
    for at, line in enumerate(lines):
        if goes_on or (reader.at_start and (_MAGIC.match(line) or _HELP.match(line))):
            yield at, not goes_on
            goes_on = line.endswith("\\")
        else:
            reader.read(line)


class _Reader:
    """Reads line by line, and knows whether the next line begins a statement."""

    def __init__(self) -> None:
        self.quote = ""  # of the text that is open
        self.depth = 0  # of brackets
        self.goes_on = False  # a backslash stood at the end

    @property
    def at_start(self) -> bool:
        return not (self.quote or self.depth or self.goes_on)

    def read(self, line: str) -> None:
        at = 0
        while at < len(line):
            at = self._in_text(line, at) if self.quote else self._in_code(line, at)
        if len(self.quote) == 1 and not line.endswith("\\"):  # never closed: a mistake of this line only
            self.quote = ""
        self.goes_on = line.endswith("\\") and not self.quote

    def _in_text(self, line: str, at: int) -> int:
        if line[at] == "\\":
            return at + 2
        if line.startswith(self.quote, at):
            at += len(self.quote)
            self.quote = ""
            return at
        return at + 1

    def _in_code(self, line: str, at: int) -> int:
        letter = line[at]
        if letter == "#":
            return len(line)
        if letter in "'\"":
            self.quote = letter * 3 if line.startswith(letter * 3, at) else letter
            return at + len(self.quote)
        self.depth = max(0, self.depth + (letter in _OPENING) - (letter in _CLOSING))
        return at + 1


def _wide(text: str) -> Iterator[Flag]:
    """The first character that looks like Python and is not, if that may be what is wrong."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        at = 0
        while at < len(line):
            if not reader.quote and line[at] != "#" and _WIDE.match(line[at]):
                values = {"char": line[at], "code": f"U+{ord(line[at]):04X}"}
                yield Flag("wide-character", values, number, line.strip()[:200])
                return
            at = reader._in_text(line, at) if reader.quote else reader._in_code(line, at)
        if len(reader.quote) == 1:
            reader.quote = ""
