"""From a verdict to a card: what you gave, what was expected, for which input, what it is, what to try."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from rgteach.course.card import Card, Row
from rgteach.course.compare import close
from rgteach.course.judge import Verdict
from rgteach.course.keys import Case, Key
from rgteach.course.model import GROUPS
from rgteach.course.properties import numbers
from rgteach.course.run import Call
from rgteach.course.show import kind, show, show_pair
from rgteach.wording import advise, say


def card(key: Key, verdict: Verdict, calls: Sequence[Call], lang: str) -> Card:
    """The card for a verdict, in a language."""
    title = key.title.get(lang, key.id)
    if verdict.outcome == "right":
        sentence = say("check-right", lang, count=len(key.cases), groups=_groups(key, lang))
        points = say("check-points", lang, points=f"{key.points:g}")
        notes = [points, *_notes(key, verdict, calls, lang)]
        return Card(key.id, "right", lang, title, sentences=(("", sentence),), notes=tuple(notes))
    if verdict.outcome == "not tried":
        sentence = say("check-stub-later" if verdict.case else "check-stub", lang, function=key.function)
        return Card(key.id, "not tried", lang, title, sentences=(("", sentence),), notes=(_hint(key, lang),))
    case, call = key.cases[verdict.case], calls[verdict.case]
    return Card(
        key.id,
        "not yet",
        lang,
        title,
        rows=tuple(_rows(key, verdict, case, call, lang)),
        sentences=tuple(_sentences(key, verdict, case, call, lang)),
        own_lines=call.trouble.lines if call.trouble else (),
        notes=(*_notes(key, verdict, calls, lang), _hint(key, lang)),
        mistake=verdict.mistake,
    )


def _rows(key: Key, verdict: Verdict, case: Case, call: Call, lang: str):
    given, expected = _shown(call, lang), _shown(case.expected, lang)
    if call.kind == case.expected.kind == "value":
        given, expected = show_pair(call.value, case.expected.value)
    yield Row(say("row-given", lang), given)
    yield Row(say("row-expected", lang), expected)
    yield Row(say("row-input", lang), _input(key, case, lang))
    place = _first_difference(key, case.expected.value, call.value) if call.kind == "value" else ""
    if place:
        yield Row(say("row-place", lang), place)
    if verdict.told == "diag-changed-input":
        name = key.parameters[call.changed[0]]
        yield Row(say("row-after", lang), "\n".join(_assigned(name, show(call.changed_to))))


def _shown(call: Call, lang: str) -> str:
    if call.kind == "value":
        return show(call.value)
    if call.kind == "error":
        return say("shown-error", lang, type=call.trouble.type)
    if call.kind == "odd":
        return say("shown-odd", lang, type=call.odd[1])
    return say(f"shown-{call.kind}", lang)


def _input(key: Key, case: Case, lang: str) -> str:
    names = [*key.parameters, *(f"[{k}]" for k in range(len(key.parameters), len(case.args)))]
    group = say(f"group-{case.group}", lang)
    lines = [f"{key.function}({', '.join(names[: len(case.args)])})    # {group}"]
    for name, value in zip(names, case.args, strict=False):
        lines += _assigned(name, show(value))
    return "\n".join(lines)


def _assigned(name: str, text: str) -> list[str]:
    """`name = value`, the further lines of the value below its first."""
    first, *rest = text.split("\n")
    return [f"{name} = {first}", *(" " * (len(name) + 3) + line for line in rest)]


def _first_difference(key: Key, expected: object, given: object) -> str:
    """Where two arrays of one shape begin to differ, if they are too long to see it at once."""
    e, g = numbers(expected), numbers(given)
    if e is None or g is None or e.shape != g.shape or e.size < 5:
        return ""
    wrong = np.argwhere(~close(e, g, key.rtol, key.atol))
    if not len(wrong):
        return ""
    index = tuple(int(k) for k in wrong[0])
    given_text, expected_text = show_pair(float(g[index]), float(e[index]))
    count = f"{len(wrong)} / {e.size}"
    return f"[{', '.join(map(str, index))}]: {given_text} ≠ {expected_text}    ({count})"


def _sentences(key: Key, verdict: Verdict, case: Case, call: Call, lang: str):
    if verdict.mistake:
        says = next(m.says[lang] for m in key.mistakes if m.name == verdict.mistake)
        yield "", says
        return
    values = {"function": key.function, "parameters": ", ".join(key.parameters), **verdict.values}
    values["given_kind"] = kind(call.value, lang) if call.kind == "value" else ""
    values["expected_kind"] = kind(case.expected.value, lang) if case.expected.kind == "value" else ""
    values["printed"] = call.printed.strip()
    if "part" in verdict.values:
        told = "feedback-part-named" if isinstance(verdict.values["part"], str) else "feedback-part"
        yield "", say(told, lang, **{k: verdict.values[k] for k in ("part", "parts")})
    advice = advise(verdict.told, lang, **values)
    yield "", advice.what
    yield say("word-why", lang), advice.why
    yield say("word-try", lang), advice.try_


def _notes(key: Key, verdict: Verdict, calls: Sequence[Call], lang: str):
    for told in verdict.notes:
        if told == "note-warned":
            yield say(told, lang, warning=next(c.warned[0] for c in calls if c.warned))
        elif told == "note-printed" and verdict.told != "diag-printed":
            yield say(told, lang, printed=next(c.printed for c in calls if c.printed).strip()[:200])
        elif told == "note-changed-input":
            changed = next(c.changed[0] for c in calls if c.changed)
            yield say(told, lang, parameter=key.parameters[changed])


def _hint(key: Key, lang: str) -> str:
    return say("check-hint", lang, exercise=key.id)


def _groups(key: Key, lang: str) -> str:
    counts = Counter(case.group for case in key.cases)
    return say("check-comma", lang).join(
        say("check-group", lang, count=counts[g], group=say(f"group-{g}", lang)) for g in GROUPS if counts[g]
    )
