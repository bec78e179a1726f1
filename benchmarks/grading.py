"""Grading beside nbgrader, Otter-Grader and nbval: the same solved notebooks, handed in by many students.

python -m benchmarks.grading [--out FILE] [--otter PYTHON] [--only alone|beside] [--patience SECONDS]

The lab is 02 (five functions in NumPy and an open question).  Each tool grades on one machine as its own
command does, cold start included; Otter-Grader may stand in an environment of its own, whose Python is named
with `--otter`.  The other tools take many seconds for each submission, so they grade one to warm up, then one
and then three, and the time for twenty is that for one and nineteen times half the difference.  A tool that
is missing, or whose command does not end in time, is left out with a word.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.harness import Row, as_text, machine

LAB = "02_glcm"
ROOT = Path(__file__).parents[1]
SOLVED = ROOT / "solutions" / "en" / f"{LAB}.ipynb"
CLASS = 20
PATIENCE = 600.0  # seconds for one command of another tool
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}


def main() -> None:
    """Time every tool and print the table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    words.add_argument("--out", type=Path)
    words.add_argument("--otter", default=sys.executable, help="a Python that has otter-grader")
    words.add_argument("--only", choices=["alone", "beside"])
    words.add_argument(
        "--patience", type=float, default=PATIENCE, help="seconds for a command of another tool"
    )
    wish = words.parse_args()
    load = os.getloadavg()[0]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is for whoever has installed the package
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    here = str(Path(sys.executable).parent)  # nbgrader calls other programs by their names
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", "")])
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        if wish.only != "beside":
            rows += alone(Path(name))
            print(as_text(rows), flush=True)
        if wish.only != "alone":
            rows.insert(0, beside_others(Path(name), wish.otter, wish.patience))
    text = f"# Grading\n\n{machine(load)}\n\n{as_text(rows)}\n"
    print(text)
    if wish.out:
        wish.out.write_text(text, encoding="utf-8")


