"""The scan gives every pair what SciPy gives it by itself, whatever stands in the other columns."""

import naive_scan
import numpy as np
import pytest
from scipy import stats

from rgteach.core.fdr import bh_threshold
from rgteach.errors import LearnerError
from rgteach.stats import association, correlation
from rgteach.stats.multiplicity import adjust
from rgteach.stats.scan import parts as scan_parts
from rgteach.stats.scan import scan

N = 60


def study(seed=0, n=N, gaps=0.0):
    """Features with and without ties; binary, ordinal and continuous genes, two of them tied to features."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, 9))
    features[:, 1] = np.round(features[:, 1])
    features[:, 2] = features[:, 2] > 0
    features[:, 3] += 1e8
    genes = np.column_stack([
        rng.random((n, 4)) < [0.2, 0.3, 0.5, 0.8], features[:, 4] + rng.normal(size=n) > 0,
        rng.integers(1, 5, n), rng.normal(size=n), features[:, 5] ** 3, np.round(rng.normal(size=n), 1),
    ]).astype(float)  # fmt: skip
    for table in (features, genes):
        table[rng.random(table.shape) < gaps] = np.nan
    return features, genes


def tables(result):
    return np.array([result.p_value, result.statistic, result.effect])


def agrees(result, features, genes, **settings):
    """Within 1e-12 of SciPy; where |rho| is nearly 1 SciPy itself has lost digits, see the test for that."""
    expected = naive_scan.scan(features, genes, **settings)
    kept = [int(name[7:]) for name in result.features]
    kept_genes = [int(name[4:]) for name in result.genes]
    expected = expected[:, kept][:, :, kept_genes]
    perfect = (np.abs(expected[2]) > 1 - 1e-12) & (np.array(result.tests) == "spearman")
    expected[0][perfect] = result.p_value[perfect]  # SciPy says 0; see the test of perfect orders
    return np.allclose(tables(result), expected, rtol=1e-12, atol=1e-14, equal_nan=True)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("correction", [True, False], ids=["corrected", "plain"])
def test_scan__every_pair_as_scipy(alternative, correction):
    features, genes = study()
    result = scan(features, genes, alternative=alternative, correction=correction)
    assert result.tests == ("wilcoxon",) * 5 + ("spearman",) * 4
    assert agrees(result, features, genes, alternative=alternative, correction=correction)


@pytest.mark.parametrize("one_by_one", [False, True], ids=["by-gaps", "one-by-one"])
@pytest.mark.parametrize("gaps", [0.02, 0.3])
@pytest.mark.parametrize("alternative", ["two-sided", "less"])
def test_scan__missing_values_leave_out_a_patient_of_that_pair_only(
    monkeypatch, one_by_one, gaps, alternative
):
    monkeypatch.setattr(scan_parts, "one_by_one", lambda *_: one_by_one)
    features, genes = study(1, gaps=gaps)
    features[:, 8] = study(1)[0][:, 8]  # one feature and one gene without gaps
    genes[:, 3] = study(1)[1][:, 3]
    result = scan(features, genes, alternative=alternative, min_group=2)
    assert agrees(result, features, genes, alternative=alternative, min_group=2)
    assert result.n_tests == np.count_nonzero(~np.isnan(result.p_value)) == result.p_histogram.sum()


def test_scan__ranking_one_by_one_gives_the_same_bits(monkeypatch):
    features, genes = study(2, gaps=0.1)
    found = []
    for one_by_one in (False, True):
        monkeypatch.setattr(scan_parts, "one_by_one", lambda *_, answer=one_by_one: answer)
        found.append(scan(features, genes, min_group=1))
    assert np.array_equal(tables(found[0]), tables(found[1]), equal_nan=True)


def test_scan__a_pair_does_not_depend_on_other_columns():
    features, genes = study(3, gaps=0.1)
    whole = scan(features, genes)
    for i, j in [(0, 0), (1, 5), (8, 8), (2, 4)]:
        alone = scan(features[:, [i]], genes[:, [j]])
        assert np.array_equal(tables(alone)[:, 0, 0], tables(whole)[:, i, j])


def test_scan__equals_our_own_test_of_two_groups():
    features, genes = study(4)
    result = scan(features, genes)
    for i in range(9):
        for j in range(5):
            x, y = features[genes[:, j] == 1, i], features[genes[:, j] == 0, i]
            single = association.wilcoxon(x, y, method="asymptotic")
            assert abs(result.p_value[i, j] / single.p_value - 1) < 1e-12
            assert result.statistic[i, j] == single.statistic


def test_scan__one_missing_value_does_not_poison_the_adjusted_ones():
    features, genes = study(5)
    features[0, 0] = np.nan
    result = scan(features, genes)
    assert np.isfinite(adjust(result.p_value.ravel(), method="bh")).all()


def test_scan__a_pair_without_variation_is_nan_and_not_counted():
    features, genes = study(6)
    features[:, 0] = np.where(genes[:, 1] == 1, np.nan, features[:, 0])  # known for nobody who carries gene 1
    result = scan(features, genes)
    assert np.isnan(tables(result)[:, 0, 1]).all()
    assert np.isnan(result.p_value).sum() == 1
    assert result.n_tests == result.p_value.size - 1


@pytest.mark.parametrize("alternative", ["two-sided", "greater"])
def test_scan__hits_are_those_of_the_table_to_the_last_bit(alternative):
    for gaps in (0.0, 0.1):
        features, genes = study(7, gaps=gaps)
        table = scan(features, genes, alternative=alternative, alpha=0.2)
        hits = scan(features, genes, alternative=alternative, alpha=0.2, output="hits")
        assert (hits.p_value, hits.effect, hits.statistic) == (None, None, None)
        for name in ("feature", "gene", "statistic", "effect", "p_value", "p_adjusted", "n", "n_carriers"):
            assert np.array_equal(getattr(table.hits, name), getattr(hits.hits, name))
        assert np.array_equal(table.p_histogram, hits.p_histogram)
        assert table.n_tests == hits.n_tests


def test_scan__hits_are_those_of_the_definition():
    features, genes = study(8)
    result = scan(features, genes, alpha=0.1)
    expected = naive_scan.rejected(result.p_value, 0.1)
    assert dict(
        zip((result.hits.feature * 9 + result.hits.gene).tolist(), result.hits.p_adjusted, strict=True)
    ) == (pytest.approx(expected, rel=1e-12))
    assert len(result.hits) == bh_threshold(result.p_value.ravel(), result.n_tests, 0.1)[0] > 0
    assert np.all(np.diff(result.hits.p_value) >= 0)


def test_scan__the_histogram_counts_every_p_value():
    features, genes = study(9)
    result = scan(features, genes)
    assert result.p_histogram.tolist() == np.histogram(result.p_value, np.linspace(0, 1, 21))[0].tolist()


def test_scan__p_values_down_to_1e_300():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(1828, 1))
    gene = (features > np.median(features)).astype(float)
    noisy = features + 0.02 * rng.normal(size=features.shape)
    result = scan(features, np.column_stack([gene, noisy]))
    x, y = features[gene == 1], features[gene == 0]
    expected = stats.mannwhitneyu(x, y, method="asymptotic").pvalue
    assert 0 < expected < 1e-297
    assert abs(result.p_value[0, 0] / expected - 1) < 1e-12
    small = scan(features[:200], noisy[:200]).p_value[0, 0]
    rho = stats.spearmanr(features[:200], noisy[:200]).statistic
    t = rho * np.sqrt(198 / ((1 - rho) * (1 + rho)))
    assert 0 < small < 1e-280
    assert small == pytest.approx(2 * stats.t.sf(t, 198), rel=1e-8)  # rho in float64 knows 1 - rho² to 1e-12


def test_scan__an_offset_of_1e8_changes_nothing():
    features, genes = study(10)
    features = np.round(features * 1024) / 1024  # so that adding 1e8 loses no digit
    assert np.array_equal(tables(scan(features, genes)), tables(scan(features + 1e8, genes)))


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("output", ["table", "hits"])
def test_scan__a_perfect_order_has_the_exact_p_value_and_not_zero(alternative, output):
    x = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    noise = np.random.default_rng(0).normal(size=8)
    result = scan(np.column_stack([x, noise]), np.column_stack([x**3, -x, noise]), kind="continuous",
                  alternative=alternative, output=output, alpha=0.99)  # fmt: skip
    for row in result.rows(result.best):
        i, j = int(row["feature"][7:]), int(row["gene"][4:])
        single = correlation.spearman([x, noise][i], [x**3, -x, noise][j], alternative=alternative)
        assert row["p_value"] == pytest.approx(single.p_value, rel=1e-12)
        assert row["effect"] == pytest.approx(single.statistic, rel=1e-12)
        assert row["p_value"] > 0
    assert result.p_histogram.sum() == 6
    if output == "table":
        assert result.p_histogram.tolist() == np.histogram(result.p_value, np.linspace(0, 1, 21))[0].tolist()


@pytest.mark.parametrize("kind", [bool, np.int8, np.int64, np.float32])
def test_scan__takes_genes_of_any_number_type(kind):
    features, genes = study(11)
    expected = tables(scan(features, genes[:, :5]))
    assert np.array_equal(tables(scan(features, genes[:, :5].astype(kind))), expected)


def test_scan__two_values_make_carriers_of_the_larger():
    features, genes = study(12)
    assert np.array_equal(tables(scan(features, genes[:, :5])), tables(scan(features, 2 + genes[:, :5])))


def test_scan__groups_of_one():
    values = np.arange(8.0)[:, None]
    gene = np.eye(8)[:, [7]]
    with pytest.raises(LearnerError) as error:
        scan(values, gene)
    assert error.value.key == "genescan-nothing-left"
    result = scan(values, gene, min_group=1)
    assert result.effect[0, 0] == 1.0
    expected = stats.mannwhitneyu([7], range(7), method="asymptotic").pvalue
    assert result.p_value[0, 0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("gaps", [0.0, 0.15])
def test_scan__groups_as_kruskal(gaps):
    features, genes = study(13, gaps=gaps)
    genes = genes[:, [0, 2, 5]]
    result = scan(features, genes, kind="groups")
    hits = scan(features, genes, kind="groups", output="hits", alpha=0.9)
    for i, j in np.ndindex(9, 3):
        known = ~(np.isnan(features[:, i]) | np.isnan(genes[:, j]))
        x, g = features[known, i], genes[known, j]
        test = stats.kruskal(*[x[g == level] for level in np.unique(g)])
        assert result.p_value[i, j] == pytest.approx(test.pvalue, rel=1e-12)
        assert result.statistic[i, j] == pytest.approx(test.statistic, rel=1e-12, abs=1e-13)
        assert result.effect[i, j] == pytest.approx(test.statistic / (len(x) - 1), rel=1e-12, abs=1e-13)
    assert result.tests == ("kruskal",) * 3
    assert np.array_equal(result.p_histogram, hits.p_histogram)


@pytest.mark.parametrize("alternative", ["two-sided", "greater"])
def test_scan__exact_counts_every_pair_with_ties(alternative):
    rng = np.random.default_rng(0)
    features, genes = rng.integers(0, 6, (14, 3)).astype(float), (rng.random((14, 2)) < 0.5).astype(float)
    features[0, 0] = np.nan
    genes = np.column_stack([genes, rng.normal(size=14)])
    result = scan(features, genes, method="exact", alternative=alternative)
    usual = scan(features, genes, alternative=alternative)
    assert np.array_equal(result.p_value[:, 2], usual.p_value[:, 2])
    for i, j in np.ndindex(3, 2):
        x, y = features[genes[:, j] == 1, i], features[genes[:, j] == 0, i]
        exact = association.wilcoxon(x, y, method="exact", alternative=alternative).p_value
        assert result.p_value[i, j] == exact
    assert "genescan-flag-small-groups" in usual.flags
    assert "genescan-flag-small-groups" not in result.flags
