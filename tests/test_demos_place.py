"""Axes of a live picture are measured once, then put where others stood, and measured again if need be."""

import io

import numpy as np
import pytest
from PIL import Image

import rgteach as rg
from rgteach.demos import place
from rgteach.plots.page import drawn
from rgteach.plots.style import drawn_language

NAMES = ["wilcoxon", "glcm"]  # free axes, and those of a fixed shape with a colour bar


def key(name):
    return name, drawn_language()


@pytest.fixture(scope="module")
def rooms():
    """The room of each demo, measured on its opening view."""
    before, found = dict(place._room), {}
    for name in NAMES:
        place._room.pop(key(name), None)
        rg.demo(name).still(theme="light")
        found[name] = place._room[key(name)].copy()
    yield found
    place._room.clear()
    place._room.update(before)


@pytest.fixture
def measured(monkeypatch):
    """Every time that a figure was measured."""
    calls, settle = [], place.settle
    monkeypatch.setattr(place, "settle", lambda *given: calls.append(given) or settle(*given))
    return calls


@pytest.mark.parametrize("name", NAMES)
def test_room__that_is_enough_is_not_measured_again_and_gives_the_same_picture(rooms, measured, name):
    demo = rg.demo(name)
    place._room[key(name)] = rooms[name].copy()
    quick = demo._picture(demo.recipe.compute(**demo.opening()), "light")
    demo.still(theme="dark")
    assert not measured
    fig = demo.figure(demo.recipe.compute(**demo.opening()))
    assert len(measured) == 1
    assert np.array_equal(drawn(fig, "light"), np.asarray(Image.open(io.BytesIO(quick.data)).convert("RGB")))


@pytest.mark.parametrize("side", range(4), ids=["left", "right", "below", "above"])
@pytest.mark.parametrize(
    ("name", "change"),
    [("wilcoxon", -14.0), ("wilcoxon", 90.0), ("glcm", 90.0)],
    ids=["narrow", "bare", "bare-fixed-shape"],
)
def test_room__too_narrow_or_bare_is_measured_again(rooms, measured, name, change, side):
    place._room[key(name)] = rooms[name].copy()
    place._room[key(name)][:, side] += change
    rg.demo(name).still(theme="light")
    assert len(measured) == 1
    assert np.allclose(place._room[key(name)], rooms[name], atol=place.BARE_PX)


def test_fits__letters_in_the_gaps_are_seen(rooms):
    place._room[key("wilcoxon")] = rooms["wilcoxon"].copy()
    demo = rg.demo("wilcoxon")
    fig, axes = demo._figure(demo.recipe.compute(**demo.opening()))
    assert place.put(fig, axes, key("wilcoxon"))
    pixels = drawn(fig, "light")
    assert place.fits(pixels, fig, axes, key("wilcoxon"))
    for stain in ((slice(2, 4), slice(None)), (slice(None), slice(2, 4)), (slice(None), slice(-4, -2))):
        stained = np.array(pixels)
        stained[stain][1:] = 90
        assert not place.fits(stained, fig, axes, key("wilcoxon"))
