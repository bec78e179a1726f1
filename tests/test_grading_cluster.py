"""A class on a dask cluster: the same grades in the same order, whatever becomes of a worker."""

import importlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from handing_in import RIGHT, handed_in, mini_course

from rgteach.errors import LearnerError
from rgteach.grading import cluster, model, scheduler, seeds, students
from rgteach.grading.grader import Grader
from rgteach.sandbox.limits import Limits

distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed here")
config = pytest.importorskip("dask.config")
LIMITS = Limits(step_seconds=6, job_seconds=20)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    return mini_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def secret(tmp_path_factory) -> seeds.Secret:
    return seeds.secret(tmp_path_factory.mktemp("secret") / "seed")


@pytest.fixture(scope="module")
def dask(tmp_path_factory) -> Iterator[distributed.LocalCluster]:
    settings = {"distributed.scheduler.allowed-failures": 0}  # a lost worker loses its task at once
    folder = str(tmp_path_factory.mktemp("dask"))
    how = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    how |= {"local_directory": folder, "silence_logs": "CRITICAL"}
    with config.set(settings), distributed.LocalCluster(**how) as made:
        yield made


@pytest.fixture
def spread(dask, course, secret):
    """Grade on the cluster, where nothing keeps the code apart: other tests see to that."""

    def call(found, **how):
        how = {"root": course, "secret": secret, "limits": LIMITS, "isolate": False} | how
        return cluster.spread(found, dask.scheduler_address, **how)

    return call


@pytest.fixture(scope="module")
def handed(tmp_path_factory) -> list[students.Found]:
    """A small class: right, wrong, blank, cut off, and one that is a link."""
    folder = tmp_path_factory.mktemp("class")
    wrong = RIGHT | {"mini-range": "def spread(values):\n    return values.max()"}
    dies = RIGHT | {"mini-range": "import os\ndef spread(values):\n    os._exit(3)"}
    answers = {"ada": RIGHT, "ben": wrong, "cem": {}, "dora": dies, "王小明": RIGHT}
    found = [handed_in(folder, name, given) for name, given in answers.items()]
    (folder / "eve.ipynb").write_text('{"cells": [', encoding="utf-8")
    (folder / "fay.ipynb").symlink_to(found[0].path)
    return [*found, *(students.Found(folder / f"{n}.ipynb", n, f"{n}.ipynb") for n in ("eve", "fay", "gone"))]


def plain(graded: model.Graded) -> dict:
    """All of it but the time that it took."""
    data = model.to_data(graded)
    for part in (data, *data["exercises"]):
        part.pop("seconds")
    return data


@pytest.fixture(scope="module")
def local(course, secret, handed) -> list[dict]:
    """What this machine alone makes of the class."""
    with Grader(course, secret, LIMITS, isolate=False) as grader:
        return [plain(grader.grade(found)) for found in handed]


def test_spread__gives_what_one_machine_gives_and_in_order(spread, handed, local):
    assert [grade["points"] for grade in local] == [4, 3, 0, 3, 4, 0, 0, 0]
    assert [plain(graded) for graded in spread(iter(handed))] == local


def test_spread__behind_the_wall_it_is_a_grade(spread, handed, local):
    try:
        behind = [plain(graded) for graded in spread(handed[:3], isolate=True)]
    except LearnerError as error:
        pytest.skip(f"no wall here: {error.key}")
    assert behind == [grade | {"is_grade": True} for grade in local[:3]]


def test_spread__asks_for_no_more_than_there_is_work_for(spread, handed):
    taken = []
    graded = spread(taken.append(k) or handed[k % 3] for k in range(1000))
    for _ in range(3):
        next(graded)
    assert len(taken) < 30
    graded.close()


def test_spread__a_worker_that_cannot_grade_is_passed_over(spread, dask, handed, local):
    with distributed.Client(dask.scheduler_address, set_as_default=False) as client:
        one, other = client.nthreads()
        client.run(_without_walls, True, workers=[one])
        try:
            assert [plain(graded) for graded in spread(handed)] == local
            client.run(_without_walls, True, workers=[other])
            with pytest.raises(LearnerError) as caught:
                list(spread(handed))
            assert (caught.value.key, caught.value.values) == ("sandbox-not-started", {"reason": "none"})
        finally:
            client.run(_without_walls, False)


def _without_walls(broken: bool) -> None:
    from rgteach.grading import worker
    from rgteach.sandbox.box import Box

    def refuse(*args, **options):
        raise LearnerError("sandbox-not-started", reason="none")

    worker.Box = refuse if broken else Box


def test_spread__leaves_nothing_on_the_cluster(spread, dask, handed, secret):
    list(spread(handed[:1]))
    with distributed.Client(dask.scheduler_address, set_as_default=False) as client:
        assert client.run_on_scheduler(_plugins) == []
        assert client.run_on_scheduler(_tasks) == 0
        places = client.run(_place)
    assert [list(Path(place).glob("rgteach-*")) for place in places.values()] == [[]] * len(places)


def _plugins(dask_scheduler) -> list[str]:
    return [name for name in dask_scheduler.worker_plugins if name.startswith("rgteach")]


def _tasks(dask_scheduler) -> int:
    return sum("grade" in str(key) for key in dask_scheduler.tasks)


def _place(dask_worker) -> str:
    return dask_worker.local_directory


