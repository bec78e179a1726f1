"""A check that is not right stops a notebook under nbgrader and under pytest, and nowhere else."""

import json
import os
import subprocess
import sys

import pytest
from handing_in import RIGHT
from minilab import mini_page, mini_text

import rgteach as rg
from rgteach.course import notebooks, progress
from rgteach.course.strict import NotRight
from rgteach.wording import say


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    """A workspace with the mini lab's key, in which nothing says how a check behaves."""
    folder = tmp_path / ".rgteach" / "keys"
    folder.mkdir(parents=True)
    (folder / "00_mini.json").write_text(mini_text(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("RGTEACH_CHECKS", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    progress._memory.clear()
    return tmp_path


def stub(values):
    raise NotImplementedError


def wrong(values):
    return 0


def right(values):
    return max(values) - min(values)


NOT_RIGHT = {
    "not tried": ("mini-range", stub),
    "not yet": ("mini-range", wrong),
    "no function": ("mini-range", None),
    "no exercise": ("mini-rang", right),
}


@pytest.mark.parametrize("where", [("NBGRADER_EXECUTION", "autograde"), ("NBGRADER_EXECUTION", "validate")])
@pytest.mark.parametrize("case", NOT_RIGHT)
def test_check__raises_under_nbgrader_whatever_else_is_set(case, where, monkeypatch):
    monkeypatch.setenv(*where)
    monkeypatch.setenv("RGTEACH_CHECKS", "tell")
    with pytest.raises(NotRight):
        rg.check(*NOT_RIGHT[case])


@pytest.mark.parametrize("case", NOT_RIGHT)
def test_check__raises_under_pytest(case):
    with pytest.raises(NotRight):
        rg.check(*NOT_RIGHT[case])


@pytest.mark.parametrize(
    ("asked", "raises"), [("", False), ("tell", False), ("raise", True), ("Raise ", True)]
)
def test_check__elsewhere_it_raises_only_when_asked(asked, raises, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.setenv("RGTEACH_CHECKS", asked)
    if raises:
        with pytest.raises(NotRight):
            rg.check("mini-range", wrong)
    else:
        assert rg.check("mini-range", wrong).outcome == "not yet"


def test_check__what_is_right_or_open_never_raises(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert rg.check("mini-range", right).outcome == "right"
    assert rg.check("mini-think").by_person
    assert rg.answer("mini-q1", "").outcome == "not tried"
    assert rg.race("mini-pairs", wrong).outcome != "right"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_not_right__says_three_sentences_first_and_shows_no_line_of_ours(lang, monkeypatch):
    monkeypatch.setenv("RGTEACH_LANG", lang)
    with pytest.raises(NotRight) as caught:
        rg.check("mini-range", wrong)
    what, why, advice, blank, *card = str(caught.value).split("\n")
    assert caught.value.card.headline in what
    assert why.strip().startswith(say("word-why", lang))
    assert advice.strip().startswith(say("word-try", lang))
    assert blank == ""
    assert repr(caught.value.card) == "\n".join(card)
    assert "/rgteach/" not in "\n".join(caught.value._render_traceback_())


def test_notebook__under_nbval_only_a_solved_one_passes(workspace):
    """Each cell of a notebook is a test there; untouched, exactly the checks fail."""
    data = notebooks.notebook(mini_page(), "exercise", "en")
    (workspace / "untouched.ipynb").write_text(json.dumps(data), encoding="utf-8")
    for cell in data["cells"]:
        about = cell["metadata"]["rgteach"]
        cell["source"] = RIGHT[about["exercise"]] if about["role"] == "answer" else cell["source"]
    (workspace / "solved.ipynb").write_text(json.dumps(data), encoding="utf-8")
    (workspace / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "nbval.plugin",
        "--nbval-lax",
        "--nbval-current-env",
        "-rA",
    ]
    command += ["-p", "no:cacheprovider", "--color=no", "solved.ipynb", "untouched.ipynb"]
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    failed = [line.split()[1] for line in done.stdout.split("\n") if line.startswith("FAILED ")]
    code = [cell["metadata"]["rgteach"]["role"] for cell in data["cells"] if cell["cell_type"] == "code"]
    checks = ["untouched.ipynb::Cell" for role in code if role == "check"]
    assert [name.partition(" ")[0][: len("untouched.ipynb::Cell")] for name in failed] == checks, done.stdout
    assert "only a right answer may pass" in done.stdout
