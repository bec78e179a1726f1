"""The scan beside its peers: `OPENBLAS_NUM_THREADS=1 python -m benchmarks.scan`."""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np

from benchmarks.harness import Row, as_text, race

N, FEATURES = 200, 2_000
TABLE_GENES, HITS_GENES, PERMUTATIONS = 500, 20_000, 20
PERMUTATION_NS = 8.0


def study(n_genes: int, *, n: int = N, n_features: int = FEATURES, seed: int = 0):
    """Features without ties, genes that 5 % to 50 % carry; thirty features follow the first ten genes."""
    rng = np.random.default_rng(seed)
    genes = (rng.random((n, n_genes)) < rng.uniform(0.05, 0.5, n_genes)).astype(float)
    features = rng.normal(size=(n, n_features))
    features[:, :30] += 2 * genes[:, np.arange(30) % min(10, n_genes)]
    return features, genes


def by_hand(features: np.ndarray, genes: np.ndarray):
    """What a user of NumPy writes who knows the trick: ranks once, one product, whole tables from there."""
    from scipy.special import ndtr
    from scipy.stats import rankdata

    n, carriers = len(features), genes.sum(axis=0)
    ranks = rankdata(features, axis=0)
    n_pairs = carriers * (n - carriers)
    u = ranks.T @ genes - carriers * (carriers + 1) / 2
    spread = ((ranks - (n + 1) / 2) ** 2).sum(axis=0)  # accounts for ties
    sd = np.sqrt(np.outer(spread, n_pairs) / (n * (n - 1)))
    z = (np.abs(u - n_pairs / 2) - 0.5) / sd
    return np.minimum(1, 2 * ndtr(-z)), u, u / n_pairs


def by_hand_in_place(features: np.ndarray, genes: np.ndarray):
    """The same as tightly as NumPy allows: no table is made that is not returned, and erfc for the tail."""
    from scipy.special import erfc
    from scipy.stats import rankdata

    n, carriers = len(features), genes.sum(axis=0)
    ranks = rankdata(features, axis=0)
    n_pairs = carriers * (n - carriers)
    u = ranks.T @ genes
    u -= carriers * (carriers + 1) / 2
    spread = ((ranks - (n + 1) / 2) ** 2).sum(axis=0)
    z = np.abs(u - n_pairs / 2)
    z -= 0.5
    np.maximum(z, 0, out=z)
    z /= np.sqrt(2 * spread / (n * (n - 1)))[:, None]
    z /= np.sqrt(n_pairs)
    return erfc(z, out=z), u, u / n_pairs


def one_gene_at_a_time(features: np.ndarray, genes: np.ndarray) -> np.ndarray:
    """SciPy's own test, all features of a gene in one call."""
    from scipy.stats import mannwhitneyu

    return np.column_stack([
        mannwhitneyu(features[carrier], features[~carrier], axis=0, method="asymptotic").pvalue
        for carrier in genes.T == 1
    ])  # fmt: skip


def ranks_and_one_product(features: np.ndarray, genes: np.ndarray) -> np.ndarray:
    """The least anybody could do: rank, and multiply in single precision."""
    from scipy.stats import rankdata

    return rankdata(features, axis=0).T.astype(np.float32) @ genes.astype(np.float32)


def rows(rounds: int) -> list[Row]:
    """All rows; every comparison takes its turns in this process."""
    return [_table(rounds), _scipy(rounds), _hits(rounds), _permutations(rounds), _gaps(rounds)]


def _table(rounds: int) -> Row:
    from rgteach.stats.scan import scan

    features, genes = study(TABLE_GENES)
    jobs = {
        "rgteach": lambda: scan(features, genes, threads=1),
        "NumPy by hand": lambda: by_hand(features, genes),
        "NumPy in place": lambda: by_hand_in_place(features, genes),
    }
    seconds = race(jobs, rounds)
    ours, theirs = scan(features, genes).p_value, by_hand(features, genes)[0]
    apart = np.max(np.abs(ours / theirs - 1))
    notes = f"{_ns(seconds, TABLE_GENES)}; largest relative difference of p {apart:.1e}"
    return Row(f"p, U and AUC, 2,000 × {TABLE_GENES}", seconds, {"NumPy by hand": 2.0}, notes)


