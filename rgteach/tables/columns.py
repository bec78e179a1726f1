"""Columns of a DataFrame: chosen by name, those of numbers kept, the others left out with a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from rgteach.doors import nearest
from rgteach.errors import LearnerError
from rgteach.tables.joining import as_id
from rgteach.tables.sheets import missing_words
from rgteach.wording import say

SHOWN = 6  # names that a sentence holds


@dataclass(frozen=True)
class LeftOut:
    """A column that was not used: "feature" or "gene", its name, the key of the reason and its values."""

    kind: str
    name: str
    reason_key: str
    values: dict = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class Columns(Mapping):
    """Columns of numbers by name: `columns["age"]` is one of them, `array` all, shape (patients, columns)."""

    names: tuple[str, ...]
    array: np.ndarray
    places: dict[str, int] = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "places", {name: at for at, name in enumerate(self.names)})

    def __getitem__(self, name: str) -> np.ndarray:
        return self.array[:, self.places[name]]

    def __iter__(self):
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def pick(self, names: Iterable[str]) -> np.ndarray:
        """Some of the columns as an array; all of them without a copy."""
        names = tuple(names)
        return self.array if names == self.names else self.array[:, [self.places[name] for name in names]]


def choose(frame, wanted: Iterable[str] | str | None, kind: str):
    """The columns of a DataFrame with these names; `*` and `?` stand for letters.  None: all.

    Raises
    ------
    LearnerError
        If a name or a pattern fits no column, or a column is there twice.
    """
    names = [str(name) for name in frame.columns]
    twice = [name for name, n in Counter(names).items() if n > 1]
    if twice:
        table = say_table(kind)
        raise LearnerError("genes-twin-columns", table=table, names=some(twice), n=len(twice))
    frame = frame.set_axis(names, axis=1)
    if wanted is None:
        return frame
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    return frame[list(dict.fromkeys(name for one in wanted for name in _fitting(one, names, kind)))]


def _fitting(wanted: str, names: list[str], kind: str) -> list[str]:
    if wanted in names:
        return [wanted]
    pattern = re.escape(str(wanted)).replace(r"\*", ".*").replace(r"\?", ".")
    found = [name for name in names if re.fullmatch(pattern, name)] if re.search(r"[*?]", str(wanted)) else []
    if not found:
        near = nearest(str(wanted), names) if names else "–"
        table = say_table(kind)
        raise LearnerError("genes-no-column", table=table, name=wanted, nearest=near, n=len(names))
    return found


def say_table(kind: str) -> str:
    """The table that a kind of column stands in, in words."""
    return say(f"genes-table-{kind}s")


# ---------------------------------------------------------------- numbers


def numbers(frame, missing: tuple[str, ...] = ()) -> tuple[Columns, list[LeftOut]]:
    """The columns of numbers, gaps as NaN, and the columns that were left out."""
    kept, columns, left = [], [], []
    words = missing_words(missing)
    for name, plain in plain_columns(frame):
        if plain is None:
            plain = from_text(list(frame[name]), words)
        if plain is None:
            left.append(
                LeftOut("feature", name, "genes-left-text", {"example": _example(frame[name], words)})
            )
            continue
        kept.append(name)
        columns.append(plain)
    return stacked(kept, columns, len(frame), "feature"), left


def plain_columns(frame):
    """(name, float array or None where the column is not of numbers), for every column."""
    kinds = [getattr(dtype, "kind", "O") in "biuf" for dtype in frame.dtypes]
    quick = [at for at, dtype in enumerate(frame.dtypes) if kinds[at] and isinstance(dtype, np.dtype)]
    block = frame.iloc[:, quick].to_numpy(dtype=np.float64)  # at once: a table can have 20,000 genes
    places = dict(zip(quick, range(len(quick)), strict=True))
    for at, name in enumerate(frame.columns):
        if at in places:
            yield name, block[:, places[at]]
        else:
            yield name, frame[name].to_numpy(dtype=np.float64, na_value=np.nan) if kinds[at] else None


def stacked(names: list[str], columns: list[np.ndarray], n: int, kind: str) -> Columns:
    """The columns side by side; an infinite value is refused by the column's name."""
    stack = np.empty((n, len(columns)))
    for at, column in enumerate(columns):
        stack[:, at] = column
    infinite = np.flatnonzero(np.isinf(stack).any(axis=0))
    if len(infinite):
        told = some(names[j] for j in infinite)
        raise LearnerError("genes-infinite", table=say_table(kind), n=len(infinite), names=told)
    return Columns(tuple(names), stack)


def from_text(cells: list, words: frozenset[str]) -> np.ndarray | None:
    """Numbers that are written as text; None if one cell is no number, or looks like a name such as 007."""
    values = np.full(len(cells), np.nan)
    for at, cell in enumerate(cells):
        text = word(cell)
        if text.casefold() in words:
            continue
        if not isinstance(cell, str) or re.match(r"[+-]?0\d", text) or "_" in text:
            if isinstance(cell, (bool, np.bool_, int, float, np.number)):
                values[at] = float(cell)
                continue
            return None
        try:
            values[at] = float(text)
        except ValueError:
            return None
    return values


def _example(cells, words: frozenset[str]) -> str:
    texts = (word(cell) for cell in cells)
    return next((text for text in texts if text.casefold() not in words), "–")[:40]


def word(cell) -> str:
    """A cell as the word a reader sees; nothing for a gap."""
    text = as_id(cell)
    return "" if text is None else text.strip()


def some(names) -> str:
    """The first few names, and how many there are in all."""
    names = list(names)
    return ", ".join(names[:SHOWN]) + (f", … ({len(names)})" if len(names) > SHOWN else "")
