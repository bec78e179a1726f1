"""Behind the wall no attack earns anything, reaches anything or leaves anything, and nobody else notices."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from types import SimpleNamespace

import pytest
from attacks import ATTACKS, lab, ordinary
from attacks.model import HONEST
from attacks.site import planted

from rgteach.grading import grader as grading
from rgteach.grading import seeds
from rgteach.grading.model import to_data
from rgteach.grading.students import Found
from rgteach.sandbox.limits import Limits

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or not shutil.which("bwrap"),
    reason="attacks on Linux, x86-64, with bubblewrap",
)
LIMITS = Limits(8.0, 20.0, memory_mb=1024, file_mb=8, disk_mb=16, frame_mb=4)
SHORT = replace(LIMITS, step_seconds=1.5)  # for what does not end
# Answers that break what their own next exercise needs, in the same process.  The thread of "forged-later"
# meets that exercise only where the machine is busy; what it never does is judged for it as for all.
OWN_GOALS = {"sabotage", "kept-state", "forged-frames", "forged-later"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with planted(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def course(tmp_path_factory, site):
    """A course, a secret that holds the planted word, and graders that keep what came back."""
    root = lab.made(tmp_path_factory.mktemp("course"))
    shutil.copyfile(next(root.glob("solutions/*.md")), site.page)
    with site.page.open("a") as file:
        file.write(site.token)
    shutil.copyfile(next(root.glob("exercises/keys/*.json")), site.key)
    before = dict(os.environ)
    os.environ["RG_PLANTED"] = site.token
    left_open = [os.open(site.secret, os.O_RDONLY), os.open(site.drop, os.O_RDONLY)]
    for number in left_open:
        os.set_inheritable(number, True)
    heard = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "Box", _listening(heard))
        secret = seeds.secret(site.secret)
        graders = {limits: grading.Grader(root, secret, limits) for limits in (LIMITS, SHORT)}
        yield SimpleNamespace(root=root, graders=graders, heard=heard, folder=tmp_path_factory.mktemp("in"))
        for made in graders.values():
            made.close()
    for number in left_open:
        os.close(number)
    os.environ.clear()
    os.environ.update(before)


def _listening(heard: list):
    """A box that keeps what came back, before anybody has looked at it."""

    class Listening(grading.Box):
        def run(self, *words):
            heard.append(super().run(*words))
            return heard[-1]

    return Listening


def graded(course, answers: dict[str, str], name: str = "mallory", limits: Limits = LIMITS):
    """The grades of a submission by exercise, and what its child handed back."""
    path = course.folder / f"{name}.ipynb"
    path.write_text(json.dumps(lab.handed_in(course.root, answers)), encoding="utf-8")
    course.heard.clear()
    found = course.graders[limits].grade(Found(path, name, path.name))
    path.unlink()
    said = json.dumps([ran.frames for ran in course.heard], default=repr)
    return {e.exercise: e for e in found.exercises}, found, said


def settled(found) -> dict:
    """A graded submission without the time it took."""
    data = to_data(found)
    for part in [data, *data["exercises"]]:
        part.pop("seconds")
    return data


def inside(course) -> int:
    """How many processes live behind the wall now."""
    boxes = [box for made in course.graders.values() for box in made._boxes.values()]
    pids = [box._held.keeper.process.pid for box in boxes if box._held.keeper]
    found = 0
    while pids:
        pid = pids.pop()
        try:
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                pids += map(int, file.read().split())
        except OSError:  # it has ended meanwhile
            continue
        found += 1
    return found


@pytest.fixture(scope="module")
def honest(course):
    """What an honest submission earns when nobody attacks."""
    graded(course, HONEST, "alice", SHORT)  # so that it is warm
    found = graded(course, HONEST, "alice")[1]
    assert (found.points, found.out_of, found.is_grade) == (4, 4, True)
    return settled(found), inside(course)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.sign}-{attack.name}")
def test_fails(course, site, honest, attack):
    limits = SHORT if attack.sign == "hangs" else LIMITS
    site.tidy()
    site.knocks()
    grades, found, said = graded(course, HONEST | {"mini-range": attack.source(site.places)}, limits=limits)
    try:
        assert grades["mini-range"].points == 0, grades["mini-range"]
        assert not site.told(said), said[:2000]
        assert site.token not in json.dumps(to_data(found))
        assert site.traces() == []
        assert site.knocks() == 0
        if attack.name not in OWN_GOALS:
            assert grades["mini-pairs"].points == 3, grades["mini-pairs"]
        before, processes = honest
        again = graded(course, HONEST, "alice")[1]
        assert settled(again) == before
        assert inside(course) == processes
    finally:
        site.tidy()


SEEKERS = ["own-memory", "memory-by-address", "objects-in-memory", "folders", "descriptors", "environment"]
LEFT = """
import os, sys
KEPT = "@TOKEN@"
os.environ["KEPT"] = KEPT
sys.modules["kept"] = KEPT
for place in (".", "/tmp", "/dev/shm", os.path.expanduser("~"), "/student", "/var/tmp"):
    try:
        os.makedirs(place + "/deep/er", exist_ok=True)
        for name in ("kept", ".kept", "deep/er/kept"):
            with open(f"{place}/{name}", "w") as file:
                file.write(KEPT)
    except OSError:
        pass
"""
LOOKS = """
import os
def spread(values):
    for place in (".", "/tmp", "/dev/shm", os.path.expanduser("~"), "/student", "/var/tmp"):
        for folder, _, names in os.walk(place):
            print(place, folder, names)
            for name in names:
                print(open(os.path.join(folder, name)).read())
    return -99.0
"""


@pytest.mark.parametrize("seeker", [*SEEKERS, "looks"])
def test_a_submission_finds_nothing_of_the_one_before_it(course, site, seeker):
    source = next((attack.source(site.places) for attack in ATTACKS if attack.name == seeker), LOOKS)
    earlier = LEFT.replace("@TOKEN@", site.token) + HONEST["mini-range"]
    assert graded(course, HONEST | {"mini-range": earlier}, "earlier")[1].points == 4
    said = graded(course, HONEST | {"mini-range": source})[2]
    assert not site.told(said)
    assert "kept" not in said


def test_the_same_holds_for_an_ordinary_user():
    """All attacks for which it matters who grades, once more in a process of somebody who is not root."""
    if why := ordinary.cannot():
        pytest.skip(why)
    with tempfile.TemporaryDirectory(prefix="rgteach-", dir="/tmp") as scratch:
        os.chmod(scratch, 0o777)
        words = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"]
        words += [
            f"--basetemp={scratch}/in",
            "-k",
            "told or trace or litter or contact or dies or before_it",
            __file__,
        ]
        env = os.environ | {"HOME": scratch, "PYTEST_ADDOPTS": "", "NUMBA_CACHE_DIR": f"{scratch}/numba"}
        done = subprocess.run(ordinary.command(words), env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert int(done.stdout.rsplit(" passed", 1)[0].split()[-1]) > 80
