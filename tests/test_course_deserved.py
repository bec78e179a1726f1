"""A page is refused where points could be had for nothing, and every option of grading says what it takes."""

import pytest
from minilab import changed_page, mini_bench, mini_page

from rgteach import wording
from rgteach.course import deserved, proofs, worth
from rgteach.course.model import PageError
from rgteach.course.page import read

RANDOM = '    yield "random", (rng.normal(size=6),)\n    yield "random", (rng.normal(size=9),)\n'
EDGE = '    yield "edge", (np.array([rng.normal()]),)\n'
SHIFTED = """    yield "random", (np.arange(3.0) + rng.normal(),)
    yield "edge", (rng.normal(size=5),)
"""
ZERO_AT_EDGES = "def spread(values):\n    return values.max() - values.min() if len(values) > 1 else 1.0\n"
# the proof that fails: what is changed on the page, and a word of the message
BROKEN = {
    "proof-no-ordinary": ((RANDOM, RANDOM.replace("random", "edge")), "no ordinary case"),
    "proof-constant-earns": ((RANDOM, SHIFTED), "always returns"),
    "proof-mistake-earns": (("def spread(values):\n    return values.std()\n", ZERO_AT_EDGES), "78%"),
    "proof-lean": (("rg.setup()\n", 'rg.setup()\nexec("n_six = 6")\n'), "NameError"),
    "proof-forbids-unknown": (("points: 1\n", "points: 1\nforbids: [numpy.maen]\n"), "numpy.maen"),
    "proof-forbidden": (("points: 1\n", "points: 1\nforbids: [builtins.zip]\n"), "zip"),
}  # fmt: skip
MORE = {
    "proof-lean": [("rng.normal(size=6)", "rng.normal(size=n_six)")],
    "proof-forbidden": [
        ("    return values.max() - values.min()\n", "    zip()\n    return np.ptp(values)\n")
    ],
}


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("key", BROKEN)
def test_prove__finds_what_is_not_deserved(key, lang, tmp_path):
    wording.choose(lang)
    change, word = BROKEN[key]
    failures = proofs.prove(read(changed_page(tmp_path, change, *MORE.get(key, []))), seeds=(0,))
    found = [failure for failure in failures if failure.key == key]
    assert found, [failure.key for failure in failures]
    assert "00_mini.md" in str(found[0])
    if lang == "en":
        assert word in str(found[0])


def test_prove__an_input_given_back_earns_nothing(tmp_path):
    changes = [
        ("return values.max() - values.min()", "return values * 1.0"),
        ("return np.ptp(values)", "return values + 0.0"),
        ("[finite, non-negative]", "[finite]"),
    ]
    page = read(changed_page(tmp_path, *changes))
    bench = deserved.Bench(page)
    exercise = page.exercises["mini-range"]
    public, key = bench.key(exercise), bench.key(exercise, seed=0)
    found = list(deserved.on_hidden(exercise, public, key, "here", _fails(page)))
    assert "proof-identity-earns" in [failure.key for failure in found]


def _fails(page):
    return lambda key, line, **values: PageError(key, page=page.path.name, line=line, exercise="x", **values)


def test_prove__a_mistake_may_earn_what_its_cell_says(tmp_path):
    change = BROKEN["proof-mistake-earns"][0]
    stated = ("expects: standard-deviation\n", "expects: standard-deviation\nearns: 0.8\n")
    keys = [e.key for e in proofs.prove(read(changed_page(tmp_path, change, stated)), seeds=(0, 1, 2))]
    assert "proof-mistake-earns" not in keys


@pytest.mark.parametrize("exercise", ["mini-range", "mini-pairs"])
def test_on_hidden__nothing_is_undeserved_on_the_mini_page(exercise):
    page, found = mini_page(), mini_page().exercises[exercise]
    for seed in range(3):
        key = mini_bench().key(found, seed=seed)
        assert not list(deserved.on_hidden(found, mini_bench().key(found), key, "here", _fails(page)))


# the rule that a page breaks: what is written
OPTIONS = {
    "page-forbids": ["forbids: scipy", "forbids: [3]", "forbids: ['scipy stats']", "forbids: ['']"],
    "page-breach": ["breach: none", "breach: 0"],
    "page-weights": [
        "weights: 3",
        "weights: {ordinary: 0}",
        "weights: {hand: 1}",
        "weights: {edge: -1}",
        "weights: {edge: true}",
        "weights: {edge: .inf}",
    ],
}


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize(("key", "option"), [(k, o) for k in OPTIONS for o in OPTIONS[k]])
def test_read__an_option_of_grading_that_means_nothing_is_refused(key, option, lang, tmp_path):
    wording.choose(lang)
    with pytest.raises(PageError) as error:
        read(changed_page(tmp_path, ("points: 1\n", f"points: 1\n{option}\n")))
    assert error.value.key == key
    assert "mini-range" in str(error.value)


@pytest.mark.parametrize("earns", ["1", "1.5", "-0.1", "half", "true"])
def test_read__what_a_mistake_earns_is_less_than_all(earns, tmp_path):
    change = ("expects: largest-only\n", f"expects: largest-only\nearns: {earns}\n")
    with pytest.raises(PageError) as error:
        read(changed_page(tmp_path, change))
    assert error.value.key == "page-earns"
    assert "largest-only" in str(error.value)


@pytest.mark.parametrize("field", ["forbids: scipy", "breach: never"])
def test_read__what_holds_for_a_whole_page_is_looked_at_too(field, tmp_path):
    with pytest.raises(PageError) as error:
        read(changed_page(tmp_path, ('练习"}}', f'练习"}}, {field}}}')))
    assert error.value.key == "page-front-matter"


def test_exercise__has_the_parts_of_its_page(tmp_path):
    page = read(changed_page(tmp_path, ("points: 1\n", "points: 1\nweights: {edge: 0}\n")))
    assert page.exercises["mini-range"].weights == {"ordinary": 7, "edge": 0, "degenerate": 1}
    assert page.exercises["mini-pairs"].weights == worth.PARTS
