"""The rows that a proportional-odds model is fitted to, and how ordered categories are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rgteach.doors import column, nearest
from rgteach.errors import LearnerError


class Rows(NamedTuple):
    """Patients of weight above 0, columns as given and with mean 0 and sd 1, categories 0, 1, …"""

    X: np.ndarray
    unit: np.ndarray
    mean: np.ndarray
    size: np.ndarray
    codes: np.ndarray
    weights: np.ndarray
    names: tuple[str, ...]
    labels: tuple[str, ...]


def outcome(y: object, levels: Sequence | None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Categories as 0, 1, … from lowest to highest, and their labels."""
    kind = getattr(y, "cat", y)  # of a pandas Series of categories, or such categories themselves
    if levels is None and getattr(kind, "ordered", False):
        return _known(np.asarray(kind.codes), tuple(map(str, kind.categories)))
    if levels is not None:
        return _by_levels(y, levels)
    cells = np.asarray(y, dtype=object).ravel()
    if any(isinstance(cell, str) for cell in cells):
        found = sorted({cell for cell in cells if isinstance(cell, str)})
        raise LearnerError("ordinal-text", found=", ".join(found[:8]), example=found[:3])
    values, codes = np.unique(column(y, "y"), return_inverse=True)
    return codes.ravel(), tuple(f"{value:g}" for value in values)


def _by_levels(y: object, levels: Sequence) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes by the place of each value in a list that the learner gives."""
    known = [_label(value) for value in levels]
    if len(set(known)) < len(known):
        raise LearnerError("ordinal-levels-twice", levels=", ".join(known))
    cells = [None if _is_missing(cell) else _label(cell) for cell in np.asarray(y, dtype=object).ravel()]
    unknown = next((cell for cell in cells if cell is not None and cell not in known), None)
    if unknown is not None:
        told = {"given": unknown, "nearest": nearest(unknown, known), "known": ", ".join(known)}
        raise LearnerError("ordinal-unknown-level", **told)
    return _known(np.array([-1 if cell is None else known.index(cell) for cell in cells], int), tuple(known))


def _known(codes: np.ndarray, labels: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    n = int((codes < 0).sum())
    if n:
        raise LearnerError("has-gaps", name="y", n=n, rows=n, total=len(codes))
    return codes.astype(np.int64), labels


def _label(value: object) -> str:
    """2 and 2.0 are the same category."""
    return f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value)


def _is_missing(cell: object) -> bool:
    return cell is None or type(cell).__name__ in ("NAType", "NaTType") or bool(cell != cell)
