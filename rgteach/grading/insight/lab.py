"""What is told about one lab: points, exercises, difficulty, mistakes, cases, time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rgteach.grading.insight import charts, items, labels
from rgteach.grading.insight.classroom import Classroom
from rgteach.grading.insight.labels import Labels
from rgteach.grading.insight.mistakes import Told
from rgteach.grading.insight.overview import numbered, percent, points, sentence
from rgteach.report import html
from rgteach.wording import say

TENTHS = 10
SPOKEN = 12  # mistakes told in a sentence; the table holds all
FEWEST_TOLD = 0.02  # of the class, and two students


def part(title: str, *content: str) -> str:
    """A heading of the third rank and what belongs to it, where there is anything."""
    return html.element("h3", html.text(title)) + "\n".join(content) if any(content) else ""


def table(room: Classroom, caption: str, header: Sequence[str], rows: Sequence, numbers: int) -> str:
    """A table whose caption says which lab it is about, so that no two on a page are called the same."""
    titled = say("insight-of-lab", lab=room.lab, caption=caption)
    return html.table(titled, header, rows, numbers)


def distribution(room: Classroom) -> str:
    """How the points of a lab are spread."""
    if not room.exercises:
        return ""
    place = np.minimum((room.totals * TENTHS + 1e-9).astype(int), TENTHS - 1)
    counts = np.bincount(place, minlength=TENTHS).tolist()
    low, middle, high = np.quantile(room.totals, (0.25, 0.5, 0.75))
    said = say("insight-points-told", low=percent(low), middle=percent(middle), high=percent(high))
    rows = [[_tenth(k), f"{n:,}", percent(n / room.size)] for k, n in enumerate(counts)]
    header = [say("insight-points-of"), say("insight-count"), say("insight-share")]
    return part(
        say("insight-points"),
        charts.histogram(counts, said, say("insight-points-of"), say("insight-count")),
        html.paragraph(said, class_="dim"),
        html.folded(say("insight-numbers"), table(room, say("insight-points"), header, rows, 2)),
    )


def _tenth(k: int) -> str:
    last = k == TENTHS - 1
    return (
        say("insight-percent", n=f"{k * 10}–{(k + 1) * 10}")
        if last
        else say("insight-up-to", low=k * 10, high=(k + 1) * 10)
    )


def exercises(room: Classroom, named: Labels) -> str:
    """How each exercise came out."""
    names = (*room.exercises,)
    counts = {name: room.outcomes(name) for name in names}
    shown = [key for key in charts.COLOURS if any(count[key] for count in counts.values())]
    told = {key: say(f"insight-outcome-{key.replace(' ', '-')}") for key in shown}
    rows = [[named.exercise(name), *(f"{counts[name][key]:,}" for key in shown)] for name in names]
    label = say("insight-exercises-label", n=f"{room.size:,}")
    parts = (
        [
            charts.outcomes([(named.exercise(name), counts[name]) for name in names], label),
            charts.legend(told),
            html.folded(
                say("insight-numbers"),
                table(room, label, [say("insight-exercise"), *told.values()], rows, len(shown)),
            ),
        ]
        if names
        else []
    )
    for name in room.open_exercises:
        written = sum(bool(grade and grade.source.strip()) for grade in room.grades[name])
        parts.append(
            html.paragraph(
                say("insight-open", title=named.exercise(name), n=f"{written:,}", all=f"{room.size:,}")
            )
        )
    return part(say("insight-exercises"), *parts)


def analysis(room: Classroom, named: Labels) -> str:
    """Difficulty and discrimination."""
    if not room.exercises:
        return ""
    found = items.analyse(room.exercises, room.points, room.shares)
    places = [
        (named.exercise(i.exercise), i.difficulty.value, i.difficulty.low, i.difficulty.high) for i in found
    ]
    header = [say(f"insight-item-{c}") for c in ("exercise", "points", "share", "interval", "rest", "tails")]
    rows = [
        [named.exercise(one.exercise), points(room.out_of[k]), *_item(one)] for k, one in enumerate(found)
    ]
    label = say("insight-items-label")
    return part(
        say("insight-items"),
        charts.intervals(places, label),
        html.paragraph(label, class_="dim"),
        table(room, say("insight-items-caption", n=f"{room.size:,}"), header, rows, 5),
        *(html.paragraph(line) for line in _remarks(room, found, named)),
        html.folded(say("insight-items-how"), html.bullets(_methods())),
    )


def _item(one: items.Item) -> list[str]:
    shares = one.difficulty
    rest = "–" if one.rest is None else _interval(one.rest)
    tails = "–" if one.upper_lower is None else numbered(one.upper_lower)
    return [
        percent(shares.value),
        say("insight-percent", n=f"{100 * shares.low:.0f}–{100 * shares.high:.0f}"),
        rest,
        tails,
    ]


def _interval(found: items.Interval) -> str:
    return f"{numbered(found.value)} [{numbered(found.low)}, {numbered(found.high)}]"


def _remarks(room: Classroom, found: Sequence[items.Item], named: Labels):
    if room.size < items.FEWEST:
        yield say("insight-too-few", n=room.size, fewest=items.FEWEST)
        return
    for one in found:
        if one.rest is not None and one.rest.high < 0:
            yield say("insight-backwards", title=named.exercise(one.exercise))
    alpha = items.alpha(room.points)
    if alpha is not None:
        yield say("insight-alpha", alpha=numbered(alpha), k=len(room.exercises))


def _methods() -> list[str]:
    return [say(f"insight-method-{name}") for name in ("difficulty", "rest", "tails", "alpha")]


def mistakes(room: Classroom, told: Sequence[Told], named: Labels) -> str:
    """What was misunderstood: the frequent in a sentence each, all in a table."""
    if not told:
        return part(say("insight-mistakes"), html.paragraph(say("insight-mistakes-none")))
    fewest = max(2, FEWEST_TOLD * room.size)
    frequent = [one for one in told if one.named and one.count >= fewest][:SPOKEN]
    spoken = "".join(_spoken(one, room, named) for one in frequent)
    header = [
        say(f"insight-mistake-{c}") for c in ("what", "exercise", "name", "count", "share", "of-written")
    ]
    rows = [_mistake_row(one, room, named) for one in told]
    listed = table(room, say("insight-mistakes-caption"), header, rows, 3)
    return part(
        say("insight-mistakes"),
        html.element("ul", spoken) if spoken else html.paragraph(say("insight-mistakes-rare")),
        html.folded(say("insight-mistakes-all", n=len(rows)), listed),
    )


def _spoken(one: Told, room: Classroom, named: Labels) -> str:
    """The sentence, and the name by which the page knows the mistake."""
    name = html.element("code", html.text(one.name))
    return html.element("li", f"{html.text(sentence(one, room, named))} {name}")


def _mistake_row(one: Told, room: Classroom, named: Labels) -> list[str]:
    written = len(room.answered(one.exercise)) or 1
    kind = one.name if one.named else say("insight-mistake-general")
    shares = percent(one.count / room.size), percent(one.count / written)
    return [one.sentence, named.exercise(one.exercise), kind, f"{one.count:,}", *shares]


def cases(room: Classroom, named: Labels) -> str:
    """Which groups of hidden cases the written answers pass as a whole."""
    groups = dict.fromkeys(
        name for exercise in room.exercises for g in room.answered(exercise) for name in g.groups
    )
    if not groups:
        return ""
    rows = []
    for exercise in room.exercises:
        written = room.answered(exercise)
        rows.append(
            [named.exercise(exercise), f"{len(written):,}", *(_passed(written, name) for name in groups)]
        )
    header = [say("insight-exercise"), say("insight-written"), *map(labels.group, groups)]
    listed = table(room, say("insight-cases-caption"), header, rows, len(groups) + 1)
    return part(say("insight-cases"), listed, html.paragraph(say("insight-cases-note"), class_="dim"))


def _passed(written: Sequence, name: str) -> str:
    pairs = [g.groups[name] for g in written if name in g.groups and g.groups[name][1]]
    return percent(sum(right == count for right, count in pairs) / len(pairs)) if pairs else "–"


def times(room: Classroom, named: Labels) -> str:
    """How long the answers ran."""
    rows = []
    for exercise in room.exercises:
        ran = [g.seconds for g in room.answered(exercise) if g.seconds > 0]
        if ran:
            row = (*np.quantile(ran, (0.5, 0.9)), max(ran))
            rows.append([named.exercise(exercise), f"{len(ran):,}", *(_seconds(value) for value in row)])
    if not rows:
        return part(say("insight-time"), _attempts(room))
    header = [say(f"insight-time-{c}") for c in ("exercise", "ran", "middle", "slow", "longest")]
    listed = table(room, say("insight-time-caption"), header, rows, 4)
    return part(say("insight-time"), listed, _attempts(room))


def _attempts(room: Classroom) -> str:
    """How long students wait from one attempt to the next."""
    several = sum(count > 1 for count in room.attempts)
    hours = [gap for gaps in room.gaps for gap in gaps]
    if not several:
        return ""
    told = say("insight-attempts", n=f"{several:,}", all=f"{room.size:,}", most=max(room.attempts))
    if not hours:
        return html.paragraph(told)
    low, middle, high = (_hours(value) for value in np.quantile(hours, (0.25, 0.5, 0.75)))
    return html.paragraph(f"{told} {say('insight-gaps', low=low, middle=middle, high=high)}")


def _hours(value: float) -> str:
    if value < 1:
        return say("insight-minutes", n=f"{60 * value:.0f}")
    return (
        say("insight-hours", n=f"{value:.1f}") if value < 48 else say("insight-days", n=f"{value / 24:.1f}")
    )


def _seconds(value: float) -> str:
    return (
        f"{value:.2f} s"
        if value >= 1
        else f"{1000 * value:.0f} ms"
        if value >= 0.0015
        else f"{1000 * value:.1f} ms"
    )
