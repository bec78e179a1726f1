"""Every picture of a built notebook is told in words of its language, where JupyterLab keeps them."""

import re

import pytest
from built import cells, elements, notebooks, outputs, pieces, short

HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{2,}")
FILE = re.compile(r"\S*\.(png|jpe?g|svg|gif|webp)|(image|figure|plot|untitled)\W*\d*|\S*[/\\]\S*", re.I)


def pictures(text: str) -> list[dict[str, str]]:
    return [attributes for tag, attributes in elements(text) if tag == "img"]


def trouble(alt: str, lang: str) -> str:
    """What is wrong with the description of a picture, or nothing."""
    if alt.strip() and FILE.fullmatch(alt.strip()):
        return "a file name"
    if lang == "zh":
        return "" if len(HAN.findall(alt)) >= 8 else "hardly any Chinese"
    if HAN.search(alt):
        return "Chinese"
    return "" if len(WORD.findall(alt)) >= 4 else "hardly any words"


@pytest.mark.parametrize(
    ("alt", "lang", "told"),
    [
        ("", "en", "hardly any words"),
        ("plot.png", "en", "a file name"),
        ("figure 3", "en", "a file name"),
        ("0.31; 0.52", "en", "hardly any words"),
        ("A histogram of 40 values with one peak at 3.", "en", ""),
        ("四十个值的直方图，在 3 处有一个峰。", "en", "Chinese"),
        ("四十个值的直方图，在 3 处有一个峰。", "zh", ""),
        ("A histogram of 40 values with one peak at 3.", "zh", "hardly any Chinese"),
    ],
)
def test_trouble__is_named(alt, lang, told):
    assert trouble(alt, lang) == told


@pytest.mark.parametrize("path", notebooks(), ids=short)
def test_picture__is_described_in_words_of_the_notebooks_language(path):
    lang = path.parent.name
    alts = [picture.get("alt", "") for piece in pieces(path) for picture in pictures(piece)]
    assert [(trouble(alt, lang), alt) for alt in alts if trouble(alt, lang)] == []
    if path.parts[-3] == "notebooks":
        assert len(alts) >= 3, "a lesson has pictures"


@pytest.mark.parametrize("path", notebooks(), ids=short)
def test_picture__lies_in_html_where_its_words_are_kept(path):
    """JupyterLab shows an output `image/png` without any description."""
    kinds = {kind for output in outputs(path) for kind in output["data"]}
    assert {kind for kind in kinds if kind.startswith(("image/", "application/pdf"))} == set()
    assert [cell["id"] for cell in cells(path) if cell.get("attachments")] == []


def tongues(text: str) -> set[str]:
    """The languages that a piece of HTML says it is in."""
    return {attributes["lang"] for _, attributes in elements(text) if "lang" in attributes}


@pytest.mark.parametrize("path", notebooks(), ids=short)
def test_output__says_its_language(path):
    """JupyterLab's own page speaks another one; the names in a table of pandas belong to none."""
    shown = ["".join(output["data"].get("text/html", "")) for output in outputs(path)]
    ours = [text for text in shown if text and 'class="dataframe"' not in text]
    tag = {"en": "en", "zh": "zh-CN"}[path.parent.name]
    assert [text[:100] for text in ours if tongues(text) != {tag}] == []
