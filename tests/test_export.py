"""A lesson as one file to hand out: whole, harmless, and readable without script or network."""

import html.parser
import json
import re

import pytest

from rgteach import wording
from rgteach.cli import main
from rgteach.errors import LearnerError
from rgteach.present import clean, lessons, markdown
from rgteach.present.handout import outputs
from rgteach.present.handout.page import page
from rgteach.present.handout.write import write

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
RUNNING = set("script iframe object embed link base form meta svg style video input button noscript".split())


def notebook(*cells, lang="en"):
    return {"cells": list(cells), "metadata": {"rgteach": {"lang": lang}}, "nbformat": 4, "nbformat_minor": 5}


def text(source, **more):
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def code(source, *shown):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(shown)}


def shows(**data):
    named = {kind.replace("_", "/", 1).replace("svg/xml", "svg+xml"): value for kind, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": named}


def exported(tmp_path, *cells, lang="en"):
    path = tmp_path / "own.ipynb"
    path.write_text(json.dumps(notebook(*cells, lang=lang)), encoding="utf-8")
    return page(lessons.read(path), lang)


def body(made):
    return made.partition("</head>")[2]


class Elements(html.parser.HTMLParser):
    """Every element with its attributes."""

    def __init__(self, made):
        super().__init__()
        self.all = []
        self.feed(made)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))


def assert_harmless(made):
    """Nothing in the body runs, moves out of its place, or asks for anything."""
    style = made.partition("<style>")[2].partition("</style>")[0]
    assert not re.search(r"url\(|@import", style)
    for name, about in Elements(body(made)).all:
        assert name not in RUNNING
        assert not [key for key in about if key.startswith("on")]
        assert re.match(r"https?:|mailto:|#|[\w./-]*$", about.get("href", ""))
        assert about.get("src", "data:image/").startswith("data:image/")
        assert about.get("srcset", "data:image/").startswith("data:image/")
        assert not re.search(r"url|image\(|image-set|position|\\", about.get("style", ""))


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("lab", lessons.names("en"))
def test_export__every_lesson_is_whole_and_asks_for_nothing(lab, lang):
    lesson = lessons.read(lessons.find(lab, lang))
    made = page(lesson, lang)
    elements = Elements(made).all
    assert elements[0] == ("html", {"lang": wording.TAGS[lang]})
    assert_harmless(made)
    pictures = [about for name, about in elements if name == "img"]
    shown = sum(lessons.text(o.get("data", {}).get("text/html")).count("<img ") for c in lesson.cells
                for o in c.get("outputs", []))  # fmt: skip
    assert len(pictures) == shown > 0
    assert all(about["src"].startswith("data:image/") and about["alt"] for about in pictures)
    ids = {about["id"] for _, about in elements if "id" in about}
    assert {about["href"][1:] for _, about in elements if about.get("href", "").startswith("#")} <= ids
    n_code = sum(cell["cell_type"] == "code" and bool(cell["source"].strip()) for cell in lesson.cells)
    assert sum(about.get("class") == "handout-code" for _, about in elements) == n_code


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("lab", lessons.names("en"))
def test_export__every_formula_of_the_course_is_set(lab, lang):
    made = page(lessons.read(lessons.find(lab, lang)), lang)
    assert 'class="formula"' not in made
    assert "\ue000" not in made
    assert "$" not in re.sub(r"<pre>.*?</pre>|<code>.*?</code>|<style>.*?</style>", "", made, flags=re.S)


def test_formula__is_mathml():
    made = markdown.to_html(r"So $\frac{a}{b_1}$ and $$\sum_{i=1}^n x_i$$")
    assert "<mfrac><mi>a</mi><msub><mi>b</mi><mn>1</mn></msub></mfrac>" in made
    assert '<math display="block">' in made


def test_formula__that_is_not_understood_stands_as_it_was_written():
    made = markdown.to_html(r"$\href{javascript:alert(1)}{x<y}$")
    assert "<math" not in made
    assert r"<code>\href{javascript:alert(1)}{x&lt;y}</code>" in made


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "event": '<img src="x" onerror="alert(1)">',
    "link": '<a href="javascript:alert(1)">x</a> [y](javascript:alert(1)) [z](JaVaScRiPt:alert(1))',
    "hidden-link": '<a href="java\nscript:alert(1)">x</a><a href=" &#106;avascript:alert(1)">y</a>',
    "page-in-link": '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "svg": "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "math": "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "math-escape": r"$\text{<img src=x onerror=alert(1)>}$ $\text{</math><script>alert(1)</script>}$",
    "frame": '<iframe src="https://example.org"></iframe><object data="x"></object><embed src="x">',
    "style": '<style>@import "https://example.org/x.css"</style><p style="background:url(//a.bc)">x</p>',
    "style-escape": r'<p style="background:u\72l(//example.org)">x</p>',
    "style-set": "<p style=\"background:image-set('https://example.org/a.png' 1x)\">x</p>",
    "style-cover": '<div style="position:fixed;inset:0;z-index:9">x</div>',
    "picture": '<img src="https://example.org/a.png">![a](https://example.org/b.png)![c](//example.org/c.png)',
    "set": '<img srcset="https://a.bc/a.png 1x" src="data:text/html,x"><video src="x" poster="y"></video>',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://example.org"><base href="https://example.org">',
    "form": '<form action="https://a.bc"><input name=x><button formaction="javascript:alert(1)">x</button>',
    "comment": "<!--><script>alert(1)</script>-->",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "mark": "\ue0000\ue001 $x$ \ue0009\ue001",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("where", ["text", "html", "markdown", "plain", "stream", "error", "code", "title"])
