"""Compiling ahead: shared out among processes, and all of it here where they are not to be had."""

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
