"""What the lasso demo claims in its answer is true at every setting it speaks of."""

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, Lasso, Ridge

import rgteach as rg
from rgteach.demos import lasso as demo


def seen(share, mix, draw=0):
    return demo.compute(share, mix, draw).features


def top(X, y):
    return np.abs(X.T @ (y - y.mean())).max() / len(y)


@pytest.mark.parametrize("draw", demo.DRAWS)
def test_coefficients__are_those_of_scikit_learn(draw):
    X, y = demo._patients(draw)
    lam = 0.3 * top(X, y)
    exact = {"tol": 1e-12, "max_iter": 100_000}
    assert demo.compute(0.3, 1.0, draw).coef == pytest.approx(Lasso(lam, **exact).fit(X, y).coef_, abs=1e-6)
    net = ElasticNet(lam, l1_ratio=0.2, **exact).fit(X, y)
    assert demo.compute(0.3, 0.2, draw).coef == pytest.approx(net.coef_, abs=1e-6)
    ridge = Ridge(len(y) * lam).fit(X, y)
    assert demo.compute(0.3, 0.0, draw).coef == pytest.approx(ridge.coef_, abs=1e-9)


def test_features__of_a_family_correlate_as_said():
    X, _ = demo._patients(0)
    found = np.corrcoef(X.T)
    apart = ~np.eye(8, dtype=bool)
    assert found[:8, :8][apart].mean() == pytest.approx(demo.ALIKE, abs=0.02)
    assert np.abs(found[:8, 8:]).mean() < 0.3


@pytest.mark.parametrize("share", [s for s in demo.SHARES if 0.3 <= s < 1])
def test_answer__the_lasso_keeps_one_to_four_and_none_of_them_always(share):
    chosen = np.array([demo.compute(share, 1.0, draw).coef[:8] != 0 for draw in demo.DRAWS])
    assert set(chosen.sum(axis=1)) <= {1, 2, 3, 4}
    assert not chosen.all(axis=0).any()


@pytest.mark.parametrize("draw", demo.DRAWS)
def test_answer__at_the_largest_slope_the_lasso_is_empty_and_the_elastic_net_takes_the_family(draw):
    alone, shared = seen(1.0, 1.0, draw), seen(1.0, 0.2, draw)
    assert alone["moved_in"] == alone["still_in"] == 0
    assert shared["moved_in"] >= 7
    assert shared["ratio"] > 3
    assert shared["still_in"] <= 4


@pytest.mark.parametrize("share", demo.SHARES)
def test_answer__ridge_keeps_all_sixteen(share):
    assert (demo.compute(share, 0.0, 0).coef != 0).all()


@pytest.mark.parametrize("draw", demo.DRAWS)
def test_answer__a_weak_penalty_lets_noise_in_and_explains_more_here(draw):
    assert seen(0.02, 1.0, draw)["still_in"] >= 4
    explained = [seen(share, 1.0, draw)["explained"] for share in sorted(demo.SHARES, reverse=True)]
    assert explained == sorted(explained)


def test_draw__marks_the_penalty_in_force_and_crosses_out_zeros():
    _, axes = rg.plots.new_axes(2)
    view = demo.compute(0.5, 1.0, 0)
    demo.draw(axes, view)
    assert any(list(line.get_xdata()) == [0.5, 0.5] for line in axes[0].lines)
    crosses = next(line for line in axes[1].lines if line.get_marker() == "x")
    assert len(crosses.get_xdata()) == np.count_nonzero(view.coef == 0) == 14