def test_export__nothing_of_a_hostile_notebook_runs_or_asks(tmp_path, name, where):
    attack = HOSTILE[name]
    cells = {
        "text": text(attack),
        "html": code("1", shows(text_html=attack)),
        "markdown": code("1", shows(text_markdown=attack)),
        "plain": code("1", shows(text_plain=attack)),
        "stream": code("1", {"output_type": "stream", "name": "stdout", "text": attack}),
        "error": code(
            "1", {"output_type": "error", "ename": attack, "evalue": attack, "traceback": [attack]}
        ),
        "code": code(attack),
        "title": text(f"# {attack.splitlines()[0]}\n\n## {attack.splitlines()[0]}\n\n## b"),
    }
    made = exported(tmp_path, cells[where])
    assert_harmless(made)


def test_clean__keeps_what_our_outputs_look_like():
    ours = '<div lang="zh-CN" style="color:inherit"><table style="border-collapse:collapse"><tr>'
    ours += '<th scope="row" style="padding:2px 10px 2px 0;opacity:.75">a</th></tr></table></div>'
    assert clean.styles("border-bottom:1px solid rgba(128,128,128,.35);padding:2px") != ""
    made = clean.clean(ours)
    for part in ('lang="zh-CN"', 'scope="row"', "opacity:.75", "border-collapse:collapse"):
        assert part in made


def test_export__keeps_links_tables_answers_and_attached_pictures(tmp_path):
    source = "[doi](https://doi.org/10.1/x)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    source += (
        "<details><summary>Answer</summary>\n\n**Yes**, $x^2$.\n\n</details>\n\n![a dot](attachment:dot.png)"
    )
    made = exported(tmp_path, text(source, attachments={"dot.png": {"image/png": PIXEL}}))
    assert '<a href="https://doi.org/10.1/x" rel="noopener noreferrer">doi</a>' in made
    assert "<td>1</td>" in made
    assert re.search(r"<details><summary>Answer</summary>\s*<p><strong>Yes</strong>, <math>", made)
    assert f'<img src="data:image/png;base64,{PIXEL}" alt="a dot">' in made


def test_export__takes_pictures_beside_the_notebook_and_none_from_elsewhere(tmp_path):
    import base64

    (tmp_path / "in").mkdir()
    for name in ("secret.png", "in/fig.png"):
        (tmp_path / name).write_bytes(base64.b64decode(PIXEL))
    (tmp_path / "in" / "passwd.png").write_text("root:x:0:0")
    made = exported(
        tmp_path / "in", text("![f](fig.png) ![s](../secret.png) ![p](passwd.png) ![e](/etc/passwd)")
    )
    assert made.count("data:image/png") == 1
    assert "root:x" not in made


def test_export__an_image_output_has_its_words(tmp_path):
    made = exported(tmp_path, code("1", shows(image_png=PIXEL, text_plain='a "plot"')))
    assert f'<img src="data:image/png;base64,{PIXEL}" alt="a &quot;plot&quot;">' in made


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("10%\r50%\r100%\n", "100%"),
        ("a\x00b", "a[U+0000]b"),
        ("a\u202eb", "a[U+202E]b"),
    ],
    ids=["colours", "progress", "zero", "turned"],
)
def test_printed__is_what_a_reader_would_have_seen(said, seen):
    assert f">{seen}</pre>" in outputs.printed(said, "Printed")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"), ("{", "breaks off"), ("[]", "not a notebook"), ("{}", "not a notebook"),
        ('{"cells": 3}', "not a notebook"), ("<html></html>", "not a notebook"), ("x", "not JSON"),
    ],
)  # fmt: skip
def test_export__a_broken_notebook_is_a_sentence(tmp_path, content, said):
    path = tmp_path / "broken.ipynb"
    path.write_text(content)
    with pytest.raises(LearnerError, match=said) as error:
        write([str(path)], "en", tmp_path)
    assert error.value.key == "handout-unreadable"
    assert list(tmp_path.glob("*.html")) == []


def test_export__odd_cells_do_not_stop_it(tmp_path):
    odd = [3, None, {"cell_type": "code"},
           {"cell_type": "code", "outputs": [1, {"output_type": "display_data"}]},
           {"cell_type": "markdown", "source": ["# a", 3]}, {"cell_type": "raw", "source": "x"},
           {"cell_type": "markdown", "source": "![a](attachment:b)", "attachments": {"b": [1]}}]  # fmt: skip
    assert "<h1" in exported(tmp_path, *odd)


@pytest.mark.parametrize(
    ("given", "out", "key"),
    [
        (["99"], None, "handout-no-lesson"),
        (["nothing-here.ipynb"], None, "handout-unreadable"),
        (["01", "02"], "both.html", "handout-one-file"),
        (["01", "1"], None, "handout-same-name"),
    ],
)
def test_export__a_wrong_call_is_a_sentence(tmp_path, given, out, key):
    with pytest.raises(LearnerError) as error:
        write(given, "en", tmp_path / out if out else tmp_path)
    assert error.value.key == key
    assert list(tmp_path.iterdir()) == []


def test_export__a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LearnerError) as error:
        write(["01"], "en", tmp_path / "file" / "in")
    assert error.value.key == "handout-cannot-write"


def test_command__writes_the_file_in_the_language_asked_for(tmp_path, capsys):
    assert main(["export", "2", "--out", str(tmp_path / "a.html"), "--lang", "zh"]) == 0
    made = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in made
    assert "<p>目录</p>" in made
    assert "a.html" in capsys.readouterr().out
    assert main(["export"]) == 2
