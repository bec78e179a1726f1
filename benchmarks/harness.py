"""Race several ways of doing the same work: they take turns, so that a busy moment hits all of them alike."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Job = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One piece of work: seconds of every tool, and what is wanted of us.

    seconds : tool -> median seconds; the first one is rgteach.
    wanted  : tool -> how many times as fast as it rgteach is to be (1/2.5 allows 2.5 times its time).
    notes   : accuracy reached, memory, what a tool leaves out.
    """

    work: str
    seconds: dict[str, float]
    wanted: dict[str, float] = field(default_factory=dict)
    notes: str = ""

    @property
    def ours(self) -> float:
        """Our own seconds."""
        return next(iter(self.seconds.values()))

    def ratio(self, tool: str) -> float:
        """How many times as long the tool takes."""
        return self.seconds[tool] / self.ours

    def is_met(self, tool: str) -> bool:
        """Whether we are as fast as wanted beside this tool."""
        return self.ratio(tool) >= self.wanted[tool]


def race(jobs: Mapping[str, Job], rounds: int = 7, *, patience_s: float = 20.0) -> dict[str, float]:
    """Median seconds of every job over `rounds` turns; a job that has used up its patience sits out."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()  # compile, fill caches
    for turn in range(rounds):
        for name, job in jobs.items():
            if turn and sum(times[name]) > patience_s:
                continue
            began = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(each) for name, each in times.items()}


def as_text(rows: list[Row]) -> str:
    """A Markdown table: our time, then the time of each tool, its ratio to ours and the one wanted."""
    lines = [
        "| work | rgteach | beside it | their time | ratio | wanted | |",
        "|---|--:|---|--:|--:|--:|---|",
    ]
    for row in rows:
        for k, tool in enumerate(list(row.seconds)[1:]):
            wanted = row.wanted.get(tool)
            verdict = "" if wanted is None else ("met" if row.is_met(tool) else "NOT met")
            head = (row.work, _seconds(row.ours)) if k == 0 else ("", "")
            aim = "" if wanted is None else f"{wanted:.3g}"
            cells = (*head, tool, _seconds(row.seconds[tool]), f"{row.ratio(tool):.3g}", aim, verdict)
            lines.append("| " + " | ".join(cells) + " |")
        if len(row.seconds) == 1:
            lines.append(f"| {row.work} | {_seconds(row.ours)} | | | | | |")
        if row.notes:
            lines.append(f"| {row.notes} | | | | | | |")
    return "\n".join(lines)


def _seconds(value: float) -> str:
    for unit, scale in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def machine(load: float) -> str:
    """Where and when; the load is that of the beginning, before our own work adds to it."""
    return (
        f"{time.strftime('%Y-%m-%d')}; {os.cpu_count()} cores, load {load:.1f} at the start; "
        f"Python {sys.version.split()[0]}."
    )
