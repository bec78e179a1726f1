"""A notebook with every demo is run by nbval, where nobody moves a slider: it passes, and keeps pictures."""

import os
import subprocess
import sys

from hall import shows, write
from servers import OFFLINE


def test_nbval__runs_every_demo_without_a_front_end(tmp_path):
    notebook = tmp_path / "hall.ipynb"
    write(notebook, shows())
    words = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval-lax",
        "--nbval-current-env",
        "-c",
        os.devnull,
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "RGTEACH"))}
    clean |= {"PYTHONPATH": str(OFFLINE), "RGTEACH_LANG": "zh"}
    command = [sys.executable, *words, "--rootdir", str(tmp_path), str(notebook)]
    ended = subprocess.run(command, env=clean, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert f"{1 + len(shows())} passed" in ended.stdout
