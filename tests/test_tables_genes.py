"""Two DataFrames in, one tidy table out: the numbers, and who was joined."""

import numpy as np
import pandas as pd
import pytest
from scan_tables import N, refused, two_tables
from scipy.stats import mannwhitneyu, spearmanr
from statsmodels.stats.multitest import multipletests

import rgteach as rg
from rgteach.stats.association import wilcoxon


@pytest.fixture
def two() -> tuple[pd.DataFrame, pd.DataFrame]:
    return two_tables()


# ---------------------------------------------------------------- the numbers


def test_table__agrees_with_scipy_and_statsmodels_pair_by_pair(two):
    features, genes = two
    table = rg.scan(features, genes, id="id").table
    joined = features.merge(genes, on="id")
    for _, row in table.iterrows():
        x, g = joined[row["feature"]], joined[row["gene"]]
        known = x.notna()
        if row["test"] == "wilcoxon":
            inside = known & (g == "Mutant")
            peer = mannwhitneyu(x[inside], x[known & (g != "Mutant")], method="asymptotic")
            effect = peer.statistic / (inside.sum() * (known & (g != "Mutant")).sum())
            assert row["n_carriers"] == inside.sum()
        else:
            peer = spearmanr(x[known], g[known])
            effect = peer.statistic
            assert row["n_carriers"] is pd.NA
        assert row["n"] == known.sum()
        assert row["p_value"] == pytest.approx(peer.pvalue, rel=1e-9)
        assert row["effect"] == pytest.approx(effect, rel=1e-12)
    assert table["p_adjusted"].to_numpy() == pytest.approx(
        multipletests(table["p_value"], method="fdr_bh")[1]
    )
    assert list(table["p_value"]) == sorted(table["p_value"])
    assert len(table) == 12


def test_hits__are_the_head_of_the_table(two):
    found = rg.scan(*two, id="id")
    expected = found.table[found.table["p_adjusted"] <= 0.05]
    assert len(expected) == 1
    pd.testing.assert_frame_equal(found.hits, expected.reset_index(drop=True), check_exact=False, rtol=1e-12)


def test_hits_only__are_the_same_and_their_table_holds_nothing_else(two):
    whole, few = (rg.scan(*two, id="id", output=output) for output in ("table", "hits"))
    pd.testing.assert_frame_equal(whole.hits, few.hits, check_exact=False, rtol=1e-12)
    pd.testing.assert_frame_equal(few.table, few.hits)


def test_intervals__are_those_of_the_test_of_that_one_pair(two):
    found = rg.scan(*two, id="id")
    lines = found.intervals(found.table)
    row = lines[(lines["feature"] == "b") & (lines["gene"] == "EGFR")].iloc[0]
    joined = two[0].merge(two[1], on="id")
    sides = (joined.loc[joined["EGFR"] == word, "b"] for word in ("Mutant", "Wildtype"))
    effect = wilcoxon(*sides).effect
    assert (row["effect_low"], row["effect"], row["effect_high"]) == pytest.approx(
        (effect.low, effect.value, effect.high)
    )
    assert (lines["effect_low"] < lines["effect"]).all()
    assert (lines["effect"] < lines["effect_high"]).all()


def test_arrays__are_passed_through_to_the_scan_of_arrays():
    rng = np.random.default_rng(0)
    result = rg.scan(rng.normal(size=(20, 3)), (np.arange(20) < 8).astype(float)[:, None])
    assert type(result).__name__ == "ScanResult"
    assert result.p_value.shape == (3, 1)


def test_gene_coded_one_and_two__has_the_larger_value_as_carrier():
    """Two values that are not 0 and 1 must not give groups of nobody."""
    features = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6, 7, 8]})
    found = rg.scan(features, pd.DataFrame({"G": [1, 1, 1, 1, 2, 2, 2, 2]}))
    line = found.intervals(found.table).iloc[0]
    assert (line["n_carriers"], line["effect"]) == (4, 1.0)
    assert line["effect_low"] < 1


def test_settings__a_misspelt_one_names_the_nearest(two):
    error = refused(*two, id="id", permutation=10)
    assert (error.key, error.values["nearest"]) == ("unknown-setting", "permutations")


# ---------------------------------------------------------------- joining


def test_join__goes_by_the_id_whatever_the_order(two):
    features, genes = two
    turned = rg.scan(features.iloc[::-1], genes, id="id").table
    pd.testing.assert_frame_equal(turned, rg.scan(features, genes, id="id").table, check_exact=False)


def test_join__by_the_index_is_the_same(two):
    features, genes = two
    by_index = rg.scan(features.set_index("id"), genes.set_index("id"))
    pd.testing.assert_frame_equal(by_index.table, rg.scan(features, genes, id="id").table)
    named = rg.scan(features.set_index("id"), genes, id="id")
    pd.testing.assert_frame_equal(named.table, by_index.table)


def test_join__two_names_for_the_id(two):
    features, genes = two
    found = rg.scan(features, genes.rename(columns={"id": "Patient"}), id=("id", "Patient"))
    assert found.joined.n_joined == N


