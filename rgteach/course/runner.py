"""Run cells as a notebook through nbval, in a process and a folder of its own, and read its report."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from rgteach.course import strict
from rgteach.course.places import STATE

START_SECONDS = 120  # for a kernel on a busy machine
_OUTCOMES = "RGTEACH_OUTCOMES"  # where the kernel notes what the checks told
_NOTEBOOK, _REPORT = "check.ipynb", "report.xml"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m|#x1B\[[0-9;]*m")
_STOPPED = ("Timeout of ", "Kernel dead", "Kernel died", "No kernel is running")


class Cell(NamedTuple):
    """A code cell that runs: the role it plays, for which exercise, its code."""

    role: str
    exercise: str
    source: str


class Report(NamedTuple):
    """What nbval says of a cell; `stopped` if it ran out of time or took the kernel along."""

    passed: bool
    stopped: bool = False
    last_line: str = ""


def run(
    cells: list[Cell], key: Path, lang: str, seconds: float
) -> tuple[list[Report], dict[str, tuple[str, str]]]:
    """Run cells from the top, each for so many seconds at most.

    Returns
    -------
    reports : list of Report
        One a cell.
    told : dict
        Outcome and sentence of each exercise whose check came to its end.
    """
    with tempfile.TemporaryDirectory(prefix="rgteach-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / STATE / "keys").mkdir(parents=True)
        (folder / STATE / "keys" / key.name).write_bytes(key.read_bytes())
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")  # none further up is ours
        (folder / _NOTEBOOK).write_text(json.dumps(_notebook(cells)), encoding="utf-8")
        _call(folder, lang, seconds, seconds * len(cells) + START_SECONDS)
        reports = list(_reports(folder / _REPORT))
        missing = [Report(passed=False)] * (len(cells) - len(reports))
        return reports + missing, _told(folder / "outcomes.jsonl")


def _notebook(cells: Iterable[Cell]) -> dict:
    made = []
    for number, (role, exercise, source) in enumerate(cells):
        cell = {"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "source": source}
        cell |= {"execution_count": None, "outputs": []}
        if role == "check":  # nbval compares its printing with that of a right answer
            text = {"output_type": "stream", "name": "stdout", "text": printed(exercise, "right")}
            tags = {"tags": ["nbval-check-output"]}
            cell |= {"metadata": tags, "execution_count": 1, "outputs": [text]}
        made.append(cell)
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def printed(exercise: str, outcome: str) -> str:
    """What a check prints, the same each time."""
    return f"{exercise}: {outcome}\n"


def note(exercise: str, outcome: str, told: str) -> None:
    """In the kernel: keep what a check told for the process that asked."""
    with open(os.environ[_OUTCOMES], "a", encoding="utf-8") as file:
        file.write(json.dumps([exercise, outcome, told]) + "\n")


def _call(folder: Path, lang: str, seconds: float, longest: float) -> None:
    words = [sys.executable, "-m", "pytest", "-p", "rgteach.course.grammar", "-p", "nbval.plugin"]
    words += ["-p", "no:cacheprovider", "--color=no"]
    words += ["--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={seconds:g}"]
    words += [f"--nbval-kernel-startup-timeout={START_SECONDS}", f"--rootdir={folder}"]
    words += [f"--junitxml={_REPORT}", _NOTEBOOK]
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    try:
        env = _environment(folder, lang)
        subprocess.run(words, cwd=folder, env=env, timeout=longest, check=False, **quiet)
    except subprocess.TimeoutExpired:
        pass  # there is no report then, and each line says so


def _environment(folder: Path, lang: str) -> dict[str, str]:
    """Everything that Jupyter and IPython keep goes into the folder: a home may be full, or read-only."""
    here = str(Path(__file__).parents[2])
    ours = {
        "RGTEACH_LANG": lang,
        strict.CHECKS: "tell",  # a check inside an answer does not stop it
        _OUTCOMES: str(folder / "outcomes.jsonl"),
        "PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "MPLBACKEND": "agg",
    }
    places = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    kept = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return kept | ours | {name: str(folder / STATE / name.lower()) for name in places}


def _reports(file: Path) -> Iterable[Report]:
    try:
        cases = list(ElementTree.parse(file).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return
    for case in cases:
        bad = [part for part in case if part.tag in ("failure", "error", "skipped")]
        text = _COLOUR.sub("", "\n".join(part.text or part.get("message", "") for part in bad))
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        stopped = any(word in text for word in _STOPPED)
        yield Report(not bad, stopped, lines[-1] if lines else "")


def _told(file: Path) -> dict[str, tuple[str, str]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {exercise: (outcome, told) for exercise, outcome, told in map(json.loads, lines)}
