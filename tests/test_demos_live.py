"""Demos with a front end and without: sliders that redraw, themes, troubles, and what a script keeps."""

import asyncio
import html
import re
import sys

import pytest
from stills import still

import rgteach as rg
from rgteach import wording
from rgteach.demos import glcm, kept, live, names, panel
from rgteach.demos.still import Still

DEMOS = names()


@pytest.fixture(params=DEMOS)
def demo(request):
    return rg.demo(request.param)


@pytest.fixture(params=[name for name in DEMOS if name != "painter"])
def slid(request):
    """The demos that are played with by sliders."""
    return rg.demo(request.param)


class Recorder:
    """Stands in for IPython's display: keeps what was shown, and what replaced it."""

    def __init__(self):
        self.shown, self.updates = [], []

    def __call__(self, thing, display_id=False):
        self.shown.append(thing)
        return self if display_id else None

    def update(self, thing):
        self.updates.append(thing)


@pytest.fixture(autouse=True)
def _drawn_once(monkeypatch):
    monkeypatch.setattr(panel.Demo, "still", still)


@pytest.fixture
def display(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr("IPython.display.display", recorder)
    return recorder


def sliders(display):
    return next(thing for thing in display.shown if isinstance(thing, live.Sliders)).widgets


def test_live__moving_a_slider_replaces_the_picture(monkeypatch, display, slid):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    slid._ipython_display_()
    question, _, opening, answer = display.shown
    assert slid.question.split()[0] in question.html
    assert "<details>" in answer.html
    control, slider = slid.controls[-1], sliders(display)[-1]
    slider.index = [0 if control.start == control.choices[-1] else len(control.choices) - 1]
    assert len(display.updates) == 1
    assert display.updates[-1].html != opening.html
    settings = {c.name: s.value for c, s in zip(slid.controls, sliders(display), strict=True)}
    assert display.updates[-1].text == slid.still(theme="light", **settings).text
    assert html.escape(slid.settings_in_words(**settings)) in display.updates[-1].html


def test_live__what_is_kept_is_hidden_by_its_own_sliders_only(monkeypatch, display):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    for _ in range(2):
        rg.demo("lasso")._ipython_display_()
    keys = [
        re.search('data-of="([^"]+)"', thing.html)[1]
        for thing in display.shown
        if "data-of" in getattr(thing, "html", "")
    ]
    theirs = [thing.widgets for thing in display.shown if isinstance(thing, live.Sliders)]
    assert len(set(keys)) == 2
    assert keys == [widgets[0].key for widgets in theirs]
    for widgets in theirs:
        assert len({one.key for one in widgets}) == 1


def test_live__at_rest_the_picture_holds_both_themes_again(monkeypatch, display):
    async def moves():
        shown = live.Live(rg.demo("glcm"))
        shown.show()
        for k in (0, 2, 1):
            shown.sliders["place"].index = [k]
        await asyncio.sleep(0.2)

    drawn = []
    monkeypatch.setattr(panel.Demo, "still", lambda self, *, theme, **s: drawn.append(theme) or Still("", ""))
    monkeypatch.setattr(live, "REST_S", 0.05)
    asyncio.run(moves())
    assert drawn == ["both", "light", "light", "light", "both"]


def test_rest__means_that_nothing_else_is_moved_either(monkeypatch):
    now, acts = [0.0], []
    monkeypatch.setattr(kept, "monotonic", lambda: now[0])
    slow, quick = kept.Rest(4.0, lambda: acts.append("slow")), kept.Rest(1.0, lambda: acts.append("quick"))
    slow.moved()
    now[0] = 3.0
    quick.moved()
    now[0] = 4.5
    slow._look()
    assert acts == []
    quick._look()
    assert acts == ["quick"]
    now[0] = 7.0
    slow._look()
    assert acts == ["quick", "slow"]


def test_live__a_range_is_heard_as_a_pair(monkeypatch, display):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    rg.demo("histogram")._ipython_display_()
    sliders(display)[1].index = [1, 4]
    assert sliders(display)[1].value == (10, 40)
    assert len(display.updates) == 1


def test_live__sliders_are_labelled_and_tell_their_settings_in_words(monkeypatch, display, slid):
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    monkeypatch.setattr(panel.Demo, "still", lambda self, **settings: Still("", ""))
    slid._ipython_display_()
    for control, slider in zip(slid.controls, sliders(display), strict=True):
        assert slider.description == slid.label(control)
        assert slider.value == control.start
        assert slider.texts == [control.show(choice) for choice in control.choices]
        assert len(slider.index) == (2 if control.is_range else 1)
        assert len(slider.ends) == (2 if control.is_range else 0)
    bundle = next(thing for thing in display.shown if isinstance(thing, live.Sliders))._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert bundle["text/plain"] == slid.settings_in_words()


@pytest.fixture
def themes(monkeypatch, display):
    """The demo of lab 02, live; gives its sliders and the themes that were drawn."""
    drawn = []
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    monkeypatch.setattr(panel.Demo, "still", lambda self, *, theme, **s: drawn.append(theme) or Still("", ""))
    rg.demo("glcm")._ipython_display_()
    return sliders(display), drawn


def test_live__opens_for_both_themes_and_then_draws_the_one_that_is_shown(themes):
    (place, side, distance), drawn = themes
    assert drawn == ["both"]
    place.index = [0]
    assert drawn == ["both", "light"]
    for slider in (place, side, distance):  # the page turns dark, and each slider tells
        slider.dark = True
    assert drawn == ["both", "light", "dark"]
    distance.index = [3]
    assert drawn[3:] == ["dark"]


def test_live__a_dark_page_is_no_reason_to_draw_the_first_picture_again(themes):
    (place, side, _), drawn = themes
    place.dark = True
    assert drawn == ["both"]
    side.index = [0]
    assert drawn == ["both", "dark"]


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("kind", ["refused", "broken"])
def test_live__a_picture_that_cannot_be_drawn_is_a_sentence_and_the_sliders_go_on(
    monkeypatch, display, kind, lang
):
    wording.choose(lang)
    monkeypatch.setenv("RGTEACH_DEMO", "live")
    rg.demo("glcm")._ipython_display_()
    refused = rg.LearnerError("unknown-demo", given="<x>", known="y", nearest="z")
    trouble = refused if kind == "refused" else ZeroDivisionError("<b>by zero</b>")

    def refuse(**settings):
        raise trouble

    with monkeypatch.context() as broken:
        broken.setattr(glcm, "compute", refuse)
        sliders(display)[0].index = [1]
    page = display.updates[-1]
    assert str(trouble).splitlines()[0] in page.text
    assert "&lt;" in page.html
    assert "<b>" not in page.html
    assert "<img" not in page.html
    sliders(display)[0].index = [2]
    assert "<img" in display.updates[-1].html


def test_still__is_one_output_with_everything(monkeypatch, display, demo):
    monkeypatch.setenv("RGTEACH_DEMO", "still")
    demo._ipython_display_()
    (page,) = display.shown
    for piece in ("<b>", "<img alt=", "<table", "<details><summary>"):
        assert piece in page.html
    assert demo.settings_in_words() in page.text


def test_still__is_what_a_notebook_run_by_a_script_keeps(monkeypatch, warm):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    for name in ("RGTEACH_DEMO", "SERVER_SOFTWARE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "executable", warm)
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
