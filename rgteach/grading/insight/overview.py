"""The head of the page: what was found in a sentence or two, who handed in what, files of no use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from rgteach.grading.insight import labels
from rgteach.grading.insight.classroom import NO_ANSWER, Classroom
from rgteach.grading.insight.labels import Labels
from rgteach.grading.insight.mistakes import Told, general
from rgteach.grading.insight.people import People
from rgteach.grading.model import ExerciseGrade, Flag, Graded
from rgteach.report import html
from rgteach.wording import language, say

MOST_STUDENTS = 1000  # rows of the table of who handed in what


def percent(share: float) -> str:
    """A share as whole percents, so that none looks more exact than it is."""
    if share != share:
        return "–"
    if 0 < share < 0.01:
        return say("insight-below-percent", n=1)
    return say("insight-percent", n=f"{100 * share:.0f}")


def points(value: float) -> str:
    """Points without zeros at the end."""
    return f"{round(float(value), 2):g}"


def headline(room: Classroom, told: Sequence[Told], named: Labels) -> list[str]:
    """A lab in sentences for a reader in a hurry."""
    most = room.out_of.sum()
    middle = float(np.median(room.points.sum(axis=1))) if room.exercises else 0.0
    said = [say("insight-handed", n=f"{room.size:,}", middle=points(middle), most=points(most))]
    if room.exercises:
        shares = room.shares.mean(axis=0)
        hardest = int(np.argmin(shares))
        said.append(
            say(
                "insight-hardest",
                share=percent(shares[hardest]),
                title=named.exercise(room.exercises[hardest]),
            )
        )
    first = next((one for one in told if one.named), None)
    if first:
        said.append(sentence(first, room, named))
    return said


def numbered(value: float) -> str:
    """Two digits, with a minus that is one."""
    return f"{value:.2f}".replace("-", "−")


def sentence(one: Told, room: Classroom, named: Labels) -> str:
    """`37 % (74 of 200) in "Kurtosis": "This is excess kurtosis."`"""
    return say(
        "insight-mistake",
        share=percent(one.count / room.size),
        count=f"{one.count:,}",
        n=f"{room.size:,}",
        title=named.exercise(one.exercise),
        sentence=one.sentence,
    )


def notices(graded: Sequence[Graded]) -> list[str]:
    """What must be known before a number is believed."""
    said = []
    if loose := sum(not one.is_grade and not one.problem for one in graded):
        said.append(say("insight-not-grades", n=f"{loose:,}", all=f"{len(graded):,}"))
    broken = sum(grade.told == "grade-start" for one in graded for grade in one.exercises)
    if broken:
        said.append(say("insight-not-started", n=f"{broken:,}"))
    for lab in sorted({one.lab for one in graded}):
        editions = {one.edition for one in graded if one.lab == lab and one.edition}
        if len(editions) > 1:
            said.append(say("insight-editions", lab=lab, n=len(editions)))
    return said


def progress(rooms: Sequence[Classroom], students: set[str], people: People, named: Labels) -> str:
    """How many handed in each lab and how far they came; and who, where one asks for it."""
    header = [say(f"insight-progress-{c}") for c in ("lab", "handed", "all-tried", "middle", "most", "test")]
    rows = [_progress_row(room, len(students), named) for room in rooms]
    return html.section(
        say("insight-progress"),
        html.table(say("insight-progress-caption", n=f"{len(students):,}"), header, rows, 5),
        _who(rooms, students, people),
    )


def _progress_row(room: Classroom, n: int, named: Labels) -> list[str]:
    whole = sum(all(g.outcome != NO_ANSWER[0] for g in one.exercises) for one in room.handed)
    asked = max((one.questions for one in room.handed), default=0)
    test = np.mean([one.answered for one in room.handed]) if asked else 0
    total = room.points.sum(axis=1) if room.exercises else np.zeros(room.size)
    return [
        named.lab(room.lab),
        f"{room.size:,} ({percent(room.size / n)})",
        f"{whole:,}",
        points(np.median(total)),
        points(room.out_of.sum()),
        f"{test:.1f} / {asked}" if asked else "–",
    ]


def _who(rooms: Sequence[Classroom], students: set[str], people: People) -> str:
    """A row a student, a column a lab: points, or a dash."""
    if len(students) > MOST_STUDENTS:
        return html.paragraph(say("insight-who-many", n=f"{MOST_STUDENTS:,}"), class_="dim")
    reached = {
        (name, room.lab): points(total)
        for room in rooms
        for name, total in zip(room.students, room.points.sum(axis=1), strict=True)
    }
    order = sorted(students, key=people.order)
    rows = [[people.told(s), *(reached.get((s, room.lab), "–") for room in rooms)] for s in order]
    header = [say("insight-student"), *(say("insight-lab", lab=room.lab) for room in rooms)]
    listed = html.table(say("insight-who-caption"), header, rows, len(rooms))
    return html.folded(say("insight-who"), listed)


def files(useless: Sequence[Graded], graded: Sequence[Graded], people: People) -> str:
    """Files of no use, one by one; accidents that cost nothing, counted."""
    parts = [html.paragraph(say("insight-files-fine"))] if not useless else []
    if useless:
        header = [say("insight-student"), say("insight-file"), say("insight-problem")]
        rows = [
            [people.told(one.student), one.submission if people.names else "–", _shown(one, people)]
            for one in useless
        ]
        parts.append(html.table(say("insight-files-caption"), header, rows, 0))
    notes = Counter(told for one in graded for told in _accidents(one))
    if notes:
        header = [say("insight-note"), say("insight-count")]
        rows = [[told, f"{count:,}"] for told, count in notes.most_common(30)]
        parts.append(html.table(say("insight-notes-caption"), header, rows, 1))
    return html.section(say("insight-files"), *parts)


def is_for_a_person(flag: Flag, grade: ExerciseGrade) -> bool:
    """Whether a flag is about a policy; others tell how an answer was found, which costs nothing."""
    return grade.outcome == "breach" or flag.kind.startswith(("breach", "forbid", "policy"))


def _accidents(one: Graded) -> set[str]:
    """What happened to a notebook, each kind once."""
    mine = [f for grade in one.exercises for f in grade.flags if not is_for_a_person(f, grade)]
    return {general(f"flag-{flag.kind}", language()) for flag in (*one.notes, *mine)}


def _shown(one: Graded, people: People) -> str:
    """The problem in words; a path may hold a name, so it is shown with names only."""
    told = labels.problem(one)
    return told if people.names else told.replace(one.submission, "…").replace(one.student, "…")
