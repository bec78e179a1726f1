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


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    b = 1\nelif c:\n    d = 2\nelif e:\n    pass\nelse:\n    f = g(a)\nh = 3",
        "for a in b:\n    if a: continue\nelse:\n    c\nwhile a:\n    b\n    break\nelse:\n    c",
        "def f(a, *b, c=1, **d):\n    def g(e):\n        return lambda h: h + a\n    return g\n\n\nf(c=2)",
        "with a as b, c:\n    b.c = a.b\ntry:\n    a\nexcept E as e:\n    b\nfinally:\n    c",
        "x = f(\n    a,  # don't\n    b[1:\n      2],\n)\ny = x",
        "def f(v):\n    '''What\n    it is. '''\n    \"\"\"And more.\"\"\"\n    return v",
        "x = '''\nif a:\n'''\ny = x",
        "a = 1; b = a; import os; os.c(a)",
        "x = a.b\\\n  .c(1)",
        "if a:\n\tb\n",
        "a = f'{b} {c!r:>{d}}'\nb = r'\\d'",
        "from numpy import sum as s, mean\nimport a.b as c\ns(mean(c(a)))",
        "match a:\n    case _:\n        b\n    case [c, *_]:\n        d",
        "_ = a\nfor _ in _:\n    __name__ = _",
        "变量 = 1\n变量 + ｖ\nprint('变量')",
        "class A:\n    b = 1\n\n    @c\n    def d(self): return self.b",
        "a: int = 1\nb = (yield)\nasync def c():\n    await d",
        "x = [a for a in b if a not in c]\nx[...] = 1e-5",
    ],
)
def test_prints__line_by_line_are_those_of_the_whole_tree(text):
    """What is put together from lines with other names is what a walk through the text gives."""
    for piece in (text, f"def outer(p):\n    {text.replace(chr(10), chr(10) + '    ')}\n    return p"):
        expected = normal.tokens(piece)
        assert print_of.print_of(piece).form == print_of._digest("\x00".join(expected).encode())


@pytest.mark.parametrize(
    "text",
    [
        "if a:\nb", "if a:\n    b\n  c", "  a = 1", "a = 1\n  b = 2", "else:\n    a", "for a in b:",
        "if a: b\nelif c:\n    d\nelse:\n    e\nelse:\n    f",
        "while a:\n    b\nelif c:\n    d", "a = (1", "a = 1)",
        "a = (]", "a = 'b", "x = f(a\nb = 2)", "with a:\n    b\nelse:\n    c", "箱宽为 25 HU 时",
        "箱宽为，那么", "if a:\nelse:\n    b",
        "def f():\n    return 1\n   x = 2", "two words here", "print 'a'", "else :\n    a", "for a in b: c d",
    ],
)  # fmt: skip
def test_prints__what_is_no_python_is_its_words(text):
    assert print_of.print_of(text).length == len(normal.tokens(text)) == len(normal._WORDS.findall(text))


@given(st.randoms(use_true_random=False), st.integers(0, 17))
def test_prints__of_renamed_mixtures_are_those_of_the_whole_tree(rng, count):
    """Lines of real answers in any order, some deeper than others: mostly no Python, now and then some."""
    known = [line for text in own_answers(30) for line in text.split("\n")] + LONG.split("\n")
    text = "\n".join(" " * rng.choice((0, 0, 0, 4)) + rng.choice(known) for _ in range(count))
    expected = normal.tokens(normal.bare(text))
    assert print_of.print_of(text).form == print_of._digest("\x00".join(expected).encode())


def test_prints__answers_that_differ_in_their_own_names_share_one():
    texts = ["a = f(a)", "b = f(b)", "a = g(a)"]
    found = prints(texts)
    assert found[texts[0]] is found[texts[1]]
    assert found[texts[0]].form != found[texts[2]].form
