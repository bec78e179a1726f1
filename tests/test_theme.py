"""Figures in light and dark: what turns, what stays, and what a browser shows where."""

import io
import re
from base64 import b64decode

import numpy as np
import pytest
from dimmed import trouble
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import rgteach as rg
from rgteach.demos import names as demo_names
from rgteach.plots import page, raster
from rgteach.plots.style import COLOURS
from rgteach.plots.theme import GROUND, INK, WHITE, contrast, on_dark

SHADE = st.floats(0, 1)


def pictures_of(fig) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The light and the dark picture of a figure, and what is wrong with them."""
    fig.set_dpi(page.DPI)
    light, dark = raster.part(page._both(fig))
    return light, dark, trouble(fig, light, dark)


def svg(html: str) -> str:
    return b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)[1]).decode()


# ---- colours


@pytest.mark.parametrize("name", sorted(set(COLOURS) - {"black"}))
def test_okabe_ito__stays_and_reaches_3_to_1_on_dark_and_letters_reach_4_and_a_half(name):
    rgb = tuple(int(COLOURS[name][k : k + 2], 16) / 255 for k in (1, 3, 5))
    assert on_dark(rgb) == rgb
    assert contrast(rgb, GROUND) >= 3
    before = float(contrast(rgb, WHITE))
    assert contrast(on_dark(rgb, 4.5), GROUND) >= min(4.5, before) - 0.02


def test_black_and_white__change_places():
    assert on_dark((1.0, 1.0, 1.0)) == GROUND
    np.testing.assert_allclose(on_dark((0.0, 0.0, 0.0)), INK, atol=0.5 / 255)


@given(SHADE, SHADE)
def test_grays__keep_their_order_turned_round(a, b):
    low, high = sorted((a, b))
    assert on_dark((low,) * 3)[0] >= on_dark((high,) * 3)[0] - 1 / 255


@given(SHADE, SHADE, SHADE, st.sampled_from([0.4, 1.0]))
def test_on_dark__is_seen_as_well_as_on_white_or_reaches_3_to_1(red, green, blue, alpha):
    rgb = (red, green, blue)

    def over(colour, ground):
        return alpha * np.array(colour) + (1 - alpha) * np.array(ground)

    before = float(contrast(over(rgb, WHITE), WHITE))
    after = float(contrast(over(on_dark(rgb, 3.0, alpha), GROUND), GROUND))
    assert after >= min(3.0, before**0.85) - 0.1


# ---- pictures


@pytest.mark.parametrize("demo", demo_names())
def test_demo__can_be_read_on_a_dark_ground(demo, monkeypatch):
    found, real = [], page._both

    def both(fig):
        joined = real(fig)
        found.append(trouble(fig, *raster.part(joined)))
        return joined

    monkeypatch.setattr(page, "_both", both)
    rg.demo(demo).still()
    assert found == [[]]


def test_scan__stays_as_it_is_with_white_letters_on_it_while_the_paper_turns():
    patient = rg.cohorts.glioma(seed=1, size="small")
    fig, ax = rg.plots.new_axes()
    rg.plots.slice_view(ax, patient.image("FLAIR"), spacing_mm=patient.spacing_mm)
    light, dark, wrong = pictures_of(fig)
    assert wrong == []
    box = ax.get_window_extent()
    inside = np.s_[
        int(light.shape[0] - box.y1) + 4 : int(light.shape[0] - box.y0) - 4, int(box.x0) + 4 : int(box.x1) - 4
    ]
    assert np.abs(light[inside].astype(int) - dark[inside]).max() <= 3
    assert (light[2, 2] == 255).all()
    assert np.abs(dark[2, 2].astype(int) - 17).max() <= 1


def test_figure_of_a_student__by_pyplot_with_colours_of_their_own():
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    ax.set_facecolor("#EAEAF2")
    ax.grid(color="white")
    ax.plot([0, 1], [0, 1], color="navy", label="navy")
    ax.plot([0, 1], [1, 0], color="darkred", label="dark red")
    ax.text(0.5, 0.9, "a word", color="blue", bbox={"facecolor": "lightyellow"})
    ax.axvspan(1.1, 1.4, color="C0", alpha=0.2)
    ax.axvline(1.25, color="black")
    ax.legend()
    try:
        light, dark, wrong = pictures_of(fig)
    finally:
        plt.close(fig)
    assert wrong == []
    assert np.median(dark) < 60 < 200 < np.median(light)


def test_figure__that_was_made_dark_stays_dark_in_both():
    fig, ax = rg.plots.new_axes()
    fig.set_facecolor("black")
    light, dark, _ = pictures_of(fig)
    assert np.array_equal(light, dark)


def test_figure__can_be_drawn_again_as_if_nothing_had_happened():
    fig, ax = rg.plots.new_axes()
    ax.scatter([1, 2, 3], [1, 2, 3], c=[1, 2, 3], s=200)
    ax.imshow([[0, 1], [1, 0]], cmap=rg.plots.groups.ListedColormap(["#CFE6F5", "#FFFFFF"]))
    first, again = rg.plots.picture(fig), rg.plots.picture(fig)
    assert first == again
    assert fig.get_layout_engine() is not None


def test_picture__of_one_theme_is_that_theme_and_an_unknown_one_is_named():
    made = {}
    for theme in page.THEMES:
        fig, ax = rg.plots.new_axes()
        ax.plot([1, 2])
        made[theme] = rg.plots.picture(fig, theme=theme)
    corner = {
        name: np.asarray(Image.open(io.BytesIO(one.data)).convert("RGB"))[0, 0, 0]
        for name, one in made.items()
    }
    assert (corner["light"], corner["both"]) == (255, 255)
    assert corner["dark"] == 17
    assert "<style" not in made["dark"].to_html()
    with pytest.raises(rg.LearnerError, match="drak"):
        rg.plots.picture(fig, theme="drak")


# ---- bytes and page


def test_join__gives_both_pictures_back():
    rng = np.random.default_rng(0)
    light = rng.integers(0, 256, (40, 50, 3)).astype(np.uint8)
    dark = np.clip(light.astype(int) + rng.integers(-238, 239, (40, 50, 1)), 0, 255).astype(np.uint8)
    back = raster.part(raster.join(light, dark))
    assert np.array_equal(back[0], light)
    off = np.abs(back[1].astype(int) - dark)
    assert np.median(off) <= 2


@pytest.mark.parametrize("webp", [True, False], ids=["webp", "png"])
def test_encode__is_small_faithful_and_the_same_each_time(webp, monkeypatch):
    monkeypatch.setattr(raster, "_has_webp", lambda: webp)
    fig, ax = rg.plots.new_axes()
    ax.imshow(np.random.default_rng(0).normal(size=(20, 20)), cmap="gray")
    pixels = page._both(fig)
    (kind, data), again = raster.encode(pixels), raster.encode(pixels)
    assert (kind, data) == again
    back = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA")).astype(int)
    assert np.percentile(np.abs(back - pixels), 99) <= 3
    old = io.BytesIO()  # one light picture, as it was kept before
    plain = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    plain.quantize(128, dither=Image.Dither.NONE).save(old, format="PNG", optimize=True)
    assert len(data) < (1.0 if webp else 1.5) * len(old.getvalue())


def test_html__is_one_image_with_one_description_and_light_without_any_style():
    fig, ax = rg.plots.new_axes()
    rg.plots.describe(ax, "A line that rises.")
    html = rg.plots.picture(fig).to_html()
    assert html.count("<img") == html.count("alt=") == html.count("A line that rises.") == 1
    assert "<style" not in rg.plots.picture(fig).to_html(rule=False)
    inside = svg(html)
    assert inside.count("<image") == 1
    assert "prefers-color-scheme:dark" in inside
    assert re.findall(r"(?:href|src)='(data:image/webp|data:image/png)", inside)
