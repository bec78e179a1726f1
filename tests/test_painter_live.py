"""The painter's numbers are those of the public doors, to the last bit, whatever is painted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from painter_pages import Page, disc, levels_and_matrix

import rgteach as rg
from rgteach import wording
from rgteach.demos.painter.live import MAIN, live
from rgteach.image.features import TEXTURE

IMAGE = np.random.default_rng(1).normal(300, 60, (3, 40, 32)).astype(np.float32)
RAMP = np.arange(36.0).reshape(6, 6)


def by_the_doors(flat, inside, n_levels, distance):
    """What a student would type."""
    levels = rg.quantise(rg.voi(flat, inside), bin_count=n_levels)
    matrix = rg.glcm(levels, distance, aggregation="2d-merged")
    return levels, matrix, rg.features(matrix)


@settings(max_examples=25)
@given(
    n_levels=st.sampled_from([8, 16, 32, 64]),
    distance=st.integers(1, 5),
    radius=st.floats(2, 16),
    dtype=st.sampled_from([np.float32, np.float64, np.int16, np.uint8]),
)
def test_result__is_what_the_public_doors_say(n_levels, distance, radius, dtype):
    image = np.clip(IMAGE, 0, 255).astype(dtype)
    page = Page(rg.paint(image, n_levels=n_levels, distance=distance))
    inside = disc((40, 32), 18, 15, radius)
    content, buffers = page.strokes(inside, z=1)
    if content["trouble"]:
        with pytest.raises(rg.LearnerError):
            by_the_doors(image[1], inside, n_levels, distance)
        return
    levels, matrix, row = by_the_doors(image[1], inside, n_levels, distance)
    seen, shares = levels_and_matrix(content, buffers)
    assert np.array_equal(seen, levels.levels[0])
    assert np.array_equal(shares, matrix.p[0].astype(np.float32))
    assert {entry["name"]: entry["number"] for entry in content["features"]} == dict(row)
    assert content["n"] == inside.sum() == levels.n_voxels
    assert shares.sum() == pytest.approx(1, abs=1e-6)


def test_result__names_every_feature_and_puts_those_of_the_lab_first():
    content, _ = Page(rg.paint(IMAGE)).strokes(disc((40, 32), 20, 16, 8))
    names = [entry["name"] for entry in content["features"]]
    assert tuple(names[:5]) == MAIN
    assert sorted(names) == sorted(TEXTURE)
    assert [entry["main"] for entry in content["features"]] == [True] * 5 + [False] * (len(TEXTURE) - 5)


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_labels__exist_for_every_feature_in_both_languages(lang):
    wording.choose(lang)
    content, _ = Page(rg.paint(IMAGE)).strokes(disc((40, 32), 20, 16, 8))
    labels = [entry["label"] for entry in content["features"]]
    assert len(set(labels)) == len(TEXTURE)


def test_area__is_of_the_slice_in_square_millimetres():
    painter = rg.paint(IMAGE, spacing_mm=(5, 0.5, 0.8))
    content, _ = Page(painter).strokes(disc((40, 32), 20, 16, 3))
    assert content["n"] == 29  # lattice points within 3 of a lattice point (OEIS A000328)
    assert content["area_mm2"] == pytest.approx(29 * 0.5 * 0.8)


def test_n_levels_and_distance__count_anew_when_they_change(monkeypatch):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    inside = disc((40, 32), 20, 16, 8)
    page = Page(rg.paint(IMAGE, mask=[np.zeros_like(inside), inside, np.zeros_like(inside)]))
    page.painter.set_state({"distance": 3})
    told = [content for content, _ in page.heard if content.get("kind") == "result"]
    assert [content["region"] for content in told] == ["a", "b"]
    assert told[0]["features"][0]["number"] == by_the_doors(IMAGE[1], inside, 32, 3)[2]["contrast"]
    page.painter.set_state({"n_levels": 8})
    told = [content for content, _ in page.heard if content.get("kind") == "result"]
    assert told[-2]["n_levels"] == 8


CORNERS = {
    "nothing": (np.zeros((6, 6), bool), RAMP, "Nothing is painted"),
    "one voxel": (
        np.eye(6, dtype=bool) & (np.arange(6) == 2),
        np.arange(36.0).reshape(6, 6),
        "Only one voxel",
    ),
    "one line": (np.arange(6)[:, None] == np.full(6, 2), RAMP, "in one line"),
    "flat": (np.ones((6, 6), bool), np.full((6, 6), 7.5), "same intensity, 7.5"),
    "NaN": (np.ones((6, 6), bool), np.where(np.eye(6), np.nan, 1.0), "6 of the 36"),
    "infinite": (np.ones((6, 6), bool), np.where(np.eye(6), np.inf, 1.0), "6 of the 36"),
    "too far": (disc((6, 6), 2, 2, 1), RAMP, "4 voxels apart"),
}


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("corner", CORNERS)
def test_region_without_texture__is_a_sentence_and_an_empty_matrix(corner, lang):
    inside, flat, said = CORNERS[corner]
    wording.choose(lang)
    found = live(flat, inside, distance=4)
    assert found.n == inside.sum()
    assert found.features == {}
    assert found.p.shape == (32, 32)
    assert not found.p.any()
    assert found.trouble
    if lang == "en":
        assert said in found.trouble


def test_flat_region__is_one_level():
    assert set(live(np.full((6, 6), 3), np.ones((6, 6), bool)).levels.ravel()) == {1}


def test_a_diagonal_pair__is_enough():
    """Two voxels that touch at a corner make one pair of the lowest and the highest level."""
    found = live(np.array([[0.0, 9], [9, 5]]), np.eye(2, dtype=bool), n_levels=8)
    assert found.features["contrast"] == 49
    assert found.p[0, 7] == found.p[7, 0] == 0.5


def test_kernels__are_loaded_when_the_widget_is_made():
    from rgteach.core.glcm import count_pairs
    from rgteach.core.levels import bin_up, extent

    rg.paint(IMAGE)
    ready = {kernel: len(kernel.signatures) for kernel in (bin_up, extent, count_pairs)}
    Page(rg.paint(IMAGE)).strokes(np.ones((40, 32)))
    assert {kernel: len(kernel.signatures) for kernel in ready} == ready
    assert all(ready.values())
