"""Two tables about the same patients, joined on the patient's id: who is in both, who is not, and why."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from rgteach import views
from rgteach.doors import nearest
from rgteach.errors import LearnerError
from rgteach.wording import say

SHOWN = 5  # ids that a sentence names


@dataclass(frozen=True, repr=False)
class Join:
    """How two tables met.

    Attributes
    ----------
    by : str
        The id's column, or "" where the rows were taken in their order or by the index.
    ids : tuple of str
        The patients in both tables, in the order of the features.
    n_features, n_genes : int
        Rows of either table.
    only_features, only_genes : tuple of str
        Patients that the other table does not have.
    no_id_features, no_id_genes : int
        Rows without an id.
    alike : tuple of (str, str)
        Ids that differ only by spaces, capitals, signs or zeros in front: perhaps one patient, not joined.
    """

    by: str
    ids: tuple[str, ...]
    n_features: int
    n_genes: int
    only_features: tuple[str, ...] = ()
    only_genes: tuple[str, ...] = ()
    no_id_features: int = 0
    no_id_genes: int = 0
    alike: tuple[tuple[str, str], ...] = ()

    @property
    def n_joined(self) -> int:
        """How many patients are in both tables."""
        return len(self.ids)

    def facts(self) -> dict[str, str]:
        """What happened, by name, in the language in force."""
        facts = {
            "join-features": str(self.n_features),
            "join-genes": str(self.n_genes),
            "join-both": str(self.n_joined),
            "join-only-features": _counted(self.only_features),
            "join-only-genes": _counted(self.only_genes),
            "join-without-id": self.no_id_features + self.no_id_genes,
            "join-alike": _counted(tuple(" / ".join(pair) for pair in self.alike)),
        }
        return {say(key): str(fact) for key, fact in facts.items() if fact not in ("0", 0)}

    def __repr__(self) -> str:
        return views.text_card(say("join-title"), self.facts())

    def _repr_html_(self) -> str:
        return views.card(say("join-title"), self.facts())


def join(features, genes, id=None):
    """Rows of the patients that two DataFrames share.

    Parameters
    ----------
    features, genes : DataFrame
    id : str or (str, str), optional
        Column with the patient's id, or its names in the two tables.  Without it the index is the id; two
        tables without an index of their own (0, 1, 2, …) must be of the same length and are taken row by row.

    Returns
    -------
    features, genes : DataFrame
        The rows of the joined patients, in the same order, without the id.
    joined : Join

    Raises
    ------
    LearnerError
        If a column is missing, an id is there twice, or no patient is in both tables.
    """
    if id is None and _is_counted(features) and _is_counted(genes):
        return _by_row(features, genes)
    first, second = (id, id) if id is None or isinstance(id, str) else id
    ids_f, features = _ids(features, first, "features")
    ids_g, genes = _ids(genes, second, "genes")
    places = {key: at for at, key in enumerate(ids_g) if key is not None}
    pairs = [(at, places[key]) for at, key in enumerate(ids_f) if key in places]
    only_f = tuple(key for key in ids_f if key is not None and key not in places)
    known = set(ids_f)
    only_g = tuple(key for key in ids_g if key is not None and key not in known)
    alike = _alike(only_f, only_g)
    if not pairs:
        _nobody(only_f, only_g, alike, first or "index")
    at_f, at_g = (np.array(side) for side in zip(*pairs, strict=True))
    lost = ids_f.count(None), ids_g.count(None)
    shared = tuple(ids_f[at] for at in at_f)
    told = Join(first or "", shared, len(ids_f), len(ids_g), only_f, only_g, *lost, alike)
    return features.iloc[at_f], genes.iloc[at_g], told


def _by_row(features, genes):
    if len(features) != len(genes):
        raise LearnerError("join-no-id", n_features=len(features), n_genes=len(genes))
    ids = tuple(str(at + 1) for at in range(len(features)))
    return features, genes, Join("", ids, len(ids), len(ids))


def _is_counted(frame) -> bool:
    """Whether the index is only the row's number."""
    return type(frame.index).__name__ == "RangeIndex" and frame.index.name is None


def _ids(frame, name: str | None, table: str) -> tuple[list[str | None], object]:
    """The ids as text, None where there is none, and the table without their column."""
    if name is None:
        cells, rest = list(frame.index), frame
    elif name in frame.columns:
        cells, rest = list(frame[name]), frame.drop(columns=[name])
    elif name == frame.index.name:
        cells, rest = list(frame.index), frame
    else:
        raise _no_column(frame, name, table)
    ids = [as_id(cell) for cell in cells]
    twice = [key for key, n in Counter(ids).items() if n > 1 and key is not None]
    if twice:
        raise LearnerError("join-twins", table=say(f"genes-table-{table}"), n=len(twice), ids=_some(twice))
    return ids, rest


def _no_column(frame, name: str, table: str) -> LearnerError:
    names = [str(column) for column in frame.columns]
    near = nearest(str(name), names) if names else "–"
    told = say(f"genes-table-{table}")
    return LearnerError("join-no-column", table=told, name=name, nearest=near, first=_some(names))


def as_id(cell) -> str | None:
    """An id as text: 7 and 7.0 are "7", "007" stays "007", nothing is None."""
    cell = cell.item() if hasattr(cell, "item") else cell
    if cell is None or type(cell).__name__ in ("NAType", "NaTType") or cell != cell:
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell) or None


def _alike(only_f: tuple[str, ...], only_g: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of ids, one of each table, that look like the same patient."""
    plain = {_plain(key): key for key in only_g}
    return tuple((key, plain[_plain(key)]) for key in only_f if _plain(key) in plain)


def _plain(key: str) -> str:
    """An id without spaces, signs, capitals, leading zeros and a trailing .0."""
    key = re.sub(r"\.0+$", "", key.strip()).casefold()
    return re.sub(r"[\W_]+", "", re.sub(r"(?<!\d)0+(?=\d)", "", key))


def _nobody(only_f, only_g, alike, by: str) -> None:
    """Say that no patient is in both tables, and what the ids look like."""
    if alike:
        first, second = alike[0]
        raise LearnerError("join-alike-only", first=repr(first), second=repr(second), n=len(alike), by=by)
    raise LearnerError("join-nobody", by=by, features=_quoted(only_f), genes=_quoted(only_g))


def _quoted(ids) -> str:
    return _some([repr(key) for key in ids]) or "–"


def _some(names) -> str:
    names = list(names)
    return ", ".join(names[:SHOWN]) + (f", … ({len(names)})" if len(names) > SHOWN else "")


def _counted(names: tuple[str, ...]) -> str:
    return f"{len(names)}: {_some(names)}" if names else "0"
