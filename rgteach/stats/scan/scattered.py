"""The pairs of a scan whose columns have gaps of their own, ranked one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rgteach.core.pairsums import pair_sums
from rgteach.stats.scan.answers import Question
from rgteach.stats.scan.columns import FEWEST
from rgteach.stats.scan.parts import Plan

BLOCK_FEATURES, BLOCK_GENES = 64, 256


@dataclass(frozen=True, eq=False)
class Scattered:
    """A block of pairs: one test, places of features and genes, levels of their columns."""

    test: str
    features: np.ndarray
    genes: np.ndarray
    levels: np.ndarray
    gene_levels: np.ndarray
    least: int

    def sums(self) -> tuple[np.ndarray, ...]:
        """S, spread, gene_spread and n of every pair; NaN where it cannot be tested."""
        out = np.empty((4, len(self.features), len(self.genes)))
        pair_sums(self.levels, self.gene_levels, np.empty(2 * self.levels.shape[1], np.int64), out)
        sums, spread, gene_spread, n = out
        if self.test == "wilcoxon":
            with np.errstate(invalid="ignore", divide="ignore"):
                sums, gene_spread = sums / n, gene_spread / n  # from the gene's ranks to carriers: n n_1 n_0
                half = np.sqrt(n * n / 4 - gene_spread)  # n_1 and n_0 lie this far from n / 2
                wrong = np.round(n / 2 - half) < max(self.least, 1)
        else:
            wrong = n < max(2 * self.least, FEWEST)
        wrong |= (spread == 0) | (gene_spread == 0) | (n < max(2 * self.least, 2))
        return tuple(np.where(wrong, np.nan, each) for each in (sums, spread, gene_spread, n))

    def answers(self, question: Question) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """P-value, statistic and effect of every pair."""
        return question.answers(self.test, *self.sums())


def blocks(plan: Plan) -> Iterator[Scattered]:
    """Every pair in which either column has gaps, in blocks; none where gaps are few."""
    if not plan.scattered:
        return
    levels, gene_levels = levels_of(plan.features), levels_of(plan.genes)
    for features, genes in _sides(plan):
        for test in ("wilcoxon", "spearman"):
            chosen = genes[plan.tests[genes] == test]
            for i in range(0, len(features), BLOCK_FEATURES):
                for j in range(0, len(chosen), BLOCK_GENES):
                    f, g = features[i : i + BLOCK_FEATURES], chosen[j : j + BLOCK_GENES]
                    yield Scattered(test, f, g, levels[f], gene_levels[g], plan.min_group)


def _sides(plan: Plan) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Features with gaps and all genes; then the other features and genes with gaps."""
    gaps, gene_gaps = (np.isnan(table).any(axis=0) for table in (plan.features, plan.genes))
    yield np.flatnonzero(gaps), np.arange(len(gene_gaps))
    yield np.flatnonzero(~gaps), np.flatnonzero(gene_gaps)


def levels_of(values: np.ndarray) -> np.ndarray:
    """Levels (k, n) of the columns of a table, for `pair_sums`."""
    columns = np.ascontiguousarray(values.T)
    order = np.argsort(columns, axis=1)  # NaN comes last
    ascending = np.take_along_axis(columns, order, axis=1)
    steps = np.zeros(columns.shape, np.int32)
    steps[:, 1:] = ascending[:, 1:] > ascending[:, :-1]
    level = np.where(np.isnan(ascending), -1, np.cumsum(steps, axis=1, dtype=np.int32))
    levels = np.empty(columns.shape, np.int32)
    np.put_along_axis(levels, order, level.astype(np.int32), axis=1)
    return levels
