"""Go through all pairs of a scan: keep every answer, or count them all and keep the smallest p-values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor, log

import numpy as np

from rgteach.core.scan import areas, count_reached
from rgteach.core.tails import tails
from rgteach.stats.scan import scattered
from rgteach.stats.scan.answers import Question
from rgteach.stats.scan.blocks import Block, Workers, blocks, scratch
from rgteach.stats.scan.parts import Plan
from rgteach.stats.scan.scattered import Scattered

N_BINS = 20
BIN_ENDS = np.arange(1, N_BINS) / N_BINS  # between the bins of the histogram of p-values
STEP = 4.0  # from one cut to the next
FIELDS = ("feature", "gene", "p_value", "statistic", "effect")
EXPECTED = 100_000  # pairs that chance alone lets through the last cut; a hundredth where all are kept


@dataclass(frozen=True, eq=False)
class Pairs:
    """Some pairs as arrays: places of feature and gene, p-value, statistic, effect."""

    feature: np.ndarray
    gene: np.ndarray
    p_value: np.ndarray
    statistic: np.ndarray
    effect: np.ndarray

    @classmethod
    def joined(cls, several: Iterable[Pairs]) -> Pairs:
        """All pairs, in the order they come."""
        several = [each for each in several if len(each.p_value)]
        if not several:
            return cls(*(np.empty(0, kind) for kind in (np.int64, np.int64, float, float, float)))
        return cls(*(np.concatenate([getattr(each, name) for each in several]) for name in FIELDS))

    def smallest(self, bound: float, least: int) -> Pairs:
        """Those with p up to a bound, or the `least` smallest if these are fewer; smallest first.

        Equal p-values are ordered by feature, then by gene: whatever came first, the answer is the same.
        """
        if np.count_nonzero(self.p_value <= bound) < least and len(self.p_value):
            bound = np.partition(self.p_value, min(least, len(self.p_value)) - 1)[:least][-1]
        few = self.at(np.flatnonzero(self.p_value <= bound))
        return few.at(np.lexsort((few.gene, few.feature, few.p_value)))

    def at(self, places) -> Pairs:
        """Some of these pairs."""
        return Pairs(*(getattr(self, name)[places] for name in FIELDS))


@dataclass(frozen=True, eq=False)
class Collected:
    """What one walk over all pairs found.

    Attributes
    ----------
    tables : (3, f, g) float64: p-value, statistic, effect; or None if they were not kept
    pairs : Pairs
        Those with a p-value up to `cut`, at least, in any order.
    n_tests : int
    histogram : (20,) int64
    n_below : (k,) int64
        How many p-values lie at or below alpha, alpha / 4, … (a few too many at most).
    cut : float
    """

    tables: np.ndarray | None
    pairs: Pairs
    n_tests: int
    histogram: np.ndarray
    n_below: np.ndarray
    cut: float

    def allowed(self, alpha: float) -> float:
        """The cut below which every pair lies that Benjamini and Hochberg's rule rejects.

        The rule rejects the k smallest of m p-values for the largest k with p_k <= alpha k / m.  So k
        p-values lie at or below alpha k / m, and if that bound were above a quarter of a cut c, but not above
        c, then more than a quarter of c m / alpha p-values would lie at or below c.  All p-values were
        counted at the cuts alpha, alpha / 4, …; where no count allows it, every rejected pair lies below the
        last cut.
        """
        k = np.arange(len(self.n_below) - 1)
        too_many = np.flatnonzero(self.n_below[:-1] / max(self.n_tests, 1) > STEP ** -(k + 1.0))
        return alpha / STEP ** too_many[0] if len(too_many) else self.cut


def keep_all(plan: Plan, question: Question, team: Workers, alpha: float) -> Collected:
    """Three tables of all pairs, and the pairs up to alpha."""
    shape = plan.genes.shape[1], plan.features.shape[1]
    tables = np.empty((3, *shape)).transpose(0, 2, 1)  # in memory a row for each gene, as in a block
    if plan.has_gaps:  # without them every pair can be tested
        tables[...] = np.nan
    cuts = cuts_for(plan, alpha, EXPECTED / 100)
    found = _walk(
        plan, team, cuts, tables,
        lambda block: _fill(block, question, tables, cuts),
        lambda block: _fill_scattered(block, question, tables, cuts),
    )  # fmt: skip
    if found.allowed(alpha) == found.cut:
        return found
    return replace(found, pairs=pairs_up_to(tables, alpha), cut=alpha)


def cuts_for(plan: Plan, alpha: float, expected: float) -> np.ndarray:
    """Cuts alpha, alpha / 4, …; the last one lets through `expected` pairs by chance, or up to 4 × that."""
    m = plan.features.shape[1] * plan.genes.shape[1]
    return alpha / STEP ** np.arange(1 + max(0, floor(log(max(1.0, m * alpha / expected), STEP))))


def _walk(plan: Plan, team: Workers, cuts: np.ndarray, tables, on_block, on_scattered) -> Collected:
    """Every pair once; both functions give counts (bins, then cuts) and the pairs up to the last cut."""
    counts, kept, n_tests = np.zeros(N_BINS + len(cuts), np.int64), [], 0
    for part in plan.parts():
        n_tests += part.n_pairs
        for some, pairs in team.each(on_block, blocks(part)):
            counts += some
            kept.append(pairs)
    for some, pairs in team.each(on_scattered, scattered.blocks(plan)):
        counts += some
        n_tests += int(some[:N_BINS].sum())
        kept.append(pairs)
    histogram, n_below = counts[:N_BINS], counts[N_BINS:]
    return Collected(tables, Pairs.joined(kept), n_tests, histogram, n_below, float(cuts[-1]))


def pairs_up_to(tables: np.ndarray, alpha: float) -> Pairs:
    """The pairs of three tables with a p-value up to alpha."""
    by_gene = tables[0].T
    gene, feature = np.nonzero(by_gene <= alpha)
    return Pairs(feature, gene, *(table[feature, gene] for table in tables))


def keep_small(plan: Plan, question: Question, team: Workers, alpha: float, cuts=None) -> Collected:
    """The pairs with p-values so small that Benjamini and Hochberg's rule can reject them, and counts of all.

    Only those below the last of a few cuts are kept.  If the counts say that this was too few, the walk is
    done once more with the cut that they allow.
    """
    cuts = cuts_for(plan, alpha, EXPECTED) if cuts is None else cuts
    found = _walk(
        plan, team, cuts, None,
        lambda block: _pick(block, question, cuts),
        lambda block: _pick_scattered(block, question, cuts)[:2],
    )  # fmt: skip
    allowed = found.allowed(alpha)
    return found if allowed == found.cut else keep_small(plan, question, team, alpha, cuts[cuts >= allowed])


def _fill(block: Block, question: Question, tables, cuts: np.ndarray) -> tuple[np.ndarray, Pairs]:
    """Write a block's answers into the tables; counts, and the pairs up to the last cut."""
    part, sums, test = block.part, block.sums(), block.part.test
    rule, strength = question.rule(test), block.strength(sums, question.rule(test))
    place, by_gene = _place(part.genes[block.genes], part.features[block.features]), tables.transpose(0, 2, 1)
    if test == "wilcoxon":
        # straight into the tables where the block lies there in one piece: copies take a tenth of the time
        out = by_gene[:, *place] if isinstance(place[0], slice) else None
        if out is None or not out[0].flags.c_contiguous:
            out = scratch("out", (3, *block.shape), np.float64)
        tails(strength.ravel(), rule[3], out[0].ravel())
        areas(sums, part.gene_spread[block.genes], out[1], out[2])
    else:
        out = question.answers(test, sums, part.spread[block.features], block.gene_spread[:, None], part.n)
    if not np.shares_memory(out[0], tables):
        for table, answer in zip(by_gene, out, strict=True):
            table[place] = answer
    picked, counts = _picked(block, strength, question, cuts)
    return counts, _pairs(block, picked, [answer.ravel()[picked] for answer in out], cuts)


