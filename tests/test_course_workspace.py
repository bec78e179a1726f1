"""A workspace is laid out, follows the course, and never overwrites what a student wrote."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from minilab import PAGES

from rgteach import LearnerError
from rgteach.course import launch, workspace
from rgteach.course.build import build


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    root = Path(shutil.copytree(PAGES, tmp_path_factory.mktemp("home") / "course"))
    assert build(root, execute=False).ok
    return root


@pytest.fixture
def home(original, tmp_path, monkeypatch) -> Path:
    """Where the course is installed, for this test alone."""
    root = Path(shutil.copytree(original, tmp_path / "home"))
    monkeypatch.setattr(workspace, "course_home", lambda: root)
    return root


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "my course"


LESSON, EXERCISE = "en/00_mini.ipynb", "en/00_mini_exercise.ipynb"


def edit(path: Path, old: str, new: str) -> str:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def everything(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


def test_lay_out__puts_lesson_and_exercise_side_by_side(home, folder):
    done = workspace.lay_out(folder, "en")
    assert sorted(done.new) == [LESSON, EXERCISE]
    assert sorted(everything(folder)) == [".rgteach/laid_out.json", LESSON, EXERCISE]
    assert (folder / LESSON).read_text("utf-8") == (home / "notebooks" / LESSON).read_text("utf-8")
    assert "2 notebooks laid out" in next(done.lines())


def test_lay_out__a_second_time_changes_nothing(home, folder):
    workspace.lay_out(folder, "en")
    before = everything(folder)
    done = workspace.lay_out(folder, "en")
    assert everything(folder) == before
    assert list(done.lines()) == []


def test_lay_out__another_language_lies_beside(home, folder):
    workspace.lay_out(folder, "en")
    workspace.lay_out(folder, "zh")
    assert (folder / "zh" / "00_mini_exercise.ipynb").is_file()
    assert (folder / EXERCISE).is_file()


def test_lay_out__a_students_file_is_never_overwritten(home, folder):
    workspace.lay_out(folder, "en")
    mine = edit(folder / EXERCISE, "raise NotImplementedError", "return 42 #")
    assert list(workspace.lay_out(folder, "en").lines()) == []
    edit(home / "exercises" / "en" / "00_mini.ipynb", "How far apart?", "How far apart are they?")
    done = workspace.lay_out(folder, "en")
    assert (folder / EXERCISE).read_text("utf-8") == mine
    assert done.beside == [(EXERCISE, "en/00_mini_exercise.new.ipynb")]
    assert "Yours is untouched" in list(done.lines())[-1]
    assert "How far apart are they?" in (folder / "en/00_mini_exercise.new.ipynb").read_text("utf-8")


def test_lay_out__a_new_edition_is_offered_once(home, folder):
    workspace.lay_out(folder, "en")
    edit(folder / EXERCISE, "raise NotImplementedError", "return 42 #")
    edit(home / "exercises" / "en" / "00_mini.ipynb", "How far apart?", "Second edition")
    workspace.lay_out(folder, "en")
    (folder / "en/00_mini_exercise.new.ipynb").unlink()
    assert workspace.lay_out(folder, "en").beside == []
    edit(home / "exercises" / "en" / "00_mini.ipynb", "Second edition", "Third edition")
    assert len(workspace.lay_out(folder, "en").beside) == 1


def test_lay_out__an_offered_edition_is_not_overwritten_either(home, folder):
    workspace.lay_out(folder, "en")
    edit(folder / EXERCISE, "raise NotImplementedError", "return 42 #")
    for edition in ("Second edition", "Third edition"):
        old = "How far apart?" if edition.startswith("S") else "Second edition"
        edit(home / "exercises" / "en" / "00_mini.ipynb", old, edition)
        workspace.lay_out(folder, "en")
    assert "Second edition" in (folder / "en/00_mini_exercise.new.ipynb").read_text("utf-8")
    assert "Third edition" in (folder / "en/00_mini_exercise.new1.ipynb").read_text("utf-8")


def test_lay_out__a_notebook_that_was_only_run_follows_the_course(home, folder):
    workspace.lay_out(folder, "en")
    notebook = json.loads((folder / LESSON).read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["ran\n"]}]
    notebook["metadata"]["language_info"]["version"] = "3.99"
    (folder / LESSON).write_text(json.dumps(notebook), encoding="utf-8")
    edit(home / "notebooks" / "en" / "00_mini.ipynb", "# A mini lab", "# A mini lab, revised")
    done = workspace.lay_out(folder, "en")
    assert done.followed == [LESSON]
    assert "revised" in (folder / LESSON).read_text("utf-8")
    assert "Brought up to date" in next(done.lines())


def test_lay_out__a_deleted_notebook_comes_back(home, folder):
    workspace.lay_out(folder, "en")
    (folder / EXERCISE).unlink()
    assert workspace.lay_out(folder, "en").new == [EXERCISE]


def test_lay_out__a_file_that_is_no_notebook_any_more_is_kept(home, folder):
    workspace.lay_out(folder, "en")
    (folder / EXERCISE).write_text("my notes", encoding="utf-8")
    edit(home / "exercises" / "en" / "00_mini.ipynb", "How far apart?", "Second edition")
    workspace.lay_out(folder, "en")
    assert (folder / EXERCISE).read_text("utf-8") == "my notes"


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"en/00_mini.ipynb": 3}'])
def test_lay_out__without_its_record_it_stays_careful(damage, home, folder):
    workspace.lay_out(folder, "en")
    mine = edit(folder / EXERCISE, "raise NotImplementedError", "return 42 #")
    (folder / ".rgteach" / "laid_out.json").write_text(damage, encoding="utf-8")
    done = workspace.lay_out(folder, "en")
    assert (folder / EXERCISE).read_text("utf-8") == mine
    assert [name for name, _ in done.beside] == [EXERCISE]


def test_lay_out__leaves_no_half_written_file(home, folder, monkeypatch):
    def no_space(self, *args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", no_space)
    with pytest.raises(LearnerError, match="No space left") as caught:
        workspace.lay_out(folder, "en")
    assert caught.value.key == "workspace-cannot-write"
    assert everything(folder) == {}


def test_lay_out__a_file_in_the_place_of_the_folder_is_told(home, folder):
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(LearnerError) as caught:
        workspace.lay_out(folder, "en")
    assert caught.value.key == "workspace-cannot-write"
    assert str(folder) in str(caught.value)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may write anywhere"
)
def test_lay_out__a_folder_that_cannot_be_written_is_told(home, folder):
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(LearnerError, match="cannot be used"):
        workspace.lay_out(folder, "en")


def test_lay_out__a_course_that_was_not_built_is_told(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(workspace, "course_home", lambda: tmp_path)
    with pytest.raises(LearnerError) as caught:
        workspace.lay_out(folder, "en")
    assert caught.value.key == "workspace-no-course"
    assert not folder.exists()


def test_open_lab__starts_this_python_in_the_workspace(home, folder, monkeypatch, capsys):
    started = {}

    class Lab:
        def __init__(self, command, env):
            started.update(command=command, env=env)

        def wait(self):
            return 0

    monkeypatch.setattr(launch.subprocess, "Popen", Lab)
    assert workspace.open_lab(folder, "zh", browser=False) == 0
    command = started["command"]
    assert command[:3] == [sys.executable, "-m", "rgteach.course.lab"]
    assert f"--ServerApp.root_dir={folder}" in command
    assert "--LabApp.default_url=/lab/tree/zh/00_mini.ipynb" in command
    assert "--no-browser" in command
    assert started["env"]["RGTEACH_LANG"] == "zh"
    assert str(folder) in capsys.readouterr().out


def test_open_lab__a_failure_of_jupyterlab_is_said(home, folder, monkeypatch, capsys):
    done = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    monkeypatch.setattr(launch.subprocess, "Popen", lambda *args, **options: done)
    assert workspace.open_lab(folder, "en") == 3
    assert "code 3" in capsys.readouterr().err


def test_open_lab__a_taken_port_is_told_before_anything_starts(home, folder):
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        with pytest.raises(LearnerError) as caught:
            workspace.open_lab(folder, "en", port=taken.getsockname()[1])
    assert caught.value.key == "lab-port-taken"


def test_environment__menus_are_a_default_that_the_users_settings_overrule(folder, monkeypatch):
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/their/own")
    env = launch.environment(folder, "zh")
    ours, theirs = env["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "/their/own"
    settings = json.loads((Path(ours) / "labconfig" / "default_setting_overrides.json").read_text("utf-8"))
    assert settings == launch.lab_defaults("zh")
    assert Path(ours).is_relative_to(folder)


def test_lab_defaults__chinese_menus_need_the_language_pack(monkeypatch):
    class Pack:
        name = "zh_CN"

    plugin = "@jupyterlab/translation-extension:plugin"
    monkeypatch.setattr(launch, "entry_points", lambda group: [Pack])
    assert launch.lab_defaults("zh")[plugin] == {"locale": "zh_CN"}
    assert plugin not in launch.lab_defaults("en")
    monkeypatch.setattr(launch, "entry_points", lambda group: [])
    assert plugin not in launch.lab_defaults("zh")


def test_environment__a_home_that_cannot_be_written_is_replaced(folder, monkeypatch):
    folder.mkdir()
    monkeypatch.setattr(launch.os, "access", lambda path, mode: False)
    env = launch.environment(folder, "en")
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        assert Path(env[name]).is_relative_to(folder)


def work_in(path: Path, seconds: int) -> None:
    """Save a notebook as a front end does, after it has run, at this time."""
    notebook = json.loads(path.read_text("utf-8"))
    notebook["metadata"]["language_info"]["version"] = "3.12.1"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    os.utime(path, (seconds, seconds))


def test_where_to_begin__a_new_workspace_opens_at_the_first_lesson(home, folder):
    workspace.lay_out(folder, "en")
    os.utime(folder / EXERCISE, (2e9, 2e9))  # laid out, copied, unpacked: newer, but nobody worked in it
    assert workspace.where_to_begin(folder, "en") == LESSON


def test_where_to_begin__an_old_workspace_opens_at_what_was_saved_last(home, folder):
    """Also where the course has got new notebooks since then, which are newer files than the student's."""
    workspace.lay_out(folder, "en")
    work_in(folder / LESSON, 1_000)
    work_in(folder / EXERCISE, 2_000)
    for kind in ("notebooks", "exercises"):
        shutil.copy(home / kind / "en" / "00_mini.ipynb", home / kind / "en" / "000_before.ipynb")
    assert workspace.lay_out(folder, "en").new == ["en/000_before.ipynb", "en/000_before_exercise.ipynb"]
    assert workspace.where_to_begin(folder, "en") == EXERCISE
    work_in(folder / LESSON, 3_000)
    assert workspace.where_to_begin(folder, "en") == LESSON


@pytest.mark.parametrize("damage", ["", "[]", '{"metadata": 3}', "\x00"])
def test_where_to_begin__a_damaged_notebook_is_passed_over(damage, home, folder):
    workspace.lay_out(folder, "en")
    (folder / EXERCISE).write_text(damage, encoding="utf-8")
    assert workspace.where_to_begin(folder, "en") == LESSON


def test_where_to_begin__each_language_has_its_own(home, folder):
    for lang in ("en", "zh"):
        workspace.lay_out(folder, lang)
    work_in(folder / EXERCISE, 1_000)
    assert workspace.where_to_begin(folder, "en") == EXERCISE
    assert workspace.where_to_begin(folder, "zh") == "zh/00_mini.ipynb"
