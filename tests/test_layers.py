"""The rooms and who may import whom; the contracts themselves stand in pyproject.toml."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "rgteach"
LONGEST_FILE, LONGEST_FUNCTION = 300, 40


def python_files(*folders: str) -> list[Path]:
    """Every Python file of ours in the folders that exist."""
    return [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]


def lint(folder: Path) -> subprocess.CompletedProcess:
    """Run import-linter with the contracts of `folder/pyproject.toml` on `folder/rgteach`."""
    call = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", call], cwd=folder, capture_output=True, text=True)


def test_contracts__are_kept():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("core/leak.py", "from rgteach import image", "Data walks one way"),
        ("image/leak.py", "from rgteach import course", "Data walks one way"),
        ("attic.py", "", "Data walks one way"),
        ("image/geometry.py", "from rgteach.image import scan", "No two files"),
        ("plots/leak.py", "from numba import njit", "Only core.jit knows numba"),
        ("image/leak.py", "import pandas", "The core and the image doors know arrays"),
        ("course/leak.py", "import scipy.stats", "it knows no science"),
        ("plots/leak.py", "import ipywidgets", "Only the demos know sliders"),
    ],
)
def test_contracts__catch_a_leak(tmp_path, file, line, contract):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(PACKAGE, tmp_path / "rgteach", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "rgteach" / file).write_text(line + "\n")
    result = lint(tmp_path)
    broken = [row for row in result.stdout.splitlines() if " BROKEN" in row]
    assert result.returncode == 1
    assert any(contract in row for row in broken), result.stdout


def test_files__stay_short_enough_to_read():
    lengths = {
        file.relative_to(ROOT).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for file in python_files("rgteach", "tests", "benchmarks")
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_functions__fit_a_screen():
    too_long = {}
    for file in python_files("rgteach"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and lines_of_code(node) > LONGEST_FUNCTION:
                too_long[f"{file.relative_to(ROOT)}: {node.name}"] = lines_of_code(node)
    assert too_long == {}


def lines_of_code(function: ast.FunctionDef) -> int:
    """Lines from `def` to the end, without the docstring, which may be as long as it is useful."""
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = first.end_lineno - first.lineno + 1 if is_docstring else 0
    return function.end_lineno - function.lineno + 1 - docstring


def test_numba__has_one_door():
    """Import-linter reads the package; this reads the text, so that a hidden import does not slip by."""
    knows = [f.relative_to(PACKAGE).as_posix() for f in python_files("rgteach") if imports(f, "numba")]
    assert knows == ["core/jit.py"]


def imports(file: Path, library: str) -> bool:
    """Whether a file imports a library by a statement or by its name in `import_module`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            names = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if any(str(name).split(".")[0] == library for name in names):
            return True
    return False
