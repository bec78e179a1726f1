"""DICOM: order by place, units by slope and intercept, and everything that is not one regular stack."""

import shutil

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from scan_files import noise, save_enhanced, save_series, save_slice

from rgteach.errors import LearnerError, LearnerWarning
from rgteach.image.opening import open_scan

SHAPE = (5, 6, 7)


def refused(path, key: str, **more) -> str:
    with pytest.raises(LearnerError) as error:
        open_scan(path, **more).read()
    assert error.value.key == key, error.value
    return str(error.value)


def test_series__is_ordered_by_place_not_by_name(tmp_path):
    array = noise(SHAPE)
    scan = open_scan(save_series(tmp_path / "s", array))
    assert np.array_equal(scan.read(), array.astype(int) - 1024)
    assert [file.name for file in scan.files] == [f"IM{n:03d}.dcm" for n in (5, 4, 3, 2, 1)]


def test_series__a_box_reads_only_its_slices(tmp_path):
    array = noise(SHAPE)
    folder = save_series(tmp_path / "s", array)
    scan = open_scan(folder)
    (folder / "IM005.dcm").unlink()  # the first slice, outside the box
    box = (slice(2, 4), slice(1, 5), slice(0, 3))
    assert np.array_equal(scan.read(box), array[box].astype(int) - 1024)


def test_series__geometry_agrees_with_simpleitk(tmp_path):
    sitk = pytest.importorskip("SimpleITK")
    scan = open_scan(save_series(tmp_path / "s", noise(SHAPE)))
    image = sitk.ReadImage([str(file) for file in scan.files])
    assert image.GetSize() == scan.grid.shape[::-1]
    assert np.allclose(image.GetSpacing()[::-1], scan.grid.spacing_mm)
    assert np.allclose(image.GetOrigin(), scan.grid.origin_mm)
    assert np.array_equal(sitk.GetArrayFromImage(image), scan.read())


def test_real_series__of_pydicom_agrees_with_simpleitk():
    sitk = pytest.importorskip("SimpleITK")
    folder = get_testdata_file("dicomdirtests/98892001/CT5N/2062")
    scan = open_scan(folder.rsplit("2062", 1)[0])
    image = sitk.ReadImage([str(file) for file in scan.files])
    assert np.allclose(image.GetSpacing()[::-1], scan.grid.spacing_mm)
    assert np.allclose(image.GetOrigin(), scan.grid.origin_mm)
    assert np.array_equal(sitk.GetArrayFromImage(image), scan.read())


def test_ct_small__is_in_hounsfield_units():
    data = pydicom.dcmread(get_testdata_file("CT_small.dcm"))
    scan = open_scan(get_testdata_file("CT_small.dcm"))
    assert np.array_equal(scan.read()[0], data.pixel_array.astype(int) - 1024)
    assert (scan.slope, scan.intercept) == (1, -1024)
    assert scan.grid.spacing_mm == pytest.approx((5, 0.661468, 0.661468))
    assert scan.read().dtype == np.int16


@pytest.mark.parametrize(
    "name",
    [
        "MR_small.dcm",
        "MR_small_bigendian.dcm",
        "MR_small_implicit.dcm",
        "MR_small_RLE.dcm",
        "MR_small_padded.dcm",
    ],
)
def test_real_files__give_the_same_voxels_in_every_transfer_syntax(name):
    first = open_scan(get_testdata_file("MR_small.dcm"))
    other = open_scan(get_testdata_file(name))
    assert np.array_equal(other.read(), first.read())
    assert other.read().dtype == np.int16
    assert other.grid.spacing_mm == first.grid.spacing_mm


def test_series__slopes_that_differ_are_applied_slice_by_slice(tmp_path):
    array = noise(SHAPE)
    for z, plane in enumerate(array):
        save_slice(tmp_path / f"{z}.dcm", plane, z * 2.0, RescaleSlope=1 + z / 4, RescaleIntercept=z)
    scan = open_scan(tmp_path)
    slopes = (1 + np.arange(5) / 4).reshape(5, 1, 1)
    assert np.allclose(scan.read(), array * slopes + np.arange(5).reshape(5, 1, 1))
    assert np.array_equal(np.stack(list(scan.planes())), scan.read())
    assert np.isnan(scan.slope)


