"""The student's notebook with feedback: valid, in place, harmless, and nothing of theirs is touched."""

import json
import re
from dataclasses import replace
from functools import cache

import nbformat
import pytest
from built import markdown
from graded import ROOT, all_kinds, lab_keys, one
from test_grading_feedback import EVIL, Page, evil

from rgteach.grading.feedback import Late, write_feedback
from rgteach.wording import LANGUAGES, say


@cache
def raw(lang: str = "en") -> bytes:
    return (ROOT / "exercises" / lang / "02_glcm.ipynb").read_bytes()


def notebook_of(graded, tmp_path, given: bytes | None = None, **more) -> dict:
    page = write_feedback(tmp_path, graded, notebook=given or raw(), **more)
    data = json.loads(page.with_suffix(".ipynb").read_text(encoding="utf-8"))
    nbformat.validate(nbformat.from_dict(data))
    return data


def about(cell: dict) -> dict:
    return cell["metadata"].get("rgteach", {})


def is_told(cell: dict) -> bool:
    return about(cell).get("role") == "feedback"


def changed(**fields) -> bytes:
    """The notebook with something different about it."""
    data = json.loads(raw())
    for name, change in fields.items():
        if name == "cells":
            data["cells"] = change(data["cells"])
        else:
            data[name] = change
    return json.dumps(data).encode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cells__stand_right_below_their_answers_and_all_else_is_as_it_was(lang, tmp_path):
    graded = all_kinds(lang=lang)
    cells = notebook_of(graded, tmp_path, raw(lang))["cells"]
    assert [cell for cell in cells if not is_told(cell)] == json.loads(raw(lang))["cells"]
    ids = [cell["id"] for cell in cells]
    for grade in graded.exercises:
        kind = "write" if grade.outcome == "by person" else "answer"
        at = ids.index(f"{grade.exercise}-{kind}")
        assert about(cells[at + 1]) == {"role": "feedback", "exercise": grade.exercise}
    assert say("feedback-points", lang, points="5.4", out_of="14") in cells[0]["source"]
    assert sum(map(is_told, cells)) == len(graded.exercises) + 1


def test_cells__are_one_piece_of_html_that_closes_all_it_opens(tmp_path):
    graded = replace(evil(), exercises=(*evil().exercises, *all_kinds().exercises))
    for cell in filter(is_told, notebook_of(graded, tmp_path)["cells"]):
        assert "\n" not in cell["source"]
        assert "$" not in cell["source"]
        page = Page(markdown(cell["source"]))
        tags = {tag for tag, _ in page.elements}
        assert tags & {"script", "img", "iframe", "style", "link", "form", "input"} == set()
        assert [a for _, attributes in page.elements for a in attributes if a.startswith("on")] == []


def test_cells__are_put_anew_where_feedback_is_handed_in_again(tmp_path):
    first = one(kind="mistake")
    again = json.dumps(notebook_of(first, tmp_path)).encode()
    assert notebook_of(one(kind="right"), tmp_path, again) == notebook_of(one(kind="right"), tmp_path)


def test_cells__have_names_of_their_own(tmp_path):
    def taken(cells):
        cells[0] |= {"id": "feedback"}
        cells[1] |= {"id": "glcm-pairs-feedback"}
        return cells

    ids = [cell["id"] for cell in notebook_of(all_kinds(), tmp_path, changed(cells=taken))["cells"]]
    assert len(ids) == len(set(ids))


