"""What a student calls: `rg.check`, `rg.hint`, `rg.solution`, `rg.progress`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from rgteach import wording
from rgteach.course import keys, run
from rgteach.course.card import ICONS, Card
from rgteach.course.judge import judge
from rgteach.course.keys import Key


def check(exercise: str, function: Callable | None = None) -> Card:
    """Check an answer."""
    key = keys.find(exercise)
    names = sys._getframe(1).f_globals
    function = function or names[key.function]
    return check_with(key, function)


def check_with(key: Key, function: Callable) -> Card:
    """Check a function against a key."""
    lang = wording.language()
    calls: list[run.Call] = []
    for case in key.cases:
        calls.append(run.call(function, case.args, key.seconds))
        if calls[-1].kind in ("stub", "timeout"):
            break
    verdict = judge(key, calls)
    says = [m.says[lang] for m in key.mistakes if m.name == verdict.mistake]
    lines = [f"{ICONS[verdict.outcome]} {verdict.outcome} · {key.id}", verdict.told, *says]
    return Card(key.id, verdict.outcome, lang, tuple(lines), verdict.mistake)


def hint(exercise: str, level: int | None = None):
    """One hint."""


def solution(exercise: str):
    """The solution."""


def progress():
    """What is done."""
