"""The scan cut into parts in which every pair has the same patients, and what is multiplied in each part.

Missing values are left out pair by pair, and the patients who remain are ranked anew.  Columns that miss the
same patients stay together: their pairs are one matrix product.  Where most columns have gaps of their own,
the pairs are ranked one by one instead (`scan_scattered`); the numbers are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rgteach.core.order import sorted_keys, sorted_levels
from rgteach.core.scan import centred_ranks
from rgteach.stats.scan.columns import FEWEST

# What things take, in pairs that are ranked one by one: to rank a column, and to set up a product.
COLUMN_COST, PART_COST = 4, 200
RANKED_AT_ONCE = 64
LARGEST_SINGLE = 2**24  # float32 holds every whole number up to here
MOST_ADDED = 8192  # patients up to which a sum of four centred ranks has room in 16 bits


@dataclass(frozen=True, eq=False)
class Part:
    """Pairs with the same patients and the same test.

    Attributes
    ----------
    test : str
    features, genes : (f,), (g,) int64
        Places in the tables of the scan.
    n : int
        Patients.
    left, right : (n, f), (g·k, n)
        Centred doubled midranks of the features; carriers, or centred doubled midranks, of the genes.  A gene
        of k groups has k rows, one for each.  Float32 where all sums are whole numbers up to 2^24.  Where
        ranks of carriers are added up instead of multiplied, `right` is bool and `left` int16, with a last
        row of zeros.
    spread : (f,) float64
        Sum of squares of each column of `left`.
    gene_spread : (g,) float64
        wilcoxon: carriers times other patients; spearman: sum of squares of the column; kruskal: 1.
    sizes : (g, k) float64
        Patients of each group, for kruskal.
    """

    test: str
    features: np.ndarray
    genes: np.ndarray
    n: int
    left: np.ndarray
    right: np.ndarray
    spread: np.ndarray
    gene_spread: np.ndarray
    sizes: np.ndarray | None = None

    @cached_property
    def scale(self) -> np.ndarray:
        """What a feature's sums are multiplied with: sqrt(n (n - 1) / spread), or 1 / sqrt(spread)."""
        if self.test == "wilcoxon":
            return np.sqrt(self.n * (self.n - 1) / self.spread)
        return 1 / np.sqrt(self.spread) if self.test == "spearman" else np.ones(len(self.spread))

    @cached_property
    def gene_scale(self) -> np.ndarray:
        """What a gene's sums are multiplied with."""
        return 1 / np.sqrt(self.gene_spread)

    @property
    def n_pairs(self) -> int:
        """Pairs of this part."""
        return len(self.features) * len(self.genes)

    def dealt(self, order: np.ndarray) -> Part:
        """The same part with the patients of the features in another order."""
        rows = np.arange(len(self.left))
        rows[: len(order)] = order  # a row of zeros after them stays where it is
        return replace(self, left=self.left[rows])


@dataclass(frozen=True, eq=False)
class Plan:
    """Which columns miss which patients.

    Attributes
    ----------
    features, genes : (n, f), (n, g) float64 with NaN
    tests : (g,) of str
    min_group : int
    feature_groups, gene_groups : list of (rows, places)
        Patients that are known, and the columns for which it is these.
    scattered : bool
        Whether pairs with gaps are ranked one by one.
    """

    features: np.ndarray
    genes: np.ndarray
    tests: np.ndarray
    min_group: int
    feature_groups: list[tuple[np.ndarray, np.ndarray]]
    gene_groups: list[tuple[np.ndarray, np.ndarray]]
    scattered: bool

    @property
    def has_gaps(self) -> bool:
        """Whether any value is missing."""
        return any(len(rows) < len(self.features) for rows, _ in self.feature_groups + self.gene_groups)

    def dealt(self, order: np.ndarray) -> Plan:
        """The same scan after the rows of the features, gaps and all, went to other patients."""
        return make_plan(self.features[order], self.genes, self.tests, self.min_group)

    def parts(self) -> Iterator[Part]:
        """All parts in which at least one pair can be tested."""
        n = len(self.features)
        for gene_rows, genes in self.gene_groups:
            for feature_rows, features in self.feature_groups:
                rows = np.intersect1d(gene_rows, feature_rows, assume_unique=True)
                if not self.scattered or len(rows) == n:
                    yield from self._parts_of(rows, features, genes)
                elif "kruskal" in self.tests:  # which is never ranked one by one
                    yield from self._parts_of(rows, features, genes[self.tests[genes] == "kruskal"])

    def _parts_of(self, rows: np.ndarray, features: np.ndarray, genes: np.ndarray) -> Iterator[Part]:
        if len(rows) < max(2 * self.min_group, 2):
            return
        centred, spread = ranked(chosen_cells(self.features, rows, features))
        varies = spread > 0
        if not varies.any():
            return
        if not varies.all():
            centred, spread, features = centred[:, varies], spread[varies], features[varies]
        for test in dict.fromkeys(self.tests[genes]):
            chosen = genes[self.tests[genes] == test]
            for right in _columns(test, chosen_cells(self.genes, rows, chosen), self.min_group):
                left = _left_of(right.values, centred)
                yield Part(
                    test, features, chosen[right.places], len(rows),
                    left, right.values, spread, right.spread, right.sizes,
                )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Right:
    """The right factor of a product: which of the genes given are in it, and what `Part` says of them."""

    places: np.ndarray
    values: np.ndarray
    spread: np.ndarray
    sizes: np.ndarray | None = None


