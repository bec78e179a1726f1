"""What every test starts from: English, no window, no chance, and the reference data if they are there."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from warmpython import warm_python

from rgteach import wording

ROOT = Path(__file__).resolve().parents[1]

# so that what fails in them says what it found, as in a test
pytest.register_assert_rewrite("accessibility", "browser", "drawing", "hall", "rendered", "student")

sys.modules.setdefault("rfc3987_syntax", None)  # takes two seconds to load; see offline/sitecustomize.py
os.environ["MPLBACKEND"] = "Agg"
os.environ["RGTEACH_CHECKS"] = "tell"  # a check shows its card in a test as it does for a student

# A first call compiles, so an example may take its time; the examples are the same every day.
settings.register_profile("rgteach", deadline=None, derandomize=True, max_examples=60, print_blob=False)
settings.load_profile("rgteach")


def pytest_addoption(parser):
    told = "write what demos look like now into tests/hall, instead of comparing with it"
    parser.addoption("--rewrite-snapshots", action="store_true", help=told)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    """Speak English in every test, whatever the machine speaks and whatever the test before chose."""
    monkeypatch.setenv("RGTEACH_LANG", "en")
    monkeypatch.delenv("COLUMNS", raising=False)  # a test worker hands its own terminal's width down
    wording.choose(None)
    yield
    wording.choose(None)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout that is tested."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Reference data that are not ours to publish; a test that needs them is skipped without."""
    folder = Path(os.environ.get("RGTEACH_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("no reference data: set RGTEACH_SHARED to the folder that holds data/")
    return folder


@pytest.fixture(scope="session")
def warm() -> Iterator[str]:
    """The path of a Python that starts in a moment; see tests/warmpython.py."""
    with warm_python() as path:
        yield path


@pytest.fixture(scope="module")
def warm_processes(warm) -> Iterator[None]:
    """Kernels that start in a moment; processes that load as little as they can."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", warm)
        patch.setenv("PYTHONPATH", str(ROOT / "tests" / "offline"))
        yield


@pytest.fixture
def run(capsys):
    """Call the program; gives its exit code, what it printed and what it complained."""

    def call(*words: str) -> tuple[int, str, str]:
        from rgteach import cli

        code = cli.main(list(words))
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def undrawn(monkeypatch):
    """Pictures cost most of a report's time; where only its words are looked at they stay empty."""
    from rgteach.plots import page

    monkeypatch.setattr(page, "picture", lambda ax: page.Picture(b"", "nothing is drawn in this test"))


@pytest.fixture
def sketched(monkeypatch):
    """Every picture is laid out, letters and all, but not painted: where no pixel is looked at."""
    from rgteach.plots import page
    from rgteach.plots.style import style

    def picture(ax) -> page.Picture:
        with style():
            ax.figure.draw_without_rendering()
        return page.Picture(b"", page.alt_text(ax.figure))

    monkeypatch.setattr(page, "picture", picture)


@pytest.fixture
def image() -> np.ndarray:
    """A small scan of noise, 100 to 500."""
    rng = np.random.default_rng(0)
    return rng.uniform(100, 500, (6, 40, 30))


@pytest.fixture
def mask() -> np.ndarray:
    """Two labels on two slices of `image`."""
    mask = np.zeros((6, 40, 30), np.uint8)
    mask[3, 10:20, 8:20] = 1
    mask[3, 12:15, 10:14] = 2
    mask[4, 11:13, 10:12] = 1
    return mask


def pytest_make_parametrize_id(config, val, argname):
    """Name functions by their name, not by their address: workers must name a test alike."""
    return val.__name__ if callable(val) and hasattr(val, "__name__") else None


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """After the last browser test in a row, close what they share."""
    if "browser" in sys.modules and not (nextitem and nextitem.get_closest_marker("browser")):
        sys.modules["browser"].close_shared()


def pytest_sessionfinish():
    """Also when somebody stops the tests halfway: no JupyterLab is left behind."""
    if "browser" in sys.modules:
        sys.modules["browser"].close_shared()
