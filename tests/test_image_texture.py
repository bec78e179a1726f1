"""Co-occurrence matrices and features at the door: aggregations, distances, symmetry, memory."""

import tracemalloc

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import rgteach as rg
from rgteach.image.features import PYRADIOMICS_TEXTURE, TEXTURE
from rgteach.image.texture import AGGREGATIONS, directions

# Two levels side by side somewhere, so that there is always a pair and more than one level.
volumes = hnp.arrays(np.uint8, (3, 4, 5), elements=st.integers(0, 4)).map(
    lambda levels: np.concatenate([levels, np.full((1, 4, 5), [[1, 2, 3, 2, 1]], np.uint8)])
)


def slow_matrices(levels, aggregation, distance=1):
    """The six aggregations written out, from the slow twin's counts of every slice and direction."""
    n = int(levels.max())
    if aggregation.startswith("3d"):
        blocks = naive.cooccurrence(levels, directions(distance), n)[None]
    else:
        flat = directions(distance, planar=True)
        blocks = np.array([naive.cooccurrence(levels[z : z + 1], flat, n) for z in range(len(levels))])
    blocks = blocks + blocks.swapaxes(2, 3)
    return {
        "3d-averaged": lambda: blocks[0],
        "3d-merged": lambda: blocks[0].sum(0)[None],
        "2d-averaged": lambda: blocks.reshape(-1, n, n),
        "2d-merged": lambda: blocks.sum(1),
        "2.5d-direction-merged": lambda: blocks.sum(0),
        "2.5d-merged": lambda: blocks.sum((0, 1))[None],
    }[aggregation]()


@given(volumes, st.sampled_from(list(AGGREGATIONS)), st.integers(1, 3))
def test_aggregations__are_sums_of_slices_and_directions(levels, aggregation, distance):
    expected = slow_matrices(levels, aggregation, distance)
    result = rg.glcm(levels, distance=distance, aggregation=aggregation)
    assert np.array_equal(result.counts, expected)
    assert result.counts.dtype == np.int64


@given(volumes, st.sampled_from(list(AGGREGATIONS)))
def test_features__average_the_matrices_that_hold_pairs(levels, aggregation):
    matrices = [m / m.sum() for m in slow_matrices(levels, aggregation) if m.any()]
    rows = [naive.texture(m) for m in matrices]
    row = rg.features(levels, aggregation=aggregation)
    for name in list(TEXTURE)[:-1]:
        assert row[name] == pytest.approx(np.mean([r[name] for r in rows]), rel=1e-9, abs=1e-7), name
    mcc = np.mean([naive.maximal_correlation(m) for m in matrices])
    assert row["maximal_correlation_coefficient"] == pytest.approx(mcc, abs=1e-6)


@given(volumes)
def test_symmetric__is_both_orders_added(levels):
    one, both = rg.glcm(levels, symmetric=False), rg.glcm(levels)
    assert np.array_equal(both.counts, one.counts + one.counts.transpose(0, 2, 1))
    assert np.allclose(both.p.sum(1), both.p.sum(2))


@given(volumes)
def test_shares__sum_to_one_or_nothing(levels):
    sums = rg.glcm(levels).p.sum((1, 2))
    assert np.all(np.isclose(sums, 1) | (sums == 0))


@given(volumes)
def test_mirror_and_turn__leave_merged_features_as_they_are(levels):
    before = rg.features(levels, aggregation="3d-merged").to_dict()
    for moved in (levels[::-1], levels[:, :, ::-1], levels.transpose(2, 0, 1)):
        assert rg.features(moved, aggregation="3d-merged").to_dict() == pytest.approx(before, rel=1e-9)


@given(volumes, st.integers(1, 4))
def test_margin__of_background_changes_nothing(levels, width):
    assert rg.features(np.pad(levels, width)).to_dict() == rg.features(levels).to_dict()


def test_asymmetric__features_use_both_marginals():
    levels = np.array([[1, 1, 2, 3, 3, 1], [2, 3, 3, 1, 1, 2]])
    p = rg.glcm(levels, symmetric=False, offsets=[[0, 0, 1]]).p[0]
    row = rg.features(levels, symmetric=False, offsets=[[0, 0, 1]])
    for name, value in naive.texture(p).items():
        assert row[name] == pytest.approx(value, abs=1e-9), name
    assert row["maximal_correlation_coefficient"] == pytest.approx(naive.maximal_correlation(p))


def test_checkerboard__is_known_by_heart():
    board = np.indices((4, 6, 6)).sum(0) % 2 + 1
    along = rg.features(board, offsets=[[0, 0, 1]])
    assert along["contrast"] == 1
    assert along["correlation"] == pytest.approx(-1)
    assert along["maximal_correlation_coefficient"] == pytest.approx(1)
    assert along["joint_entropy"] == pytest.approx(1)
    across = rg.features(board, offsets=[[0, 1, 1]])
    assert (across["contrast"], across["correlation"]) == (0, pytest.approx(1))


def test_bands__look_coarse_along_and_fine_across():
    """Stripes of four voxels: neighbours across differ, neighbours along never do."""
    bands = np.broadcast_to((np.arange(16) // 4 % 2 + 1)[None, :, None], (3, 16, 8))
    along, across = (rg.features(bands, offsets=[step])["contrast"] for step in ([0, 0, 1], [0, 1, 0]))
    assert along == 0
    assert across == pytest.approx(3 / 15)


def test_empty_directions__are_left_out_of_the_average():
    plane = np.array([[[1, 2, 1], [2, 2, 3], [1, 3, 3]]])
    in_space = rg.glcm(plane)
    assert np.count_nonzero(in_space.counts.any((1, 2))) == 4
    assert rg.features(plane).to_dict() == pytest.approx(
        rg.features(plane, aggregation="2d-averaged").to_dict()
    )
    assert "9 without a pair" in repr(in_space)


def test_conventions__differ_in_names_only_at_distance_one():
    levels = np.random.default_rng(0).integers(1, 6, (5, 6, 7))
    ours, theirs = rg.features(levels), rg.features(levels, convention="pyradiomics")
    assert len(ours) == 26
    assert len(theirs) == 24
    for name, value in theirs.items():
        assert value == ours[PYRADIOMICS_TEXTURE[name]]
    assert "cm_contrast" in ours.columns()
    assert "original_glcm_Contrast" in theirs.columns()


def test_merged__adds_the_matrices():
    levels = np.random.default_rng(0).integers(0, 6, (5, 6, 7))
    assert np.array_equal(rg.glcm(levels).merged(), rg.glcm(levels, aggregation="3d-merged").counts[0])


def test_many_slices__are_summed_up_without_holding_all_matrices():
    """300 slices of 4 directions at 200 levels are 384 MB of counts; features must do with a tenth."""
    levels = np.random.default_rng(0).integers(1, 201, (300, 4, 4))
    rg.features(levels[:2], aggregation="2d-averaged")
    tracemalloc.start()
    rg.features(levels, aggregation="2d-averaged")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


def test_directions__are_thirteen_and_none_is_anothers_opposite():
    for steps, n in ((directions(), 13), (directions(planar=True), 4), (directions(2, shell=True), 49)):
        seen = {tuple(s) for s in steps.tolist()} | {tuple(s) for s in (-steps).tolist()}
        assert len(seen) == 2 * n
        assert (0, 0, 0) not in seen
