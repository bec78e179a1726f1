"""Figures are readable, described in words, small, and leave no trace."""

import io
import warnings

import matplotlib as mpl
import pytest
from matplotlib.text import Text
from PIL import Image

import rgteach as rg
from rgteach import wording
from rgteach.plots import page, style


@pytest.fixture
def chinese():
    """Speak Chinese, with a font that can."""
    wording.choose("zh")
    if style.chinese_font() is None:
        pytest.skip("no font with Chinese letters (Debian: apt install fonts-noto-cjk)")


def drawn(image, **options):
    fig, ax = rg.plots.new_axes()
    rg.plots.slice_view(ax, image, **options)
    return fig, ax


# ---- style


def test_style__changes_no_global_setting(image, mask):
    before = dict(mpl.rcParams)
    fig, _ = drawn(image, mask=mask, names={1: "a", 2: "b"}, unit="HU")
    rg.plots.picture(fig)
    assert dict(mpl.rcParams) == before


def test_style__opens_no_pyplot_figure(image):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    drawn(image)
    assert plt.get_fignums() == before


def test_style__figure_is_eight_by_five_and_letters_are_fifteen_points(image, mask):
    fig, ax = drawn(image, mask=mask, names={1: "core", 2: "rim"}, unit="HU")
    assert tuple(fig.get_size_inches()) == (8, 5)
    letters = [text for text in fig.findobj(Text) if text.get_text() and text.get_visible()]
    assert letters
    assert min(text.get_fontsize() for text in letters) >= 15
    assert min(line.get_linewidth() for line in ax.lines) >= 2


def test_style__colours_are_okabe_and_itos():
    assert set(style.COLOURS.values()) == {
        "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
    }  # fmt: skip


def test_new_axes__of_two_stand_side_by_side():
    fig, axes = rg.plots.new_axes(2)
    assert axes.shape == (2,)
    assert fig.get_figheight() == 5


def test_numbers__beside_an_axis_are_plain_letters_and_names_stay_names():
    """To set each as a formula would take a third of the time of a figure."""
    fig, axes = rg.plots.new_axes(2)
    axes[0].plot([-3e-7, 2e-7], [-1, 4])
    axes[1].bar(["mutant", "wild type"], [1, 2])
    fig.draw_without_rendering()
    numbers = [text.get_text() for text in axes[0].get_xticklabels()]
    assert {"−2", "0", "2"} <= set(numbers)
    assert "10^{−7}" in axes[0].xaxis.get_offset_text().get_text()
    assert [text.get_text() for text in axes[1].get_xticklabels()] == ["mutant", "wild type"]


# ---- fonts


def test_fonts__every_word_of_every_figure_has_its_glyphs(chinese):
    keys = [key for key, entry in wording._words().items() if isinstance(entry.get("zh"), str)]
    lines = [wording._words()[key]["zh"] for key in keys if key.startswith(("plot-", "lab0", "demo-"))]
    assert len(lines) > 40
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with style.style():
            fig, ax = rg.plots.new_axes()
            letters = sorted({letter for line in lines for letter in line if letter not in "$\n"})
            ax.text(0, 0, "".join(letters))
            fig.draw_without_rendering()
    assert len(letters) > 200
    assert [str(w.message) for w in caught if "missing from font" in str(w.message)] == []


def test_fonts__without_them_the_same_words_would_be_boxes():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fig, ax = rg.plots.new_axes()
        ax.text(0.5, 0.5, "灰度级", family="DejaVu Sans")
        fig.draw_without_rendering()
    assert any("missing from font" in str(w.message) for w in caught)


def test_fonts__without_a_chinese_one_labels_are_english_and_the_description_is_not(monkeypatch, image):
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    wording.choose("zh")
    fig, ax = drawn(image)
    assert ax.get_title().startswith("Axial slice")
    assert "轴位层面" in page.alt_text(fig)


def test_fonts__with_a_chinese_one_labels_are_chinese(chinese, image):
    _, ax = drawn(image)
    assert ax.get_title().startswith("轴位层面")


def test_fonts__installed_after_matplotlibs_list_are_found(monkeypatch):
    class Stale:
        ttflist = []

        def addfont(self, file):
            self.ttflist = [*self.ttflist, type("Font", (), {"name": "WenQuanYi Zen Hei"})()]

    monkeypatch.setattr(style.font_manager, "fontManager", Stale())
    monkeypatch.setattr(
        style.font_manager, "findSystemFonts", lambda: ["/fonts/a.ttf", "/fonts/wqy-zenhei.ttc"]
    )
    assert style.chinese_font.__wrapped__() == "WenQuanYi Zen Hei"


def test_fonts__that_are_damaged_are_passed_over(monkeypatch):
    class Broken:
        ttflist = []

        def addfont(self, file):
            raise RuntimeError("not a font")

    monkeypatch.setattr(style.font_manager, "fontManager", Broken())
    monkeypatch.setattr(style.font_manager, "findSystemFonts", lambda: ["/fonts/NotoSansCJK.ttc"])
    assert style.chinese_font.__wrapped__() is None


# ---- on the page


def test_picture__is_a_small_palette_png_with_its_description():
    patient = rg.cohorts.glioma(1)
    fig, _ = drawn(patient.image("FLAIR"), mask=patient.labels)
    shown = rg.plots.picture(fig)
    assert Image.open(io.BytesIO(shown.png)).mode == "P"
    assert len(shown.png) < 60_000
    html = shown._repr_mimebundle_()["text/html"]
    assert html.startswith('<img alt="Axial slice')
    assert "max-width:100%" in html
    assert shown._repr_mimebundle_()["text/plain"] == shown.alt


def test_picture__description_cannot_break_out_of_the_tag():
    fig, ax = rg.plots.new_axes()
    rg.plots.describe(ax, 'a "quoted" <b>word</b>\nand a line')
    html = rg.plots.picture(ax).to_html()
    assert 'alt="a &quot;quoted&quot; &lt;b&gt;word&lt;/b&gt; and a line"' in html
    assert page.alt_text(fig) == 'a "quoted" <b>word</b> and a line'


def test_picture__without_a_description_uses_title_and_axes():
    fig, ax = rg.plots.new_axes()
    ax.set(title="Loss", xlabel="step", ylabel="bits")
    assert rg.plots.picture(fig).alt == "Loss; step; bits"


def test_show__outside_a_notebook_prints_the_description_and_returns_nothing(capsys, image):
    _, ax = drawn(image)
    assert rg.plots.show(ax) is None
    assert capsys.readouterr().out.startswith("Axial slice 3 of 6, 40 by 30 voxels")


def test_show__closes_a_figure_that_pyplot_made(capsys):
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    ax.set_title("mine")
    rg.plots.show(fig)
    assert fig.number not in plt.get_fignums()
    assert "mine" in capsys.readouterr().out


def test_show__in_a_notebook_displays_html(monkeypatch, image):
    seen = []
    monkeypatch.setattr(page, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", seen.append)
    rg.plots.show(drawn(image)[0])
    assert seen[0].to_html().startswith("<img alt=")


def test_show__takes_the_array_of_new_axes(capsys, image):
    _, axes = rg.plots.new_axes(2)
    for ax in axes:
        rg.plots.slice_view(ax, image)
    rg.plots.show(axes)
    assert capsys.readouterr().out.count("Axial slice") == 2
