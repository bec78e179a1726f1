"""`rg.setup`: the language, and warnings that are sentences."""

import subprocess
import sys
import warnings

import pytest

import rgteach as rg
from rgteach import session, wording


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch):
    """Each test starts in a Python that has not been set up, and leaves it so."""
    pythons_own = session._before[0] if session._before else warnings.formatwarning
    monkeypatch.setattr(warnings, "formatwarning", pythons_own)
    monkeypatch.setattr(session, "_before", [])


def formatted(message: str, category: type[Warning]) -> str:
    return warnings.formatwarning(message, category, "cell.py", 3, "x = 1")


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_setup__fixes_the_language(lang):
    rg.setup(lang)
    assert wording.language() == lang


def test_setup__an_unknown_language_is_told_which_there_are():
    with pytest.raises(rg.LearnerError, match="en, zh"):
        rg.setup("fr")


def test_setup__shows_our_warnings_without_file_names_and_others_as_before():
    before = formatted("look out", UserWarning)
    rg.setup()
    assert formatted("look out", rg.LearnerWarning) == "look out\n"
    assert formatted("look out", UserWarning) == before


def test_setup__again_after_somebody_wrapped_the_warnings_does_not_go_in_circles():
    rg.setup("en")
    ours = warnings.formatwarning
    warnings.formatwarning = lambda *args, **more: "wrapped: " + ours(*args, **more)
    rg.setup("zh")
    assert formatted("look out", UserWarning).startswith("wrapped: ")
    assert formatted("look out", rg.LearnerWarning) == "wrapped: look out\n"


def test_setup__is_quick_and_loads_nothing_heavy():
    program = "import sys, rgteach as rg; rg.setup('zh'); print({'numpy', 'numba'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