def _pick(block: Block, question: Question, cuts: np.ndarray) -> tuple[np.ndarray, Pairs]:
    """Counts of a block, and its pairs up to the last cut."""
    part, sums = block.part, block.sums()
    strength = block.strength(sums, question.rule(part.test))
    picked, counts = _picked(block, strength, question, cuts)
    i, j = np.divmod(picked, sums.shape[1])
    chosen = sums.ravel()[picked], part.spread[block.features][j], block.gene_spread[i]
    return counts, _pairs(block, picked, question.answers(part.test, *chosen, part.n), cuts)


def _pairs(block: Block, picked: np.ndarray, answers, cuts: np.ndarray) -> Pairs:
    """Those of the picked pairs that lie below the last cut by their p-value, not only by a hair more."""
    inside = np.flatnonzero(answers[0] <= cuts[-1])
    i, j = np.divmod(picked[inside], block.shape[1])
    features, genes = block.part.features[block.features], block.part.genes[block.genes]
    return Pairs(features[j], genes[i], *(answer[inside] for answer in answers))


def _picked(block: Block, strength: np.ndarray, question: Question, cuts: np.ndarray):
    """Places of the pairs that reach the last cut, and how many lie in each bin and reach each cut."""
    part = block.part
    n_groups = 0 if part.sizes is None else part.sizes.shape[1]
    edges = _edges_of(question, part.test, part.n, n_groups, tuple(cuts))
    counts = np.zeros(len(edges), np.int64)
    count_reached(strength, edges, counts)
    picked = np.flatnonzero(strength.ravel() >= edges[-1]) if counts[-1] else np.empty(0, np.int64)
    below, reached = counts[: N_BINS - 1], counts[N_BINS - 1 :]
    bins = np.diff(np.concatenate(([0], below, [strength.size])))
    return picked, np.concatenate((bins, reached))


