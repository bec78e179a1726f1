"""The volume of interest: the right voxels, as little of the scan as possible."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import rgteach as rg


def block(shape=(6, 7, 8), corner=(1, 2, 3), size=(3, 2, 4)):
    mask = np.zeros(shape, np.uint8)
    mask[tuple(slice(c, c + s) for c, s in zip(corner, size, strict=True))] = 1
    return mask


def test_voi__crops_to_the_box_of_the_mask():
    image = np.arange(6 * 7 * 8).reshape(6, 7, 8)
    region = rg.voi(image, block(), (3.0, 1.0, 0.5))
    assert region.box == (slice(1, 4), slice(2, 4), slice(3, 7))
    assert np.array_equal(region.intensity, image[region.box])
    assert region.mask.all()
    assert region.n_voxels == 24
    assert region.volume_ml == pytest.approx(24 * 1.5 / 1000)
    assert (region.minimum, region.maximum) == (region.values.min(), region.values.max())


def test_voi__is_a_window_on_the_scan_and_no_copy():
    image = np.random.default_rng(0).normal(size=(6, 7, 8)).astype(np.float32)
    region = rg.voi(image, block())
    assert np.shares_memory(region.intensity, image)
    assert region.intensity.dtype == np.float32


@given(
    hnp.arrays(np.int8, (4, 5, 6), elements=st.integers(0, 3)).filter(lambda m: np.count_nonzero(m == 2) > 30)
)
def test_voi__holds_exactly_the_voxels_of_its_label(mask):
    image = np.arange(mask.size, dtype=float).reshape(mask.shape)
    region = rg.voi(image, mask, label=2)
    assert np.array_equal(region.values, image[mask == 2])
    for axis in range(3):
        assert region.mask.any(axis=tuple({0, 1, 2} - {axis}))[[0, -1]].all()


def test_voi__a_slice_is_a_volume_of_one_slice():
    image = np.arange(20.0).reshape(4, 5)
    region = rg.voi(image, image > 7, (0.5, 0.25))
    assert region.mask.shape == (1, 3, 5)
    assert region.spacing_mm == (1.0, 0.5, 0.25)
    assert region.box[0] == slice(0, 1)


@pytest.mark.parametrize("dtype", ["uint8", ">i2", "int32", "uint64", "float16", ">f4", "float64"])
@pytest.mark.parametrize("change", ["as it is", "Fortran order", "read-only", "every second", "backwards"])
def test_voi__any_type_order_and_permission(dtype, change):
    plain = np.random.default_rng(0).integers(0, 200, (8, 6, 10))
    image, mask = plain.astype(dtype), (plain % 5 > 0).astype(np.uint8)
    if change == "Fortran order":
        image, mask = np.asfortranarray(image), np.asfortranarray(mask)
    elif change == "read-only":
        image.flags.writeable = mask.flags.writeable = False
    elif change == "every second":
        image, mask, plain = image[::2, :, ::2], mask[::2, :, ::2], plain[::2, :, ::2]
    elif change == "backwards":
        image, mask, plain = image[::-1], mask[::-1], plain[::-1]
    expected = rg.voi(plain.astype(float), plain % 5 > 0)
    region = rg.voi(image, mask)
    assert np.array_equal(region.values, expected.values)
    levels = rg.quantise(region, bin_width=20)
    assert np.array_equal(levels.levels, rg.quantise(expected, bin_width=20).levels)
    statistics, wanted = rg.firstorder(region).to_dict(), rg.firstorder(expected).to_dict()
    assert statistics == pytest.approx(wanted, rel=1e-12)
    assert rg.features(levels).to_dict() == rg.features(np.asarray(levels)).to_dict()


class OnDisk:
    """A scan that lies elsewhere: it has a shape and gives out the parts that are asked for."""

    def __init__(self, array):
        self.array, self.shape, self.dtype, self.read = array, array.shape, array.dtype, 0

    def __getitem__(self, part):
        self.read += self.array[part].size
        return self.array[part]

    def __len__(self):
        return len(self.array)


def test_voi__reads_only_the_box_of_a_scan_on_disk():
    scan = OnDisk(np.random.default_rng(0).normal(size=(6, 7, 8)))
    mask = OnDisk(block())
    region = rg.voi(scan, mask)
    assert scan.read == 24
    assert mask.read == 6 * 7 * 8 + 24
    assert np.array_equal(region.values, scan.array[mask.array == 1])


def test_voi__keeps_its_mask_when_the_drawing_goes_on():
    mask = block() > 0
    region = rg.voi(np.arange(mask.size).reshape(mask.shape), mask)
    mask[:] = False
    assert region.mask.all()


def test_voi__lists_and_booleans_will_do():
    region = rg.voi([[1, 2, 3], [4, 5, 6]], [[False, True, True], [False, True, True]])
    assert region.values.tolist() == [2, 3, 5, 6]
