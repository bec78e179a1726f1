"""A hostile file costs its own points alone; it writes nowhere, and no page of it does anything."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from attacks import lab, trusting
from attacks.handed import WRONG, Class
from attacks.hostile import HANDED
from attacks.model import HONEST
from attacks.site import Site

from rgteach.grading import students

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("bwrap"), reason="attacks on Linux, with bubblewrap"
)


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """A class of two honest students and very many who are not."""
    site = Site(tmp_path_factory.mktemp("site"))
    folder = site.folder / "class"
    folder.mkdir()
    root = lab.made(site.folder / "course")
    made = Class(root, folder, site.secret, site.precious, site.token)
    for name in ("alice", "bob"):
        made.write(f"{name}.ipynb", **HONEST)
    return made


@pytest.fixture(scope="module")
def laid(there):
    return {handed.name: handed.lay(there) for handed in HANDED}


@pytest.fixture(scope="module")
def graded(there, laid):
    """What the command leaves behind, what it says, and what lay around before and after."""
    site = there.folder.parent
    out = site / "graded"
    words = [sys.executable, "-m", "rgteach", "grade", str(there.folder), "--out", str(out), "--jobs", "1"]
    words += ["--root", str(there.root), "--seed-file", str(there.secret)]
    before = _lying(site)
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, cwd=site)
    assert done.returncode in (0, 1), done.stderr[-2000:]
    shutil.rmtree(there.folder.parent / "class" / "out", ignore_errors=True)
    after = {path: seen for path, seen in _lying(site).items() if out not in path.parents}
    return out, done.stdout + done.stderr, before, after


def _lying(folder):
    """Every file below a folder, with its size and time."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = folder.__class__(place) / name
            seen = path.lstat()
            found[path] = (seen.st_size, seen.st_mtime_ns, seen.st_mode)
    return found


@pytest.fixture(scope="module")
def scores(graded):
    return json.loads((graded[0] / "scores.json").read_text(encoding="utf-8"))["graded"]


@pytest.mark.parametrize("handed", HANDED, ids=lambda handed: handed.name)
def test_bites(there, laid, handed):
    assert handed.bites(laid[handed.name], there)


@pytest.mark.parametrize("handed", HANDED, ids=lambda handed: handed.name)
def test_fails(there, laid, scores, handed):
    shown = laid[handed.name].relative_to(there.folder).as_posix()
    clean = "".join(" " if not c.isprintable() else c for c in shown)
    mine = [one for one in scores if one["submission"].endswith((shown, clean))]
    assert sum(one["points"] for one in mine) == handed.earns
    assert all(e["points"] == 0 for one in mine for e in one["exercises"] if e["exercise"] == "mini-range")
    assert [one["student"] for one in mine if one["student"].lower().startswith(("alice", "bob"))] == []


def test_who_trusts_is_not_fooled_by_a_wrong_answer_alone(there):
    data = lab.handed_in(there.root, WRONG)
    assert not trusting.runs_through(data)
    assert trusting.points_it_says(data) == 0
    assert not trusting.falls_over(there.folder / "bob.ipynb")
    assert trusting.Live(trusting.page("bob", "3 < 4")).found == []
    assert trusting.formulas(trusting.row("bob", -1)) == []


def test_honest_students_have_all_their_points_and_nobody_elses_work(scores):
    found = [(one["student"], one["points"]) for one in scores if one["student"] in ("alice", "bob")]
    assert found == [("alice", 4), ("bob", 4)]


def test_nothing_is_written_but_where_it_was_asked_for(there, graded):
    out, _, before, after = graded
    assert after == before
    assert there.precious.read_text() == "alice,12\n"
    assert all(path.is_file() and not path.is_symlink() for path in out.rglob("*") if not path.is_dir())


def test_what_is_secret_stands_nowhere(there, graded):
    out, told, _, _ = graded
    assert there.token not in told
    for path in out.rglob("*"):
        assert path.is_dir() or there.token not in path.read_text(encoding="utf-8"), path


def test_no_page_holds_anything_that_runs(graded):
    pages = sorted(graded[0].rglob("*.html"))
    assert len(pages) > 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert [
            tag for tag in trusting.Live(text).found if "alert" in tag or "img" in tag or "script" in tag
        ] == []


def test_the_page_about_the_class_holds_nothing_that_runs_either(there, graded):
    words = [sys.executable, "-m", "rgteach", "insight", str(graded[0]), "--names", "--root", str(there.root)]
    words += ["--out", str(there.folder.parent / "insight.html")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    text = (there.folder.parent / "insight.html").read_text(encoding="utf-8")
    assert done.returncode == 0
    assert "alice" in text
    assert [tag for tag in trusting.Live(text).found if "alert" in tag or "img" in tag] == []
    assert there.token not in text


def test_no_cell_of_the_table_is_computed(graded):
    text = (graded[0] / "scores.csv").read_text(encoding="utf-8-sig")
    assert trusting.formulas(text) == []


def test_nothing_steers_the_terminal(graded):
    assert [c for c in graded[1] if not c.isprintable() and c not in "\n\r\t"] == []


def test_every_page_and_table_is_safe_under_any_name(graded):
    names = [path.relative_to(graded[0]).as_posix() for path in graded[0].rglob("*")]
    assert [name for name in names if not set(name) & set('\\:*?"<>|\x1b\u202e=@')] == names


NAMES = {
    "submitted/ada/00_mini/00_mini.ipynb": "ada",
    "submitted/ada/00_mini/eve_1_2_00_mini.ipynb": "ada",
    "submitted/ada/00_mini/submitted/eve/00_mini/x.ipynb": "ada",
    "ada_7_assignsubmission_file_/00_mini.ipynb": "ada",
    "ada_7_assignsubmission_file_/eve_8_assignsubmission_file_/00_mini.ipynb": "ada",
    "ada_7_assignsubmission_file_/eve_1_2_00_mini.ipynb": "ada",
    "ada_7_assignsubmission_file_/submitted/eve/00_mini/x.ipynb": "ada",
    "ada/eve_1_2_00_mini.ipynb": "ada",
    "ada_1_2_00_mini.ipynb": "ada",
}


@pytest.mark.parametrize("place", NAMES)
def test_a_name_is_the_platforms_and_not_that_of_a_file_or_folder_of_the_student(tmp_path, place):
    path = tmp_path / "class" / place
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    assert [one.student for one in students.find([tmp_path / "class"])] == [NAMES[place]]
    if place.startswith("submitted"):
        assert [one.student for one in students.find([tmp_path / "class" / "submitted"])] == [NAMES[place]]
