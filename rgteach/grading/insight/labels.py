"""What labs, exercises, groups and flags are called in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rgteach import wording
from rgteach.course import keys
from rgteach.course.keys import Key
from rgteach.grading.model import Flag, Graded
from rgteach.wording import language, say


def known_keys(root: Path | None = None) -> dict[str, Key]:
    """The public keys of a course, by exercise; of the installed one where no folder is given."""
    if root is None:
        return {key.id: key for key in keys.all_keys()}
    found = {}
    for file in sorted(Path(root).glob("exercises/keys/*.json")):
        found |= {key.id: key for key in keys.read(file.read_text(encoding="utf-8"))}
    return found


class Labels:
    """Names from the public keys; what they do not hold is called by its own id."""

    def __init__(self, known: Mapping[str, Key]):
        self.keys = dict(known)
        self.lang = language()
        self._labs = {key.lab: key.lab_title for key in self.keys.values()}

    def lab(self, lab: str) -> str:
        """`Lab 02 · GLCM: exercises`."""
        title = self._labs.get(lab, {}).get(self.lang, "")
        return say("insight-lab-titled", lab=lab, title=title) if title else say("insight-lab", lab=lab)

    def exercise(self, exercise: str) -> str:
        """The title of an exercise."""
        key = self.keys.get(exercise)
        return key.title.get(self.lang, exercise) if key else exercise

    def published(self, exercise: str) -> list[str]:
        """The solution that was published."""
        key = self.keys.get(exercise)
        return [text for text in key.solution.values() if text] if key else []


def group(name: str) -> str:
    """What a group of cases is called."""
    for key in (f"insight-group-{name}", f"group-{name}"):
        if wording.knows(key):
            return say(key)
    return name


def flag(found: Flag) -> str:
    """The sentence of a flag; an unknown kind is shown as it is."""
    return _told(f"flag-{found.kind}", found.values) or " ".join(
        [found.kind, *(str(value) for value in found.values.values())]
    )


def problem(of: Graded) -> str:
    """Why a file was of no use."""
    return _told(of.problem, of.told) or of.problem or say("insight-empty-file")


def _told(key: str, values: Mapping) -> str:
    """A message, or the first sentence of an error; "" where it is not known or lacks a value."""
    if not wording.knows(key):
        return ""
    try:
        return wording.advise(key, **values).what
    except TypeError:
        pass
    except (KeyError, ValueError, IndexError, AttributeError):
        return ""
    try:
        return say(key, **values)
    except (KeyError, ValueError, IndexError, AttributeError):
        return ""
