"""What the scan refuses, what it leaves out and why, what it shows; and the two real tables."""

import csv

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_stats_scan import study

import rgteach as rg
from rgteach.errors import LearnerError
from rgteach.stats.multiplicity import adjust
from rgteach.stats.scan import scan


def refused(*tables, **settings):
    with pytest.raises(LearnerError) as error:
        scan(*(tables or study()), **settings)
    assert str(error.value)
    return error.value.key, error.value.values


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"altenative": "less"}, "unknown-setting"),
        ({"kind": "carriers"}, "unknown-option"),
        ({"output": "tabel"}, "unknown-option"),
        ({"method": "auto"}, "unknown-option"),
        ({"alternative": "upper"}, "unknown-option"),
        ({"alpha": 1.0}, "out-of-range"),
        ({"min_group": 0}, "genescan-bad-min-group"),
        ({"permutations": -1}, "genescan-bad-permutations"),
        ({"permutations": 5}, "genescan-few-permutations"),
        ({"seed": 0.5}, "genescan-bad-seed"),
        ({"threads": 0}, "genescan-bad-threads"),
        ({"method": "exact", "output": "hits"}, "genescan-exact-table"),
        ({"method": "exact", "permutations": 99}, "genescan-exact-table"),
        ({"kind": "binary"}, "genescan-not-binary"),
        ({"kind": "groups"}, "genescan-many-groups"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value,
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_scan__refuses_with_a_sentence(settings, key, lang):
    rg.setup(lang)
    assert refused(**settings)[0] == key


def test_scan__refuses_tables_of_different_patients():
    features, genes = study()
    assert refused(features, genes[:-1]) == ("lengths-differ", {"told": "features: 60, genes: 59"})


def test_scan__refuses_words_and_infinite_values():
    features, genes = study()
    assert refused([["a"], ["b"]], [[0], [1]])[0] == "not-numbers"
    features[0, 0] = np.inf
    assert refused(features, genes)[0] == "infinite-values"


def test_scan__refuses_one_name_for_two_columns():
    features, genes = study()
    table = pd.DataFrame(genes[:, :3], columns=["TP53", "EGFR", "TP53"])
    assert refused(features, table) == ("genescan-same-name", {"table": "genes", "name": "TP53", "n": 2})


@pytest.mark.parametrize("n", [0, 1, 5])
def test_scan__too_few_patients_for_anything(n):
    features, genes = study()
    key, values = refused(features[:n], genes[:n])
    assert (key, values["table"]) == ("genescan-nothing-left", "features")


def test_scan__no_columns_at_all():
    features, genes = study()
    assert refused(features[:, :0], genes)[1] == {"table": "features", "n": 0, "first": "–"}


def test_scan__leaves_out_columns_by_name_with_the_reason():
    features, genes = study()
    n = len(features)
    rare = np.zeros(n)
    rare[:2] = 1
    features = pd.DataFrame({"volume": features[:, 0], "flat": 7.5, "empty": np.nan, "few": np.nan})
    features.loc[:3, "few"] = [1, 2, 3, 4]
    columns = {"EGFR": genes[:, 1], "nobody": 0, "everybody": 1, "flat": 2, "empty": np.nan, "rare": rare}
    result = scan(features, pd.DataFrame({**columns, "common": 1 - rare}))
    assert (result.features, result.genes) == (("volume",), ("EGFR",))
    assert [(one.kind, one.name, one.reason_key, dict(one.values)) for one in result.excluded] == [
        ("feature", "flat", "genescan-out-constant", {"n": n, "value": "7.5"}),
        ("feature", "empty", "genescan-out-missing", {}),
        ("feature", "few", "genescan-out-few-values", {"n": 4, "least": 6}),
        ("gene", "nobody", "genescan-out-nobody", {"n": n}),
        ("gene", "everybody", "genescan-out-everybody", {"n": n}),
        ("gene", "flat", "genescan-out-constant", {"n": n, "value": "2"}),
        ("gene", "empty", "genescan-out-missing", {}),
        ("gene", "rare", "genescan-out-small-group", {"carriers": 2, "others": n - 2, "least": 3}),
        ("gene", "common", "genescan-out-small-group", {"carriers": n - 2, "others": 2, "least": 3}),
    ]
    assert scan(features, pd.DataFrame({"rare": rare}), min_group=2).genes == ("rare",)


def test_scan__the_kind_of_a_gene_follows_from_its_own_values():
    features, genes = study()
    result = scan(features, genes)
    assert result.kinds == ("binary",) * 5 + ("ordinal", "continuous", "continuous", "continuous")
    assert scan(features, genes[:, [0, 5]], kind="continuous").tests == ("spearman", "spearman")
    assert scan(features, genes[:, [1]]).group_sizes.tolist() == [[60, int(genes[:, 1].sum())]]
    assert scan(features, genes[:, [5]]).group_sizes.tolist() == [[60, -1]]


def test_scan__does_not_touch_its_input():
    features, genes = study(gaps=0.1)
    genes[:, 0] = 2 * genes[:, 0] + 1
    before = features.copy(), genes.copy()
    scan(features, genes, permutations=19)
    assert np.array_equal(before[0], features, equal_nan=True)
    assert np.array_equal(before[1], genes, equal_nan=True)


def test_scan__takes_lists_and_single_columns():
    values, gene = [3.0, 1, 2, 5, 4, None, 9], [0, 0, 0, 1, 1, 1, 1]
    result = scan(values, gene)
    assert (result.features, result.genes) == (("feature0",), ("gene0",))
    assert result.effect[0, 0] == 1.0
    assert result.best.n.tolist() == [6]


def test_scan__small_groups_raise_a_flag_with_their_number():
    features, genes = study()
    genes[:, 0] = 0
    genes[:4, 0] = 1
    result = scan(features, genes)
    assert result.flags == ("genescan-flag-small-groups",)
    assert f"{result.details['n_small']} genes have fewer than 10 patients" in result.notes[0]
    few = scan(features[:8], genes[:8, 6:])
    assert few.flags == ("genescan-flag-few-patients",)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("output", ["table", "hits"])
def test_views__say_what_was_tested_and_found(lang, output):
    rg.setup(lang)
    features, genes = study(5)
    features[:, 0] = 1
    result = scan(features, genes, permutations=19, output=output)
    best = result.top(1)[0]
    for text in (repr(result), result._repr_html_()):
        assert best["feature"] in text
        assert "feature0" in text  # left out
        assert str(result.n_tests) in text
    assert result._repr_html_().count("<tr>") >= 1 + len(result.top())
    assert ("扫描" in repr(result)) == (lang == "zh")
    wide = scan(features, genes, kind="continuous")
    assert "ρ" in repr(wide)
    assert "ε²" in repr(scan(features, genes[:, [5]], kind="groups"))


def test_top__adjusted_p_values_are_known_where_all_pairs_are():
    features, genes = study(6)
    result = scan(features, genes)
    adjusted = np.sort(adjust(result.p_value.ravel(), method="bh"))
    assert [row["p_adjusted"] for row in result.top(81)] == pytest.approx(adjusted[:81].tolist(), rel=1e-12)
    top = scan(features, genes, output="hits").top(100)
    assert all((row["p_adjusted"] <= 0.05) or np.isnan(row["p_adjusted"]) for row in top)
    assert list(result.rows())[0]["p_adjusted"] == result.top(1)[0]["p_adjusted"]


# ------------------------------------------------------------------ real tables


@pytest.fixture(scope="module")
def lung(shared_data):
    """51 patients of NSCLC-Radiogenomics with known EGFR status: their image features, and who is mutant."""
    folder = shared_data / "nsclc_radiogenomics"
    features = pd.read_csv(folder / "features.csv").set_index("Case ID")
    status = pd.read_csv(folder / "clinical.csv").set_index("Case ID")["EGFR mutation status"]
    status = status[status.isin(["Mutant", "Wildtype"])]
    both = features.index.intersection(status.index)
    return features.loc[both], (status.loc[both] == "Mutant").astype(int).to_frame("EGFR")


@pytest.mark.parametrize("output", ["table", "hits"])
def test_lung__nothing_survives_as_its_readme_says(lung, output):
    features, egfr = lung
    assert (len(features), int(egfr.sum().item())) == (51, 12)
    result = scan(features, egfr, output=output)
    assert len(result.features) + len(result.excluded) == 1764
    assert result.p_histogram[0] == 55
    assert round(result.best.p_value[0], 5) == 0.00326
    assert len(result.hits) == 0
    if output == "table":
        assert round(result.top(1)[0]["p_adjusted"], 3) == 0.700


def test_lung__every_p_value_as_scipy(lung):
    features, egfr = lung
    result = scan(features, egfr)
    mutant = egfr["EGFR"] == 1
    chosen = features[list(result.features)]
    expected = stats.mannwhitneyu(chosen[mutant], chosen[~mutant], method="asymptotic", axis=0)
    assert np.allclose(result.p_value[:, 0], expected.pvalue, rtol=1e-12, atol=0)
    assert np.array_equal(result.statistic[:, 0], expected.statistic)


def test_glioma__age_and_grade_against_twenty_genes_as_scipy(shared_data):
    with (shared_data / "tcga_glioma_mutations" / "tcga_glioma.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    table = pd.DataFrame(rows, columns=header).astype(float)
    features, genes = table[["Age_at_diagnosis", "Grade"]], table[header[4:]]
    result = scan(features, genes)
    assert (result.n_patients, len(result.genes)) == (839, 20)
    for j, gene in enumerate(result.genes):
        mutated = genes[gene] == 1
        for i, name in enumerate(result.features):
            x, y = features[name][mutated], features[name][~mutated]
            expected = stats.mannwhitneyu(x, y, method="asymptotic")
            assert result.p_value[i, j] == pytest.approx(expected.pvalue, rel=1e-12)
            assert result.statistic[i, j] == expected.statistic
    best = result.top(1)[0]
    assert (best["feature"], best["gene"], best["n_carriers"]) == ("Grade", "IDH1", int(genes["IDH1"].sum()))
    assert best["effect"] < 0.5  # IDH1 mutant gliomas are rarely of the high grade
