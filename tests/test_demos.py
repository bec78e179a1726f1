"""Demos work at every end of every slider, in both languages, with a front end and without."""

import numpy as np
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from stills import still

import rgteach as rg
from rgteach import wording
from rgteach.demos import names, panel
from rgteach.plots.style import style

DEMOS = names()
SMALLEST_PT = 12


@pytest.fixture(params=DEMOS)
def demo(request):
    return rg.demo(request.param)


def test_names__stand_in_the_order_of_the_course_and_reach_every_lab():
    assert DEMOS[:2] == ["histogram", "glcm"]
    assert [rg.demo(name).lab for name in DEMOS] == sorted(rg.demo(name).lab for name in DEMOS)
    assert {rg.demo(name).lab for name in DEMOS} == set(range(1, 8))
    assert names(lab=4) == ["wilcoxon"]
    assert names(lab=99) == []


@pytest.mark.parametrize(
    ("given", "nearest"), [("histgram", "histogram"), ("GLMC", "glcm"), ("glcms", "glcm")]
)
def test_unknown_name__suggests_the_nearest(given, nearest):
    with pytest.raises(rg.LearnerError, match=f"rg.demo\\('{nearest}'\\)") as trouble:
        rg.demo(given)
    assert trouble.value.key == "unknown-demo"


def test_controls__are_at_most_three_and_start_inside(demo):
    assert 1 <= len(demo.controls) <= panel.MOST_CONTROLS
    for control in demo.controls:
        start = control.start if control.is_range else (control.start,)
        assert set(start) <= set(control.choices)


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_words__question_answer_and_labels_exist_in_both_languages(demo, lang):
    wording.choose(lang)
    texts = [demo.question, demo.answer, *(demo.label(control) for control in demo.controls)]
    assert all(texts)
    assert demo.question.endswith({"en": "?", "zh": "？"}[lang])
    assert "{" not in demo.settings_in_words()


@pytest.mark.parametrize("name", DEMOS)
def test_corners__all_draw_with_finite_numbers_or_say_undefined(name):
    demo = rg.demo(name)
    corners = demo.corners()
    assert len(corners) == np.prod([len(control.ends()) for control in demo.controls])
    for corner in corners:
        drawn = still(demo, theme="light", **corner)
        assert '<img alt="' in drawn.html
        assert "nan" not in drawn.text.lower()
        assert len(drawn.html) < 110_000


def test_opening__is_small_enough_for_a_repository(demo):
    assert len(still(demo).html) < 80_000


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_letters__are_large_plain_and_on_the_picture(demo, lang):
    """Readable from the last row; a number set as a formula takes longer than all of the drawing."""
    wording.choose(lang)
    for settings in ({}, demo.corners()[0], demo.corners()[-1]):
        fig = demo.figure(demo.recipe.compute(**(demo.opening() | settings)))
        with style():  # as a picture is drawn: how many numbers stand at an axis depends on their size
            fig.draw_without_rendering()
            boxes = [ax.get_tightbbox() for ax in fig.axes]
        for text in (text for text in fig.findobj(Text) if text.get_text() and text.get_visible()):
            assert text.get_fontsize() >= SMALLEST_PT, text
            assert "$" not in text.get_text()
        whole = Bbox.union(boxes)
        assert min(whole.x0, whole.y0) > -1
        assert (np.array([whole.x1, whole.y1]) < fig.bbox.size + 1).all()
        left, right = (Bbox.union([box for box in boxes if box.x0 in side]) for side in _halves(boxes))
        assert left.x1 <= right.x0 + 1


def _halves(boxes):
    """Where the boxes of the first axes begin, and of all others."""
    starts = sorted({box.x0 for box in boxes})
    return starts[:1], starts[1:]


def test_axes__stay_where_they_are_while_a_slider_moves():
    demo = rg.demo("tpm")
    demo.still(theme="light")
    seen = set()
    for depth in demo.controls[0].choices:
        fig = demo.figure(demo.recipe.compute(**(demo.opening() | {"depth": depth})))
        seen.add(tuple(round(value, 6) for ax in fig.axes for value in ax.get_position().bounds))
    assert len(seen) == 1


@pytest.mark.parametrize("name", [name for name in DEMOS if name != "painter"])
def test_every_setting_of_every_slider__computes(name):
    demo = rg.demo(name)
    for control in demo.controls:
        values = control.ends() if control.is_range else control.choices
        for value in values:
            view = demo.recipe.compute(**(demo.opening() | {control.name: value}))
            assert all(np.isfinite(v) or n == "correlation" for n, v in view.features.items())


def test_compute__leaves_the_opening_view_as_it_was(demo):
    before = still(demo, theme="light").text
    for corner in demo.corners():
        demo.recipe.compute(**corner)
    assert demo.still(theme="light").text == before


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_still__of_one_theme_says_the_same_and_is_another_picture(demo, theme):
    one, both = still(demo, theme=theme), still(demo)
    assert one.text == both.text
    assert one.html != both.html
    assert "image/svg+xml" not in one.html


# ---- settings that there are not


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_settings__that_there_are_not_are_named_with_the_nearest(lang):
    wording.choose(lang)
    with pytest.raises(rg.LearnerError, match="distance=") as trouble:
        rg.demo("glcm").still(distanse=2)
    assert trouble.value.key == "demo-no-control"
    with pytest.raises(rg.LearnerError, match="1, 2, 3, 4, 5") as trouble:
        rg.demo("glcm").still(distance=2.5)
    assert trouble.value.key == "demo-no-setting"


@pytest.mark.parametrize("window", [(10, 5), (0,), (0, 55), 50, None], ids=str)
def test_settings__of_a_range_are_two_places_in_order(window):
    with pytest.raises(rg.LearnerError) as trouble:
        rg.demo("histogram").still(window=window)
    assert trouble.value.key == "demo-no-setting"


# ---- for whoever stands in front


def test_notes__are_three_to_five_points_in_both_languages(demo):
    points = {}
    for lang in wording.LANGUAGES:
        wording.choose(lang)
        points[lang] = demo.notes.splitlines()
        assert all(point == point.strip() and point for point in points[lang])
        assert any(mark in points[lang][0] for mark in "?？:："), "the first point asks the room"
        assert demo.title
    assert 3 <= len(points["en"]) == len(points["zh"]) <= 5
    assert any("isunders" in point for point in points["en"])
    assert any("误解" in point for point in points["zh"])


def test_draw__takes_axes_and_returns_them(demo):
    _, axes = rg.plots.new_axes(demo.recipe.N_AXES)
    assert demo.recipe.draw(axes, demo.recipe.compute(**demo.opening())) is axes


def test_repr__outside_a_notebook_is_the_question_and_the_numbers(demo):
    text = repr(demo)
    assert text.startswith(demo.question)
    assert demo.settings_in_words() in text
