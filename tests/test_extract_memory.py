"""A lesion of a large scan costs the memory of the lesion, not of the scan."""

import subprocess
import sys

import numpy as np
import pytest
from scan_files import LPS, save_nifti

SHAPE = (155, 240, 240)
SCAN_MB = 155 * 240 * 240 * 2 / 2**20
PROGRAM = """
import sys, tracemalloc
import numpy as np
import rgteach as rg
rg.extract(np.arange(60).reshape(3, 4, 5) % 7, np.ones((3, 4, 5)))
rg.extract(*sys.argv[1:3], label=int(sys.argv[3]))  # imports, and compiles what is left
tracemalloc.start()
row = rg.extract(*sys.argv[1:3], label=int(sys.argv[3]))
print(row["n_voxels"], tracemalloc.get_traced_memory()[1] / 2**20)
"""


@pytest.fixture(scope="module")
def large_case(tmp_path_factory):
    """A scaled int16 scan with the size of UCSF-PDGM's, and a mask with a lesion and the whole brain."""
    folder = tmp_path_factory.mktemp("large")
    rng = np.random.default_rng(1)
    z, y, x = np.ogrid[:155, :240, :240]
    brain = ((z - 77) / 65) ** 2 + ((y - 120) / 100) ** 2 + ((x - 120) / 80) ** 2 <= 1
    lesion = ((z - 90) / 28) ** 2 + ((y - 140) / 28) ** 2 + ((x - 150) / 28) ** 2 <= 1
    mask = brain.astype(np.uint8)
    mask[lesion] = 2
    image = np.where(brain, rng.integers(200, 2000, SHAPE, dtype=np.int16), np.int16(0))
    for suffix in (".nii", ".nii.gz"):
        save_nifti(folder / f"flair{suffix}", image, LPS, slope=0.0391, inter=128.5)
        save_nifti(folder / f"seg{suffix}", mask, LPS)
    return folder


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize(("label", "n_voxels", "most_mb"), [(2, 91_000, 30), (1, 2_080_000, 4 * SCAN_MB)])
def test_extract__needs_the_memory_of_its_region(large_case, suffix, label, n_voxels, most_mb):
    """A lesion: under 30 MB.  A scaled whole brain: less than one float64 copy of the scan (68 MB)."""
    paths = [str(large_case / f"{name}{suffix}") for name in ("flair", "seg")]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *paths, str(label)], capture_output=True, text=True, check=True
    )
    found, peak_mb = map(float, done.stdout.split())
    assert found == pytest.approx(n_voxels, rel=0.05)
    assert peak_mb < most_mb
