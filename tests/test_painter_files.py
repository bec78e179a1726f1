"""A painted mask lies where its image lies: saved, read by nibabel and by rg.extract, voxel for voxel."""

import warnings
from itertools import permutations, product

import nibabel as nib
import numpy as np
import pytest
from painter_pages import Page, unpacked
from scan_files import noise, save_nifti, save_series, save_slice

import rgteach as rg
from rgteach.cohorts import brain, ct_small
from rgteach.demos.painter.sources import first_patient
from rgteach.image.geometry import fit
from rgteach.image.opening import open_scan

SHAPE = (5, 9, 7)
REGION = np.zeros(SHAPE, bool)  # like no mirror image of itself, along no axis
REGION[1, 2:6, 1:4] = REGION[3, 4:8, 2:6] = REGION[3, 2, 2] = True


def oblique(order, signs, degrees=12.0, spacing=(0.7, 0.9, 3.1)):
    """An affine (x, y, z to RAS mm) with axes permuted, flipped and turned away from the scanner's."""
    turn = np.radians(degrees)
    tilt = np.array([[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]])
    affine = np.eye(4)
    affine[:3, :3] = tilt @ np.eye(3)[:, list(order)] * np.array(signs) * np.array(spacing)
    affine[:3, 3] = -31.7, 12.25, 88.5
    return affine


WAYS = [(order, signs) for order in permutations(range(3)) for signs in product((1, -1), repeat=3)]


@pytest.mark.parametrize("way", range(len(WAYS)))
def test_nifti_of_any_orientation__gives_the_mask_back_where_it_was_painted(way, tmp_path):
    order, signs = WAYS[way]
    image = save_nifti(tmp_path / "image.nii", noise(SHAPE, seed=way), oblique(order, signs))
    saved = rg.paint(image, mask=REGION).save(tmp_path / "mask.nii.gz")
    source, mask = nib.load(image), nib.load(saved)
    assert np.array_equal(mask.affine, source.affine)
    for name in ("get_sform", "get_qform"):
        (ours, our_code), (theirs, their_code) = (getattr(f, name)(coded=True) for f in (mask, source))
        assert our_code == their_code
        assert np.array_equal(ours, theirs)
    assert np.array_equal(np.asarray(mask.dataobj), REGION.transpose(2, 1, 0))
    values = np.asarray(source.dataobj)[np.asarray(mask.dataobj) == 1]
    assert sorted(values) == sorted(open_scan(image).read()[REGION])


@pytest.mark.parametrize("way", [0, 11, 25, 46])
def test_saved_mask__brings_the_same_voxels_to_extract(way, tmp_path):
    image = save_nifti(tmp_path / "image.nii.gz", noise(SHAPE, seed=way), oblique(*WAYS[way]))
    painter = rg.paint(image, mask=REGION)
    row = rg.extract(image, painter.save(tmp_path / "mask.nii.gz"))
    assert row["n_voxels"] == REGION.sum()
    assert row["mask_off_voxels"] == 0
    assert dict(row.features) == dict(
        rg.extract(painter.image, REGION, spacing_mm=painter.spacing_mm).features
    )


@pytest.mark.parametrize("way", range(len(WAYS)))
def test_what_is_painted_on_the_page__is_the_patients_own_side(way, tmp_path):
    """A stroke at the page's upper left lies at the letters that stand there, by nibabel's own affine."""
    image = save_nifti(tmp_path / "image.nii", noise(SHAPE, seed=way), oblique(*WAYS[way]))
    page = Page(rg.paint(image))
    painter = page.painter
    inside = np.zeros(painter.shape[1:], bool)
    inside[:2, :2] = True
    page.strokes(inside)
    mask = nib.load(painter.save(tmp_path / "mask.nii"))
    painted, everywhere = (np.argwhere(a) for a in (np.asarray(mask.dataobj), np.ones(mask.shape)))
    there, middle = (nib.affines.apply_affine(mask.affine, at).mean(axis=0) for at in (painted, everywhere))
    towards = dict(zip("RAS", there - middle, strict=True)) | dict(zip("LPI", middle - there, strict=True))
    assert towards[painter.sides["left"]] > 0
    assert towards[painter.sides["top"]] > 0
    sides = "".join(painter.sides[side] for side in ("left", "right", "top", "bottom"))
    assert sides in ("RLAP", "RLSI", "APSI")  # axial, coronal and sagittal as radiologists read them


