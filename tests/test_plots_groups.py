"""The pictures of lab 04 show the patients, the ranks and the pairs that are there, in both languages."""

import numpy as np
import pytest
from drawings import CARRIERS, MUTANT, NULL, VALUES, WILD

import rgteach as rg
from rgteach.plots import chance, groups
from rgteach.plots.page import alt_text, new_axes


def test_strip__draws_every_patient_once_and_leaves_out_missing_ones():
    _, ax = new_axes()
    groups.strip(ax, [*VALUES, np.nan], [*CARRIERS, 1])
    drawn = [line.get_ydata() for line in ax.lines if line.get_marker() in "os"]
    assert [sorted(points) for points in drawn] == [WILD, MUTANT]


def test_strip__the_bar_is_the_median_and_the_arrow_the_mean():
    fig, ax = new_axes()
    groups.strip(ax, VALUES, CARRIERS, means=True)
    bars = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == "None" and len(line.get_ydata())]
    arrows = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == "<" and len(line.get_ydata())]
    assert bars == pytest.approx([0.95, 2.5])
    assert arrows == pytest.approx([1.25, 3.3])
    assert "median 2.5, from 0.9 to 6.5" in alt_text(fig)


def test_ladder__tells_each_rank_and_gives_ties_their_midrank():
    fig, ax = new_axes()
    groups.ladder(ax, [1, 2], [2, 5])
    assert "1 → 1, 2 → 2.5, 2 → 2.5, 5 → 4" in alt_text(fig)
    assert "mutants have the ranks 1, 2.5" in alt_text(fig)
    assert [text.get_text() for text in ax.texts][:4] == ["1", "2.5", "2.5", "4"]


@pytest.mark.parametrize("seed", range(5))
def test_pair_grid__shows_u_and_the_area_below_its_staircase_is_u(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 9, 14), rng.integers(0, 9, 17)
    u = rg.wilcoxon(x, y).statistic
    fig, ax = new_axes()
    groups.pair_grid(ax, x, y)
    assert ax.images[0].get_array().sum() == u
    along, up = ax.lines[-1].get_data()
    assert np.sum(np.diff(along) * (up[1:] + up[:-1]) / 2) == u
    assert f"win {u:,g} of {14 * 17}" in alt_text(fig)


def test_pair_grid__writes_the_pairs_of_a_dozen_patients():
    _, ax = new_axes()
    groups.pair_grid(ax, [2, 4], [2, 3])
    assert sorted(text.get_text() for text in ax.texts) == ["0", "1", "1", "½"]


def test_by_scanner__shows_all_patients_then_those_of_each_scanner():
    fig, axes = new_axes(3)
    assert groups.by_scanner(axes, VALUES, CARRIERS, [0, 1, 1, 0, 0, 0, 1], [0.1, 0.2, 0.3]) is axes
    assert [ax.get_title()[-3:] for ax in axes] == ["0.1", "0.2", "0.3"]
    shown = [sum(len(line.get_xdata()) for line in ax.lines if line.get_marker() in "os") for ax in axes]
    assert shown == [7, 4, 3]


def test_null_bars__marks_what_is_as_far_from_the_middle_on_both_sides():
    fig, ax = new_axes()
    chance.null_bars(ax, np.arange(13), NULL, 9)
    hatched = [bar.get_x() + bar.get_width() / 2 for bar in ax.patches if bar.get_hatch()]
    assert hatched == pytest.approx([0, 1, 2, 3, 9, 10, 11, 12])
    assert "40 % lie at least as far" in alt_text(fig)


def test_false_alarms__whiskers_are_intervals_of_a_share():
    _, ax = new_axes()
    chance.false_alarms(ax, [1, 2], {"welch": [0.05, 0.2]}, 2000)
    low, high = ax.collections[0].get_segments()[0][:, 1]
    assert high - low == pytest.approx(2 * 196 * np.sqrt(0.05 * 0.95 / 2000))


def test_forest__puts_interval_and_truth_where_they_are():
    fig, ax = new_axes()
    effect = rg.wilcoxon(np.arange(20) + 5, np.arange(20)).effect
    chance.forest(ax, {"a": effect}, {"a": 0.7})
    low, high = ax.collections[0].get_segments()[0][:, 0]
    assert (low, high) == pytest.approx((effect.low, effect.high))
    assert f"interval {effect.low:.2f} to {effect.high:.2f}, truth 0.70" in alt_text(fig)
