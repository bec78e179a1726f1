"""The marks of cells: settings as a line of text that a person writes, and back."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping

from rgteach.course.model import ROLES
from rgteach.errors import LearnerError

KNOWN = {"role", "lang", "exercise", *(name for _, names, _ in ROLES.values() for name in names)}
TOOLS = "tools"  # the role of a cell that belongs to the notebook and not to the page
END = "#| ---"  # where code that begins with the same sign follows
_COMMENT = re.compile(r"<!--(.*)-->\s*$")
_FIRST = re.compile(r"\s*\{?\s*\"?([A-Za-z]+)\"?\s*:")
_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+ -]*")


class AuthoringError(LearnerError):
    """A notebook that cannot become a page: which cell, and what to do about it."""


def comment(options: Mapping[str, object]) -> str:
    """Settings as the first line of a Markdown cell."""
    if not options:
        return "<!-- {} -->"
    return f"<!-- {', '.join(f'{name}: {_value(value)}' for name, value in options.items())} -->"


def header(options: Mapping[str, object]) -> str:
    """Settings as the lines between `---` of a code cell."""
    return "\n".join(line for name, value in options.items() for line in _lines(name, value))


def _lines(name: str, value: object):
    if isinstance(value, dict):
        yield f"{name}:"
        yield from (f"  {inner}: {_value(text)}" for inner, text in value.items())
    else:
        yield f"{name}: {_value(value)}"


def _value(value: object) -> str:
    """A value as YAML reads it back, bare where it can be."""
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str) and _BARE.fullmatch(value) and value.strip() == value and _yaml(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False).replace("-->", "--\\u003e")


def _yaml(text: str) -> object:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):  # a date that is none
        return None


def read_comment(line: str) -> dict | None:
    """The settings in the first line of a Markdown cell, None where it is no mark.

    Raises
    ------
    AuthoringError
        If it looks like a mark and cannot be read as one.
    """
    found = _COMMENT.match(line)
    if not found:
        return None
    inside = found[1].strip()
    if inside == "{}":
        return {}
    first = _FIRST.match(inside)
    if not first:
        return None
    if first[1] not in KNOWN:
        if first[1] == first[1].lower() and difflib.get_close_matches(first[1], ["role"], cutoff=0.7):
            raise AuthoringError("authoring-mark", mark=line.strip(), nearest="role")
        return None
    options = _yaml(inside if inside.startswith("{") else "{" + inside + "}")
    if not isinstance(options, dict):
        raise AuthoringError("authoring-mark", mark=line.strip(), nearest="role: prose, lang: en")
    return options


def read_header(lines: list[str]) -> tuple[str, dict]:
    """The header of a code cell from the lines of its mark, and its settings.

    Raises
    ------
    AuthoringError
        If they cannot be read.
    """
    text = "\n".join(lines)
    options = _yaml(text) if text.strip() else {}
    if (
        len(lines) == 1
        and ":" in text
        and (flow := _yaml("{" + text + "}")) != options
        and isinstance(flow, dict)
    ):
        return header(flow), flow
    if not isinstance(options, dict):
        raise AuthoringError("authoring-mark", mark=lines[0].strip() or "#|", nearest="role: code")
    return text, options


def marked(head: str) -> list[str]:
    """The lines of a header as the first lines of a code cell."""
    return [f"#| {line}" if line else "#|" for line in head.split("\n")] if head else []


def unmarked(source: str) -> tuple[list[str], str]:
    """The lines of a code cell's mark, without their signs, and the code."""
    lines = source.split("\n")
    count = 0
    while count < len(lines) and lines[count].startswith("#|") and lines[count].rstrip() != END:
        count += 1
    head = [line[3:] if line[2:3] == " " else line[2:] for line in lines[:count]]
    code = lines[count + 1 :] if count < len(lines) and lines[count].rstrip() == END else lines[count:]
    return head, "\n".join(code)


def role_of(source: str) -> str:
    """The role that a code cell's mark names, "" for none; a mark that cannot be read names none."""
    head, _ = unmarked(source)
    try:
        return str(read_header(head)[1].get("role", "")) if head else ""
    except AuthoringError:
        return ""
