"""From the moment a slider is let go to the new picture, in a real JupyterLab in headless Chromium.

python -m benchmarks.demos [--rounds 5] [--out FILE]

Each handle of each demo goes to its end, back to its beginning, and somewhere in between by the mouse; the
page itself takes the time, until the new picture is decoded and drawn.  The limit is for a demo's median.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import machine

LIMIT_MS = 300
TESTS = Path(__file__).parents[1] / "tests"


def main() -> int:
    """Measure every demo, print the table; 1 where one is too slow."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--lang", default="en")
    words.add_argument("--out", type=Path)
    wish = words.parse_args()
    begun = os.getloadavg()[0]
    waits = measure(wish.lang, wish.rounds)
    text = f"# Demos: from a slider to its picture\n\n{machine(begun)}\n\n{table(waits)}\n"
    print(text)
    if wish.out:
        wish.out.write_text(text, encoding="utf-8")
    return int(any(statistics.median(found) > LIMIT_MS for found in waits.values()))


def measure(lang: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of every move, a list for each demo."""
    sys.path.insert(0, str(TESTS))
    from browser import close_shared
    from hall import GALLERY, Hall, shows
    from student import student_at_work

    names = [name for name in shows() if name not in (GALLERY, "painter")]  # the painter has its own
    try:
        with (
            tempfile.TemporaryDirectory() as scratch,
            student_at_work(lang, Path(scratch)) as student,
        ):
            hall = Hall.opens(student, names)
            for name in names:
                once(hall, name)  # what a first call loads and compiles is not a slider's wait
            return {name: [ms for _ in range(rounds) for ms in once(hall, name)] for name in names}
    finally:
        close_shared()


def once(hall, name: str) -> list[float]:
    """Move each handle to both ends and to somewhere in between."""
    moves = []
    for k in range(len(hall.sliders(name))):
        moves += [hall.press(name, k, "End"), hall.press(name, k, "Home"), hall.drag(name, k)]
    return [move["ms"] for move in moves if move]


def table(waits: dict[str, list[float]]) -> str:
    """A line for each demo."""
    lines = [f"| demo | moves | median ms | 95 % below ms | limit {LIMIT_MS} ms |", "|---|---|---|---|---|"]
    for name, found in waits.items():
        if not found:
            continue
        median, high = statistics.median(found), sorted(found)[int(0.95 * (len(found) - 1))]
        verdict = "kept" if median <= LIMIT_MS else "missed"
        lines.append(f"| {name} | {len(found)} | {median:.0f} | {high:.0f} | {verdict} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
