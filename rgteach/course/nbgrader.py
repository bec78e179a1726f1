"""What nbgrader wants to know of a cell: its metadata, schema version 3, beside our own.

    statement, think, rubric, question     locked: a changed one is put back
    answer                                 a solution, for which its check is graded
    check                                  graded and locked; it earns the points when it does not raise
    write                                  a solution that a person grades

All other cells are the student's own.  A cell is called there as it is called here.
"""

from __future__ import annotations

import hashlib

SCHEMA = 3
_LOCKED = ("statement", "think", "rubric", "question")
_SOLUTIONS = ("answer", "write")
_GRADED = ("check", "write")


def marked(cell: dict, points: float) -> dict:
    """A cell with nbgrader's block, if its role has one; `points` are those of its exercise.

    The blocks, the checksum and the two locks of Jupyter are those with which nbgrader itself releases a
    notebook, so that ours is as good as one that has been through it.
    """
    role = cell["metadata"]["rgteach"]["role"]
    if role not in (*_LOCKED, *_SOLUTIONS, *_GRADED):
        return cell
    block = {
        "schema_version": SCHEMA,
        "grade_id": cell["id"],
        "cell_type": cell["cell_type"],
        "grade": role in _GRADED,
        "solution": role in _SOLUTIONS,
        "locked": role not in _SOLUTIONS,
        "task": False,
    }
    if role in _GRADED:
        block["points"] = points
    block["checksum"] = _checksum(cell["source"], block)
    locks = {"deletable": False} | ({"editable": False} if block["locked"] else {})
    return cell | {"metadata": cell["metadata"] | {"nbgrader": block} | locks}


def _checksum(source: str, block: dict) -> str:
    """What nbgrader compares a cell with, to see whether it was changed."""
    parts = [source, *(block[name] for name in ("cell_type", "grade", "solution", "locked", "grade_id"))]
    if block["grade"]:
        parts.append(float(block["points"]))
    return hashlib.md5("".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()
