"""The doctor: it finds what is wrong, names the fix, is quick, and imports nothing heavy."""

import importlib
import pkgutil
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import keptkernels
import pytest

import rgteach
from rgteach import cli, core, wording
from rgteach.core.fingerprint import fingerprint
from rgteach.doctor import examine, finding, kernels, packages, surroundings, warming
from rgteach.doctor.finding import Finding

PACKAGE = Path(rgteach.__file__).parent


def states(check) -> list[str]:
    return [found.state for found in check()]


def without(monkeypatch, *missing: str, **other_versions: str) -> None:
    """Let some packages be missing and others be of another version."""
    real = metadata.version

    def version(name: str) -> str:
        if name.lower() in {m.lower() for m in missing}:
            raise metadata.PackageNotFoundError(name)
        return other_versions.get(name.lower().replace("-", "_"), real(name))

    monkeypatch.setattr(metadata, "version", version)


# ---------------------------------------------------------------- packages


def test_this_environment__has_every_library_that_the_package_asks_for():
    (found,) = packages.dependencies()
    assert found.state == "ok"
    needed = [line for line in metadata.requires("rgteach") if "extra ==" not in line]
    assert str(len(needed)) in found.told


def test_dependencies__a_missing_one_is_a_problem_with_its_command(monkeypatch):
    without(monkeypatch, "nibabel")
    (found,) = packages.dependencies()
    assert found.state == "problem"
    assert "nibabel" in found.told
    assert 'pip install "nibabel>=' in found.fix
    assert sys.executable in found.fix


def test_dependencies__an_old_one_is_a_problem_with_both_versions(monkeypatch):
    without(monkeypatch, numpy="1.9.3", pandas="2.1.10")
    told = [found.told for found in packages.dependencies()]
    assert any("numpy 1.9.3" in text and "1.26" in text for text in told)
    assert any("pandas 2.1.10" in text and "2.2" in text for text in told)


@pytest.mark.parametrize(
    ("older", "newer"), [("1.9.3", "1.26"), ("2.0rc1", "2.1"), ("4.5.post3", "4.10"), ("3", "3.0.1")]
)
def test_versions__are_compared_as_numbers(older, newer):
    assert packages._numbers(older) < packages._numbers(newer)


def test_extras__are_notes_never_problems(monkeypatch):
    without(monkeypatch, "SimpleITK", "pyarrow")
    found = list(packages.extras())
    assert [f.state for f in found] == ["note", "note"]
    assert "simpleitk" in found[0].fix.lower()


def test_extras__menus_in_chinese_matter_only_in_chinese(monkeypatch):
    without(monkeypatch, "jupyterlab-language-pack-zh-CN")
    assert len(list(packages.extras())) == 2
    wording.choose("zh")
    assert len(list(packages.extras())) == 3


