"""One case, one row: the numbers, where they came from, and what is refused on the way."""

import hashlib
import importlib.util
import warnings
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from pydicom.data import get_testdata_file
from scan_files import LPS, ball, noise, save_nifti, save_series

import rgteach as rg
from rgteach.errors import LearnerError, LearnerWarning
from rgteach.image.opening import open_scan

SHAPE = (12, 16, 20)
AFFINE = np.array([[-0.5, 0, 0, 30], [0, -0.75, 0, 20], [0, 0, 2, -10], [0, 0, 0, 1.0]])


@pytest.fixture
def case(tmp_path):
    """An image and a mask with labels 1, 2 and 4, as files; and the image as an array."""
    array, labels = noise(SHAPE), ball(SHAPE, 2)
    labels[6, 6:10, 8:14], labels[5, 6:10, 8:14] = 1, 4
    image = save_nifti(tmp_path / "P1_flair.nii.gz", array, AFFINE)
    return image, save_nifti(tmp_path / "P1_seg.nii.gz", labels, AFFINE), array, labels


def refused(*args, **settings) -> LearnerError:
    with pytest.raises(LearnerError) as error:
        rg.extract(*args, **settings)
    return error.value


def mni(kind: str) -> Path:
    folder = Path(importlib.util.find_spec("nilearn").origin).parent / "datasets/data"
    return folder / f"mni_icbm152_{kind}_tal_nlin_sym_09a_converted.nii.gz"


# ---------------------------------------------------------------- the numbers


@pytest.mark.parametrize("label", [1, 2, 4])
def test_features__from_files_are_those_from_arrays(case, label):
    image, mask, array, labels = case
    files = rg.extract(image, mask, label=label)
    arrays = rg.extract(array, labels, label=label, spacing_mm=(2, 0.75, 0.5))
    assert files.features == arrays.features
    assert files["volume_ml"] == pytest.approx(arrays["volume_ml"])


@pytest.mark.parametrize("convention", ["ibsi", "pyradiomics"])
def test_features__are_those_of_the_steps_one_by_one(case, convention):
    image, mask, array, labels = case
    row = rg.extract(
        image, mask, label=2, bin_width=50, convention=convention, aggregation="2.5d-merged", distance=2
    )
    region = rg.voi(array, labels, (2, 0.75, 0.5), 2)
    levels = rg.quantise(region, bin_width=50, convention=convention)
    first = rg.firstorder(region, levels, convention)
    texture = rg.features(levels, 2, "2.5d-merged", convention=convention)
    assert row.features == {**first.columns(), **texture.columns()}


def test_columns__follow_the_convention(case):
    ibsi = rg.extract(*case[:2], label=2)
    pyradiomics = rg.extract(*case[:2], label=2, convention="pyradiomics", bin_width=25)
    assert {"stat_mean", "ih_entropy", "cm_contrast"} <= set(ibsi)
    assert {"original_firstorder_Mean", "original_glcm_Contrast", "original_glcm_MCC"} <= set(pyradiomics)
    assert pyradiomics["original_firstorder_Kurtosis"] == pytest.approx(ibsi["stat_kurtosis"] + 3)


def test_rescale__slope_and_intercept_reach_the_features(tmp_path, case):
    _, mask, array, _ = case
    scaled = save_nifti(tmp_path / "scaled.nii.gz", array, AFFINE, slope=0.25, inter=-7)
    plain, row = rg.extract(case[0], mask, label=2), rg.extract(scaled, mask, label=2)
    assert row["stat_mean"] == pytest.approx(plain["stat_mean"] * 0.25 - 7)
    assert (row["rescale_slope"], row["rescale_intercept"]) == (0.25, -7)
    assert row["cm_contrast"] == pytest.approx(plain["cm_contrast"])


def test_dicom__a_series_and_a_mask_made_on_its_grid(tmp_path):
    array = noise(SHAPE)
    folder = save_series(tmp_path / "CT", array)
    grid = open_scan(folder).grid
    ras = np.diag([-1, -1, 1, 1]) @ grid.affine[:, [2, 1, 0, 3]]
    mask = save_nifti(tmp_path / "mask.nii.gz", ball(SHAPE), ras)
    row = rg.extract(folder, mask, bin_width=25)
    assert (
        row.features
        == rg.extract(array - 1024, ball(SHAPE), bin_width=25, spacing_mm=grid.spacing_mm).features
    )
    assert (row["case"], row["image_format"], row["orientation"]) == ("CT", "DICOM", "LPS")


