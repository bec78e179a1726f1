"""The brain and the real slices are what the files say."""

import subprocess
import sys

import nibabel
import numpy as np
import pytest

import rgteach as rg
from rgteach.cohorts import anatomy, slices


def test_brain__has_three_maps_on_one_grid_of_small_floats():
    brain = rg.cohorts.brain()
    assert brain.t1.shape == brain.gm.shape == brain.wm.shape == brain.shape
    assert brain.t1.dtype == brain.gm.dtype == brain.wm.dtype == np.float32
    assert brain.gm.min() >= 0
    assert (brain.gm + brain.wm).max() <= 1.02
    assert brain.spacing_mm == (1.0, 1.0, 1.0)


def test_brain__affine_leads_back_to_the_voxel_of_the_file():
    brain = rg.cohorts.brain()
    file = nibabel.load(anatomy.data_folder() / anatomy.FILES["t1"])
    stored = np.asarray(file.dataobj)
    for voxel in ((60, 80, 40), (100, 50, 110), (30, 120, 70)):
        x, y, z = np.rint(np.linalg.inv(file.affine) @ [*brain.to_mni(voxel), 1])[:3].astype(int)
        assert brain.t1[voxel] == stored[x, y, z]


def test_brain__runs_to_the_head_the_back_and_the_left():
    brain = rg.cohorts.brain()
    x, y, z = brain.to_mni((10, 10, 10))
    assert brain.to_mni((11, 10, 10)) == (x, y, z + 1)
    assert brain.to_mni((10, 11, 10)) == (x, y - 1, z)
    assert brain.to_mni((10, 10, 11)) == (x - 1, y, z)


def test_brain__does_not_import_nilearn():
    code = "import rgteach as rg, sys; rg.cohorts.glioma(1).crop.image(); assert 'nilearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_brain__without_nilearn_says_what_to_install(monkeypatch):
    monkeypatch.setattr(anatomy, "find_spec", lambda name: None)
    with pytest.raises(rg.LearnerError, match="pip install nilearn") as trouble:
        anatomy.data_folder()
    assert trouble.value.key == "nilearn-missing"


def test_brain__without_its_file_says_which(monkeypatch, tmp_path):
    monkeypatch.setattr(anatomy, "data_folder", lambda: tmp_path)
    with pytest.raises(rg.LearnerError, match="mni_icbm152_t1") as trouble:
        anatomy.brain.__wrapped__()
    assert trouble.value.key == "brain-file-missing"


def test_brain__with_a_truncated_file_says_so(monkeypatch, tmp_path):
    whole = (anatomy.data_folder() / anatomy.FILES["t1"]).read_bytes()
    (tmp_path / anatomy.FILES["t1"]).write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr(anatomy, "data_folder", lambda: tmp_path)
    with pytest.raises(rg.LearnerError) as trouble:
        anatomy.brain.__wrapped__()
    assert trouble.value.key == "brain-file-broken"


def test_ct_small__is_in_hounsfield_units():
    scan = rg.cohorts.ct_small()
    assert (scan.modality, scan.unit, scan.image.shape) == ("CT", "HU", (1, 128, 128))
    assert scan.spacing_mm == (5.0, 0.661468, 0.661468)
    from pydicom import dcmread

    stored = dcmread(scan.path).pixel_array
    assert np.array_equal(scan.image[0], stored.astype(int) - 1024)
    assert scan.image.min() < -800  # lung
    assert scan.image.max() > 300  # bone


def test_mr_small__has_its_own_spacing():
    scan = rg.cohorts.mr_small()
    assert (scan.modality, scan.unit, scan.image.shape) == ("MR", "a.u.", (1, 64, 64))
    assert scan.spacing_mm == (0.8, 0.3125, 0.3125)


def test_real_slices__need_no_network(monkeypatch):
    import socket

    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("asked the network"))
    for read in (slices.ct_small.__wrapped__, slices.mr_small.__wrapped__):
        assert read().image.any()


def test_real_slices__missing_file_says_what_to_install(monkeypatch):
    monkeypatch.setattr("pydicom.data.get_testdata_file", lambda *a, **k: None)
    with pytest.raises(rg.LearnerError) as trouble:
        slices.ct_small.__wrapped__()
    assert trouble.value.key == "pydicom-file-missing"


def test_shared_arrays__cannot_be_changed_by_accident():
    brain = rg.cohorts.brain()
    for array in (brain.t1, brain.gm, brain.wm, brain.mask, rg.cohorts.ct_small().image):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0, 0] = 0


@pytest.mark.parametrize("make", [rg.cohorts.brain, rg.cohorts.ct_small, rg.cohorts.mr_small])
def test_cards__say_size_and_spacing(make):
    thing = make()
    assert " mm" in repr(thing)
    assert thing._repr_html_().count("<img alt=") == 1
