"""The quantising kernels against plain Python and NumPy."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rgteach.core import levels

masks = hnp.arrays(np.bool_, (2, 3, 4))
floats = hnp.arrays(np.float64, (2, 3, 4), elements=st.floats(-100, 100))


@given(floats, masks, st.integers(1, 9), st.floats(0.1, 30))
def test_bin_up__compiled_equals_plain_equals_digitize(image, mask, n_bins, width):
    edges = -101 + width * np.arange(n_bins + 1)
    expected = np.clip(np.digitize(image, edges), 1, n_bins) * mask
    for bin_up in (levels.bin_up, levels.bin_up.py_func):
        found, counts = np.empty(image.shape, np.uint8), np.zeros(n_bins, np.int64)
        bin_up(image.ravel(), mask.ravel(), edges, found.reshape(-1), counts)
        assert np.array_equal(found, expected)
        assert np.array_equal(counts, np.bincount(expected[mask], minlength=n_bins + 1)[1:])


@given(st.integers(2, 300), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_bin_up__an_intensity_on_an_edge_begins_the_next_bin(n_bins, low, span):
    edges = np.linspace(low, low + span, n_bins + 1)
    image = edges[:-1].copy()
    found, counts = np.empty(image.shape, np.uint16), np.zeros(n_bins, np.int64)
    levels.bin_up(image, np.ones(image.shape, bool), edges, found, counts)
    assert np.array_equal(found, np.digitize(edges[:-1], edges))


@given(hnp.arrays(np.int32, (2, 3, 4), elements=st.integers(-7, 7)), masks)
def test_look_up__compiled_equals_plain_equals_indexing(image, mask):
    table = (np.arange(15) // 4 + 1).astype(np.uint8)
    expected = table[image + 7] * mask
    for look_up in (levels.look_up, levels.look_up.py_func):
        found, counts = np.empty(image.shape, np.uint8), np.zeros(4, np.int64)
        look_up(image.ravel(), mask.ravel(), table, -7, found.reshape(-1), counts)
        assert np.array_equal(found, expected)
        assert np.array_equal(counts, np.bincount(expected[mask], minlength=5)[1:])


@given(
    hnp.arrays(np.float64, (2, 3, 4), elements=st.floats(-5, 5) | st.sampled_from([np.nan, np.inf, -np.inf])),
    masks,
)
def test_extent__compiled_equals_plain_equals_numpy(image, mask):
    inside = image[mask]
    finite = inside[np.isfinite(inside)]
    ends = finite.min(initial=np.inf), finite.max(initial=-np.inf)
    expected = (*ends, np.isnan(inside).sum(), np.isinf(inside).sum())
    assert levels.extent(image.ravel(), mask.ravel()) == expected
    assert levels.extent.py_func(image.ravel(), mask.ravel()) == expected
