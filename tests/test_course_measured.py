"""Numbers are measured where the page runs: in plain Python, lab by lab, or in a kernel where it must be."""

import shutil
from pathlib import Path

import pytest
from minilab import PAGES

from rgteach.course.build import build

pytestmark = pytest.mark.usefixtures("warm_processes")


@pytest.fixture
def course(tmp_path) -> Path:
    """The mini lab as it is built without running it."""
    root = Path(shutil.copytree(PAGES, tmp_path / "course"))
    assert build(root, execute=False).ok
    return root


def test_check__a_lesson_that_does_not_run_is_named_and_the_others_are_compared(course):
    page = course / "notebooks/00_mini.md"
    page.write_text(page.read_text("utf-8").replace("np.mean(", "np.meen("), encoding="utf-8")
    second = course / "notebooks/07_more.md"
    second.write_text((PAGES / "notebooks/00_mini.md").read_text("utf-8").replace('"00"', '"07"'), "utf-8")
    told = []
    report = build(course, check=True, progress=told.append)
    (problem,) = report.problems
    assert (problem.key, problem.values["line"]) == ("page-run", 26)
    assert "meen" in str(problem)
    told_of_second = [line for line in report.differences if "07_more" in line]
    assert told_of_second == [f"notebooks/{lang}/07_more.ipynb: not built yet" for lang in ("en", "zh")]
    assert told == ["00_mini: compared", "07_more: compared"]


def test_check__a_page_with_lines_for_ipython_is_measured_in_a_kernel(course):
    page = course / "notebooks/00_mini.md"
    text = page.read_text("utf-8")
    page.write_text(text.replace("rg.setup()\n", "rg.setup()\n%precision 3\nfactor = 2\n"), encoding="utf-8")
    (course / "solutions/00_mini.md").unlink()
    report = build(course, check=True)
    assert report.problems == []  # what was built has no numbers yet; what is measured here has
    assert "notebooks/zh/00_mini.ipynb: the metadata of the notebook differs" in report.differences


def test_build__numbers_in_hints_and_discussions_stand_in_the_key(course):
    page = course / "solutions/00_mini.md"
    text = page.read_text("utf-8")
    page.write_text(text.replace("one outlier decides it", "{{ values.max():.1f }} decides it"), "utf-8")
    build(course, execute=False)
    key = course / "exercises/keys/00_mini.json"
    assert "100.0 decides it" in key.read_text("utf-8")
    key.write_text(key.read_text("utf-8").replace("100.0 decides it", "100.1 decides it"), "utf-8")
    assert build(course, check=True, execute=False).differences == []
    key.write_text(key.read_text("utf-8").replace("100.1 decides it", "100.4 decides it"), "utf-8")
    (told,) = build(course, check=True, execute=False).differences
    assert told == "exercises/keys/00_mini.json: the key of mini-range differs"
