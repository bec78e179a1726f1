"""One walk over all pairs of a scan, in blocks: the best lines, counts by size of p, points for a picture.

A scan that kept its hits only is computed again in blocks, so that memory stays small; what is shown is exact
except the points of the picture, which are a random share when there are too many to draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rgteach.tables import pairs

MOST_LINES = 100  # that a ScanResult keeps in `best`
BLOCK = 4_000_000  # pairs at a time: 100 MB
BEST, POINTS = 500, 6000  # the smallest p-values, which are all kept; and the points of a picture
STEP, TALLEST = 0.05, 301.0  # of the counts, in −log10 p


@dataclass(frozen=True, eq=False, repr=False)
class Sweep:
    """What a report shows of all pairs.

    Attributes
    ----------
    lines : DataFrame
        The pairs with the smallest p-values, with intervals; `p_adjusted` is NaN where it is only known
        that it is larger than alpha.
    n_small, n_family : int
        How many p-values are below alpha before adjusting, and below the family-wise threshold, if any.
    effect, p_value, hit : array
        The points of a picture, those of `lines` first: all pairs, or the best and a random share.
    measure : "auc" or "rho"
        What `effect` is: an AUC if every gene is carried or not, else a rank correlation.
    expected, observed : array
        Shares of the p-values that are as small, and these p-values.
    """

    lines: object
    n_small: int
    n_family: int
    effect: np.ndarray
    p_value: np.ndarray
    hit: np.ndarray
    measure: str
    expected: np.ndarray
    observed: np.ndarray

    @property
    def n_points(self) -> int:
        """How many pairs the picture shows."""
        return len(self.effect)


def sweep(scan, n_lines: int = 20) -> Sweep:
    """Walk over all pairs of a `GeneScan`.

    Parameters
    ----------
    scan : GeneScan
    n_lines : int
        How many of the smallest p-values become lines; 100 at most.
    """
    result = scan.result
    share = min(1.0, POINTS / max(result.n_tests, 1))
    rng = np.random.default_rng(0)  # the same points at every run
    limits = (result.alpha, result.fwer_threshold or 0.0)
    small, counts = np.zeros(2, np.int64), np.zeros(int(TALLEST / STEP) + 1, np.int64)
    best, sample = np.empty((0, 5)), []
    for block in _blocks(scan):
        p = block.p_value
        known = p[~np.isnan(p)]
        small += [np.count_nonzero(known < limit) for limit in limits]
        heights = -np.log10(np.maximum(known, 10.0**-TALLEST)) / STEP
        counts += np.bincount(heights.astype(np.intp), minlength=len(counts))[: len(counts)]
        sample.append(block.lines(_drawn(p, share, rng)))
        best = _smallest(best, block)
    best, points = _in_order(result, best), _in_order(result, np.concatenate([best, *sample]))
    measure, effect = on_one_scale([result.tests[int(gene)] for gene in points[:, 1]], points[:, 3])
    limit = result.hits.p_value.max(initial=-1.0)
    lines = _lines(scan, best[:n_lines])
    return Sweep(
        lines, int(small[0]), int(small[1]), effect, points[:, 2], points[:, 2] <= limit, measure,
        *_quantiles(best[:, 2], counts),
    )  # fmt: skip


def _lines(scan, best: np.ndarray):
    """The best pairs as lines of the tidy table, with intervals, and adjusted where that is known."""
    result = scan.result
    feature, gene = best[:, 0].astype(np.intp), best[:, 1].astype(np.intp)
    sizes = [_sizes(scan, result.features[f], result.genes[g]) for f, g in zip(feature, gene, strict=True)]
    n, n_carriers = np.array(sizes, dtype=np.int64).reshape(-1, 2).T
    numbers = {"p_value": best[:, 2], "effect": best[:, 3], "statistic": best[:, 4]}
    numbers["p_adjusted"] = _adjusted(result, feature, gene)
    return scan.intervals(
        pairs.frame(result, feature=feature, gene=gene, n=n, n_carriers=n_carriers, **numbers)
    )


def _sizes(scan, feature: str, gene: str) -> tuple[int, int]:
    """Patients with both values, and carriers among them."""
    here, carriers = ~np.isnan(scan.features[feature]), pairs.carried(scan.genes[gene])
    return int((here & ~np.isnan(carriers)).sum()), int((here & (carriers == 1)).sum())


def _adjusted(result, feature: np.ndarray, gene: np.ndarray) -> np.ndarray:
    """Adjusted p-values of some pairs; NaN where only the hits were kept and the pair is none."""
    if result.p_value is not None:
        return pairs.adjusted(result)[feature, gene]
    hits = result.hits
    known = dict(zip(zip(hits.feature, hits.gene, strict=True), hits.p_adjusted, strict=True))
    return np.array([known.get(pair, np.nan) for pair in zip(feature, gene, strict=True)], dtype=float)


def on_one_scale(tests, *effects: np.ndarray) -> tuple:
    """The measure and the effects: AUCs as they are if there is nothing else, or all as correlations.

    2 AUC − 1 is the rank-biserial correlation; the root of epsilon squared a correlation ratio, without sign.
    """
    tests = np.array(tests, dtype=object)
    if (tests == "wilcoxon").all():
        return "auc", *effects
    turn = {"wilcoxon": lambda e: 2 * e - 1, "kruskal": lambda e: np.sqrt(np.maximum(e, 0))}
    turned = []
    for effect in effects:
        effect = np.array(effect, dtype=float)
        for test, to_rho in turn.items():
            effect[tests == test] = to_rho(effect[tests == test])
        turned.append(effect)
    return "rho", *turned


@dataclass(frozen=True, eq=False)
class _Block:
    """The pairs of all features and some genes; `rows` and `columns` say which these are."""

    rows: np.ndarray
    columns: np.ndarray
    p_value: np.ndarray
    effect: np.ndarray
    statistic: np.ndarray

    def lines(self, places: np.ndarray) -> np.ndarray:
        """Some of the pairs as (feature, gene, p, effect, statistic)."""
        f, g = np.divmod(places, max(len(self.columns), 1))
        numbers = (column[places] for column in (self.p_value, self.effect, self.statistic))
        return np.column_stack([self.rows[f], self.columns[g], *numbers])


def _blocks(scan) -> Iterator[_Block]:
    """All pairs in blocks of genes."""
    result = scan.result
    wide = max(1, BLOCK // max(len(result.features), 1))
    feature_at = {name: j for j, name in enumerate(result.features)}
    for start in range(0, len(result.genes), wide):
        names = result.genes[start : start + wide]
        if result.p_value is not None:
            part, own = result, slice(start, start + wide)
            rows, columns = np.arange(len(feature_at)), start + np.arange(len(names))
        else:
            part, own = scan.again(names), slice(None)
            gene_at = {name: start + k for k, name in enumerate(names)}
            rows = np.array([feature_at[name] for name in part.features], dtype=np.intp)
            columns = np.array([gene_at[name] for name in part.genes], dtype=np.intp)
        tables = (part.p_value, part.effect, part.statistic)
        yield _Block(rows, columns, *(np.ascontiguousarray(table[:, own]).ravel() for table in tables))


def _drawn(p: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Places of a random share of the known p-values; all of them for a share of 1."""
    if share == 1:
        return np.flatnonzero(~np.isnan(p))
    places = np.unique(rng.integers(0, len(p), round(share * len(p))))
    return places[~np.isnan(p[places])]


