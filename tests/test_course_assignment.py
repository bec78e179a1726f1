"""The course as a folder for nbgrader: what an instructor keeps, and how nbgrader's metadata names it."""

import json
import re
import shutil
from pathlib import Path

import pytest
from built import ROOT, cells, notebooks, short
from minilab import PAGES, mini_page

from rgteach.course import assignment, source
from rgteach.course.build import build
from rgteach.course.nbgrader import SCHEMA
from rgteach.errors import LearnerError

BUILT = [path for path in notebooks("exercises", "solutions") if path.is_relative_to(ROOT)]
ROLES = {  # role: (grade, solution, locked)
    "statement": (False, False, True),
    "think": (False, False, True),
    "rubric": (False, False, True),
    "question": (False, False, True),
    "answer": (False, True, False),
    "check": (True, False, True),
    "write": (True, True, False),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """The mini lab, built."""
    folder = Path(shutil.copytree(PAGES, tmp_path_factory.mktemp("home") / "course"))
    assert build(folder, execute=False).ok
    return folder


@pytest.mark.parametrize("path", BUILT, ids=short)
def test_metadata__each_role_has_its_block_and_no_other_cell_has_one(path):
    for cell in cells(path):
        about, block = cell["metadata"]["rgteach"], cell["metadata"].get("nbgrader")
        if about["role"] not in ROLES:
            assert block is None
            continue
        assert (block["grade"], block["solution"], block["locked"]) == ROLES[about["role"]]
        assert (block["schema_version"], block["task"]) == (SCHEMA, False)
        assert block["grade_id"] == cell["id"]
        assert block["cell_type"] == cell["cell_type"]
        assert ("points" in block) == block["grade"]
        assert cell["metadata"].get("editable", True) is not block["locked"]


@pytest.mark.parametrize("path", BUILT, ids=short)
def test_metadata__names_are_unique_and_of_the_letters_that_nbgrader_takes(path):
    names = [c["metadata"]["nbgrader"]["grade_id"] for c in cells(path) if "nbgrader" in c["metadata"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in names)


@pytest.mark.parametrize("path", BUILT, ids=short)
def test_metadata__nbgrader_finds_nothing_wrong_with_it(path):
    pytest.importorskip("nbgrader", reason="nbgrader is not installed here")
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.utils import compute_checksum

    notebook = nbformat.read(path, as_version=4)
    MetadataValidator().validate_nb(notebook)
    blocks = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [compute_checksum(cell) for cell in blocks] == [c.metadata.nbgrader.checksum for c in blocks]


@pytest.mark.parametrize("path", notebooks("exercises"), ids=short)
def test_metadata__ours_holds_no_answers(path):
    kept = {"role", "exercise", "question", "points"}
    assert [c["id"] for c in cells(path) if set(c["metadata"]["rgteach"]) - kept] == []


def test_lay_out__solves_the_answers_between_marks_and_changes_nothing_else(root, tmp_path):
    written = list(assignment.lay_out(root, tmp_path, "zh"))
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "nbgrader_config.py",
        "source/00_mini/00_mini.ipynb",
        "source/00_mini/.rgteach/keys/00_mini.json",
    ]
    before = cells(root / "exercises" / "zh" / "00_mini.ipynb")
    for old, new in zip(before, cells(written[1]), strict=True):
        if old["metadata"]["rgteach"]["role"] == "answer":
            text = "".join(new["source"])
            assert text.count(assignment.BEGIN) == text.count(assignment.END) == 1
            assert "NotImplementedError" not in text
        else:
            assert old == new


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_between_marks__leaves_the_stub_where_the_solution_is_cut_out(lang):
    for exercise in mini_page().exercises.values():
        if exercise.is_open:
            continue
        code = exercise.one("answer").code
        text = assignment.between_marks(code, lang)
        compile(text, "solved", "exec")
        cut = re.sub(rf"{assignment.BEGIN}.*?{assignment.END}", source.ask(lang), text, flags=re.DOTALL)
        assert cut == source.in_language(source.stub(code, lang), lang)


def test_lay_out__keeps_what_the_instructor_wrote_into_the_settings(root, tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    list(assignment.lay_out(root, tmp_path, "en", ["00"]))
    assert (tmp_path / "nbgrader_config.py").read_text() == "c = get_config()\n"


def test_lay_out__a_course_without_pages_or_without_a_build_is_told(root, tmp_path):
    with pytest.raises(LearnerError) as caught:
        list(assignment.lay_out(tmp_path, tmp_path, "en"))
    assert caught.value.key == "assignment-no-pages"
    bare = Path(shutil.copytree(PAGES, tmp_path / "bare"))
    with pytest.raises(LearnerError) as caught:
        list(assignment.lay_out(bare, tmp_path, "en"))
    assert caught.value.key == "assignment-not-built"


def test_command__lays_out_in_the_language_asked_for(run, root, tmp_path):
    code, out, _ = run("nbgrader", str(tmp_path), "--root", str(root), "--lang", "zh")
    assert (code, "1 个实验" in out) == (0, True)
    notebook = json.loads((tmp_path / "source" / "00_mini" / "00_mini.ipynb").read_text("utf-8"))
    assert notebook["metadata"]["rgteach"]["lang"] == "zh"
    assert run("nbgrader")[0] == 2
