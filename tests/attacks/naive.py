"""A grader as one writes it on a first evening: no wall, and the expected values beside the student's code.

    python naive.py            one JSON request a line on stdin, one answer a line on stdout

A warm process forks a grader for each request, the grader forks a child that runs and compares.  The secret
that attacks look for stands in the environment, in memory, and behind an open descriptor of all three.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import select
import signal
import socket
import sys
import time
from contextlib import redirect_stdout
from json import dumps  # by name, so that at least this one is not patched
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import numpy as np

from attacks import comparing

RUNNING = ""  # the source that runs
FUNCTIONS = {"mini-range": ("spread", 1), "mini-pairs": ("pairs", 3)}
MUCH, MOST = 5_000_000, 1 << 27  # of bytes
PLANTED = os.environ.get("RG_PLANTED", "")


def points(answers: dict, how: str) -> dict[str, float]:
    """Run the answers of one student, and what they earn."""
    global RUNNING
    earned = {}
    for exercise, source in answers.items():
        RUNNING = source
        name, worth = FUNCTIONS[exercise]
        earned[exercise] = 0.0
        try:
            names = {"np": np, "__name__": "__main__"}
            exec(compile(source, "<answer>", "exec"), names)
            way = comparing.WAYS[how if exercise == "mini-range" else "numpy"]
            cases = comparing.cases(name, hidden=how != "public")
            earned[exercise] = float(worth) if way(names[name], cases) else 0.0
        except RecursionError:
            raise
        except Exception:
            continue
    return earned


def child(request: dict, door: int) -> None:
    """Everything in one process, as the students wrote it."""
    how = request["how"]
    paper = io.StringIO()
    if how in comparing.CARRIED:
        names = {"np": np}
        exec(request["students"][0]["mini-range"], names)
        data = comparing.CARRIED[how](names["spread"](np.array([2.0, 5.0])))
        os.set_blocking(door, True)
        with os.fdopen(door, "wb") as file:
            file.write(data)
        return
    with redirect_stdout(paper):
        found = [points(answers, how) for answers in request["students"]]
    text = paper.getvalue()
    line = {"students": found, "printed": text[-4000:], "loud": len(text)}
    os.write(door, dumps(line).encode() + b"\n")


def forked(work, *args) -> int:
    """A process that does some work and ends as Python ends."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        work(*args)
        import atexit
        import threading

        threading._shutdown()
        atexit._run_exitfuncs()
        status = 0
    except SystemExit:
        import atexit

        atexit._run_exitfuncs()
    finally:
        os._exit(status)


def grader(request: dict, door: int) -> None:
    """Reads what the child says, believes it, and passes it on."""
    os.setsid()
    os.makedirs(request["work"], exist_ok=True)
    os.chdir(request["work"])
    log = os.open(request["log"], os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    nothing = os.open("/dev/null", os.O_RDONLY)
    for number, place in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(number, place)
    ours, theirs = (end.detach() for end in socket.socketpair())
    pid = forked(_in_child, request, theirs, (ours, door))
    os.close(theirs)
    heard = b"".join(iter(lambda: os.read(ours, 1 << 20), b""))[:MOST]
    os.waitpid(pid, 0)
    if request["how"] == "pickle":
        pickle.loads(heard)
    if request["how"] == "paper":
        heard = Path(request["log"]).read_bytes()
    size = max(len(heard), os.path.getsize(request["log"]))
    found = {} if request["how"] in comparing.CARRIED or size > MUCH else first(heard)
    if "points" in found:  # a line as a plugin would write it
        found = {"students": [found["points"]], "printed": ""}
    found["heard"] = max(size, found.get("loud", 0))
    os.write(door, json.dumps(found).encode())


def first(heard: bytes) -> dict:
    """The first thing in braces that was said."""
    text = heard.split(b"\n")[0].decode("utf-8", "replace")
    return json.JSONDecoder().raw_decode(text[max(0, text.find("{")) :])[0]


def _in_child(request: dict, door: int, others: tuple[int, ...]) -> None:
    for number in others:
        os.close(number)
    child(request, door)


def answer(request: dict) -> dict:
    """What the grader found, or how it ended."""
    ours, theirs = os.pipe()
    pid = forked(grader, request, theirs)
    os.close(theirs)
    until, heard, late = time.monotonic() + request["seconds"], b"", False
    while True:
        ready, _, _ = select.select([ours], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            late = True
            break
        if not (part := os.read(ours, 1 << 20)):
            break
        heard += part
    os.close(ours)
    for end in (os.killpg, os.kill):
        try:
            end(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    os.waitpid(pid, 0)
    return {"late": late, "died": not late and not heard} | (json.loads(heard) if heard else {})


def main() -> None:
    """Answer request after request."""
    held = [os.open(place, os.O_RDONLY) for place in sys.argv[1:]]  # a secret and a folder, left open
    import scipy.constants  # noqa: F401  it takes a while, for each request that wants it
    from minilab import mini_key

    import rgteach.stats.result  # noqa: F401

    mini_key("mini-range")
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
    del held


if __name__ == "__main__":
    main()
