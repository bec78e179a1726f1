"""`rgteach check`: the released checks run on a student's answers, whatever has become of the notebook."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from minilab import PAGES

from rgteach.course import recheck
from rgteach.course.build import build
from rgteach.course.handed import Unreadable
from rgteach.errors import LearnerError

RIGHT_RANGE = "def spread(values):\n    return values.max() - values.min()"
RIGHT_PAIRS = (
    "def pairs(row, n_levels):\n    counts = np.zeros((n_levels, n_levels), dtype=int)\n"
    "    for i, j in zip(row, row[1:]):\n        counts[i - 1, j - 1] += 1\n    return counts"
)
BOTH_ORDERS = RIGHT_PAIRS.replace("    return", "        counts[j - 1, i - 1] += 1\n    return")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """The mini lab as it is released."""
    root = Path(shutil.copytree(PAGES, tmp_path_factory.mktemp("home") / "course"))
    assert build(root, execute=False).ok
    return root


@pytest.fixture(autouse=True)
def _released(home, monkeypatch):
    monkeypatch.setattr(recheck, "course_home", lambda: home)


@pytest.fixture
def quick(warm, monkeypatch):
    """The Python that runs a notebook, and that of the kernel, have loaded their libraries before."""
    monkeypatch.setattr(sys, "executable", warm)


@pytest.fixture
def notebook(home, tmp_path):
    """Make a student's notebook: the released one with answers written in, then changed by a function."""

    def make(answers: dict[str, str] | None = None, change=None, lang: str = "en") -> Path:
        data = json.loads((home / "exercises" / lang / "00_mini.ipynb").read_text(encoding="utf-8"))
        for cell in data["cells"]:
            about = cell["metadata"]["rgteach"]
            if about["role"] == "answer" and about["exercise"] in (answers or {}):
                cell["source"] = answers[about["exercise"]]
        path = tmp_path / f"00_mini_{lang}.ipynb"
        path.write_text(json.dumps(change(data) or data if change else data), encoding="utf-8")
        return path

    return make


def outcomes(checked) -> list[str]:
    return [line.outcome for line in checked.lines]


def test_check__cells_may_be_deleted_split_copied_moved_and_stripped(notebook, quick):
    def wreck(data):
        cells = {cell["id"]: cell for cell in data["cells"]}
        stub = dict(cells["mini-range-answer"])
        del cells["mini-range-answer"], cells["mini-pairs-check"]
        helper = {
            "cell_type": "code",
            "id": "h",
            "metadata": {},
            "source": "import math\ndef top(v): return max(v)",
        }
        mine = "def spread(values):\n    return math.fabs(top(values) - min(values))"
        cells["mini-range-check"]["source"] = "def spread(values): return 0\nprint('all right!')"
        rest = RIGHT_PAIRS.split("    for", 1)[1]
        answer = cells.pop("mini-pairs-answer")
        pieces = [dict(answer, id=f"p{k}") for k in range(2)]
        pieces[0]["source"] = "def empty(n):\n    return np.zeros((n, n), dtype=int)"
        pieces[1]["source"] = "def pairs(row, n_levels):\n    counts = empty(n_levels)\n    for" + rest
        own = {"cell_type": "code", "id": "own", "metadata": {}, "source": mine}
        stub["id"], stub["source"] = "copy", "def spread(values):\n    raise NotImplementedError"
        data["cells"] = [*pieces, stub, own, helper, *reversed(cells.values())]

    checked = recheck.check(notebook(change=wreck), "en")
    assert outcomes(checked) == ["right", "right", "by person"], checked


