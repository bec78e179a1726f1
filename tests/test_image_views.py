"""What results look like: in a terminal, in a notebook, in both languages and themes."""

import base64
import io
import re

import numpy as np
import pytest
from matplotlib.image import imread

import rgteach as rg
from rgteach import views, wording

IMAGE = np.random.default_rng(0).normal(100, 20, (4, 6, 8))
VOI = rg.voi(IMAGE, np.ones(IMAGE.shape), (3.0, 1.0, 0.5))
LEVELS = rg.quantise(VOI, bin_count=8)
RESULTS = {
    "voi": VOI,
    "levels": LEVELS,
    "glcm": rg.glcm(LEVELS),
    "texture": rg.features(LEVELS),
    "first order": rg.firstorder(VOI, LEVELS),
}


def pictures(html):
    found = re.findall(
        r'<img alt="([^"]+)" src="data:image/png;base64,([^"]+)" width="(\d+)" height="(\d+)"', html
    )
    return [(alt, imread(io.BytesIO(base64.b64decode(data))), int(w), int(h)) for alt, data, w, h in found]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", RESULTS)
def test_views__exist_in_both_languages(name, lang):
    wording.choose(lang)
    text, html = repr(RESULTS[name]), RESULTS[name]._repr_html_()
    assert len(text.splitlines()) >= 5
    assert len(html) > 500
    chinese = bool(re.search(r"[\u4e00-\u9fff]", text))
    assert chinese == (lang == "zh")


@pytest.mark.parametrize("name", RESULTS)
def test_views__leave_the_colour_of_text_to_the_theme(name):
    html = RESULTS[name]._repr_html_()
    assert not re.search(r"(?<!border-)(?<!-)color:(?!inherit)", html)
    assert "background" not in html


def test_voi__is_drawn_in_the_shape_of_its_voxels():
    (alt, picture, width, height) = pictures(VOI._repr_html_())[0]
    assert picture.shape[:2] == (6, 8)
    assert height / width == pytest.approx(6 * 1.0 / (8 * 0.5), rel=0.02)
    assert "192 voxels" in alt


def test_levels__picture_runs_from_dark_to_bright_and_is_gray_outside():
    image = np.arange(20.0).reshape(4, 5)
    html = rg.quantise(rg.voi(image, image != 12), bin_count=19)._repr_html_()
    colours = (pictures(html)[0][1][..., :3] * 255).round()
    assert colours[2, 2].tolist() == list(views.OUTSIDE)
    assert colours[0, 0].tolist() == views.VIRIDIS[0].tolist()
    assert colours[3, 4].tolist() == views.VIRIDIS[-1].tolist()


def test_glcm__picture_is_the_merged_matrix_and_says_so():
    alt, picture, *_ = pictures(RESULTS["glcm"]._repr_html_())[0]
    assert picture.shape[:2] == (8, 8)
    merged = RESULTS["glcm"].merged()
    i, j = np.unravel_index(merged.argmax(), merged.shape)
    assert f"({i + 1}, {j + 1})" in alt
    brightest = picture[..., 0] + picture[..., 1]
    assert brightest[i, j] == brightest.max()


def test_features__table_shows_every_code():
    html = RESULTS["first order"]._repr_html_()
    for code in RESULTS["first order"].codes().values():
        assert f">{code}<" in html


def test_features__read_like_a_dictionary():
    row = RESULTS["texture"]
    assert dict(row) == row.to_dict()
    assert "contrast" in row
    assert "contarst" not in row
    assert row.get("contarst", 0) == 0
    assert len(list(row)) == len(row) == 26
    assert row.codes()["contrast"] == "ACUI"
    assert "maximal_correlation_coefficient" not in row.codes()


def test_results__are_frozen():
    for result in RESULTS.values():
        with pytest.raises(AttributeError):
            result.n_levels = 3


def test_picture__escapes_what_could_break_out_of_html():
    html = views.picture(np.zeros((2, 2, 3), np.uint8), 'a "quoted" <b>')
    assert 'alt="a &quot;quoted&quot; &lt;b&gt;"' in html


def test_text_card__counts_chinese_letters_as_two_columns():
    lines = views.text_card("t", {"体素": "1", "voxels": "2"}).splitlines()
    assert lines[1] == "  体素    1"
    assert lines[2] == "  voxels  2"
