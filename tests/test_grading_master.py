"""The lab as the instructor keeps it: the same cases for the same student, and only what is needed runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from minilab import changed_page, mini_bench, mini_page, mini_text

from rgteach.course import deserved, worth
from rgteach.course.compare import identical
from rgteach.course.model import PageError
from rgteach.course.page import read
from rgteach.errors import LearnerError
from rgteach.grading import master, pages, seeds

ROOT = Path(__file__).resolve().parents[1]
ASK = ("mini-range", "mini-pairs")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    """What is kept of a page is kept where the test can look."""
    monkeypatch.setattr(pages, "folder", lambda: folder)
    folder = tmp_path_factory.mktemp("cache")


def course(folder: Path, *changes: tuple[str, str], key: str | None = None) -> Path:
    (folder / "solutions").mkdir()
    (folder / "exercises" / "keys").mkdir(parents=True)
    changed_page(folder / "solutions", *changes)
    (folder / "exercises" / "keys" / "00_mini.json").write_text(key or mini_text(), encoding="utf-8")
    return folder


@pytest.fixture
def mini(tmp_path) -> master.Master:
    return master.load(course(tmp_path))["00"]


def plain(cases) -> list:
    return [(c.group, c.args, c.expected.kind, c.expected.value) for c in cases]


def secret(tmp_path: Path) -> seeds.Secret:
    return seeds.Secret(b"the same in every test", tmp_path / "secret")


def test_load__knows_the_labs_without_reading_them(tmp_path):
    (tmp_path / "solutions").mkdir()
    for name in ("00_one.md", "01_two.md", "notes.md"):
        (tmp_path / "solutions" / name).write_text("no page")
    labs = master.load(tmp_path)
    assert list(labs) == ["00", "01"]
    assert "02" not in labs
    assert labs["01"].name == "01_two"


def test_load__without_pages_says_so(tmp_path):
    with pytest.raises(LearnerError) as error:
        master.load(tmp_path)
    assert error.value.key == "master-no-pages"


def test_load__knows_the_labs_of_this_course():
    assert list(master.load(ROOT)) == [path.stem[:2] for path in sorted(ROOT.glob("solutions/[0-9]*.md"))]


@pytest.mark.parametrize("exercise", ASK)
@pytest.mark.parametrize("seed", [0, 1, 2**127])
def test_hidden__are_the_cases_of_the_page_with_what_its_solution_gives(mini, exercise, seed):
    bench, found = mini_bench(), mini_page().exercises[exercise]
    cases = sorted(bench.hidden(found, seed), key=lambda case: worth.order(case[0]))
    calls = bench.calls(found, found.one("answer"), cases)
    expected = [(*case, call.kind, call.value) for case, call in zip(cases, calls, strict=True)]
    assert identical(plain(mini.hidden(exercise, seed)), expected)


def test_hidden__a_student_always_meets_the_same_and_no_other_does(tmp_path, mini):
    kept = secret(tmp_path)
    one, two = (plain(mini.hidden("mini-range", kept.seeds("00", "mini-range", s))) for s in ("ann", "bob"))
    fresh = master.load(tmp_path)["00"]
    fresh.hidden("mini-range", 5)  # whatever came before
    again = plain(fresh.hidden("mini-range", kept.seeds("00", "mini-range", "ann")))
    assert identical(one, again)
    assert not identical(one, two)


def test_hidden__what_counts_most_comes_first(tmp_path):
    first = '    yield "random", (rng.normal(size=6),)'
    change = (first, '    yield "edge", (rng.normal(size=4),)\n' + first)
    mini = master.load(course(tmp_path, change))["00"]
    assert [case.group for case in mini.hidden("mini-range", 0)] == ["random", "random", "edge", "edge"]


def test_hidden__is_remembered_and_not_without_end(mini, monkeypatch):
    monkeypatch.setattr(master, "KEPT", 3)
    first = mini.hidden("mini-range", 0)
    assert mini.hidden("mini-range", 0) is first
    for seed in range(1, 6):
        mini.hidden("mini-range", seed)
    assert len(mini._drawn) == 3


PICKY = (
    "    return values.max() - values.min()\n",
    "    return values.max() - values.min() if @ else iter(values)\n",
)


def picky(tmp_path, condition: str) -> master.Master:
    change = (PICKY[0], PICKY[1].replace("@", condition))
    return master.load(course(tmp_path, change))["00"]


def test_hidden__cases_without_an_answer_are_drawn_again(tmp_path):
    mini = picky(tmp_path, "values[0] > 0")
    for seed in range(5):
        cases = mini.hidden("mini-range", seed)
        assert all(case.args[0][0] > 0 for case in cases)
        assert identical(plain(cases), plain(master.load(tmp_path)["00"].hidden("mini-range", seed)))


def test_hidden__draws_again_with_the_students_next_seed(tmp_path):
    mini, kept = picky(tmp_path, "values[0] > 0"), secret(tmp_path)
    row = [kept.seed("00", "mini-range", "ann", draw) for draw in range(master.DRAWS)]
    cases = mini.hidden("mini-range", kept.seeds("00", "mini-range", "ann"))
    firsts = [np.random.default_rng(seed).normal(size=6) for seed in row]
    assert any(np.array_equal(cases[0].args[0], values) for values in firsts)


def test_hidden__cases_that_never_have_an_answer_are_refused(tmp_path):
    with pytest.raises(PageError) as error:
        picky(tmp_path, "False").hidden("mini-range", 0)
    assert error.value.key == "master-no-draw"


def test_hidden__cases_about_which_a_constant_is_right_are_drawn_again(tmp_path):
    both = '    yield "random", (rng.normal(size=6),)\n    yield "random", (rng.normal(size=9),)\n'
    width = '    yield "random", (np.arange(3.0) + rng.integers(0, 2),)\n'
    wide = '    yield "random", (np.arange(3.0) * rng.integers(1, 3),)\n'
    mini = master.load(course(tmp_path, (both, width + wide)))["00"]
    for seed in range(20):
        found = [case.expected.value for case in mini.hidden("mini-range", seed) if case.group == "random"]
        assert len(set(found)) == 2


def test_hidden__leaves_chance_as_it_was(mini):
    np.random.seed(5)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    mini.hidden("mini-range", 123)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_context__is_what_an_answer_needs_and_not_more(mini):
    assert mini.context("mini-range", "en", ["def f(x):\n    return np.ptp(x)"]) == ["import numpy as np"]
    assert mini.context("mini-range", "en", ["def f(x):\n    return max(x)"]) == []
    assert mini.context("mini-range", "zh", ["rg.check('a')"]) == ["import rgteach as rg"]


def test_master__knows_what_students_were_given(mini):
    assert mini.functions == {"mini-range": "spread", "mini-pairs": "pairs", "mini-think": ""}
    assert {"np", "rg", "spread", "pairs"} <= mini.known_names
    assert "values" not in mini.known_names
    assert len(mini.stubs["mini-range"]) == 2
    assert all("NotImplementedError" in stub for stub in mini.stubs["mini-range"])
    assert [key.id for key in mini.keys] == ["mini-range", "mini-pairs", "mini-think"]
    assert mini.title["zh"] == "迷你实验：练习"
    assert mini.released["zh"]["metadata"]["rgteach"]["lang"] == "zh"


def test_edition__changes_with_every_letter_of_the_page(tmp_path, mini):
    (tmp_path / "other").mkdir()
    other = course(tmp_path / "other", ("Two small functions", "Two tiny functions"))
    assert master.load(other)["00"].edition != mini.edition
    assert len(mini.edition) == 12


TERMS = [
    ("points: 1", "points: 2"),
    ("properties: [finite, non-negative]", "properties: [finite]"),
    ("def spread(values):\n    # en", "def spread(numbers):\n    # en"),
]


@pytest.mark.parametrize("change", TERMS, ids=["points", "properties", "parameters"])
def test_keys__of_another_edition_are_refused(change, tmp_path):
    with pytest.raises(LearnerError) as error:
        master.load(course(tmp_path, change))["00"].keys  # noqa: B018
    assert error.value.key == "master-old-key"


def test_keys__that_are_damaged_or_missing_are_told(tmp_path):
    labs = master.load(course(tmp_path, key='{"format": 1'))
    with pytest.raises(LearnerError) as error:
        labs["00"].keys  # noqa: B018
    assert error.value.key == "master-old-key"
    (tmp_path / "exercises" / "keys" / "00_mini.json").unlink()
    with pytest.raises(LearnerError) as error:
        master.load(tmp_path)["00"].keys  # noqa: B018
    assert error.value.key == "master-no-key"


def test_pages__a_page_is_read_once_and_comes_back_as_it_was(tmp_path, monkeypatch):
    path = course(tmp_path) / "solutions" / "00_mini.md"
    first = pages.read(path)
    monkeypatch.setattr(pages.pages, "read", None)
    again = pages.read(path)
    assert again == first
    assert again.exercises["mini-pairs"].setting("seconds") == 2


def test_pages__a_changed_page_is_read_again(tmp_path):
    path = course(tmp_path) / "solutions" / "00_mini.md"
    pages.read(path)
    path.write_text(path.read_text(encoding="utf-8").replace("points: 1", "points: 7"), encoding="utf-8")
    assert pages.read(path).exercises["mini-range"].points == 7


def test_pages__what_is_damaged_or_cannot_be_kept_costs_time_only(tmp_path, monkeypatch):
    path = course(tmp_path) / "solutions" / "00_mini.md"
    expected = pages.read(path)
    (kept,) = pages.folder().glob("*.json")
    for text in ("", "[]", '{"cells": []}', '{"cells": [{"x": 1}]}', kept.read_text(encoding="utf-8")[:-9]):
        kept.write_text(text, encoding="utf-8")
        assert pages.read(path) == expected
    monkeypatch.setattr(pages, "folder", lambda: path / "in-a-file")
    assert pages.read(path) == expected


def test_pages__old_editions_do_not_pile_up(tmp_path):
    path = course(tmp_path) / "solutions" / "00_mini.md"
    text = path.read_text(encoding="utf-8")
    for points in range(1, pages.KEPT + 3):
        path.write_text(text.replace("points: 1", f"points: {points}"), encoding="utf-8")
        pages.read(path)
    assert len(list(pages.folder().glob("*"))) == pages.KEPT


_COLD = """
import json, sys
from pathlib import Path
from rgteach.grading import master, pages
pages.folder = lambda: Path({cache!r})
lab = master.load({root!r})["00"]
lab.keys, lab.stubs, lab.questions, lab.released
for name in {ask!r}:
    lab.hidden(name, 0)
heavy = "jupytext scipy pandas matplotlib sklearn statsmodels numba nbformat IPython".split()
print(json.dumps([name for name in heavy if name in sys.modules]))
"""


def test_master__a_cold_start_loads_nothing_heavy(tmp_path):
    root = course(tmp_path)
    pages.read(root / "solutions" / "00_mini.md")
    code = _COLD.format(cache=str(pages.folder()), root=str(root), ask=ASK)
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=tmp_path, check=True
    )
    assert json.loads(ran.stdout) == []


def test_lean__what_only_a_statement_at_the_top_gives_is_found(tmp_path):
    path = changed_page(
        tmp_path, ("rg.setup()\n", 'rg.setup()\nexec("sizes = [6]")\n'), ("size=6", "size=sizes[0]")
    )
    bench = deserved.Bench(read(path))

    def fails(key, line, **values):
        return PageError(key, page=path.name, line=line, exercise="mini-range", **values)

    (failure,) = deserved.once(bench, bench.page.exercises["mini-range"], fails)
    assert failure.key == "proof-lean"
    assert "NameError" in str(failure)