def make_plan(features: np.ndarray, genes: np.ndarray, tests, min_group: int) -> Plan:
    """Sort the columns by the patients they miss."""
    feature_groups, gene_groups = same_gaps(features), same_gaps(genes)
    scattered = one_by_one(features, genes, len(feature_groups), len(gene_groups))
    return Plan(features, genes, np.asarray(tests), min_group, feature_groups, gene_groups, scattered)


def one_by_one(features: np.ndarray, genes: np.ndarray, n_groups: int, n_gene_groups: int) -> bool:
    """Whether to rank every pair with gaps by itself is quicker than all columns for each kind of gaps."""
    (n_features, complete), (n_genes, complete_genes) = (
        (table.shape[1], np.count_nonzero(~np.isnan(table).any(axis=0))) for table in (features, genes)
    )
    n_pairs = n_features * n_genes - complete * complete_genes
    by_gaps = COLUMN_COST * (n_features * n_gene_groups + n_genes * n_groups)
    return bool(0 < n_pairs < by_gaps + PART_COST * n_groups * n_gene_groups)


def same_gaps(values: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Groups of columns (n, k) with a value of the same patients: the patients, and the columns."""
    missing = np.isnan(values)
    with_gaps = np.flatnonzero(missing.any(axis=0))
    groups: dict[bytes, list[int]] = {}
    for k in with_gaps:
        groups.setdefault(np.packbits(missing[:, k]).tobytes(), []).append(k)
    complete = np.setdiff1d(np.arange(values.shape[1]), with_gaps, assume_unique=True)
    found = [(np.arange(len(values)), complete)] if len(complete) else []
    return found + [(np.flatnonzero(~missing[:, k[0]]), np.array(k)) for k in groups.values()]


def chosen_cells(table: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Some rows and columns of a table, both ascending; the table itself if that is all of it."""
    return table if table.shape == (len(rows), len(columns)) else table[np.ix_(rows, columns)]


def ranked(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centred doubled midranks (n, k) of the columns (n, k) of a table without gaps; their sums of squares.

    A few columns at a time, which stay in the processor's cache between sorting and ranking.
    """
    n, k = table.shape
    centred, spread = np.empty((n, k), np.int32), np.empty(k)
    for first in range(0, k, RANKED_AT_ONCE):
        some = slice(first, first + RANKED_AT_ONCE)
        columns = np.ascontiguousarray(table[:, some].T)
        ranks, squares = np.empty(columns.shape, np.int32), spread[some]
        centred_ranks(*sorted_keys(columns), ranks, squares)
        again = np.flatnonzero(squares < (n**3 - n) // 3)  # with neighbours whose keys do not tell them apart
        if len(again):
            ranks_again, squares_again = ranks[again], squares[again]
            centred_ranks(*sorted_levels(columns[again]), ranks_again, squares_again)
            ranks[again], squares[again] = ranks_again, squares_again
        centred[:, some] = ranks.T
    return centred, spread


def _left_of(right: np.ndarray, centred: np.ndarray) -> np.ndarray:
    """The ranks of the features in the type in which they meet this right factor; see `Part`."""
    if right.dtype != bool:
        return centred.astype(right.dtype)
    left = np.zeros((len(centred) + 1, centred.shape[1]), np.int16)
    left[:-1] = centred
    return left


def _columns(test: str, genes: np.ndarray, min_group: int) -> Iterator[Right]:
    """The right factors for genes without gaps (n, g); genes that cannot be tested here are left out."""
    n = len(genes)
    if test == "wilcoxon":
        carriers = genes.sum(axis=0)
        places = np.flatnonzero(np.minimum(carriers, n - carriers) >= max(min_group, 1))
        if len(places):
            chosen = genes if len(places) == genes.shape[1] else genes[:, places]
            values = np.ascontiguousarray(chosen.T, dtype=bool if n <= MOST_ADDED else float)
            yield Right(places, values, (carriers * (n - carriers))[places])
    elif test == "spearman" and n >= FEWEST:
        centred, spread = ranked(genes)
        places = np.flatnonzero(spread > 0)
        if len(places):  # no sum of products exceeds the sum of squares without ties, (n³ - n) / 3
            kind = np.float32 if (n**3 - n) // 3 <= LARGEST_SINGLE else np.float64
            yield Right(places, np.ascontiguousarray(centred[:, places].T, kind), spread[places])
    elif test == "kruskal" and n >= FEWEST:
        yield from _one_row_a_group(genes)


def _one_row_a_group(genes: np.ndarray) -> Iterator[Right]:
    """Genes with the same number of groups together; a row of zeros and ones for each group."""
    n, found = len(genes), {}
    for place in range(genes.shape[1]):
        levels, level, sizes = np.unique(genes[:, place], return_inverse=True, return_counts=True)
        if len(levels) > 1:
            found.setdefault(len(levels), []).append((place, np.eye(len(levels))[:, level.ravel()], sizes))
    for alike in found.values():
        places, rows, sizes = zip(*alike, strict=True)
        # no sum of centred ranks over a group exceeds that of all positive ones, n² / 4
        kind = np.float32 if n * n // 4 <= LARGEST_SINGLE else np.float64
        yield Right(
            np.array(places), np.vstack(rows).astype(kind), np.ones(len(places)), np.array(sizes, float)
        )
