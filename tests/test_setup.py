"""The ways to install agree with each other, and what is built can be installed."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from rattler import BuildString, MatchSpec, PackageRecord

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

# A student on conda also gets the Chinese menus and the readers of ITK's formats: there it costs one line.
WANTED = [
    Requirement(line)
    for line in PROJECT["dependencies"]
    + PROJECT["optional-dependencies"]["zh"]
    + PROJECT["optional-dependencies"]["itk"]
]
SPECS = {
    spec.name.normalized: spec
    for spec in map(MatchSpec, (d for d in CONDA["dependencies"] if isinstance(d, str)))
}
ONLY_CONDA = {"python", "pip"}


def record(name: str, version: str) -> PackageRecord:
    """What conda knows about one release."""
    return PackageRecord(name=name, version=version, build=BuildString("0"), build_number=0, subdir="noarch")


def lower_bound(specifier: SpecifierSet) -> str:
    """The version of a single `>=`."""
    (only,) = specifier
    assert only.operator == ">=", f"{only} is not a plain lower bound"
    return only.version


def test_environment__names_the_packages_of_pyproject():
    assert set(SPECS) - ONLY_CONDA == {requirement.name.lower() for requirement in WANTED}


@pytest.mark.parametrize("requirement", WANTED, ids=lambda requirement: requirement.name)
def test_environment__has_the_bounds_of_pyproject(requirement):
    spec, bound = SPECS[requirement.name.lower()], lower_bound(requirement.specifier)
    assert spec.matches(record(spec.name.normalized, bound))
    assert not spec.matches(record(spec.name.normalized, f"{bound}a0")), "an older release is let in"
    assert spec.matches(record(spec.name.normalized, "9999")), "a newer release is kept out"


def test_environment__has_the_python_of_pyproject():
    bound = lower_bound(SpecifierSet(PROJECT["requires-python"]))
    assert SPECS["python"].matches(record("python", bound))
    assert not SPECS["python"].matches(record("python", "3.10.99"))


def test_environment__takes_nothing_but_conda_forge():
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert [spec.channel for spec in SPECS.values() if spec.channel] == []


def test_environment__installs_the_package_itself_and_nothing_else_with_pip():
    assert [d for d in CONDA["dependencies"] if not isinstance(d, str)] == [{"pip": ["-e ."]}]


def test_pyproject__the_python_is_the_same_everywhere():
    bound = lower_bound(SpecifierSet(PROJECT["requires-python"]))
    versions = [c.rsplit(" ", 1)[1] for c in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", c)]
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert versions[0] == bound
    assert ruff["target-version"] == "py" + bound.replace(".", "")


def test_lock_files__none_is_committed():
    names = ("uv.lock", "poetry.lock", "Pipfile.lock", "conda-lock.yml", "pixi.lock", "pylock.toml")
    assert [name for name in names if (ROOT / name).exists()] == []


def test_wheel__holds_the_words_and_the_course(tmp_path):
    """What a student installs: every message file and everything of the course that is built here."""
    pytest.importorskip("hatchling", reason="no hatchling in this environment")
    build = "from hatchling.build import build_wheel; print(build_wheel(__import__('sys').argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        inside = set(wheel.namelist())
    ours = [f for f in (ROOT / "rgteach").rglob("*") if f.suffix in (".py", ".toml", ".tsv", ".js", ".css")]
    assert {f.relative_to(ROOT).as_posix() for f in ours} <= inside
    built = [
        f
        for folder in ("notebooks/en", "notebooks/zh", "exercises/en", "exercises/zh", "exercises/keys")
        for f in (ROOT / folder).glob("*.*")
        if f.suffix in (".ipynb", ".json")
    ]
    assert {f"rgteach/_course/{f.relative_to(ROOT).as_posix()}" for f in built} <= inside
    assert not [name for name in inside if name.startswith(("tests/", "benchmarks/", "solutions/"))]
