"""Python, the libraries and the optional extras, against the package's own metadata."""

from __future__ import annotations

import importlib.metadata as metadata
import re
import sys
from collections.abc import Iterator

from rgteach import wording
from rgteach.doctor.finding import Finding, pip, version
from rgteach.wording import say

EXTRAS = ("itk", "parquet")  # and "zh" where Chinese is spoken


def python() -> Iterator[Finding]:
    """The Python that runs this, against what the package asks for."""
    wanted = re.search(r"\d+(\.\d+)+", _metadata("Requires-Python") or ">=3.11")[0]
    here = ".".join(map(str, sys.version_info[:3]))
    if _numbers(here) < _numbers(wanted):
        fix = f"https://www.python.org/downloads/  (Python >= {wanted})"
        yield Finding("problem", say("doctor-python-old", here=here, wanted=wanted), fix)
    else:
        yield Finding("ok", say("doctor-python", here=here, where=sys.executable))


def dependencies() -> Iterator[Finding]:
    """Every library that the package's own metadata asks for."""
    needed = [(name, least) for name, least, extra in _requirements() if not extra]
    if not needed:
        yield Finding("note", say("doctor-not-installed"), pip("-e ."))
        return
    wrong = []
    for name, least in needed:
        here = version(name)
        if here is None:
            wrong.append(Finding("problem", say("doctor-missing", name=name), pip(f'"{name}>={least}"')))
        elif _numbers(here) < _numbers(least):
            told = say("doctor-old", name=name, here=here, least=least)
            wrong.append(Finding("problem", told, pip(f'--upgrade "{name}>={least}"')))
    if not wrong:
        yield Finding("ok", say("doctor-dependencies", n=len(needed)))
    yield from wrong


def extras() -> Iterator[Finding]:
    """What is optional: more formats, and JupyterLab's menus in Chinese."""
    wanted = (*EXTRAS, "zh") if wording.language() == "zh" else EXTRAS
    for group in wanted:
        names = [(name, least) for name, least, extra in _requirements() if extra == group]
        for name, least in names:
            here = version(name)
            if here is not None and _numbers(here) >= _numbers(least):
                yield Finding("ok", say(f"doctor-has-{group}", name=name, here=here))
            else:
                yield Finding("note", say(f"doctor-lacks-{group}", name=name), pip(f'"{name}>={least}"'))


def _requirements() -> Iterator[tuple[str, str, str]]:
    """(name, least version, extra or "") of each requirement; ours are all of the form `name>=version`."""
    for line in metadata.requires("rgteach") or [] if version("rgteach") else []:
        found = re.match(r"([\w.-]+)[^>;]*(?:>=\s*([\d.]+))?[^;]*(?:;.*extra\s*==\s*['\"](\w+)['\"])?", line)
        yield found[1], found[2] or "0", found[3] or ""


def _metadata(field: str) -> str | None:
    try:
        return metadata.metadata("rgteach")[field]
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version, so that versions can be compared: 2.10.1rc1 as (2, 10, 1)."""
    leading = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in leading[0].split(".")) if leading else (0,)
