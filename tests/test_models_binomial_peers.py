"""Penalised logistic paths beside other programs, and on real tables."""

import naive_binomial as naive
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer

from rgteach.models.penalised import lasso_path


def cancer(n=150):
    """Some patients of scikit-learn's breast-cancer table, standardised."""
    X, y = load_breast_cancer(return_X_y=True)
    X, y = X[:n], y[:n].astype(float)
    return (X - X.mean(axis=0)) / X.std(axis=0), y


def fit(X, y, lam, **settings):
    """One penalty on columns as they are."""
    path = lasso_path(X, y, family="binomial", lam=lam, standardise=False, **settings)
    return path.coef[0], path.intercept[0]


@pytest.mark.parametrize("l1_ratio", [1.0, 0.4, 0.0])
@pytest.mark.parametrize("intercept", [True, False])
def test_tiny__is_what_scipy_finds(l1_ratio, intercept):
    """The positive and the negative parts of b as two sets of bounded numbers make the penalty smooth.

    L-BFGS-B stops at a slope of 1e-10, so that coefficients agree to about 1e-6.
    """
    from scipy.optimize import minimize

    X, y = cancer(60)
    X, lam = X[:, [0, 1, 4]], 0.05

    def value(parts):
        b = parts[:3] - parts[3:6]
        eta = X @ b + parts[6]
        loss = np.mean(np.logaddexp(0, eta) - y * eta)
        slope = X.T @ (1 / (1 + np.exp(-eta)) - y) / len(y)
        l1, l2 = lam * l1_ratio, lam * (1 - l1_ratio)
        both = np.r_[slope + l2 * b, -slope - l2 * b] + l1
        free = np.mean(1 / (1 + np.exp(-eta)) - y) if intercept else 0.0
        return loss + l1 * parts[:6].sum() + l2 / 2 * b @ b, np.r_[both, free]

    bounds = [(0, None)] * 6 + [(None, None) if intercept else (0, 0)]
    told = {"ftol": 1e-16, "gtol": 1e-10, "maxiter": 5000}
    found = minimize(value, np.zeros(7), jac=True, bounds=bounds, method="L-BFGS-B", options=told).x
    coef, constant = fit(X, y, lam, l1_ratio=l1_ratio, intercept=intercept)
    assert coef == pytest.approx(found[:3] - found[3:6], abs=3e-6)
    assert constant == pytest.approx(found[6], abs=3e-6)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("lam", [0.1, 0.02])
def test_sklearn__has_the_same_optimum_at_C_one_over_n_lam(lam, l1_ratio):
    """Saga leaves the intercept free, as we do; it stops where no coefficient changes by a share of 1e-10."""
    from sklearn.linear_model import LogisticRegression

    X, y = cancer()
    X = X[:, :12]
    peer = LogisticRegression(
        C=1 / (len(y) * lam), l1_ratio=l1_ratio, solver="saga", tol=1e-10, max_iter=100_000, random_state=0,
        **old_penalty(LogisticRegression, "elasticnet"),
    ).fit(X, y)  # fmt: skip
    coef, constant = fit(X, y, lam, l1_ratio=l1_ratio)
    assert coef == pytest.approx(peer.coef_[0], abs=1e-6)
    assert constant == pytest.approx(peer.intercept_[0], abs=1e-6)


def test_sklearn__liblinear_agrees_where_there_is_no_intercept():
    """It would penalise the intercept like any coefficient; without one the problems are the same."""
    from sklearn.linear_model import LogisticRegression

    X, y = cancer()
    peer = LogisticRegression(
        C=1 / (len(y) * 0.03), l1_ratio=1.0, solver="liblinear", fit_intercept=False, tol=1e-10,
        max_iter=10_000,
        **old_penalty(LogisticRegression, "l1"),
    ).fit(X, y)  # fmt: skip
    assert fit(X, y, 0.03, intercept=False)[0] == pytest.approx(peer.coef_[0], abs=1e-6)


