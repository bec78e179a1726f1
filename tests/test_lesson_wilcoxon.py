"""What lesson 04 says in words, not in computed numbers, is true of the study it speaks of."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats

import rgteach as rg


@pytest.fixture(scope="module")
def cohort():
    return rg.cohorts.study(seed=1)


def groups(study, feature, gene="IDH_like", part=slice(None)):
    carrier = study.genes[part, study.gene_names.index(gene)] == 1
    values = study.features[part, study.feature_names.index(feature)]
    return values[carrier], values[~carrier]


def test_pilot__without_its_highest_mutant_the_t_test_is_surer(cohort):
    mutant, wild = groups(cohort, "texture_008", part=slice(24))
    less = np.sort(mutant)[:-1]
    assert (len(mutant), len(wild)) == (7, 17)
    assert less.mean() < mutant.mean()
    assert rg.welch(less, wild).p_value < 0.05 < rg.welch(mutant, wild).p_value


def test_pilot__logarithms_change_the_t_test_alone(cohort):
    mutant, wild = groups(cohort, "texture_008", part=slice(24))
    before, after = rg.wilcoxon(mutant, wild), rg.wilcoxon(np.log(mutant), np.log(wild))
    assert (before.statistic, before.p_value) == (after.statistic, after.p_value)
    assert rg.welch(np.log(mutant), np.log(wild)).p_value == pytest.approx(after.p_value, rel=0.2)


def sample_of(u, n_x=7, n_y=17):
    """Two groups without ties whose U is u: x as low as can be, then raised from the top."""
    x = np.arange(n_x)
    for k in reversed(range(n_x)):
        step = min(u, n_y)
        x[k] += step
        u -= step
    return x, np.setdiff1d(np.arange(n_x + n_y), x)


def test_pilot__half_a_step_helps_near_the_middle_and_not_far_out():
    p = {}
    for u in (70, 80, 90, 105):
        x, y = sample_of(u)
        assert rg.wilcoxon(x, y).statistic == u
        exact = rg.wilcoxon(x, y, method="exact").p_value
        plain, half = (rg.wilcoxon(x, y, method="asymptotic", correction=c).p_value for c in (False, True))
        p[u] = exact, plain, half
    for u in (70, 80, 90):
        assert abs(p[u][2] - p[u][0]) < abs(p[u][1] - p[u][0])
    assert p[105][0] < p[105][1] < p[105][2]


def test_ties__nine_wild_types_become_nought_and_scipys_exact_is_another_number(cohort):
    x, y = map(np.round, groups(cohort, "texture_008", part=slice(24)))
    assert (y == 0).sum() == 9
    assert min(*x) > 0
    ours = rg.wilcoxon(x, y, method="exact").p_value
    assert stats.mannwhitneyu(x, y, method="exact").pvalue > 2 * ours
    assert stats.mannwhitneyu(x, y).pvalue == stats.mannwhitneyu(x, y, method="asymptotic").pvalue > 2 * ours


def test_scanner__a_finding_over_all_patients_is_gone_within_each():
    study = rg.cohorts.study(seed=1, confounding=0.8)
    j = study.feature_names.index("texture_050")
    assert study.truth.scanner_shift[j] > 0
    assert not study.truth.shift[j].any()
    assert rg.wilcoxon(*groups(study, "texture_050")).p_value < 0.001
    assert (
        min(rg.wilcoxon(*groups(study, "texture_050", part=study.scanner == k)).p_value for k in (0, 1)) > 0.5
    )
    assert study.scanner[study.genes[:, 0] == 1].mean() < 0.2


def test_answer__the_interval_holds_the_truth_and_the_companion_borrows(cohort):
    j = cohort.feature_names.index("texture_008")
    truth = stats.norm.cdf(cohort.truth.shift[j, 0] / sqrt(2))
    effect = rg.wilcoxon(*groups(cohort, "texture_008")).effect
    pilot = rg.wilcoxon(*groups(cohort, "texture_008", part=slice(24))).effect
    assert effect.low < truth < effect.high
    assert pilot.value > truth
    assert cohort.truth.scanner_shift[j] == 0
    assert cohort.truth.shift[j, 1] == 0
    assert rg.wilcoxon(*groups(cohort, "texture_008", "ATRX_like")).p_value < 0.001
    for carrier in (0, 1):
        same = cohort.genes[:, 0] == carrier
        assert rg.wilcoxon(*groups(cohort, "texture_008", "ATRX_like", same)).p_value > 0.3
    for gene in ("IDH_like", "ATRX_like"):
        effect = rg.wilcoxon(*groups(cohort, "texture_050", gene)).effect
        assert effect.low < 0.5 < effect.high


def test_truth__of_the_shift_is_the_auc_that_a_large_study_finds():
    study = rg.cohorts.study(40_000, seed=2)
    j = study.feature_names.index("texture_008")
    auc = rg.wilcoxon(*groups(study, "texture_008")).effect
    assert auc.low < stats.norm.cdf(study.truth.shift[j, 0] / sqrt(2)) < auc.high
