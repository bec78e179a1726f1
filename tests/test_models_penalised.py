"""`lasso_path`: what it promises on the scale of X, beside scikit-learn, glmnet and published numbers."""

import warnings

import naive_lasso as naive
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rgteach as rg
from rgteach.models.penalised import lasso_path

MIXES = pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.0], ids=["lasso", "net", "ridge"])


def study(n=50, p=12, seed=0):
    """Features of different units and offsets, three of them with an effect."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.3 * rng.normal(size=(p, p)))
    X = X * rng.uniform(0.2, 20, p) + rng.uniform(-50, 50, p)
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    return X, 4 + z[:, :3] @ [2.0, -1.0, 0.5] + rng.normal(size=n)


def scaled(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


def sklearn_fit(Z, y, lam, l1_ratio):
    from sklearn.linear_model import ElasticNet, Ridge

    if l1_ratio == 0:
        return Ridge(alpha=len(y) * lam, solver="svd").fit(Z, y)
    return ElasticNet(alpha=lam, l1_ratio=l1_ratio, tol=1e-14, max_iter=100_000).fit(Z, y)


def assert_same(one, other, tolerance=1e-8):
    for a, b in ((one.coef, other.coef), (one.intercept, other.intercept)):
        assert np.allclose(a, b, rtol=tolerance, atol=tolerance * max(1.0, np.abs(b).max(initial=0)))


# ---------------------------------------------------------------- the objective, by hand and beside others


def test_path__two_patients_by_hand():
    """X'y/n = 2 on a standardised column, so the coefficient is 2 - lam."""
    path = lasso_path([[-1.0], [1.0]], [-2.0, 2.0], lam=[0.5, 1.0, 3.0])
    assert path.lam.tolist() == [3.0, 1.0, 0.5]
    assert np.allclose(path.coef[:, 0], [0.0, 1.0, 1.5], rtol=1e-14)
    assert np.allclose(path.objective, [2.0, 0.5 + 1.0, 0.125 + 0.75], rtol=1e-14)
    assert path.n_nonzero.tolist() == [0, 1, 1]
    assert np.allclose(path.deviance_ratio, [0, 0.75, 0.9375], rtol=1e-14)


@MIXES
def test_path__orthonormal_columns_need_one_soft_threshold(l1_ratio):
    H = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], float)
    y = 5 + H @ [2.0, -1.0, 0.25]
    path = lasso_path(H, y, l1_ratio=l1_ratio, lam=[0.4])
    l1, l2 = 0.4 * l1_ratio, 0.4 * (1 - l1_ratio)
    expected = [naive.soft(b, l1) / (1 + l2) for b in (2.0, -1.0, 0.25)]
    assert np.allclose(path.coef[0], expected, rtol=1e-12, atol=1e-14)
    assert path.intercept[0] == pytest.approx(5)


@MIXES
@pytest.mark.parametrize("standardise", [True, False], ids=["standardised", "as-is"])
@pytest.mark.parametrize(("n", "p"), [(60, 10), (20, 40)])
def test_path__equals_scikit_learn(l1_ratio, standardise, n, p):
    X, y = study(n, p)
    path = lasso_path(X, y, l1_ratio=l1_ratio, standardise=standardise, n_lam=9, lam_ratio=0.02)
    assert path.relative_gap.max() <= 1e-12
    for k in range(9):
        Z = scaled(X) if standardise else X - X.mean(axis=0)
        model = sklearn_fit(Z, y, path.lam[k], l1_ratio)
        coef = model.coef_ / X.std(axis=0) if standardise else model.coef_
        assert np.allclose(path.coef[k], coef, rtol=1e-6, atol=1e-8 * np.abs(coef).max(initial=1))
        assert np.allclose(path.predict(X)[:, k], model.predict(Z), rtol=1e-8, atol=1e-7)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5], ids=["lasso", "net"])
