"""The pictures of lab 02 show the pairs that are there, in both languages."""

import numpy as np
import pytest
from drawings import HARALICK, LINES, POINTS, RIGHT

import rgteach as rg
from rgteach.plots import matrices, series
from rgteach.plots.page import alt_text, new_axes


@pytest.mark.parametrize("step", [(0, 1), (1, -1), (-1, 0), (2, 1), (0, 9)])
def test_number_grid__draws_one_arrow_for_each_pair_inside_the_mask(step):
    masked = HARALICK * [[1, 1, 1, 1], [1, 0, 1, 1], [0, 1, 1, 1], [0, 0, 1, 1]]
    dy, dx = step
    expected = sum(
        bool(masked[y, x] and 0 <= y + dy < 4 and 0 <= x + dx < 4 and masked[y + dy, x + dx])
        for y in range(4)
        for x in range(4)
    )
    _, ax = new_axes()
    matrices.number_grid(ax, masked, step=step)
    arrows = [text for text in ax.texts if text.get_text() == ""]
    assert len(arrows) == expected


def test_number_grid__leaves_the_outside_blank():
    _, ax = new_axes()
    matrices.number_grid(ax, [[0, 2], [1, 2]])
    assert np.ma.getmaskarray(ax.images[0].get_array()).tolist() == [[True, False], [False, False]]
    assert [text.get_text() for text in ax.texts] == ["·", "2", "1", "2"]


def test_matrix_view__writes_whole_numbers_for_counts_and_shares_for_p():
    for table, first in ((RIGHT, "2"), (RIGHT / 12, "0.17")):
        _, ax = new_axes()
        matrices.matrix_view(ax, table)
        assert ax.texts[0].get_text() == first


def test_matrix_view__says_how_close_to_the_diagonal_a_large_table_is():
    table = np.zeros((16, 16))
    table[3, 3], table[3, 4], table[0, 15] = 0.5, 0.25, 0.25
    fig, ax = new_axes()
    matrices.matrix_view(ax, table)
    assert "75 % of all pairs" in alt_text(fig)


def test_matrix_view__draws_an_empty_table():
    for n in (3, 16):
        fig, ax = new_axes()
        matrices.matrix_view(ax, np.zeros((n, n)))
        fig.canvas.draw()
        assert alt_text(fig)


def test_side_by_side__shares_one_colour_scale():
    fig = matrices.side_by_side({"I": np.eye(16) / 16, "II": np.full((16, 16), 1 / 256)})
    tops = {image.norm.vmax for ax in fig.axes for image in ax.images}
    assert tops == {1 / 16}


def test_weight_maps__show_the_weights_of_contrast_and_homogeneity():
    fig = matrices.weight_maps(4)
    contrast, homogeneity = (ax.images[0].get_array() for ax in fig.axes)
    assert contrast[0].tolist() == [0, 1, 4, 9]
    assert homogeneity[0].tolist() == [1, 0.5, 0.2, 0.1]


def test_directions__number_thirteen_neighbours_and_their_opposites():
    fig = matrices.directions()
    drawn = sorted(int(t.get_text().replace("−", "-")) for ax in fig.axes for t in ax.texts if t.get_text())
    assert drawn == [k for k in range(-13, 14) if k]
    for (dz, dy, dx), number in (((0, 0, 1), 1), ((1, 1, 1), 13), ((-1, -1, -1), -13)):
        at = {t.get_position(): t.get_text() for t in fig.axes[dz + 1].texts}
        assert at[(dx, dy)].replace("−", "-") == str(number)


def test_directions__are_those_that_rgteach_counts():
    fig = matrices.directions()
    steps = rg.glcm(HARALICK[np.newaxis].repeat(2, axis=0)).offsets.tolist()
    said = alt_text(fig)
    assert len(steps) == 13
    assert all(str(tuple(step)) in said for step in steps)


def test_curves__are_told_by_marker_and_line_as_well_as_by_colour():
    _, ax = new_axes()
    series.curves(ax, [1, 2, 3], LINES, over="noise", show="contrast")
    signs = {(line.get_marker(), line.get_linestyle()) for line in ax.lines}
    assert len(signs) == 2


def test_curves__keep_correlation_on_a_scale_up_to_one():
    _, ax = new_axes()
    series.curves(ax, [1, 2], {"I": [0.51, 0.52]}, over="distance", show="correlation")
    low, high = ax.get_ylim()
    assert low <= 0
    assert high == 1


def test_clouds__show_every_value_once():
    _, ax = new_axes()
    series.clouds(ax, [3, 6], POINTS, over="side", show="correlation")
    shown = np.sort(np.concatenate([line.get_ydata() for line in ax.lines]))
    assert shown.tolist() == np.sort(np.concatenate([v.ravel() for v in POINTS.values()])).tolist()


def test_two_groups__put_each_patient_above_its_own_group():
    _, ax = new_axes()
    series.two_groups(ax, [1, 2, 3, 5], [False, True, False, True], title="correlation")
    wild, wild_median, mutated, mutated_median = ax.lines
    assert wild.get_ydata().tolist() == [1, 3]
    assert mutated.get_ydata().tolist() == [2, 5]
    assert np.abs(wild.get_xdata()).max() < 0.3
    assert np.abs(mutated.get_xdata() - 1).max() < 0.3
    assert wild_median.get_ydata()[0] == 2
    assert mutated_median.get_ydata()[0] == 3.5


def test_two_groups__one_of_them_empty_is_drawn():
    fig, ax = new_axes()
    series.two_groups(ax, [1, 2], [True, True], title="contrast")
    assert "2 patients" in alt_text(fig)