def _smallest(best: np.ndarray, block: _Block) -> np.ndarray:
    """The best lines so far; equal p-values by feature, then gene, so that the blocks decide nothing."""
    known = np.where(np.isnan(block.p_value), np.inf, block.p_value)
    limit = best[-1, 2] if len(best) == BEST else np.inf
    if len(known) > BEST:
        limit = min(limit, np.partition(known, BEST - 1)[BEST - 1])
    lines = np.concatenate([best, block.lines(np.flatnonzero((known <= limit) & np.isfinite(known)))])
    return lines[np.lexsort((lines[:, 1], lines[:, 0], lines[:, 2]))][:BEST]


def _in_order(result, lines: np.ndarray) -> np.ndarray:
    """The lines without doubles, those of `result.best` first and in its order, then by p-value."""
    place = lines[:, 0] * len(result.genes) + lines[:, 1]
    lines = lines[np.unique(place, return_index=True)[1]]
    rank = {pair: k for k, pair in enumerate(zip(result.best.feature, result.best.gene, strict=True))}
    first = np.array([rank.get(pair, len(rank)) for pair in zip(lines[:, 0], lines[:, 1], strict=True)])
    return lines[np.lexsort((lines[:, 1], lines[:, 0], lines[:, 2], first))]


def _quantiles(best: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points of a q–q plot: each of the smallest p-values, then how many are as tall as each step."""
    n = int(counts.sum())
    share = (np.arange(len(best)) + 0.5) / max(n, 1)
    at_least = np.cumsum(counts[::-1])[::-1]  # pairs with −log10 p of k steps or more
    steps = np.arange(len(counts))[(at_least > len(best)) & (np.arange(len(counts)) > 0)]
    return (
        np.concatenate([share, (at_least[steps] - 0.5) / max(n, 1)]),
        np.concatenate([best, 10.0 ** (-STEP * steps)]),
    )
