"""What an instructor adds in JupyterLab gets a role that fits, or a sentence with the number of the cell."""

import json

import pytest
from minilab import EXERCISES, LESSON
from test_course_authoring import FRONT, add, empty_notebook

from rgteach.course.authoring import files, to_notebook, to_page
from rgteach.course.authoring.marks import AuthoringError
from rgteach.course.model import PageError


def page_with(*cells) -> str:
    """The page of a notebook with these cells, without its front matter."""
    notebook = empty_notebook()
    for kind, source, *metadata in cells:
        add(notebook, kind, source, **(metadata[0] if metadata else {}))
    return to_page.page(notebook).text.removeprefix(FRONT).strip("\n")


def refused(*cells) -> AuthoringError:
    with pytest.raises(AuthoringError) as error:
        page_with(*cells)
    assert str(error.value)  # its sentences can be filled in
    return error.value


def test_roles__unmarked_code_is_code_and_unmarked_text_is_prose_in_its_language():
    page = page_with(("code", "x = 1"), ("markdown", "# One"), ("markdown", "# 一"))
    assert page == (
        "```{code-cell}\nx = 1\n```\n\n"
        '+++ {"role": "prose", "lang": "en"}\n\n# One\n\n+++ {"role": "prose", "lang": "zh"}\n\n# 一'
    )


def test_roles__an_unmarked_chinese_text_is_the_twin_of_the_text_before_it():
    page = page_with(
        ("markdown", "<!-- role: question, question: q-1, right: b -->\n\nWhy?"), ("markdown", "为什么？")
    )
    assert '+++ {"role": "question", "question": "q-1", "right": "b", "lang": "zh"}' in page


def test_roles__a_mark_on_one_line_and_the_metadata_of_a_cell_will_do():
    head = "---\nrole: answer\nexercise: a-b\npoints: 3\n---\n"
    written = page_with(("code", "#| role: answer, exercise: a-b, points: 3\nx = 1"))
    by_metadata = page_with(
        ("code", "x = 1", {"rgteach": {"role": "answer", "exercise": "a-b", "points": 3}})
    )
    assert written == by_metadata == f"```{{code-cell}}\n{head}x = 1\n```"
    text = page_with(("markdown", "Text.", {"rgteach": {"role": "hint", "exercise": "a-b", "lang": "en"}}))
    assert text.startswith('+++ {"role": "hint", "exercise": "a-b", "lang": "en"}')


def test_roles__tags_set_in_jupyterlab_are_kept():
    assert "tags: [nbval-check-output]" in page_with(("code", "1 + 1", {"tags": ["nbval-check-output"]}))
    page = page_with(("code", "#| tags: [a]\n1 + 1", {"tags": ["a", "b c"]}))
    assert "tags: [a, b c]" in page
    assert page == page_with(("code", "#| tags: [a, b c]\n1 + 1", {"tags": ["a"]}))


def test_cells__empty_ones_and_those_of_the_notebook_are_left_out():
    assert page_with(("code", ""), ("markdown", " \n"), ("code", "#| role: tools\nprint()")) == ""


def test_cells__a_comment_that_is_no_mark_stays():
    assert page_with(("markdown", "<!-- Replace: this -->\n\nText.")).endswith(
        "<!-- Replace: this -->\n\nText."
    )


def test_cells__an_edited_one_is_written_anew_and_the_others_are_not():
    """The page had its own way of writing; only the cell that was changed takes ours."""
    odd = '+++ {"role":"prose","lang":"en"}\nOne.\n\n\n+++ {"role":"prose","lang":"zh"}\n一。\n'
    notebook = to_notebook.notebook(f"{FRONT}\n{odd}")
    assert to_page.page(notebook).text == f"{FRONT}\n{odd}"
    notebook["cells"][-1]["source"] += "\n二。"
    changed = (
        '+++ {"role":"prose","lang":"en"}\nOne.\n\n\n+++ {"role": "prose", "lang": "zh"}\n\n一。\n二。\n'
    )
    assert to_page.page(notebook).text == f"{FRONT}\n{changed}"


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        (("raw", "x"), "authoring-raw-cell"),
        (("markdown", "![](attachment:a.png)", {}), "authoring-attachment"),
        (("markdown", "One\n+++\nTwo"), "authoring-breaks"),
        (("markdown", "```{code-cell}\nx\n```"), "authoring-breaks"),
        (("markdown", "```python\nx"), "authoring-breaks"),
        (("markdown", "<!-- never closed"), "authoring-breaks"),
        (("markdown", "<!-- rolle: prose -->\n\nText"), "authoring-mark"),
        (("markdown", "<!-- role: [a -->\n\nText"), "authoring-mark"),
        (("code", "#| role: [\nx"), "authoring-mark"),
        (("code", "#| answer\nx"), "authoring-mark"),
        (("code", "x = '\u2028'"), "authoring-odd-line"),
    ],
    ids=["raw", "picture", "break", "code", "fence", "comment", "typo", "open", "yaml", "word", "line"],
)  # fmt: skip
def test_errors__name_the_cell_and_what_to_do(cell, key):
    notebook = empty_notebook()
    add(notebook, "markdown", "<!-- role: prose, lang: en -->\n\nFine.")
    made = add(notebook, *cell[:2])
    if key == "authoring-attachment":
        made["attachments"] = {"a.png": {"image/png": ""}}
    with pytest.raises(AuthoringError) as error:
        to_page.page(notebook)
    assert error.value.key == key
    assert error.value.cell[0] == 4
    assert str(error.value)


