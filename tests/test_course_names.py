"""What code needs from elsewhere: free names by Python's own rules, no local variable among them."""

import pytest

from rgteach.course.names import Code, helpers

NEEDS = {
    "def f(x):\n    y = x\n    return [z for z in y if z > LIMIT]": {"LIMIT"},
    "x = x + 1": {"x"},
    "x += 1": {"x"},
    "x = 1\ny = x": set(),
    "y = x\nx = 1": {"x"},
    "def f():\n    return g()\n\ndef g():\n    return 1": set(),
    "for i in range(3):\n    print(i)": {"range", "print"},
    "class A(Base):\n    size = SIZE\n    def f(self): return np": {"Base", "SIZE", "np"},
    "@wrapped\ndef f(a=DEFAULT): return a": {"wrapped", "DEFAULT"},
    "import numpy as np\nnp.ones(3)": set(),
    "f = lambda v: v + w": {"w"},
    "with open(p) as file:\n    (n := len(file))": {"open", "p", "len"},
    "try:\n    import numba\nexcept ImportError:\n    numba = None": {"ImportError"},
    "def f():\n    global cache\n    cache = top()": {"top"},
    "def f(:": set(),
}


@pytest.mark.parametrize("source", NEEDS)
def test_needs__are_the_names_that_are_free(source):
    assert Code(source).needs == NEEDS[source]


DEFINES = {
    "a, (b, *c) = 1, (2, 3)": {"a", "b", "c"},
    "for i in x:\n    t[i] = 1": {"i"},
    "from os import path as p, sep": {"p", "sep"},
    "import os.path": {"os"},
    "if x:\n    def f(): pass\nelse:\n    f = None": {"f"},
    "x: int = 3": {"x"},
    "match v:\n    case {'a': a}: pass": {"a"},
    "def f(:\n    pass\nasync def g(": {"f", "g"},
}


@pytest.mark.parametrize("source", DEFINES)
def test_defines__are_the_names_that_get_a_value(source):
    assert Code(source).defines == DEFINES[source]


def test_pieces__that_share_a_line_stay_together():
    (first, second) = Code("a = 1; b = (2,\n  3)\nc = a").pieces
    assert (first.text, first.defines) == ("a = 1; b = (2,\n  3)", {"a", "b"})
    assert (second.first, second.last) == (3, 3)


def test_helpers__local_variables_bring_nothing_along():
    cells = [Code("counts = 1 / 0\np = counts")]
    assert helpers(cells, [Code("def f(p):\n    counts = p\n    return counts")], set()) == []


def test_helpers__what_changes_a_table_comes_with_the_table():
    cells = [Code("table = []"), Code("table.append(3)\nother.append(4)\nnp.random.seed(0)")]
    assert helpers(cells, [Code("f = table")], {"np"}) == ["table = []", "table.append(3)"]


def test_helpers__a_long_chain_is_followed_in_a_moment():
    cells = [Code("\n".join(f"a{n} = a{n + 1}" for n in range(3000)))]
    assert len(helpers(cells, [Code("def f():\n    return a0")], set())) == 3000


@pytest.mark.parametrize(
    "trap", ["-" * 50_000 + "1", "(" * 50_000, "a" + ".b" * 25_000, "x = 1\n" * 50_000, "[" * 60_001]
)
def test_traps__are_no_python_or_are_read_in_a_moment(trap):
    code = Code(trap)
    assert isinstance(code.needs | code.defines, set)