def test_spread__a_worker_of_another_edition_is_refused(spread, handed, monkeypatch):
    from rgteach.grading import worker

    monkeypatch.setattr(worker, "edition", lambda: "rgteach 9.9")
    with pytest.raises(LearnerError) as caught:
        list(spread(handed))
    assert caught.value.key == "cluster-other-edition"
    assert caught.value.values["ours"] == "rgteach 9.9"


def test_spread__a_worker_without_rgteach_is_told(spread, handed, monkeypatch):
    from rgteach.grading import worker

    missing = lambda desk, protocol: (importlib.import_module, ("no_rgteach_here",))  # noqa: E731
    monkeypatch.setattr(worker.Desk, "__reduce_ex__", missing)
    with pytest.raises(LearnerError, match="no_rgteach_here") as caught:
        list(spread(handed))
    assert caught.value.key == "cluster-not-taken"


def test_spread__a_worker_that_is_lost_loses_nothing(spread, dask, handed, local):
    graded = spread(handed * 4)
    done = [next(graded)]
    with distributed.Client(dask.scheduler_address, set_as_default=False) as client:
        victim = next(iter(client.nthreads()))
        pid = client.run(os.getpid, workers=[victim])[victim]
    os.kill(pid, 9)
    done += graded
    assert [plain(one) for one in done] == local * 4


OPEN = ["tcp://10.0.0.5:8786", "grading.example:8786", "ws://grading:8786", "tcp://[2001:db8::1]:8786"]
PRIVATE = [
    "tls://10.0.0.5:8786",
    "tcp://127.0.0.1:8786",
    "localhost:8786",
    "tcp://[::1]:8786",
    "wss://grading",
]


@pytest.mark.parametrize("address", OPEN)
def test_spread__nothing_goes_over_a_line_that_others_can_read(address, secret, course):
    assert not scheduler.is_private(address)
    with pytest.raises(LearnerError) as caught:
        next(cluster.spread([], address, root=course, secret=secret))
    assert caught.value.key == "cluster-open-line"


@pytest.mark.parametrize("address", PRIVATE)
def test_spread__a_line_that_is_encrypted_or_stays_here_is_taken(address):
    assert scheduler.is_private(address)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tls://127.0.0.1:9", "no such://place"])
def test_spread__a_scheduler_that_is_not_there_is_told(address, secret, course):
    with pytest.raises(LearnerError) as caught:
        list(cluster.spread([], address, root=course, secret=secret, insecure=True, seconds=0.2))
    assert caught.value.key == "cluster-no-scheduler"


@contextmanager
def programs(folder: Path, *words: str, workers: int) -> Iterator[str]:
    """A scheduler and workers as an instructor starts them, each a program of its own; gives the address."""
    file = folder / "scheduler.json"
    begin = [sys.executable, "-m", "distributed.cli.dask_{}", "--scheduler-file", str(file), "--no-dashboard"]
    own = {"scheduler": ["--host", "127.0.0.1", "--port", "0"], "worker": ["--nthreads", "1", "--no-nanny"]}
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    started = []
    try:
        for kind in ["scheduler", *["worker"] * workers]:
            command = [word.format(kind) for word in begin] + own[kind] + list(words)
            started.append(subprocess.Popen(command, cwd=folder, **quiet))
        end = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < end, "the scheduler did not start"
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"]
    finally:
        for one in reversed(started):
            one.kill()
            one.wait()


def test_spread__no_worker_is_told(secret, course, tmp_path):
    with programs(tmp_path, workers=0) as address, pytest.raises(LearnerError) as caught:
        list(cluster.spread([], address, root=course, secret=secret, seconds=5))
    assert caught.value.key == "cluster-no-workers"


def test_spread__goes_through_tls_with_the_certificates_of_dasks_configuration(
    course, secret, handed, local, tmp_path
):
    if not (openssl := shutil.which("openssl")):
        pytest.skip("no openssl to make a certificate with")
    key, certificate = (str(tmp_path / name) for name in ("key.pem", "certificate.pem"))
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=rgteach", "-days", "1"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    words = ("--protocol", "tls", "--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key)
    tls = {"ca-file": certificate, "client.cert": certificate, "client.key": key}
    settings = {f"distributed.comm.tls.{name}": value for name, value in tls.items()}
    with config.set(settings), programs(tmp_path, *words, workers=1) as address:
        assert address.startswith("tls://")
        here = {"root": course, "secret": secret, "limits": LIMITS, "isolate": False}
        assert [plain(one) for one in cluster.spread(handed, address, **here)] == local


def test_desk__the_secret_is_in_no_text_of_it(secret, course):
    from rgteach.grading import worker

    desk = worker.Desk("rgteach-x", worker.pack(course), secret, LIMITS, False)
    told = repr(desk) + str(desk) + repr(secret)
    assert secret.key.decode() not in told
    assert pickle.loads(pickle.dumps(desk))._secret == secret


def test_pack__holds_what_grading_needs_and_no_more(tmp_path):
    from rgteach.grading import worker

    needed = ["solutions/00_mini.md", "exercises/en/00_mini.ipynb", "exercises/keys/00_mini.json"]
    for name in [*needed, "solutions/names.txt", "solutions/en/00_mini.ipynb", "exercises/en/notes.ipynb"]:
        path = tmp_path / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    worker.unpack(worker.pack(tmp_path / "course"), tmp_path / "there")
    there = tmp_path / "there"
    assert sorted(p.relative_to(there).as_posix() for p in there.rglob("*.*")) == sorted(needed)
