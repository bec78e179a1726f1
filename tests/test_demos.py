"""Demos work at every end of every slider, in both languages, with a front end and without."""

import numpy as np
import pytest

import rgteach as rg
from rgteach import wording
from rgteach.demos import glcm, histogram, live, names, panel

DEMOS = names()


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
        still = demo.still(**corner)
        assert '<img alt="' in still.html
        assert "nan" not in still.text.lower()
        assert len(still.html) < 80_000


def test_every_setting_of_every_slider__computes(demo):
    for control in demo.controls:
        values = control.ends() if control.is_range else control.choices
        for value in values:
            view = demo.recipe.compute(**(demo.opening() | {control.name: value}))
            assert all(np.isfinite(v) or n == "correlation" for n, v in view.features.items())


def test_compute__leaves_the_opening_view_as_it_was(demo):
    before = demo.still().text
    for corner in demo.corners():
        demo.recipe.compute(**corner)
    assert demo.still().text == before


def test_draw__takes_axes_and_returns_them(demo):
    _, axes = rg.plots.new_axes(demo.recipe.N_AXES)
    assert demo.recipe.draw(axes, demo.recipe.compute(**demo.opening())) is axes


def test_repr__outside_a_notebook_is_the_question_and_the_numbers(demo):
    text = repr(demo)
    assert text.startswith(demo.question)
    assert demo.settings_in_words() in text


# ---- what the answers say is true


def moved(bins=("count", 32), window=(0, 100), change=(1, 0)):
    """The features that differ from the opening view."""
    view = histogram.compute(bins, window, change)
    return {
        n for n in histogram.SHOWN if not np.isclose(view.features[n], view.opening[n], rtol=1e-6, atol=1e-9)
    }


def test_histogram_answer__shift_and_scale_with_a_fixed_number_of_bins():
    assert moved(change=(1, 300)) == {"mean"}
    assert moved(change=(2, 300)) == moved(change=(0.5, 0)) == {"mean", "variance"}
    assert moved(change=(-1, 1500)) >= {"mean", "skewness", "ih_skewness"}
    assert "kurtosis" not in moved(change=(-1, 1500))


@pytest.mark.parametrize("width", [100, 50, 25])
def test_histogram_answer__twice_the_scale_with_a_fixed_width_is_one_bit(width):
    plain = histogram.compute(("width", width), (0, 100), (1, 0)).features
    shifted = histogram.compute(("width", width), (0, 100), (1, 300)).features
    doubled = histogram.compute(("width", width), (0, 100), (2, 0)).features
    assert shifted["ih_entropy"] == plain["ih_entropy"]
    assert doubled["ih_entropy"] - plain["ih_entropy"] == pytest.approx(1, abs=0.05)
    assert doubled["ih_variance"] / plain["ih_variance"] == pytest.approx(4, rel=0.05)


def test_histogram_answer__a_window_cuts_variance_and_kurtosis():
    whole, cut = (
        histogram.compute(("count", 32), window, (1, 0)).features for window in ((0, 100), (10, 90))
    )
    assert cut["variance"] < whole["variance"]
    assert cut["kurtosis"] < whole["kurtosis"]


def test_histogram_window__never_closes():
    tumour = histogram._patient()[1].sum()
    for window in ((0, 0), (50, 50), (100, 100)):
        kept = histogram.compute(("count", 32), window, (1, 0)).kept.sum()
        assert kept / tumour == pytest.approx(histogram.LEAST_KEPT / 100, abs=0.02)


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


# ---- with a front end and without


class Recorder:
    """Stands in for IPython's display: keeps what was shown, and what replaced it."""

    def __init__(self):
        self.shown, self.updates = [], []

    def __call__(self, thing, display_id=False):
        self.shown.append(thing)
        return self if display_id else None

    def update(self, thing):
        self.updates.append(thing)


@pytest.fixture
def display(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr("IPython.display.display", recorder)
    return recorder


def sliders(display):
    return next(thing for thing in display.shown if isinstance(thing, live.Sliders)).widgets


def test_live__moving_a_slider_replaces_the_picture(monkeypatch, display, demo):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    demo._ipython_display_()
    question, _, opening, answer = display.shown
    assert demo.question.split()[0] in question.html
    assert "<details>" in answer.html
    for control, slider in zip(demo.controls, sliders(display), strict=True):
        slider.index = [0, 4] if control.is_range else [len(control.choices) - 1]
    assert len(display.updates) == len(demo.controls)
    assert display.updates[-1].html != opening.html
    assert display.updates[-1].text == demo.still(
        **{c.name: s.value for c, s in zip(demo.controls, sliders(display), strict=True)}
    ).text  # fmt: skip


def test_live__sliders_are_labelled_and_tell_their_settings_in_words(monkeypatch, display, demo):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    demo._ipython_display_()
    for control, slider in zip(demo.controls, sliders(display), strict=True):
        assert slider.description == demo.label(control)
        assert slider.value == control.start
        assert slider.texts == [control.show(choice) for choice in control.choices]
        assert len(slider.index) == (2 if control.is_range else 1)
        assert len(slider.ends) == (2 if control.is_range else 0)


def test_live__sliders_are_words_where_there_is_no_front_end(monkeypatch, display, demo):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    demo._ipython_display_()
    bundle = next(thing for thing in display.shown if isinstance(thing, live.Sliders))._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert bundle["text/plain"] == demo.settings_in_words()


def test_live__a_setting_that_the_science_refuses_is_explained(monkeypatch, display):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    demo = rg.demo("glcm")
    demo._ipython_display_()

    def refuse(**settings):
        raise rg.LearnerError("unknown-demo", given="x", known="y", nearest="z")

    monkeypatch.setattr(glcm, "compute", refuse)
    sliders(display)[0].index = [1]
    assert "There is no demo named" in display.updates[-1].html


def test_still__is_one_output_with_everything(monkeypatch, display, demo):
    monkeypatch.setenv("RGTEACH_DEMO", "still")
    demo._ipython_display_()
    (page,) = display.shown
    for piece in ("<b>", "<img alt=", "<table", "<details><summary>"):
        assert piece in page.html
    assert demo.settings_in_words() in page.text


def test_still__is_what_a_notebook_run_by_a_script_keeps(monkeypatch):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    for name in ("RGTEACH_DEMO", "SERVER_SOFTWARE"):
        monkeypatch.delenv(name, raising=False)
    cells = ["import rgteach as rg\nrg.setup('zh')", "rg.demo('glcm')", "rg.demo()"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    (output,) = notebook.cells[1].outputs
    assert set(output.data) == {"text/html", "text/plain"}
    assert "<img alt=" in output.data["text/html"]
    assert "对比度" in output.data["text/html"]
    assert "widgets" not in notebook.metadata
    assert len(nbformat.writes(notebook)) < 80_000


def test_voila__counts_as_a_front_end(monkeypatch):
    class Shell:
        kernel = type("Kernel", (), {"_allow_stdin": False})()

    monkeypatch.delenv("RGTEACH_DEMO", raising=False)
    monkeypatch.setattr("IPython.get_ipython", lambda: Shell)
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    assert panel.someone_listens()
    monkeypatch.delenv("SERVER_SOFTWARE")
    assert not panel.someone_listens()
    Shell.kernel._allow_stdin = True
    assert panel.someone_listens()
