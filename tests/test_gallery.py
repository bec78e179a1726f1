"""The gallery: every demo with its picture, lab, question and call, on every page and in both languages."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from rendered import Page

import rgteach as rg
from rgteach import wording
from rgteach.demos import gallery, names
from rgteach.plots.theme import GROUND, WHITE, contrast

PICTURES_OF_VALUES = {"glcm", "painter"}  # their colours bring their own ground


@pytest.fixture(params=wording.LANGUAGES)
def page(request):
    """The gallery in each language, as a parsed page and as text."""
    wording.choose(request.param)
    text = rg.demo()._repr_html_()
    return Page(text), text


def test_page__has_a_card_for_each_demo_with_lab_question_and_call(page):
    parsed, text = page
    assert len(parsed.all("li")) == len(names())
    for name in names():
        demo = rg.demo(name)
        assert demo.title in text
        assert demo.question.split("’")[0][:30] in text
        assert f"rg.demo(&quot;{name}&quot;)" in text
        assert say_lab(demo.lab) in text


def say_lab(lab):
    return wording.say("gallery-lab", n=f"{lab:02d}")


def test_page__says_its_language_and_describes_each_picture(page):
    parsed, _ = page
    assert parsed.elements[0] == ("div", {"lang": wording.tag()})
    alts = [image["alt"] for image in parsed.all("img")]
    assert len(set(alts)) == len(alts) == len(names())
    assert all(len(alt) > 8 for alt in alts)


def test_page__needs_no_script_no_widget_and_no_other_file(page):
    parsed, text = page
    assert {tag for tag, _ in parsed.elements} <= {"div", "p", "ul", "li", "b", "img", "code", "style"}
    assert not re.search(r"https?://|url\(|\son\w+=", text)
    assert all(image["src"].startswith("data:image/png;base64,") for image in parsed.all("img"))
    assert len(text) < 120_000


def test_page__draws_without_computing_a_demo(monkeypatch):
    """So that the first view does not wait for patients, kernels or simulations."""

    def refuse(*_args, **_settings):
        raise AssertionError("computed")

    monkeypatch.setattr(gallery, "_made", {})
    for name in names():
        recipe = rg.demo(name).recipe
        monkeypatch.setattr(recipe, "compute", refuse)
    monkeypatch.setattr("rgteach.cohorts.glioma", refuse)
    assert rg.demo()._repr_html_()


def test_thumbnail__is_drawn_once(monkeypatch):
    demo, drawn = rg.demo("tpm"), []
    monkeypatch.setattr(gallery, "_made", {})
    monkeypatch.setattr(demo.recipe, "thumbnail", lambda ax: drawn.append(ax))
    assert gallery.thumbnail(demo) == gallery.thumbnail(rg.demo("tpm"))
    assert len(drawn) == 1


def pixels(name):
    return np.asarray(Image.open(io.BytesIO(gallery.thumbnail(rg.demo(name)))).convert("RGBA"))


@pytest.mark.parametrize("name", names())
def test_thumbnail__has_a_clear_ground_and_something_on_it(name):
    picture = pixels(name)
    assert picture.shape[:2] == (165, 330)
    clear = (picture[..., 3] == 0).mean()
    assert 0.2 < clear < 0.99
    assert (picture[0, :, 3] == 0).mean() > 0.4


@pytest.mark.parametrize("name", sorted(set(names()) - PICTURES_OF_VALUES))
def test_thumbnail__is_seen_on_white_as_on_black(name):
    picture = pixels(name).reshape(-1, 4)
    inks = np.unique(picture[picture[:, 3] > 250, :3], axis=0, return_counts=True)
    solid = inks[0][inks[1] > 0.05 * inks[1].sum()] / 255
    assert len(solid)
    for ground in (WHITE, GROUND):
        assert (contrast(solid, ground) >= 3).all()


def test_picture__in_the_page_is_the_thumbnail():
    first = Page(rg.demo()._repr_html_()).all("img")[0]["src"]
    assert base64.b64decode(first.split(",", 1)[1]) == gallery.thumbnail(rg.demo(names()[0]))


def test_words__of_a_demo_are_escaped(monkeypatch):
    monkeypatch.setattr(type(rg.demo("tpm")), "question", property(lambda self: "<script>1 < 2?"))
    assert "<script>" not in gallery.Gallery((rg.demo("tpm"),))._repr_html_()


def test_terminal__lists_lab_call_and_question():
    lines = repr(rg.demo()).splitlines()
    assert len(lines) == len(names())
    assert lines[2].startswith(f"{say_lab(2)}  ")
    assert all(f'rg.demo("{name}")' in line for name, line in zip(names(), lines, strict=True))


def test_gallery__without_demos_is_an_empty_list():
    assert Page(gallery.Gallery(())._repr_html_()).all("li") == []
    assert repr(gallery.Gallery(())) == ""
