"""A page and its notebook say the same: turned there and back, nothing is lost and nothing is added."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jupytext.myst import MystMetadataParsingError, myst_to_notebook
from minilab import EXERCISES, LESSON
from nbformat.validator import NotebookValidationError

from rgteach.course.authoring import marks, pieces, skeleton, to_notebook, to_page
from rgteach.course.authoring.marks import AuthoringError

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(p for f in ("notebooks", "solutions", "tests/pages") for p in (ROOT / f).rglob("[0-9]*.md"))
FRONT = EXERCISES.read_text(encoding="utf-8").partition("\n+++")[0]


def there_and_back(text: str) -> str:
    return to_page.page(to_notebook.notebook(text)).text


def cells(text: str) -> list[tuple]:
    """The cells as jupytext reads them."""
    return [(c.cell_type, c.source, dict(c.metadata)) for c in myst_to_notebook(text).cells]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_pages__come_back_byte_for_byte(path):
    raw = path.read_bytes()
    assert there_and_back(raw.decode("utf-8")).encode("utf-8") == raw


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_pages__are_cut_where_jupytext_cuts_them(path):
    text = path.read_text(encoding="utf-8")
    found = [(p.kind, p.body) for p in pieces.split(text) if p.kind != "front"]
    assert found == [(kind, source) for kind, source, _ in cells(text)]
    assert "".join(piece.text for piece in pieces.split(text)) == text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_pages__their_notebooks_carry_no_second_copy(path):
    """What JupyterLab shows is all there is: nothing is hidden in the metadata of a cell."""
    made = to_notebook.notebook(path.read_text(encoding="utf-8"))
    assert [cell["metadata"] for cell in made["cells"] if cell["metadata"]] == []


@pytest.mark.parametrize("kind", skeleton.KINDS)
def test_pages__a_new_one_comes_back_too(kind):
    text = skeleton.page(kind, "08_topic", "A topic", "题目")
    assert there_and_back(text) == text


FRAGMENTS = [
    '+++ {"role": "prose", "lang": "en"}\n', '+++ {"role":"prose",  "lang": "zh"}\n', "+++\n", "text\n", "\n",
    "\n", "文字。\n", "```{code-cell}\n", "```\n", "````{code-cell} ipython3\n", "````\n", "```python\n",
    "---\n", "role: answer\n", "exercise: x\n", ":tags: [a]\n", "#| role: wrong\n", "#| ---\n", "x = 1\n",
    "<!-- role: prose -->\n", "<!-- note -->\n", "   \n", "- item\n", "  +++\n", "    indented\n", "says:\n",
    '  en: "a, b"\n', "end",
]  # fmt: skip


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14))
def test_pages__any_is_stable_after_one_turn_and_keeps_its_cells(parts):
    text = FRONT + "\n" + "".join(parts)
    try:
        before = cells(text)
        once = there_and_back(text)
    except (AuthoringError, MystMetadataParsingError, NotebookValidationError, TypeError, AttributeError):
        return  # no page either
    assert there_and_back(once) == once
    given = [(kind, source) for kind, source, _ in cells(once)]
    assert given == [(kind, source) for kind, source, _ in before if source.strip()]
    unmarked = [c for c in before if c[0] == "markdown" and not {"role", "lang"} <= set(c[2])]
    empty = [c for c in before if not c[1].strip()]
    if not unmarked and not empty:
        assert once == text


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), include_characters="\n\t"), max_size=60
)
code = words | st.sampled_from(
    ["#| a: 1\nx", "---\nx", ":a: b", "```\nx\n```", "\n\nx = 1\n\n", "%%time\nx", "#|"]
)
names = st.sampled_from(["a-b", "x"])
made_cells = st.lists(
    st.one_of(
        st.tuples(st.just("code"), st.just({}), code),
        st.tuples(st.just("code"), st.fixed_dictionaries({"role": st.just("answer"), "exercise": names,
                  "points": st.integers(1, 5)}), code),
        st.tuples(st.just("code"), st.fixed_dictionaries({"role": st.just("wrong"), "expects": names,
                  "says": st.fixed_dictionaries({"en": words, "zh": words})}), code),
        st.tuples(st.just("markdown"), st.fixed_dictionaries({"role": st.just("statement"), "exercise": names,
                  "lang": st.sampled_from(["en", "zh"])}), words),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(made_cells)
def test_notebooks__what_is_written_in_jupyterlab_comes_back(written):
    """Marked by hand or by metadata: after one turn notebook and page stay as they are."""
    notebook = empty_notebook()
    for kind, options, text in written:
        mark = marks.marked(marks.header(options)) if kind == "code" else [marks.comment(options), ""]
        add(notebook, kind, "\n".join([*(mark if options else []), text]))
    try:
        once = to_page.page(notebook).text
    except AuthoringError:
        return
    assert there_and_back(once) == once
    kept = [(kind, options) for kind, options, text in written if text.strip()]
    read = [(kind, options) for kind, _, options in cells(once)]
    if not any(text.lstrip().startswith("#|") for _, _, text in written):
        assert read == kept


def empty_notebook() -> dict:
    made = to_notebook.notebook(FRONT + "\n")
    return deepcopy(made)


def add(notebook: dict, kind: str, source: str, **metadata) -> dict:
    cell = {"cell_type": kind, "metadata": metadata, "source": source}
    notebook["cells"].append(cell)
    return cell


values = st.one_of(words, st.integers(), st.booleans(), st.lists(words, max_size=3))


@given(st.dictionaries(st.sampled_from(["role", "exercise", "right", "tags", "points", "of"]), values))
def test_marks__any_value_is_read_as_it_was_written(options):
    if options and next(iter(options)) in marks.KNOWN:
        assert marks.read_comment(marks.comment(options)) == options
    assert marks.read_header(marks.header(options).split("\n"))[1] == options


def test_files__windows_line_ends_and_a_byte_order_mark_are_made_ours():
    text = LESSON.read_text(encoding="utf-8")
    assert there_and_back("\ufeff" + text.replace("\n", "\r\n")) == text


def test_notebook__is_one_that_jupyter_accepts():
    import nbformat

    made = to_notebook.notebook(EXERCISES.read_text(encoding="utf-8"))
    nbformat.validate(nbformat.reads(to_notebook.text(made), as_version=4))
    assert json.loads(to_notebook.text(made)) == made
