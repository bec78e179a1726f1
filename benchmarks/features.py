"""Time rgteach's image features beside other tools: `python -m benchmarks.features`.

One thread, 32 gray levels, seeded textured ellipsoids; the tools take turns, so that a busy moment hits all
of them alike.  Prints a table and writes benchmarks/results/features.md.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import statistics
import time
from pathlib import Path

import numba
import numpy as np

from benchmarks import peers, start
from benchmarks.shapes import N_LEVELS, Case, ellipsoid

RESULTS = Path(__file__).parent / "results" / "features.md"
SIDES = (32, 64, 128)
# (task, side, tool, at least so many times as fast)
WANTED = [
    ("GLCM, 13 averaged", 128, "PyRadiomics", 10),
    ("GLCM, 13 averaged", 64, "PyRadiomics", 7),
    ("GLCM, 13 averaged", 128, "mahotas", 7),
    ("GLCM, merged", 128, "pictologics", 1.3),
    ("first order, float", 128, "PyRadiomics", 50),
    ("first order, integer", 128, "PyRadiomics", 50),
]
LIMITS = {"import rgteach": 0.15, "first GLCM, kernels kept": 0.7, "first GLCM, nothing kept": 5}
EXTRA_MB, QUANTISE_MS = 30, 5
Times = dict[tuple[str, str], list[float]]


def time_case(case: Case, rounds: int) -> Times:
    """Seconds of every job, `rounds` times, in turns; a slow tool gets fewer rounds after the first three."""
    jobs = peers.jobs(case)
    for job in jobs.values():
        job()  # compile, fill caches
    times: Times = {key: [] for key in jobs}
    for turn in range(rounds):
        for key, job in jobs.items():
            if turn >= 3 and statistics.median(times[key]) * turn > 2:
                continue
            begun = time.perf_counter()
            job()
            times[key].append(time.perf_counter() - begun)
    return times


def case_table(case: Case, times: Times) -> list[str]:
    """Medians in ms with the fastest run in brackets, and ratios to rgteach."""
    tools = [tool for tool in peers.DISTRIBUTIONS if peers.version(tool)]
    lines = [
        f"### {case.side}³ box, {int(case.mask.sum()):,} voxels inside",
        "",
        "| task | " + " | ".join(f"{tool}, ms" for tool in tools) + " | times as fast |",
        "|---" * (len(tools) + 2) + "|",
    ]
    for task in dict.fromkeys(task for task, _ in times):
        cells = [_cell(times.get((task, tool))) for tool in tools]
        ratios = [f"{ratio(times, task, tool):.1f} × {tool}" for tool in tools[1:] if (task, tool) in times]
        lines.append(f"| {task} | " + " | ".join(cells) + f" | {', '.join(ratios)} |")
    return [*lines, ""]


def ratio(times: Times, task: str, tool: str) -> float:
    """How many times as long as rgteach a tool takes, by medians."""
    return statistics.median(times[task, tool]) / statistics.median(times[task, "rgteach"])


def _cell(seconds: list[float] | None) -> str:
    if not seconds:
        return ""
    return f"{statistics.median(seconds) * 1e3:.2f} ({min(seconds) * 1e3:.2f})"


def verdicts(times: dict[int, Times], starts: dict[str, float], peaks: dict[str, float]) -> list[str]:
    """What was to be reached, and what was."""
    lines = ["| wanted | measured | |", "|---|---|---|"]
    for task, side, tool, least in WANTED:
        wanted = f"{task}, {side}³: {least} × {tool}"
        if side not in times or (task, tool) not in times[side]:
            lines.append(f"| {wanted} | {tool} is not installed | skipped |")
            continue
        found = ratio(times[side], task, tool)
        lines.append(f"| {wanted} | {found:.1f} × | {_yes(found >= least)} |")
    if 128 in times:
        found = statistics.median(times[128]["quantise, integer", "rgteach"]) * 1e3
        lines.append(
            f"| quantise 128³ by table under {QUANTISE_MS} ms | {found:.2f} ms | {_yes(found < 5)} |"
        )
    for name, most in LIMITS.items():
        if name in starts:
            lines.append(f"| {name} ≤ {most} s | {starts[name]:.2f} s | {_yes(starts[name] <= most)} |")
    for name, megabytes in peaks.items():
        if name.startswith("extract"):
            most = EXTRA_MB + (0 if "memory" in name else peaks["the scan itself"])
            lines.append(
                f"| {name}: under {most:.0f} MB more | {megabytes:.1f} MB | {_yes(megabytes < most)} |"
            )
    return [*lines, ""]


def _yes(reached: bool) -> str:
    return "reached" if reached else "**missed**"


def machine() -> list[str]:
    """What was used."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        cpu = names[0] if names else cpu
    tools = [f"{tool} {peers.version(tool) or 'not installed: skipped'}" for tool in peers.DISTRIBUTIONS]
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    used = f"{os.cpu_count()} cores, one thread used{load}"
    return [
        f"{datetime.date.today()}; {cpu}, {used}; {platform.system()}.",
        f"Python {platform.python_version()}, NumPy {np.__version__}, numba {numba.__version__}; "
        + "; ".join(tools)
        + ".",
        "",
    ]


def seconds_table(starts: dict[str, float], peaks: dict[str, float]) -> list[str]:
    """Cold starts and memory as two small tables."""
    lines = []
    if starts:
        lines += ["### Fresh process", "", "| | s |", "|---|---|"]
        lines += [f"| {name} | {seconds:.3f} |" for name, seconds in starts.items()] + [""]
    if peaks:
        lines += [
            "### Memory of a 240 × 240 × 155 case (int16, tumour in a 96³ box)",
            "",
            "| | MB |",
            "|---|---|",
        ]
        lines += [f"| {name} | {megabytes:.1f} |" for name, megabytes in peaks.items()] + [""]
    return lines


def report(sides: tuple[int, ...], rounds: int, with_starts: bool) -> str:
    """Run everything and put it into words."""
    about = machine()
    agreed = peers.same_answers(ellipsoid(32))
    times = {side: time_case(ellipsoid(side), rounds) for side in sides}
    starts, peaks = (start.starts(), start.peaks()) if with_starts else ({}, {})
    head = [
        "# Image features beside other tools",
        "",
        *about,
        f"Median of up to {rounds} runs in turns, the fastest in brackets; {N_LEVELS} gray levels.",
        "GLCM: matrices in 13 directions and all features (maximal correlation included),",
        "averaged over the directions as PyRadiomics and mahotas do, and merged as pictologics does.",
        "PyRadiomics' classes bin the image themselves, also where rgteach is timed without binning.",
        "",
        "The answers first: " + ("; ".join(agreed) or "no other tool is installed") + ".",
        "",
    ]
    tables = [line for side in sides for line in case_table(ellipsoid(side), times[side])]
    ends = ["## Wanted and reached", "", *verdicts(times, starts, peaks)]
    return "\n".join([*head, *ends, "## Times", "", *tables, *seconds_table(starts, peaks)])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sides", type=int, nargs="+", default=SIDES, help="box sides (default: 32 64 128)")
    parser.add_argument("--rounds", type=int, default=25, help="runs of each job (default: 25)")
    parser.add_argument("--no-starts", action="store_true", help="leave out fresh processes and memory")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the table goes")
    given = parser.parse_args()
    text = report(tuple(given.sides), given.rounds, not given.no_starts)
    print(text)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