def test_enhanced__frames_are_ordered_and_scaled_by_their_groups(tmp_path):
    array = noise(SHAPE)
    scan = open_scan(save_enhanced(tmp_path / "e.dcm", array))
    assert np.array_equal(scan.read(), array.astype(int) * 2 - 1000)
    assert scan.grid.spacing_mm == (2.0, 0.5, 0.75)
    box = (slice(1, 3), slice(0, 6), slice(2, 5))
    assert np.array_equal(scan.read(box), array[box].astype(int) * 2 - 1000)
    assert len(scan.files) == 1


def test_folder__two_series_are_listed_and_one_can_be_chosen(tmp_path):
    first, second = noise(SHAPE, seed=1), noise(SHAPE, seed=2)
    save_series(tmp_path / "a", first, series="1.2.3", number=2)
    save_series(tmp_path / "b", second, series="1.2.4", number=7, SeriesDescription="lung thin")
    told = refused(tmp_path, "scan-several-series")
    assert "2: CT, series 2, 5 slices of 6 × 7" in told
    assert "7: CT, lung thin, 5 slices" in told
    for wanted in ("7", "1.2.4", "LUNG"):
        assert np.array_equal(open_scan(tmp_path, series=wanted).read(), second.astype(int) - 1024)
    assert "lung thin" in refused(tmp_path, "scan-no-such-series", series="9")


def test_folder__other_files_and_objects_beside_the_slices_are_left_out(tmp_path):
    array = noise(SHAPE)
    save_series(tmp_path, array)
    (tmp_path / "notes.txt").write_text("hello")
    shutil.copy(get_testdata_file("reportsi.dcm"), tmp_path)
    assert open_scan(tmp_path).grid.shape == SHAPE


def test_folder__a_missing_slice_is_counted_and_placed(tmp_path):
    save_series(tmp_path, noise(SHAPE))
    (tmp_path / "IM003.dcm").unlink()
    assert "lacks 1 of its slices" in refused(tmp_path, "scan-missing-slices")


def test_folder__copied_files_are_used_once(tmp_path):
    save_series(tmp_path, noise(SHAPE))
    shutil.copy(tmp_path / "IM003.dcm", tmp_path / "IM003 (1).dcm")
    with pytest.warns(LearnerWarning, match=r"copies of other files \(1,"):
        assert open_scan(tmp_path).grid.shape == SHAPE


def test_folder__several_volumes_at_the_same_places_are_refused(tmp_path):
    save_series(tmp_path / "a", noise(SHAPE))
    save_series(tmp_path / "b", noise(SHAPE, seed=2))
    assert "10 slices at only 5 places, 2 each" in refused(tmp_path, "scan-several-volumes")


def test_folder__one_slice_seen_twice_is_refused(tmp_path):
    for n in range(2):
        save_slice(tmp_path / f"{n}.dcm", noise(SHAPE)[0], 0.0)
    refused(tmp_path, "scan-all-at-one-place")


def test_folder__uneven_slices_are_refused_with_their_spacings(tmp_path):
    for z, height in enumerate((0, 2, 4, 6.7, 9)):
        save_slice(tmp_path / f"{z}.dcm", noise(SHAPE)[z], height)
    assert "from 2 to 2.7 mm" in refused(tmp_path, "scan-irregular")


def test_folder__rounding_in_positions_is_no_gap(tmp_path):
    for z in range(5):
        save_slice(tmp_path / f"{z}.dcm", noise(SHAPE)[z], round(z * 10 / 3, 2))
    assert open_scan(tmp_path).grid.spacing_mm[0] == pytest.approx(10 / 3, abs=0.01)


def test_folder__a_tilted_gantry_is_refused_with_its_angle(tmp_path):
    for z in range(5):
        place = [-10, -20 + z * 2 * float(np.tan(np.radians(15))), z * 2]
        save_slice(tmp_path / f"{z}.dcm", noise(SHAPE)[z], 0, ImagePositionPatient=place)
    assert "15.0 degrees" in refused(tmp_path, "scan-tilted")


