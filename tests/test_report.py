"""The report is one valid page that needs nothing else, whatever the columns are called."""

import re
from base64 import b64decode
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from rendered import Page
from scan_tables import two_tables

import rgteach as rg
from rgteach import wording
from rgteach.errors import LearnerError
from rgteach.report import html
from rgteach.report.headline import headline
from rgteach.report.lists import p_digits
from rgteach.report.scan import Source, write
from rgteach.tables.sweep import sweep
from rgteach.wording import LANGUAGES

EVIL = "<script>alert('1')</script>&amp;\"x\" onload="


def page_of(found, tmp_path, **more) -> tuple[str, Page]:
    text = write(found, tmp_path / "r.html", **more).read_text(encoding="utf-8")
    return text, Page(text)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The report of the two tables in a language, made once."""
    made = {}

    def page(lang: str) -> tuple[str, Page]:
        if lang not in made:
            rg.setup(lang)
            made[lang] = page_of(rg.scan(*two_tables(), id="id"), tmp_path_factory.mktemp(lang))
        return made[lang]

    return page


def random_tables(n=30, n_features=4, n_genes=3, seed=0):
    rng = np.random.default_rng(seed)
    features = pd.DataFrame(rng.normal(size=(n, n_features)), columns=[f"f{k}" for k in range(n_features)])
    genes = rng.integers(0, 2, (n, n_genes)).astype(float)
    return features, pd.DataFrame(genes, columns=[f"G{k}" for k in range(n_genes)])


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page__is_whole_valid_and_small(shown, lang):
    text, page = shown(lang)
    assert text.startswith("<!DOCTYPE html>")
    assert len(text.encode()) < 400_000
    assert page.all("html") == [{"lang": "en" if lang == "en" else "zh-CN"}]
    assert len(page.all("h1")) == 1
    assert len(page.all("h2")) >= 7
    assert page.all("title")
    chinese = re.search("[\u4e00-\u9fff]", page.text)
    assert bool(chinese) == (lang == "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page__loads_nothing_from_anywhere(shown, lang):
    text, page = shown(lang)
    links = [
        v for _, a in page.elements for k, v in a.items() if k in ("src", "href", "srcset", "data", "action")
    ]
    assert links
    assert all(link.startswith("data:image/svg+xml;base64,") for link in links)
    drawn = [b64decode(link.partition(",")[2]).decode() for link in links]
    assert all(re.findall(r"href='(.{15})", one) == ["data:image/webp"] for one in drawn)
    assert all(one.count("http") == 1 for one in drawn), "the name of the format, which nobody fetches"
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("iframe")
    assert "http" not in text
    assert "@import" not in text
    assert "url(" not in text


def test_page__can_be_read_by_a_screen_reader(shown):
    _, page = shown("en")
    assert all(len(image["alt"]) > 30 for image in page.all("img"))
    assert all(cell.get("scope") in ("col", "row") for cell in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) >= 5
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert max(np.diff(levels)) <= 1


def test_page__holds_what_is_needed_to_make_it_again(undrawn, tmp_path):
    source = Source("f.csv", "ab" * 32, (40, 5), "gb18030")
    found = rg.scan(*two_tables(), id="id", permutations=30, seed=4)
    _, page = page_of(found, tmp_path, sources=[source], when=datetime(2026, 1, 2, 3, 4))
    for told in ("f.csv", "ab" * 32, "gb18030", "40 × 5", "2026-01-02 03:04", rg.__version__, np.__version__):
        assert told in page.text
    for name in ("permutations", "seed", "alpha", "min_group", "alternative", "correction", "method"):
        assert re.search(rf"\b{name}\b", page.text)


def test_page__names_patients_words_and_columns_that_were_lost(undrawn, tmp_path):
    features, genes = two_tables()
    features.loc[0, "id"] = "only-here"
    genes.loc[genes["id"] == "P003", "id"] = "p003"
    found = rg.scan(
        features.assign(site="left", flat=1.0), genes.assign(sex="F", rare=[1, *[0] * 39]), id="id"
    )
    _, page = page_of(found, tmp_path)
    for told in ("only-here", "P003 / p003", "Mutant (12)", "site", "flat", "sex", "rare", "'left'"):
        assert told in page.text
    for one in found.excluded["reason"]:
        assert one in page.text


def test_names__cannot_break_the_page(sketched, tmp_path):
    features, genes = two_tables()
    long = "x" * 3000
    features = features.rename(columns={"a": EVIL, "b": long, "c": "病灶 体积", "d": "$\\frac{1}{"})
    genes = genes.rename(columns={"EGFR": EVIL, "copies": "<b>", "expr": "\u202egnp"})
    genes.loc[3, EVIL] = np.nan
    text, page = page_of(rg.scan(features, genes, id="id"), tmp_path)
    assert not page.all("script")
    assert not page.all("b")
    assert "<script" not in text
    assert EVIL in page.text
    assert "病灶 体积" in page.text
    assert not any("onload" in attributes for _, attributes in page.elements)


def test_write__replaces_whole_or_not_at_all(undrawn, tmp_path):
    found = rg.scan(*two_tables(), id="id")
    write(found, tmp_path / "r.html")
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]
    for place, key in (
        ("r.pdf", "report-not-html"),
        ("no/r.html", "table-no-folder"),
        (".", "report-not-html"),
    ):
        with pytest.raises(LearnerError) as error:
            write(found, tmp_path / place)
        assert error.value.key == key


# ---------------------------------------------------------------- every shape of result


@pytest.mark.parametrize(
    ("n_features", "n_genes"), [(1, 1), (3, 1), (1, 3), (2, 60)], ids=["one", "gene", "feature", "genes"]
)
def test_shape__few_or_many_of_either(sketched, tmp_path, n_features, n_genes):
    _, page = page_of(rg.scan(*random_tables(30, n_features, n_genes)), tmp_path)
    assert f"{n_features} × {n_genes}" in page.text
    assert ("20 more are not shown" in page.text) == (n_genes == 60)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_shape__nothing_could_be_tested(tmp_path, lang):
    """Every column is fine on its own, but no pair has enough patients."""
    rg.setup(lang)
    half = np.arange(20) < 10
    features = pd.DataFrame({"x": np.where(half, np.arange(20.0), np.nan)})
    genes = pd.DataFrame({"G": np.where(half, np.nan, np.arange(20) % 2)})
    found = rg.scan(features, genes)
    assert found.result.n_tests == 0
    _, page = page_of(found, tmp_path)
    assert wording.say("report-nothing") in page.text
    assert page.all("img") == []


@pytest.mark.parametrize("kind", ["groups", "continuous"])
def test_shape__other_tests_than_the_rank_sum(sketched, tmp_path, kind):
    features, genes = random_tables(40, 3, 1)
    genes["copies"] = np.arange(40) % 4
    _, page = page_of(rg.scan(features, genes, kind=kind), tmp_path)
    assert "nan" not in re.sub(r"[A-Za-z]*nan[a-z]+", "", page.text.lower())


def test_shape__hits_only_says_above_alpha_instead_of_a_number(undrawn, tmp_path):
    found = rg.scan(*random_tables(), output="hits")
    _, page = page_of(found, tmp_path)
    assert "> 0.05" in page.text
    assert "above 0.05" in page.text


def test_shape__gaps_leave_no_nan_on_the_page(undrawn, tmp_path):
    features, genes = two_tables()
    features.loc[:30, "b"] = np.nan
    _, page = page_of(rg.scan(features, genes, id="id"), tmp_path)
    assert "nan" not in page.text.lower().replace("finance", "")


# ---------------------------------------------------------------- what it says


def test_headline__nothing_survives_a_null():
    found = rg.scan(*random_tables(60, 20, 5, seed=8))
    assert found.hits.empty
    seen = sweep(found)
    told = headline(found, seen)
    n_small = int((found.table["p_value"] < 0.05).sum())
    assert (
        told[0]
        == "No association survives: of 100 tests, none is a discovery at a false discovery rate of 0.05."
    )
    assert told[2].startswith(f"{n_small} p-values are below 0.05")
    assert "about 5 there" in told[2]
    assert p_digits(found.table["p_adjusted"].min()) in told[3]


def test_headline__counts_what_chance_alone_would_give():
    found = rg.scan(*two_tables(), id="id")
    told = headline(found, sweep(found))
    assert told[0].startswith("1 association of 12 tests")
    assert "about 0.6 there" in told[2]
    assert "confirm them in other patients" in told[4]


def test_headline__the_family_wise_limit_counts_what_lies_below():
    found = rg.scan(*two_tables(), id="id", permutations=99)
    told = headline(found, sweep(found))
    n = int((found.table["p_value"] < found.result.fwer_threshold).sum())
    assert any(f"99 times: {n} p-values" in line for line in told)


@pytest.mark.parametrize(
    ("p", "told"),
    [
        (0.7, "0.700"),
        (1.0, "1.00"),
        (0.034, "0.0340"),
        (3.2e-12, "3.20e-12"),
        (0.00049, "0.000490"),
        (0.0, "< 1e-300"),
    ],
)
def test_digits__keep_the_zeros_that_line_up_a_column(p, told):
    assert p_digits(p) == told


def test_html__escapes_texts_and_attributes():
    assert html.element("p", html.text("<&>"), class_='a"b') == '<p class="a&quot;b">&lt;&amp;&gt;</p>'


def test_real__lung_cancer_fits_a_mail(shared_data, tmp_path):
    folder = shared_data / "nsclc_radiogenomics"
    tables = (pd.read_csv(folder / name) for name in ("features.csv", "clinical.csv"))
    text, page = page_of(rg.scan(*tables, id="Case ID", gene="EGFR mutation status"), tmp_path)
    assert len(text.encode()) < 400_000
    assert len(page.all("img")) == 7
    assert "wavelet-HLL_glcm_Imc2" in page.text