def test_join__says_who_is_in_one_table_only_and_who_has_no_id(two):
    features, genes = two
    features.loc[0, "id"] = None
    genes.loc[genes["id"] == "P001", "id"] = "X9"
    joined = rg.scan(features, genes, id="id").joined
    assert (joined.n_features, joined.n_genes, joined.n_joined) == (N, N, N - 2)
    assert joined.only_features == ("P001",)
    assert set(joined.only_genes) == {"P000", "X9"}
    assert (joined.no_id_features, joined.no_id_genes) == (1, 0)
    assert "P001" in repr(joined)


def test_join__a_patient_who_stands_twice_is_refused_by_name(two):
    features, genes = two
    error = refused(pd.concat([features, features.iloc[:1]]), genes, id="id")
    assert error.key == "join-twins"
    assert "P000" in str(error)


def test_join__nobody_in_common_shows_ids_of_both_sides(two):
    features, genes = two
    error = refused(features, genes.assign(id=[f"Q{k}" for k in range(N)]), id="id")
    assert error.key == "join-nobody"
    assert "'P000'" in str(error)
    assert "'Q0'" in str(error)


@pytest.mark.parametrize(
    "change",
    [str.lower, lambda key: f" {key} ", lambda key: f"P{int(key[1:])}", lambda key: key.replace("P", "P-")],
    ids=["capitals", "spaces", "zeros", "signs"],
)
def test_join__ids_that_only_look_alike_are_told_and_not_joined(two, change):
    features, genes = two
    assert refused(features, genes.assign(id=genes["id"].map(change)), id="id").key == "join-alike-only"
    some = genes.assign(id=[change(key) if key in ("P005", "P006") else key for key in genes["id"]])
    joined = rg.scan(features, some, id="id").joined
    assert joined.n_joined == N - 2
    assert {first for first, _ in joined.alike} == {"P005", "P006"}


def test_join__seven_and_seven_point_zero_are_one_patient_but_007_is_not():
    """Pandas turns whole ids into floats as soon as one is missing."""
    genes = pd.DataFrame({"id": [str(k) for k in range(12)], "G": [0, 1] * 6})
    features = pd.DataFrame({"id": [*map(float, range(11)), np.nan], "x": np.arange(12.0)})
    assert rg.scan(features, genes, id="id").joined.n_joined == 11
    padded = genes.assign(id=[f"{k:03}" for k in range(12)])
    assert refused(features, padded, id="id").key == "join-alike-only"


def test_join__without_an_id_rows_must_be_as_many():
    features, genes = pd.DataFrame({"x": np.arange(9.0)}), pd.DataFrame({"G": [0, 1] * 4})
    assert refused(features, genes).key == "join-no-id"
    assert rg.scan(features.iloc[:8].reset_index(drop=True), genes).joined.n_joined == 8


def test_join__a_missing_column_names_the_nearest(two):
    error = refused(*two, id="Id")
    assert (error.key, error.values["nearest"]) == ("join-no-column", "id")


def test_one_table_and_one_array__are_refused(two):
    assert refused(two[0], two[1][["copies"]].to_numpy()).key == "genes-half"
    assert refused(np.ones((5, 2)), np.ones((5, 1)), id="id").key == "genes-arrays"


# ---------------------------------------------------------------- the real tables


def test_real__lung_cancer_gives_the_figures_of_its_readme(shared_data):
    folder = shared_data / "nsclc_radiogenomics"
    features, clinical = (pd.read_csv(folder / name) for name in ("features.csv", "clinical.csv"))
    found = rg.scan(features, clinical, id="Case ID", gene="EGFR mutation status")
    table = found.table
    assert (found.joined.n_joined, table["n_carriers"].iloc[0], len(table)) == (51, 12, 1764)
    assert (table["p_value"] < 0.05).sum() == 55
    assert table["p_value"].iloc[0] == pytest.approx(0.00326, abs=5e-6)
    assert table["p_adjusted"].min() == pytest.approx(0.700, abs=5e-4)
    assert found.hits.empty


def test_real__glioma_genes_follow_age(shared_data):
    table = pd.read_csv(shared_data / "tcga_glioma_mutations" / "tcga_glioma.csv")
    found = rg.scan(table[["Age_at_diagnosis"]], table.iloc[:, 4:])
    line = found.table.iloc[0]
    idh1 = table["IDH1"] == 1
    ages = table["Age_at_diagnosis"]
    peer = mannwhitneyu(ages[idh1], ages[~idh1], method="asymptotic")
    assert (line["gene"], line["n"], line["n_carriers"]) == ("IDH1", 839, idh1.sum())
    assert line["p_value"] == pytest.approx(peer.pvalue, rel=1e-9)


def test_scan__shows_its_best_pairs_in_both_languages():
    found = rg.scan(*rg.cohorts.study(60, 8, 2, seed=1).tables())
    best = found.table.iloc[0]
    for lang in ("en", "zh"):
        rg.setup(lang)
        for view in (repr(found), found._repr_html_()):
            assert best["feature"] in view
            assert best["gene"] in view
