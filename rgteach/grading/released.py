"""A lab as students got it: what each exercise asks for, and by what its own cells are known again."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rgteach.course import handed
from rgteach.course.handed import Written
from rgteach.course.names import Code, bare
from rgteach.wording import LANGUAGES

# what a student may change; a difference elsewhere comes from another edition of the page
OURS = ("prose", "code", "statement", "think", "rubric", "question", "starter", "explain")
_MACHINE_MADE = ("prose-", "code-")  # the ids of cells that are called after their content


@dataclass(frozen=True)
class Asked:
    """An exercise, as far as its answer is looked for."""

    id: str
    function: str
    parameters: tuple[str, ...]
    stubs: frozenset[str]


@dataclass(frozen=True)
class Lab:
    """All that is looked for in a submission of one lab."""

    lab: str
    name: str
    edition: str
    asked: tuple[Asked, ...]  # exercises with code
    open: tuple[str, ...]
    questions: tuple[str, ...]
    known: frozenset[str]  # names that the released cells define
    statements: frozenset[str]  # released lines of code, as their syntax
    ids: frozenset[str]
    texts: Mapping[str, frozenset[str]] = field(repr=False)  # "role exercise" -> its text in each language
    places: Mapping[str, tuple[str, str]] = field(repr=False)  # a released text -> (role, exercise)

    @cached_property
    def functions(self) -> dict[str, str]:
        """Function -> exercise."""
        return {one.function: one.id for one in self.asked}

    @cached_property
    def stubs(self) -> frozenset[str]:
        """The unwritten answers of all exercises."""
        return frozenset().union(*(one.stubs for one in self.asked))

    def is_released(self, bare: str) -> bool:
        """Whether this very text, as `names.bare` gives it, was given out."""
        return bare in self.places


def lab_of(master) -> Lab:
    """What is looked for in a submission of a lab; made once for each master.

    Parameters
    ----------
    master : rgteach.grading.master.Master
    """
    kept = _made.get(id(master))
    if kept is None or kept[0] is not master:
        kept = _made[id(master)] = (master, _made_of(master))
        while len(_made) > 64:
            _made.pop(next(iter(_made)))
    return kept[1]


_made: dict[int, tuple[object, Lab]] = {}


def _made_of(master) -> Lab:
    cells = [cell for notebook in _notebooks(master) for cell in handed.of(None, notebook).every]
    code = [cell for cell in cells if cell.kind == "code" and cell.role in ("code", "starter")]
    texts: dict[str, set[str]] = {}
    for cell in cells:
        texts.setdefault(f"{cell.role} {cell.exercise}", set()).add(bare(cell.source))
    return Lab(
        master.lab,
        master.name,
        master.edition,
        tuple(_asked(key, texts) for key in master.keys if not key.is_open),
        tuple(key.id for key in master.keys if key.is_open),
        tuple(question.id for question in master.questions),
        frozenset(n for cell in code if cell.role == "code" for n in handed.defined(cell.source)),
        frozenset(ast.dump(node) for cell in code for node in _body(cell.source)),
        frozenset(cell.id for cell in cells),
        {name: frozenset(found) for name, found in texts.items()},
        {bare(cell.source): (cell.role, cell.exercise) for cell in cells if cell.source.strip()},
    )


def _notebooks(master) -> list[dict]:
    return [master.released[lang] for lang in LANGUAGES if lang in master.released]


def _body(source: str) -> list[ast.stmt]:
    tree = Code(source).tree
    return tree.body if tree else []


def _asked(key, texts: Mapping[str, set[str]]) -> Asked:
    stubs = handed.stubs(texts.get(f"answer {key.id}", ()))
    return Asked(key.id, key.function, tuple(key.parameters), frozenset(stubs))


def differences(lab: Lab, cells: tuple[Written, ...]) -> int:
    """How many cells say that a notebook comes from another edition of the page.

    A cell that is called after its content and is not among ours, and an answer to an exercise that there is
    not; a text that a student changed is none of these.
    """
    known = {one.id for one in lab.asked} | {*lab.open, *lab.questions}
    strange = [c for c in cells if c.id.startswith(_MACHINE_MADE) and c.id not in lab.ids and c.role in OURS]
    unknown = {c.exercise for c in cells if c.exercise and c.exercise not in known}
    return len(strange) + len(unknown)
