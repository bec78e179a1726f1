"""What the demo of lab 02 says in its answer is what its sliders show."""

import numpy as np
import pytest

from rgteach.demos import glcm


def test_glcm_answer__healthy_tissue_edge_and_tumour():
    place = {p: glcm.compute(p, 20, 1).features for p in glcm.PLACES}
    far = {p: glcm.compute(p, 20, 5).features for p in glcm.PLACES}
    healthy, middle = max(glcm.PLACES), 0
    assert place[healthy]["contrast"] < 0.6
    assert place[healthy]["angular_second_moment"] > 4 * place[middle]["angular_second_moment"]
    assert abs(far[healthy]["correlation"]) < 0.2
    assert max(far, key=lambda p: far[p]["contrast"]) not in (healthy, middle)
    assert max(place.values(), key=lambda f: f["contrast"])["contrast"] > 1.5 * place[middle]["contrast"]
    assert place[middle]["correlation"] > 0.3 > 0.15 > abs(far[middle]["correlation"])
    assert far[middle]["contrast"] > 1.3 * place[middle]["contrast"]


def test_glcm__of_one_level_is_one_cell_and_no_correlation():
    p, features = glcm._pairs(np.full((6, 6), 3), 1)
    assert p[2, 2] == p.sum() == 1
    assert features["contrast"] == 0
    assert np.isnan(features["correlation"])
    view = glcm.View(np.ones((6, 6)), np.full((6, 6), 3), (slice(0, 6), slice(0, 6)), p, features, 1)
    assert ("correlation", "not defined") in glcm.rows(view)[1]


def test_glcm__matrix_is_that_of_the_square_alone():
    view = glcm.compute(0, 20, 2)
    square = view.levels[view.box]
    assert view.p.sum() == pytest.approx(1)
    counts = np.zeros_like(view.p)
    for dy, dx in ((0, 2), (2, 0), (2, 2), (2, -2)):
        for y in range(20 - dy):
            for x in range(max(0, -dx), min(20, 20 - dx)):
                counts[square[y, x] - 1, square[y + dy, x + dx] - 1] += 1
    counts += counts.T
    assert np.allclose(view.p, counts / counts.sum())