def _scipy(rounds: int, n_genes: int = 20) -> Row:
    """SciPy's loop is timed on a share of the genes: its time is proportional to their number."""
    from rgteach.stats.scan import scan

    features, genes = study(TABLE_GENES)
    few = genes[:, :: TABLE_GENES // n_genes]
    seconds = race(
        {
            "rgteach": lambda: scan(features, genes, threads=1),
            "SciPy": lambda: one_gene_at_a_time(features, few),
        },
        max(3, rounds // 2),
    )
    seconds["SciPy"] *= TABLE_GENES / few.shape[1]
    apart = np.max(np.abs(scan(features, few).p_value / one_gene_at_a_time(features, few) - 1))
    notes = (
        f"SciPy's time from {few.shape[1]} genes times {TABLE_GENES // few.shape[1]}; "
        f"largest relative difference of p {apart:.1e}"
    )
    work = f"2,000 × {TABLE_GENES} beside a loop over mannwhitneyu(axis=0)"
    return Row(work, seconds, {"SciPy": 100.0}, notes)


def _hits(rounds: int) -> Row:
    from rgteach.stats.scan import scan

    features, genes = study(HITS_GENES)
    jobs = {
        "rgteach": lambda: scan(features, genes, output="hits", threads=1),
        "ranks and one product": lambda: ranks_and_one_product(features, genes),
    }
    seconds = race(jobs, max(3, rounds // 2))
    n_hits = len(scan(features, genes, output="hits", threads=1).hits)
    notes = f"{_ns(seconds, HITS_GENES)}; {n_hits} hits, histogram of all p-values kept"
    wanted = {"ranks and one product": 1 / 2.5}
    return Row(f"hits only, 2,000 × {HITS_GENES:,}", seconds, wanted, notes)


def _permutations(rounds: int) -> Row:
    """The pass of one permutation: a scan with some of them, less the same scan without, taking turns."""
    from rgteach.stats.scan import scan

    features, genes = study(HITS_GENES // 4)
    single = features.T.astype(np.float32), genes.astype(np.float32)
    passes, products = [], []
    for _ in range(max(3, rounds // 2)):
        without, some, product = (
            _timed(job)
            for job in (
                lambda: scan(features, genes, output="hits", threads=1),
                lambda: scan(features, genes, output="hits", threads=1, permutations=PERMUTATIONS),
                lambda: single[0] @ single[1],
            )
        )
        passes.append((some - without) / PERMUTATIONS)
        products.append(product)
    ours = statistics.median(passes)
    n_tests = FEATURES * genes.shape[1]
    seconds = {
        "rgteach": ours,
        f"{PERMUTATION_NS:g} ns a test": n_tests * PERMUTATION_NS * 1e-9,
        "one product": statistics.median(products),
    }
    notes = f"{ours / n_tests * 1e9:.1f} ns a test"
    work = f"one permutation of 2,000 × {genes.shape[1]:,}"
    return Row(work, seconds, {f"{PERMUTATION_NS:g} ns a test": 1.0}, notes)


def _gaps(rounds: int) -> Row:
    """What missing values cost: every gene its own gaps, so that nothing can be shared."""
    from rgteach.stats.scan import scan

    features, genes = study(TABLE_GENES)
    with_gaps = genes.copy()
    with_gaps[np.random.default_rng(1).random(genes.shape) < 0.05] = np.nan
    jobs = {
        "rgteach": lambda: scan(features, with_gaps, threads=1),
        "rgteach without gaps": lambda: scan(features, genes, threads=1),
    }
    seconds = race(jobs, 3)
    return Row(f"5 % missing in each of {TABLE_GENES} genes", seconds, {}, _ns(seconds, TABLE_GENES))


def _timed(job) -> float:
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def _ns(seconds: dict[str, float], n_genes: int) -> str:
    each = (f"{tool} {time / FEATURES / n_genes * 1e9:.3g}" for tool, time in seconds.items())
    return "ns a pair: " + ", ".join(each)


if __name__ == "__main__":
    print(as_text(rows(int(sys.argv[1]) if len(sys.argv) > 1 else 7)))
