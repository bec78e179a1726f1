"""After grading: the page about a class, the gradebook and its exports, for a class of any size.

python -m benchmarks.classroom [--students 20000] [--lab 02] [--out FILE] [--keep FOLDER]

Each command runs in a process of its own, as an instructor types it; what is counted are the seconds of
processor of the process and of those it started, and the most memory that one of them held.  Ends with an
error where a limit for 20,000 students is missed, or where the commands do not tell of the whole class.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import machine

FULL = 20_000
# seconds of processor for a class of `FULL`; a smaller one may take as long
LIMITS = {
    "insight": 30, "gradebook init": None, "gradebook students": None, "gradebook add": 5,
    "gradebook late": None, "export canvas": 5, "export moodle": 5, "export csv": 5, "gradebook check": None,
}  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a command cost: seconds of processor, seconds by the clock, megabytes."""

    cpu: float
    wall: float
    memory: float


def main() -> int:
    """Make the class, run the commands, print the table; 1 where a limit is missed."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--students", type=int, default=FULL)
    words.add_argument("--lab", default="02")
    words.add_argument("--out", type=Path)
    words.add_argument("--keep", type=Path, help="a folder for the class and all that is made of it")
    wish = words.parse_args()
    begun = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() if wish.keep is None else contextlib.nullcontext(wish.keep) as name:
        folder = Path(name)
        size = the_class(folder, wish.students, wish.lab)
        costs = {what: cost(folder, *typed) for what, typed in commands(wish.lab).items()}
        told = told_of(folder, wish.students)
    title = f"# After grading: a class of {wish.students:,}"
    text = f"{title}\n\n{machine(begun)} {size}\n\n{table(costs)}\n\n{told}\n"
    print(text)
    if wish.out:
        wish.out.write_text(text, encoding="utf-8")
    return int(any(LIMITS[what] and one.cpu > LIMITS[what] for what, one in costs.items()))


def the_class(folder: Path, students: int, lab: str) -> str:
    """Make it, unless it is there; says how much it is."""
    from benchmarks import written

    if not (folder / "scores.json").exists():
        written.write(folder, students, lab=lab)
    (folder / "gradebook.db").unlink(missing_ok=True)
    return f"Lab {lab}; scores.json of {(folder / 'scores.json').stat().st_size / 2**20:.0f} MB."


def commands(lab: str) -> dict[str, list[str]]:
    """What is typed, in its order."""
    late = ["late", lab, "--due", "2026-11-18 12:00", "--zone", "Asia/Shanghai", "--per-day", "10"]
    exports = {
        f"export {form}": ["export", form, "--out", f"{form}.csv"] for form in ("canvas", "moodle", "csv")
    }
    book = {
        "gradebook init": ["init"],
        "gradebook students": ["students", "class.csv"],
        "gradebook add": ["add", "scores.json"],
        "gradebook late": late,
        **exports,
        "gradebook check": ["check"],
    }
    return {"insight": ["insight", "."]} | {
        what: ["gradebook", *typed, "--book", "gradebook.db"] for what, typed in book.items()
    }


def cost(folder: Path, *typed: str) -> Cost:
    """Run a command and count; `check` may find something, all others have to end well."""
    began = time.perf_counter()
    with open(folder / "told.txt", "w+", encoding="utf-8") as told:
        job = subprocess.Popen(
            [sys.executable, "-m", "rgteach", *typed],
            cwd=folder,
            stdout=told,
            stderr=told,
            stdin=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(job.pid, 0)
        job.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        if job.returncode > int("check" in typed):
            raise RuntimeError(f"{typed}: {told.read()[-2000:]}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / unit)


def told_of(folder: Path, students: int) -> str:
    """How many lines the exports have; an error where one is missing."""
    rows = {}
    for form, above in (("canvas", 2), ("moodle", 1), ("csv", 1)):
        with open(folder / f"{form}.csv", encoding="utf-8-sig", newline="") as file:
            rows[form] = sum(1 for _ in csv.reader(file)) - above
    if set(rows.values()) != {students}:
        raise RuntimeError(f"{students} students, and {rows} rows")
    page = (folder / "insight.html").stat().st_size / 2**10
    return f"Each export has {students:,} students; the page has {page:.0f} KB."


def table(costs: dict[str, Cost]) -> str:
    """A line for each command."""
    lines = ["| command | CPU s | limit | | by the clock s | memory MB |", "|---|--:|--:|---|--:|--:|"]
    for what, one in costs.items():
        limit = LIMITS[what]
        verdict = "" if limit is None else "kept" if one.cpu <= limit else "missed"
        cells = (what, f"{one.cpu:.1f}", limit or "", verdict, f"{one.wall:.1f}", f"{one.memory:.0f}")
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