def test_path__equals_glmnet_after_the_conversion_of_the_notes(l1_ratio):
    """The net: glmnet's (lambda, alpha) becomes l1 = lambda·alpha and l2 = lambda·(1 - alpha) / sd(y).

    python-glmnet stops where a step changes little, at about three digits; hence the tolerance.
    """
    glmnet = pytest.importorskip("glmnet", reason="python-glmnet is not installed")
    X, y = study(80, 8)
    y = 7 * y
    theirs = glmnet.ElasticNet(alpha=l1_ratio, n_lambda=20, n_splits=0, tol=1e-10).fit(X, y)
    for k in (5, 10, 15):
        lam = theirs.lambda_path_[k]
        l1, l2 = lam * l1_ratio, lam * (1 - l1_ratio) / y.std()
        ours = lasso_path(X, y, l1_ratio=l1 / (l1 + l2), lam=[l1 + l2])
        assert np.allclose(ours.coef[0], theirs.coef_path_[:, k], rtol=2e-3, atol=2e-3)
    if l1_ratio < 1:  # and without the conversion it is another fit
        naively = lasso_path(X, y, l1_ratio=l1_ratio, lam=[lam])
        assert np.abs(naively.coef[0] - theirs.coef_path_[:, k]).max() > 2e-2


def test_path__passes_the_published_knots_of_the_diabetes_data():
    """Efron et al. 2004, doi:10.1214/009053604000000067: bmi (BMI) enters first, then s5, bp, s3.

    Between knots the solutions must lie on straight lines through scikit-learn's own knots (its `lars_path`).
    """
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import lars_path

    X, y = load_diabetes(return_X_y=True, as_frame=True)
    alphas, _, coefs = lars_path((X - X.mean()).to_numpy(), (y - y.mean()).to_numpy(), method="lasso")
    knots = alphas[:-1]
    path = lasso_path(X, y, standardise=False, lam=np.concatenate([knots, (knots[1:] + knots[:-1]) / 2]))
    entered = [set(path.nonzero(lam)) for lam in (knots[:-1] + knots[1:]) / 2]
    assert [sorted(entered[k]) for k in range(4)] == [
        ["bmi"], ["bmi", "s5"], ["bmi", "bp", "s5"], ["bmi", "bp", "s3", "s5"],
    ]  # fmt: skip
    for k, lam in enumerate(path.lam):
        expected = [np.interp(lam, alphas[::-1], b[::-1]) for b in coefs]
        assert np.allclose(path.coef[k], expected, rtol=1e-8, atol=1e-7)


def test_grid__starts_where_the_first_coefficient_leaves_zero():
    X, y = study()
    path = lasso_path(X, y, l1_ratio=0.7)
    assert len(path) == 100
    assert path.n_nonzero[0] == 0
    assert not path.coef[0].any()
    assert path.lam[-1] == pytest.approx(0.01 * path.lam[0])
    assert np.allclose(np.diff(np.log(path.lam)), np.log(0.01) / 99)
    close = lasso_path(X, y, l1_ratio=0.7, lam=path.lam[0] * np.array([1 - 1e-6, 1.0, 1.5]))
    assert close.n_nonzero.tolist() == [0, 0, 1]
    assert lasso_path(X, y, n_lam=1).coef.any() == np.False_


@MIXES
def test_grid__given_penalties_may_come_in_any_order(l1_ratio):
    X, y = study()
    lam = [0.3, 1e-3, 0.05, 0.3]
    path = lasso_path(X, y, l1_ratio=l1_ratio, lam=lam)
    assert path.lam.tolist() == [0.3, 0.05, 1e-3]
    for k, one in enumerate(path.lam):
        assert np.allclose(path.coef[k], lasso_path(X, y, l1_ratio=l1_ratio, lam=one).coef[0], atol=1e-9)


# ---------------------------------------------------------------- weights, covariates, scaling


@MIXES
@pytest.mark.parametrize("unpenalised", [None, [2, 5]], ids=["all", "covariates"])
def test_weights__say_how_many_rows_a_row_stands_for(l1_ratio, unpenalised):
    X, y = study(30)
    weights = np.random.default_rng(0).integers(0, 4, 30)
    settings_ = {"l1_ratio": l1_ratio, "unpenalised": unpenalised, "n_lam": 7}
    weighted = lasso_path(X, y, weights=weights, **settings_)
    repeated = lasso_path(np.repeat(X, weights, axis=0), np.repeat(y, weights), **settings_)
    assert_same(weighted, repeated)
    assert np.allclose(weighted.lam, repeated.lam, rtol=1e-12)
    assert np.allclose(weighted.objective, repeated.objective, rtol=1e-10)
    assert weighted.relative_gap.max() <= 1e-12


def test_weights__only_ratios_count_and_a_zero_leaves_the_row_out():
    X, y = study(30)
    weights = np.ones(30)
    weights[[3, 7]] = 0
    spoiled = np.where(weights[:, None] == 0, 1e6, X)
    left_out = lasso_path(X[weights > 0], y[weights > 0], n_lam=5)
    assert_same(lasso_path(spoiled, y, weights=1000 * weights, n_lam=5), left_out, 1e-12)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.0])
