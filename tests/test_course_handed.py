"""What a student wrote is found again, however the cells were copied, split, moved or stripped."""

import json

import pytest

from rgteach.course import handed
from rgteach.course.handed import Unreadable, Written

STUB = 'def spread(values):\n    raise NotImplementedError("write")'
RIGHT = "def spread(values):\n    return max(values) - min(values)"
HALF = "def spread(values):\n    return 0"
STUBS = handed.stubs([STUB])


def cell(source: str, id: str = "x", role: str = "", exercise: str = "") -> Written:
    return Written(id, role, exercise, source)


def mine(source: str, id: str = "new") -> Written:
    return cell(source, id, "answer", "mini-range")


def found(*cells: Written) -> list[str]:
    return [c.source for c in handed.answer(cells, "mini-range", "spread", STUBS)]


FOUND = {
    "by its id": ([cell(RIGHT, "mini-range-answer")], [RIGHT]),
    "by its mark": ([mine(RIGHT)], [RIGHT]),
    "by the name of its function": ([cell("x = 1"), cell(RIGHT)], [RIGHT]),
    "in a lambda": ([cell("spread = lambda v: max(v)")], ["spread = lambda v: max(v)"]),
    "in the copy above a stub that was left": ([mine(RIGHT, "a"), mine(STUB, "b")], [RIGHT]),
    "below a stub that was left": ([cell(STUB, "mini-range-answer"), cell(RIGHT)], [RIGHT]),
    "in two pieces": ([mine("def top(v): return max(v)"), mine(RIGHT)], ["def top(v): return max(v)", RIGHT]),
    "in two tries, in their order": ([mine(HALF), mine(RIGHT)], [HALF, RIGHT]),
    "with a slip that is no Python": ([mine("def spread(values)\n    return 0")],
                                      ["def spread(values)\n    return 0"]),
    "under another name": ([mine("def spreed(v): return 0")], ["def spreed(v): return 0"]),
    "nowhere, when it is unwritten": ([mine(STUB + "\n\n"), mine("  ")], []),
    "nowhere, when it was deleted": ([cell("x = 1")], []),
    "not in the answer of another exercise": ([cell(RIGHT, "o", "answer", "other")], []),
    "not in a check": ([cell(RIGHT, "mini-range-check", "check", "mini-range")], []),
}  # fmt: skip


@pytest.mark.parametrize("where", FOUND)
def test_answer__is_found(where):
    cells, sources = FOUND[where]
    assert found(*cells) == sources


def needed(source: str, *cells: str, known=("np",)) -> list[str]:
    return handed.helpers([cell(c) for c in cells], [source], set(known))


def test_helpers__only_what_an_answer_uses_comes_along_in_its_order():
    cells = (
        "import math\nimport os\nlimit = 3\nprint('loud')",
        "@staticmethod\ndef widest(v):\n    return math.hypot(limit, max(v))\n\nunused = 1 / 0",
    )
    assert needed("def spread(v): return widest(v)", *cells) == [
        "import math",
        "limit = 3",
        "@staticmethod\ndef widest(v):\n    return math.hypot(limit, max(v))",
    ]


def test_helpers__leave_alone_what_is_there_anyway():
    assert (
        needed("def spread(v): return np.max(v) - len(v)", "import numpy as np\ndef len(v): return 0") == []
    )


def test_helpers__cells_that_are_no_python_are_passed_over():
    assert needed("def spread(v): return top(v)", "%timeit top(3)", "def top(v):\n  return v(") == []


def test_letter__the_last_one_that_was_written_counts():
    cells = [
        cell('rg.answer("mini-q1", "a")'),
        cell("rg.answer('mini-q1', ' B ')"),
        cell('rg.answer("mini-q1", "")'),
        cell('rg.answer("mini-q2", "d")'),
    ]
    assert handed.letter(cells, "mini-q1") == " B "
    assert handed.letter(cells, "mini-q3") == ""


BROKEN = {
    "check-no-file": None,
    "check-not-json": '{"cells": [',
    "check-not-notebook": '{"cells": 3, "metadata": {}}',
}


@pytest.mark.parametrize("key", BROKEN)
def test_read__a_file_that_is_no_notebook_is_named(key, tmp_path):
    path = tmp_path / "mine.ipynb"
    if BROKEN[key] is not None:
        path.write_text(BROKEN[key], encoding="utf-8")
    with pytest.raises(Unreadable) as caught:
        handed.read(path)
    assert caught.value.key == key
    assert "mine.ipynb" in str(caught.value)


@pytest.mark.parametrize(
    "content", ["[]", "3", "null", "", "\udcff", '{"cells": [3], "metadata": {}}', "[" * 100_000]
)
def test_read__no_content_breaks_it(content, tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(Unreadable):
        handed.read(path)


def test_read__a_file_cut_off_within_a_letter_says_where(tmp_path):
    path = tmp_path / "mine.ipynb"
    path.write_bytes('{"cells":\n["直方图'.encode()[:-1])
    with pytest.raises(Unreadable) as caught:
        handed.read(path)
    assert (caught.value.values["line"], caught.value.values["column"]) == (2, 9)


def test_read__a_stripped_notebook_tells_by_its_calls(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": "rg.check('glcm-pairs')"},
        {"cell_type": "code", "source": ['rg.check("mini-range")\n', "1"]},
        {"cell_type": "code", "metadata": {}},
    ]
    path = tmp_path / "mine.ipynb"
    path.write_text("\ufeff" + json.dumps({"cells": cells, "metadata": {}}), encoding="utf-8")
    student = handed.read(path)
    assert (student.lab, student.lang, student.names) == ("", "", {"mini-range"})
    assert len(student.cells) == 2
