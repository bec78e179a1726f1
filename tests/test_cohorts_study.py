"""The simulated study keeps its truth: what was put in is there, what was not is not."""

import numpy as np
import pytest

import rgteach as rg
from rgteach.errors import LearnerError


def auc(values, carriers):
    a, b = values[carriers == 1][:, None], values[carriers == 0][None]
    return np.mean((a > b) + 0.5 * (a == b))


@pytest.fixture(scope="module")
def large():
    return rg.cohorts.study(4000, 48, 6, seed=5, scanner_effect=0.6)


def test_study__the_same_seed_gives_the_same_patients():
    a, b = rg.cohorts.study(seed=3), rg.cohorts.study(seed=3)
    assert np.array_equal(a.features, b.features)
    assert np.array_equal(a.genes, b.genes)
    assert not np.array_equal(a.features, rg.cohorts.study(seed=4).features)


def test_study__is_the_same_on_every_machine():
    made = rg.cohorts.study(12, 8, 2, seed=1)
    assert made.genes[:, 0].tolist() == [1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0]
    assert made.features[0, 0] == pytest.approx(0.5750265928, abs=1e-9)


def test_study__the_driver_moves_its_features_by_what_the_truth_says(large):
    driver, plain = large.genes[:, 0] == 1, np.arange(48) % 4 != 3
    gap = large.features[driver].mean(0) - large.features[~driver].mean(0)
    np.testing.assert_allclose(gap[plain], large.truth.shift[plain, 0], atol=0.12)  # three standard errors


def test_study__only_the_driver_has_an_effect_of_its_own(large):
    assert np.count_nonzero(large.truth.shift[:, 0]) == 16
    assert not large.truth.shift[:, 1:].any()


def test_study__the_companion_borrows_its_effect_from_the_driver(large):
    moved = int(np.argmax(large.truth.shift[:, 0]))
    values, (driver, companion) = large.features[:, moved], large.genes[:, :2].T
    assert auc(values, companion) > 0.65
    within = [auc(values[driver == d], companion[driver == d]) for d in (0, 1)]
    np.testing.assert_allclose(within, 0.5, atol=0.06)


def test_study__features_of_a_block_go_together_and_blocks_do_not(large):
    ranks = large.features.argsort(0).argsort(0)
    rho = np.corrcoef(ranks[large.genes[:, 0] == 0], rowvar=False)
    same = large.truth.block[:, None] == large.truth.block[None]
    off = ~np.eye(48, dtype=bool)
    assert rho[same & off].min() > 0.5
    assert abs(rho[~same]).mean() < 0.1  # the scanner is shared by all of them


def test_study__the_second_scanner_moves_what_the_truth_says(large):
    scanned = large.truth.scanner_shift > 0
    aucs = np.array([auc(column, large.scanner) for column in large.features.T])
    assert aucs[scanned].min() > 0.58
    assert abs(aucs[~scanned] - 0.5).max() < 0.05


def test_study__confounding_makes_carriers_rarer_on_the_second_scanner():
    fair, unfair = (rg.cohorts.study(3000, 8, 2, seed=2, confounding=c) for c in (0.0, 0.8))
    shares = [[s.genes[s.scanner == k, 0].mean() for k in (0, 1)] for s in (fair, unfair)]
    assert abs(shares[0][0] - shares[0][1]) < 0.06
    assert shares[1][0] > 4 * shares[1][1]


def test_more__are_other_patients_of_the_same_truth(large):
    new = large.more(4000, seed=7)
    assert new.truth is large.truth
    assert new.feature_names == large.feature_names
    assert not set(new.patients) & set(large.patients)
    assert not np.isin(new.features[:, 0], large.features[:, 0]).any()
    moved = np.flatnonzero(large.truth.shift[:, 0])
    plain = moved[moved % 4 != 3]
    difference = new.features[new.genes[:, 0] == 1].mean(0) - new.features[new.genes[:, 0] == 0].mean(0)
    assert difference[plain] == pytest.approx(large.truth.shift[plain, 0], abs=0.12)
    assert np.array_equal(new.features, large.more(4000, seed=7).features)
    with pytest.raises(LearnerError):
        large.more(3, seed=1)


def test_study__without_an_effect_there_is_no_truth():
    assert not rg.cohorts.study(effect=0.0).truth.shift.any()


def test_study__tables_are_indexed_by_patient():
    made = rg.cohorts.study(30, 8, 3)
    features, genes = made.tables()
    assert features.index.name == "patient"
    assert list(genes.columns) == ["IDH_like", "ATRX_like", "gene_0003"]
    assert features.index.equals(genes.index)


@pytest.mark.parametrize("size", [(9, 8, 2), (10, 7, 2), (10, 8, 1), ("10", 8, 2)])
def test_study__too_small_a_study_is_refused_with_a_sentence(size):
    with pytest.raises(LearnerError) as caught:
        rg.cohorts.study(*size)
    assert caught.value.key == "bad-study-size"


def test_study__tells_itself_in_both_languages():
    made = rg.cohorts.study(30, 8, 3)
    assert "patients" in repr(made)
    rg.setup("zh")
    assert "患者数" in made._repr_html_()
