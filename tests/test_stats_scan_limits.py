"""The scan at its limits: blocks, threads, cuts and the places where single precision ends."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import stdtr
from test_stats_scan import study, tables

from rgteach.stats.scan import blocks as scan_blocks
from rgteach.stats.scan import collect as scan_collect
from rgteach.stats.scan import parts as scan_parts
from rgteach.stats.scan import scan
from rgteach.stats.scan.answers import Question


def same(one, other):
    """Whether two results are alike to the last bit."""
    hits = all(
        np.array_equal(getattr(one.best, name), getattr(other.best, name), equal_nan=True)
        for name in ("feature", "gene", "statistic", "effect", "p_value", "p_adjusted")
    )
    kept = one.p_value is None or np.array_equal(tables(one), tables(other), equal_nan=True)
    return bool(
        hits
        and kept
        and np.array_equal(one.p_histogram, other.p_histogram)
        and one.fwer_threshold == other.fwer_threshold
    )


@pytest.mark.parametrize("output", ["table", "hits"])
@pytest.mark.parametrize("gaps", [0.0, 0.002, 0.05])
def test_scan__any_number_of_threads_and_any_blocks_give_the_same_bits(monkeypatch, output, gaps):
    features, genes = study(1, gaps=gaps)
    wish = {"output": output, "permutations": 39, "seed": 5, "alpha": 0.3}
    first = scan(features, genes, threads=1, **wish)
    for threads, rows, columns in [(2, 256, 2048), (3, 2, 3), (1, 1, 1), (2, 5, 2), (None, 4, 100)]:
        monkeypatch.setattr(scan_blocks.blocks, "__defaults__", (rows, columns))
        assert same(first, scan(features, genes, threads=threads, **wish))


@pytest.mark.parametrize("n", [4094, 4095, 4096, 5000, 8192, 8193])
@pytest.mark.parametrize("ties", [False, True], ids=["no-ties", "ties"])
def test_scan__rank_sums_are_exact_on_both_sides_of_the_limit(n, ties):
    rng = np.random.default_rng(n)
    feature = rng.permutation(n).astype(float)
    feature = feature // 7 if ties else feature
    genes = np.column_stack([feature > np.median(feature), feature < n / 9, rng.random(n) < 0.5]).astype(
        float
    )
    result = scan(feature[:, None], genes)
    ranks2 = (2 * stats.rankdata(feature)).astype(int)
    for j in range(3):
        carriers = genes[:, j] == 1
        k = int(carriers.sum())
        assert 2 * result.statistic[0, j] == int(ranks2[carriers].sum()) - k * (k + 1)
    left = next(scan_parts.make_plan(feature[:, None], genes, ["wilcoxon"] * 3, 3).parts()).left
    assert left.dtype == (np.int16 if n <= 8192 else np.float64)


@settings(max_examples=20)
@given(st.sampled_from([40, 368, 369, 370, 600]), st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 20]))
def test_parts__sums_of_rank_correlations_are_exact(n, seed, tied):
    rng = np.random.default_rng(seed)
    feature = np.sort(rng.permutation(n) // tied).astype(float)
    gene = feature if seed % 2 else rng.permutation(n) // 2.0
    plan = scan_parts.make_plan(feature[:, None], gene[:, None], ["spearman"], 3)
    (part,) = plan.parts()
    (block,) = scan_blocks.blocks(part)
    ranks = [(2 * stats.rankdata(values)).astype(int) - (n + 1) for values in (feature, gene)]
    assert int(block.sums()[0, 0]) == sum(int(a) * int(b) for a, b in zip(*ranks, strict=True))
    assert part.left.dtype == (np.float32 if n <= 369 else np.float64)


def many(n_signals, seed=0):
    """200 × 150 pairs, of which n_signals features follow the first gene."""
    rng = np.random.default_rng(seed)
    genes = (rng.random((80, 150)) < 0.4).astype(float)
    features = rng.normal(size=(80, 200))
    features[:, :n_signals] += 1.2 * genes[:, [0]]
    return features, genes


@pytest.mark.parametrize("n_signals", [0, 1, 40, 200])
@pytest.mark.parametrize("expected", [1, 100, 10**6])
def test_scan__no_hit_is_lost_below_any_cut(monkeypatch, n_signals, expected):
    features, genes = many(n_signals)
    if n_signals == 200:
        genes[:] = genes[:, [0]]  # every pair is a hit: the cut has to come up again
    monkeypatch.setattr(scan_collect, "EXPECTED", expected)
    table, hits = (scan(features, genes, output=output) for output in ("table", "hits"))
    assert np.array_equal(table.hits.p_value, hits.hits.p_value)
    assert np.array_equal(table.hits.p_adjusted, hits.hits.p_adjusted)
    assert np.array_equal(table.hits.feature, hits.hits.feature)
    assert np.array_equal(table.p_histogram, hits.p_histogram)
    assert (len(table.hits) > 0) == (n_signals > 0)


@pytest.mark.parametrize(
    ("gaps", "gene_gaps", "expected"),
    [
        ("none", "none", False),
        ("alike", "none", False),
        ("own", "none", True),
        ("alike", "alike", False),
        ("own", "own", True),
    ],
)
def test_make_plan__ranks_pairs_one_by_one_only_where_that_is_quicker(gaps, gene_gaps, expected):
    features, genes = many(0)
    for table, kind in ((features, gaps), (genes, gene_gaps)):
        if kind == "alike":
            table[:7, ::2] = np.nan
        elif kind == "own":
            table[np.random.default_rng(1).random(table.shape) < 0.05] = np.nan
    assert scan_parts.make_plan(features, genes, ["wilcoxon"] * 150, 3).scattered is expected


def test_keep_small__keeps_few_pairs_of_many():
    features, genes = many(3)
    plan = scan_parts.make_plan(features, genes, ["wilcoxon"] * 150, 3)
    with scan_blocks.workers(1) as team:
        found = scan_collect.keep_small(
            plan, Question("two-sided", True), team, 0.05, 0.05 / 4.0 ** np.arange(4)
        )
    assert found.cut == 0.05 / 64
    assert len(found.pairs.p_value) < 0.002 * found.n_tests
    assert found.n_below[0] == found.histogram[0]


@pytest.mark.parametrize("test", ["wilcoxon", "spearman", "kruskal"])
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_question__strength_and_p_value_undo_each_other(test, alternative):
    question = Question(alternative, True)
    for p in (0.9, 0.5, 0.05, 1e-10, 1e-100):
        strength = question.strength_of(np.array(p), test, 50, 3)
        assert question.p_of(float(strength), test, 50, 3) == pytest.approx(p, rel=1e-6)


@pytest.mark.parametrize(("n", "gap"), [(8, 2), (20, 4), (60, 200), (200, 5000)])
def test_question__a_rank_correlation_near_one_keeps_its_digits(n, gap):
    """1 - rho² in fractions, where float64 would have only a few digits of it."""
    spread = (n**3 - n) // 3
    sums = spread - gap
    rest = Fraction(spread) ** 2 - Fraction(sums) ** 2
    t = float(sums) * np.sqrt((n - 2) / float(rest))
    question = Question("two-sided", True)
    p, rho, _ = question.answers("spearman", np.array([float(sums)]), float(spread), float(spread), n)
    assert p[0] == pytest.approx(2 * stdtr(n - 2, -t), rel=1e-12)
    assert p[0] > 0
    assert rho[0] == pytest.approx(sums / spread, rel=1e-15)


def test_workers__blas_keeps_to_one_thread_and_gets_them_back():
    from threadpoolctl import threadpool_info

    def n_threads():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before = n_threads()
    with scan_blocks.workers(2):
        assert set(n_threads()) <= {1}
    assert n_threads() == before
