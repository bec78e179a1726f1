"""Colours of code: no letter is lost, nothing becomes markup, and Pygments sees the same."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgteach.report.code import coloured

ROOT = Path(__file__).parents[1]
_SPAN = re.compile(r'<span class="(\w)">(.*?)</span>|([^<]+)', re.DOTALL)


def letters(source: str) -> list[tuple[str, str]]:
    """Each letter with its class."""
    parts = _SPAN.findall(coloured(source))
    return [(sign, kind) for kind, inside, bare in parts for sign in html.unescape(inside or bare)]


def coloured_as(source: str, kind: str) -> list[str]:
    """The pieces of a source that have a colour."""
    return [html.unescape(inside) for name, inside, _ in _SPAN.findall(coloured(source)) if name == kind]


@given(st.text() | st.lists(st.sampled_from(list("'\"\\#\n.0xe1 fb") + ["'''", '"""', "def "])).map("".join))
def test_no_letter_is_lost_and_none_becomes_markup(source):
    made = coloured(source)
    assert "".join(sign for sign, _ in letters(source)) == html.unescape(re.sub(r"</?span[^>]*>", "", made))
    assert html.unescape(re.sub(r'<span class="[ksmcn]">|</span>', "", made)) == source
    assert "<" not in re.sub(r'<span class="[ksmcn]">|</span>', "", made)


@pytest.mark.parametrize(
    ("source", "kind", "pieces"),
    [
        ("for x in y: # for 'x'", "k", ["for", "in"]),
        ("for x in y: # for 'x'", "c", ["# for 'x'"]),
        ("a = 'it\\'s' + \"#\"", "s", ["'it\\'s'", '"#"']),
        ('"""a\n# b\\"""" c', "s", ['"""a\n# b\\""""']),
        ("rb'x' + f\"{y}\" + buf", "s", ["rb'x'", 'f"{y}"']),
        ("x = 'open\ny = 1", "s", ["'open"]),
        ("x = '''open\ny = 1", "s", ["'''open\ny = 1"]),
        ("0xFF + 1_000 + .5 + 1e-3 + 2j + x1", "m", ["0xFF", "1_000", ".5", "1e-3", "2j"]),
        ("def f(sum): return np.sum(sum) + sum.max", "n", ["f", "sum", "sum", "sum"]),
        ("class 纹理: pass", "n", ["纹理"]),
    ],
)
def test_each_colour(source, kind, pieces):
    assert coloured_as(source, kind) == pieces


def test_a_text_that_never_ends_takes_no_longer_than_others():
    source = "'''" + "\\'" * 30_000 + '"' * 3 + "x" * 30_000
    assert coloured_as(source, "s") == [source]


def _cells() -> list[str]:
    found = []
    for path in sorted((ROOT / "solutions").glob("*/[0-9][0-9]_*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return found


def test_pygments_gives_the_cells_of_the_course_the_same_colours():
    lexers = pytest.importorskip("pygments.lexers")
    token = pytest.importorskip("pygments.token")
    known = [(token.Keyword, "k"), (token.Operator.Word, "k"), (token.Comment, "c"), (token.Number, "m")]
    known += [(token.Name.Function, "n"), (token.Name.Class, "n"), (token.Name.Builtin, "n")]
    lexer = lexers.get_lexer_by_name("python", stripnl=False, ensurenl=False)
    cells = _cells()
    assert len(cells) > 200
    for source in cells:
        theirs = []
        for kind, text in lexer.get_tokens(source):
            name = next((name for group, name in known if kind in group), "")
            theirs += [(sign, "s" if kind in token.String else name) for sign in text]
        # inside an f-string they look for code, where the whole has one colour here
        inside = re.compile(r"\b[rR]?[fF][rR]?(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')")
        masked = {k for found in inside.finditer(source) for k in range(*found.span())}
        ours = letters(source)
        differing = [k for k, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]]
        differing = [k for k in differing if k not in masked and not source[k].isspace()]
        assert [source[max(0, k - 20) : k + 20] for k in differing] == []
