"""The benchmark is a program too: it must run and write its table.  No time is judged here."""

import subprocess
import sys
from pathlib import Path


def test_benchmark__runs_with_whatever_is_installed(root: Path, tmp_path: Path):
    table = tmp_path / "table.md"
    options = ["--sides", "12", "--rounds", "1", "--no-starts", "--out", str(table)]
    command = [sys.executable, "-m", "benchmarks.features", *options]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    text = table.read_text(encoding="utf-8")
    assert "12³ box" in text
    assert "| first order, integer |" in text
    for tool in ("PyRadiomics", "pictologics", "mahotas"):
        assert f"{tool} not installed: skipped" in text or f"{tool}, ms" in text
