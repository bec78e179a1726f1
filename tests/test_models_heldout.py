"""Held-out errors: hand counts, scikit-learn's measures, and the binomial side of cross-validation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rgteach.errors import LearnerError, LearnerWarning
from rgteach.models.validation import lasso_cv
from rgteach.models.validation.heldout import auc, fold_error, losses, mean_and_se, one_se

pytest.importorskip("sklearn")


def test_mean_and_se__by_hand():
    """Folds of 1, 1 and 2 patients: (1 + 3 + 2·8)/4 = 5; (16 + 4 + 2·9)/4 = 9.5, over F - 1 = 2."""
    mean, se = mean_and_se(np.array([[1.0], [3.0], [8.0]]), np.array([1, 1, 2]))
    assert mean.tolist() == [5.0]
    np.testing.assert_allclose(se, np.sqrt(9.5 / 2), rtol=1e-15)


def test_mean_and_se__a_fold_without_an_error_is_left_out():
    with_gap = np.array([[1.0, 2.0], [np.nan, np.nan], [3.0, 5.0]])
    for got, wanted in zip(
        mean_and_se(with_gap, np.ones(3)), mean_and_se(with_gap[[0, 2]], np.ones(2)), strict=True
    ):
        np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize(
    ("mean", "se", "wanted"),
    [
        pytest.param([9, 5, 4, 6], 1.0, (2, 1), id="one-step-sparser"),
        pytest.param([9, 5, 4, 6], 0.0, (2, 2), id="no-doubt"),
        pytest.param([4, 5, 4, 6], 0.5, (0, 0), id="tie-goes-to-the-sparser"),
        pytest.param([4.5, 9, 4, 6], 1.0, (2, 0), id="a-hump-between-does-not-count"),
        pytest.param([9, 8, 7, 6], 0.5, (3, 3), id="end-of-the-grid"),
    ],
)
def test_one_se__by_hand(mean, se, wanted):
    assert one_se(np.array([8.0, 4, 2, 1]), np.array(mean, float), np.full(4, se)) == wanted


def test_auc__by_hand():
    """Pairs (high, low): 3 > 1, 3 > 2, 2 > 1 and the tie 2 = 2: 3.5 of 4."""
    assert auc(np.array([1.0, 2, 2, 3]), np.array([0, 0, 1, 1]), np.ones(4)) == 3.5 / 4
    assert np.isnan(auc(np.array([1.0, 2]), np.array([1, 1]), np.ones(2)))


@given(seed=st.integers(0, 10_000), levels=st.integers(1, 6))
def test_auc__is_that_of_scikit_learn_with_ties_and_weights(seed, levels):
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(seed)
    y = np.r_[0, 1, rng.integers(0, 2, 20)]
    scores, weights = rng.integers(0, levels, 22).astype(float), rng.uniform(0.1, 3, 22)
    assert auc(scores, y, weights) == pytest.approx(
        roc_auc_score(y, scores, sample_weight=weights), rel=1e-12
    )


def test_losses__are_those_of_scikit_learn():
    from sklearn.metrics import log_loss, mean_absolute_error, mean_squared_error, zero_one_loss

    rng = np.random.default_rng(2)
    eta, y, w = rng.normal(size=(30, 1)), rng.integers(0, 2, 30).astype(float), rng.uniform(0, 2, 30)
    p = 1 / (1 + np.exp(-eta[:, 0]))
    theirs = {
        "mse": mean_squared_error(y, eta[:, 0], sample_weight=w),
        "mae": mean_absolute_error(y, eta[:, 0], sample_weight=w),
        "deviance": 2 * log_loss(y, p, sample_weight=w),
        "misclassification": zero_one_loss(y, p > 0.5, sample_weight=w),
    }
    for measure, value in theirs.items():
        assert fold_error(eta, y, measure, w)[0] == pytest.approx(value, rel=1e-12)


def test_deviance__far_out_is_finite_and_not_clipped():
    assert losses(np.array([[-800.0]]), np.array([1.0]), "deviance")[0, 0] == 1600
    assert losses(np.array([[800.0]]), np.array([1.0]), "deviance")[0, 0] == 0


def test_fold_error__of_patients_who_do_not_count_is_none():
    assert np.isnan(fold_error(np.zeros((2, 3)), np.zeros(2), "mse", np.zeros(2))).all()


@pytest.fixture(scope="module")
def carriers():
    """Eighty patients of whom about a third carry a mutation that two of six features show."""
    rng = np.random.default_rng(8)
    X = rng.normal(size=(80, 6))
    return X, (X[:, 0] - X[:, 1] + rng.logistic(size=80) > 1).astype(int)


def l1_logistic(C):
    """Scikit-learn's, in the words of either side of 1.8."""
    from sklearn.linear_model import LogisticRegression

    old = LogisticRegression().penalty == "l2"
    how = {"penalty": "l1"} if old else {"l1_ratio": 1.0}
    return LogisticRegression(C=C, solver="saga", tol=1e-10, max_iter=20_000, **how)


