"""Compiling ahead: shared out among processes, and all of it here where they are not to be had."""

import json
import subprocess
import sys

import pytest

from rgteach.doctor import kernels, warming


@pytest.mark.parametrize("helper", ["refused", "fails", "hangs"])
def test_warm_up__makes_every_kernel_here_where_other_processes_do_not(helper, monkeypatch):
    made, really = [], subprocess.Popen
    commands = {"fails": "raise SystemExit(3)", "hangs": "import time; time.sleep(60)"}

    def popen(_, **quiet):
        if helper == "refused":
            raise OSError
        return really([sys.executable, "-c", commands[helper]], **quiet)

    monkeypatch.setattr(warming, "warm", made.extend)
    monkeypatch.setattr(warming, "_processes", lambda: 3)
    monkeypatch.setattr(warming, "PATIENCE_S", 20 if helper == "fails" else 0.1)
    monkeypatch.setattr(subprocess, "Popen", popen)
    assert warming.warm_up() < 20
    assert sorted(made) == sorted(warming.WORK_S)


def test_warm_up__needs_no_second_process_where_most_is_kept(monkeypatch):
    monkeypatch.setattr(warming, "usable_processors", lambda: 8)
    monkeypatch.setattr(kernels, "kernels", lambda: {"one": False, "two": True, "three": False})
    monkeypatch.setattr(kernels, "kept_in", lambda: "a folder")
    assert warming._processes() == warming.MOST_PROCESSES
    monkeypatch.setattr(kernels, "kept_in", lambda: None)
    assert warming._processes() == 1, "nothing can be handed over"
    monkeypatch.setattr(kernels, "kept_in", lambda: "a folder")
    monkeypatch.setattr(kernels, "kernels", lambda: {"one": True, "two": True, "three": False})
    assert warming._processes() == 1


@pytest.mark.parametrize("n", range(1, warming.MOST_PROCESSES + 1))
def test_shares__hold_every_part_once_and_nobody_has_twice_as_much_as_fair(n):
    dealt = warming.shares(n)
    assert sorted(part for share in dealt for part in share) == sorted(warming.WORK_S)
    fair = sum(warming.WORK_S.values()) / n
    assert max(sum(warming.WORK_S[part] for part in share) for share in dealt) < 1.25 * fair


WARMED = """
import json, sys
import numpy as np
import rgteach as rg
from rgteach.doctor import kernels, warming

def known():
    of = {name: getattr(sys.modules.get("rgteach.core." + name.split(".")[0]), name.split(".")[1], None)
          for name in kernels.kernels()}
    inner = {name for kernel in filter(None, of.values()) for name in kernel.py_func.__code__.co_names}
    made = {name: sorted(map(str, kernel.signatures)) if kernel else [] for name, kernel in of.items()}
    return made, inner

warming.warm(tuple(warming.WORK_S))
warmed, inner = known()
a = np.arange(504).reshape(7, 8, 9) % 50
for image in (a, a.astype(np.uint8), a * 0.37, a.astype(np.float32)):
    for convention in ("ibsi", "pyradiomics"):
        rg.extract(image, np.ones(a.shape), bin_count=32, convention=convention)
        more = {"aggregation": "2d-merged", "convention": convention}
        rg.extract(image, np.ones(a.shape), bin_width=5, **more)
print(json.dumps([warmed, known()[0], sorted(inner)]))
"""


def test_warm__calls_every_kernel_and_leaves_nothing_to_compile_for_a_first_extraction():
    """A kernel is called by us or from within another, and an extraction finds its types compiled."""
    done = subprocess.run([sys.executable, "-c", WARMED], check=True, capture_output=True, text=True)
    warmed, after, inner = json.loads(done.stdout)
    assert set(warmed) == set(kernels.kernels())
    assert [name for name, types in warmed.items() if not types and name.split(".")[1] not in inner] == []
    assert after == warmed
