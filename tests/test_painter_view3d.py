"""The view in three dimensions is handed files that lie where the image lies, and is missed in words."""

import gzip
import sys
from types import SimpleNamespace

import nibabel as nib
import numpy as np
import pytest
from scan_files import noise, save_nifti

import rgteach as rg
from rgteach.demos.painter.view3d import view3d, volumes

AFFINE = np.array([[0, 0, -3.0, 40], [-0.9, 0.2, 0, 12], [0.2, 0.9, 0, -7], [0, 0, 0, 1]])  # sagittal


@pytest.fixture
def painter(tmp_path):
    image = save_nifti(tmp_path / "image.nii", noise(), AFFINE)
    return rg.paint(image, mask={"a": noise() > 700, "b": noise() < 50})


def opened(volume):
    return nib.Nifti1Image.from_bytes(gzip.decompress(volume["data"]))


def test_volumes__lie_where_the_image_lies(painter):
    image, a, b = volumes(painter)
    for volume in (image, a, b):
        assert np.allclose(opened(volume).affine, AFFINE, atol=1e-5)
    assert np.array_equal(np.asarray(opened(image).dataobj), noise().transpose(2, 1, 0))
    assert np.array_equal(np.asarray(opened(a).dataobj), (noise() > 700).transpose(2, 1, 0))
    assert (image["cal_min"], image["cal_max"]) == tuple(painter.window)
    assert a["colormap"] != b["colormap"]


def test_volumes__leave_out_what_is_not_painted_and_hold_no_nan():
    image = noise().astype(float)
    image[0] = np.nan
    (alone,) = volumes(rg.paint(image))
    assert np.isfinite(np.asarray(opened(alone).dataobj)).all()
    assert opened(alone).get_data_dtype() == np.float32


def test_without_ipyniivue__it_is_missed_in_words(painter, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipyniivue", None)
    with pytest.raises(rg.LearnerError, match=r"rgteach\[view3d\]") as trouble:
        painter.view3d()
    assert trouble.value.key == "painter-no-niivue"


def test_viewer__shows_the_right_on_the_left_and_only_where_somebody_looks(painter, monkeypatch):
    made = []

    class NiiVue:
        def __init__(self, **options):
            made.append(options)

        def load_volumes(self, shown):
            self.volumes = shown

    kinds = SimpleNamespace(MULTIPLANAR="multiplanar"), SimpleNamespace(ALWAYS="always")
    fake = SimpleNamespace(NiiVue=NiiVue, SliceType=kinds[0], ShowRender=kinds[1])
    monkeypatch.setitem(sys.modules, "ipyniivue", fake)
    assert "<img" in view3d(painter).html  # a script gets the picture
    assert made == []
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    assert len(view3d(painter).volumes) == 3
    assert made[0]["is_radiological_convention"] is True
