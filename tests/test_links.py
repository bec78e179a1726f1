"""Links and DOIs are well formed, and what they point to within the project is there; nobody is asked."""

import ast
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from built import ROOT, cells, elements, markdown, notebooks, short

from rgteach.wording import LANGUAGES

FRONT = [ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "CHANGELOG.md")]
RESULTS = sorted((ROOT / "benchmarks").rglob("*.md"))
PAGES = sorted([*(ROOT / "notebooks").glob("*.md"), *(ROOT / "solutions").glob("*.md")])
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.md"))
SOURCES = sorted((ROOT / "rgteach").rglob("*.py"))
WORDS = sorted((ROOT / "rgteach" / "words").glob("*.toml"))

# doi.org/the-identifier.html: a directory of four or more digits, a slash, a suffix without blanks;
# a DOI may hold brackets and semicolons (Lancet, Wiley), but does not end in the punctuation of a sentence
DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[A-Za-z0-9<>()\[\]._;:/+-]*[A-Za-z0-9)>]")
MENTIONED = re.compile(r"(?:doi\.org/|doi:\s*)([^\s\"'|`，。；、）]+)", re.I)


def named(text: str) -> list[str]:
    """What a text gives as a DOI, as it stands there, without the punctuation of its sentence."""
    found = []
    for raw in MENTIONED.findall(text):
        raw = raw.rstrip(".,;:*_")
        while raw.endswith((")", "]")) and raw.count(raw[-1]) > raw.count({")": "(", "]": "["}[raw[-1]]):
            raw = raw[:-1].rstrip(".,;:*_")
        found.append(raw.split("](")[0])
    return found


def links(text: str) -> list[tuple[str, str]]:
    """(text, target) of every link and picture of a Markdown text; code is left out."""
    page = markdown(text)
    shown = re.findall(r"<a [^>]*?href=\"([^\"]*)\"[^>]*>(.*?)</a>", page, flags=re.S)
    found = [(re.sub(r"<[^>]+>", "", words), target.replace("&amp;", "&")) for target, words in shown]
    return found + [(a.get("alt", ""), a.get("src", "")) for tag, a in elements(page) if tag == "img"]


def anchors(text: str) -> set[str]:
    """The places within a Markdown page that a link may name, as JupyterLab and code hosts make them."""
    heads = re.findall(r"^#+ +(.*?)\s*#*$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), flags=re.M)
    plain = [re.sub(r"[`*_]|\{\{.*?\}\}", "", head) for head in heads]
    slugs = {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in plain}
    return (
        slugs
        | {head.strip().replace(" ", "-") for head in plain}
        | set(re.findall(r'(?:id|name)="([^"]+)"', text))
    )


def trouble(words: str, target: str, home: Path, text: str) -> str:
    """What is wrong with a link in a text that lies in a folder, or nothing."""
    parts = urlsplit(target)
    if parts.scheme == "data":
        return ""
    if parts.scheme:
        return _far(words, target, parts)
    if target.startswith("#"):
        return "" if unquote(parts.fragment) in anchors(text) else "no such place on this page"
    if not parts.path or parts.netloc:
        return "leads nowhere"
    file = home / unquote(parts.path)
    if not file.exists():
        return "no such file"
    if parts.fragment and unquote(parts.fragment) not in anchors(file.read_text(encoding="utf-8")):
        return "no such place in that file"
    return ""


def _far(words: str, target: str, parts) -> str:
    if parts.scheme != "https":
        return "not https"
    if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?", parts.netloc) or re.search(
        r"[\s<>{}|\\^]", target
    ):
        return "not an address"
    if parts.netloc in ("doi.org", "dx.doi.org", "www.doi.org"):
        doi = unquote(parts.path.lstrip("/"))
        if parts.netloc != "doi.org" or not DOI.fullmatch(doi):
            return "not a DOI"
        shown = named(words) or re.findall(r"10\.\d+/\S+", words)
        if shown and [one.lower() for one in shown] != [doi.lower()]:
            return "shows another DOI"
    return ""


