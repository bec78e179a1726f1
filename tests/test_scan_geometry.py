"""Where voxels lie: axes, the comparison of two grids, exact turning, and what is refused."""

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgteach.errors import LearnerError
from rgteach.image.geometry import Grid, fit, from_lps, from_ras, from_spacing

SHAPE_XYZ = (10, 8, 6)
SPACING = (0.5, 0.75, 2.0)
OBLIQUE = nib.affines.from_matvec(
    nib.eulerangles.euler2mat(0.2, -0.1, 0.3) @ np.diag(SPACING), [12.5, -40.0, 7.0]
)
codes = st.permutations("xyz").flatmap(
    lambda order: st.tuples(*[st.sampled_from({"x": "LR", "y": "AP", "z": "IS"}[a]) for a in order])
)


def stored_as(affine: np.ndarray, shape: tuple, letters: tuple) -> tuple[np.ndarray, tuple, np.ndarray]:
    """The same voxels along other axes, by nibabel: affine, shape and the transform of arrays."""
    turn = nib.orientations.ornt_transform(nib.io_orientation(affine), nib.orientations.axcodes2ornt(letters))
    image = nib.Nifti1Image(np.arange(np.prod(shape), dtype=np.int32).reshape(shape), affine)
    turned = image.as_reoriented(turn)
    return turned.affine, turned.shape, np.asarray(turned.dataobj)


@pytest.mark.parametrize("letters", ["LPS", "RAS", "LAS", "PIR"])
def test_orientation__is_named_as_nibabel_names_it(letters):
    affine, shape, _ = stored_as(OBLIQUE, SHAPE_XYZ, tuple(letters))
    assert from_ras(shape, affine).orientation == letters == "".join(nib.aff2axcodes(affine))


def test_from_ras__agrees_with_simpleitk_about_lps(tmp_path):
    sitk = pytest.importorskip("SimpleITK")
    nib.save(nib.Nifti1Image(np.zeros(SHAPE_XYZ, np.int16), OBLIQUE), tmp_path / "a.nii")
    image = sitk.ReadImage(tmp_path / "a.nii")
    ours = from_ras(SHAPE_XYZ, OBLIQUE)
    assert ours.shape == SHAPE_XYZ[::-1]
    assert np.allclose(ours.spacing_mm[::-1], image.GetSpacing(), atol=1e-5)
    assert np.allclose(ours.origin_mm, image.GetOrigin(), atol=1e-4)
    itk = from_lps(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())
    assert np.allclose(ours.affine, itk.affine, atol=1e-4)


@given(codes)
def test_fit__any_other_storage_of_the_same_voxels_is_turned_exactly(letters):
    image = np.arange(np.prod(SHAPE_XYZ), dtype=np.int32).reshape(SHAPE_XYZ)
    affine, shape, stored = stored_as(OBLIQUE, SHAPE_XYZ, letters)
    lies = fit(from_ras(SHAPE_XYZ, OBLIQUE), from_ras(shape, affine))
    assert lies.differences == ()
    assert lies.off_voxels < 1e-9
    assert np.array_equal(lies.turn(stored.transpose(2, 1, 0)), image.transpose(2, 1, 0))


def test_fit__the_same_grid_does_not_turn():
    assert not fit(from_ras(SHAPE_XYZ, OBLIQUE), from_ras(SHAPE_XYZ, OBLIQUE)).turns


def test_fit__rounding_in_headers_is_accepted():
    rounded = np.round(OBLIQUE, 4)
    lies = fit(from_ras((512, 512, 300), OBLIQUE), from_ras((512, 512, 300), rounded))
    assert lies.differences == ()
    assert 0.05 < lies.off_voxels < 0.1  # 512 voxels times a rounding of 1e-4


def test_fit__one_slice_fewer_is_a_difference_in_size_only():
    lies = fit(from_ras((10, 8, 6), OBLIQUE), from_ras((10, 8, 5), OBLIQUE))
    assert len(lies.differences) == 1
    assert "6 × 8 × 10" in lies.differences[0]
    assert "5 × 8 × 10" in lies.differences[0]


def test_fit__a_shift_is_told_in_voxels():
    moved = OBLIQUE.copy()
    moved[:3, 3] += OBLIQUE[:3, 0] * 3
    (told,) = fit(from_ras(SHAPE_XYZ, OBLIQUE), from_ras(SHAPE_XYZ, moved)).differences
    assert told.strip().startswith("origin")
    assert "3 voxels apart" in told


def test_fit__half_a_voxel_is_not_rounding():
    moved = OBLIQUE.copy()
    moved[:3, 3] += OBLIQUE[:3, 2] * 0.5
    assert fit(from_ras(SHAPE_XYZ, OBLIQUE), from_ras(SHAPE_XYZ, moved)).differences


def test_fit__another_thickness_of_a_single_slice_is_a_difference_in_spacing():
    image, mask = from_spacing((1, 8, 8), (5, 1, 1)), from_spacing((1, 8, 8), (1, 1, 1))
    (told,) = fit(image, mask).differences
    assert told.strip().startswith("spacing")
    assert "(5, 1, 1)" in told


def test_fit__a_rotated_mask_differs_in_direction():
    turn = nib.affines.from_matvec(nib.eulerangles.euler2mat(0.05, 0, 0))
    (told,) = fit(from_ras(SHAPE_XYZ, np.eye(4)), from_ras(SHAPE_XYZ, turn)).differences
    assert told.strip().startswith("direction")


def test_fit__a_lost_header_is_told_with_both_orientations():
    lps = np.diag([-1.0, -1, 1, 1])
    told = "\n".join(fit(from_ras(SHAPE_XYZ, lps), from_ras(SHAPE_XYZ, np.eye(4))).differences)
    assert "LPS" in told
    assert "RAS" in told
    assert "origin" in told


def test_fit__each_of_four_differences_is_named():
    mask = from_ras((11, 8, 6), nib.affines.from_matvec(nib.eulerangles.euler2mat(0.2) * 1.5, [9, 9, 9]))
    told = [line.split()[0] for line in fit(from_ras(SHAPE_XYZ, np.eye(4)), mask).differences]
    assert told == ["size", "spacing", "origin", "direction"]


@pytest.mark.parametrize("broken", [np.diag([1.0, 0, 1, 1]), np.full((4, 4), np.nan)])
def test_grid__a_header_without_a_voxel_size_is_refused(broken):
    with pytest.raises(LearnerError) as error:
        from_ras(SHAPE_XYZ, broken)
    assert error.value.key == "scan-impossible-spacing"


def test_grid__a_sheared_header_is_refused_with_its_angle():
    sheared = np.eye(4)
    sheared[1, 2] = np.tan(np.radians(12))
    with pytest.raises(LearnerError, match=r"12\.0 degrees"):
        from_ras(SHAPE_XYZ, sheared)


def test_turned__moves_no_voxel():
    grid = from_ras(SHAPE_XYZ, OBLIQUE)
    turned = grid.turned((2, 0, 1), (True, False, True))
    index = np.array([1, 2, 3])
    old = np.empty(3, int)
    for new, axis in enumerate((2, 0, 1)):
        old[axis] = turned.shape[new] - 1 - index[new] if (True, False, True)[new] else index[new]
    assert np.allclose((turned.affine @ [*index, 1])[:3], (grid.affine @ [*old, 1])[:3])
    assert isinstance(turned, Grid)
