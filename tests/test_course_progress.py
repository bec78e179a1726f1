"""Progress is kept in the workspace, by several notebooks at once, and no damage ever stops a check."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from minilab import mini_key, mini_page, mini_text

from rgteach.course import keys, progress
from rgteach.course.table import table


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    (tmp_path / ".rgteach").mkdir()
    monkeypatch.chdir(tmp_path)
    progress._memory.clear()
    yield tmp_path
    progress._memory.clear()


def stored(folder) -> dict:
    return json.loads((folder / ".rgteach" / "progress.json").read_text(encoding="utf-8"))["exercises"]


def test_record__counts_tries_and_keeps_the_best(workspace):
    for outcome in ("not tried", "not yet", "right", "not yet"):
        progress.record("a", outcome)
    assert stored(workspace) == {"a": {"state": "right", "tries": 3}}
    assert progress.entries() == stored(workspace)
    assert progress.where() == ""


def test_record__remembers_hints_and_solutions(workspace):
    progress.hints_seen("a", 2)
    progress.hints_seen("a", 1)
    progress.solution_seen("a")
    assert stored(workspace) == {"a": {"hints": 2, "solution": True}}


def test_record__two_notebooks_at_once_lose_nothing(workspace):
    code = (
        "import sys; from rgteach.course import progress\n"
        "for n in range(40): progress.record(sys.argv[1] + str(n % 5), 'not yet')"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, name], cwd=workspace) for name in "ab"]
    assert [process.wait(60) for process in both] == [0, 0]
    assert {name: entry["tries"] for name, entry in stored(workspace).items()} == {
        f"{name}{n}": 8 for name in "ab" for n in range(5)
    }


def test_record__threads_of_one_kernel_lose_nothing(workspace):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: progress.record(f"x{n % 4}", "not yet"), range(80)))
    assert [entry["tries"] for entry in stored(workspace).values()] == [20] * 4


DAMAGES = [
    b"",
    b"{",
    b"[]",
    b"\xff\x00",
    b'{"format": 9, "exercises": {}}',
    b'{"format": 1, "exercises": [1]}',
    b'{"format": 1, "exercises": {"a": 3}}',
]


@pytest.mark.parametrize("damage", DAMAGES, ids=repr)
def test_record__a_damaged_file_is_set_aside(damage, workspace):
    file = workspace / ".rgteach" / "progress.json"
    file.write_bytes(damage)
    progress.record("b", "right")
    assert stored(workspace) == {"b": {"state": "right", "tries": 1}}
    assert (workspace / ".rgteach" / "progress.damaged-1.json").read_bytes() == damage


def test_record__odd_entries_are_dropped_and_the_rest_kept(workspace):
    file = workspace / ".rgteach" / "progress.json"
    odd = {"a": {"tries": "many", "state": "perfect", "solution": 1}, "b": {"tries": 2, "state": "right"}}
    file.write_text(json.dumps({"format": 1, "exercises": odd}), encoding="utf-8")
    progress.record("a", "not yet")
    assert stored(workspace) == {
        "a": {"tries": 1, "state": "not yet"},
        "b": {"tries": 2, "state": "right"},
    }


def test_record__a_lock_left_by_a_dead_kernel_is_broken(workspace, monkeypatch):
    lock = workspace / ".rgteach" / "progress.lock"
    lock.touch()
    os.utime(lock, (1, 1))
    progress.record("a", "right")
    assert stored(workspace)["a"]["state"] == "right"
    assert not lock.exists()


def test_record__what_cannot_be_written_lives_in_memory_and_moves_in_later(workspace, monkeypatch):
    progress.record("a", "not yet")
    with monkeypatch.context() as patch:
        patch.setattr(progress, "_write", lambda *args: (_ for _ in ()).throw(PermissionError()))
        progress.record("b", "right")
        progress.record("b", "not yet")
        assert progress.entries()["b"] == {"state": "right", "tries": 2}
        assert progress.entries()["a"]["tries"] == 1
        assert progress.where() == "progress-in-memory"
    progress.record("c", "not yet")
    assert set(stored(workspace)) == {"a", "b", "c"}
    assert progress.where() == ""


def test_record__outside_a_workspace_nothing_is_written(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(folder)
    progress.record("a", "right")
    assert list(folder.iterdir()) == []
    assert progress.entries() == {"a": {"state": "right", "tries": 1}}
    assert progress.where() == "progress-no-workspace"


def shown(lang: str):
    known = {
        "mini-range": {"state": "right", "tries": 2, "solution": True},
        "mini-pairs": {"hints": 2},
        "mini-q1": {"state": "right", "tries": 3},
        "mini-q2": {"state": "not yet", "tries": 1},
    }
    titles = {"en": "A mini lab", "zh": "迷你实验"}
    first = [replace(mini_key(e), lab_title=titles) for e in mini_page().exercises]
    second = [
        replace(key, id=f"x{key.id}", lab="07", lab_title={"en": "More", "zh": "更多"}) for key in first
    ]
    return table([*first, *second], known, lang, asked=keys.read_questions(mini_text()))


def test_table__tells_points_state_and_tries():
    lines = repr(shown("en")).split("\n")
    assert (
        lines[0]
        == "Lab 00 · A mini lab · 1 of 4 points · 4 more from the person who marks · self-test 1 of 5"
    )
    assert lines[2].split("  ")[1].strip() == "mini-range · How far apart?"
    assert "✓ Right, solution seen" in lines[2]
    assert "○ Not tried yet" in lines[3]
    assert "Read by a person" in lines[4]
    assert "✗ 1 of 5 right" in lines[5]
    assert lines[5].split("  ")[1] == "Self-test"


def test_table__shows_every_lab_and_the_sum():
    lines = repr(shown("en")).split("\n")
    assert lines[6] == "Lab 07 · More · 0 of 4 points · 4 more from the person who marks"
    assert lines[-1] == "Together: 1 of 8 points · 8 more from the person who marks · self-test 1 of 5"
    chinese = repr(shown("zh")).split("\n")
    assert chinese[0] == "实验 00 · 迷你实验 · 1/4 分 · 另有 4 分由人评阅 · 自测 1/5"
    assert chinese[-1] == "合计：1/8 分 · 另有 8 分由人评阅 · 自测 1/5"


def test_table__chinese_columns_stand_straight():
    from rgteach.course.card import width

    head, *rows = repr(shown("zh")).split("\n")[1:6]
    column = width(head[: head.index("分值")])
    assert all(width(row[: row.index("  ", 4)]) <= column for row in rows)
    assert all(set("✓○?✗") & set(row) for row in rows)


def test_table__html_has_header_cells_and_a_line_a_lab_that_opens():
    page = shown("en")._repr_html_()
    assert page.count("<table") == page.count("</table>") == page.count("<summary") == 2
    assert page.count('<th scope="col"') == 10
    assert page.count("<details open>") == 1  # the lab that was begun
    assert page.count("<details>") == 1
    assert "nowrap" not in page  # on a narrow screen the cells wrap
    assert "Together: 1 of 8 points" in page


def test_table__without_exercises_says_so():
    assert repr(table([], {}, "en")) == "There are no exercises here yet."
