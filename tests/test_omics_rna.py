"""Units of RNA: counted by hand, held to their identities; a table that cannot be scaled is explained."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import rgteach as rg
from rgteach import wording
from rgteach.omics.rna import cpm, fpkm, log2p1, tpm

# Two samples of four genes; B is A sequenced twice as deep.
COUNTS = np.array([[10, 20], [20, 40], [5, 10], [65, 130]])
LENGTHS = np.array([2000, 4000, 1000, 10000])


def naive_tpm(counts, lengths):
    """The definition as it stands on the blackboard: length first, then depth."""
    rates = [count / (length / 1000) for count, length in zip(counts, lengths, strict=True)]
    return [rate / (sum(rates) / 1_000_000) for rate in rates]


def naive_fpkm(counts, lengths):
    """And the other way round: depth first, then length."""
    million = sum(counts) / 1_000_000
    return [count / million / (length / 1000) for count, length in zip(counts, lengths, strict=True)]


# ---- by hand


def test_cpm__by_hand():
    assert cpm(COUNTS).tolist() == [[100_000.0] * 2, [200_000.0] * 2, [50_000.0] * 2, [650_000.0] * 2]


def test_fpkm__by_hand():
    """10 of 100 fragments on 2 kb: 100,000 a million, 50,000 a kilobase."""
    assert fpkm(COUNTS, LENGTHS)[:, 0].tolist() == pytest.approx([50_000, 50_000, 50_000, 65_000])


def test_tpm__by_hand():
    """5, 5, 5 and 6.5 fragments a kilobase, 21.5 together."""
    assert tpm(COUNTS, LENGTHS)[:, 1] == pytest.approx(np.array([5, 5, 5, 6.5]) / 21.5 * 1e6)


def test_log2p1__by_hand():
    assert log2p1([[0, 1], [3, 1023]]).tolist() == [[0.0, 1.0], [2.0, 10.0]]


def test_names__are_flat_too():
    assert (rg.cpm, rg.fpkm, rg.tpm) == (cpm, fpkm, tpm)


# ---- identities

tables = arrays(
    np.int64, st.tuples(st.integers(1, 8), st.integers(1, 5)), elements=st.integers(0, 10**7)
).filter(lambda table: (table.sum(axis=0) > 0).all())


@given(tables, st.data())
def test_identities__hold_for_every_table(counts, data):
    lengths = data.draw(arrays(np.int64, len(counts), elements=st.integers(200, 10**5)))
    shares, units, rates = cpm(counts), tpm(counts, lengths), fpkm(counts, lengths)
    assert shares.sum(axis=0) == pytest.approx(1e6)
    assert units.sum(axis=0) == pytest.approx(1e6)
    assert units == pytest.approx(1e6 * rates / rates.sum(axis=0))
    assert rates == pytest.approx(shares / (lengths[:, None] / 1000))
    for k, column in enumerate(counts.T):
        assert units[:, k] == pytest.approx(naive_tpm(column.tolist(), lengths.tolist()))
        assert rates[:, k] == pytest.approx(naive_fpkm(column.tolist(), lengths.tolist()))


def test_depth__changes_counts_and_nothing_else():
    for unit in (cpm(COUNTS), fpkm(COUNTS, LENGTHS), tpm(COUNTS, LENGTHS)):
        assert unit[:, 0] == pytest.approx(unit[:, 1])


def test_tpm__does_not_depend_on_the_unit_of_length_and_fpkm_does():
    assert tpm(COUNTS, LENGTHS * 3) == pytest.approx(tpm(COUNTS, LENGTHS))
    assert fpkm(COUNTS, LENGTHS * 3) == pytest.approx(fpkm(COUNTS, LENGTHS) / 3)


def test_equal_lengths__make_tpm_and_cpm_one():
    assert tpm(COUNTS, [1500] * 4) == pytest.approx(cpm(COUNTS))


def test_fpkm__sums_differ_between_samples_where_tpm_sums_do_not():
    """Wagner et al. 2012: the sum of RPKM depends on which genes a sample expresses."""
    counts = [[90, 10], [10, 90]]
    assert np.ptp(fpkm(counts, [1000, 4000]).sum(axis=0)) > 1e5
    assert np.ptp(tpm(counts, [1000, 4000]).sum(axis=0)) < 1e-6


# ---- axes


def test_genes__in_columns_give_the_same_turned():
    assert np.array_equal(cpm(COUNTS.T, genes="columns"), cpm(COUNTS).T)
    assert np.array_equal(fpkm(COUNTS.T, LENGTHS, genes="columns"), fpkm(COUNTS, LENGTHS).T)
    assert np.array_equal(tpm(COUNTS.T, LENGTHS, genes="columns"), tpm(COUNTS, LENGTHS).T)


def test_one_sample__may_come_as_a_plain_list():
    assert tpm([10, 20, 5, 65], LENGTHS) == pytest.approx(tpm(COUNTS, LENGTHS)[:, 0])
    assert cpm([1, 3]).shape == (2,)
    assert cpm([[1], [3]]).shape == (2, 1)


def test_input__of_pandas_is_read_and_never_changed():
    table, lengths = pd.DataFrame(COUNTS, columns=["A", "B"]), pd.Series(LENGTHS)
    before = table.copy()
    assert np.array_equal(tpm(table, lengths), tpm(COUNTS, LENGTHS))
    assert table.equals(before)
    given = COUNTS.astype(float)
    tpm(given, LENGTHS)
    assert np.array_equal(given, COUNTS)


def test_transposed__is_recognised_by_the_number_of_lengths():
    for unit in (fpkm, tpm):
        with pytest.raises(rg.LearnerError, match='genes="columns"') as trouble:
            unit(COUNTS.T, LENGTHS)
        assert trouble.value.key == "genes-other-axis"
    with pytest.raises(rg.LearnerError, match='genes="rows"'):
        tpm(COUNTS, LENGTHS, genes="columns")


def test_transposed__without_lengths_is_suspected_where_columns_are_many():
    table = np.ones((20, 5000), int)
    with pytest.warns(rg.LearnerWarning, match='genes="columns"'):
        cpm(table)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cpm(table, genes="columns")
        cpm(np.ones((300, 500), int))


# ---- tables that cannot be scaled


def damaged(row, column, value):
    table = COUNTS.astype(float)
    table[row, column] = value
    return table


BAD_COUNTS = {
    "counts-missing": damaged(2, 1, np.nan),
    "counts-negative": damaged(1, 0, -3),
    "counts-fractions": damaged(3, 1, 0.5),
    "sample-without-counts": COUNTS * np.array([1, 0]),
    "counts-shape": np.ones((2, 2, 2), int),
    "not-numbers": [["EGFR", 3], ["TP53", 4]],
}
BAD_LENGTHS = {
    "lengths-number": [2000, 4000, 1000],
    "length-missing": [2000, np.nan, 1000, 10000],
    "length-not-positive": [2000, 4000, 0, 10000],
    "not-numbers": ["2000", "4000", "1000", "x"],
}


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("key", BAD_COUNTS)
def test_counts__that_cannot_be_scaled_are_explained(key, lang):
    wording.choose(lang)
    for call in (cpm, lambda c: fpkm(c, LENGTHS), lambda c: tpm(c, LENGTHS)):
        with pytest.raises(rg.LearnerError) as trouble:
            call(BAD_COUNTS[key])
        assert trouble.value.key == key
        assert "{" not in str(trouble.value)


@pytest.mark.parametrize("lang", wording.LANGUAGES)
@pytest.mark.parametrize("key", BAD_LENGTHS)
def test_lengths__that_cannot_be_used_are_explained(key, lang):
    wording.choose(lang)
    for unit in (fpkm, tpm):
        with pytest.raises(rg.LearnerError) as trouble:
            unit(COUNTS, BAD_LENGTHS[key])
        assert trouble.value.key == key
        assert str(trouble.value)


def test_errors__say_where():
    with pytest.raises(rg.LearnerError, match="gene 2, sample 1"):
        cpm(BAD_COUNTS["counts-missing"])
    with pytest.raises(rg.LearnerError, match="gene 1, sample 0"):
        cpm(BAD_COUNTS["counts-negative"])
    with pytest.raises(rg.LearnerError, match="gene 3 in sample 1"):
        cpm(BAD_COUNTS["counts-fractions"])
    with pytest.raises(rg.LearnerError, match="the first is sample 1"):
        cpm(BAD_COUNTS["sample-without-counts"])
    with pytest.raises(rg.LearnerError, match="gene 2 .* is 0"):
        tpm(COUNTS, BAD_LENGTHS["length-not-positive"])


@pytest.mark.parametrize(
    "empty", [[], np.empty((0, 3)), np.empty((3, 0)), 7], ids=["list", "genes", "samples", "number"]
)
def test_counts__without_genes_or_samples_are_explained(empty):
    with pytest.raises(rg.LearnerError) as trouble:
        cpm(empty)
    assert trouble.value.key == "counts-shape"


def test_fractions__are_let_through_where_they_are_said_to_be_estimates():
    assert cpm([0.5, 1.5], estimated=True).tolist() == [250_000.0, 750_000.0]
    with pytest.raises(rg.LearnerError):
        cpm([-0.5, 1.5], estimated=True)


def test_lengths__in_kilobases_are_suspected_and_short_genes_are_not():
    with pytest.warns(rg.LearnerWarning, match="kilobases"):
        fpkm(COUNTS, LENGTHS / 1000 + 0.25)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fpkm(COUNTS, [22, 21, 23, 22])  # micro-RNA
        fpkm(COUNTS, LENGTHS - 187.4)  # effective lengths


@pytest.mark.parametrize(("values", "key"), [([1, np.nan], "log-missing"), ([-0.1, 2], "log-negative")])
def test_log2p1__refuses_what_has_no_logarithm(values, key):
    with pytest.raises(rg.LearnerError) as trouble:
        log2p1(values)
    assert trouble.value.key == key


def test_settings__misspelt_are_named():
    with pytest.raises(rg.LearnerError, match="'genes'"):
        cpm(COUNTS, gene="rows")
    with pytest.raises(rg.LearnerError, match="'columns'"):
        cpm(COUNTS, genes="column")
