"""The wall: what works without it is refused behind it, for root, for root in a namespace, for any user."""

import json
import os
import socket
import subprocess
import sys
import sysconfig
from dataclasses import asdict
from pathlib import Path

import claims
import pytest
from boxes import LIMITS, box, needs_wall, out

from rgteach.sandbox import wall

TESTS = Path(__file__).parent
ORDINARY = 65533
WAYS = ["bare", "walled", "namespace", "user"]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """What must not be reached: a file, a folder, a variable, a server, a named socket."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "file").write_text("secret")
    (folder / "file").chmod(0o666)
    folder.chmod(0o777)
    os.environ["RGTEACH_PLANTED"] = "secret"
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(str(folder / "socket"))
    (folder / "socket").chmod(0o777)
    unix.listen()
    with unix, socket.create_server(("127.0.0.1", 0)) as tcp:
        yield {
            "file": str(folder / "file"), "folder": str(folder), "port": tcp.getsockname()[1],
            "unix": str(folder / "socket"), "root": str(TESTS.parent),
        }  # fmt: skip
    del os.environ["RGTEACH_PLANTED"]


def python_for_all() -> str | None:
    """A Python that an ordinary user can run, and what it needs to find our packages."""
    env = {"PYTHONPATH": f"{TESTS.parent}:{sysconfig.get_path('purelib')}", "PATH": os.environ["PATH"]}
    name = "python{}.{}".format(*sys.version_info)
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        try:
            asked = [python, "-c", "import rgteach.sandbox.box, landlock, pyseccomp"]
            if subprocess.run(asked, env=env, user=ORDINARY, group=ORDINARY, extra_groups=[], cwd="/",
                              capture_output=True, check=False).returncode == 0:  # fmt: skip
                return python
        except OSError:
            continue
    return None


def as_user(job: dict, folder: Path) -> dict:
    """What comes of a job in a box of an ordinary user."""
    python = sys.executable
    who = {}
    if os.geteuid() == 0:
        python, who = python_for_all(), {"user": ORDINARY, "group": ORDINARY, "extra_groups": []}
        if python is None:
            pytest.skip("no Python here that an ordinary user can run")
    program = (
        "import json, sys; from rgteach.sandbox.box import Box; from rgteach.sandbox.limits import Limits\n"
        "job, limits = json.load(sys.stdin)\n"
        "with Box('boxed', limits=Limits(**limits)) as box:\n"
        "    ran = box.run(job, list(job))\n"
        "    print(json.dumps([ran.ended, ran.detail, ran.frames, box.missing]))"
    )
    env = {
        "PYTHONPATH": f"{TESTS.parent}:{TESTS}:{sysconfig.get_path('purelib')}",
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    given = json.dumps([job, asdict(LIMITS)])
    done = subprocess.run([python, "-c", program], input=given, env=env, cwd="/", capture_output=True,
                          text=True, check=False, **who)  # fmt: skip
    assert done.returncode == 0, done.stderr
    ended, detail, frames, missing = json.loads(done.stdout)
    assert (ended, detail, missing) == ("done", "", {})
    return frames


@pytest.fixture(scope="module")
def found(planted, tmp_path_factory):
    """What came of every claim in one of the ways; each way is gone once."""
    kept = {}

    def of(way: str) -> dict:
        if way not in kept:
            job = claims.job(planted)
            if way == "user":
                kept[way] = as_user(job, tmp_path_factory.mktemp("user"))
            else:
                with box(way != "bare") as made:
                    if way == "namespace":
                        made._plan = wall.plan("boxed", (), (), LIMITS, as_root=False)
                    ran = made.run(job, list(job))
                assert (ran.ended, ran.step, ran.detail) == ("done", "", "")
                kept[way] = ran.frames
        return kept[way]

    return of


@needs_wall
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("claim", claims.CLAIMS)
def test_claim__works_without_the_wall_and_is_refused_behind_it(found, way, claim):
    gave, told = found(way)[claim]
    if way == "bare":
        assert gave == "gave", told
    else:
        assert gave in claims.refusals(claim), told


@needs_wall
@pytest.mark.parametrize("way", WAYS)
def test_everyday_things__work_on_both_sides(found, way):
    gave = found(way)
    assert {name: gave[name] for name in claims.ALLOWED if gave[name][0] != "gave"} == {}


@needs_wall
def test_root__is_given_away():
    with box() as made:
        uid, group = out(made, "import os; out = [os.getresuid(), os.getresgid() + tuple(os.getgroups())]")
    assert 0 not in (*uid, *group)


HERE = """
import fcntl, os, resource, signal, tempfile
home, tmp = os.path.expanduser("~"), tempfile.gettempdir()
"""
# what one child does, and what the next one would see of it
LEFT = {
    "file": ("open('left', 'w').close()", "os.path.exists('left')"),
    "home": ("open(home + '/left', 'w').close()", "os.path.exists(home + '/left')"),
    "tmp": ("open(tmp + '/left', 'w').close()", "os.path.exists(tmp + '/left')"),
    "shm": ("open('/dev/shm/left', 'w').close()", "os.path.exists('/dev/shm/left')"),
    "module": ("import json; json.left = 1", "hasattr(__import__('json'), 'left')"),
    "builtins": ("import builtins; builtins.left = 1", "hasattr(__import__('builtins'), 'left')"),
    "environment": ("os.environ['LEFT'] = '1'", "'LEFT' in os.environ"),
    "umask": ("os.umask(0)", "os.umask(0) == 0"),
    "nice": ("os.nice(7)", "os.nice(0) >= 7"),
    "limits": ("resource.setrlimit(7, (99, 99))", "resource.getrlimit(7)[0] == 99"),
    "signals": ("signal.signal(10, signal.SIG_IGN)", "signal.getsignal(10) == signal.SIG_IGN"),
    "input-flags": ("os.set_blocking(0, False)", "not os.get_blocking(0)"),
    "lock": ("fcntl.flock(open(os.__file__), 2)", "fcntl.flock(open(os.__file__), 2 | 4)"),
    "alarm": ("signal.setitimer(0, 60)", "signal.getitimer(0)[0] > 0"),
}


@needs_wall
def test_child__changes_nothing_that_a_later_child_sees():
    with box() as made:
        warm = out(made, "import os; out = os.getppid()")
        for first, _ in LEFT.values():
            out(made, HERE + first)
        seen = {name: out(made, f"{HERE}out = bool({then})") for name, (_, then) in LEFT.items()}
        assert seen == dict.fromkeys(LEFT, False)
        assert out(made, "import os; out = os.getppid()") == warm, "all of them had the same warm process"
