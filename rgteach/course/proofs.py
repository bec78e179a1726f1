"""A page proves itself: each claim that its cells make is run, on the public cases and on 20 hidden seeds.

- as a student finds it, the page runs to its end, and each stub is "not tried yet", in both languages;
- the solution is right, the same way twice, and leaves its input alone;
- each twin agrees with it;
- each mistake is wrong, explained by its own name and by no other;
- on the arguments of a race the solution and each twin agree, and the solution takes no longer than is fair;
- a function that always gives the same, or gives its input back, does not pass;
- a property that is asked for holds for the solution;
- points are earned by what they are given for (see `deserved`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import process_time

from rgteach.course import deserved, run
from rgteach.course.bench import HIDDEN_SEEDS, Bench
from rgteach.course.judge import judge, same
from rgteach.course.keys import Case, Key
from rgteach.course.model import Exercise, Page, PageError
from rgteach.course.properties import holds
from rgteach.course.stage import chance_kept
from rgteach.wording import LANGUAGES

LIBRARY_SECONDS = 60  # for a twin, whose library may have to be loaded and compiled first
LONGEST_RACE = 1.0  # seconds for one call of the solution; 0.3 is what a page should aim at


def prove(page: Page, seeds: tuple[int, ...] = HIDDEN_SEEDS) -> list[PageError]:
    """Everything about the exercises of a page that does not hold, empty for a good page."""
    if not page.exercises:
        return []
    bench = Bench(page)
    failures = list(_untouched(bench))
    for exercise in page.exercises.values():
        if not exercise.is_open:
            try:
                with chance_kept():
                    failures += _prove(bench, exercise, seeds)
            except PageError as error:
                failures.append(error)
    return failures


def _untouched(bench: Bench) -> Iterator[PageError]:
    for lang in LANGUAGES:
        try:
            bench.run_untouched(lang)
        except PageError as error:
            yield PageError("proof-untouched", **error.values, lang=lang)


def _prove(bench: Bench, exercise: Exercise, seeds: tuple[int, ...]) -> Iterator[PageError]:
    def fails(key: str, line: int, **values) -> PageError:
        return PageError(key, page=bench.page.path.name, line=line, exercise=exercise.id, **values)

    public = bench.key(exercise)
    yield from _blank(bench, exercise, public, fails)
    yield from _properties(exercise, public, fails)
    yield from _race(bench, exercise, public, fails)
    yield from deserved.once(bench, exercise, fails)
    for seed in (None, *seeds):
        key = public if seed is None else bench.key(exercise, seed=seed)
        broken = list(_one_set(bench, exercise, key, _named(seed), fails))
        if seed is not None and not broken:
            broken = list(deserved.on_hidden(exercise, public, key, _named(seed), fails))
        yield from broken
        if broken:
            return  # the other seeds would say the same again


def _named(seed: int | None) -> str:
    return "public()" if seed is None else f"hidden(default_rng({seed}))"


def _one_set(bench: Bench, exercise: Exercise, key: Key, cases: str, fails: Callable) -> Iterator[PageError]:
    broken = list(_solution(bench, exercise, key, cases, fails))
    yield from broken
    if broken:
        return  # nothing can be compared with it
    yield from _twins(bench, exercise, key, cases, fails)
    yield from _mistakes(exercise, key, cases, fails)
    yield from _lazy_answers(exercise, key, cases, fails)


def _judged(key: Key, function: Callable):
    return judge(key, *run.calls_and_again(function, [case.args for case in key.cases], key.seconds))


def _blank(bench, exercise, key, fails):
    for lang in LANGUAGES:
        verdict = _judged(key, bench.stub(exercise, lang))
        if verdict.outcome != "not tried":
            yield fails("proof-blank", exercise.one("answer").line, outcome=verdict.outcome, lang=lang)


def _properties(exercise, key, fails):
    """A property that no public case shows would never be asked."""
    values = [case.expected.value for case in key.cases if case.expected.kind == "value"]
    for name in key.properties if values else ():
        if not any(holds(name, value) for value in values):
            yield fails("proof-property", exercise.one("answer").line, name=name)


def _solution(bench, exercise, key, cases, fails):
    line = exercise.one("answer").line
    for case in key.cases:
        if case.expected.kind not in ("value", "error"):
            yield fails(
                "proof-solution-fails", line, cases=cases, kind=case.expected.kind, args=_short(case.args)
            )
            return
    verdict = _judged(key, bench.solution(exercise))
    if verdict.outcome != "right":
        yield fails("proof-solution-differs", line, cases=cases, told=verdict.told)


def _twins(bench, exercise, key, cases, fails):
    for cell in exercise.all("twin"):
        function = bench.function(exercise, cell)
        for case in key.cases:
            given = run.call(function, case.args, max(key.seconds, LIBRARY_SECONDS))
            if not same(case.expected, given, key):
                values = {"of": cell.options.get("of", "?"), "args": _short(case.args), "cases": cases}
                both = {"solution": _outcome(case.expected), "twin": _outcome(given)}
                yield fails("proof-twin", cell.line, **values, **both)
                break


def _race(bench, exercise, public, fails):
    if not public.race:
        return
    args = bench.race(exercise)
    seconds = _seconds(bench.solution(exercise), args, public.seconds)
    if seconds > LONGEST_RACE:  # perhaps only because the machine was busy
        seconds = min(seconds, *(_seconds(bench.solution(exercise), args, public.seconds) for _ in range(2)))
    if seconds > LONGEST_RACE:
        yield fails("proof-race-slow", exercise.one("race").line, seconds=seconds, most=LONGEST_RACE)
    expected = run.call(bench.solution(exercise), args, public.seconds)
    key = replace(public, cases=(Case("random", args, expected),), mistakes=())
    yield from _solution(bench, exercise, key, "race()", fails)
    yield from _twins(bench, exercise, key, "race()", fails)


def _seconds(function: Callable, args: tuple, limit: float) -> float:
    began = process_time()  # what the answer works, not what it waits for on a busy machine
    run.call(function, args, limit)
    return process_time() - began


def _mistakes(exercise, key, cases, fails):
    for cell, mistake in zip(exercise.all("wrong"), key.mistakes, strict=True):
        if any(o.kind in ("timeout", "stub") for o in mistake.outputs):
            yield fails("proof-mistake-ends", cell.line, cases=cases, name=mistake.name)
            continue
        verdict = judge(key, mistake.outputs)
        if verdict.outcome == "right":
            yield fails("proof-mistake-right", cell.line, cases=cases, name=mistake.name)
        elif verdict.mistake != mistake.name:
            others = [m.name for m in key.mistakes if m is not mistake and _same_outputs(m, mistake, key)]
            about = {"cases": cases, "name": mistake.name}
            if others:
                yield fails("proof-mistake-twin", cell.line, **about, others=", ".join(others))
            else:
                yield fails("proof-mistake-unnamed", cell.line, **about, told=verdict.told or verdict.outcome)
        elif all(o.kind == "error" for o in mistake.outputs):
            yield fails("proof-mistake-errors", cell.line, cases=cases, name=mistake.name)


def _same_outputs(a, b, key: Key) -> bool:
    return all(same(x, y, key) for x, y in zip(a.outputs, b.outputs, strict=True))


def _lazy_answers(exercise, key, cases, fails):
    line = exercise.one("cases").line
    for case in key.cases:
        if case.expected.kind == "value" and _passes(key, [case.expected.value] * len(key.cases)):
            yield fails("proof-constant", line, cases=cases, value=_short(case.expected.value))
            break
    for k, parameter in enumerate(key.parameters):
        if _passes(key, [case.args[k] if k < len(case.args) else None for case in key.cases]):
            yield fails("proof-identity", line, cases=cases, parameter=parameter)


def _passes(key: Key, values: list) -> bool:
    """Whether a function with these outputs would be right; it need not be run for that."""
    calls = [run.Call("value", value) for value in values]
    return all(same(case.expected, given, key) for case, given in zip(key.cases, calls, strict=True))


def _outcome(call: run.Call) -> str:
    return _short(call.value) if call.kind == "value" else call.kind


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 120 else text[:117] + "…"