def test_two_forms_that_differ__are_both_taken_over(tmp_path):
    path = tmp_path / "image.nii"
    image = nib.Nifti1Image(noise(SHAPE).transpose(2, 1, 0), oblique((0, 1, 2), (-1, 1, 1)))
    image.set_sform(oblique((0, 1, 2), (-1, 1, 1)), 4)
    image.set_qform(oblique((0, 1, 2), (1, 1, 1), degrees=30), 1)
    image.header.set_xyzt_units("mm")
    nib.save(image, path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rg.LearnerWarning)  # that the two differ
        mask = nib.load(rg.paint(path, mask=REGION).save(tmp_path / "mask.nii"))
    source = nib.load(path)
    for field in (
        "srow_x",
        "srow_y",
        "srow_z",
        "quatern_b",
        "quatern_c",
        "quatern_d",
        "sform_code",
        "qform_code",
    ):
        assert np.array_equal(mask.header[field], source.header[field])
    assert mask.header["xyzt_units"] == source.header["xyzt_units"]


@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.AnalyzeImage])
def test_header_without_a_position__gets_no_letters(kind, tmp_path):
    path = tmp_path / ("image.img" if kind is nib.AnalyzeImage else "image.nii")
    nib.save(kind(noise(SHAPE).transpose(2, 1, 0), None), path)
    painter = rg.paint(path, mask=REGION)
    assert set(painter.sides.values()) == {""}
    saved = painter.save(tmp_path / "mask.nii")
    assert rg.extract(path, saved)["n_voxels"] == REGION.sum()


def test_dicom_without_orientation__gets_no_letters(tmp_path):
    path = save_slice(tmp_path / "one.dcm", noise(SHAPE)[0], 0.0, ImageOrientationPatient=None)
    painter = rg.paint(path)
    assert set(painter.sides.values()) == {""}
    assert painter.unit == "HU"


@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.Nifti2Image, nib.AnalyzeImage, nib.MGHImage])
def test_other_headers__lead_to_the_same_place(kind, tmp_path):
    affine = oblique((0, 1, 2), (-1, 1, 1), degrees=0 if kind is nib.AnalyzeImage else 12)
    if kind is nib.AnalyzeImage:  # knows spacings only
        affine[:3, 3] = 0
    suffix = {nib.AnalyzeImage: ".img", nib.MGHImage: ".mgz"}.get(kind, ".nii.gz")
    path = tmp_path / f"image{suffix}"
    nib.save(kind(noise(SHAPE).transpose(2, 1, 0), affine), path)
    saved = rg.paint(path, mask=REGION).save(tmp_path / "mask.nii.gz")
    lies = fit(open_scan(path).grid, open_scan(saved).grid)
    assert (lies.differences, lies.turns) == ((), False)
    assert lies.off_voxels < 1e-4  # NIfTI keeps 32 bits
    assert rg.extract(path, saved)["n_voxels"] == REGION.sum()


def test_scaled_voxels__are_measured_as_the_file_says(tmp_path):
    path = save_nifti(tmp_path / "image.nii", noise(SHAPE), slope=0.25, inter=-7.0)
    painter = rg.paint(path)
    assert np.array_equal(painter.image, open_scan(path).read())
    assert painter.span == [painter.image.min(), painter.image.max()]


def test_dicom_folder__is_painted_in_hounsfield_units_and_saved_beside(tmp_path):
    folder = save_series(tmp_path / "ct", noise(SHAPE))
    painter = rg.paint(folder, mask=REGION)
    assert (painter.unit, painter.spacing_mm) == ("HU", (2.0, 0.5, 0.75))
    row = rg.extract(folder, painter.save(tmp_path / "mask.nii.gz"))
    assert row["n_voxels"] == REGION.sum()
    assert row["mask_off_voxels"] < 1e-4
    assert row["intensity_min"] == painter.image[REGION].min()


@pytest.mark.parametrize("name", ["ct", "mr"])
def test_real_slice__is_saved_where_its_dicom_file_lies(name, tmp_path):
    painter = rg.paint(name)
    painter.preset("disc")
    path = rg.cohorts.ct_small().path if name == "ct" else rg.cohorts.mr_small().path
    row = rg.extract(path, painter.save(tmp_path / "mask.nii.gz"))
    assert row["n_voxels"] == painter.mask.sum() > 100
    assert np.array_equal(painter.image, getattr(rg.cohorts, f"{name}_small")().image)


@pytest.mark.parametrize(
    "make", [first_patient, brain, lambda: first_patient().crop], ids=["whole", "brain", "crop"]
)
def test_simulated_image__is_saved_in_mni_coordinates(make, tmp_path):
    source = make()
    painter = rg.paint(source)
    painter.preset(painter.presets[0]["name"])
    mask = nib.load(painter.save(tmp_path / "mask.nii.gz"))
    assert np.allclose(mask.affine, source.affine, atol=1e-4)
    assert int(mask.header["sform_code"]) == 4
    place = np.argwhere(np.asarray(mask.dataobj))[0]
    assert np.allclose(nib.affines.apply_affine(mask.affine, place), brain_mm(source, place), atol=1e-3)


