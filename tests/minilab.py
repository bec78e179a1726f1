"""The small lab under tests/pages, and short ways to make keys, pages and calls for a test."""

from functools import cache
from pathlib import Path

import numpy as np

from rgteach.course import feedback, judge, run
from rgteach.course.bench import Bench
from rgteach.course.keys import Case, Key, Mistake
from rgteach.course.model import Page
from rgteach.course.page import read

PAGES = Path(__file__).parent / "pages"
LESSON = PAGES / "notebooks" / "00_mini.md"
EXERCISES = PAGES / "solutions" / "00_mini.md"


@cache
def mini_page() -> Page:
    return read(EXERCISES)


@cache
def mini_bench() -> Bench:
    return Bench(mini_page())


@cache
def mini_key(exercise: str) -> Key:
    return mini_bench().key(mini_page().exercises[exercise])


@cache
def mini_text() -> str:
    """The public key of the mini lab, as its file."""
    return mini_bench().text()


def changed_page(folder: Path, *changes: tuple[str, str], of: Path = EXERCISES) -> Path:
    """A copy of a page with the first place of each text replaced; a text that is missing fails the test."""
    text = of.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / of.name
    path.write_text(text, encoding="utf-8")
    return path


def key_for(solution, inputs, *, mistakes=(), groups=None, parameters=("a", "b", "c"), **options) -> Key:
    """A key whose expected values come from a solution, as a page's key does."""
    groups = groups or ["hand"] * len(inputs)
    calls = [run.call(solution, args, 5) for args in inputs]
    told = {"en": "That is the mistake.", "zh": "就是这个错误。"}
    return Key(
        id="test",
        lab="00",
        points=2,
        title={"en": "A test", "zh": "测试"},
        function="f",
        parameters=parameters[: len(inputs[0])],
        cases=tuple(Case(*case) for case in zip(groups, inputs, calls, strict=True)),
        mistakes=tuple(
            Mistake(name, told, tuple(run.call(function, args, 5) for args in inputs))
            for name, function in mistakes
        ),
        **options,
    )


def judged(key: Key, function) -> tuple[judge.Verdict, list]:
    """The verdict on a function, and its calls."""
    calls = run.calls(function, [case.args for case in key.cases], key.seconds)
    return judge.judge(key, calls), calls


def carded(key: Key, function, lang: str):
    """The card for a function."""
    verdict, calls = judged(key, function)
    return feedback.card(key, verdict, calls, lang)


ROWS = [
    (np.array([3.0, 1.0, 2.0]),),
    (np.array([0.5, -4.0, 2.5, 7.0]),),
    (np.array([[1.0, 2.0], [3.5, -1.0]]),),
]