def test_cells__are_found_by_line_or_source_where_all_names_were_lost(tmp_path):
    graded = one(kind="right")
    key = lab_keys("02")[0]

    def bare(cells):
        for cell in cells:
            if cell["id"] == f"{key.id}-answer":
                cell["source"] = graded.exercises[0].source
            elif cell["id"] == "glcm-merge-answer":
                cell["source"] = "# EXERCISE: glcm-merge\ndef f():\n    pass"
            cell["metadata"] = {}
            del cell["id"]
        return cells

    cells = notebook_of(graded, tmp_path, changed(cells=bare, nbformat_minor=4))["cells"]
    assert [cell for cell in cells if "id" in cell] == []
    told = {about(cell).get("exercise"): k for k, cell in enumerate(cells) if is_told(cell)}
    assert key.function in cells[told[key.id] - 1]["source"]
    assert "# EXERCISE: glcm-merge" in cells[told["glcm-merge"] - 1]["source"]
    assert is_told(cells[-1])  # those that nothing tells come last
    assert set(told) == {None, *(e.exercise for e in graded.exercises)}


@pytest.mark.parametrize(
    "given",
    [
        b"", b"{", b"[]", b"null", b"{}", b'{"nbformat": 3, "worksheets": []}', b"\xff\xfe", b"[" * 100_000,
        b'{"nbformat": 4, "cells": 3}', b'{"nbformat": 4, "cells": [1, "a"]}',
    ],
    ids=range(10),
)  # fmt: skip
def test_no_notebook__gets_a_page_alone(given, tmp_path):
    page = write_feedback(tmp_path, one(kind="right"), notebook=given)
    assert [p.name for p in page.parent.iterdir()] == [page.name]


@pytest.mark.parametrize("name", ["twins", "no ids", "outputs", "metadata", "source", "surrogate", "kinds"])
def test_damaged_notebook__comes_back_valid_with_all_that_was_written(name, tmp_path):
    def damage(cells):
        if name == "twins":
            return cells + [dict(cells[3])]
        if name == "no ids":
            return [{k: v for k, v in cell.items() if k != "id"} for cell in cells]
        if name == "outputs":
            cells[1] |= {"outputs": [{"output_type": "stream"}], "execution_count": "x"}
        if name == "metadata":
            cells[1] |= {"metadata": 3}
        if name == "source":
            cells[1] |= {"source": ["a\n", "b"], "surprise": 1}
        if name == "surrogate":
            cells[1] |= {"source": "'\ud800'"}
        if name == "kinds":
            cells.append({"cell_type": "heading", "source": "old", "level": 1})
        return cells

    data = notebook_of(one(kind="right"), tmp_path, changed(cells=damage))
    sources = ["".join(cell["source"]) for cell in data["cells"] if not is_told(cell)]
    kept = [cell for cell in damage(json.loads(raw())["cells"]) if cell["cell_type"] != "heading"]
    assert sources == ["".join(cell["source"]) for cell in kept]


@pytest.mark.parametrize("minor", ["5", None, [], 99, -1, "../5"], ids=range(6))
def test_notebook__of_no_known_version_comes_back_valid(minor, tmp_path):
    data = notebook_of(one(kind="right"), tmp_path, changed(nbformat_minor=minor))
    assert (data["nbformat"], data["nbformat_minor"]) == (4, 5)


def test_notebook__the_same_grade_gives_the_same_bytes(tmp_path):
    paths = [write_feedback(tmp_path / n, all_kinds(), notebook=raw()).with_suffix(".ipynb") for n in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_summary__tells_lateness_the_self_test_and_a_self_check(tmp_path):
    first = notebook_of(all_kinds(answered=3), tmp_path, late=Late(2, 1))["cells"][0]["source"]
    assert say("feedback-late", "en", days="2", lost="1", left="4.4") in first
    assert say("feedback-self-test", "en", right=3, count=5) in first
    first = notebook_of(all_kinds(is_grade=False), tmp_path)["cells"][0]["source"]
    assert say("feedback-no-grade", "en") in first
    assert not re.search(r"\d of \d+ points", first)


def test_evil__is_nowhere_as_markup(tmp_path):
    told = "".join(c["source"] for c in notebook_of(evil(), tmp_path)["cells"] if is_told(c))
    assert EVIL[:8] not in told
    assert "&lt;script&gt;" in told
