"""What is to be seen behind the wall: libraries, and of them not what is hidden; nothing of a course."""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from boxes import box, linux, needs_wall, out, tried

import rgteach
from rgteach.sandbox import hide, shown, wall

pytestmark = linux
PACKAGE = Path(rgteach.__file__).parent
TESTS = Path(__file__).parent
# a package, a module of one file, one inside a package, a package of ours, a compiled module
HIDDEN = ["xml.dom", "colorsys", "json.tool", "rgteach.stats", "numpy.linalg._umath_linalg", "no.such.module"]


@pytest.fixture(scope="module")
def hiding():
    with box(hidden=HIDDEN) as made:
        yield made


@needs_wall
@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_module__cannot_be_imported(hiding, name):
    imported = "import importlib\nimportlib.invalidate_caches()"
    told = tried(hiding, f"importlib.import_module({name!r}) and 'there'", imported)
    assert told == (
        "ImportError" if name.startswith("numpy") else "ModuleNotFoundError"
    )  # NumPy says it anew


@needs_wall
def test_hidden_module__what_lies_beside_it_can_be_imported(hiding):
    assert tried(hiding, "[__import__('xml.sax'), __import__('json'), __import__('rgteach.core')] and 1") == 1


def files_of(name: str) -> list[str]:
    """Its files here, with what Python keeps of them."""
    spec = importlib.util.find_spec(name)
    found = [spec.origin]
    if spec.origin.endswith(".py"):
        found.append(importlib.util.cache_from_source(spec.origin))
    return found


@needs_wall
@pytest.mark.parametrize("name", [name for name in HIDDEN if name != "no.such.module"])
def test_hidden_module__its_files_cannot_be_read(hiding, name):
    shown_instead = (PACKAGE / "sandbox/absent.py").read_bytes()
    for file in files_of(name):
        got = tried(hiding, f"open({file!r}, 'rb').read().decode('latin-1')")
        refused = got in ("FileNotFoundError", "PermissionError", "OSError")
        assert refused or got.encode("latin-1") == shown_instead, file


def test_hidden_module__is_found_without_importing_it(tmp_path):
    (tmp_path / "outer/inner/deep").mkdir(parents=True)
    kept = tmp_path / "outer/__pycache__"
    kept.mkdir()
    beside = ["__init__.py", "one.py", "other.py", "fast.cpython-311-x86_64.so", "fast.pyi"]
    cached = ["one.cpython-311.pyc", "other.cpython-311.pyc", "one.kernel-12.py311.nbi"]
    for name in (*(f"outer/{name}" for name in beside), *(f"outer/__pycache__/{name}" for name in cached)):
        (tmp_path / name).write_text("raise SystemExit('imported')")
    wanted = ["outer.one", "outer.fast", "outer.inner.deep", "outer.inner", "outer.none"]
    folders, files = hide.found(wanted, [str(tmp_path), "/no/such/folder"])
    assert folders == [str(tmp_path / "outer/inner")]
    assert {os.path.relpath(file, tmp_path / "outer") for file in files} == {
        "one.py", "fast.cpython-311-x86_64.so", "fast.pyi",
        "__pycache__/one.cpython-311.pyc", "__pycache__/one.kernel-12.py311.nbi",
    }  # fmt: skip


@needs_wall
def test_hidden_module__that_a_preload_needs_leaves_the_preload_out():
    with box(hidden=["rgteach.wording"], preload=["rgteach.errors", "colorsys"]) as made:
        assert out(
            made, "import sys; out = ['colorsys' in sys.modules, 'rgteach.errors' in sys.modules]"
        ) == [True, False]
        assert list(made._held.keeper.passed_over) == ["rgteach.errors"]


# ---------------------------------------------------------------- the course


@needs_wall
@pytest.mark.parametrize(
    "place", [".git", "solutions", "exercises", "notebooks", "tests/conftest.py", "pyproject.toml"]
)
def test_checkout__nothing_but_the_package_is_there(hiding, place, root):
    assert (root / place).exists() or place == ".git"
    assert tried(hiding, f"__import__('os').path.lexists({str(root / place)!r})") is False


INSTALLED = """
import json, os, sys
from rgteach.sandbox.box import Box
import rgteach
folder = os.path.dirname(rgteach.__file__)
look = "import os, rgteach, rgteach.course.encode; from rgteach import wording\\n"
look += "f = os.path.dirname(rgteach.__file__)\\n"
look += "out = [f, sorted(os.listdir(f)), wording.say('word-why'), os.path.lexists(f + '/_course/key.json')]"
with Box("boxed") as box:
    print(json.dumps([folder, sorted(os.listdir(folder)), box.run({"a": look}, ["a"]).frames["a"]]))
"""


@needs_wall
def test_installed_package__shows_no_course(tmp_path):
    import json

    site = tmp_path / "site-packages"
    shutil.copytree(PACKAGE, site / "rgteach", ignore=shutil.ignore_patterns("__pycache__"))
    (site / "rgteach/_course").mkdir()
    (site / "rgteach/_course/key.json").write_text("{}")
    env = os.environ | {"PYTHONPATH": f"{site}:{TESTS}", "PYTHONDONTWRITEBYTECODE": "1", "RGTEACH_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-c", INSTALLED], env=env, cwd="/", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    outside, there, (inside, seen, why, key) = json.loads(done.stdout)
    assert outside == inside == str(site / "rgteach")
    assert set(there) - set(seen) == {"_course"}
    assert why
    assert key is False


# ---------------------------------------------------------------- libraries


def test_libraries__folders_that_are_none_are_not_shown(monkeypatch):
    monkeypatch.setenv(
        "LD_LIBRARY_PATH", f":/:{Path.home()}:relative/lib:/opt/x/lib:/opt/y/lib64/deep:/opt/library"
    )
    assert shown.library_path() == ["/opt/x/lib", "/opt/y/lib64/deep"]


def test_libraries__a_folder_that_a_project_added_is_not_shown(monkeypatch, tmp_path):
    (tmp_path / "site-packages").mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), str(tmp_path / "site-packages")])
    seen = shown.look([])
    assert not seen.has(str(tmp_path))
    assert seen.has(str(tmp_path / "site-packages"))
    assert seen.has(sysconfig.get_path("stdlib"))


def test_libraries__that_only_root_can_read_are_known(tmp_path):
    seen = shown.Shown()
    (tmp_path / "file").touch(0o644)
    tmp_path.chmod(0o755)
    seen.show(tmp_path)
    assert shown.is_open_to_all(seen)
    (tmp_path / "file").chmod(0o600)
    assert not shown.is_open_to_all(seen)
    (tmp_path / "file").chmod(0o644)
    tmp_path.chmod(0o700)
    assert not shown.is_open_to_all(seen)


@needs_wall
def test_disk__an_older_bubblewrap_is_not_asked_for_a_bound(monkeypatch):
    assert "--size" in wall.plan("boxed", (), (), box().limits).command
    monkeypatch.setattr(wall, "version", lambda: (0, 6, 1))
    assert "--size" not in wall.plan("boxed", (), (), box().limits).command
