"""Compare built files: what counts as a difference, and what is only another machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from rgteach.course import keys as public_keys
from rgteach.course.judge import same
from rgteach.wording import say

RTOL = 1e-7  # of expected values in a key, computed on another machine
_NUMERAL = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def text(data: dict) -> str:
    """A notebook as the text of its file, the same each time."""
    import nbformat

    return nbformat.writes(nbformat.from_dict(data), version=nbformat.NO_CONVERT) + "\n"


def read(text: str) -> dict:
    """The data of a notebook's file."""
    import nbformat

    return json.loads(json.dumps(nbformat.reads(text, as_version=4)))


def was_run(notebook: dict) -> bool:
    """Whether a notebook carries the outputs of a run."""
    return any(cell.get("execution_count") for cell in notebook["cells"])


def numbers(notebook: dict | None) -> dict[str, str]:
    """The numbers that a built notebook quotes, by their expressions."""
    return notebook["metadata"].get("rgteach", {}).get("numbers", {}) if notebook else {}


def _code(notebook: dict) -> list[tuple]:
    return [
        (cell["id"], cell["source"], cell["metadata"].get("tags"))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def same_code(a: dict, b: dict) -> bool:
    """Whether two notebooks run the same cells in the same order."""
    return _code(a) == _code(b)


def with_outputs_of(new: dict, old: dict | None) -> dict:
    """The new notebook with the old one's outputs, if it runs the same code, else with none."""
    if old is None or not same_code(new, old):
        return new
    outputs = {
        cell["id"]: {name: cell[name] for name in ("outputs", "execution_count")}
        for cell in old["cells"]
        if cell["cell_type"] == "code"
    }
    return new | {"cells": [cell | outputs.get(cell["id"], {}) for cell in new["cells"]]}


def with_old_races(new: dict, old: dict | None) -> dict:
    """The new notebook, where races that came out the same keep the times of the old one.

    Times differ from run to run, and a build that changes nothing should write nothing.
    """
    before = {cell["id"]: cell for cell in old["cells"]} if old else {}

    def kept(cell: dict) -> dict:
        other = before.get(cell["id"])
        if cell["metadata"]["rgteach"]["role"] != "race" or not other or cell["source"] != other["source"]:
            return cell
        same = _timeless(cell["outputs"]) == _timeless(other["outputs"])
        return cell | {"outputs": other["outputs"]} if same else cell

    return new | {"cells": [kept(cell) for cell in new["cells"]]}


def _timeless(outputs: list[dict]) -> list[str]:
    """What a race shows without its table."""
    pages = [output.get("data", {}).get("text/html", "") for output in outputs]
    return [re.sub(r"<tbody>.*</tbody>", "", "".join(page), flags=re.DOTALL) for page in pages]


def same_numbers(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether quoted numbers agree up to one unit of the last digit that is shown."""
    return set(new) <= set(old) and all(_close(old[name], new[name]) for name in new)


def _close(a: str, b: str) -> bool:
    numbers_a, numbers_b = _NUMERAL.findall(a), _NUMERAL.findall(b)
    if _NUMERAL.split(a) != _NUMERAL.split(b):
        return False
    return all(
        x == y or ("." in x and abs(float(x) - float(y)) <= 1.01 * _last_digit(x))
        for x, y in zip(numbers_a, numbers_b, strict=True)
    )


def _last_digit(numeral: str) -> float:
    mantissa, _, exponent = numeral.lower().partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def notebooks(old: dict | None, new: dict) -> Iterator[str]:
    """Each difference between a built notebook and a new one, outputs aside."""
    if old is None:
        yield say("differ-missing")
        return
    if old["metadata"] != new["metadata"]:
        yield say("differ-metadata")
    before = {cell["id"]: cell for cell in old["cells"]}
    after = {cell["id"]: cell for cell in new["cells"]}
    for name in [*after, *(n for n in before if n not in after)]:
        if name not in before:
            yield say("differ-cell-missing", cell=name)
        elif name not in after:
            yield say("differ-cell-extra", cell=name)
        elif before[name]["source"] != after[name]["source"]:
            yield say("differ-cell-source", cell=name)
        elif before[name]["metadata"] != after[name]["metadata"]:
            yield say("differ-cell-metadata", cell=name)
    if set(before) == set(after) and list(before) != list(after):
        yield say("differ-order")


def keys(old: str | None, new: str) -> Iterator[str]:
    """Each exercise whose public key differs, numbers within RTOL."""
    if old is None:
        yield say("differ-missing")
        return
    try:
        before = {key.id: key for key in public_keys.read(old)}
        asked = {question.id: question for question in public_keys.read_questions(old)}
    except (KeyError, TypeError, ValueError) as error:
        yield say("differ-damaged", reason=str(error))
        return
    after = {key.id: key for key in public_keys.read(new)}
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            yield say("differ-exercise", exercise=name)
        elif not _same_key(before[name], after[name]):
            yield say("differ-key", exercise=name)
    asks = {question.id: question for question in public_keys.read_questions(new)}
    for name in sorted(asked.keys() | asks.keys()):
        if name not in asked or name not in asks:
            yield say("differ-exercise", exercise=name)
        elif asked[name] != asks[name]:
            yield say("differ-key", exercise=name)
    if (list(before) != list(after) and set(before) == set(after)) or (
        list(asked) != list(asks) and set(asked) == set(asks)
    ):
        yield say("differ-order")


def _same_key(a: public_keys.Key, b: public_keys.Key) -> bool:
    from dataclasses import replace

    bare = {"cases": (), "mistakes": (), "hints": {}, "explain": {}}
    if replace(a, **bare) != replace(b, **bare) or len(a.cases) != len(b.cases):
        return False
    if not all(_close(x, y) for x, y in zip_longest(_texts(a), _texts(b), fillvalue="")):
        return False
    loose = replace(a, rtol=max(a.rtol, RTOL), atol=max(a.atol, 1e-10))
    same_cases = all(
        x.group == y.group and _same_args(x.args, y.args) and same(x.expected, y.expected, loose)
        for x, y in zip(a.cases, b.cases, strict=True)
    )
    told = [[(m.name, m.says) for m in key.mistakes] for key in (a, b)]
    return (
        same_cases
        and told[0] == told[1]
        and all(
            same(x, y, loose)
            for m, n in zip(a.mistakes, b.mistakes, strict=True)
            for x, y in zip(m.outputs, n.outputs, strict=True)
        )
    )


def _texts(key: public_keys.Key) -> Iterator[str]:
    """What is told by a key, with the numbers that it quotes."""
    for lang in sorted(key.hints.keys() | key.explain.keys()):
        yield from (lang, *key.hints.get(lang, ()), key.explain.get(lang, ""))


def _same_args(a: tuple, b: tuple) -> bool:
    from rgteach.course.compare import alike

    return alike(a, b, RTOL, 1e-10)
