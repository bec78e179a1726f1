"""A fresh process: what an import loads, and what happens where nothing can be written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import keptkernels
import pytest

from rgteach.core import glcm

GLCM = (
    "import numpy as np, rgteach as rg\n"
    "image = np.random.default_rng(0).normal(size=(6, 6, 6))\n"
    "region = rg.voi(image, np.ones(image.shape))\n"
    "levels = rg.quantise(region, bin_count=8)\n"
    "print(repr(rg.features(levels).to_dict()), repr(rg.firstorder(region, levels).to_dict()))"
)
ONLY_GLCM = GLCM.rsplit("\n", 1)[0] + "\nprint(repr(rg.features(levels).to_dict()))"


def run(code, cwd=None, **extra):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA_", "PYTHONPATH"))}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=env | extra, cwd=cwd, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import__loads_neither_numpy_nor_numba():
    code = "import sys, rgteach; print([name for name in ('numpy', 'numba', 'scipy') if name in sys.modules])"
    assert run(code).strip() == "[]"


def test_results__do_not_depend_on_the_number_of_threads():
    one, two = (run(GLCM, NUMBA_NUM_THREADS=n, OMP_NUM_THREADS=n) for n in ("1", "2"))
    assert one == two


def test_glcm__works_on_a_read_only_copy_without_a_home(root: Path, tmp_path: Path):
    """Nothing can be kept: a file stands where each cache folder would be made, which stops even root."""
    site = tmp_path / "site"
    shutil.copytree(root / "rgteach", site / "rgteach", ignore=shutil.ignore_patterns("__pycache__"))
    folders = [path for path in [site, *site.rglob("*")] if path.is_dir()]
    for folder in folders:
        (folder / "__pycache__").touch()
        folder.chmod(0o555)
    nowhere = dict.fromkeys(
        ("HOME", "XDG_CACHE_HOME", "IPYTHONDIR", "USERPROFILE", "LOCALAPPDATA"), "/proc/none"
    )
    code = "from rgteach.core import glcm; print(glcm.__file__, type(glcm.count_pairs._cache).__name__)\n"
    try:
        out = run(code + ONLY_GLCM, cwd=site, PYTHONPATH=str(site), PYTHONDONTWRITEBYTECODE="1", **nowhere)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert out.splitlines()[0] == f"{site / 'rgteach' / 'core' / 'glcm.py'} NullCache"
    assert "contrast" in out


@pytest.mark.parametrize("place", ["/proc/none", "a file"])
def test_glcm__works_where_the_cache_cannot_be_made(place, tmp_path: Path):
    if place == "a file":
        place = tmp_path / "taken"
        place.write_text("in the way")
    assert "contrast" in run(GLCM, NUMBA_CACHE_DIR=str(place))


def files_of(kernel, kept, kind):
    """What is kept of a kernel as it is now; older versions may lie beside it."""
    function = kernel.py_func
    return kept.glob(f"glcm.{function.__name__}-{function.__code__.co_firstlineno}.*.{kind}")


def test_glcm__compiles_again_where_the_cache_is_damaged(tmp_path: Path):
    """The list of one kernel is cut off, the code of another; the others are as they were."""
    good = run(GLCM)
    kept = keptkernels.copy(tmp_path)
    damaged = [*files_of(glcm.occupied, kept, "nbi"), *files_of(glcm.count_pairs, kept, "nbc")]
    assert {path.suffix for path in damaged} == {".nbi", ".nbc"}
    for path in damaged:
        path.write_bytes(path.read_bytes()[:50])
    assert run(GLCM, NUMBA_CACHE_DIR=str(tmp_path)) == good
    assert {path.suffix for path in damaged if path.stat().st_size > 50} == {".nbi", ".nbc"}, "kept again"
