"""In the child, what is forbidden is noticed and stopped by whatever road a student's code takes."""

import builtins
import copy
import importlib
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from minilab import carded, key_for

from rgteach.course import source
from rgteach.grading import master
from rgteach.grading.guard import MOST, PolicyBreach, watching

ROOT = Path(__file__).resolve().parents[1]
LABS = sorted(path.stem for path in ROOT.glob("solutions/[0-9]*.md"))
FORBID = [
    "scipy.constants", "numpy.linalg.lstsq", "numpy.mean", "numpy.median", "numpy.dot", "builtins.sorted",
    "math.fsum", "collections.Counter", "rgteach", "this_is_not_installed.at_all",
]  # fmt: skip
CONTEXT = "import numpy as np\nimport rgteach as rg\nimport math\n"


def run(code: str, forbid=FORBID) -> tuple[list, dict]:
    """A student's cell under watch: the breaches, and the names it leaves."""
    names = {"__name__": "__main__"}
    exec(CONTEXT, names)
    with watching(forbid) as breaches:
        exec(compile(code, "<ipython-cell-1>", "exec"), names)
    return breaches, names


STOPPED = {
    "import scipy.constants": "scipy.constants",
    "from scipy import constants": "scipy.constants",
    "from scipy.constants import kilo": "scipy.constants",
    "import scipy\nscipy.constants.kilo": "scipy.constants",
    "__import__('scipy.' + 'constants')": "scipy.constants",
    "import importlib\nimportlib.import_module('scipy' + chr(46) + 'constants')": "scipy.constants",
    "exec('imp' 'ort scipy.constants')": "scipy.constants",
    "import scipy.constants as c": "scipy.constants",
    "import pickle\npickle.loads(b'cscipy.constants\\nkilo\\n.')": "scipy.constants",
    "np.linalg.lstsq([[1.0]], [1.0])": "numpy.linalg.lstsq",
    "getattr(np.linalg, 'lst' + 'sq')([[1.0]], [1.0])": "numpy.linalg.lstsq",
    "np.mean([1.0])": "numpy.mean",
    "list(map(np.mean, [[1.0]]))": "numpy.mean",
    "from numpy import mean as f\nf([1.0])": "numpy.mean",
    "from numpy import *\nmean([1.0])": "numpy.mean",
    "vars(np)['me' + 'an']([1.0])": "numpy.mean",
    "eval('np.' + 'mean([1.0])')": "numpy.mean",
    "import functools\nfunctools.partial(np.median, [1.0])()": "numpy.median",
    "np.dot([1.0], [2.0])": "numpy.dot",
    "sorted([2, 1])": "builtins.sorted",
    "import builtins\nbuiltins.sorted([2, 1])": "builtins.sorted",
    "math.fsum([1.0])": "math.fsum",
    "import collections\ncollections.Counter('aab')": "collections.Counter",
    "rg.adjust": "rgteach",
    "from rgteach import adjust": "rgteach",
    "from rgteach.core import moments": "rgteach",
    "import rgteach.stats.result": "rgteach",
    "class A:\n    def __getattr__(self, name):\n        return np.mean([1.0])\nA().x": "numpy.mean",
    "def g():\n    yield np.mean([1.0])\nlist(g())": "numpy.mean",
}
PASSED = [
    "import scipy",
    "np.std([1.0, 2.0])",
    "np.histogram2d([1.0], [2.0])",
    "np.array([1.0, 2.0]) @ np.array([1.0, 2.0])",
    "np.average([1.0, 2.0])",
    "def sorted(x):\n    return x\nsorted([2, 1])",
    "[1, 3, 2].sort()",
    "rg.check\nrg.hint",
    "import rgteach as other",
    "import statistics\nstatistics.median([3, 1, 2])",
    "from collections import OrderedDict\nOrderedDict()",
]


@pytest.mark.parametrize("code", STOPPED)
def test_watching__stops_what_is_forbidden(code):
    with pytest.raises(PolicyBreach, match=STOPPED[code].replace(".", r"\.")):
        run(code)


@pytest.mark.parametrize("code", STOPPED)
def test_watching__notes_what_is_only_to_be_seen_and_lets_it_pass(code):
    if "installed" in code:
        pytest.skip("there is nothing to let pass")
    breaches, _ = run(code, ["~" + name for name in FORBID])
    assert STOPPED[code] in [name for name, _, _ in breaches]
    assert all(line >= 1 for _, line, _ in breaches)


@pytest.mark.parametrize("code", PASSED)
def test_watching__leaves_everything_else_alone(code):
    assert run(code)[0] == []