def test_binomial__errors_are_those_of_a_hand_written_loop(carriers):
    from sklearn.metrics import log_loss
    from sklearn.preprocessing import StandardScaler

    X, y = carriers
    cv = lasso_cv(X, y, folds=4, family="binomial", lam=[0.1, 0.03])
    for number, fold in enumerate(cv.folds):
        scaler = StandardScaler().fit(X[fold.train])
        for k, lam in enumerate(cv.lam):
            model = l1_logistic(1 / (60 * lam)).fit(scaler.transform(X[fold.train]), y[fold.train])
            theirs = 2 * log_loss(y[fold.test], model.predict_proba(scaler.transform(X[fold.test])))
            assert cv.fold_error[number, k] == pytest.approx(theirs, rel=1e-4)  # saga's own tolerance


def test_binomial__folds_are_stratified_and_any_two_labels_will_do(carriers):
    X, y = carriers
    cv = lasso_cv(X, y, folds=5, family="binomial", n_lam=10)
    shares = [y[fold.test].mean() for fold in cv.folds]
    assert max(shares) - min(shares) < 0.08
    named = lasso_cv(X, np.array(["no", "yes"])[y], folds=5, family="binomial", n_lam=10)
    np.testing.assert_array_equal(named.fold_error, cv.fold_error)


def test_binomial__every_measure_has_its_range(carriers):
    for measure, most in (("deviance", np.inf), ("misclassification", 1), ("auc", 1)):
        cv = lasso_cv(*carriers, folds=4, family="binomial", measure=measure, lam=[9, 0.1, 0.05])
        assert np.all((cv.error >= 0) & (cv.error <= most))
        assert cv.measure == measure
    assert cv.error[0] == 0.5  # at λ = 9 everybody has the same prediction


def test_binomial__few_carriers_give_fewer_folds():
    rng = np.random.default_rng(1)
    y = np.repeat([0, 1], [50, 4])
    cv = lasso_cv(rng.normal(size=(54, 5)), y, family="binomial", n_lam=10)
    assert [int(y[fold.test].sum()) for fold in cv.folds] == [1, 1, 1, 1]


def test_binomial__one_class_in_a_fold_is_told():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(30, 3)), np.repeat([0, 1], [27, 3])
    with pytest.warns(LearnerWarning, match="In 2 of 5 folds"):
        cv = lasso_cv(X, y, folds=5, family="binomial", measure="auc", n_lam=10)
    assert cv.flags[0] == "cv-flag-one-class"
    assert np.isnan(cv.fold_error).any(axis=1).sum() == 2
    assert np.isfinite(cv.error).all()


@pytest.mark.parametrize(
    ("key", "y", "how"),
    [
        pytest.param("cv-fold-learns-one-class", [0] * 9 + [1], {}, id="single-carrier"),
        pytest.param("cv-no-auc", [0, 1] * 5, {"folds": 10, "measure": "auc"}, id="one-out-auc"),
        pytest.param("unknown-option", [0, 1] * 5, {"measure": "mse"}, id="measure-of-the-other-family"),
        pytest.param("logistic-one-class", [1] * 10, {}, id="one-class"),
        pytest.param("logistic-many-classes", [0, 1, 2, 0, 1] * 2, {}, id="three-classes"),
        pytest.param("lengths-differ", [0, 1] * 4, {}, id="short"),
        pytest.param("out-of-range", [0, 1] * 5, {"l1_ratio": [0.5, 2]}, id="mix-of-two"),
    ],
)
def test_binomial__what_cannot_be_is_told(key, y, how):
    X = np.random.default_rng(0).normal(size=(10, 2))
    with pytest.raises(LearnerError) as error:
        lasso_cv(X, y, family="binomial", **how)
    assert error.value.key == key
    assert str(error.value)
