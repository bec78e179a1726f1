"""Every public figure: drawn without a warning, described in both languages, read on white and on dark."""

import numpy as np
import pytest
from dimmed import apart, confused, lost, trouble
from drawing import check_words, darkened, drawn
from drawings import EXAMPLES, public

import rgteach as rg
from rgteach.plots import page
from rgteach.plots.style import COLOURS, style
from rgteach.plots.theme import on_dark

EDGES = [name for name in EXAMPLES if "-" in name]
# Parts of a figure: they draw into axes that a public function describes.
PARTS = {"fits.feature_axis", "fits.name_group", "outlines.outlines"}


def test_figures__each_public_function_has_an_example():
    found = public()
    assert len(found) > 50
    assert {name.partition("-")[0] for name in EXAMPLES} == set(found) - PARTS
    assert {
        name for name, returned in found.items() if "Axes" not in returned and returned != "Figure"
    } == PARTS


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "-" not in name])
def test_figure__says_what_it_shows_and_can_be_read_on_a_dark_ground(name):
    fig, light = drawn(name, "en")
    check_words(fig, "en")
    assert trouble(fig, light, darkened(fig, light)) == []


@pytest.mark.parametrize("name", EDGES)
def test_edge__is_drawn_and_says_what_it_shows(name):
    check_words(drawn(name, "en")[0], "en")


@pytest.mark.parametrize("name", EXAMPLES)
def test_figure__speaks_chinese(name):
    check_words(drawn(name, "zh", laid_out=False)[0], "zh")


# ---- the rule itself finds what is wrong


def painted(background, *others) -> np.ndarray:
    """A picture of stripes, 20 pixels wide each, on a ground."""
    pixels = np.full((60, 40 * len(others) + 20, 3), background, np.uint8)
    for k, colour in enumerate(others):
        pixels[10:50, 40 * k + 10 : 40 * k + 30] = colour
    return pixels


def test_rule__finds_glare_lost_lines_and_lost_letters():
    fig, ax = rg.plots.new_axes(size=(3, 2))
    ax.plot([0, 1], lw=6)
    ax.axvspan(0.2, 0.6, color="lightyellow")
    ax.set_title("A title", color="navy")
    fig.set_dpi(page.DPI)
    with style():
        light = page._light(fig)
    assert trouble(fig, light, darkened(fig, light)) == []
    sunk = np.clip(light.astype(int) - 238, 0, 255).astype(np.uint8)  # the paper turns, the ink does not
    found = " ".join(trouble(fig, light, sunk))
    assert "'A title' reaches" in found
    assert "does not on the dark ground" in found
    assert "as white as before" in " ".join(trouble(fig, light, light))


def test_rule__a_rim_may_vanish_in_what_it_encloses_but_not_the_whole():
    from dimmed import brightness, edges

    white, dark, black = (255,) * 3, (17,) * 3, (0,) * 3
    light = painted(white, black)
    seen = edges(brightness(light)) >= 3
    assert lost(brightness(painted(dark, (90, 180, 230))), seen) == 0
    assert lost(brightness(painted(dark, (60, 60, 60))), seen) == 1


def test_rule__finds_colours_that_some_eye_takes_for_each_other():
    pair = painted((255,) * 3, (0, 114, 178), (213, 94, 0))
    assert list(confused(pair, painted((17,) * 3, (0, 114, 178), (213, 94, 0)))) == []
    assert len(list(confused(pair, painted((17,) * 3, (120, 120, 60), (120, 125, 60))))) == 1


def test_apart__is_the_colour_difference_of_the_books_for_grays_and_small_for_red_and_green():
    """L* of mid-gray 119 is 50.03 (CIE 1976); dark red and olive are alike to an eye without red cones."""
    grays = apart(np.array([[0, 0, 0], [119, 119, 119], [255, 255, 255]]))
    np.testing.assert_allclose(grays[0], [0, 50.03, 100], atol=0.05)
    assert apart(np.array([[163, 0, 0], [52, 62, 0]]))[0, 1] < 20


def test_categories__okabe_and_itos_lie_apart_on_dark_for_every_eye():
    colours = [on_dark(tuple(int(c[k : k + 2], 16) / 255 for k in (1, 3, 5)), 3.45) for c in COLOURS.values()]
    between = apart(np.array(colours) * 255)
    assert between[np.triu_indices(len(colours), 1)].min() > 12
