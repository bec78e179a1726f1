"""The whole page about a class, from its graded submissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rgteach.course.keys import Key
from rgteach.errors import LearnerError
from rgteach.grading.insight import charts, lab, lookat, overview
from rgteach.grading.insight.classroom import Classroom, Handing, Mark, classrooms
from rgteach.grading.insight.labels import Labels
from rgteach.grading.insight.mistakes import counted
from rgteach.grading.insight.people import People
from rgteach.grading.insight.print_of import Print
from rgteach.grading.model import Graded
from rgteach.report import html
from rgteach.wording import say, tag


def page(
    graded: Iterable[Graded],
    keys: Mapping[str, Key],
    *,
    labs: Sequence[str] | None = None,
    names: bool = False,
    known: Mapping[Mark, Handing] | None = None,
) -> str:
    """The page as HTML, in the language in force.

    Parameters
    ----------
    graded : iterable of Graded
        Everything that was graded, several labs and several attempts if there are.
    keys : mapping of str to Key
        The public keys by exercise: titles, and what a page says about its mistakes.
    labs : list of str, optional
        Only these labs.
    names : bool
        Show who is meant; else marks that say nothing to the class.
    known : mapping of Mark to Handing, optional
        Which submissions count, and when they were handed in.

    Raises
    ------
    LearnerError
        If there is nothing to tell about.
    """
    everything = list(graded)
    people = People(everything, names)
    there = sorted({one.lab for one in everything if one.lab})
    unknown = [lab for lab in labs or () if lab not in there]
    if unknown:
        raise LearnerError("insight-no-lab", given=", ".join(unknown), known=", ".join(there) or "-")
    # a file that nobody could read may belong to any lab
    wanted = [one for one in everything if not labs or one.lab in labs or not one.lab]
    rooms, useless = classrooms(wanted, known)
    if not rooms:
        raise LearnerError("insight-nobody", n=len(wanted))
    named = Labels(keys)
    return html.page(
        say("insight-title"),
        tag(),
        *_head(rooms, wanted, named),
        overview.progress(rooms, {one.student for one in wanted}, people, named),
        *_labs(rooms, people, named),
        overview.files(useless, wanted, people),
        style=charts.STYLE,
    )


def _head(rooms: Sequence[Classroom], wanted: Sequence[Graded], named: Labels) -> list[str]:
    from rgteach import __version__

    made = say("insight-made", version=__version__, n=f"{len(wanted):,}")
    said = []
    for room in rooms:
        told = counted(room, named.keys, named.lang)
        if len(rooms) > 1:
            said.append(html.element("p", html.element("strong", html.text(named.lab(room.lab)))))
        said += [html.paragraph(line) for line in overview.headline(room, told, named)]
    parts = [
        html.element("h1", html.text(say("insight-title"))),
        html.paragraph(made, class_="dim"),
        *(html.paragraph(line) for line in overview.notices(wanted)),
        html.element("div", "".join(said), class_="headline"),
    ]
    return [*parts, _links(rooms, named)] if len(rooms) > 1 else parts


def _links(rooms: Sequence[Classroom], named: Labels) -> str:
    """Where each lab begins."""
    lines = "".join(
        html.element("li", html.element("a", html.text(named.lab(room.lab)), href=f"#lab-{k}"))
        for k, room in enumerate(rooms)
    )
    return html.element("nav", html.element("ul", lines), aria_label=say("insight-labs"))


def _labs(rooms: list[Classroom], people: People, named: Labels) -> list[str]:
    prints = lookat.all_prints(rooms)
    return [_lab(k, room, prints, people, named) for k, room in enumerate(rooms)]


def _lab(k: int, room: Classroom, prints: Mapping[str, Print], people: People, named: Labels) -> str:
    told = counted(room, named.keys, named.lang)
    title = html.element("h2", html.text(named.lab(room.lab)), id=f"lab-{k}")
    parts = [
        lab.mistakes(room, told, named),
        lab.exercises(room, named),
        lab.distribution(room),
        lab.analysis(room, named),
        lab.cases(room, named),
        lab.times(room, named),
        lookat.stuck_students(room, people, named),
        lookat.flags(room, people, named),
        lookat.alike(room, prints, people, named),
    ]
    return html.element("section", title + "\n".join(part for part in parts if part))
