"""`import rgteach` is light, every name it offers is there, and no disk can make it fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import rgteach

PACKAGE = Path(rgteach.__file__).parent
HEAVY = (
    "numpy scipy numba llvmlite pandas sklearn statsmodels matplotlib nibabel nilearn pydicom SimpleITK "
    "ipywidgets anywidget IPython jupyterlab jupytext nbformat nbval typer rich"
).split()


def run(code: str, **options) -> subprocess.CompletedProcess:
    """Run a line in a fresh Python and return what it printed."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, **options)


def test_import__loads_nothing_heavy():
    result = run(f"import sys, rgteach; print(*[m for m in {HEAVY!r} if m in sys.modules])")
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []


def test_setup__the_first_line_of_a_notebook_loads_nothing_heavy():
    result = run(
        f"import sys, rgteach as rg; rg.setup('zh'); print(*[m for m in {HEAVY!r} if m in sys.modules])"
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []


def test_names__each_one_offered_exists():
    assert [name for name in rgteach.__all__ if getattr(rgteach, name, None) is None] == []


def test_names__each_one_can_be_found_by_tab():
    assert set(rgteach.__all__) <= set(dir(rgteach))


def test_import__a_disk_that_cannot_be_written_is_no_error(tmp_path):
    """A file where each cache folder would stand stops even root from writing there."""
    copy = tmp_path / "rgteach"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "_course"))
    (copy / "core" / "__pycache__").touch()
    (tmp_path / "home").touch()
    no_home = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "NUMBA_"))}
    no_home |= {"HOME": str(tmp_path / "home"), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tmp_path)}
    code = (
        "import numpy as np, rgteach\n"
        "from rgteach.core import glcm\n"
        "levels = np.array([[[1, 1, 2]]], np.int32)\n"
        "print(rgteach.__file__, rgteach.glcm(levels, offsets=[[0, 0, 1]], symmetric=False).counts.tolist())"
    )
    result = run(code, env=no_home, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert str(copy) in result.stdout
    assert "[[[1, 1], [0, 0]]]" in result.stdout