def handed_in(folder: Path, count: int) -> Path:
    """A folder with the solved notebook of so many students; no two wrote the same cells."""
    folder.mkdir(parents=True)
    solved = json.loads(SOLVED.read_text(encoding="utf-8"))
    written = [cell for cell in solved["cells"] if cell["id"].endswith(("-answer", "-write"))]
    texts = ["".join(cell["source"]) for cell in written]
    for k in range(count):
        for cell, text in zip(written, texts, strict=True):
            sign = "#" if cell["cell_type"] == "code" else "–"
            cell["source"] = f"{text}\n{sign} written by student {k}"
        path = folder / f"student{k:04d}.ipynb"
        path.write_text(json.dumps(solved, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


def timed(job: Callable[[], object]) -> float:
    """Seconds by the clock."""
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


@contextmanager
def one_core() -> Iterator[None]:
    """What is started here has one processor, as far as the system can say so."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def call(*words: object, cwd: Path | None = None, patience: float | None = None) -> None:
    """Run a command; what it complained about is shown if it failed."""
    done = subprocess.run([str(word) for word in words], cwd=cwd, check=False, timeout=patience, **QUIET)
    if done.returncode:
        raise RuntimeError(f"{words}: {done.stderr.decode()[-2000:]}")


def ours(submissions: Path, out: Path, jobs: int) -> None:
    """`rgteach grade`, checked: everybody has all points."""
    words = ("grade", submissions, "--out", out, "--jobs", jobs, "--seed-file", out.parent / "seed")
    call(sys.executable, "-m", "rgteach", *words)
    graded = json.loads((out / "scores.json").read_text(encoding="utf-8"))["graded"]
    wrong = [g["student"] for g in graded if not g["is_grade"] or g["points"] != g["out_of"]]
    if wrong or len(graded) != len(list(submissions.glob("*.ipynb"))):
        raise RuntimeError(f"graded wrongly: {wrong[:3]}, {len(graded)} in all")


def beside_others(folder: Path, otter: str, patience: float) -> Row:
    """Twenty submissions, each tool on one process and from a cold start."""
    folder = folder / "beside"
    submissions = handed_in(folder / "handed", CLASS)
    ours(submissions, folder / "warm-up", 1)
    seconds = {"rgteach": min(timed(lambda k=k: ours(submissions, folder / f"out{k}", 1)) for k in range(2))}
    notes = ["one job; the others' time from one submission and from three"]
    tools = {"nbgrader": by_nbgrader, "Otter-Grader": by_otter, "pytest --nbval": by_nbval}
    for name, grade in tools.items():
        try:
            found = _for_a_class(grade, folder / name.replace(" ", ""), otter, patience)
        except subprocess.TimeoutExpired:
            notes.append(f"{name} did not end in {patience:.0f} s")
            continue
        if found is None:
            notes.append(f"{name} is missing here")
        else:
            seconds[name] = found
            print(f"{name}: {found:.0f} s for {CLASS}", flush=True)
    wanted = {"nbgrader": 20, "Otter-Grader": 50}
    wanted = {name: times for name, times in wanted.items() if name in seconds}
    return Row(f"{CLASS} submissions", seconds, wanted, "; ".join(notes))


def _for_a_class(grade: Callable, folder: Path, otter: str, patience: float) -> float | None:
    """Seconds for a whole class; None where the tool is missing."""
    took = []
    for k, count in enumerate((1, 1, 3)):  # the first one reads everything from the disk
        some = handed_in(folder / f"some{k}", count)
        if (found := grade(folder / f"work{k}", some, otter, patience)) is None:
            return None
        took.append(found)
    return took[1] + max(0.0, took[2] - took[1]) / 2 * (CLASS - 1)


def by_nbgrader(folder: Path, submissions: Path, otter: str, patience: float) -> float | None:
    """`nbgrader autograde`, which runs each notebook in a kernel."""
    if importlib.util.find_spec("nbgrader") is None:
        return None
    call(sys.executable, "-m", "rgteach", "nbgrader", folder, LAB[:2], "--root", ROOT)
    for path in sorted(submissions.glob("*.ipynb")):
        target = folder / "submitted" / path.stem / LAB
        target.mkdir(parents=True)
        shutil.copy(path, target / f"{LAB}.ipynb")
    told = (sys.executable, "-m", "nbgrader")
    call(*told, "generate_assignment", LAB, "--create", cwd=folder, patience=patience)
    return timed(lambda: call(*told, "autograde", LAB, "--create", cwd=folder, patience=patience))


def by_otter(folder: Path, submissions: Path, otter: str, patience: float) -> float | None:
    """`otter run` for each submission."""
    if subprocess.run([otter, "-c", "import otter"], check=False, **QUIET).returncode:
        return None
    (folder / "tests").mkdir(parents=True)
    for exercise in exercises():
        code = f">>> import rgteach\n>>> rgteach.check({exercise!r}).outcome\n'right'"
        suite = {"type": "doctest", "cases": [{"code": code, "hidden": False}]}
        test = f"OK_FORMAT = True\ntest = { ({'name': exercise, 'points': 3, 'suites': [suite]})!r}\n"
        (folder / "tests" / f"{exercise.replace('-', '_')}.py").write_text(test, encoding="utf-8")
    call(otter, "-m", "otter", "generate", "-t", "tests", "--no-environment", cwd=folder, patience=patience)
    zipped = next(folder.glob("*autograder*.zip"))

    def run_all() -> None:
        for path in sorted(submissions.glob("*.ipynb")):
            call(otter, "-m", "otter", "run", "-a", zipped, "-o", folder, path, cwd=folder, patience=patience)

    return timed(run_all)


def exercises() -> list[str]:
    """The exercises of the lab that a check marks."""
    cells = json.loads(SOLVED.read_text(encoding="utf-8"))["cells"]
    about = [cell["metadata"].get("rgteach", {}) for cell in cells]
    return [item["exercise"] for item in about if item.get("role") == "check"]


def by_nbval(folder: Path, submissions: Path, otter: str, patience: float) -> float | None:
    """`pytest --nbval-lax` over all notebooks."""
    if importlib.util.find_spec("nbval") is None:
        return None
    shutil.copytree(submissions, folder)
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env", folder)
    return timed(lambda: call(sys.executable, *words, cwd=folder, patience=patience))


def alone(folder: Path) -> list[Row]:
    """What one submission costs, cold and in a class, and what the wall costs."""
    one, many = handed_in(folder / "one", 1), handed_in(folder / "many", 200)
    ours(one, folder / "warm-up", 1)
    cold = min(timed(lambda k=k: ours(one, folder / f"cold{k}", 1)) for k in range(3))
    large = timed(lambda: ours(many, folder / "two", 2))
    with one_core():
        first = min(timed(lambda k=k: ours(one, folder / f"first{k}", 1)) for k in range(2))
        single = [timed(lambda k=k: ours(many, folder / f"single{k}", 1)) for k in range(3)]
    each = (median(single) - first) / (len(list(many.iterdir())) - 1)
    inside = in_one_process(many)
    wall = max(inside["wall"], 1e-6)  # it may be less than what is measured by chance
    rows = [
        Row("one submission, cold", {"rgteach": cold, "at most": 1.5}, {"at most": 1}),
        Row("200 submissions, two jobs", {"rgteach": large, "at most": 15}, {"at most": 1}),
        Row("each further one, one core", {"rgteach": each, "at most": 0.05}, {"at most": 1}),
        Row("what the wall costs each", {"rgteach": wall, "at most": 0.02}, {"at most": 1}),
    ]
    told = f"memory of the grader: {inside['early']:.0f} MB after 20, {inside['late']:.0f} MB after 200"
    return [*rows[:-1], Row(**{**vars(rows[-1]), "notes": told})]


_INSIDE = """
import json, resource, sys, time
from pathlib import Path
from rgteach.grading import seeds
from rgteach.grading.grader import Grader
from rgteach.grading.students import Found
found = [Found(path, path.stem, path.name) for path in sorted(Path(sys.argv[1]).glob("*.ipynb"))]
secret = seeds.secret(Path(sys.argv[1]).parent / "seed")
memory = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with Grader(None, secret) as walled, Grader(None, secret, isolate=False) as open_:
    for item in found[:20]:
        walled.grade(item), open_.grade(item)
    early, seconds = memory(), {True: [], False: []}
    for k, item in enumerate(found[20:]):  # to one of them: the second would know the texts already
        grader = (walled, open_)[k % 2]
        began = time.perf_counter()
        grader.grade(item)
        seconds[grader is walled].append(time.perf_counter() - began)
middle = {k: sorted(v)[len(v) // 2] for k, v in seconds.items()}
wall = middle[True] - middle[False]
print(json.dumps({"early": early, "late": memory(), "wall": wall, "each": middle[True]}))
"""


def in_one_process(submissions: Path) -> dict[str, float]:
    """Medians with and without the wall, taking turns, and the memory of the process that grades."""
    words = [sys.executable, "-c", _INSIDE, str(submissions)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
