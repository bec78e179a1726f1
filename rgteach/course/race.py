"""What a student calls to compare speeds: `rg.race`.

The student's function, once it is right, and the twins of the page run on the same arguments, in turns, and
the median of their times is shown.  The twins' code comes from the key and runs in a copy of the notebook's
names, so that it changes nothing there.
"""

from __future__ import annotations

import copy
import difflib
import importlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

import numpy as np

from rgteach import wording
from rgteach.course import keys, run, strict
from rgteach.course.card import Card
from rgteach.course.check import cannot, check_with, find_function, find_key
from rgteach.course.judge import same
from rgteach.course.keys import Key
from rgteach.course.limit import TimeIsUp, within
from rgteach.course.racecard import Lane, RaceCard
from rgteach.course.stage import aside
from rgteach.wording import say

BUDGET = 1.5  # seconds of timing for all together
MOST_ROUNDS = 301
SLOW = 1.0  # a student's function that takes longer runs once
TWIN_SECONDS = 60  # a library may have to be loaded and compiled


def race(exercise: str, function: Callable | None = None) -> Card:
    """Time your function beside other ways to do the same, once it is right.

    Parameters
    ----------
    exercise : str
        The name of the exercise, such as "glcm-pairs".
    function : callable, optional
        The answer; by default the function of the exercise's name in the notebook.

    Returns
    -------
    Card
        A card in Jupyter, plain text elsewhere; `outcome` is that of the check, and when it is "right" the
        card holds who ran, how long one call took, and whether all results agree.
    """
    lang = wording.language()
    key, refusal = find_key(exercise, lang)
    if key is None:
        return refusal
    if not key.race:
        return _no_race(key, lang)
    names = sys._getframe(1).f_globals | sys._getframe(1).f_locals
    function, refusal = find_function(key, names, lang, function)
    if refusal is not None:
        return refusal
    checked = check_with(key, function, lang)
    if checked.outcome == "cannot check":
        return checked
    if checked.outcome != "right":
        told = say(f"race-{checked.outcome.replace(' ', '-')}", lang, exercise=key.id, function=key.function)
        return Card(key.id, checked.outcome, lang, checked.title, sentences=(("", told),))
    if strict.graded():  # for nobody to see, and seconds for each student
        told = say("race-while-graded", lang)
        return Card(key.id, checked.outcome, lang, checked.title, sentences=(("", told),))
    return _run(key, function, names, lang)


def _no_race(key: Key, lang: str) -> Card:
    try:
        raced = [known.id for known in keys.all_keys() if known.race]
    except keys.DamagedKey as error:
        return cannot(key.id, lang, "cannot-key", file=error.args[0])
    nearest = difflib.get_close_matches(key.id, raced, n=1, cutoff=0.4) or raced or ["-"]
    return cannot(key.id, lang, "cannot-no-race", key.title, given=key.id, nearest=", ".join(nearest))


@dataclass
class _Runner:
    """One function in the race, what it gave the first time, and how long it took since then."""

    who: str
    function: Callable | None
    first: run.Call
    seconds: list[float] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        return self.function is not None and self.first.kind == "value"

    def lane(self, yours: run.Call, key: Key) -> Lane:
        told = "" if self.first.kind == "value" else _ending(self.first)
        # a list and an array of the same numbers agree, whichever of them is yours
        agrees = same(yours, self.first, key) or same(self.first, yours, key)
        return Lane(self.who, median(self.seconds) if self.seconds else None, agrees, told)


def _ending(call: run.Call) -> str:
    return call.trouble.type if call.trouble else call.kind


def _run(key: Key, function: Callable, names: Mapping[str, object], lang: str) -> Card:
    try:
        args = tuple(_names_after(key.race, names)["race"]())
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
        return cannot(key.id, lang, "cannot-own-fault", key.title, fault=fault)
    began = perf_counter()
    yours = _Runner("", function, run.call(function, args, key.seconds))
    took = perf_counter() - began
    if not yours.runs:
        return _stopped(key, yours.first, lang)
    others = [_twin(key, of, code, names, args) for of, code in key.twins]
    if took > SLOW:
        yours.seconds.append(took)
    runners = [r for r in (yours, *others) if r.runs and not r.seconds]
    _rounds(runners, args, key.seconds)
    lanes = tuple(runner.lane(yours.first, key) for runner in (yours, *others))
    return RaceCard(key.id, "right", lang, key.title.get(lang, key.id), lanes=lanes, function=key.function)


def _stopped(key: Key, call: run.Call, lang: str) -> Card:
    """The check passed, but these larger arguments were too much."""
    told = "race-too-long" if call.kind == "timeout" else "race-failed"
    values = {"function": key.function, "seconds": f"{key.seconds:g}", "type": _ending(call)}
    values["message"] = call.trouble.message if call.trouble else ""
    lines = call.trouble.lines if call.trouble else ()
    sentences = (("", say(told, lang, **values)),)
    return Card(key.id, "not yet", lang, key.title.get(lang, key.id), sentences=sentences, own_lines=lines)


def _twin(key: Key, of: str, code: str, names: Mapping[str, object], args: tuple) -> _Runner:
    try:
        function = _names_after(code, names)[key.function]
    except Exception as error:
        trouble = run.Trouble(type(error).__name__, str(error))
        return _Runner(of, None, run.Call("error", trouble=trouble))
    return _Runner(of, function, run.call(function, args, TWIN_SECONDS))


def _names_after(code: str, names: Mapping[str, object]) -> dict:
    """A copy of the notebook's names in which np and rg are what a page means by them, after some code."""
    mine = dict(names) | {"np": np, "rg": importlib.import_module("rgteach")}
    with aside():
        exec(compile(code, "<race>", "exec"), mine)
    return mine


def _rounds(runners: list[_Runner], args: tuple, limit: float) -> None:
    """Let them run in turns, so that a busy moment of the machine is everyone's, until the time is used."""
    began = perf_counter()
    for done in range(1, MOST_ROUNDS + 1):
        for runner in runners:
            seconds = _once(runner.function, args, limit)
            if seconds is not None:
                runner.seconds.append(seconds)
        if (perf_counter() - began) * (done + 1) / done > BUDGET:
            return


def _once(function: Callable, args: tuple, limit: float) -> float | None:
    """The seconds of one call on its own copy of the arguments, without the making of the copy."""
    mine = copy.deepcopy(args)

    def timed() -> float:
        began = perf_counter()
        function(*mine)
        return perf_counter() - began

    try:
        with aside():
            return within(limit, timed)
    except (Exception, TimeIsUp, SystemExit):  # it ran before; what it does now is left out
        return None
