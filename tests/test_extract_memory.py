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
cases = [(f"{sys.argv[1]}/flair{suffix}", f"{sys.argv[1]}/seg{suffix}", label)
         for suffix in (".nii", ".nii.gz") for label in (2, 1)]
rg.extract(*cases[2][:2], label=2)  # imports, and compiles what is left
for image, mask, label in cases:
    tracemalloc.start()
    row = rg.extract(image, mask, label=label)
    print(row["n_voxels"], tracemalloc.get_traced_memory()[1] / 2**20)
    del row
    tracemalloc.stop()
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


@pytest.fixture(scope="module")
def measured(large_case):
    """Voxels and peak (MB) of each case; one Python measures them in turn."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, large_case], capture_output=True, text=True, check=True
    )
    lines = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    return dict(zip([(".nii", 2), (".nii", 1), (".nii.gz", 2), (".nii.gz", 1)], lines, strict=True))


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize(("label", "n_voxels", "most_mb"), [(2, 91_000, 30), (1, 2_080_000, 4 * SCAN_MB)])
def test_extract__needs_the_memory_of_its_region(measured, suffix, label, n_voxels, most_mb):
    """A lesion: under 30 MB.  A scaled whole brain: less than one float64 copy of the scan (68 MB)."""
    found, peak_mb = measured[suffix, label]
    assert found == pytest.approx(n_voxels, rel=0.05)
    assert peak_mb < most_mb
