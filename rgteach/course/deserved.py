"""A page proves that points are earned by what they are given for, on the hidden cases that decide them.

- a function that always gives the same, or gives an argument back, earns nothing;
- a named mistake earns at most what its cell says with `earns`, half of the points if it says nothing;
- the hidden cases of a grader, which runs no more of a page than it needs, are those of the whole page;
- neither the solution nor a mistake uses what the page forbids, and what it forbids exists.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import PathFinder
from math import ceil

from rgteach.course import forbidden, source, worth
from rgteach.course.bench import Bench
from rgteach.course.compare import identical
from rgteach.course.judge import same
from rgteach.course.keys import Case, Key
from rgteach.course.lean import Lean
from rgteach.course.model import EARNS, Exercise, PageError
from rgteach.course.run import Call
from rgteach.course.show import show

# what somebody returns who has nothing to return
_NOTHINGS = (None, 0, 0.0, 1, -1, "", True, False, [], (), {})


def on_hidden(
    exercise: Exercise, public: Key, key: Key, cases: str, fails: Callable[..., PageError]
) -> Iterator[PageError]:
    """What is earned undeservedly on one set of hidden cases.

    Parameters
    ----------
    exercise : Exercise
        Of the page.
    public, key : Key
        Its public cases, and hidden ones of a seed, with the outputs of the mistakes.
    cases : str
        What these cases are called in a message.
    fails : function
        Makes the error, from the name of its message, a line and what it says.
    """
    if worth.ORDINARY not in worth.groups((case.group, True) for case in key.cases):
        yield fails("proof-no-ordinary", exercise.one("cases").line, cases=cases)
        return
    yield from _lazy(exercise, public, key, cases, fails)
    for cell, mistake in zip(exercise.all("wrong"), key.mistakes, strict=True):
        share = _share(exercise, key, list(mistake.outputs))
        most = cell.options.get("earns", EARNS)
        if share > most:
            told = {"name": mistake.name, "share": float(share), "most": float(most)}
            told["earns"] = ceil(share * 100) / 100
            yield fails("proof-mistake-earns", cell.line, cases=cases, **told)


def _share(exercise: Exercise, key: Key, outputs: list[Call]):
    judged = ((c.group, same(c.expected, given, key)) for c, given in zip(key.cases, outputs, strict=True))
    return worth.share(worth.groups(judged), exercise.weights)


def _lazy(exercise, public, key, cases, fails):
    line = exercise.one("cases").line
    ordinary = [case for case in key.cases if worth.is_ordinary(case.group)]
    values = [c.expected.value for c in (*ordinary, *public.cases) if c.expected.kind == "value"]
    for value in (*_NOTHINGS, *values):
        if all(same(case.expected, Call("value", value), key) for case in ordinary):
            yield fails("proof-constant-earns", line, cases=cases, value=_short(value))
            break
    for k, parameter in enumerate(key.parameters):
        given = [Call("value", case.args[k] if k < len(case.args) else None) for case in ordinary]
        if all(same(case.expected, value, key) for case, value in zip(ordinary, given, strict=True)):
            yield fails("proof-identity-earns", line, cases=cases, parameter=parameter)


def for_nothing(key: Key, cases: Sequence[Case]) -> bool:
    """Whether a function that always does the same, or gives an argument back, is right in what counts."""
    ordinary = [case for case in cases if worth.is_ordinary(case.group)]
    if all(same(case.expected, ordinary[0].expected, key) for case in ordinary[1:]):
        return True
    return any(
        all(k < len(c.args) and same(c.expected, Call("value", c.args[k]), key) for c in ordinary)
        for k in range(len(key.parameters))
    )


def once(bench: Bench, exercise: Exercise, fails: Callable[..., PageError]) -> Iterator[PageError]:
    """What does not hang on a seed: what the grader runs, and what an answer may not use."""
    yield from _lean(bench, exercise, fails)
    forbid, _ = bench.page.forbidden(exercise)
    answer = exercise.one("answer")
    for name in forbid:
        if not _exists(name):
            yield fails("proof-forbids-unknown", answer.line, name=name)
    before = bench.page.cells[: bench.page.cells.index(answer)]
    context = [source.in_language(cell.code, "en") for cell in before if cell.role == "code"]
    for cell in (answer, *exercise.all("wrong")):
        for found in forbidden.read(source.solved(cell.code), forbid, context):
            yield fails("proof-forbidden", cell.line, role=cell.role, name=found.name, code=found.code)


def _lean(bench: Bench, exercise: Exercise, fails: Callable[..., PageError]) -> Iterator[PageError]:
    line = exercise.one("cases").line
    whole = bench.hidden(exercise, 0)
    expected = bench.calls(exercise, exercise.one("answer"), whole)
    try:
        lean = Lean(bench.page)
        cases = lean.hidden(exercise, 0)
        given = lean.expected(exercise, cases)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        yield fails("proof-lean", line, reason=reason.split("\n")[0][:200])
        return
    pairs = list(zip(expected, given, strict=False))
    if not identical(whole, cases) or not all(_equal(*pair) for pair in pairs):
        yield fails("proof-lean", line, reason=f"hidden(default_rng(0)), {exercise.id}")


def _equal(one: Call, other: Call) -> bool:
    if one.kind == "error":
        return other.kind == "error" and one.trouble.type == other.trouble.type
    return one.kind == other.kind and identical(one.value, other.value)


def _exists(name: str) -> bool:
    """Whether a forbidden name is one; of a package that is not installed nothing can be said."""
    first, *rest = name.split(".")
    spec, parent = importlib.util.find_spec(first), first
    if spec is None:
        return first != "builtins"
    while rest and spec.submodule_search_locations:  # down to the last module, without loading any
        below = PathFinder.find_spec(f"{parent}.{rest[0]}", spec.submodule_search_locations)
        if below is None:
            break
        spec, parent = below, f"{parent}.{rest.pop(0)}"
    return not rest or (len(rest) == 1 and hasattr(importlib.import_module(parent), rest[0]))


def _short(value: object) -> str:
    text = " ".join(show(value).split())
    return text if len(text) <= 120 else text[:117] + "…"
