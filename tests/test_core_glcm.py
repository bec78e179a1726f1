"""The co-occurrence kernels: compiled, plain and a slow twin must agree, whatever the volume looks like."""

import os
import subprocess
import sys

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from plain import plain

from rgteach.core import glcm
from rgteach.image.features import TEXTURE
from rgteach.image.texture import directions

shapes = hnp.array_shapes(min_dims=3, max_dims=3, max_side=5)
volumes = hnp.arrays(np.uint8, shapes, elements=st.integers(0, 5))
steps = st.lists(st.tuples(*[st.integers(-3, 3)] * 3).filter(any), min_size=1, max_size=5, unique=True).map(
    lambda rows: np.array(rows, np.int64)
)
sides = st.integers(1, 6).map(lambda n: (2, n, n))
matrices = hnp.arrays(np.int64, sides, elements=st.integers(0, 9)).filter(
    lambda counts: counts.any(axis=(1, 2)).all()
)


def normalised(counts):
    return counts / counts.sum(axis=(1, 2), keepdims=True)


@given(volumes, steps)
def test_cooccurrence__compiled_equals_plain_equals_slow_twin(levels, offsets):
    expected = naive.cooccurrence(levels, offsets, 5)
    assert np.array_equal(glcm.cooccurrence(levels, offsets, 5), expected)
    with plain(glcm):
        assert np.array_equal(glcm.cooccurrence(levels, offsets, 5), expected)


@given(volumes, steps)
def test_cooccurrence__turned_steps_give_turned_matrices(levels, offsets):
    there, back = (glcm.cooccurrence(levels, sign * offsets, 5) for sign in (1, -1))
    assert np.array_equal(there, back.transpose(0, 2, 1))


@given(volumes, steps)
def test_cooccurrence__counts_every_pair_inside_once(levels, offsets):
    inside = (levels > 0).astype(np.uint8)
    n_pairs = naive.cooccurrence(inside, offsets, 1)[:, 0, 0]
    assert np.array_equal(glcm.cooccurrence(levels, offsets, 5).sum(axis=(1, 2)), n_pairs)


def test_cooccurrence__row_of_three_by_hand():
    levels = np.array([[[1, 1, 2]]], np.uint8)
    counts = glcm.cooccurrence(levels, np.array([[0, 0, 1], [0, 0, 2], [0, 0, -1]]), 2)
    assert counts.tolist() == [[[1, 1], [0, 0]], [[0, 1], [0, 0]], [[1, 0], [1, 0]]]


def test_cooccurrence__a_step_longer_than_the_volume_finds_nothing():
    assert not glcm.cooccurrence(np.ones((2, 2, 2), np.uint8), np.array([[0, 0, 2], [-5, 0, 0]]), 1).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.int64])
@pytest.mark.parametrize("order", ["C", "F"])
def test_cooccurrence__any_integer_type_and_memory_order(dtype, order):
    rng = np.random.default_rng(0)
    levels = rng.integers(0, 9, (5, 6, 7))
    expected = naive.cooccurrence(levels, directions(), 8)
    assert np.array_equal(glcm.cooccurrence(np.array(levels, dtype, order=order), directions(), 8), expected)


def test_cooccurrence__many_levels_need_sixteen_bits():
    levels = np.arange(1, 601, dtype=np.uint16).reshape(3, 10, 20)
    counts = glcm.cooccurrence(levels, directions(), 600)
    assert np.array_equal(counts, naive.cooccurrence(levels, directions(), 600))


@given(matrices)
def test_texture__compiled_equals_plain_equals_slow_twin(counts):
    p = normalised(counts)
    compiled = glcm.texture(p)
    with plain(glcm):
        assert np.allclose(compiled, glcm.texture(p), rtol=1e-12, atol=1e-12)
    for row, matrix in zip(compiled, p, strict=True):
        expected = naive.texture(matrix)
        assert list(expected) == list(TEXTURE)[:-1]
        assert np.allclose(row, list(expected.values()), rtol=1e-9, atol=1e-7)


@given(matrices)
def test_texture__what_must_hold_for_any_matrix(counts):
    for row in glcm.texture(normalised(counts)):
        f = dict(zip(TEXTURE, row, strict=False))
        assert -1 - 1e-12 <= f["correlation"] <= 1 + 1e-12
        assert 0 < f["angular_second_moment"] <= f["joint_maximum"] * (1 + 1e-12) <= 1 + 1e-11
        assert f["sum_variance"] == pytest.approx(f["cluster_tendency"], abs=1e-9)
        assert f["difference_average"] == pytest.approx(f["dissimilarity"], abs=1e-12)
        assert f["contrast"] == pytest.approx(f["difference_variance"] + f["dissimilarity"] ** 2, abs=1e-9)
        assert -1 - 1e-12 <= f["information_correlation_1"] <= 0 <= f["information_correlation_2"] <= 1


@given(matrices, st.booleans())
def test_maximal_correlation__equals_the_definition(counts, symmetric):
    counts = counts + counts.transpose(0, 2, 1) if symmetric else counts
    p = normalised(counts)
    expected = [naive.maximal_correlation(matrix) for matrix in p]
    assert np.allclose(glcm.maximal_correlation(p), expected, atol=1e-6)


def test_maximal_correlation__is_at_least_the_correlation():
    p = normalised(np.random.default_rng(0).integers(0, 50, (20, 8, 8)))
    correlation = glcm.texture(p)[:, list(TEXTURE).index("correlation")]
    assert np.all(glcm.maximal_correlation(p) >= np.abs(correlation) - 1e-12)


@pytest.mark.parametrize(
    ("matrix", "value"),
    [
        ([[0.25, 0.25], [0.25, 0.25]], 0.0),  # independent
        ([[0.5, 0.0], [0.0, 0.5]], 1.0),  # one level tells the other
        ([[0.0, 0.5], [0.5, 0.0]], 1.0),  # so it does when it is always the other one
        ([[1.0, 0.0], [0.0, 0.0]], 0.0),  # nothing varies, so nothing varies together
        ([[1.0]], 1.0),  # by agreement
    ],
)
def test_maximal_correlation__of_the_ends_of_its_range(matrix, value):
    assert glcm.maximal_correlation(np.array([matrix])) == pytest.approx([value], abs=1e-12)


def test_kernels__stay_within_bounds(tmp_path):
    """The same calls with bounds checks compiled in, in a process of their own."""
    code = (
        "import numpy as np; from rgteach.core import glcm; from rgteach.image.texture import directions\n"
        "rng = np.random.default_rng(0)\n"
        "for shape in [(1, 1, 1), (1, 1, 4), (3, 1, 2), (4, 5, 6), (2, 7, 3)]:\n"
        "    levels = rng.integers(0, 4, shape).astype(np.uint8)\n"
        "    for steps in (directions(), directions(3, shell=True), -directions(2)):\n"
        "        glcm.cooccurrence(levels, steps, 3)\n"
        "glcm.texture(np.full((2, 5, 5), 1 / 25)); print('within')"
    )
    extra = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | extra, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "within", done.stderr
