"""The permutations of a scan: seeds, gaps, Westfall and Young's adjustment, and what the null looks like."""

import numpy as np
import pytest
from test_stats_scan import study

from rgteach.errors import LearnerError
from rgteach.stats.scan import blocks as scan_blocks
from rgteach.stats.scan import parts as scan_parts
from rgteach.stats.scan import permutation as scan_permutation
from rgteach.stats.scan import scan
from rgteach.stats.scan.answers import Question


def smallest(features, genes, tests, n, seed=0, min_group=3, alternative="two-sided"):
    plan = scan_parts.make_plan(features, genes, tests, min_group)
    with scan_blocks.workers(1) as team:
        question = Question(alternative, True)
        return scan_permutation.smallest_by_chance(plan, question, team, n, seed)


@pytest.mark.parametrize("gaps", [0.0, 0.1])
@pytest.mark.parametrize("alternative", ["two-sided", "less"])
@pytest.mark.parametrize("one_by_one", [False, True], ids=["by-gaps", "one-by-one"])
def test_permutations__are_scans_of_tables_dealt_anew(monkeypatch, gaps, alternative, one_by_one):
    monkeypatch.setattr(scan_parts, "one_by_one", lambda *_: one_by_one)
    features, genes = study(3, gaps=gaps)
    settings = {"alternative": alternative, "min_group": 2}
    tests = scan(features, genes, **settings).tests
    found = smallest(features, genes, tests, 4, seed=11, **settings)
    for k in range(4):
        order = np.random.default_rng(np.random.SeedSequence(11, spawn_key=(k,))).permutation(len(features))
        dealt = scan(features[order], genes, **settings)
        assert found[k] == pytest.approx(np.nanmin(dealt.p_value), rel=1e-9)


def test_permutations__each_has_its_own_seed():
    features, genes = study(4)
    tests = scan(features, genes).tests
    few, more = (smallest(features, genes, tests, n, seed=2) for n in (3, 9))
    assert few.tolist() == more[:3].tolist()
    assert len(set(more.tolist())) == 9
    assert smallest(features, genes, tests, 3, seed=3).tolist() != few.tolist()


def test_family_wise__counts_by_hand():
    chance = np.array([0.01, 0.2, 0.03, 0.5])
    p = np.array([0.001, 0.01, 0.02, 0.03, 0.9])
    assert scan_permutation.family_wise(p, chance).tolist() == [0.2, 0.4, 0.4, 0.6, 1.0]


@pytest.mark.parametrize("alpha", [0.2, 0.4, 0.5, 0.6, 0.99])
def test_threshold__is_where_the_adjusted_p_value_passes_alpha(alpha):
    chance = np.array([0.01, 0.2, 0.03, 0.5])
    bound = scan_permutation.threshold(chance, alpha)
    for p in (0.001, 0.0099, 0.011, 0.0299, 0.031, 0.199, 0.21, 0.49, 0.51):
        adjusted = scan_permutation.family_wise(np.array([p]), chance)[0]
        assert (p < bound) == (adjusted <= alpha)


def test_scan__the_hits_carry_their_family_wise_p_value():
    features, genes = study(5)
    result = scan(features, genes, permutations=99, alpha=0.1)
    assert len(result.hits) > 0
    assert np.array_equal(result.hits.p_fwer <= 0.1, result.hits.p_value < result.fwer_threshold)
    assert result.hits.p_fwer[0] == 0.01
    hits = scan(features, genes, permutations=99, alpha=0.1, output="hits")
    assert hits.fwer_threshold == result.fwer_threshold
    assert scan(features, genes).fwer_threshold is None


def test_scan__groups_are_dealt_anew_too():
    features, genes = study(6)
    result = scan(features, genes[:, [0, 5]], kind="groups", permutations=39)
    assert 0 < result.fwer_threshold < 0.05


def test_scan__too_few_permutations_for_alpha_are_refused():
    features, genes = study(7)
    with pytest.raises(LearnerError) as error:
        scan(features, genes, permutations=18)
    assert (error.value.key, error.value.values["least"]) == ("genescan-few-permutations", 19)
    assert scan(features, genes, permutations=19).fwer_threshold > 0


def test_null__p_values_are_even_and_the_family_wise_bound_holds():
    """200 null studies of 6 correlated features x 5 genes.

    Raw p < 0.05 in 5 % of 6,000 tests (correlations widen the standard error to about 0.7 %, so 3 % to 7 %
    is three of them); a pair below the family-wise bound in at most 10 % of studies (standard error 2.1 %).
    """
    rng = np.random.default_rng(0)
    raw, any_below = [], 0
    for study_number in range(200):
        features = rng.normal(size=(40, 6)) + rng.normal(size=(40, 1))
        genes = (rng.normal(size=(40, 5)) + rng.normal(size=(40, 1)) > 0).astype(float)
        genes[:, 4] = rng.normal(size=40)
        result = scan(features, genes, permutations=99, alpha=0.1, seed=study_number, threads=1)
        raw.append(result.p_value)
        any_below += bool((result.p_value < result.fwer_threshold).any())
    assert 0.03 < np.mean(np.array(raw) < 0.05) < 0.07
    assert 0.45 < np.mean(np.array(raw)) < 0.55
    assert 0.035 < any_below / 200 < 0.165
