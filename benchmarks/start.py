"""Cold starts and peak memory, each in a process of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMPORT = """
import time; begun = time.perf_counter()
import rgteach
print(time.perf_counter() - begun)
"""
FIRST_GLCM = """
import time; begun = time.perf_counter()
import rgteach as rg
levels = [[[1, 2, 1, 3], [2, 2, 1, 1]], [[3, 1, 2, 2], [1, 3, 3, 1]]]
rg.glcm(levels)
glcm = time.perf_counter() - begun
rg.features(levels)
print(glcm, time.perf_counter() - begun)
"""
MEMORY = """
import sys, warnings
from pathlib import Path
import numpy as np
import rgteach as rg

def high_water():
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return [int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]

folder, which = Path(sys.argv[1]), sys.argv[2]
rg.extract(folder / "small.nii", folder / "small_mask.nii")  # everything imported and compiled
if which == "array":
    import nibabel
    image, mask = (np.array(nibabel.load(folder / f"{name}.nii").dataobj).T for name in ("scan", "mask"))
    inputs = np.ascontiguousarray(image), np.ascontiguousarray(mask)
    del image, mask
else:
    inputs = folder / f"scan{which}", folder / f"mask{which}"
Path("/proc/self/clear_refs").write_text("5")  # forget the high water so far
before = high_water()[0]
rg.extract(*inputs)
print(high_water()[1] - before)
"""


def clean_environment(folder: Path, **extra: str) -> dict[str, str]:
    """One thread, bytecode and kernels kept in a folder of this run."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "NUMBA_CACHE_DIR")}
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    caches = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "NUMBA_CACHE_DIR": str(folder / "kernels")}
    return kept | one | caches | {"PYTHONPATH": paths} | extra


def run(code: str, env: dict[str, str], *args: str) -> list[float]:
    """The numbers that a piece of code prints in a fresh process."""
    command = [sys.executable, "-c", code, *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [float(number) for number in done.stdout.split()]


def starts(repeats: int = 7) -> dict[str, float]:
    """Median seconds: import, first GLCM with kept kernels, and with none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = clean_environment(folder)
        run(FIRST_GLCM, env)  # writes bytecode and kernels
        imports = [run(IMPORT, env)[0] for _ in range(repeats)]
        warm = [run(FIRST_GLCM, env) for _ in range(repeats)]
        cold = [run(FIRST_GLCM, env | {"NUMBA_CACHE_DIR": str(folder / f"none{k}")}) for k in range(3)]
    return {
        "import rgteach": statistics.median(imports),
        "first GLCM, kernels kept": statistics.median(t[0] for t in warm),
        "… and all its features": statistics.median(t[1] for t in warm),
        "first GLCM, nothing kept": statistics.median(t[0] for t in cold),
        "… and all its features, nothing kept": statistics.median(t[1] for t in cold),
    }


def peaks() -> dict[str, float]:
    """Extra memory in MB while a 240 x 240 x 155 case is extracted (Linux only)."""
    if not Path("/proc/self/clear_refs").exists():
        return {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scan_mb = _write_case(folder)
        env = clean_environment(folder)
        kinds = {"array": "arrays already in memory", ".nii": "NIfTI file", ".nii.gz": "gzipped NIfTI file"}
        found = {"the scan itself": scan_mb}
        for kind, words in kinds.items():
            found[f"extract, {words}"] = run(MEMORY, env, str(folder), kind)[0]
    return found


def _write_case(folder: Path) -> float:
    import nibabel
    import numpy as np

    from benchmarks.shapes import ellipsoid

    def save(array, file):
        nibabel.save(nibabel.Nifti1Image(array.T, np.eye(4)), folder / file)

    small, tumour = ellipsoid(16), ellipsoid(96)
    save(small.whole, "small.nii")
    save(small.mask, "small_mask.nii")
    scan = np.random.default_rng(0).integers(0, 1000, (155, 240, 240)).astype(np.int16)
    mask = np.zeros(scan.shape, np.uint8)
    box = (slice(30, 126), slice(60, 156), slice(70, 166))
    scan[box], mask[box] = tumour.whole, tumour.mask
    for suffix in (".nii", ".nii.gz"):
        save(scan, f"scan{suffix}")
        save(mask, f"mask{suffix}")
    return scan.nbytes / 2**20
