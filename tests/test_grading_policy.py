"""What an answer may not use is found in its source, and the page says what that costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from minilab import changed_page

from rgteach.course import forbidden
from rgteach.course.forbidden import match
from rgteach.course.page import read
from rgteach.grading import policy
from rgteach.grading.policy import Policy, static
from rgteach.wording import LANGUAGES, say

FORBID = ("scipy.stats", "numpy.linalg.lstsq", "numpy.mean", "builtins.sorted", "rgteach")
CONTEXT = ["import numpy as np\nimport rgteach as rg\nfrom itertools import combinations"]
RULES = Policy(FORBID, "zero")
# what is written: the names that are found, and the lines
SURE = {
    "import scipy.stats as s\ns.norm": [("scipy.stats", 1), ("scipy.stats", 2)],
    "from scipy import stats": [("scipy.stats", 1)],
    "from scipy.stats import norm as n\nx = 1": [("scipy.stats", 1)],
    "import scipy\nscipy.stats.norm.sf(1)": [("scipy.stats", 2)],
    "import scipy as s\nt = s\nt.stats": [("scipy.stats", 3)],
    "np.linalg.lstsq(a, b)": [("numpy.linalg.lstsq", 1)],
    "algebra = np.linalg\nalgebra.lstsq(1)": [("numpy.linalg.lstsq", 2)],
    "solve = np.linalg.lstsq\nsolve(1)": [("numpy.linalg.lstsq", 1), ("numpy.linalg.lstsq", 2)],
    "getattr(np, 'mean')(x)": [("numpy.mean", 1)],
    "getattr(np, 'me' + 'an')(x)": [("numpy.mean", 1)],
    "getattr(np, f'mean')(x)": [("numpy.mean", 1)],
    "vars(np)['mean']": [("numpy.mean", 1)],
    "np.__dict__['mean']": [("numpy.mean", 1)],
    "__import__('scipy.stats')": [("scipy.stats", 1)],
    "__import__('scipy').stats": [("scipy.stats", 1)],
    "import importlib\nimportlib.import_module('scipy.stats')": [("scipy.stats", 2)],
    "from importlib import import_module as f\nf('scipy.' 'stats')": [("scipy.stats", 2)],
    "import sys\nsys.modules['scipy.stats']": [("scipy.stats", 2)],
    "from numpy import mean as m\nm(3)": [("numpy.mean", 1), ("numpy.mean", 2)],
    "from numpy import *\nmean(3)": [("numpy.mean", 2)],
    "exec('from scipy import stats')": [("scipy.stats", 1)],
    "eval('np.mean(3)')": [("numpy.mean", 1)],
    "exec('exec(\"import scipy.stats\")')": [("scipy.stats", 1)],
    "sorted(x)": [("builtins.sorted", 1)],
    "import builtins\nbuiltins.sorted(x)": [("builtins.sorted", 2)],
    "list(map(np.mean, rows))": [("numpy.mean", 1)],
    "rg.glcm(x)": [("rgteach", 1)],
    "from rgteach.core import glcm": [("rgteach", 1)],
    "def f(x):\n    def g():\n        return np.mean(x)\n    return g()": [("numpy.mean", 3)],
    "%matplotlib inline\nnp.mean(3)": [("numpy.mean", 2)],
    "lambda x: np.mean(x)": [("numpy.mean", 1)],
}
UNREAD = {
    "exec(text)": "builtins.exec",
    "eval(compile(text, '', 'eval'))": "builtins.eval",
    "__import__(name)": "builtins.__import__",
    "getattr(np, name)(x)": "builtins.getattr",
    "import gc": "gc",
    "import ctypes as c": "ctypes",
}
FINE = [
    "import scipy",
    "import numpy as np\nnp.median(x)",
    "x.mean()",
    "stats = 3\nstats.norm",
    "def sorted(x):\n    return x\nsorted([2, 1])",
    "def f(np):\n    return np.mean(3)",
    "rows.sort()",
    "rg.check('a')\nrg.hint('a')\nrg.setup()",
    "import rgteach as rg",
    "import rgteach\nrgteach.solution('x')",
    "'scipy.stats'",
    "# import scipy.stats",
    "import scipy.statsx",
    "getattr(x, name)",
    "def f(:\n  np.mean(",
    "",
]


@pytest.mark.parametrize("code", SURE)
def test_static__finds_what_is_forbidden_with_its_line(code):
    flags = static(code, RULES, CONTEXT)
    assert [(f.values["name"], f.line) for f in flags] == SURE[code]
    assert {f.kind for f in flags} == {"breach-read"}
    lines = code.split("\n")
    assert all(f.code == lines[f.line - 1].strip() for f in flags)


@pytest.mark.parametrize("code", UNREAD)
def test_static__says_what_it_cannot_read(code):
    flags = static(code, RULES, CONTEXT)
    assert ("policy-unread", UNREAD[code]) in [(f.kind, f.values["name"]) for f in flags]
    assert not any(f.kind.startswith("breach") for f in flags)


@pytest.mark.parametrize("code", FINE)
def test_static__holds_nothing_else_against_anybody(code):
    assert static(code, RULES, CONTEXT) == ()


PIECES = [
    *SURE,
    *UNREAD,
    *FINE,
    "ｎｐ.ｍｅａｎ(3)",
    "f(3)",
    "norm.sf(1)",
    "run('import scipy.stats')",
    "s = 1",
]
BEFORE = [
    *CONTEXT,
    "from scipy.stats import *",
    "import scipy.stats as s\nf = np.mean",
    "from importlib import import_module as f\nrun = exec",
    "import numpy\nfrom rgteach.core import glcm as f",
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=3).map("\n".join),
    st.lists(st.sampled_from(FORBID), min_size=1, unique=True),
    st.lists(st.sampled_from(BEFORE), max_size=3),
)
def test_read__finds_the_same_without_its_glance_at_the_words(code, forbid, before):
    quick = forbidden.read(code, forbid, before)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forbidden, "leads_anywhere", lambda *_: True)
        assert forbidden.read(code, forbid, before) == quick


def test_read__an_ordinary_answer_is_not_even_parsed(monkeypatch):
    monkeypatch.setattr(forbidden, "_parsed", lambda code: pytest.fail("parsed"))
    forbidden._learned.cache_clear()
    assert forbidden.read("def f(x):\n    return x.sum() / len(x)", FORBID) == []


@pytest.mark.parametrize("code", [*SURE, *UNREAD])
def test_static__without_a_policy_nothing_is_flagged(code):
    assert static(code, Policy(), CONTEXT) == ()


DEEP = {
    "brackets": "x = " + "(" * 500 + "1" + ")" * 500,
    "minus": "-" * 20_000 + "1",
    "dots": "np" + ".y" * 5_000,
    "sums": "getattr(np, " + " + ".join(["'a'"] * 5_000) + ")",
    "calls": "f(" * 90 + ")" * 90,
    "nothing": "\0",
    "much": "#" * 70_000 + "\nimport scipy.stats",
}


@pytest.mark.parametrize("name", DEEP)
def test_static__code_of_any_depth_is_read_or_said_to_be_unread(name):
    assert not any(flag.kind.startswith("breach") for flag in static(DEEP[name], RULES, CONTEXT))
    assert bool(static(DEEP["much"], RULES, CONTEXT))


@pytest.mark.parametrize(
    ("dotted", "found"),
    [
        ("scipy.stats", "scipy.stats"), ("scipy.stats.norm.sf", "scipy.stats"), ("scipy", ""),
        ("scipy.statsmodels", ""), ("rgteach", ""), ("rgteach.check", ""), ("rgteach.glcm", "rgteach"),
        ("rgteach.core.glcm", "rgteach"), ("", ""),
    ],
)  # fmt: skip
def test_match__a_name_forbids_itself_and_what_stands_below(dotted, found):
    assert match(dotted, FORBID) == found


@pytest.mark.parametrize(("breach", "keeps"), [("flag", 1), ("half", 0.5), ("zero", 0)])
def test_policy__comes_from_the_page_and_says_what_is_kept(breach, keeps, tmp_path):
    page = read(
        changed_page(
            tmp_path,
            ("zh: \"迷你实验：练习\"}}", 'zh: "迷你实验：练习"}, forbids: [scipy.stats], breach: half}'),
            ("points: 1\n", f"points: 1\nforbids: [numpy.ptp]\nbreach: {breach}\n"),
        )
    )  # fmt: skip
    one, two = (Policy.of_page(page, page.exercises[name]) for name in ("mini-range", "mini-pairs"))
    assert one.forbid == ("scipy.stats", "numpy.ptp")
    assert one.keeps == keeps
    assert (two.forbid, two.breach) == (("scipy.stats",), "half")


def test_policy__what_costs_less_than_everything_is_let_through():
    assert Policy(("a.b",), "zero").watched == ("a.b",)
    assert Policy(("a.b",), "half").watched == ("~a.b",)
    assert Policy(("a.b",), "flag").watched == ("~a.b",)


def test_hidden_modules__are_ours_alone_and_only_where_nothing_is_let_through():
    ours = policy.hidden_modules([Policy(("rgteach", "scipy.stats"), "zero")])
    assert "rgteach.core" in ours
    assert all(name.startswith("rgteach.") for name in ours)
    assert not {"rgteach.course", "rgteach.grading"} & set(ours)
    assert policy.hidden_modules([Policy(("rgteach",), "flag")]) == ()
    assert policy.hidden_modules([Policy(("rgteach",), "zero"), Policy()]) == ()
    assert policy.hidden_modules([Policy(("rgteach.stats",), "zero")]) == ("rgteach.stats",)
    assert policy.hidden_modules([]) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["breach-read", "breach-ran", "policy-unread"])
def test_flags__have_a_sentence_that_names_the_name(kind, lang):
    assert "scipy.stats" in say(f"flag-{kind}", lang, name="scipy.stats")
