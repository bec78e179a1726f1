"""Which word counted as what, and which column was left out and why."""

import numpy as np
import pandas as pd
import pytest
from scan_tables import N, gene, refused, two_tables

import rgteach as rg


@pytest.fixture
def two() -> tuple[pd.DataFrame, pd.DataFrame]:
    return two_tables()


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    "words",
    [
        ["Mutant", "Wildtype"], ["yes", "no"], ["Y", "N"], ["TRUE", "false"], [True, False], [1, 0],
        ["1", "0"], ["Positive", "negative"], ["突变型", "野生型"], ["是", "否"], ["mutated", "WT"],
    ],
    ids=lambda words: str(words[0]),
)  # fmt: skip
def test_words__that_everybody_uses_are_known(words):
    found = gene([words[0]] * 4 + [words[1]] * 5)
    line = found.table.iloc[0]
    assert (line["n"], line["n_carriers"], line["test"]) == (9, 4, "wilcoxon")
    assert line["effect"] == 0  # the first four have the smallest values


@pytest.mark.parametrize(
    "gap", ["Unknown", "Not collected", "N/A", "", "NA", None, np.nan, " unknown ", "未知"]
)
def test_words__for_unknown_are_gaps(gap):
    found = gene(["Mutant"] * 4 + [gap] + ["Wildtype"] * 4)
    assert found.table.iloc[0]["n"] == 8
    assert sum(found.codings[0].missing.values()) == 1


def test_words__what_counted_as_what_is_kept():
    (coding,) = gene(["Mutant"] * 4 + ["wt"] * 3 + ["Wildtype", "Unknown"]).codings
    assert coding.carriers == {"Mutant": 4}
    assert coding.others == {"wt": 3, "Wildtype": 1}
    assert coding.missing == {"Unknown": 1}
    assert "Mutant (4)" in coding.told()


@pytest.mark.parametrize("odd", ["Mutnat", "-", "none", "Translocated", "+"])
def test_words__an_unclear_one_is_refused_and_the_way_out_is_named(odd):
    error = refused(pd.DataFrame({"x": np.arange(9.0)}), pd.DataFrame({"ALK": [odd] * 4 + ["Wildtype"] * 5}))
    assert error.key == "genes-words-unclear"
    assert f"carriers={{'ALK': '{odd}'}}" in str(error)
    assert f"'{odd}'" in error.advice.what


@pytest.mark.parametrize("carriers", [{"G": "Translocated"}, {"G": ["translocated", "odd"]}, "Translocated"])
def test_carriers__a_word_of_ones_own_counts(carriers):
    found = gene(["Translocated"] * 4 + ["Wildtype"] * 4 + ["Unknown"], carriers=carriers)
    assert found.codings[0].carriers == {"Translocated": 4}
    assert found.table.iloc[0]["n"] == 8


def test_carriers__turn_numbers_into_groups():
    found = gene([0.0, 1, 2, 3] * 5, carriers={"G": [2, 3]})
    line = found.table.iloc[0]
    assert (line["test"], line["n_carriers"]) == ("wilcoxon", 10)


def test_carriers__a_word_that_is_not_there_or_a_column_that_is_not_is_refused():
    words = pd.DataFrame({"G": ["Mutant"] * 4 + ["Wildtype"] * 4})
    features = pd.DataFrame({"x": np.arange(8.0)})
    error = refused(features, words, carriers={"G": "mutnat"})
    assert error.key == "genes-carrier-not-there"
    assert "Mutant (4)" in str(error)
    assert refused(features, words, carriers={"H": "Mutant"}).values["nearest"] == "G"


def test_missing__a_word_of_ones_own_counts():
    found = gene(["Mutant"] * 4 + ["Wildtype"] * 4 + ["QNS"], missing=["qns"])
    assert found.table.iloc[0]["n"] == 8


def test_numbers_written_as_text_beside_gaps_are_numbers_but_names_are_not():
    features = pd.DataFrame(
        {"x": ["1.5", "2", "Unknown", "4e1", "5", "6", "7", "8"], "site": ["007", "012"] * 4}
    )
    found = rg.scan(features, pd.DataFrame({"G": [0, 1] * 4}))
    assert found.result.features == ("x",)
    assert found.table.iloc[0]["n"] == 7
    assert [one.name for one in found.left_out] == ["site"]


# ---------------------------------------------------------------- columns


def test_columns__text_is_left_out_with_a_reason(two):
    features, genes = two
    found = rg.scan(features.assign(site="left"), genes.assign(sex="F", when="1991-01-02"), id="id")
    told = found.excluded.set_index("name")
    assert told.loc["site", "reason_key"] == "genes-left-text"
    assert "'left'" in told.loc["site", "reason"]
    assert told.loc["sex", "reason_key"] == "genes-left-words"
    assert set(told["kind"]) == {"feature", "gene"}


def test_columns__asked_for_by_name_are_never_left_out_silently(two):
    features, genes = two
    assert refused(features, genes.assign(sex="F"), id="id", gene="sex").key == "genes-words-unclear"


def test_columns__can_be_chosen_by_name_and_by_pattern(two):
    features, genes = two
    wide = features.assign(**{"a[1]": 1.0 * np.arange(N), "a.1": 2.0 * np.arange(N)})
    found = rg.scan(wide, genes, id="id", feature=["a*", "b"], gene="EGFR")
    assert found.result.features == ("a", "a[1]", "a.1", "b")
    assert rg.scan(wide, genes, id="id", feature="a.?", gene="EGFR").result.features == ("a.1",)
    assert refused(*two, id="id", gene="EGRF").values["nearest"] == "EGFR"
    assert refused(*two, id="id", feature="z*").key == "genes-no-column"


def test_columns__a_gene_among_the_features_is_not_compared_with_itself(two):
    features, genes = two
    found = rg.scan(features.merge(genes[["id", "copies"]], on="id"), genes, id="id")
    assert found.result.features == ("a", "b", "c", "d")
    assert found.excluded["reason_key"].tolist() == ["genes-left-same"]


def test_columns__the_same_name_twice_is_refused(two):
    features, genes = two
    twice = pd.concat([features, features[["a"]]], axis=1)
    assert refused(twice, genes, id="id").key == "genes-twin-columns"


def test_columns__infinite_values_are_refused_by_the_name_of_the_column(two):
    features, genes = two
    features.loc[3, "c"] = np.inf
    assert "c" in refused(features, genes, id="id").values["names"].split(", ")


def test_columns__nothing_to_test_is_a_sentence(two):
    features, genes = two
    assert refused(features[["id"]].assign(site="left"), genes, id="id").key == "genes-no-numbers"
    assert refused(features, genes[["id"]].assign(sex="F"), id="id").key == "genes-no-numbers"


def test_columns__extension_types_categories_and_booleans_are_read(two):
    features, genes = two
    features["a"] = features["a"].astype("Float64")
    features.loc[7, "a"] = pd.NA
    genes["EGFR"] = genes["EGFR"].astype("category")
    genes["flag"] = pd.array([True, None, False, True] * (N // 4), dtype="boolean")
    found = rg.scan(features, genes, id="id")
    line = found.table.set_index(["feature", "gene"]).loc[("a", "EGFR")]
    assert line["n"] == N - 1
    assert found.result.tests[found.result.genes.index("flag")] == "wilcoxon"


def test_input__is_not_changed(two):
    before = [frame.copy() for frame in two]
    rg.scan(*two, id="id")
    for frame, same in zip(two, before, strict=True):
        pd.testing.assert_frame_equal(frame, same)