@pytest.mark.parametrize(("lang", "word"), [("en", "stopped"), ("zh", "停下")])
def test_watching__whoever_is_stopped_is_told_what_it_was(lang, word):
    def answer(a):
        raise PolicyBreach("scipy.stats")

    key = key_for(lambda a: a, [(1.0,), (2.0,)])
    told = str(carded(key, answer, lang))
    assert word in told
    assert "scipy.stats" in told


def test_watching__a_breach_that_is_caught_is_still_noted():
    breaches, names = run("try:\n    x = np.mean([1.0])\nexcept Exception:\n    x = 'mine'")
    assert names["x"] == "mine"
    assert breaches[0][:2] == ("numpy.mean", 2)


def test_watching__what_passes_has_its_value():
    code = "x = np.mean([1.0, 2.0]), sorted([2, 1]), np.dot([1, 2], [3, 4]), np.median([3, 1, 2])"
    assert run(code, ["~" + name for name in FORBID])[1]["x"] == (1.5, [1, 2], 11, 2.0)


def test_watching__a_name_that_was_taken_before_leads_to_the_gate_too():
    names = {"__name__": "__main__"}
    exec("from numpy import mean as before, linalg", names)
    for code in ("before([1.0])", "linalg.lstsq([[1.0]], [1.0])"):
        with pytest.raises(PolicyBreach), watching(FORBID):
            exec(compile(code, "<ipython-cell-2>", "exec"), names)


def test_watching__a_module_that_was_taken_before_is_watched():
    import scipy.constants as before

    with pytest.raises(PolicyBreach), watching(["scipy.constants"]):
        exec(compile("before.kilo", "<ipython-cell-3>", "exec"), {"__name__": "__main__", "before": before})


def test_watching__libraries_go_on_with_their_work():
    code = (
        "import statistics, fractions\nx = np.nanmedian([1.0, 2.0, np.nan]), np.cov([1.0, 2.0], [2.0, 4.0])"
    )
    breaches, names = run(code)
    assert breaches == []
    assert names["x"][0] == 1.5


def test_watching__keeps_some_breaches_and_not_all():
    code = "for k in range(99):\n    exec('\\n' * k + 'np.mean([1.0])')"
    assert len(run(code, ["~numpy.mean"])[0]) == MOST


def test_watching__puts_everything_back():
    def seen():
        import rgteach

        functions = [np.mean, np.dot, np.linalg.lstsq, builtins.sorted, importlib.import_module]
        codes = [f.__code__ for f in (np.median.__wrapped__, np.mean.__wrapped__)]
        return [*functions, builtins.__import__, *codes, type(rgteach), type(np.linalg)]

    before = seen()
    with watching(FORBID):
        assert seen() != before
    assert all(a is b for a, b in zip(seen(), before, strict=True))
    with pytest.raises(PolicyBreach):
        run("np.mean([1.0])")
    assert all(a is b for a, b in zip(seen(), before, strict=True))
    assert isinstance(sys.modules["rgteach"], types.ModuleType)


def test_watching__nothing_forbidden_changes_nothing():
    before = builtins.__import__
    with watching([]):
        assert builtins.__import__ is before


@pytest.fixture(scope="module")
def labs():
    return master.load(ROOT)


def called(lab, exercise, cell) -> list:
    """The breaches of a cell's function, called with the public cases as in the child."""
    code = source.in_language(source.solved(cell.code), "en")
    names = {"__name__": "__main__"}
    exec("\n".join(lab.context(exercise.id, "en", [code])), names)
    cases = lab.key(exercise.id).cases
    with watching(lab.policy(exercise.id).watched) as breaches, np.errstate(all="ignore"):
        exec(compile(code, "<ipython-cell-4>", "exec"), names)
        function = names[exercise.function]
        for case in cases:
            try:
                function(*copy.deepcopy(case.args))
            except PolicyBreach:
                break
            except Exception:
                continue
    return breaches


@pytest.mark.parametrize("name", LABS)
def test_labs__neither_solutions_nor_mistakes_break_their_policy(name, labs):
    lab = labs[name[:2]]
    for exercise in lab.exercises.values():
        if not exercise.is_open:
            rules = lab.policy(exercise.id)
            assert rules.forbid
            assert rules.breach == "zero"
            for cell in (exercise.one("answer"), *exercise.all("wrong")):
                assert called(lab, exercise, cell) == [], cell.line


@pytest.mark.parametrize("name", LABS)
def test_labs__an_answer_that_lets_the_course_do_its_work_is_noticed(name, labs):
    lab = labs[name[:2]]
    for exercise in lab.exercises.values():
        for cell in exercise.all("twin"):
            if cell.options["of"] == "rgteach":
                breaches = called(lab, exercise, cell)
                assert "rgteach" in [found for found, _, _ in breaches], cell.line
