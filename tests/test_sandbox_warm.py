"""The warm process: started when needed, again when it died, gone with its grader and all it started."""

import gc
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import boxes
import pytest
from boxes import KINDS, LIMITS, box, linux, out

from rgteach.errors import LearnerError
from rgteach.sandbox import bare, keeper
from rgteach.sandbox.box import Box

SHORT = replace(LIMITS, step_seconds=0.5)


def works(box: Box) -> bool:
    """Whether a job is done."""
    return box.run({}, ["a"]).ended == "done"


def test_memory__of_the_grader_does_not_grow_with_jobs():
    with box(False) as made:
        made.run({"a": "out = 'x' * 500_000"}, ["a"])
        gc.collect()
        before, files = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(os.listdir("/proc/self/fd"))
        for _ in range(25):
            made.run({"a": "out = 'x' * 500_000"}, ["a"])
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4096  # KiB
        assert len(os.listdir("/proc/self/fd")) == files


@pytest.mark.parametrize("isolate", KINDS)
def test_warm_process__that_died_is_started_again(isolate):
    with box(isolate) as made:
        made.run({}, ["a"])
        first = made._held.keeper.process
        first.kill()
        first.wait()
        assert works(made)
        assert made._held.keeper.process.pid != first.pid


@linux
def test_warm_process__that_does_not_answer_is_replaced(monkeypatch):
    monkeypatch.setattr(keeper, "END_SECONDS", 0.3)
    with box(False, limits=SHORT) as made:
        made.run({}, ["a"])
        stuck = made._held.keeper.process.pid
        os.kill(stuck, 19)  # SIGSTOP
        assert works(made)
        assert made._held.keeper.process.pid != stuck


def test_warm_process__that_never_starts_is_an_error_with_its_reason():
    with pytest.raises(LearnerError, match="no_such_module") as error:
        Box("no_such_module", isolate=False).run({}, ["a"])
    assert error.value.key == "sandbox-not-started"


def test_preload__what_is_not_there_is_passed_over():
    with box(False, preload=["no_such_module", "colorsys"]) as made:
        assert out(made, "import sys; out = 'colorsys' in sys.modules") is True
        assert list(made._held.keeper.passed_over) == ["no_such_module"]


def test_boxes__work_side_by_side_in_threads():
    found = {}

    def work(number: int) -> None:
        with box(False) as made:
            found[number] = [out(made, f"out = {number} + {k}") for k in range(5)]

    threads = [threading.Thread(target=work, args=(number,)) for number in (10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {10: [10, 11, 12, 13, 14], 20: [20, 21, 22, 23, 24]}


@linux
def test_fork_of_the_grader__keeps_off_its_warm_process():
    with box(False) as made:
        pid = out(made, "import os; out = os.getppid()")
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if out(made, "import os; out = os.getppid()") != pid else 1)
            finally:
                os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        assert out(made, "import os; out = os.getppid()") == pid


GRADER = """
import sys, time, tempfile
sys.path.insert(0, {tests!r}); tempfile.tempdir = {folder!r}
import boxes
made = boxes.box({isolate}); made.run({{}}, ["a"]); print(flush=True)
made.run({{"a": "import time; time.sleep(60)"}}, ["a"])
"""


@linux
@pytest.mark.parametrize("isolate", KINDS)
@pytest.mark.parametrize("number", [9, 2], ids=["killed", "interrupted"])
def test_grader__that_goes_takes_everything_along(isolate, number, tmp_path):
    code = GRADER.format(tests=str(Path(__file__).parent), folder=str(tmp_path), isolate=isolate)
    grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    grader.stdout.readline()
    time.sleep(0.2)
    below = boxes.descendants(grader.pid)
    assert len(below) >= (3 if isolate else 2)
    grader.send_signal(number)
    grader.wait(10)
    grader.stdout.close()
    end = time.monotonic() + 10
    while time.monotonic() < end and (list(tmp_path.iterdir()) or boxes.alive(below)):
        time.sleep(0.05)
    assert (list(tmp_path.iterdir()), boxes.alive(below)) == ([], [])


def test_close__leaves_neither_process_nor_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = box(False)
    made.run({}, ["a"])
    process = made._held.keeper.process
    assert list(tmp_path.iterdir())
    made.close()
    assert process.poll() is not None
    assert list(tmp_path.iterdir()) == []
    assert works(made), "a box that was closed starts anew"
    process = made._held.keeper.process
    del made
    gc.collect()
    assert process.poll() is not None, "a forgotten box ends its processes"
    assert list(tmp_path.iterdir()) == []


def test_without_fork__a_process_for_each_job_gives_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr(bare, "forks", lambda: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with box(False, limits=SHORT) as made:
        ran = made.run({}, ["a", "b"])
        assert (ran.ended, list(ran.frames)) == ("done", ["a", "b"])
        ran = made.run({"b": "import os; os._exit(3)"}, ["a", "b", "c"])
        assert (list(ran.frames), ran.ended, ran.step, ran.detail) == (["a"], "died", "b", "exit 3")
        ran = made.run({"b": "while True: pass"}, ["a", "b", "c"])
        assert (list(ran.frames), ran.ended, ran.step) == (["a"], "time", "b")
        assert list(tmp_path.iterdir()) == []
    with pytest.raises(LearnerError, match="no_such_module"):
        Box("no_such_module", isolate=False).run({}, ["a"])
    assert list(tmp_path.iterdir()) == []
