"""Built notebooks: the same each time, steady names, no trace of this machine, and every change is found."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from minilab import PAGES

from rgteach.course import differ
from rgteach.course.build import build

pytestmark = pytest.mark.usefixtures("warm_processes")


BUILT = [
    "notebooks/en/00_mini.ipynb",
    "notebooks/zh/00_mini.ipynb",
    "exercises/en/00_mini.ipynb",
    "exercises/zh/00_mini.ipynb",
    "solutions/en/00_mini.ipynb",
    "solutions/zh/00_mini.ipynb",
    "exercises/keys/00_mini.json",
]


def copy_of_pages(folder: Path) -> Path:
    return Path(shutil.copytree(PAGES, folder / "course"))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The mini lab, built once; tests that change something work on a copy."""
    root = copy_of_pages(tmp_path_factory.mktemp("built"))
    report = build(root)
    assert report.problems == []
    assert sorted(report.written) == sorted(BUILT)
    return root


@pytest.fixture
def course(built, tmp_path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "course"))


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def sources(root: Path, name: str) -> dict[str, str]:
    return {cell["id"]: "".join(cell["source"]) for cell in load(root / name)["cells"]}


@pytest.mark.parametrize("name", [name for name in BUILT if name.endswith("ipynb")])
def test_build__notebooks_are_valid_and_name_their_kernel(built, name):
    notebook = nbformat.read(built / name, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.rgteach.lang == name.split("/")[1]
    assert all("role" in cell.metadata.rgteach for cell in notebook.cells)
    assert (built / name).read_bytes().endswith(b"}\n")
    assert b"\r" not in (built / name).read_bytes()


def test_build__students_get_no_solution_mistake_case_or_discussion(built):
    for lang in ("en", "zh"):
        text = "\n".join(sources(built, f"exercises/{lang}/00_mini.ipynb").values())
        assert "values.max() - values.min()" not in text
        assert "standard" not in text.lower()
        assert "def public" not in text
        assert "np.ptp" not in text
        assert "<solution>" not in text
        assert text.count("raise NotImplementedError") == 2
        assert text.count("rg.check(") == 2
    assert "one outlier decides it" in "\n".join(sources(built, "solutions/en/00_mini.ipynb").values())


def test_build__an_open_exercise_has_a_cell_to_write_in_before_its_rubric(built):
    names = list(sources(built, "exercises/en/00_mini.ipynb"))
    think = names.index("mini-think-think")
    assert names[think + 1 : think + 4] == ["mini-think-starter", "mini-think-write", "mini-think-rubric"]
    assert "mini-think-write" not in sources(built, "solutions/en/00_mini.ipynb")


def test_build__languages_share_names_and_code(built):
    for kind in ("notebooks", "exercises", "solutions"):
        english, chinese = (load(built / kind / lang / "00_mini.ipynb")["cells"] for lang in ("en", "zh"))
        assert [cell["id"] for cell in english] == [cell["id"] for cell in chinese]
        for a, b in zip(english, chinese, strict=True):
            if a["cell_type"] == "code":
                assert uncommented(a["source"]) == uncommented(b["source"])


def uncommented(lines) -> list[str]:
    code = (
        re.sub(r'NotImplementedError\(".*"\)|rg\.setup\(".."\)', "", line)
        for line in "".join(lines).split("\n")
    )
    return [line for line in code if not line.strip().startswith("#")]


def test_build__each_notebook_speaks_its_language(built):
    assert (
        "# the largest value minus the smallest"
        in sources(built, "exercises/en/00_mini.ipynb")["mini-range-answer"]
    )
    chinese = sources(built, "exercises/zh/00_mini.ipynb")["mini-range-answer"]
    assert "# 最大值减去最小值" in chinese
    assert "请在这里写代码" in chinese
    assert 'rg.setup("zh")' in "\n".join(sources(built, "notebooks/zh/00_mini.ipynb").values())


def test_build__numbers_in_the_text_are_computed(built):
    assert "below is 3.0." in "".join(sources(built, "notebooks/en/00_mini.ipynb").values())
    assert "平均值是 3.0" in "".join(sources(built, "notebooks/zh/00_mini.ipynb").values())
    assert "this is 3." in sources(built, "exercises/en/00_mini.ipynb")["mini-range-statement"]
    assert load(built / "notebooks/en/00_mini.ipynb")["metadata"]["rgteach"]["numbers"] == {"mean:.1f": "3.0"}


def test_build__lessons_and_solutions_carry_outputs_and_exercises_none(built):
    def outputs(name):
        return [o for c in load(built / name)["cells"] if c["cell_type"] == "code" for o in c["outputs"]]

    assert [o["text"] for o in outputs("notebooks/en/00_mini.ipynb")] == [["3.00\n"]]
    assert [o["data"]["text/plain"][0][0] for o in outputs("solutions/zh/00_mini.ipynb")] == ["✓"] * 8
    assert outputs("exercises/en/00_mini.ipynb") == []


def test_build__tags_for_nbval_are_kept(built):
    tagged = [c for c in load(built / "notebooks/en/00_mini.ipynb")["cells"] if c["metadata"].get("tags")]
    assert [cell["metadata"]["tags"] for cell in tagged] == [["nbval-check-output"]]


def test_build__holds_no_trace_of_this_machine(built):
    for name in BUILT:
        text = (built / name).read_text(encoding="utf-8")
        assert str(Path.home()) + "/" not in text
        assert str(built) not in text
        assert "/tmp/" not in text
        assert "timestamp" not in text
        assert "iopub" not in text


def test_build__a_second_build_writes_nothing(course):
    told = []
    report = build(course, progress=told.append)
    assert report.written == []
    assert len(report.unchanged) == len(BUILT)
    assert not any("running" in line for line in told)


def test_build__fresh_runs_again_and_comes_out_the_same(course):
    told = []
    report = build(course, labs=["00"], fresh=True, progress=told.append)
    assert report.written == []
    assert sum("running" in line for line in told) == 4


def test_build__a_new_cell_renames_no_other(course):
    before = {name: list(sources(course, name)) for name in BUILT if name.endswith("ipynb")}
    for page in (course / "notebooks/00_mini.md", course / "solutions/00_mini.md"):
        text = page.read_text(encoding="utf-8")
        new = (
            '+++ {"role": "prose", "lang": "en"}\n\nNew.\n\n+++ {"role": "prose", "lang": "zh"}\n\n新的。\n\n'
        )
        place = text.index("```{code-cell}")
        page.write_text(text[:place] + new + text[place:], encoding="utf-8")
    build(course, execute=False)
    for name, old in before.items():
        now = list(sources(course, name))
        assert [cell for cell in now if cell in old] == old
        assert len(now) == len(old) + 1


def test_build__text_may_change_and_outputs_stay(course):
    page = course / "notebooks" / "00_mini.md"
    page.write_text(page.read_text("utf-8").replace("The mean of", "The average of"), encoding="utf-8")
    told = []
    build(course, progress=told.append)
    assert not any("notebooks/en" in line for line in told)
    assert "The average of the three numbers below is 3.0." in "".join(
        sources(course, "notebooks/en/00_mini.ipynb").values()
    )
    assert differ.was_run(load(course / "notebooks/en/00_mini.ipynb"))


def test_check__finds_nothing_where_nothing_changed(course):
    report = build(course, check=True)
    assert (report.differences, report.problems, report.ok) == ([], [], True)
    assert report.written == []


KEY = "exercises/keys/00_mini.json: the key of "
CHANGES = [
    ("notebooks", "# A mini lab", "# A tiny lab", "notebooks/en/00_mini.ipynb: the cell prose-"),
    ("notebooks", "[1, 2, 6]", "[1, 2, 9]", "notebooks/en/00_mini.ipynb: the cell code-"),
    ("solutions", "points: 1", "points: 9", "exercises/zh/00_mini.ipynb: the cell mini-range-answer"),
    ("solutions", "Which two of", "What two of", KEY + "mini-range"),
    ("solutions", "[2, 5, 3]),)", "[2, 5, 4]),)", KEY + "mini-range"),
    ("solutions", "expects: wrap-around", "expects: wrapped", KEY + "mini-pairs"),
]


@pytest.mark.parametrize(("folder", "old", "new", "told"), CHANGES)
def test_check__lists_each_difference(course, folder, old, new, told):
    path = course / folder / "00_mini.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    report = build(course, check=True, execute=False)
    assert any(told in line for line in report.differences), report.differences
    assert not report.ok
    assert report.written == []


def test_check__sees_edited_missing_and_orphaned_files(course):
    (course / "notebooks/zh/00_mini.ipynb").unlink()
    (course / "solutions/en/99_gone.ipynb").write_text("{}", encoding="utf-8")
    (course / "exercises/keys/00_mini.json").write_text("{", encoding="utf-8")
    path = course / "exercises/en/00_mini.ipynb"
    path.write_text(path.read_text("utf-8").replace("rg.check", "rg.chek"), encoding="utf-8")
    told = "\n".join(build(course, check=True, execute=False).differences)
    assert "notebooks/zh/00_mini.ipynb: not built yet" in told
    assert "solutions/en/99_gone.ipynb: there is no page" in told
    assert "exercises/keys/00_mini.json: cannot be read" in told
    assert "exercises/en/00_mini.ipynb: the cell mini-range-check has another source" in told


def test_check__outputs_are_never_compared(course):
    path = course / "notebooks/en/00_mini.ipynb"
    path.write_text(path.read_text("utf-8").replace('"3.00\\n"', '"another machine"'), encoding="utf-8")
    assert build(course, check=True, execute=False).ok


def test_check__a_number_of_another_machine_may_differ_in_its_last_digit(course):
    for lang in ("en", "zh"):
        path = course / f"notebooks/{lang}/00_mini.ipynb"
        text = path.read_text("utf-8")
        path.write_text(text.replace('"mean:.1f": "3.0"', '"mean:.1f": "3.1"').replace("is 3.0.", "is 3.1.")
                        .replace("是 3.0", "是 3.1"), encoding="utf-8")  # fmt: skip
    assert build(course, check=True).differences == []
    path.write_text(text.replace('"mean:.1f": "3.0"', '"mean:.1f": "4.0"'), encoding="utf-8")
    assert any("notebooks/zh" in told for told in build(course, check=True).differences)


def test_build__a_page_that_does_not_hold_writes_nothing_of_it(course):
    page = course / "solutions/00_mini.md"
    page.write_text(page.read_text("utf-8").replace("return np.ptp(values)", "return 0"), encoding="utf-8")
    before = {name: (course / name).read_bytes() for name in BUILT}
    report = build(course)
    assert [problem.key for problem in report.problems] == ["proof-twin"]
    assert not report.ok
    assert {name: (course / name).read_bytes() for name in BUILT} == before


def test_build__a_number_that_cannot_be_computed_is_named(course):
    page = course / "notebooks/00_mini.md"
    page.write_text(page.read_text("utf-8").replace("{{ mean:.1f }}", "{{ meen:.1f }}"), encoding="utf-8")
    (problem,) = build(course).problems
    assert (problem.key, problem.values["line"]) == ("page-number", 7)
    assert "meen:.1f" in str(problem)


def test_build__a_lesson_that_does_not_run_is_named(course):
    page = course / "notebooks/00_mini.md"
    page.write_text(page.read_text("utf-8").replace("np.mean(", "np.meen("), encoding="utf-8")
    (problem,) = build(course).problems
    assert problem.key == "page-notebook-run"
    assert "np.meen(" in str(problem)
    assert "\x1b" not in str(problem)
