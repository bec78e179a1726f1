"""NIfTI files as they come: scaled, packed, cut short, of other shapes, and of other kinds altogether."""

import gzip
import os
import subprocess
import sys
import warnings

import nibabel as nib
import numpy as np
import pytest
from scan_files import LPS, ball, noise, save_nifti

from rgteach.errors import LearnerError, LearnerWarning
from rgteach.image.masks import read_region
from rgteach.image.opening import open_scan

BOX = (slice(1, 5), slice(2, 7), slice(3, 9))


def refused(path, key: str) -> LearnerError:
    with pytest.raises(LearnerError) as error:
        open_scan(path).read()
    assert error.value.key == key, error.value
    return error.value


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64", ">i2", ">f4"])
def test_read__a_box_is_what_nibabel_reads_there(tmp_path, suffix, dtype):
    path = save_nifti(tmp_path / f"a{suffix}", noise(high=200, dtype=dtype))
    read = open_scan(path).read(BOX)
    whole = np.asarray(nib.load(path).dataobj).transpose(2, 1, 0)
    assert np.array_equal(read, whole[BOX])
    assert read.dtype == np.dtype(dtype).newbyteorder("=")


def test_read__without_a_box_is_the_whole_scan(tmp_path):
    array = noise()
    assert np.array_equal(open_scan(save_nifti(tmp_path / "a.nii.gz", array)).read(), array)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_read__slope_and_intercept_are_applied_as_nibabel_applies_them(tmp_path, suffix):
    path = save_nifti(tmp_path / f"a{suffix}", noise(), slope=0.0391, inter=1281.87)
    scan = open_scan(path)
    expected = nib.load(path).get_fdata().transpose(2, 1, 0)[BOX]
    assert np.array_equal(scan.read(BOX), expected)
    assert (scan.slope, scan.intercept) == pytest.approx((0.0391, 1281.87))


@pytest.mark.parametrize(
    ("slope", "inter", "dtype"), [(1, -1024, np.int16), (1, 40000, np.int32), (2, 0, np.int16)]
)
def test_read__whole_numbers_stay_whole_in_the_smallest_type_that_holds_them(tmp_path, slope, inter, dtype):
    array = noise(low=0, high=2000)
    read = open_scan(save_nifti(tmp_path / "a.nii", array, slope=slope, inter=inter)).read()
    assert read.dtype == dtype
    assert np.array_equal(read, array.astype(int) * slope + inter)


def test_read__a_slope_of_zero_means_none_as_the_format_says(tmp_path):
    array = noise()
    assert np.array_equal(open_scan(save_nifti(tmp_path / "a.nii", array, slope=0, inter=5)).read(), array)


def test_grid__micrometres_in_the_header_become_millimetres(tmp_path):
    image = nib.Nifti1Image(noise().transpose(2, 1, 0), np.diag([500.0, 500, 2000, 1]))
    image.header.set_xyzt_units("micron")
    nib.save(image, tmp_path / "a.nii")
    assert open_scan(tmp_path / "a.nii").grid.spacing_mm == (2.0, 0.5, 0.5)


def test_open__accepts_one_volume_with_a_fourth_axis_and_a_flat_slice(tmp_path):
    nib.save(nib.Nifti1Image(np.zeros((4, 5, 6, 1), np.int16), LPS), tmp_path / "four.nii")
    nib.save(nib.Nifti1Image(np.zeros((4, 5), np.int16), LPS), tmp_path / "two.nii")
    assert open_scan(tmp_path / "four.nii").grid.shape == (6, 5, 4)
    assert open_scan(tmp_path / "two.nii").read().shape == (1, 5, 4)


def test_open__reads_a_pair_and_hashes_both_files(tmp_path):
    nib.save(nib.Nifti1Pair(noise().transpose(2, 1, 0), LPS), tmp_path / "a.img")
    scan = open_scan(tmp_path / "a.hdr")
    assert [file.suffix for file in scan.files] == [".hdr", ".img"]
    assert np.array_equal(scan.read(), noise())


def test_open__a_scan_without_its_suffix_is_told_which_one(tmp_path):
    save_nifti(tmp_path / "a.nii", noise()).rename(tmp_path / "scan.dat")
    assert "scan.dat.nii" in str(refused(tmp_path / "scan.dat", "scan-no-suffix"))


def test_open__warns_where_the_header_holds_two_positions(tmp_path):
    image = nib.Nifti1Image(noise().transpose(2, 1, 0), LPS)
    image.set_sform(LPS, 1)
    moved = LPS.copy()
    moved[0, 3] = 7
    image.set_qform(moved, 1)
    nib.save(image, tmp_path / "a.nii")
    with pytest.warns(LearnerWarning, match="7.00 voxels"):
        open_scan(tmp_path / "a.nii")


def test_open__a_plain_header_warns_of_nothing(tmp_path):
    path = save_nifti(tmp_path / "a.nii", noise())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        open_scan(path).read()


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize("keep", [0.9, 0.5])
def test_open__a_file_cut_short_is_refused_before_anything_is_read(tmp_path, suffix, keep):
    path = save_nifti(tmp_path / f"a{suffix}", noise((20, 30, 40)))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(LearnerError) as error:
        open_scan(path)
    assert error.value.key == "scan-truncated"
    assert f"of {352 + 2 * 20 * 30 * 40} bytes" in str(error.value)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_open__a_file_cut_inside_its_header_is_refused(tmp_path, suffix):
    path = save_nifti(tmp_path / f"a{suffix}", noise())
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(LearnerError):
        open_scan(path)


