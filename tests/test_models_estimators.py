"""Estimators: their fits are `lasso_path`'s and scikit-learn's; they stand in pipelines and searches."""

import subprocess
import sys

import numpy as np
import pytest

import rgteach
from rgteach.errors import LearnerError
from rgteach.models.penalised import lasso_path

sklearn = pytest.importorskip("sklearn")
from sklearn import linear_model  # noqa: E402
from sklearn.base import clone  # noqa: E402

OURS = [rgteach.Lasso, rgteach.Ridge, rgteach.ElasticNet, rgteach.LogisticLasso]
MIX = {"Lasso": 1.0, "Ridge": 0.0, "ElasticNet": 0.5, "LogisticLasso": 1.0}


@pytest.fixture(scope="module")
def study():
    rng = np.random.default_rng(11)
    X = rng.normal(size=(70, 12)) * np.geomspace(0.5, 2, 12)
    eta = X[:, 0] - X[:, 3] + X[:, 7]
    return X, eta + rng.normal(size=70), (eta + rng.logistic(size=70) > 0).astype(int)


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("standardise", [True, False], ids=["scaled", "as-given"])
def test_coef__is_that_of_the_path_at_the_same_lam(study, kind, standardise):
    X, y, classes = study
    outcome = classes if kind is rgteach.LogisticLasso else y
    family = "binomial" if kind is rgteach.LogisticLasso else "gaussian"
    weights = np.linspace(0, 2, 70)
    model = kind(lam=0.1, standardise=standardise).fit(X, outcome, sample_weight=weights)
    point = lasso_path(
        X,
        outcome,
        lam=0.1,
        family=family,
        l1_ratio=MIX[kind.__name__],
        standardise=standardise,
        weights=weights,
    ).point(0)
    np.testing.assert_array_equal(np.ravel(model.coef_), point.coef)
    assert np.ravel(model.intercept_)[0] == point.intercept
    assert (model.lam_, model.dual_gap_, model.relative_gap_) == (0.1, point.gap, point.relative_gap)
    assert -1e-15 <= model.relative_gap_ <= 1e-10  # rounding may take it below zero


PEERS = {
    "lasso": (rgteach.Lasso(0.1), linear_model.Lasso(0.1, tol=1e-14, max_iter=100_000)),
    "mixed": (
        rgteach.ElasticNet(0.1, 0.3),
        linear_model.ElasticNet(0.1, l1_ratio=0.3, tol=1e-14, max_iter=100_000),
    ),
    "ridge": (rgteach.Ridge(0.1), linear_model.Ridge(70 * 0.1, solver="svd")),
    "no-intercept": (
        rgteach.Lasso(0.1, intercept=False),
        linear_model.Lasso(0.1, fit_intercept=False, tol=1e-14, max_iter=100_000),
    ),
}


@pytest.mark.parametrize("pair", PEERS)
def test_coef__is_that_of_scikit_learn(study, pair):
    X, y, _ = study
    ours, theirs = PEERS[pair]
    ours, theirs = clone(ours).set_params(standardise=False).fit(X, y), theirs.fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-8, atol=1e-8)
    assert ours.intercept_ == pytest.approx(theirs.intercept_, abs=1e-8)
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), atol=1e-8)
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y), abs=1e-8)


@pytest.mark.parametrize("l1_ratio", [1.0, 0.5, 0.0])
def test_logistic__is_that_of_scikit_learn(study, l1_ratio):
    """To 1e-5: saga's steps stop there within a time that a test may take."""
    X, _, y = study
    old = linear_model.LogisticRegression().penalty == "l2"  # before 1.8 a mix had to be called for
    peer = linear_model.LogisticRegression(
        C=1 / (70 * 0.05), l1_ratio=l1_ratio, solver="saga", tol=1e-9, max_iter=20_000,
        **({"penalty": "elasticnet"} if old else {}),
    ).fit(X, y)  # fmt: skip
    ours = rgteach.LogisticLasso(lam=0.05, l1_ratio=l1_ratio, standardise=False).fit(X, y)
    np.testing.assert_allclose(ours.coef_, peer.coef_, atol=1e-5)
    np.testing.assert_allclose(ours.intercept_, peer.intercept_, atol=1e-5)
    np.testing.assert_allclose(ours.predict_proba(X), peer.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize("kind", OURS)
def test_weights__are_repetitions(study, kind):
    X, y, classes = study
    outcome = classes if kind is rgteach.LogisticLasso else y
    weights = np.arange(70) % 4
    weighted = kind(lam=0.1).fit(X, outcome, sample_weight=weights)
    repeated = kind(lam=0.1).fit(X.repeat(weights, 0), outcome.repeat(weights))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, atol=1e-7)  # gaps of 1e-10 on either side


