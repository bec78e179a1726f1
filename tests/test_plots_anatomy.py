"""Slices lie as radiologists read them, to scale, and say what they show."""

import numpy as np
import pytest

import rgteach as rg
from rgteach.plots import page


def drawn(image, **options):
    fig, ax = rg.plots.new_axes()
    rg.plots.slice_view(ax, image, **options)
    return fig, ax


def pixels(ax, k=0):
    return np.asarray(ax.images[k].get_array())


def test_slice__shows_the_one_with_most_of_the_mask(image, mask):
    _, ax = drawn(image, mask=mask)
    assert ax.get_title() == "Axial slice, z = 3"
    assert np.array_equal(pixels(ax), image[3])


def test_slice__of_a_flat_array_is_the_only_one(image):
    fig, ax = drawn(image[2])
    assert np.array_equal(pixels(ax), image[2])
    assert "Axial slice 0 of 1" in page.alt_text(fig)


def test_slice__right_is_left_whatever_way_the_array_runs(image):
    _, from_dicom = drawn(image, orientation="LPS")
    _, from_nifti = drawn(image[:, ::-1, ::-1], orientation="RAS")
    assert np.array_equal(pixels(from_dicom), pixels(from_nifti))
    places = {text.get_text(): text.get_position() for text in from_dicom.texts}
    assert places["R"][0] < 0.5 < places["L"][0]
    assert places["P"][1] < 0.5 < places["A"][1]


def test_slice__of_unknown_orientation_claims_no_side(image):
    _, ax = drawn(image, orientation=None)
    assert not {"R", "L", "A", "P"} & {text.get_text() for text in ax.texts}


def test_slice__scale_bar_is_as_long_as_it_says(image):
    _, ax = drawn(image, spacing_mm=(2, 0.5, 0.5))
    bar = ax.lines[-1].get_xdata()
    said = next(text.get_text() for text in ax.texts if text.get_text().endswith("mm"))
    assert bar[1] - bar[0] == float(said.split()[0]) == 5
    assert ax.images[0].get_extent() == [0, 15, 20, 0]


def test_slice__outline_runs_along_the_voxel_edges(image):
    mask = np.zeros((40, 30), bool)
    mask[10:12, 5:9] = True
    _, ax = drawn(image[0], mask=mask, spacing_mm=(1, 2, 3))
    outline = ax.lines[0].get_xydata()
    steps = np.abs(np.diff(outline, axis=0)) / (3, 2)
    assert np.array_equal(outline[0], outline[-1])
    assert steps.sum() == 2 * (2 + 4)
    assert {tuple(step) for step in steps} == {(1, 0), (0, 1)}
    assert (outline.min(axis=0) == (15, 20)).all()
    assert (outline.max(axis=0) == (27, 24)).all()


def test_slice__each_label_has_a_colour_and_a_line_of_its_own(image, mask):
    fig, ax = drawn(image, mask=mask, names={1: "shell", 2: "middle"})
    outlines = ax.lines[:-1]
    assert len({(line.get_color(), line.get_linestyle()) for line in outlines}) == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["shell", "middle"]
    assert "Its parts: shell, middle." in page.alt_text(fig)


def test_slice__window_is_used_and_told(image):
    fig, ax = drawn(image, window=(-160, 240), unit="HU")
    assert ax.images[0].get_clim() == (-160, 240)
    assert "from -160 (black) to 240 HU (white)" in page.alt_text(fig)


@pytest.mark.parametrize("fill", [0.0, 7.0, np.nan])
def test_slice__of_nothing_is_still_drawn(fill):
    fig, _ = drawn(np.full((2, 5, 5), fill), mask=np.zeros((2, 5, 5), bool))
    assert rg.plots.picture(fig).png


# ---- levels


def test_levels__outside_stays_white_and_every_level_has_a_colour():
    levels = np.array([[[0, 1, 2], [3, 4, 0]]])
    fig, ax = rg.plots.new_axes()
    rg.plots.level_view(ax, levels)
    assert pixels(ax).shape == (2, 3)
    assert ax.images[0].get_array().mask.sum() == 2
    assert ax.images[0].cmap.N == 4
    assert "4 voxels inside the region hold 4 different levels, from 1 to 4" in page.alt_text(fig)


def test_levels__take_the_result_of_quantise(image, mask):
    levels = rg.quantise(rg.voi(image, mask > 0, (2, 1, 1)), bin_count=16)
    fig, ax = rg.plots.new_axes()
    rg.plots.level_view(ax, levels)
    assert "of 16 possible" in page.alt_text(fig)
    assert ax.get_title().startswith("Gray levels 1-16")


@pytest.mark.parametrize("n", [1, 2, 6, 7, 32, 300])
def test_levels__ticks_are_few_and_hold_both_ends(n):
    from rgteach.plots.anatomy import _level_ticks

    ticks = _level_ticks(n)
    assert ticks[0] == 1
    assert ticks[-1] == n
    assert len(ticks) <= 6


# ---- what bad input gets


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("plot-no-slice", {"z": 6}),
        ("plot-no-slice", {"z": -1}),
        ("plot-mask-shape", {"mask": np.ones((6, 40, 29))}),
        ("unknown-option", {"orientation": "LAS"}),
    ],
)
def test_slice__that_cannot_be_drawn_says_why(image, key, options):
    with pytest.raises(rg.LearnerError) as trouble:
        drawn(image, **options)
    assert trouble.value.key == key


def test_slice__of_four_dimensions_says_to_choose(image):
    with pytest.raises(rg.LearnerError, match=r"image\[0\]"):
        drawn(image[np.newaxis])
