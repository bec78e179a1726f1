"""The public key of a lab: inputs, expected values, the outputs of named mistakes, hints, and perhaps the
solution, what a race runs, and the questions of the self-test (see `questions`).

A key is plain typed JSON (see `encode`): reading one runs no code.  Hidden cases are never in it.  Keys are
looked for in the workspace (`.rgteach/keys/`, where an instructor may put a class's own), then where the
course is installed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rgteach.course import encode, questions
from rgteach.course.places import course_home, state_folder
from rgteach.course.questions import Sealed
from rgteach.course.run import Call, Trouble

FORMAT = 1


@dataclass(frozen=True)
class Case:
    """One input and what the solution makes of it."""

    group: str
    args: tuple
    expected: Call


@dataclass(frozen=True)
class Mistake:
    """A typical mistake: what to say, and what it gives for each case."""

    name: str
    says: dict[str, str]
    outputs: tuple[Call, ...]


@dataclass(frozen=True)
class Key:
    """All that is needed to check one exercise; an open one has no cases."""

    id: str
    lab: str
    points: float
    title: dict[str, str]
    function: str = ""
    parameters: tuple[str, ...] = ()
    rtol: float = 1e-9
    atol: float = 1e-12
    seconds: float = 5
    properties: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    hints: dict[str, list[str]] = field(default_factory=dict)
    solution: dict[str, str] = field(default_factory=dict)
    explain: dict[str, str] = field(default_factory=dict)
    lab_title: dict[str, str] = field(default_factory=dict)
    race: str = ""  # the code of race(), which gives the arguments
    twins: tuple[tuple[str, str], ...] = ()  # (what it uses, its code), only where there is a race

    @property
    def is_open(self) -> bool:
        """Whether a person marks it."""
        return not self.function


def write(lab: str, title: dict[str, str], keys: list[Key], asked: Sequence[Sealed] = ()) -> str:
    """The keys of one lab, and the questions of its self-test, as the text of a file."""
    data = {"format": FORMAT, "lab": lab, "title": title, "exercises": [_to_data(key) for key in keys]}
    if asked:  # an older reader passes over what it does not know, so the format is still the first
        data["questions"] = [questions.to_data(question) for question in asked]
    return _readable(data) + "\n"


def _to_data(key: Key) -> dict:
    data = {"id": key.id, "points": key.points, "title": key.title}
    if not key.is_open:
        data |= {name: getattr(key, name) for name in ("function", "rtol", "atol", "seconds")}
        data |= {name: list(getattr(key, name)) for name in ("parameters", "properties")}
        data["cases"] = [
            {"group": c.group, "args": [encode.encode(a) for a in c.args], "expected": _call(c.expected)}
            for c in key.cases
        ]
        data["mistakes"] = [
            {"name": m.name, "says": m.says, "outputs": [_call(o) for o in m.outputs]} for m in key.mistakes
        ]
    if key.race:
        data["race"] = {"arguments": key.race, "twins": [list(twin) for twin in key.twins]}
    texts = {name: getattr(key, name) for name in ("hints", "solution", "explain")}
    return data | {name: text for name, text in texts.items() if any(text.values())}


def _call(call: Call) -> dict:
    if call.kind == "value":
        return {"value": encode.encode(call.value)}
    if call.kind == "odd":
        return {"odd": list(call.odd)}
    return {"error": call.trouble.type}


def read(text: str) -> list[Key]:
    """The keys that `write` wrote.

    Raises
    ------
    NotPlain, KeyError, TypeError, ValueError
        If the text is damaged.
    """
    data = json.loads(text)
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']}")
    return [_from_data(data["lab"], data["title"], item) for item in data["exercises"]]


def read_questions(text: str) -> list[Sealed]:
    """The questions that `write` wrote."""
    data = json.loads(text)
    return questions.from_data(data["lab"], data.get("questions", []))


def _from_data(lab: str, lab_title: dict, data: dict) -> Key:
    plain = {
        name: data[name]
        for name in (
            "id",
            "points",
            "title",
            "function",
            "rtol",
            "atol",
            "seconds",
            "hints",
            "solution",
            "explain",
        )
        if name in data
    }
    cases = tuple(
        Case(c["group"], tuple(encode.decode(a) for a in c["args"]), _from_call(c["expected"]))
        for c in data.get("cases", ())
    )
    mistakes = tuple(
        Mistake(m["name"], m["says"], tuple(_from_call(o) for o in m["outputs"]))
        for m in data.get("mistakes", ())
    )
    names = {name: tuple(data.get(name, ())) for name in ("parameters", "properties")}
    race = data.get("race", {"arguments": "", "twins": []})
    names |= {"race": race["arguments"], "twins": tuple((of, code) for of, code in race["twins"])}
    return Key(lab=lab, lab_title=lab_title, cases=cases, mistakes=mistakes, **names, **plain)


def _from_call(data: dict) -> Call:
    if "value" in data:
        return Call("value", value=encode.decode(data["value"]))
    if "odd" in data:
        return Call("odd", odd=tuple(data["odd"]))
    return Call("error", trouble=Trouble(data["error"], ""))


def _readable(data: object, indent: str = "") -> str:
    """JSON that a person can read: what fits on a line stands on one."""
    flat = json.dumps(data, ensure_ascii=False)
    if len(flat) + len(indent) <= 100 or not isinstance(data, dict | list) or not data:
        return flat
    inner = indent + " "
    if isinstance(data, list):
        items = [inner + _readable(item, inner) for item in data]
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    items = [f"{inner}{json.dumps(k, ensure_ascii=False)}: {_readable(v, inner)}" for k, v in data.items()]
    return "{\n" + ",\n".join(items) + f"\n{indent}}}"


def find(exercise: str) -> Key | None:
    """The key of an exercise, the workspace's own first."""
    for file in _files():
        for key in _load(file, file.stat().st_mtime_ns)[0]:
            if key.id == exercise:
                return key
    return None


def find_question(name: str) -> Sealed | None:
    """A question of a self-test, the workspace's own first."""
    for file in _files():
        for question in _load(file, file.stat().st_mtime_ns)[1]:
            if question.id == name:
                return question
    return None


def all_keys() -> list[Key]:
    """Every exercise that can be checked here; the workspace's own key of a lab stands for the lab."""
    return [key for found, _ in _by_lab() for key in found]


def all_questions() -> list[Sealed]:
    """Every question that can be answered here, lab by lab."""
    return [question for _, asked in _by_lab() for question in asked]


def _by_lab() -> list[Loaded]:
    by_name: dict[str, Loaded] = {}
    for file in _files():
        by_name.setdefault(file.name, _load(file, file.stat().st_mtime_ns))
    return [by_name[name] for name in sorted(by_name)]


def _files() -> list[Path]:
    folders = [state_folder() / "keys" if state_folder() else None, course_home() / "exercises" / "keys"]
    return [file for folder in folders if folder for file in sorted(folder.glob("*.json"))]


class DamagedKey(ValueError):
    """A key file that cannot be read; its name is the argument."""


Loaded = tuple[list[Key], list[Sealed]]


@cache
def _load(file: Path, changed: int) -> Loaded:
    try:
        text = file.read_text(encoding="utf-8")
        return read(text), read_questions(text)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedKey(file.name) from error
