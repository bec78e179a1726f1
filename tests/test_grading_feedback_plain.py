"""A glance lets no notebook pass that nbformat's schema would not, and the course's own need no more."""

import copy
import json
import random
from pathlib import Path

import pytest

from rgteach.grading.feedback.notebook import _ids_are_fine, _validator
from rgteach.grading.feedback.plain import is_plain

ROOT = Path(__file__).resolve().parents[1]
SHEETS = [f"solutions/{lang}/{lab}.ipynb" for lang in ("en", "zh") for lab in ("02_glcm", "05_logistic")]
JUNK = (None, True, -1, 1.5, "", "x", "a,b", [], ["x"], ["x", "x"], [1], {}, {"a": 1}, {"text/plain": 3})
NAMES = ("id", "tags", "name", "outputs", "attachments", "execution_count", "jupyter", "metadata", "source")
OUTPUTS = (
    {"output_type": "stream", "name": "stdout", "text": ["a\n"]},
    {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["a"]},
    {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "a", "image/png": ["a"]}},
    {"output_type": "execute_result", "metadata": {}, "data": {"a": ""}, "execution_count": 3},
    {"output_type": "display_data", "metadata": {}, "data": {"application/json": 3}},
    {"output_type": "update_display_data", "metadata": {}, "data": {}},
)


def passes_schema(notebook: dict) -> bool:
    try:
        _validator(5)(notebook)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return True


def read(sheet: str) -> dict:
    return json.loads((ROOT / sheet).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def small():
    """A few cells, and one with every kind of output."""
    notebook = read(SHEETS[0])
    notebook["cells"] = notebook["cells"][:4]
    code = {"id": "a", "cell_type": "code", "metadata": {"tags": ["x"]}, "source": [], "execution_count": 1}
    notebook["cells"].append(code | {"outputs": list(OUTPUTS[:4])})
    assert is_plain(notebook)
    return notebook


def places(value: object) -> list:
    """All parts of a notebook that hold others."""
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [value, *(found for one in inside for found in places(one))] if inside else []


@pytest.mark.parametrize("sheet", SHEETS)
def test_is_plain__knows_the_notebooks_of_the_course(sheet):
    assert is_plain(read(sheet))


def test_is_plain__lets_nothing_pass_that_the_schema_refuses(small):
    rng, passed = random.Random(0), 0
    for _ in range(1500):
        notebook = copy.deepcopy(small)
        damaged(rng.choice(places(notebook)), rng)
        if is_plain(notebook) and _ids_are_fine(notebook["cells"]):  # the other half of the glance
            passed += 1
            assert passes_schema(notebook)
    assert 10 < passed < 1400


def damaged(place, rng: random.Random) -> None:
    """One part put in, taken away, or made something else."""
    junk = copy.deepcopy(rng.choice((*JUNK, *OUTPUTS)))
    if isinstance(place, list):
        place[rng.randrange(len(place))] = junk
    elif rng.random() < 0.3:
        place.pop(rng.choice(list(place)))
    else:
        place[rng.choice((*place, *NAMES))] = junk


@pytest.mark.parametrize("given", [None, [], {}, {"cells": []}, "x", {"nbformat": 4, "cells": {}}])
def test_is_plain__refuses_what_is_no_notebook(given):
    assert not is_plain(given)


@pytest.mark.parametrize("minor", [4, 6, True, 5.0])
def test_is_plain__leaves_other_versions_to_their_schema(small, minor):
    assert not is_plain({**small, "nbformat_minor": minor})