def test_python__too_old_is_a_problem(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    (found,) = packages.python()
    assert found.state == "problem"
    assert "3.11" in found.told


def test_not_installed__is_a_note(monkeypatch):
    without(monkeypatch, "rgteach")
    assert states(packages.dependencies) == ["note"]


def test_fix__uses_uv_where_there_is_no_pip(monkeypatch):
    monkeypatch.setattr(finding.PathFinder, "find_spec", lambda name: None)
    assert finding.pip("nibabel").startswith("uv pip install --python ")


def test_fix__naming_it_leaves_setuptools_as_it_was():
    program = "from rgteach.doctor import finding; finding.pip('nibabel'); import setuptools"
    subprocess.run([sys.executable, "-c", program], check=True)


# ---------------------------------------------------------------- kernels


def test_kernels__are_all_found_by_name():
    compiled = set()
    for module in pkgutil.iter_modules(core.__path__):
        loaded = importlib.import_module(f"rgteach.core.{module.name}")
        for name, value in vars(loaded).items():
            if hasattr(value, "py_func") and value.py_func.__module__ == loaded.__name__:
                compiled.add(f"{module.name}.{name}")
    assert set(kernels.kernels()) == compiled != set()


def kept(module: str) -> set[bool]:
    return {there for name, there in kernels.kernels().items() if name.split(".")[0] == module}


def test_warm__compiles_what_is_missing_here_and_aside(tmp_path, monkeypatch):
    """The command as a user gives it, where two modules of the core have not been compiled."""
    keptkernels.copy(tmp_path, without=("counting", "fdr"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(kernels, "_cache_places", lambda: [tmp_path])
    assert kept("counting") == kept("fdr") == {False}
    assert warming._other_process(("multiplicity",)).wait() == 0
    assert (kept("counting"), kept("fdr")) == ({False}, {True})
    warm = [sys.executable, "-m", "rgteach", "doctor", "--warm"]
    told = subprocess.run(warm, capture_output=True, text=True).stdout
    assert f"all {len(kernels.kernels())} kernels are compiled" in told
    assert str(tmp_path) in told
    assert all(kernels.kernels().values())


def test_kernels__without_a_copy_or_with_an_old_one_are_cold(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "_cache_places", lambda: [tmp_path])
    (found,) = kernels.compiled()
    assert (found.state, found.fix) == ("note", "rgteach doctor --warm")
    name = next(iter(kernels.kernels()))
    module, function = name.split(".")
    source = (PACKAGE / "core" / f"{module}.py").read_text(encoding="utf-8")
    line = source[: source.index(f"@kernel\ndef {function}(")].count("\n") + 1
    copy = tmp_path / f"{name}-{line}.py{sys.version_info[0]}{sys.version_info[1]}.nbi"
    copy.write_bytes(b"numba's list, stamped " + fingerprint().encode())
    assert kernels.kernels()[name]
    copy.write_bytes(b"numba's list, stamped with another core")
    assert not kernels.kernels()[name]


def test_cache__no_writable_place_is_a_note(monkeypatch):
    monkeypatch.setattr(kernels, "is_writable", lambda folder: False)
    (found,) = kernels.cache_folder()
    assert found.state == "note"
    assert "NUMBA_CACHE_DIR" in found.fix


# ---------------------------------------------------------------- files and folders


def test_data__of_the_libraries_are_there():
    assert states(surroundings.brain) == ["ok"]
    assert states(surroundings.slices) == ["ok"]


def test_data__missing_ones_are_problems(monkeypatch, tmp_path):
    monkeypatch.setattr(surroundings, "folder_of", lambda name: tmp_path)
    (brain,), (slices,) = surroundings.brain(), surroundings.slices()
    assert "t1, gm, wm" in brain.told
    assert "CT_small.dcm, MR_small.dcm" in slices.told
    assert brain.state == slices.state == "problem"
    assert "nilearn" in brain.fix


def test_jupyter__parts_are_there_and_a_missing_one_is_named(monkeypatch):
    assert states(surroundings.jupyter) == ["ok"]
    real = Path.exists
    monkeypatch.setattr(Path, "exists", lambda self: "jupyterlab-manager" not in str(self) and real(self))
    (found,) = surroundings.jupyter()
    assert found.state == "problem"
    assert "jupyterlab-widgets" in found.told


def test_course__without_notebooks_is_a_problem(monkeypatch, tmp_path):
    from rgteach.course import places

    monkeypatch.setattr(places, "course_home", lambda: tmp_path)
    assert states(surroundings.course) == ["problem"]
    for folder in ("notebooks/en", "exercises/en"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "01_moments.ipynb").touch()
    assert states(surroundings.course) == ["ok"]


def test_disk__full_and_protected_are_problems(monkeypatch):
    assert states(surroundings.disk) == ["ok", "ok"]
    monkeypatch.setattr(surroundings, "LEAST_FREE_MB", 1e12)
    monkeypatch.setattr(surroundings, "is_writable", lambda folder: False)
    assert states(surroundings.disk) == ["problem", "problem"]


def test_writable__is_tried_and_a_folder_to_be_made_counts(tmp_path):
    assert finding.is_writable(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_font__matters_only_in_chinese(monkeypatch, tmp_path):
    assert list(surroundings.fonts()) == []
    wording.choose("zh")
    monkeypatch.setattr(surroundings, "_font_folders", lambda: [tmp_path])
    assert states(surroundings.fonts) == ["note"]
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    assert states(surroundings.fonts) == ["ok"]


def test_terminal__that_cannot_show_chinese_is_told(monkeypatch):
    monkeypatch.setenv("RGTEACH_LANG", "zh")
    assert list(surroundings.terminal()) == []
    wording.choose("en")
    assert states(surroundings.terminal) == ["note"]


# ---------------------------------------------------------------- the command


def test_examine__is_quick_and_imports_nothing_heavy():
    heavy = ("numpy", "numba", "matplotlib", "pandas", "nilearn", "pydicom")
    program = (
        "import sys, time; t = time.perf_counter(); from rgteach.doctor import examine; examine()\n"
        "print(time.perf_counter() - t)\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    seconds, loaded = done.stdout.split("\n")[:2]
    assert loaded == "[]"
    assert float(seconds) < 5


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_doctor__shows_every_finding_and_its_fix(monkeypatch, capsys, lang):
    import rgteach.doctor as doctor

    made = [
        Finding("ok", "all fine"),
        Finding("note", "a note", "do this"),
        Finding("problem", "broken", "do that"),
    ]
    monkeypatch.setattr(doctor, "CHECKS", (lambda: iter(made),))
    assert cli.main(["doctor", "--lang", lang]) == 1
    out = capsys.readouterr().out
    for text in ("all fine", "a note", "broken", "do this", "do that"):
        assert text in out
    must, may = wording.say("doctor-fixes", lang), wording.say("doctor-may-fix", lang)
    assert out.index(must) < out.index("do that") < out.index(may) < out.index("do this")
    made.pop()
    assert cli.main(["doctor", "--lang", lang]) == 0
    assert must not in capsys.readouterr().out


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_findings__speak_both_languages(lang):
    wording.choose(lang)
    began = time.perf_counter()
    found = examine()
    assert len(found) > 8
    assert {f.state for f in found} <= {"ok", "note", "problem"}
    assert all(f.told for f in found)
    assert time.perf_counter() - began < 5
