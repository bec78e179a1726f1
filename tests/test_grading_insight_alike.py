"""Answers that are nearly the same are found, whatever was renamed; what everybody writes is not shown."""

import random
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgteach.grading.insight import alike, normal, print_of
from rgteach.grading.insight.print_of import prints

LONG = """
import numpy as np

def count_pairs(levels, dy, dx, n_levels):
    counts = np.zeros((n_levels, n_levels), int)
    rows, columns = levels.shape
    for y in range(rows):
        for x in range(columns):
            if 0 <= y + dy < rows and 0 <= x + dx < columns:
                a, b = levels[y, x], levels[y + dy, x + dx]
                if a > 0 and b > 0:
                    counts[a - 1, b - 1] += 1
    return counts
"""
RENAMED = '''
def count_pairs(bild, schritt_y, schritt_x, k):
    """Counts pairs."""
    # my own work
    tab = numpy.zeros((k, k), int)
    h, w = bild.shape
    for i in range(h):
        for j in range(w):  # columns
            if 0 <= i + schritt_y < h and 0 <= j + schritt_x < w:
                p, q = bild[i, j], bild[i + schritt_y, j + schritt_x]
                if p > 0 and q > 0:
                    tab[p - 1, q - 1] += 1
    return tab

import os
import numpy
'''


def test_normal_form__forgets_names_comments_imports_and_docstrings():
    assert normal.tokens(LONG) == normal.tokens(RENAMED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = a + 1", "x = a + 2"),
        ("x = a + b", "x = a - b"),
        ("def f(a, b):\n    return a - b", "def f(a, b):\n    return b - a"),
        ("y = x.sum()", "y = x.mean()"),
        ("if a:\n    b = 1\nc = 2", "if a:\n    b = 1\n    c = 2"),
        ("import numpy as np\nnp.sum(x)", "import scipy as np\nnp.sum(x)"),
        ("f(g(a), b)", "f(g(a, b))"),
        ("a[1:]", "a[:1]"),
    ],
    ids=["number", "operator", "order", "method", "block", "library", "nesting", "slice"],
)
def test_normal_form__keeps_what_the_code_does(one, other):
    assert normal.tokens(one) != normal.tokens(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('print("a")', "print('b')"),
        ("def f(a: int) -> int:\n    return a", "def g(b):\n    return b"),
        ("%matplotlib inline\nx = 1", "y = 1"),
        ("from numpy import sum as s\ns(x)", "import os\nfrom numpy import sum as t\nt(x)"),
        ("x = [\n    1,\n    2,\n]", "z = [1, 2]"),
    ],
    ids=["text", "annotations", "magic", "alias", "layout"],
)
def test_normal_form__forgets_what_says_nothing(one, other):
    assert normal.tokens(one) == normal.tokens(other)


@given(st.text())
def test_normal_form__takes_anything(text):
    normal.tokens(text)
    print_of.print_of(text)


@pytest.mark.parametrize(
    "text", ["1" + "+1" * 20_000, "(" * 500, "def f(:\n  'no python", "x\x00y", "\ud800", "我的答案。很好"],
    ids=["long", "deep", "syntax", "zero", "surrogate", "prose"],
)  # fmt: skip
def test_print__takes_what_no_parser_takes(text):
    assert print_of.print_of(text).length > 0


@cache
def own_answers(count: int, seed: int = 0) -> tuple[str, ...]:
    """Answers that differ as programs by different people do: no two take the same steps."""
    rng = random.Random(seed)
    steps = [
        "t = sum(v)", "t = np.sum(v)", "m = t / len(v)", "m = np.mean(v)", "for x in v:\n        t += x",
        "t = 0", "d = [x - m for x in v]", "d = v - m", "s = max(v) - min(v)", "s = sorted(v)[-1]",
        "k = len([x for x in v if x > m])", "k = (v > m).sum()", "while t > 9:\n        t -= 1", "q = t ** 2",
        "w = {x: v.count(x) for x in v}", "r = list(reversed(v))", "z = zip(v, v[1:])", "u = set(v)",
    ]  # fmt: skip
    return tuple(
        "def f(v):\n    " + "\n    ".join(rng.sample(steps, 7)) + "\n    return t, m" for _ in range(count)
    )