def troubles(text: str, home: Path) -> list[tuple[str, str]]:
    found = [(target, trouble(words, target, home, text)) for words, target in links(text)]
    found += [(doi, "not a DOI") for doi in named(text) if not DOI.fullmatch(unquote(doi))]
    return [(target, told) for target, told in found if told]


def languages(page: Path) -> dict[str, str]:
    """The Markdown of a page of the course, for each language."""
    from rgteach.course.page import read

    cells = read(page).cells
    return {lang: "\n\n".join(c.text[lang] for c in cells if not c.is_code) for lang in LANGUAGES}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[x](https://doi.org/10.1148/radiol.2020191145)", ""),
        ("[doi:10.1148/radiol.2020191145](https://doi.org/10.1148/radiol.2020191145)", ""),
        ("[10.1148/radiol.2020191145](https://doi.org/10.1148/radiol.2020191145)", ""),
        ("See doi:10.1016/S0140-6736(07)61602-X.", ""),
        ("(doi:10.1002/(SICI)1097-0258(19980815)17:15<1623::AID-SIM871>3.0.CO;2-S)", ""),
        ("[x](https://doi.org/10.1148)", "not a DOI"),
        ("[x](https://doi.org/doi:10.1148/radiol.2020191145)", "not a DOI"),
        ("see doi:10.1148 and so on", "not a DOI"),
        ("[doi:10.1148/a1](https://doi.org/10.1148/a2)", "shows another DOI"),
        ("[10.1148/a1](https://doi.org/10.1148/a2)", "shows another DOI"),
        ("[x](http://example.org)", "not https"),
        ("[x](https://example)", "not an address"),
        ("[x](https://)", "not an address"),
        ("[x](nowhere.md)", "no such file"),
        ("[x](README.md)", ""),
        ("[x](README.md#start)", ""),
        ("[x](README.md#nowhere)", "no such place in that file"),
        ("# Here\n\n[x](#here)", ""),
        ("[x](#nowhere)", "no such place on this page"),
        ("[x]()", "leads nowhere"),
        ("`[x](nowhere.md)`", ""),
    ],
)
def test_trouble__is_named(text, told):
    assert [one for _, one in troubles(text, ROOT)][:1] == ([told] if told else [])


@pytest.mark.parametrize("path", [*FRONT, *RESULTS], ids=lambda path: path.name)
def test_front_pages__every_link_leads_somewhere(path):
    assert troubles(path.read_text(encoding="utf-8"), path.parent) == []


@pytest.mark.parametrize("path", notebooks(), ids=short)
def test_notebook__every_link_leads_somewhere(path, tmp_path):
    """As a student has it: lessons and exercises of one language side by side in a workspace."""
    text = "\n\n".join("".join(c["source"]) for c in cells(path) if c["cell_type"] == "markdown")
    lang = path.parent.name
    for folder, end in (("notebooks", ""), ("exercises", "_exercise")):
        for file in (ROOT / folder / lang).glob("*.ipynb"):
            (tmp_path / f"{file.stem}{end}.ipynb").write_text("# a notebook", encoding="utf-8")
    assert troubles(text, tmp_path) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_page__every_doi_is_one_and_both_languages_cite_the_same(path):
    cited = {lang: {doi.lower() for doi in named(text)} for lang, text in languages(path).items()}
    assert cited["en"] == cited["zh"]
    assert [doi for doi in cited["en"] if not DOI.fullmatch(unquote(doi))] == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson__cites_a_source_by_its_doi(path):
    for text in languages(path).values():
        assert [target for _, target in links(text) if target.startswith("https://doi.org/10.")] != []


@pytest.mark.parametrize("path", [*SOURCES, *WORDS], ids=lambda path: str(path.relative_to(ROOT)))
def test_source__every_doi_is_one(path):
    """In docstrings, sentences and data: the same form for all."""
    text = path.read_text(encoding="utf-8")
    assert [doi for doi in named(text) if not DOI.fullmatch(unquote(doi)) and "{" not in doi] == []


def test_source__docstrings_give_dois():
    found = sum(
        len(named(ast.get_docstring(node) or ""))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    )
    assert found > 20
