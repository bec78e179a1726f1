"""The pictures of a scan say what the numbers say, in both languages, at every edge."""

import warnings

import numpy as np
import pytest
from drawings import DRAWINGS, EFFECT, P

import rgteach as rg
from rgteach.plots import names, scanning
from rgteach.plots.page import alt_text, new_axes, picture


def test_volcano__puts_every_point_where_its_numbers_say():
    fig, ax = new_axes()
    DRAWINGS["scanning.volcano"](ax)
    plain, hit = (line.get_xydata() for line in ax.lines[:2])
    np.testing.assert_allclose(hit, [[0.9, 6]])
    np.testing.assert_allclose(plain, np.column_stack([EFFECT, -np.log10(P)])[1:])
    assert [text.get_text() for text in ax.texts] == ["1", "2"]
    assert ax.lines[3].get_ydata()[0] == pytest.approx(6)
    assert "1 are discoveries" in alt_text(fig)


def test_volcano__a_p_value_of_zero_has_a_finite_height():
    _, ax = new_axes()
    DRAWINGS["scanning.volcano-zero"](ax)
    assert np.isfinite(ax.get_ylim()).all()
    assert ax.get_ylim()[1] >= 300


def test_volcano__is_centred_on_no_effect():
    for name, middle in (("volcano", 0.5), ("volcano-rho", 0)):
        _, ax = new_axes()
        DRAWINGS[f"scanning.{name}"](ax)
        assert np.mean(ax.get_xlim()) == pytest.approx(middle)


def test_volcano__numbers_of_points_that_lie_close_stay_apart_and_above_the_axis():
    _, ax = new_axes()
    scanning.volcano(ax, [0.6, 0.6, 0.6, 0.4], [0.9, 0.9, 0.91, 1e-4], numbered=4)
    places = [text.get_position() for text in ax.texts][:3]
    heights = sorted(up for _, up in places)
    assert heights[0] >= 0
    assert np.diff(heights).min() >= 0.049


def test_histogram__draws_the_level_of_chance():
    _, ax = new_axes()
    scanning.p_histogram(ax, [9, 3, 2, 2])
    assert ax.lines[0].get_ydata()[0] == 4
    assert ax.patches[0].get_data().values.tolist() == [9, 3, 2, 2]


def test_qq__band_holds_the_middle_of_each_order_statistic():
    """Of n uniform p-values the k-th has a Beta(k, n − k + 1) distribution; 95 % of draws lie inside."""
    n, rng = 50, np.random.default_rng(1)
    _, ax = new_axes()
    scanning.qq(ax, (np.arange(n) + 0.5) / n, np.sort(rng.random(n)), n_tests=n)
    polygon = ax.collections[0].get_paths()[0].vertices
    smallest = -np.log10(rng.random((2000, n)).min(axis=1))
    at = polygon[:, 0].max()
    low, high = (f(polygon[np.isclose(polygon[:, 0], at), 1]) for f in (np.min, np.max))
    assert at == pytest.approx(-np.log10(0.5 / n))
    assert np.mean((smallest >= low) & (smallest <= high)) == pytest.approx(0.95, abs=0.02)


def test_groups__shows_every_patient_of_a_small_group_and_the_median():
    fig, ax = new_axes()
    DRAWINGS["scanning.groups"](ax)
    points = np.concatenate([line.get_ydata() for line in ax.lines if line.get_marker() in ("o", "^")])
    assert sorted(points) == [1, 2, 3, 4]
    assert "median 3.5 in 2 carriers, 1.5 in 2 others" in alt_text(fig)


def test_names__are_shortened_in_the_middle_and_never_read_as_formulas():
    long = "log-sigma-3-0-mm-3D_glszm_SmallAreaLowGrayLevelEmphasis"
    assert len(names.shortened(long)) <= names.LONGEST
    assert names.shortened(" a\n b ") == "a b"
    fig, ax = new_axes()
    scanning.groups(ax, [1, 2], [0, 1], feature="$x_{", gene="$\\frac")
    assert picture(fig).png.startswith(b"\x89PNG")


@pytest.mark.parametrize("font", ["there", "not there"])
def test_names__in_chinese_or_unknown_letters_are_never_boxes(monkeypatch, font):
    if font == "not there":
        monkeypatch.setattr(names, "chinese_font", lambda: None)
    elif names.chinese_font() is None:
        pytest.skip("no Chinese font on this computer")
    rg.setup("en")
    assert names.drawn("体积\U000f0000") == ("体积·" if font == "there" else "···")
    fig, ax = new_axes()
    scanning.effects(ax, ["体积 \U000f0000"], [0.6], [0.5], [0.7])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture(fig)
