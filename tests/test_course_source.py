"""The code of a page as text: one language kept, the solution cut out."""

import pytest

from rgteach.course import source

ANSWER = """\
def f(x):
    # en: 1. begin
    # zh: 1. 开始
    # <solution>
    # en: 2. double
    # zh: 2. 加倍
    y = 2 * x
    # </solution>
    # en: 3. end
    # zh: 3. 结束
    # <solution>
    return y
    # </solution>
"""


def test_in_language__keeps_one_language_and_names_it_in_setup():
    code = "rg.setup()\n# en: hello\n  # zh: 你好\nx = 1"
    assert source.in_language(code, "en") == 'rg.setup("en")\n# hello\nx = 1'
    assert source.in_language(code, "zh") == 'rg.setup("zh")\n  # 你好\nx = 1'


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_stub__runs_and_raises_before_anything_else(lang):
    names = {}
    exec(source.in_language(source.stub(ANSWER, lang), lang), names)
    with pytest.raises(NotImplementedError):
        names["f"](1)


def test_stub__keeps_the_comments_and_none_of_the_solution():
    stub = source.in_language(source.stub(ANSWER, "en"), "en")
    assert "# 1. begin" in stub
    assert "# 2. double" in stub
    assert "# 3. end" in stub
    assert "2 * x" not in stub
    assert "return y" not in stub
    assert "solution" not in stub


def test_solved__loses_nothing_but_the_marks():
    names = {}
    exec(source.solved(ANSWER), names)
    assert names["f"](4) == 8
    assert "<solution>" not in source.solved(ANSWER)


@pytest.mark.parametrize("marks", ["", "<", "><", "<<>", "<>>"])
def test_marks__must_be_paired(marks):
    lines = [{"<": source.OPEN, ">": source.CLOSE}[mark] for mark in marks]
    assert not source.marks_are_paired("\n".join(["x = 1", *lines]))


def test_functions__are_those_of_the_top_level_in_order():
    code = "def a(x, /, y): pass\nclass C:\n    def m(self): pass\ndef b(z=1): pass"
    assert source.functions(code) == {"a": ["x", "y"], "b": ["z"]}