def test_errors__a_notebook_that_is_none_was_built_or_has_no_front():
    built = to_notebook.notebook(FRONT + "\n")
    built["metadata"]["rgteach"]["kind"] = "exercise"
    bare = {"cells": [{"cell_type": "code", "metadata": {}, "source": "x = 1"}], "metadata": {}}
    cases = (
        (built, "authoring-built"),
        (bare, "authoring-no-front"),
        ([], "authoring-not-notebook"),
        ({}, "authoring-not-notebook"),
    )
    for data, key in cases:
        with pytest.raises(AuthoringError) as error:
            to_page.page(data)
        assert error.value.key == key
        assert str(error.value)


def test_errors__the_json_of_a_page_is_told():
    with pytest.raises(AuthoringError, match="not JSON"):
        to_notebook.notebook(f"{FRONT}\n+++ {{role: prose}}\n\nText.\n")


@pytest.fixture
def notebook(tmp_path):
    place = tmp_path / EXERCISES.name
    place.write_text(EXERCISES.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    return files.turn(place).place


def test_files__a_broken_rule_names_the_cell_and_nothing_is_written(notebook):
    data = json.loads(notebook.read_text(encoding="utf-8"))
    place = next(k for k, cell in enumerate(data["cells"], 1) if "#| expects:" in cell["source"])
    data["cells"][place - 1]["source"] = data["cells"][place - 1]["source"].replace(
        "#| expects:", "#| expect:"
    )
    notebook.write_text(json.dumps(data), encoding="utf-8")
    before = notebook.with_suffix(".md").read_bytes()
    with pytest.raises(PageError, match="expects") as error:
        files.turn(notebook, overwrite=True)
    assert error.value.cell[0] == place
    assert notebook.with_suffix(".md").read_bytes() == before


def test_files__what_is_there_is_replaced_only_when_told_to(notebook):
    assert not files.turn(notebook).changed
    data = json.loads(notebook.read_text(encoding="utf-8"))
    data["cells"][2]["source"] += "\n\nOne more line."
    notebook.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(AuthoringError) as error:
        files.turn(notebook)
    assert error.value.key == "authoring-exists"
    assert files.turn(notebook, overwrite=True).changed
    assert "One more line." in notebook.with_suffix(".md").read_text(encoding="utf-8")
    assert files.turn(notebook.with_suffix(".md"), overwrite=True).changed


@pytest.mark.parametrize(
    ("name", "content", "out", "key"),
    [
        ("a.txt", b"", None, "authoring-suffix"),
        ("a.md", b"", "a.md", "authoring-out"),
        ("a.ipynb", b"{", None, "authoring-unreadable"),
        ("a.md", b"\xff\xfe", None, "authoring-unreadable"),
        ("a.md", None, None, "authoring-unreadable"),
    ],
    ids=["suffix", "out", "json", "bytes", "missing"],
)
def test_files__what_cannot_be_read_is_refused(tmp_path, name, content, out, key):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(AuthoringError) as error:
        files.turn(tmp_path / name, tmp_path / out if out else None)
    assert error.value.key == key
    assert str(error.value)


def test_lesson__is_turned_like_an_exercise_page(tmp_path):
    place = tmp_path / LESSON.name
    place.write_bytes(LESSON.read_bytes())
    made = files.turn(place).place
    place.unlink()
    assert files.turn(made).page.kind == "lesson"
    assert place.read_bytes() == LESSON.read_bytes()
