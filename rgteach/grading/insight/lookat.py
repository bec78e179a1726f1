"""What a person should look at: who seems stuck, flags, answers that are nearly the same."""

from __future__ import annotations

from collections.abc import Mapping

from rgteach.grading.insight import labels, overview
from rgteach.grading.insight.alike import Found, Group, groups
from rgteach.grading.insight.classroom import Classroom
from rgteach.grading.insight.lab import part, table
from rgteach.grading.insight.labels import Labels
from rgteach.grading.insight.overview import percent
from rgteach.grading.insight.people import People
from rgteach.grading.insight.print_of import Print, prints
from rgteach.grading.insight.stuck import ATTEMPTS, FEWEST, ZEROS, stuck
from rgteach.report import html
from rgteach.wording import say

MOST_ROWS = 100  # of a list of students or flags
MOST_GROUPS = 12  # of answers that look alike, for one exercise
MOST_MEMBERS = 12


def _listed(
    room: Classroom,
    caption: str,
    header: list[str],
    rows: list[list[str]],
    numbers: int,
    most: int = MOST_ROWS,
) -> str:
    more = len(rows) - most
    told = html.paragraph(say("report-more", n=f"{more:,}"), class_="dim") if more > 0 else ""
    return table(room, caption, header, rows[:most], numbers) + told


def stuck_students(room: Classroom, people: People, named: Labels) -> str:
    """Who seems to be stuck, and the rule."""
    rule = html.paragraph(say("insight-stuck-rule", zeros=ZEROS, attempts=ATTEMPTS), class_="dim")
    if room.size < FEWEST:
        return part(say("insight-stuck"), html.paragraph(say("insight-stuck-few", fewest=FEWEST)))
    found = stuck(room)
    if not found:
        return part(say("insight-stuck"), html.paragraph(say("insight-stuck-nobody")), rule)
    header = [say(f"insight-stuck-{c}") for c in ("student", "tried", "untried", "attempts", "share")]
    rows = [
        [
            people.told(one.student),
            _titles(one.tried, named),
            _titles(one.not_tried, named),
            f"{one.attempts}",
            percent(one.share),
        ]
        for one in found
    ]
    caption = say("insight-stuck-caption", n=f"{len(found):,}", all=f"{room.size:,}")
    return part(say("insight-stuck"), rule, _listed(room, caption, header, rows, 2))


def _titles(exercises: tuple[str, ...], named: Labels) -> str:
    return say("insight-comma").join(map(named.exercise, exercises)) or "–"


def flags(room: Classroom, people: People, named: Labels) -> str:
    """What the policies of the exercises left for a person; accidents are counted with the files."""
    rows = [
        [
            people.told(one.student),
            named.exercise(grade.exercise),
            labels.flag(flag),
            flag.code.strip()[:120] or "–",
            f"{flag.line}" if flag.line else "–",
        ]
        for one in room.handed
        for grade in one.exercises
        for flag in grade.flags
        if overview.is_for_a_person(flag, grade)
    ]
    if not rows:
        return ""
    header = [say(f"insight-flag-{c}") for c in ("student", "exercise", "what", "code", "line")]
    caption = say("insight-flags-caption", n=f"{len(rows):,}")
    return part(say("insight-flags"), _listed(room, caption, header, rows, 1))


def all_prints(rooms: list[Classroom]) -> dict[str, Print]:
    """The print of every answer of every lab, so that the processors are asked once."""
    return prints(
        grade.source
        for room in rooms
        for one in room.handed
        for grade in one.exercises
        if grade.source.strip()
    )


def alike(room: Classroom, known: Mapping[str, Print], people: People, named: Labels) -> str:
    """Answers that are nearly the same, longest and rarest first."""
    rows, more, published = [], 0, []
    for exercise in (*room.exercises, *room.open_exercises):
        sources = [grade.source if grade else "" for grade in room.grades[exercise]]
        found = groups(sources, known, named.published(exercise))
        rows += [(g.weight, _row(g, exercise, room, people, named)) for g in found.groups[:MOST_GROUPS]]
        more += max(0, len(found.groups) - MOST_GROUPS)
        if found.as_published:
            published.append(_as_published(found, exercise, named))
    told = [html.paragraph(say("insight-alike-rule"))]
    if rows:
        header = [say(f"insight-alike-{c}") for c in ("students", "exercise", "came-out", "how", "length")]
        ordered = [row for _, row in sorted(rows, key=lambda pair: -pair[0])]
        told.append(_listed(room, say("insight-alike-caption"), header, ordered, 1))
        if more:
            told.append(html.paragraph(say("report-more", n=f"{more:,}"), class_="dim"))
    else:
        told.append(html.paragraph(say("insight-alike-none")))
    if published:
        told.append(html.folded(say("insight-published"), html.bullets(published)))
    return part(say("insight-alike"), *told)


def _row(group: Group, exercise: str, room: Classroom, people: People, named: Labels) -> list[str]:
    who = sorted((room.students[k] for k in group.members), key=people.order)
    told = say("insight-comma").join(people.told(student) for student in who[:MOST_MEMBERS])
    if len(who) > MOST_MEMBERS:
        told += say("insight-and-more", n=len(who) - MOST_MEMBERS)
    ways = {room.grades[exercise][k].outcome for k in group.members}
    came = say("insight-comma").join(say(f"insight-outcome-{way.replace(' ', '-')}") for way in sorted(ways))
    how = say("insight-same-form") if group.same else say("insight-near-form", share=percent(group.near))
    return [told, named.exercise(exercise), came, how, f"{group.length:,}"]


def _as_published(found: Found, exercise: str, named: Labels) -> str:
    return say(
        "insight-as-published",
        title=named.exercise(exercise),
        n=f"{found.as_published:,}",
        all=f"{found.written:,}",
    )
