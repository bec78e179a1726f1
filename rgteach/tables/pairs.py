"""One line a pair of feature and gene: the tidy table of a scan, sorted by p-value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rgteach import tables
from rgteach.tables.disk import store

COLUMNS = (
    "feature", "gene", "test", "n", "n_carriers", "statistic", "effect", "effect_low", "effect_high",
    "p_value", "p_adjusted", "p_fwer",
)  # fmt: skip


def of_table(result, features: np.ndarray, genes: np.ndarray):
    """Every pair of a scan that kept them all (`output="table"`), smallest p-value first, gaps last.

    Parameters
    ----------
    result : ScanResult
    features, genes : array, shape (patients, tested features), (patients, tested genes)
        What was tested, in the result's order.
    """
    p = result.p_value.ravel()
    order = np.argsort(p, kind="stable")  # NaN comes last
    feature, gene = np.divmod(order, len(result.genes))
    n, n_carriers = _group_sizes(features, genes)
    return frame(
        result,
        feature=feature,
        gene=gene,
        n=n.ravel()[order],
        n_carriers=n_carriers.ravel()[order],
        statistic=result.statistic.ravel()[order],
        effect=result.effect.ravel()[order],
        p_value=p[order],
        p_adjusted=adjusted(result).ravel()[order],
    )


def adjusted(result) -> np.ndarray:
    """Benjamini and Hochberg's adjusted p-values of a table, (features, genes)."""
    from rgteach.stats.multiplicity import adjust

    return np.asarray(adjust(result.p_value, method="bh"))


def of_hits(result, hits=None):
    """The hits of a scan, or other pairs of it, smallest p-value first."""
    hits = result.hits if hits is None else hits
    names = ["feature", "gene", "n", "n_carriers", "statistic", "effect", "p_value", "p_adjusted"]
    names += ["p_fwer"] * (hits.p_fwer is not None)
    return frame(result, **{name: np.asarray(getattr(hits, name)) for name in names})


def frame(result, *, feature, gene, n, n_carriers, **numbers):
    """Lines of the tidy table from places of features and genes in a result, and numbers by name."""
    import pandas as pd

    tests = np.array(result.tests, dtype=object)
    gene = np.asarray(gene, dtype=np.intp)
    carriers = pd.array(np.asarray(n_carriers).astype(np.int64), dtype="Int64")
    carriers[tests[gene] != "wilcoxon"] = pd.NA
    columns = {
        "feature": np.array(result.features, dtype=object)[np.asarray(feature, dtype=np.intp)],
        "gene": np.array(result.genes, dtype=object)[gene],
        "test": tests[gene],
        "n": pd.array(np.asarray(n).astype(np.int64), dtype="Int64"),
        "n_carriers": carriers,
        **{name: np.asarray(values, dtype=float) for name, values in numbers.items()},
    }
    return pd.DataFrame(columns)[[name for name in COLUMNS if name in columns]]


def _group_sizes(features: np.ndarray, genes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Patients and carriers with both values known, for every pair: sums of whole numbers, so exact."""
    here = (~np.isnan(features)).T.astype(np.float64)
    known = (~np.isnan(genes)).astype(np.float64)
    return here @ known, here @ (carried(genes) == 1).astype(np.float64)


def carried(genes: np.ndarray) -> np.ndarray:
    """Genes of two values as 1 for the larger one, 0 for the other, and NaN: as the scan reads them."""
    known = ~np.isnan(genes)
    largest = np.max(np.where(known, genes, -np.inf), axis=0, initial=-np.inf)
    return np.where(known, genes == largest, np.nan)


def with_intervals(pairs, features: Mapping[str, np.ndarray], genes: Mapping[str, np.ndarray]):
    """The same lines with a confidence interval for each effect, by the test of that one pair."""
    low, high = np.full(len(pairs), np.nan), np.full(len(pairs), np.nan)
    for at, (feature, gene, test) in enumerate(
        zip(pairs["feature"], pairs["gene"], pairs["test"], strict=True)
    ):
        low[at], high[at] = _interval(features[feature], genes[gene], test)
    told = pairs.copy()
    place = told.columns.get_loc("effect") + 1
    told.insert(place, "effect_low", low)
    told.insert(place + 1, "effect_high", high)
    return told


def _interval(values: np.ndarray, gene: np.ndarray, test: str) -> tuple[float, float]:
    from rgteach.stats.association import wilcoxon
    from rgteach.stats.correlation import spearman

    if test == "wilcoxon":
        gene = carried(gene)
    known = ~(np.isnan(values) | np.isnan(gene))
    values, gene = values[known], gene[known]
    if test == "wilcoxon":
        effect = wilcoxon(values[gene == 1], values[gene == 0], method="asymptotic").effect
    elif test == "spearman":
        effect = spearman(values, gene).effect
    else:
        effect = None
    return (np.nan, np.nan) if effect is None else (float(effect.low), float(effect.high))


def write(pairs, path: str | Path) -> Path:
    """Write the tidy table to a .csv, .json or .parquet file, whole or not at all; `tables.read` reads it.

    A scan can have a million lines, which a detour by way of dicts would make slow; the bytes are the same.
    """
    path = tables.check_place(path)
    if path.suffix.lower() == ".csv":
        return store(path, lambda file: pairs.to_csv(file, index=False, lineterminator="\n"))
    if path.suffix.lower() == ".parquet":
        return store(path, lambda file: pairs.to_parquet(file, index=False))
    return tables.write(pairs, path)