def test_unpenalised__is_the_fit_of_what_the_covariates_leave_over(l1_ratio):
    """Frisch and Waugh: take the covariates out of y and of every column, then fit without them."""
    X, y = study(40, 10)
    path = lasso_path(X, y, l1_ratio=l1_ratio, standardise=False, unpenalised=[0, 4], n_lam=6)
    Q = np.linalg.qr(np.column_stack([np.ones(40), X[:, [0, 4]]]))[0]
    rest = np.setdiff1d(np.arange(10), [0, 4])
    Z, z = X[:, rest] - Q @ (Q.T @ X[:, rest]), y - Q @ (Q.T @ y)
    bare = lasso_path(Z, z, l1_ratio=l1_ratio, standardise=False, intercept=False, lam=path.lam)
    assert np.allclose(path.coef[:, rest], bare.coef, rtol=1e-7, atol=1e-9)
    residual = y[:, None] - path.predict(X)
    assert np.abs(Q.T @ residual).max() < 1e-9 * np.abs(y).max()
    assert path.coef[0, [0, 4]].all()  # in the model even at λmax
    assert path.n_nonzero[0] == (8 if l1_ratio == 0 else 0)


def test_unpenalised__by_name_or_by_place():
    X, y = study()
    frame = pd.DataFrame(X, columns=[f"f{j}" for j in range(12)])
    by_name = lasso_path(frame, y, unpenalised=["f3", "f1"], n_lam=4)
    assert_same(by_name, lasso_path(X, y, unpenalised=[1, -9], n_lam=4), 1e-13)
    assert by_name.settings["unpenalised"] == ("f1", "f3")
    assert "f1" not in by_name.nonzero(by_name.lam[-1])


@MIXES
def test_standardise__equals_scaling_by_hand(l1_ratio):
    X, y = study()
    ours, by_hand = (
        lasso_path(table, y, l1_ratio=l1_ratio, standardise=flag, n_lam=5)
        for table, flag in ((X, True), (scaled(X), False))
    )
    assert np.allclose(ours.coef * X.std(axis=0), by_hand.coef, rtol=1e-9, atol=1e-11)
    assert np.allclose(ours.predict(X), by_hand.predict(scaled(X)), rtol=1e-10)


@MIXES
def test_offsets__of_a_hundred_million_change_nothing_but_the_intercept(l1_ratio):
    rng = np.random.default_rng(0)
    X, y = rng.integers(-40, 40, (30, 6)) / 8, rng.integers(-40, 40, 30) / 8  # exact beside 1e8 too
    plain = lasso_path(X, y, l1_ratio=l1_ratio, n_lam=6)
    moved = lasso_path(X + 1e8, y - 1e8, l1_ratio=l1_ratio, lam=plain.lam)
    assert np.allclose(moved.coef, plain.coef, rtol=1e-8, atol=1e-10)
    assert moved.relative_gap.max() <= 1e-10
    assert np.allclose(moved.predict(X + 1e8), plain.predict(X) - 1e8, rtol=0, atol=1e-5)


def test_intercept__none_means_through_the_origin():
    X, y = study(40, 5)
    path = lasso_path(X, y, intercept=False, standardise=False, n_lam=5)
    assert not path.intercept.any()
    for k in range(5):
        assert naive.worst_condition(X.T, y, path.coef[k], path.lam[k], 0.0) < 1e-9


@given(st.integers(0, 10_000), st.sampled_from([1.0, 0.3]), st.booleans(), st.booleans())
@settings(max_examples=30)
def test_path__every_gap_is_closed_whatever_the_table(seed, l1_ratio, standardise, few_values):
    rng = np.random.default_rng(seed)
    n, p = rng.integers(2, 25), rng.integers(1, 40)
    X = rng.integers(0, 3, (n, p)).astype(float) if few_values else rng.normal(size=(n, p))
    y = rng.integers(0, 2, n).astype(float)
    try:
        path = lasso_path(X, y, l1_ratio=l1_ratio, standardise=standardise, n_lam=12, lam_ratio=1e-3)
    except rg.LearnerError as error:
        if error.key not in ("nothing-to-explain", "nothing-left-to-explain"):
            raise
        return
    assert path.relative_gap.max() <= 1e-10
    assert path.relative_gap.min() > -1e-12
    assert "path-not-converged" not in path.flags


def test_path__says_nothing_aloud():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lasso_path(*study(15, 40), n_lam=5)