def found(sources, published=()):
    return alike.groups(sources, prints(sources), published)


def test_groups__a_renamed_copy_stands_out_of_a_class():
    sources = [*own_answers(60), LONG, RENAMED]
    result = found(sources)
    assert result.groups[0].members == (60, 61)
    assert result.groups[0].same
    assert len(result.groups) == 1


def test_groups__a_copy_with_a_line_added_is_near():
    changed = RENAMED.replace("    h, w =", "    print('begin')\n    h, w =")
    (group,) = found([*own_answers(60), LONG, changed]).groups
    assert (group.members, group.same) == ((60, 61), False)
    assert 0.7 <= group.near < 1


def test_groups__what_half_the_class_wrote_is_not_shown():
    assert found([*own_answers(30), *[LONG] * 30]).groups == ()


def test_groups__the_published_solution_is_counted_and_not_shown():
    sources = [
        *own_answers(60),
        LONG,
        RENAMED,
        LONG.replace("counts", "c").replace("a > 0 and b > 0", "a * b"),
    ]
    result = found(sources, [LONG])
    assert (result.groups, result.as_published, result.written) == ((), 2, 63)


def test_groups__short_answers_are_never_shown():
    short = "def f(v):\n    return max(v) - min(v)"
    assert found([*own_answers(60), short, short]).groups == ()


def test_groups__nothing_written_is_not_alike():
    assert found(["", "  ", "", *own_answers(5)]).written == 5
    assert found([]) == alike.Found((), 0, 0, 2)


def test_groups__longer_and_rarer_comes_first():
    pair = own_answers(2, seed=7)[0]
    result = found([*own_answers(60), LONG, RENAMED, pair, pair])
    assert [g.members for g in result.groups][0] == (60, 61)


def test_groups__do_not_hang_on_the_order_of_the_class():
    sources = [*own_answers(40), LONG, RENAMED]
    order = np.random.default_rng(0).permutation(len(sources))
    moved = found([sources[k] for k in order])
    (group,) = moved.groups
    assert sorted(int(order[k]) for k in group.members) == [40, 41]


def test_pairs__are_those_of_two_plain_loops():
    """The sorted list with steps finds each pair of forms that shares rare runs, and what they weigh."""
    sources = [*own_answers(12, seed=3), LONG, RENAMED.replace("tab[p - 1, q - 1] += 1", "pass")]
    made = [print_of.print_of(text) for text in sources]
    table = alike._Table(made, [1] * len(made), [], len(made), 3)
    expected = {}
    counts = {}
    for one in made:
        for run in one.runs.tolist():
            counts[run] = counts.get(run, 0) + 1
    for i, one in enumerate(made):
        for j in range(i + 1, len(made)):
            shared = [r for r in set(one.runs.tolist()) & set(made[j].runs.tolist()) if counts[r] <= 3]
            if shared:
                expected[i, j] = (len(shared), sum(np.log2(len(made) / counts[r]) for r in shared))
    first, second, count, weight = table.pairs()
    given = {
        (int(a), int(b)): (int(n), float(w)) for a, b, n, w in zip(first, second, count, weight, strict=True)
    }
    assert given.keys() == expected.keys()
    assert all(given[k] == pytest.approx(expected[k]) for k in expected)


def test_prints__are_the_same_on_several_processors(monkeypatch):
    sources = own_answers(6)
    alone = prints(sources)
    monkeypatch.setattr(print_of, "MANY", 2)
    monkeypatch.setattr(print_of, "cpu_count", lambda: 2)
    together = prints(sources)
    assert all(
        np.array_equal(alone[s].runs, together[s].runs) and alone[s].form == together[s].form for s in sources
    )
