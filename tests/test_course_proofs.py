"""A page proves itself, and each way in which it can fail to is found."""

import pytest
from minilab import EXERCISES, changed_page, mini_page

from rgteach import wording
from rgteach.course import proofs
from rgteach.course.page import read

# the proof that fails: what is changed on the page, and a word of the message
BROKEN = {
    "proof-untouched": (
        "values = np.array([1.0, 2.0, 2.5, 100.0])",
        "spread(np.array([1.0]))",
        "NotImplemented",
    ),
    "proof-blank": (
        "    # <solution>\n    # en: 2.",
        "    return counts\n    # <solution>\n    # en: 2.",
        "`right`",
    ),
    "proof-property": ("[finite, non-negative]", "[finite, symmetric]", "`symmetric`"),
    "proof-solution-fails": ("return values.max() - values.min()", "return iter(values)", "odd"),
    "proof-solution-differs": (
        "    return values.max() - values.min()\n",
        "    spread.n = getattr(spread, 'n', 0) + 1\n    return spread.n\n",
        "second time",
    ),
    "proof-twin": ("return np.ptp(values)", "return np.ptp(values) + 1", "disagree"),
    "page-bad-race": ("size=2000).tolist(), 8", "size=2000)", "ndarray"),
    "proof-mistake-right": ("return values.std()", "return np.ptp(values)", "passes as right"),
    "proof-mistake-twin": ("return values.std()", "return values.max()", "largest-only"),
    "proof-mistake-unnamed": (
        "return values.std()",
        "values.sort()\n    return values.max() - values.min()",
        "is not named",
    ),
    "proof-mistake-ends": ("return values.std()", "raise NotImplementedError", "counts as not tried"),
    "proof-mistake-errors": ("return values.std()", "return values.nothing", "error in every case"),
}


def first_failure(path):
    failures = proofs.prove(read(path), seeds=(0,))
    assert failures
    return failures[0]


def test_prove__the_mini_page_holds_on_every_seed():
    assert proofs.prove(mini_page()) == []


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("key", BROKEN)
def test_prove__finds_what_does_not_hold(key, lang, tmp_path):
    wording.choose(lang)
    old, new, word = BROKEN[key]
    failure = first_failure(changed_page(tmp_path, (old, new)))
    assert failure.key == key
    assert f"00_mini.md{', line ' if lang == 'en' else ' 第 '}{failure.values['line']}" in str(failure)
    assert wording.language() == lang  # a page that calls rg.setup() leaves the author's language alone
    if lang == "en":
        assert word in str(failure)


def test_prove__twins_agree_on_the_race_too(tmp_path):
    path = changed_page(tmp_path, ("    levels = np.array(row)\n", "    levels = np.array(row)[:100]\n"))
    failure = first_failure(path)
    assert failure.key == "proof-twin"
    assert "race()" in str(failure)


def test_prove__a_race_that_fails_is_named(tmp_path):
    failure = first_failure(changed_page(tmp_path, ("size=2000).tolist(), 8", "size=-1).tolist(), 8")))
    assert failure.key == "page-bad-race"
    assert "negative dimensions" in str(failure)


def test_prove__a_race_that_keeps_people_waiting_is_refused(monkeypatch):
    work = iter(range(0, 100, 2))  # s of work before and after each of three tries
    monkeypatch.setattr(proofs, "process_time", lambda: next(work))
    (failure,) = proofs.prove(mini_page(), seeds=(0,))
    assert failure.key == "proof-race-slow"
    assert f", line {failure.values['line']}: " in str(failure)
    assert "takes 2.0 s" in str(failure)
    assert next(work) == 12, "tried three times: perhaps the machine was busy"


def test_prove__a_constant_does_not_pass(tmp_path):
    text = EXERCISES.read_text(encoding="utf-8")
    start = text.index('def public():\n    yield "hand", ([1, 1, 2], 2)')
    end = text.index("def hidden(rng):\n    n_levels")
    path = tmp_path / "00_mini.md"
    path.write_text(
        text[:start] + "def public():\n    yield 'hand', ([1, 2, 3, 1, 2], 3)\n\n\n" + text[end:], "utf-8"
    )
    keys = [failure.key for failure in proofs.prove(read(path), seeds=())]
    assert "proof-constant" in keys


def test_prove__an_identity_does_not_pass(tmp_path):
    path = changed_page(
        tmp_path,
        ("return values.max() - values.min()", "return values.astype(float)"),
        ("return np.ptp(values)", "return values * 1.0"),
        ("[finite, non-negative]", "[finite]"),
    )
    assert "proof-identity" in [failure.key for failure in proofs.prove(read(path), seeds=())]


def test_prove__a_mistake_is_told_apart_on_hidden_cases_too(tmp_path):
    old = '    yield "random", (rng.normal(size=6),)\n    yield "random", (rng.normal(size=9),)\n'
    new = '    yield "random", (np.sort(rng.uniform(1, 2, 6)),)\n'
    failure = first_failure(changed_page(tmp_path, (old, new)))
    assert (failure.key, failure.values["name"]) == ("proof-mistake-right", "first-and-last")
    assert "hidden(default_rng(0))" in str(failure)


def test_prove__a_cell_that_does_not_run_is_named(tmp_path):
    path = changed_page(tmp_path, ("import numpy as np", "import numpyy as np"))
    with pytest.raises(proofs.PageError) as caught:
        proofs.prove(read(path))
    assert caught.value.key == "page-run"
    assert "numpyy" in str(caught.value)


CASES = {
    '"corner", (np.array([7.0]),)': "corner",
    '"edge", np.array([7.0])': "ndarray",
    '"edge", (object(),)': "object",
    '"edge"': "values to unpack",
}


@pytest.mark.parametrize("case", CASES)
def test_prove__a_case_that_cannot_be_used_is_named(case, tmp_path):
    failure = first_failure(changed_page(tmp_path, ('"edge", (np.array([7.0]),)', case)))
    assert failure.key == "page-bad-case"
    assert CASES[case] in str(failure)


def test_prove__nothing_that_a_page_prints_is_shown(tmp_path, capsys):
    proofs.prove(read(changed_page(tmp_path, ("rg.setup()", "rg.setup()\nprint('loud')"))), seeds=())
    assert capsys.readouterr().out == ""
