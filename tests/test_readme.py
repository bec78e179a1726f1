"""What the front pages promise: the example runs, the links lead somewhere, both languages say the same."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FRONT = ["README.md", "README.zh.md"]
PAGES = [*FRONT, "CONTRIBUTING.md", "CHANGELOG.md"]


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text(page), flags=re.M | re.S)


def labs(page: str) -> list[list[str]]:
    """The rows of the table of labs, without the marks that make a row bold."""
    rows = re.findall(r"^\| (\**\d\d.*) \|$", text(page), flags=re.M)
    return [[cell.strip(" *") for cell in row.split("|")] for row in rows]


@pytest.mark.parametrize("page", FRONT)
def test_example__prints_what_the_page_shows(page):
    codes, texts = blocks(page, "python"), blocks(page, "text")
    assert len(codes) == len(texts) == 2
    for code, shown in zip(codes, texts, strict=True):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, page, "exec"), {})
        assert printed.getvalue() == shown


def test_example__is_ten_lines():
    code, _ = blocks("README.md", "python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 10


def test_front_pages__share_their_commands():
    """Only the language asked for may differ, and what stands behind a # is for the reader."""

    def commands(page: str) -> list[str]:
        lines = "\n".join(blocks(page, "sh") + blocks(page, "bat") + blocks(page, "python")).splitlines()
        plain = (re.sub(r"\s+#.*| --lang zh| lang=zh", "", line).rstrip() for line in lines)
        return [line for line in plain if line]

    assert commands("README.md") == commands("README.zh.md")


def test_front_pages__list_the_same_labs():
    names = [[row[0][:2] for row in labs(page)] for page in FRONT]
    assert len(names[0]) >= 13
    assert names[0] == names[1]


@pytest.mark.parametrize(("page", "ready"), [("README.md", "ready"), ("README.zh.md", "已完成")])
def test_front_pages__call_ready_what_is_there(page, ready):
    promised = {row[0].replace(" ", "_") for row in labs(page) if row[-1] == ready}
    assert promised == {file.stem for file in (ROOT / "notebooks").glob("[0-9]*.md")}
    assert promised == {file.stem for file in (ROOT / "solutions").glob("[0-9]*.md")}


@pytest.mark.parametrize("page", PAGES)
def test_links__lead_to_files_that_exist(page):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", text(page))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_files__those_named_in_backticks_or_in_the_walk_exist(page):
    """Paths with a placeholder, folders that are built and a student's own are left out."""
    named = set(
        re.findall(r"(?:rgteach|tests|benchmarks|notebooks|solutions|exercises)/[\w./*-]+", text(page))
    )
    named = {name.rstrip(".") for name in named if "NN" not in name}
    built = re.compile(r"^(notebooks|solutions|exercises)/(en|zh|keys)|^benchmarks/results")
    missing = [n for n in named if not built.match(n) and not list(ROOT.glob(n))]
    alone = set(re.findall(r"(?<![\w/*])\w+\.(?:py|toml|tsv)\b", text(page)))
    ours = {file.name for folder in (".", "rgteach/**", "tests") for file in ROOT.glob(f"{folder}/*")}
    assert sorted(missing) == []
    assert sorted(alone - ours) == []


@pytest.mark.parametrize("target", ["lab", "test"])
def test_first_screen__shows_the_two_commands(target):
    assert f"make {target}" in "\n".join(text("README.md").splitlines()[:25])


def test_make__every_command_of_the_pages_is_a_target():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), flags=re.M))
    said = re.compile(r"(?:`|^)make ([a-z-]+)", flags=re.M)
    named = {word for page in PAGES for word in said.findall(text(page))}
    assert {"lab", "test", "lint"} <= named
    assert named - targets == set()
