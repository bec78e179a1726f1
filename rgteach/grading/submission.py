"""From a file that a student handed in to what was written in it.  Nothing runs, and nothing is ever raised.

`problem` of a submission is the name of the error that says why a file is of no use, `submission-…`; a flag
is said by the message `flag-KIND`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from rgteach.course import answer as self_test
from rgteach.course import handed
from rgteach.course.handed import HandedIn
from rgteach.course.opening import MOST_BYTES, Opened, Refused, load
from rgteach.grading import prose
from rgteach.grading.cells import prepared
from rgteach.grading.finding import answer
from rgteach.grading.model import Flag, Submission
from rgteach.grading.released import Lab, differences, lab_of
from rgteach.wording import say

MOST_CELLS = 2000
MOST_CODE = 400_000  # letters in all code cells
_LAB = re.compile(r"(?:^|[^0-9A-Za-z])(\d\d)_[a-z]")


class _NoUse(Exception):
    """Why nothing can be made of a file: the end of a key `submission-…`, and its values."""

    def __init__(self, why: str, **told: object):
        super().__init__(why, told)
        self.why, self.told = why, told


def read(
    path: Path | str,
    masters: Mapping[str, object],
    *,
    student: str | None = None,
    shown: str | None = None,
    lab: str = "",
    most: int = MOST_BYTES,
) -> Submission:
    """What a student wrote, found in a notebook.

    Parameters
    ----------
    path : path
        The file; a link, a pipe or a device is refused.
    masters : mapping of str to Master
        The labs of the course by their number.
    student : str, optional
        Who handed it in; by default the name of the file.
    shown : str, optional
        The path as it is shown; by default as it is.
    lab : str
        The number of the only lab that is wanted; any by default.
    most : int
        The most bytes that are read.

    Returns
    -------
    Submission
        With a `problem` where the file is of no use.
    """
    path = Path(path)
    shown = handed.text(str(path) if shown is None else shown)
    about = {"path": shown, "student": handed.text(path.stem if student is None else student)}
    digest = ""
    try:
        opened = load(path, most)
        digest = opened.digest
        return _read(handed.of(path, opened.data), opened, masters, about, lab)
    except Refused as error:
        why, told, digest = error.why, error.told, digest or error.digest
    except _NoUse as error:
        why, told = error.why, error.told
    except RecursionError:
        why, told = "deep", {}
    except Exception as error:  # something nobody thought of: it costs this file, never the class
        if hasattr(error, "advice"):  # a fault of the course, not of the file
            raise
        why, told = "unexpected", {"kind": type(error).__name__}
    lab = str(told.get("lab", ""))
    return Submission(
        **about, lab=lab, digest=digest, problem=f"submission-{why}", told={"file": shown} | told
    )


def _read(
    notebook: HandedIn, opened: Opened, masters: Mapping[str, object], about: Mapping[str, str], wanted: str
) -> Submission:
    cells = notebook.every
    letters = sum(len(cell.source) for cell in cells if cell.kind == "code")
    if len(cells) > MOST_CELLS or letters > MOST_CODE:
        raise _NoUse("too-much", cells=len(cells), letters=letters)
    lab = _lab(notebook, masters, about["path"], wanted)
    found = prepared(cells)
    texts = {name: prose.written(name, cells, lab) for name in lab.open}
    return Submission(
        **about,
        lab=lab.lab,
        lang=prose.language(notebook.lang, cells),
        digest=opened.digest,
        answers={asked.id: answer(asked, found, lab) for asked in lab.asked},
        letters=_letters(notebook, lab),
        written={name: text for name, (text, _) in texts.items()},
        notes=(
            *_notes(notebook, opened, lab, about["path"]),
            *(flag for _, flags in texts.values() for flag in flags),
        ),
    )


def _letters(notebook: HandedIn, lab: Lab) -> dict[str, str]:
    """Question -> letter; a cell that asks for one may have been turned into text."""
    cells = [c for c in notebook.every if c.kind == "code" or c.role == "choose" or c.id.endswith("-choose")]
    given = handed.letters(cells)
    return {name: self_test.plain(given[name])[:40] for name in lab.questions if name in given}


# ---------------------------------------------------------------- which lab


def _lab(notebook: HandedIn, masters: Mapping[str, object], shown: str, wanted: str) -> Lab:
    """The lab that a notebook belongs to: as it says, or by what is in it, or by its name."""
    number = notebook.lab if notebook.lab in masters else _by_content(notebook, masters, shown)
    known = ", ".join(masters)
    if wanted and number and number != wanted:
        raise _NoUse("other-lab", lab=number, wanted=wanted)
    if not number:
        raise _NoUse("not-ours", known=known)
    lab = lab_of(masters[number])
    if notebook.kind == "lesson":
        raise _NoUse("lesson", lab=number, exercise=f"{lab.name}_exercise.ipynb")
    return lab


def _by_content(notebook: HandedIn, masters: Mapping[str, object], shown: str) -> str:
    """The lab whose exercises, questions and functions a notebook names most of; the path decides a tie."""
    sources = "\n".join(cell.source for cell in notebook.cells)
    defined = set(re.findall(r"\bdef (\w+)", sources))
    ids = {cell.id for cell in notebook.every if cell.id} | {cell.place for cell in notebook.every}
    counts = {}
    for number, master in masters.items():
        lab = lab_of(master)
        names = {*(one.id for one in lab.asked), *lab.open, *lab.questions}
        counts[number] = (
            len(names & notebook.names)
            + len(defined & lab.functions.keys())
            + len(ids & lab.ids)
            + 0.5 * (number in _LAB.findall(shown))
        )
    best = max(counts, key=counts.get, default="")
    return best if counts.get(best, 0) >= 1 else ""


# ---------------------------------------------------------------- what to say of the notebook as a whole


def _notes(notebook: HandedIn, opened: Opened, lab: Lab, shown: str) -> tuple[Flag, ...]:
    cells = notebook.every
    notes = [Flag(kind) for kind, is_so in _kinds(notebook).items() if is_so]
    if opened.encoding != "utf-8":
        notes.append(Flag("encoding", {"encoding": opened.encoding}))
    changed = differences(lab, cells)
    if changed or (notebook.edition and notebook.edition != lab.edition):
        notes.append(Flag("other-edition", {"count": changed}))
    if notebook.format[0] not in (3, 4):
        notes.append(Flag("other-format", {"format": str(notebook.format[0])[:20]}))
    elif notebook.format[0] == 3:
        notes.append(Flag("old-format"))
    other = [number for number in _LAB.findall(shown) if number != lab.lab]
    if other and lab.lab not in _LAB.findall(shown):
        notes.append(Flag("other-lab-in-path", {"path": other[-1], "lab": lab.lab}))
    return tuple(notes)


def _kinds(notebook: HandedIn) -> dict[str, bool]:
    cells = notebook.every
    return {
        "solved-notebook": notebook.kind == "solution" or any(cell.role == "explain" for cell in cells),
        "ids-lost": bool(cells) and not any(cell.id for cell in cells),
        "marks-lost": bool(cells) and not any(cell.role for cell in cells),
        "lab-guessed": not notebook.lab,
    }


def told(flag: Flag, lang: str | None = None) -> str:
    """What a flag says, in a language."""
    return say(f"flag-{flag.kind}", lang, **flag.values)