def test_check__the_home_may_be_missing_and_settings_of_others_are_not_ours(notebook, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    (tmp_path / "numpy.py").write_text("1 / 0", encoding="utf-8")
    answer = RIGHT_RANGE + "\nspread(nothing)"  # an error behind the answer does not matter either
    assert recheck.check(notebook({"mini-range": answer}), "en").lines[0].outcome == "right"
    assert not (tmp_path / "nowhere").exists() or os.listdir(tmp_path / "nowhere") in (
        [],
        [".cache"],
        [".config"],
    )


def test_check__a_missing_function_is_named_and_one_without_end_stopped_by_its_own_limit(notebook, quick):
    endless = "def pairs(row, n_levels):\n    while True: pass"
    checked = recheck.check(notebook({"mini-range": "def spraed(a): return 0", "mini-pairs": endless}), "en")
    assert outcomes(checked) == ["cannot check", "not yet", "by person"]
    assert checked.lines[0].told == "There is no function `spread` in this notebook yet."
    assert "was stopped after 2 seconds" in checked.lines[1].told


def test_check__a_cell_without_end_does_not_take_the_others_along(notebook, quick):
    endless = "while True: pass\n" + RIGHT_RANGE
    checked = recheck.check(
        notebook({"mini-range": endless, "mini-pairs": RIGHT_PAIRS}), "en", cell_seconds=4
    )
    assert outcomes(checked) == ["cannot check", "right", "by person"]
    assert "stopped after 4 seconds" in checked.lines[0].told


def test_check__a_cell_that_ends_the_kernel_does_not_take_the_others_along(notebook, quick):
    answers = {"mini-range": "import os\nos._exit(1)", "mini-pairs": "def pairs(row)\n    return 0"}
    checked = recheck.check(notebook(answers), "zh", cell_seconds=4)
    assert outcomes(checked) == ["cannot check", "cannot check", "by person"]
    assert "结束了内核" in checked.lines[0].told
    assert checked.lines[1].told.startswith("SyntaxError: expected ':'")


def test_check__knows_a_stripped_notebook_by_its_exercises_and_counts_the_self_test(notebook, quick):
    def strip(data):
        data["metadata"] = {}
        for cell in data["cells"]:
            if cell["metadata"]["rgteach"]["role"] == "choose":
                cell["source"] = cell["source"][0].replace('""', '"B"')
            cell["metadata"] = {}
            del cell["id"]

    checked = recheck.check(notebook({"mini-range": RIGHT_RANGE}, strip), "en")
    assert (checked.lab, outcomes(checked)[0]) == ("00", "right")
    assert (checked.answered, checked.questions) == (2, 5)


def test_check__another_notebook_and_a_lesson_are_told_so(notebook, tmp_path):
    def foreign(data):
        data["metadata"], data["cells"] = {}, []

    with pytest.raises(Unreadable, match="00_mini") as caught:
        recheck.check(notebook(change=foreign), "en")
    assert caught.value.key == "check-not-ours"
    with pytest.raises(Unreadable) as caught:
        recheck.check(notebook(change=lambda data: data["metadata"]["rgteach"].update(kind="lesson")), "en")
    assert caught.value.key == "check-lesson"


def test_check__a_course_without_notebooks_or_nbval_says_so(notebook, monkeypatch, tmp_path):
    path = notebook()
    monkeypatch.setattr(recheck, "course_home", lambda: tmp_path / "empty")
    with pytest.raises(LearnerError, match="no answer keys"):
        recheck.check(path, "en")
    monkeypatch.setattr(recheck.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LearnerError, match="nbval is missing"):
        recheck.check(path, "en")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("A width of 2.5 is too wide. Try 2.", "A width of 2.5 is too wide."),
        ("Pairs, e.g. 1 and 2. More.", "Pairs, e.g. 1 and 2."),
        ("每一对都数了两次。再想想。", "每一对都数了两次。"),
        ("No end", "No end"),
        ("First line\nsecond", "First line"),
    ],
)
def test_first_sentence__ends_where_a_reader_would(text, first):
    assert recheck.first_sentence(text) == first


def test_cli__a_line_an_exercise_then_the_points_in_the_readers_language(notebook, run, quick):
    """The notebook is in Chinese, the reader is not."""
    path = notebook({"mini-range": RIGHT_RANGE, "mini-pairs": BOTH_ORDERS}, lang="zh")
    code, out, err = run("check", str(path))
    assert code == 1
    assert out.splitlines() == [
        "00_mini_zh.ipynb · lab 00 · A mini lab, practised",
        "  ✓ mini-range · How far apart?",
        "  ✗ mini-pairs · Count neighbours: Each pair was counted in both orders.",
        "  ? mini-think · Think!: Read by a person",
        "1 of 4 points · 4 more from the person who marks · self-test 0 of 5",
    ]


def test_cli__several_notebooks_in_turn_untouched_is_fine_and_the_worst_code_counts(
    notebook, run, tmp_path, quick
):
    path, broken = notebook(), tmp_path / "broken.ipynb"
    before = path.read_bytes()
    code, out, err = run("check", str(path), "--lang", "zh")
    assert code == 0
    assert "○ mini-range · 相差多远？：尚未作答" in out
    assert "○ mini-pairs · 数相邻对：尚未作答" in out
    assert "0/4 分 · 另有 4 分由人评阅 · 自测 0/5" in out
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    broken.write_text("{", encoding="utf-8")
    code, out, err = run("check", str(broken), str(tmp_path / "nothing.ipynb"), "--lang", "zh")
    assert code == 2
    assert "broken.ipynb 已损坏" in err
    assert "nothing.ipynb" in err


def test_cli__needs_a_notebook(run):
    code, _, err = run("check")
    assert code == 2
    assert "A notebook is needed" in err
    assert run("check", "nothing.ipynb")[0] == 2
