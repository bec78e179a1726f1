"""Figures are readable, described in words, small, and leave no trace."""

import io
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

import rgteach as rg
from rgteach import wording
from rgteach.plots import page, style


@pytest.fixture
def image():
    rng = np.random.default_rng(0)
    return rng.uniform(100, 500, (6, 40, 30))


@pytest.fixture
def mask():
    mask = np.zeros((6, 40, 30), np.uint8)
    mask[3, 10:20, 8:20] = 1
    mask[3, 12:15, 10:14] = 2
    mask[4, 11:13, 10:12] = 1
    return mask


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


def pixels(ax, k=0):
    return np.asarray(ax.images[k].get_array())


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


# ---- fonts


def test_fonts__every_word_of_every_figure_has_its_glyphs(chinese):
    keys = [key for key, entry in wording._words().items() if isinstance(entry.get("zh"), str)]
    lines = [wording._words()[key]["zh"] for key in keys if key.startswith(("plot-", "lab0", "demo-"))]
    assert len(lines) > 40
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with style.style():
            fig, ax = rg.plots.new_axes()
            for k, line in enumerate(lines):
                ax.text(0, k / len(lines), line.replace("$", ""))
            fig.canvas.draw()
    assert [str(w.message) for w in caught if "missing from font" in str(w.message)] == []


def test_fonts__without_them_the_same_words_would_be_boxes():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fig, ax = rg.plots.new_axes()
        ax.text(0.5, 0.5, "灰度级", family="DejaVu Sans")
        fig.canvas.draw()
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


# ---- slices


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
