"""Compiling ahead: half of it in a second process, and all of it here where that is not to be had."""

import subprocess
import sys

import pytest

from rgteach.doctor import kernels, warming


@pytest.mark.parametrize("helper", ["refused", "fails", "hangs"])
def test_warm_up__makes_every_kernel_here_where_a_second_process_does_not(helper, monkeypatch):
    made, really = [], subprocess.Popen
    commands = {"fails": "raise SystemExit(3)", "hangs": "import time; time.sleep(60)"}

    def popen(_, **quiet):
        if helper == "refused":
            raise OSError
        return really([sys.executable, "-c", commands[helper]], **quiet)

    monkeypatch.setattr(warming, "warm", made.extend)
    monkeypatch.setattr(warming, "_is_worth_it", lambda: True)
    monkeypatch.setattr(warming, "PATIENCE_S", 20 if helper == "fails" else 0.1)
    monkeypatch.setattr(subprocess, "Popen", popen)
    assert warming.warm_up() < 20
    assert set(made) == {"features", "association", "gene_scan", "multiplicity", "logistic", "penalised"}


def test_warm_up__needs_no_second_process_where_most_is_kept(monkeypatch):
    monkeypatch.setattr(kernels, "kernels", lambda: {"one": True, "two": True, "three": False})
    assert not warming._is_worth_it()
    monkeypatch.setattr(kernels, "kernels", lambda: {"one": False, "two": True, "three": False})
    monkeypatch.setattr(kernels, "kept_in", lambda: None)
    assert not warming._is_worth_it(), "nothing can be handed over"
