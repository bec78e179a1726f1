"""Masks: labels, boxes, and everything that is not a mask."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scan_files import ball, noise, save_nifti

from rgteach.errors import LearnerError, LearnerWarning
from rgteach.image.masks import read_region
from rgteach.image.opening import open_scan


def region_of(array, label=1):
    return read_region(open_scan(array), label)


def refused(array, key, label=1) -> str:
    with pytest.raises(LearnerError) as error:
        region_of(array, label)
    assert error.value.key == key, error.value
    return str(error.value)


@given(st.integers(0, 2**32 - 1), st.floats(0.005, 0.5))
def test_region__is_the_bounding_box_of_the_label(seed, share):
    mask = (np.random.default_rng(seed).random((4, 5, 6)) < share).astype(np.uint8) * 3
    mask[2, 3, 1] = 3
    region = region_of(mask, 3)
    assert np.array_equal(mask[region.box] == 3, region.inside)
    assert region.inside.sum() == (mask == 3).sum() == region.labels[3]
    for axis in range(3):
        others = tuple(a for a in range(3) if a != axis)
        ends = region.inside.any(axis=others)
        assert ends[0]
        assert ends[-1]


def test_region__counts_every_label_but_the_background():
    mask = ball(label=4)
    mask[0, 0, :3] = [1, 2, 2]
    assert region_of(mask, 4).labels == {4: int(ball().sum()), 1: 1, 2: 2}


def test_absent__lists_labels_with_voxels_and_volumes(tmp_path):
    affine = np.diag([2.0, 2, 5, 1])
    mask = np.zeros((4, 5, 6), np.uint8)
    mask[1, 1, :5], mask[2, 2, :2] = 1, 4
    path = save_nifti(tmp_path / "seg.nii.gz", mask, affine)
    told = refused(path, "scan-label-absent", 2)
    assert "1: 5 voxels, 0.1 ml" in told
    assert "4: 2 voxels, 0.04 ml" in told
    assert "--label 1" in told
    assert "seg.nii.gz" in told


def test_region__of_what_looks_like_a_probability_map_is_warned_of():
    with pytest.warns(LearnerWarning, match=r"255 different labels"):
        region_of(noise((20, 30, 40), high=256).astype(np.uint8))


def test_255__is_recognised_as_black_and_white():
    assert "--label 255" in refused(ball(label=255), "scan-mask-255")
    assert region_of(ball(label=255), 255).inside.sum() == ball().sum()


def test_empty__says_how_large_it_is():
    assert "6 × 8 × 10" in refused(np.zeros((6, 8, 10), np.uint8), "scan-mask-empty")


def test_scaled_floats__are_rounded_within_a_thousandth():
    region = region_of(ball() * 0.9999999998)
    assert region.rounded
    assert region.labels == {1: int(ball().sum())}
    assert not region_of(ball().astype(float)).rounded


def test_probabilities__are_refused_with_an_example():
    assert "0.31" in refused(ball() * 0.31, "scan-mask-soft")


def test_nan__is_refused_with_its_plane():
    mask = ball().astype(float)
    mask[3, 0, 0] = np.nan
    assert "z = 3" in refused(mask, "scan-mask-nan")


def test_image_given_as_mask__is_recognised():
    refused(noise((30, 40, 50), high=5000), "scan-mask-is-image")


def test_bool__is_label_one():
    assert region_of(ball() == 1).labels == {1: int(ball().sum())}
