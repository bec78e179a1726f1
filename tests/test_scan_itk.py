"""NRRD and MetaImage through SimpleITK, and what is said where it is not installed."""

import builtins

import numpy as np
import pytest
from scan_files import noise

from rgteach.errors import LearnerError
from rgteach.image.opening import open_scan

sitk = pytest.importorskip("SimpleITK")
BOX = (slice(1, 5), slice(2, 7), slice(3, 9))


def save(path, array, compressed=False):
    image = sitk.GetImageFromArray(array)
    image.SetSpacing((0.5, 0.75, 2.0))
    image.SetOrigin((-12.5, 40.0, 7.0))
    image.SetDirection((0, -1, 0, 1, 0, 0, 0, 0, 1))
    sitk.WriteImage(image, path, compressed)
    return path


def refused(path, key):
    with pytest.raises(LearnerError) as error:
        open_scan(path).read()
    assert error.value.key == key, error.value
    return str(error.value)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("name", ["a.nrrd", "a.nhdr", "a.mha", "a.mhd"])
def test_read__a_box_is_what_simpleitk_reads_there(tmp_path, name, compressed):
    scan = open_scan(save(tmp_path / name, noise(), compressed))
    assert np.array_equal(scan.read(BOX), noise()[BOX])
    assert np.array_equal(scan.read(), noise())
    assert scan.grid.spacing_mm == (2.0, 0.75, 0.5)
    assert scan.grid.origin_mm == (-12.5, 40.0, 7.0)
    assert scan.grid.orientation == "PRS"


def test_open__a_header_with_its_voxels_beside_it_hashes_both(tmp_path):
    assert len(open_scan(save(tmp_path / "a.mhd", noise())).files) == 2
    assert len(open_scan(save(tmp_path / "a.nhdr", noise())).files) == 2
    assert len(open_scan(save(tmp_path / "a.nrrd", noise())).files) == 1


def test_open__a_flat_image_is_one_slice(tmp_path):
    sitk.WriteImage(sitk.GetImageFromArray(noise()[0]), tmp_path / "a.mha")
    assert open_scan(tmp_path / "a.mha").read().shape == (1, 8, 10)


def test_open__four_axes_and_colours_are_refused(tmp_path):
    sitk.WriteImage(
        sitk.GetImageFromArray(np.zeros((3, 4, 5, 6), np.int16), isVector=False), tmp_path / "a.nrrd"
    )
    refused(tmp_path / "a.nrrd", "scan-not-3d")
    sitk.WriteImage(
        sitk.GetImageFromArray(np.zeros((4, 5, 6, 3), np.uint8), isVector=True), tmp_path / "b.nrrd"
    )
    refused(tmp_path / "b.nrrd", "scan-is-colour")


def test_open__damaged_and_cut_files_are_refused(tmp_path):
    (tmp_path / "a.nrrd").write_bytes(b"NRRD0004\nhello")
    refused(tmp_path / "a.nrrd", "scan-damaged")
    path = save(tmp_path / "b.nrrd", noise(), compressed=True)
    path.write_bytes(path.read_bytes()[:-300])
    refused(path, "scan-damaged")


def test_open__without_simpleitk_says_how_to_install_it(tmp_path, monkeypatch):
    path = save(tmp_path / "a.nrrd", noise())
    real = builtins.__import__

    def without(name, *args, **more):
        if name == "SimpleITK":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert 'pip install "rgteach[itk]"' in refused(path, "scan-needs-itk")