def brain_mm(source, voxel_xyz):
    """MNI coordinates of a voxel by the source's own affine."""
    return (source.affine @ [*voxel_xyz, 1.0])[:3]


def test_mirror__is_the_same_place_on_the_other_side_of_the_midline():
    painter = rg.paint("glioma")
    painter.preset("tumour", "a")
    painter.preset("mirror", "b")
    a, b = ([brain().to_mni(at) for at in np.argwhere(mask)] for mask in painter.masks.values())
    assert np.allclose(np.mean(a, axis=0) * (-1, 1, 1), np.mean(b, axis=0), atol=0.6)  # half a voxel
    assert painter.masks["a"].sum() == painter.masks["b"].sum()


def test_save__keeps_what_is_there(tmp_path):
    image = save_nifti(tmp_path / "image.nii.gz", noise(SHAPE))
    painter = rg.paint(image, mask=REGION)
    before = image.read_bytes()
    painter.save(tmp_path / "mask.nii.gz")
    for path, settings in ((tmp_path / "mask.nii.gz", {}), (image, {"overwrite": True})):
        with pytest.raises(rg.LearnerError) as trouble:
            painter.save(path, **settings)
        assert trouble.value.key == "painter-save-exists"
    assert image.read_bytes() == before
    assert painter.save(tmp_path / "mask.nii.gz", overwrite=True).is_file()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["image.nii.gz", "mask.nii.gz"]


@pytest.mark.parametrize(
    ("name", "region", "key"),
    [
        ("mask.png", "a", "painter-save-name"),
        (3, "a", "painter-save-name"),
        ("nowhere/mask.nii", "a", "painter-save-folder"),
        ("mask.nii", "b", "painter-save-empty"),
        ("mask.nii", "c", "painter-no-region"),
    ],
)
def test_save__says_why_not(name, region, key, tmp_path):
    painter = rg.paint(noise(SHAPE), mask=REGION)
    path = tmp_path / name if isinstance(name, str) else name
    with pytest.raises(rg.LearnerError) as trouble:
        painter.save(path, region)
    assert trouble.value.key == key
    assert list(tmp_path.iterdir()) == []


def test_a_mask_file__begins_where_it_was_drawn_also_along_other_axes(tmp_path):
    image = save_nifti(tmp_path / "image.nii", noise(SHAPE), oblique((0, 1, 2), (-1, -1, 1), degrees=0))
    saved = nib.load(rg.paint(image, mask=REGION).save(tmp_path / "mask.nii"))
    nib.save(nib.as_closest_canonical(saved), tmp_path / "turned.nii")
    assert not np.array_equal(nib.load(tmp_path / "turned.nii").affine, saved.affine)
    assert np.array_equal(rg.paint(image, mask=tmp_path / "turned.nii").mask, REGION)


def test_an_arrays_mask__has_the_arrays_axes(tmp_path):
    flat = noise(SHAPE)[0]
    painter = rg.paint(flat, mask=REGION[3], spacing_mm=(0.5, 0.25))
    assert painter.mask.shape == (1, 9, 7)
    row = rg.extract(flat, painter.save(tmp_path / "mask.nii"), spacing_mm=(1, 0.5, 0.25))
    assert row["n_voxels"] == REGION[3].sum()
    assert nib.load(tmp_path / "mask.nii").header.get_zooms() == pytest.approx((0.25, 0.5, 1.0))


def test_slice__reaches_the_page_turned_and_to_16_bits(tmp_path):
    image = save_nifti(tmp_path / "image.nii", noise(SHAPE), oblique((0, 1, 2), (1, 1, 1), degrees=0))
    page = Page(rg.paint(image, mask=REGION))
    (told, (raw,)), (_, bits), *_ = page.says("open")
    painter = page.painter
    values = told["low"] + np.frombuffer(raw, "<u2") / 65535 * (told["high"] - told["low"])
    front_right_first = painter.image[told["z"]][::-1, ::-1]  # RAS on disk
    assert np.allclose(values.reshape(9, 7), front_right_first, atol=1000 / 65535)
    assert np.array_equal(unpacked(bits, painter), REGION[told["z"]][::-1, ::-1])
    assert ct_small().image.shape[1:] == tuple(rg.paint("ct").shape[1:])
