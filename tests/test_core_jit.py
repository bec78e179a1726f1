"""The compiler's door: a kept kernel is never older than the kernels it calls."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import rgteach

PACKAGE = Path(rgteach.__file__).parent
CALLER = """
from rgteach.core.callee import step
from rgteach.core.jit import kernel


@kernel
def walk(n):
    total = 0
    for _ in range(n):
        total += step()
    return total
"""
CALLEE = """
from rgteach.core.jit import kernel


@kernel
def step():
    return {length}
"""


def test_cache__follows_a_called_kernel_in_another_file_and_mends_what_is_damaged(tmp_path):
    core = tmp_path / "rgteach" / "core"
    core.mkdir(parents=True)
    shutil.copy(PACKAGE / "__init__.py", core.parent)
    for name in ("__init__", "jit", "fingerprint"):
        shutil.copy(PACKAGE / "core" / f"{name}.py", core)
    (core / "caller.py").write_text(CALLER)
    env = os.environ | {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    program = "from rgteach.core.caller import walk; print(walk(10), sum(walk.stats.cache_hits.values()))"

    def walked(length: int) -> str:
        (core / "callee.py").write_text(CALLEE.format(length=length))
        return subprocess.check_output([sys.executable, "-c", program], env=env, cwd=tmp_path, text=True)

    assert walked(1).split() == ["10", "0"]
    assert walked(1).split() == ["10", "1"], "an unchanged core is fetched from the disk"
    for path in (tmp_path / "kept").rglob("*.nbi"):
        path.write_bytes(b"damaged")
    assert walked(1).split() == ["10", "0"], "what cannot be read is compiled anew"
    assert walked(1).split() == ["10", "1"], "and kept again"
    assert walked(2).split() == ["20", "0"], "a changed one is compiled anew"
