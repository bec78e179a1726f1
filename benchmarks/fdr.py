"""Benjamini and Hochberg's procedure beside statsmodels and SciPy: `python -m benchmarks.fdr`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks.harness import Row, as_text, race

N_TESTS = 10_000_000
N_BIG = 100_000_000
MOST_EXTRA_MB = 150
ALPHA = 0.05
# In a process of its own: the peak of its memory during the search, less what it held just before.  The peak
# is set back first, or what was given back earlier would hide a part of it.
MEMORY = """
import gc, re, sys, time
import numpy as np
from rgteach.stats.multiplicity import discoveries
n, kind = int(sys.argv[1]), sys.argv[2]
rng = np.random.default_rng(0)
p = np.empty(n, np.float32 if kind == "single" else np.float64)
for start in range(0, n, 1_000_000):
    part = rng.random(min(1_000_000, n - start), dtype=np.float32 if kind == "single" else np.float64)
    if kind == "at the bounds":
        part = 0.05 * (np.arange(start + 1, start + len(part) + 1) / n) * (1 + 1e-9)
    part[: len(part) // 50] **= 4 if kind != "at the bounds" else 1
    p[start : start + len(part)] = part
discoveries(p[:1000])
def kilobytes(what):
    return int(re.search(what + r":\\s+(\\d+)", open("/proc/self/status").read()).group(1))
gc.collect()
open("/proc/self/clear_refs", "w").write("5")
before = kilobytes("VmRSS")
began = time.perf_counter()
discoveries(p)
seconds = time.perf_counter() - began
print((kilobytes("VmHWM") - before) / 1024, seconds)
"""


def p_values(n: int, share: float = 0.02) -> np.ndarray:
    """Uniform p-values, a share of them drawn towards 0."""
    p = np.random.default_rng(0).random(n)
    p[: int(share * n)] **= 4
    return p


def extra_memory(n: int, kind: str) -> tuple[float, float]:
    """Peak memory (MB) that finding the discoveries adds, and the seconds it takes."""
    command = [sys.executable, "-c", MEMORY, str(n), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    extra, seconds = done.stdout.split()
    return float(extra), float(seconds)


def memory_notes() -> str:
    """Extra memory and time at 1e8 p-values, for ordinary ones and for the worst case of the search."""
    if not Path("/proc/self/clear_refs").exists():
        return "1e8 p-values: memory is measured on Linux only"
    told = []
    for kind in ("double", "single", "at the bounds"):
        extra, seconds = extra_memory(N_BIG, kind)
        verdict = "met" if extra < MOST_EXTRA_MB else "NOT met"
        told.append(f"{kind}: {extra:.0f} MB extra ({verdict}), {seconds:.1f} s")
    return f"1e8 p-values, at most {MOST_EXTRA_MB} MB extra: " + "; ".join(told)


def rows(rounds: int) -> list[Row]:
    from rgteach.stats.multiplicity import adjust, discoveries

    peers = {}
    try:
        from statsmodels.stats.multitest import fdrcorrection, multipletests

        peers["statsmodels"] = lambda p: multipletests(p, ALPHA, "fdr_bh")[1]
        peers["statsmodels fdrcorrection"] = lambda p: fdrcorrection(p, ALPHA)[1]
    except ImportError:
        print("statsmodels is not installed: left out")
    from scipy.stats import false_discovery_control

    peers["SciPy"] = false_discovery_control
    found = []
    for share in (0.02, 0.3):
        p = p_values(N_TESTS, share)
        told = f"1e7 p-values, {share:.0%} drawn to 0"
        theirs = {name: (lambda p=p, job=job: job(p)) for name, job in peers.items()}
        adjusted = adjust(p)
        n = discoveries(p, ALPHA).n
        apart = {name: np.max(np.abs(job() / adjusted - 1)) for name, job in theirs.items()}
        notes = f"{n:,} discoveries; largest relative difference " + ", ".join(
            f"{name} {each:.0e}" for name, each in apart.items()
        )
        mask_only = {"rgteach": lambda p=p: discoveries(p, ALPHA)}
        found.append(
            Row(f"discoveries, {told}", race(mask_only | theirs, rounds), {"statsmodels": 15.0}, notes)
        )
        full = {"rgteach": lambda p=p: adjust(p)}
        found.append(Row(f"adjust, {told}", race(full | theirs, rounds), {"statsmodels": 1.4}))
    found[0] = Row(found[0].work, found[0].seconds, found[0].wanted, f"{found[0].notes}. {memory_notes()}")
    return found


if __name__ == "__main__":
    print(as_text(rows(int(sys.argv[1]) if len(sys.argv) > 1 else 3)))