def old_penalty(estimator, name):
    """The setting that chose the penalty before scikit-learn 1.8."""
    return {"penalty": name} if estimator().get_params().get("penalty") == "l2" else {}


def test_celer__has_the_same_optimum():
    """Celer has no intercept, and calls 1 / (n lam) C."""
    celer = pytest.importorskip("celer")
    X, y = cancer()
    peer = celer.LogisticRegression(C=1 / (len(y) * 0.02), tol=1e-12, max_iter=200).fit(X, y)
    assert fit(X, y, 0.02, intercept=False)[0] == pytest.approx(peer.coef_[0], abs=1e-5)


@pytest.mark.parametrize("alpha", [1.0, 0.5])
def test_glmnet__walks_the_same_path(alpha):
    """For two classes glmnet's lambda and alpha are ours as they stand: nothing is divided by sd(y).

    Its default threshold leaves coefficients about 1e-3 from the optimum; ours have gaps of 1e-10.
    """
    glmnet = pytest.importorskip("glmnet")
    X, y = cancer()
    peer = glmnet.LogitNet(alpha=alpha, n_lambda=20, min_lambda_ratio=0.05, n_splits=0, tol=1e-12).fit(X, y)
    path = lasso_path(X, y, family="binomial", l1_ratio=alpha, lam=peer.lambda_path_)
    assert pytest.approx(peer.coef_path_[0][:, : len(path)], abs=2e-3) == path.coef.T
    own = lasso_path(X, y, family="binomial", l1_ratio=alpha, n_lam=20, lam_ratio=0.05)
    assert own.lam == pytest.approx(peer.lambda_path_, rel=1e-6)


# ---------------------------------------------------------------- real tables


def check(path, X, y):
    """Every gap, and the optimality conditions of the last solution over all columns."""
    assert np.all(path.relative_gap <= 1e-10)
    assert np.all(np.diff(path.objective) < 0)
    spread, lam = X.std(axis=0), path.lam[-1]
    spread = np.where(spread > 1e-9 * np.abs(X).max(axis=0), spread, np.inf)
    columns = np.column_stack([np.ones(len(y)), (X - X.mean(axis=0)) / spread])
    coef = path.coef[-1] * np.where(np.isinf(spread), 0, spread)
    coef = np.r_[path.intercept[-1] + path.coef[-1] @ X.mean(axis=0), coef]
    l1 = np.r_[0.0, np.full(X.shape[1], lam * path.l1_ratio)]
    l2 = np.r_[0.0, np.full(X.shape[1], lam * (1 - path.l1_ratio))]
    weights = np.full(len(y), 1 / len(y))
    assert naive.violation(columns, y, weights, l1, l2, coef) <= 1e-6 * lam


def test_breast_cancer__whole_table():
    """Columns in eleven units, correlated up to 0.998."""
    X, y = load_breast_cancer(return_X_y=True)
    path = lasso_path(X, y, family="binomial", lam_ratio=1e-3)
    check(path, X, y.astype(float))
    auc = np.mean(np.subtract.outer(path.predict(X)[y == 1, -1], path.predict(X)[y == 0, -1]) > 0)
    assert auc > 0.99


def test_lung_cancers__egfr_and_1764_features(shared_data):
    """51 patients with known EGFR; features in units from 1e-9 to 1e12, several of them constant."""
    folder = shared_data / "nsclc_radiogenomics"
    features = pd.read_csv(folder / "features.csv").set_index("Case ID").select_dtypes("number")
    status = pd.read_csv(folder / "clinical.csv").set_index("Case ID")["EGFR mutation status"]
    status = status[status.isin(["Mutant", "Wildtype"])]
    both = features.index.intersection(status.index)
    X, y = features.loc[both], (status[both] == "Mutant").to_numpy(float)
    path = lasso_path(X, y, family="binomial", n_lam=40, lam_ratio=0.05)
    assert len(y) == 51
    check(path, X.to_numpy(float), y)
