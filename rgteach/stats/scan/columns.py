"""What the scan asks of its columns: which can be tested, by which test, and why the others cannot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rgteach.doors import matrix
from rgteach.errors import LearnerError
from rgteach.stats.scan.result import Excluded

MOST_LEVELS = 10  # whole numbers of an ordinal gene; more of them are called continuous
FEWEST = 4  # patients of a rank correlation
TESTS = {"binary": "wilcoxon", "ordinal": "spearman", "continuous": "spearman", "groups": "kruskal"}


@dataclass(frozen=True, eq=False)
class Columns:
    """One table after its useless columns were taken out.

    Attributes
    ----------
    values : (n, k) float64
        NaN where missing.  A binary gene is 1.0 for carriers and 0.0 for the others.
    names, kinds : tuple of str
        `kinds` is empty for features.
    excluded : list of Excluded
    """

    values: np.ndarray
    names: tuple[str, ...]
    excluded: list[Excluded]
    kinds: tuple[str, ...] = ()

    @cached_property
    def tests(self) -> tuple[str, ...]:
        """The test of each gene."""
        return tuple(TESTS[kind] for kind in self.kinds)

    @cached_property
    def group_sizes(self) -> np.ndarray:
        """(k, 2) int64: patients with a value, and carriers among them (-1 where nobody is a carrier)."""
        n = np.count_nonzero(~np.isnan(self.values), axis=0)
        carriers = np.count_nonzero(self.values == 1, axis=0)
        return np.column_stack((n, np.where(np.array(self.kinds) == "binary", carriers, -1))).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Extent:
    """For each column of a table (n, k): how many values are known, the smallest and the largest."""

    values: np.ndarray
    n: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> Extent:
        """Look at a table once."""
        if not len(values):
            nothing = np.zeros(values.shape[1])
            return cls(values, nothing.astype(int), nothing, nothing)
        low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
        return cls(values, len(values) - np.count_nonzero(np.isnan(values), axis=0), low, high)

    @cached_property
    def varies(self) -> np.ndarray:
        """Whether two known values differ."""
        return (self.n > 0) & (self.low < self.high)

    @cached_property
    def n_high(self) -> np.ndarray:
        """How many values are the largest one."""
        return np.count_nonzero(self.values == self.high, axis=0)

    @cached_property
    def two(self) -> np.ndarray:
        """Whether every known value is one of two."""
        return self.varies & (np.count_nonzero(self.values == self.low, axis=0) + self.n_high == self.n)


def read(values: object, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """A table of numbers with gaps, and the names of its columns, no name twice.

    Columns without names are called after their table: feature0, feature1, … and gene0, gene1, …
    """
    array, names = matrix(values, name, gaps=True, stem=name[:-1])
    if len(set(names)) < len(names):
        often, n_alike = Counter(names).most_common(1)[0]
        raise LearnerError("genescan-same-name", table=name, name=often, n=n_alike)
    return array, names


def useful_features(values: np.ndarray, names: tuple[str, ...], min_group: int) -> Columns:
    """Features that vary and are known in enough patients to form two groups."""
    extent = Extent.of(values)
    excluded = []
    for k in np.flatnonzero(~extent.varies | (extent.n < 2 * min_group)):
        excluded.append(_why_not(extent, k, "feature", names[k], 2 * min_group))
    return _kept(values, names, excluded, ())


def useful_genes(values: np.ndarray, names: tuple[str, ...], kind: str, min_group: int) -> Columns:
    """Genes that vary and have enough patients in each group, with the kind of each."""
    extent = Extent.of(values)
    kinds = np.where(extent.two & (kind in ("auto", "binary")), "binary", kind).astype("U10")
    for k in np.flatnonzero(extent.varies & ~((kinds == "binary") & extent.two)):
        kinds[k] = _kind(values[~np.isnan(values[:, k]), k], names[k], kind)
    binary = kinds == "binary"
    least = np.where(binary, 2 * min_group, max(2 * min_group, FEWEST))
    small = binary & (np.minimum(extent.n_high, extent.n - extent.n_high) < min_group)
    wrong = ~extent.varies | (extent.n < least) | small
    excluded = [_why_not(extent, k, "gene", names[k], least[k], min_group) for k in np.flatnonzero(wrong)]
    for k in np.flatnonzero(binary & ~wrong & ((extent.low != 0) | (extent.high != 1))):
        known = ~np.isnan(values[:, k])  # the larger of the two values is the carrier's
        values[known, k] = values[known, k] == extent.high[k]
    return _kept(values, names, excluded, tuple(kinds[~wrong].tolist()))


def _kind(known: np.ndarray, name: str, kind: str) -> str:
    """What the values of one gene are; decided by nothing else, unless it was said."""
    n_values = len(np.unique(known))
    if kind == "binary":
        raise LearnerError("genescan-not-binary", name=name, n=n_values)
    if kind == "groups" and n_values > MOST_LEVELS:
        raise LearnerError("genescan-many-groups", name=name, n=n_values, most=MOST_LEVELS)
    if kind != "auto":
        return kind
    return "ordinal" if n_values <= MOST_LEVELS and np.all(known == np.floor(known)) else "continuous"


def _why_not(extent: Extent, k: int, kind: str, name: str, least: int, min_group: int = 0) -> Excluded:
    """The reason why a column cannot be tested."""
    n, n_high, high = int(extent.n[k]), int(extent.n_high[k]), float(extent.high[k])
    if n == 0:
        return Excluded(kind, name, "genescan-out-missing")
    if extent.low[k] == high:
        if kind == "gene" and high in (0.0, 1.0):
            return Excluded(kind, name, "genescan-out-everybody" if high else "genescan-out-nobody", {"n": n})
        return Excluded(kind, name, "genescan-out-constant", {"n": n, "value": f"{high:g}"})
    if n < least:
        return Excluded(kind, name, "genescan-out-few-values", {"n": n, "least": least})
    values = {"carriers": n_high, "others": n - n_high, "least": min_group}
    return Excluded(kind, name, "genescan-out-small-group", values)


def _kept(values: np.ndarray, names: tuple[str, ...], excluded: list[Excluded], kinds) -> Columns:
    if not excluded:
        return Columns(values, names, excluded, kinds)
    out = {one.name for one in excluded}
    kept = [k for k, name in enumerate(names) if name not in out]
    return Columns(np.ascontiguousarray(values[:, kept]), tuple(names[k] for k in kept), excluded, kinds)
