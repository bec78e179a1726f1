"""The box: a job's frames come back whatever its code does, and the next job knows nothing of it."""

import json
import textwrap
from dataclasses import replace

import pytest
from boxes import KINDS, LIMITS, box, out

from rgteach.sandbox.box import Box
from rgteach.sandbox.limits import Ran

SHORT = replace(LIMITS, step_seconds=0.5)


@pytest.fixture(scope="module", params=KINDS)
def made(request):
    with box(request.param) as made:
        yield made


@pytest.fixture(scope="module", params=KINDS)
def short(request):
    with box(request.param, limits=SHORT) as made:
        yield made


def ends(box: Box, code: str) -> Ran:
    """Run a step that goes well, one with this code, and one that must not run any more."""
    ran = box.run({"bad": textwrap.dedent(code)}, ["good", "bad", "late"])
    assert list(ran.frames) == ["good"], ran
    assert ran.step == "bad"
    return ran


def test_steps__run_in_order_in_one_process_and_a_fresh_folder(made):
    ran = made.run({}, ["a", "b", "c"])
    assert (ran.ended, ran.step, list(ran.frames), list(ran.seconds)) == (
        "done",
        "",
        list("abc"),
        list("abc"),
    )
    assert len({frame["pid"] for frame in ran.frames.values()}) == 1
    assert out(made, "import os; out = sorted(name for name in os.listdir() if name != '.config')") == []


def test_steps__none_are_done_at_once(made):
    assert made.run({}, []) == Ran({}, seconds={})


def test_job__large_ones_go_there_and_back(made):
    text = "€" * 300_000
    assert out(made, f"out = len({text!r})") == 300_000
    assert len(out(made, "out = ['x' * 1000] * 900")) == 900


def test_job__that_is_not_json_is_the_callers_mistake(made):
    with pytest.raises(TypeError):
        made.run({"a": object()}, ["a"])
    assert made.run({}, ["a"]).ended == "done"


FORGED = """
import os, struct
raw = b'{"step":"STEP","frame":1}'
os.write(3, struct.pack(">I", len(raw)) + raw)
"""
ENDS = {
    "exit": ("import os; os._exit(3)", "died", "exit 3"),
    "kill": ("import os; os.kill(os.getpid(), 9)", "died", "SIGKILL"),
    "crash": ("import ctypes; ctypes.string_at(0)", "died", "SIGSEGV"),
    "abort": ("import os; os.abort()", "died", "SIGABRT"),
    "system-exit": ("raise SystemExit(5)", "died", "SystemExit: 5"),
    "raise": ("1 / 0", "died", "ZeroDivisionError: division by zero"),
    "interrupt": ("raise KeyboardInterrupt", "died", "KeyboardInterrupt: "),
    "faulty-str": ("class E(Exception):\n    def __str__(self): raise MemoryError\nraise E", "died", "E"),
    "close": ("import os; os.close(3)", "died", "exit 70"),
    "nan": ("out = float('nan')", "died", "ValueError: Out of range float values"),
    "object": ("out = object()", "died", "TypeError: Object of type object"),
    "circle": ("out = []; out.append(out)", "died", "ValueError: Circular reference"),
    "too-large": ("out = ['x' * 1000] * 1100", "flood", ""),
    "long-prefix": ("import os; os.write(3, b'\\xff' * 9)", "flood", "4294967295"),
    "no-json": ("import os; os.write(3, b'\\0\\0\\0\\1x')", "garbage", "JSONDecodeError"),
    "no-frame": ("import os; os.write(3, b'\\0\\0\\0\\4true')", "garbage", "not the step that runs"),
    "a-later-step": (FORGED.replace("STEP", "late"), "garbage", "not the step that runs"),
    "a-step-twice": (FORGED.replace("STEP", "good"), "garbage", "not the step that runs"),
}


@pytest.mark.parametrize(("code", "ended", "detail"), ENDS.values(), ids=ENDS)
def test_run__tells_how_a_job_ended(made, code, ended, detail):
    ran = ends(made, code)
    assert ran.ended == ended
    assert ran.detail.startswith(detail)
    assert made.run({}, ["next"]).ended == "done"


DEAF = """
import signal
for number in set(range(1, 32)) - {9, 19}:
    signal.signal(number, signal.SIG_IGN)
while True: pass
"""
BUSY = """
import threading
for _ in range(4):
    threading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()
threading.Event().wait()
"""
ENDLESS = {
    "loop": "while True: pass",
    "sleep": "import time; time.sleep(60)",
    "deaf": DEAF,
    "stopped": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "in-c": "(10 ** 10 ** 7) ** 9",
    "threads": BUSY,
}


@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
def test_run__what_does_not_end_is_ended(short, code):
    ran = ends(short, code)
    assert (ran.ended, list(ran.seconds)) == ("time", ["good"])
    assert short.run({}, ["next"]).ended == "done"


def test_run__a_job_has_a_time_of_its_own():
    with box(False, limits=replace(LIMITS, job_seconds=0.6)) as made:
        steps = [str(number) for number in range(40)]
        ran = made.run(dict.fromkeys(steps, "import time; time.sleep(0.1)"), steps)
    assert ran.ended == "time"
    assert 2 <= len(ran.frames) < 12


def test_run__a_frame_that_only_drips_is_ended_in_time(short):
    assert ends(short, "import os, time\nwhile True: os.write(3, b'\\0'); time.sleep(0.2)").ended in (
        "time",
        "garbage",
    )


def test_next_job__finds_nothing_of_the_one_before(made):
    assert out(made, "import boxed, os\nboxed.TOUCHED.append(1); os.environ['X'] = 'y'; out = os.getpid()")
    assert out(made, "import boxed, os\nout = [boxed.TOUCHED, os.environ.get('X')]") == [[], None]


MESS = """
import os
os.makedirs("a/b"); open("a/b/c", "w").write("x"); os.symlink("/", "link"); os.symlink("nowhere", "loose")
os.mkfifo("pipe"); os.mkdir(".gone-1"); open(".gone-2", "w").close()
os.makedirs("shut/inner"); os.chmod("shut/inner", 0); os.chmod("shut", 0o100); os.chmod("a", 0o500)
here = os.getcwd()
for _ in range(300):
    os.mkdir("d" * 100); os.chdir("d" * 100)
os.chdir(here); os.chmod(here, 0)
"""


def test_folder__is_cleared_however_it_was_left(made):
    out(made, MESS)
    first = made._held.keeper
    assert out(made, "import os; out = sorted(set(os.listdir()) - {'.config'})") == []
    assert made._held.keeper is first, "clearing the folder must not cost a new warm process"


def test_frames__are_json_alone(made):
    frame = out(made, "out = {'a': [1, 2.5, None, True, 'é']}")
    assert json.loads(json.dumps(frame)) == frame == {"a": [1, 2.5, None, True, "é"]}


LISTEN = """
import os, select, socket
line = socket.socket(fileno=os.dup(3))
there = select.select([line], [], [], SECONDS)[0]
out = line.recv(99, socket.MSG_PEEK).decode("latin-1") if there else ""
line.close()
"""


def test_parts__come_when_only_steps_with_a_part_are_left(made):
    soon, never = (LISTEN.replace("SECONDS", seconds) for seconds in ("5", "0.3"))
    job = {"a": never, "b": never, "c": soon, "d": never}
    ran = made.run(job, list(job), {"c": "of c", "d": "of d"})
    assert ran.ended == "done", ran
    assert (ran.frames["a"], ran.frames["b"], ran.frames["d"]) == ("", "", "")
    assert "of d" in ran.frames["c"], "the child waits for us before each of its last steps"