def test_real_ct__of_pydicom_is_measured_in_hounsfield_units(tmp_path):
    scan = open_scan(get_testdata_file("CT_small.dcm"))
    voxels = scan.read()
    ras = np.diag([-1, -1, 1, 1]) @ scan.grid.affine[:, [2, 1, 0, 3]]
    mask = save_nifti(tmp_path / "body.nii.gz", (voxels > -200).astype(np.uint8), ras)
    row = rg.extract(get_testdata_file("CT_small.dcm"), mask, bin_width=25)
    inside = voxels[voxels > -200]
    assert row["stat_mean"] == pytest.approx(inside.mean())
    assert row["n_voxels"] == len(inside) == 12652
    assert row["volume_ml"] == pytest.approx(12652 * 5 * 0.661468**2 / 1000)
    assert row["stat_maximum"] == 1167


def test_real_brain__white_matter_of_mni152(tmp_path):
    white = nib.load(mni("wm"))
    mask = (np.asarray(white.dataobj) > 200).astype(np.uint8)
    nib.save(nib.Nifti1Image(mask, white.affine), tmp_path / "wm.nii.gz")
    row = rg.extract(mni("t1"), tmp_path / "wm.nii.gz")
    inside = np.asarray(nib.load(mni("t1")).dataobj)[mask > 0]
    assert row["n_voxels"] == len(inside)
    assert row["stat_mean"] == pytest.approx(inside.mean())
    assert row["stat_variance"] == pytest.approx(inside.astype(float).var())
    assert (row["orientation"], row["size_z"], row["size_y"], row["size_x"]) == ("RAS", 189, 233, 197)


# ---------------------------------------------------------------- one grid


@pytest.mark.parametrize("letters", ["RAS", "LAI", "PIR", "SLA"])
def test_mask__stored_along_other_axes_is_turned_exactly(tmp_path, case, letters):
    image, mask, *_ = case
    stored = nib.load(mask)
    turn = nib.orientations.ornt_transform(
        nib.io_orientation(stored.affine), nib.orientations.axcodes2ornt(letters)
    )
    nib.save(stored.as_reoriented(turn), tmp_path / "turned.nii.gz")
    row, plain = rg.extract(image, tmp_path / "turned.nii.gz", label=4), rg.extract(image, mask, label=4)
    assert row.features == plain.features
    assert (row["box_z"], row["box_y"], row["box_x"]) == (plain["box_z"], plain["box_y"], plain["box_x"])
    assert (row["orientation"], row["mask_orientation"]) == ("LPS", letters)


def test_grids__same_size_elsewhere_asks_for_the_header(tmp_path, case):
    lost = save_nifti(tmp_path / "lost.nii.gz", case[3], np.eye(4))
    error = refused(case[0], lost, label=2)
    assert error.key == "scan-mask-elsewhere"
    for part in ("spacing", "origin", "direction", "voxels", "LPS", "RAS"):
        assert part in str(error)


def test_grids__another_size_asks_for_resampling_of_the_mask(tmp_path, case):
    small = save_nifti(tmp_path / "small.nii.gz", case[3][:-1], AFFINE)
    error = refused(case[0], small, label=2)
    assert error.key == "scan-mask-other-grid"
    assert "12 × 16 × 20" in str(error)
    assert "11 × 16 × 20" in str(error)


def test_grids__arrays_of_other_sizes_are_refused():
    assert refused(noise(), ball((6, 8, 9))).key == "shapes-differ"


def test_spacing__two_truths_are_refused(case):
    assert refused(case[0], case[1], label=2, spacing_mm=(1, 1, 1)).key == "scan-spacing-given"
    assert rg.extract(case[0], case[1], label=2, spacing_mm=(2, 0.75, 0.5))["volume_ml"] > 0


def test_mixture__a_file_and_an_array_of_its_size(case):
    plain = rg.extract(case[0], case[1], label=2)
    for image, mask in ((case[0], case[3]), (case[2], case[1])):
        row = rg.extract(image, mask, label=2)
        assert row.features == plain.features
        assert row["volume_ml"] == plain["volume_ml"]
        assert row["mask_labels"] == "1 2 4"
    assert refused(case[0], case[3][1:], label=2).key == "shapes-differ"


# ---------------------------------------------------------------- provenance