def test_folder__a_localiser_in_the_series_is_refused(tmp_path):
    save_series(tmp_path, noise(SHAPE))
    save_slice(tmp_path / "scout.dcm", noise(SHAPE)[0], 50, ImageOrientationPatient=[0, 1, 0, 0, 0, -1])
    assert "2 kinds of slices" in refused(tmp_path, "scan-mixed-series")


def test_folder__slices_without_a_position_are_refused(tmp_path):
    for z in range(3):
        save_slice(tmp_path / f"{z}.dcm", noise(SHAPE)[z], 0, ImagePositionPatient=None)
    refused(tmp_path, "scan-no-position")


def test_file__a_slice_without_a_position_is_read_with_a_warning(tmp_path):
    path = save_slice(tmp_path / "a.dcm", noise(SHAPE)[0], 0, ImagePositionPatient=None, PixelSpacing=None)
    with pytest.warns(LearnerWarning, match="lacks a position"):
        assert open_scan(path).grid.spacing_mm == (2.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("tags", "key"),
    [
        ({"RescaleSlope": 0}, "scan-slope-zero"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]}, "scan-is-mosaic"),
        ({"NumberOfFrames": 3}, "scan-frames-unplaced"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "scan-is-colour"),
        ({"Modality": "SEG"}, "scan-is-seg"),
        ({"Modality": "RTDOSE"}, "scan-not-image"),
    ],
)
def test_file__what_is_not_a_gray_slice_is_refused(tmp_path, tags, key):
    refused(save_slice(tmp_path / "a.dcm", noise(SHAPE)[0], 0, **tags), key)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("liver_1frame.dcm", "scan-is-seg"),
        ("rtstruct.dcm", "scan-is-rtstruct"),
        ("rtdose_1frame.dcm", "scan-not-image"),
        ("rtplan.dcm", "scan-not-image"),
        ("reportsi.dcm", "scan-not-image"),
        ("waveform_ecg.dcm", "scan-not-image"),
        ("SC_rgb_small_odd.dcm", "scan-is-colour"),
        ("MR_truncated.dcm", "scan-truncated"),
    ],
)
def test_real_files__that_are_no_scan_are_refused_by_what_they_are(name, key):
    refused(get_testdata_file(name), key)


def test_folder__with_only_a_report_names_it(tmp_path):
    shutil.copy(get_testdata_file("reportsi.dcm"), tmp_path)
    assert "Basic Text SR" in refused(tmp_path, "scan-not-image")


def test_folder__without_dicom_lists_what_is_there(tmp_path):
    (tmp_path / "t1.nii.gz").write_bytes(b"x")
    assert "t1.nii.gz" in refused(tmp_path, "scan-no-dicom")


def test_file__compressed_pixels_without_a_decoder_name_the_packages(monkeypatch):
    from pydicom.pixels.decoders.base import Decoder

    monkeypatch.setattr(Decoder, "is_available", property(lambda self: False))
    told = refused(get_testdata_file("MR_small_jp2klossless.dcm"), "scan-no-decoder")
    assert "pip install pylibjpeg" in told
    assert "JPEG 2000" in told


def test_file__lossy_pixels_are_read_with_one_warning(tmp_path):
    save_series(tmp_path, noise(SHAPE), LossyImageCompression="01")
    with pytest.warns(LearnerWarning, match="compressed with loss") as told:
        open_scan(tmp_path)
    assert len(told) == 1


def test_file__a_slice_without_its_preamble_is_read(tmp_path):
    path = save_slice(tmp_path / "a.dcm", noise(SHAPE)[0], 0)
    (tmp_path / "bare.dcm").write_bytes(path.read_bytes()[132:])
    assert np.array_equal(open_scan(tmp_path / "bare.dcm").read(), open_scan(path).read())


def test_file__with_a_dicom_name_and_other_content_is_refused(tmp_path):
    (tmp_path / "a.dcm").write_bytes(b"hello world" * 100)
    refused(tmp_path / "a.dcm", "scan-not-dicom")


def test_sha256__of_a_series_follows_its_slices(tmp_path):
    array = noise(SHAPE)
    one = open_scan(save_series(tmp_path / "a", array)).sha256()
    assert one == open_scan(tmp_path / "a").sha256()
    assert one != open_scan(save_series(tmp_path / "b", array + 1)).sha256()