def test_open__two_gzip_members_and_padding_are_no_damage(tmp_path):
    path = save_nifti(tmp_path / "a.nii", noise())
    data = path.read_bytes()
    packed = tmp_path / "b.nii.gz"
    packed.write_bytes(gzip.compress(data[:500]) + gzip.compress(data[500:] + bytes(64)))
    assert np.array_equal(open_scan(packed).read(), noise())


def test_read__a_damaged_gzip_block_is_told(tmp_path):
    path = save_nifti(tmp_path / "a.nii.gz", noise((20, 30, 40)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    path.write_bytes(data)
    with pytest.raises(LearnerError) as error:
        open_scan(path).read()
    assert error.value.key in ("scan-damaged", "scan-cut-stream")


def test_open__four_axes_are_refused_with_their_sizes(tmp_path):
    nib.save(nib.Nifti1Image(np.zeros((4, 5, 6, 7), np.int16), LPS), tmp_path / "a.nii.gz")
    assert "4 × 5 × 6 × 7" in str(refused(tmp_path / "a.nii.gz", "scan-not-3d"))


def test_open__colours_are_refused(tmp_path):
    rgb = np.zeros((4, 5, 6), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    nib.save(nib.Nifti1Image(rgb, LPS), tmp_path / "a.nii")
    refused(tmp_path / "a.nii", "scan-is-colour")


def test_open__complex_numbers_are_refused(tmp_path):
    nib.save(nib.Nifti1Image(np.zeros((4, 5, 6), np.complex64), LPS), tmp_path / "a.nii")
    refused(tmp_path / "a.nii", "scan-is-colour")


def test_open__a_missing_file_names_its_neighbours(tmp_path):
    save_nifti(tmp_path / "flair.nii.gz", noise())
    assert "flair.nii.gz" in str(refused(tmp_path / "flare.nii.gz", "scan-missing-near"))


def test_open__a_missing_folder_is_told_apart_from_a_missing_file(tmp_path):
    assert str(tmp_path / "no") in str(refused(tmp_path / "no/flair.nii.gz", "scan-missing-folder"))
    refused(tmp_path / "flair.nii.gz", "scan-missing")


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("empty.nii.gz", b"", "scan-empty-file"),
        ("empty", b"", "scan-empty-file"),
        ("text.nii", b"not a scan at all" * 40, "scan-not-nifti"),
        ("page.nii.gz", b"<!doctype html>" * 40, "scan-not-nifti"),
        ("plain.nii.gz", (348).to_bytes(4, "little") + bytes(400), "scan-wrong-suffix"),
        ("plain-2.nii.gz", (540).to_bytes(4, "big") + bytes(600), "scan-wrong-suffix"),
        ("header.nii", (348).to_bytes(4, "little") + bytes(400), "scan-damaged"),
        ("packed.nii", gzip.compress(bytes(400), mtime=0), "scan-wrong-suffix"),
        ("notes.txt", b"hello", "scan-unknown-format"),
        ("slice.png", b"\x89PNG", "scan-is-picture"),
        ("array.npy", b"\x93NUMPY", "scan-is-array"),
    ],
)
def test_open__what_is_not_a_scan_is_refused_by_what_it_is(tmp_path, name, content, key):
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, key)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may read everything")
def test_open__a_file_that_may_not_be_read_says_so(tmp_path):
    path = save_nifti(tmp_path / "a.nii", noise())
    path.chmod(0)
    refused(path, "scan-not-allowed")


def test_open__a_refusal_of_the_system_is_a_sentence(tmp_path, monkeypatch):
    path = save_nifti(tmp_path / "a.nii", noise())

    def refuse(*_args, **_more):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(nib, "load", refuse)
    assert str(path) in str(refused(path, "scan-not-allowed"))


def test_sha256__is_that_of_the_file(tmp_path):
    import hashlib

    path = save_nifti(tmp_path / "a.nii.gz", noise())
    assert open_scan(path).sha256() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_ucsf_layout__scaled_scans_and_masks_are_read_as_nibabel_reads_them(tmp_path, shared_data):
    maker = shared_data / "layouts/make_synthetic_layout.py"
    if not maker.is_file():
        pytest.skip("no layouts in the reference data")
    subprocess.run([sys.executable, maker, tmp_path, "24", "24", "16"], check=True)
    case = tmp_path / "UCSF-PDGM/UCSF-PDGM-v5/UCSF-PDGM-0004_nifti"
    flair = open_scan(case / "UCSF-PDGM-0004_FLAIR.nii.gz")
    expected = nib.load(case / "UCSF-PDGM-0004_FLAIR.nii.gz").get_fdata().transpose(2, 1, 0)
    assert np.array_equal(flair.read(), expected)
    assert flair.grid.orientation == "LPS"
    tumour = read_region(open_scan(case / "UCSF-PDGM-0004_tumor_segmentation.nii.gz"), 4)
    assert sorted(tumour.labels) == [1, 2, 4]
    brain = read_region(open_scan(case / "UCSF-PDGM-0004_brain_segmentation.nii.gz"), 1)
    assert brain.labels[1] == brain.inside.sum() > 1000


def test_region__a_mask_that_scales_to_almost_one_is_one(tmp_path):
    stored = ball().astype(np.int16) * 32767
    path = save_nifti(tmp_path / "m.nii.gz", stored, slope=0.9999999998 / 32767)
    region = read_region(open_scan(path), 1)
    assert region.rounded
    assert region.labels == {1: int(ball().sum())}
    assert np.array_equal(region.inside, ball()[region.box] == 1)