@lru_cache(maxsize=256)
def _edges_of(question: Question, test: str, n: int, n_groups: int, cuts: tuple[float, ...]) -> np.ndarray:
    """Strengths of the p-values between the bins, and a hair less than those of the cuts."""
    between = np.nextafter(question.strength_of(BIN_ENDS, test, n, n_groups), np.inf)
    strengths = question.strength_of(np.array(cuts), test, n, n_groups)
    return np.concatenate((between, strengths - 1e-9 * (1 + np.abs(strengths))))


def _fill_scattered(block: Scattered, question: Question, tables, cuts) -> tuple[np.ndarray, Pairs]:
    counts, pairs, answers = _pick_scattered(block, question, cuts)
    for table, answer in zip(tables, answers, strict=True):
        table[np.ix_(block.features, block.genes)] = np.where(np.isnan(answers[0]), np.nan, answer)
    return counts, pairs


def _pick_scattered(block: Scattered, question: Question, cuts: np.ndarray):
    answers = block.answers(question)
    i, j = np.nonzero(answers[0] <= cuts[-1])
    n_below = [np.count_nonzero(answers[0] <= cut) for cut in cuts]
    pairs = Pairs(block.features[i], block.genes[j], *(answer[i, j] for answer in answers))
    return np.concatenate((p_histogram(answers[0]), n_below)), pairs, answers


def p_histogram(p: np.ndarray) -> np.ndarray:
    """How many p-values lie in each bin; NaN is not counted."""
    p = p[~np.isnan(p)]
    return np.bincount(np.searchsorted(BIN_ENDS, p, side="right"), minlength=N_BINS)


def _place(genes: np.ndarray, features: np.ndarray):
    """An index of a block in a table: slices where columns are neighbours, which is much faster."""
    if _neighbours(genes) and _neighbours(features):
        return slice(genes[0], genes[-1] + 1), slice(features[0], features[-1] + 1)
    return np.ix_(genes, features)


def _neighbours(places: np.ndarray) -> bool:
    return bool(places[-1] - places[0] == len(places) - 1)
