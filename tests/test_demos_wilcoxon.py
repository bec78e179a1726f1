"""What the rank-sum demo claims in its answer is true at every setting it speaks of."""

import numpy as np
import pytest
from scipy import stats

import rgteach as rg
from rgteach.demos import wilcoxon as demo


def seen(shift=1.0, outlier=0, size=20):
    return demo.compute(shift, outlier, size).features


def test_numbers__are_those_of_scipy():
    view = demo.compute(1.0, 0, 20)
    ranks = stats.mannwhitneyu(view.mutant, view.wild, method="exact")
    means = stats.ttest_ind(view.mutant, view.wild, equal_var=False)
    assert view.features["u"] == ranks.statistic
    assert view.features["p_wilcoxon"] == pytest.approx(ranks.pvalue, rel=1e-9)
    assert view.features["p_t"] == pytest.approx(means.pvalue, rel=1e-9)
    assert view.p_wilcoxon[demo.ADDED.index(0)] == view.features["p_wilcoxon"]


def test_answer__pulled_up_the_t_test_loses_and_the_rank_sum_does_not_move():
    p_t = [seen(outlier=added)["p_t"] for added in (2, 5, 10, 20)]
    assert p_t == sorted(p_t)
    assert p_t[0] < 0.05 < p_t[-1]
    difference = [seen(outlier=added)["difference"] for added in (2, 5, 10, 20)]
    assert difference == sorted(difference)
    for name in ("u", "auc", "p_wilcoxon"):
        assert len({seen(outlier=added)[name] for added in (0, 2, 5, 10, 20)}) == 1


@pytest.mark.parametrize("size", [5, 10, 20])
def test_answer__pulled_down_one_patient_takes_little_from_the_auc_and_the_sign_from_the_means(size):
    before, after = seen(size=size), seen(size=size, outlier=-20)
    assert 0 < before["auc"] - after["auc"] <= 1 / size + 1e-12
    assert before["difference"] > 0.7
    assert after["difference"] < 0 if size < 20 else abs(after["difference"]) < 0.02


@pytest.mark.parametrize("shift", demo.SHIFTS)
@pytest.mark.parametrize("outlier", demo.ADDED)
def test_answer__three_against_three_is_never_below_a_tenth(shift, outlier):
    assert seen(shift, outlier, 3)["p_wilcoxon"] >= 0.1


def test_answer__more_patients_make_p_smaller_and_leave_the_auc():
    sizes = demo.SIZES
    p = [seen(size=n)["p_wilcoxon"] for n in sizes]
    assert p == sorted(p, reverse=True)
    auc = [round(seen(size=n)["auc"], 2) for n in sizes]
    assert min(auc) == 0.67
    assert max(auc) == 0.76


def test_shift__raises_u_and_leaves_the_wild_types():
    u = [seen(shift)["u"] for shift in demo.SHIFTS]
    assert u == sorted(set(u))
    assert np.array_equal(demo.compute(0.0, 0, 20).wild, demo.compute(2.0, -20, 20).wild)


def test_draw__marks_the_setting_in_force():
    _, axes = rg.plots.new_axes(2)
    demo.draw(axes, demo.compute(1.0, 10, 20))
    assert any(list(line.get_xdata()) == [10, 10] for line in axes[1].lines)