def test_logistic__speaks_of_the_classes_by_their_names(study):
    X, _, y = study
    named = np.array(["wild", "mutated"])[y]  # sorted: mutated, wild
    model, plain = rgteach.LogisticLasso(0.05).fit(X, named), rgteach.LogisticLasso(0.05).fit(X, y)
    assert model.classes_.tolist() == ["mutated", "wild"]
    assert (model.coef_.shape, model.intercept_.shape) == ((1, 12), (1,))
    np.testing.assert_allclose(model.coef_, -plain.coef_, atol=1e-7)
    p = model.predict_proba(X)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_array_equal(model.predict(X), model.classes_[p.argmax(axis=1)])
    np.testing.assert_allclose(np.exp(model.predict_log_proba(X)), p, rtol=1e-12)
    np.testing.assert_array_equal(model.decision_function(X) > 0, model.predict(X) == "wild")


def test_logistic__log_probabilities_far_out_stay_finite(study):
    X, _, y = study
    model = rgteach.LogisticLasso(0.05).fit(X, y)
    assert np.isfinite(model.predict_log_proba(X * 1e6)).all()


@pytest.mark.parametrize("rule", ["1se", "min"])
def test_lam__by_rule_is_that_of_cross_validation(study, rule):
    X, y, classes = study
    model = rgteach.Lasso(lam=rule, cv=5, seed=2).fit(X, y)
    cv = rgteach.lasso_cv(X, y, folds=5, seed=2, rule=rule)
    assert model.lam_ == cv.lam_chosen
    np.testing.assert_array_equal(model.coef_, cv.coef)
    np.testing.assert_array_equal(model.cv_.error, cv.error)
    assert not hasattr(model.set_params(lam=0.1).fit(X, y), "cv_")
    binary = rgteach.LogisticLasso(lam=rule, cv=4).fit(X, classes)
    assert binary.cv_.measure == "deviance"


@pytest.mark.parametrize(
    ("key", "model", "outcome"),
    [
        pytest.param("estimator-not-binary", rgteach.LogisticLasso(0.1), "three", id="three-classes"),
        pytest.param("estimator-one-class", rgteach.LogisticLasso(0.1), "one", id="one-class"),
        pytest.param("unknown-option", rgteach.Lasso("1sd"), "y", id="rule"),
        pytest.param("out-of-range", rgteach.Lasso(-1), "y", id="negative"),
        pytest.param("out-of-range", rgteach.Lasso(0), "y", id="zero"),
        pytest.param("out-of-range", rgteach.ElasticNet(0.1, 1.5), "y", id="mix"),
        pytest.param("folds-too-many", rgteach.Ridge(cv=71), "y", id="folds"),
    ],
)
def test_fit__what_cannot_be_is_told(study, key, model, outcome):
    outcomes = {"y": study[1], "three": np.arange(70) % 3, "one": np.ones(70)}
    with pytest.raises(LearnerError) as error:
        model.fit(study[0], outcomes[outcome])
    assert error.value.key == key
    assert str(error.value)


def test_pipeline__search_and_nested_validation_on_image_features():
    """Features of cell nuclei (scikit-learn's breast-cancer table): scaled, searched, scored outside."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.model_selection import GridSearchCV, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    pipe = make_pipeline(StandardScaler(), rgteach.LogisticLasso(lam=0.1))
    search = GridSearchCV(pipe, {"logisticlasso__lam": [0.3, 0.03, 0.003]}, cv=3, scoring="roc_auc").fit(X, y)
    assert search.best_params_ == {"logisticlasso__lam": 0.003}
    assert search.best_score_ > 0.98
    raw = rgteach.LogisticLasso(lam=0.003).fit(X, y)  # scaling inside or in front of it is the same
    np.testing.assert_allclose(raw.predict_proba(X), search.predict_proba(X), atol=1e-6)
    assert raw.feature_names_in_.tolist() == list(X.columns)
    nested = cross_val_score(rgteach.LogisticLasso(cv=5), X.iloc[::3], y[::3], cv=3, scoring="roc_auc")
    assert nested.min() > 0.95


def test_import__scikit_learn_waits_until_an_estimator_is_asked_for():
    code = (
        "import sys, rgteach as rg, numpy as np\n"
        "from rgteach.models.penalised import door\n"
        "from rgteach.models.validation import crossval, stability\n"
        "rg.lasso_path(np.eye(4), [1, 2, 3, 5.0], n_lam=3)\n"
        "print('sklearn' in sys.modules, end=' ')\n"
        "rg.Lasso\n"
        "print('sklearn' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stdout.split() == ["False", "True"], told.stderr