def test_provenance__says_everything_that_is_needed_to_repeat_it(case):
    image, mask, array, labels = case
    row = rg.extract(image, mask, label=4, bin_count=16)
    assert row["case"] == "P1_flair"
    assert row["image_sha256"] == hashlib.sha256(image.read_bytes()).hexdigest()
    assert row["mask_sha256"] == hashlib.sha256(mask.read_bytes()).hexdigest()
    assert (row["bin_count"], row["bin_width"], row["n_levels"]) == (16, None, 16)
    assert (row["convention"], row["aggregation"], row["distance"]) == ("ibsi", "3d-averaged", 1)
    assert (row["rgteach_version"], row["numpy_version"]) == (rg.__version__, np.__version__)
    assert row["mask_labels"] == "1 2 4"
    assert row["n_voxels"] == 24
    assert row["volume_ml"] == pytest.approx(24 * 0.75 / 1000)
    assert (row["box_z"], row["box_y"], row["box_x"]) == ("5:6", "6:10", "8:14")
    inside = array[labels == 4]
    assert (row["intensity_min"], row["intensity_max"]) == (inside.min(), inside.max())
    assert row["warnings"] == ""


def test_provenance__has_the_same_columns_for_files_and_arrays(case):
    files, arrays = rg.extract(*case[:2], label=2), rg.extract(*case[2:], label=2)
    assert list(files) == list(arrays)


@pytest.mark.parametrize(
    ("name", "case_name"),
    [("a.b.nii.gz", "a.b"), ("x.nii", "x"), ("P7.seg.nrrd", "P7"), ("IM0001", "IM0001")],
)
def test_case__is_named_after_the_image(name, case_name):
    from rgteach.image.extract import _name

    assert _name(Path("folder") / name) == case_name


def test_warnings__reach_the_caller_and_the_row(case):
    with pytest.warns(LearnerWarning, match="gray levels") as told:
        row = rg.extract(*case[:2], label=2, bin_width=1)
    assert row["warnings"].startswith("There are ")
    assert "\n" not in row["warnings"]
    assert told[0].filename == __file__


def test_warnings__of_other_libraries_are_passed_on(case, monkeypatch):
    from rgteach.image import extract as module

    def noisy(*args, **more):
        warnings.warn("from below", DeprecationWarning, stacklevel=1)
        return real(*args, **more)

    real = module.read_voi
    monkeypatch.setattr(module, "read_voi", noisy)
    with pytest.warns(DeprecationWarning, match="from below"):
        assert rg.extract(*case[:2], label=2)["warnings"] == ""


def test_row__reads_like_a_dictionary_and_shows_itself(case):
    row = rg.extract(*case[:2], label=2, case="P1 <b>")
    assert dict(row) == row.to_dict()
    assert len(row) == len(list(row)) == len(row.to_dict())
    assert "P1 <b>" in repr(row)
    assert "Q4LE" in repr(row)
    html = row._repr_html_()
    assert "P1 &lt;b&gt;" in html
    assert "cm_contrast" in html
    with pytest.raises(KeyError):
        row["no_such_column"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_row__speaks_both_languages(case, lang):
    rg.setup(lang)
    assert ("掩膜" in repr(rg.extract(*case[:2], label=2))) == (lang == "zh")


# ---------------------------------------------------------------- bad input


def test_setting__misspelt_names_the_nearest(case):
    error = refused(*case[:2], binwidth=5)
    assert error.key == "unknown-setting"
    assert "bin_width" in str(error)


def test_setting__unknown_values_are_refused_before_any_file_is_read():
    assert refused("no.nii", "no.nii", convention="ibsy").key == "unknown-option"
    assert refused("no.nii", "no.nii", aggregation="3d").key == "unknown-option"


def test_bins__both_are_refused(case):
    assert refused(*case[:2], label=2, bin_count=8, bin_width=5).key == "both-bins"


def test_region__flat_empty_nan_and_single_voxels_are_refused(tmp_path):
    array, mask = noise(SHAPE), np.zeros(SHAPE, np.uint8)
    image = save_nifti(tmp_path / "i.nii", array.astype(np.float32))
    assert refused(image, save_nifti(tmp_path / "empty.nii", mask)).key == "scan-mask-empty"
    mask[3, 4, 5] = 1
    assert refused(image, save_nifti(tmp_path / "one.nii", mask)).key == "one-voxel"
    mask[3, 4, 5:9] = 1
    assert refused(image, save_nifti(tmp_path / "line.nii", mask)).key == "one-line"
    whole = save_nifti(tmp_path / "ball.nii", ball(SHAPE))
    flat = save_nifti(tmp_path / "flat.nii", np.full(SHAPE, 7, np.int16))
    assert refused(flat, whole).key == "flat-voi"
    broken = array.astype(np.float32)
    broken[6, 8, 10] = np.nan
    assert refused(save_nifti(tmp_path / "nan.nii", broken), whole).key == "not-finite"


def test_label__absent_lists_those_that_are_there(case):
    error = refused(*case[:2], label=3)
    assert error.key == "scan-label-absent"
    assert "4: 24 voxels" in str(error)


def test_lps__is_the_default_of_the_helpers():
    assert nib.aff2axcodes(LPS) == ("L", "P", "S")
