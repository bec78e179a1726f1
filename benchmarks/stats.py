"""Time the statistics of rgteach beside other tools: `python -m benchmarks.stats [PART ...]`.

Every part runs in a process of its own, one thread, tools taking turns.  Prints the tables and writes
benchmarks/results/statistics.md; a part alone is `python -m benchmarks.lasso`.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import start
from benchmarks.harness import Row, as_text

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "statistics.md"
PARTS = {
    "scan": "All features × all genes",
    "wilcoxon": "Wilcoxon rank-sum test",
    "fdr": "False discovery rate",
    "logistic": "Logistic regression",
    "lasso": "Lasso path",
    "binomial": "L1-logistic path",
    "crossval": "Cross-validated lasso",
}
TOOLS = ("numpy", "scipy", "numba", "scikit-learn", "statsmodels", "python-glmnet", "celer")
COLD_S, KEPT_S = 8.0, 0.8
WARM_UP = """
import os, numpy, scipy.linalg, scipy.special, numba, nibabel
from rgteach.doctor.warming import warm_up
before = sum(os.times()[:4])
print(warm_up(), sum(os.times()[:4]) - before)
"""
ROWS = """
import json, sys
from dataclasses import asdict
from importlib import import_module
part = import_module(f"benchmarks.{sys.argv[1]}")
print("ROWS" + json.dumps([asdict(row) for row in part.rows(int(sys.argv[2]))]))
"""


def measured(part: str, rounds: int) -> list[Row]:
    """The rows of a part, timed in a process where nothing has run before."""
    env = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    command = [sys.executable, "-c", ROWS, part, str(rounds)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    found = [line[4:] for line in done.stdout.splitlines() if line.startswith("ROWS")]
    if done.returncode or not found:
        raise RuntimeError(f"benchmarks.{part} failed:\n{done.stderr[-2000:]}")
    return [Row(**row) for row in json.loads(found[-1])]


def part_table(part: str, rounds: int) -> list[str]:
    """A part as Markdown."""
    return [f"## {PARTS[part]}", "", as_text(measured(part, rounds)), ""]


def cold_start(repeats: int = 3) -> list[str]:
    """Seconds to make every kernel of the core, and to fetch them from the disk, libraries already loaded.

    As `rgteach doctor --warm` does it: where a second processor is idle, in two processes.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = start.clean_environment(folder)
        start.run(WARM_UP, env)
        kept = [start.run(WARM_UP, env) for _ in range(repeats)]
        cold = [
            start.run(WARM_UP, env | {"NUMBA_CACHE_DIR": str(folder / f"none{k}")}) for k in range(repeats)
        ]
    head = ["| | s | of all processors | at most | |", "|---|--:|--:|--:|---|"]
    lines = ["## Cold start of the whole core", "", *head]
    for words, times, most in (("nothing kept", cold, COLD_S), ("kernels kept on disk", kept, KEPT_S)):
        seconds, work = map(statistics.median, zip(*times, strict=True))
        met = "met" if seconds <= most else "NOT met"
        lines.append(f"| {words} | {seconds:.2f} | {work:.2f} | {most} | {met} |")
    return [*lines, ""]


def about() -> list[str]:
    """The machine and the versions."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    where = f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores, one thread used{load}"
    return [
        f"{datetime.date.today()}; {where}; {platform.system()}, Python {platform.python_version()}; "
        + ", ".join(f"{tool} {_version(tool)}" for tool in TOOLS)
        + ".",
        "",
        "Ratio: how many times our time the other tool takes; wanted: the least that we ask of it.",
        "",
    ]


def _version(tool: str) -> str:
    try:
        return importlib.metadata.version(tool)
    except importlib.metadata.PackageNotFoundError:
        return "not installed: left out"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", default=[*PARTS, "cold"], help=f"of {', '.join(PARTS)}, cold")
    parser.add_argument("--rounds", type=int, default=7, help="turns of every tool (default: 7)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the tables go")
    given = parser.parse_args()
    lines = ["# Statistics beside other tools", "", *about()]
    for part in given.parts:
        table = cold_start() if part == "cold" else part_table(part, given.rounds)
        print(*table, sep="\n", flush=True)
        lines += table
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
