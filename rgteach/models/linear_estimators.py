"""What our estimators share: scikit-learn's conventions outside, `lasso_path` inside.

This file loads scikit-learn; nothing else in the package imports it before an estimator is asked for.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from rgteach.doors import between, one_of
from rgteach.errors import LearnerError
from rgteach.models.penalised import lasso_path
from rgteach.models.penalised.path import PathPoint
from rgteach.models.validation.crossval import RULES, lasso_cv


def validated(estimator: BaseEstimator, X: object, *y: object, **how) -> object:
    """Input as scikit-learn checks it, in its words; notes or compares number and names of the columns."""
    how = {"dtype": np.float64, "order": "C", **how}
    try:
        from sklearn.utils.validation import validate_data
    except ImportError:  # before 1.6 it was a method
        return estimator._validate_data(X, *y, **how)
    return validate_data(estimator, X, *y, **how)


class PenalisedEstimator(BaseEstimator):
    """Fit one penalised linear model, at a given λ or at one chosen by cross-validation."""

    _family = "gaussian"

    def _mix(self) -> float:
        """The share of the absolute values in the penalty."""
        return self.l1_ratio

    def _fit(self, X: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> PathPoint:
        how = {
            "family": self._family,
            "l1_ratio": self._mix(),
            "standardise": self.standardise,
            "intercept": self.intercept,
            "weights": weights,
            "tol": self.tol,
        }
        if isinstance(self.lam, str):
            one_of("lam", self.lam, RULES)
            self.cv_ = lasso_cv(X, y, folds=self.cv, rule=self.lam, seed=self.seed, **how)
            point = self.cv_.path.point(self.cv_.chosen)
        else:
            self.__dict__.pop("cv_", None)  # of an earlier fit with another lam
            point = lasso_path(X, y, lam=[between("lam", self.lam, 0, np.inf)], **how).point(0)
        self.lam_, self.dual_gap_, self.relative_gap_ = point.lam, point.gap, point.relative_gap
        return point

    def _linear(self, X: object) -> np.ndarray:
        check_is_fitted(self)
        X = validated(self, X, reset=False)
        return X @ np.ravel(self.coef_) + np.ravel(self.intercept_)[0]

    def _weights(self, sample_weight: object, X: np.ndarray) -> np.ndarray | None:
        return None if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=np.float64)


class PenalisedRegressor(RegressorMixin, PenalisedEstimator):
    """Least squares with a penalty."""

    def __init__(self, lam="1se", *, cv=None, standardise=True, intercept=True, tol=1e-10, seed=0):
        self.lam = lam
        self.cv = cv
        self.standardise = standardise
        self.intercept = intercept
        self.tol = tol
        self.seed = seed

    def fit(self, X, y, sample_weight=None):
        """Fit to patients in rows; `sample_weight` says how often a row counts."""
        X, y = validated(self, X, y, y_numeric=True, ensure_min_samples=2)
        point = self._fit(X, np.asarray(y, np.float64), self._weights(sample_weight, X))
        self.coef_, self.intercept_ = point.coef.copy(), point.intercept
        return self

    def predict(self, X):
        """Predicted outcomes, shape (n,)."""
        return self._linear(X)


class PenalisedClassifier(ClassifierMixin, PenalisedEstimator):
    """Logistic regression with a penalty, for two classes."""

    _family = "binomial"

    def fit(self, X, y, sample_weight=None):
        """Fit to patients in rows and two classes of any names; `sample_weight`: how often a row counts."""
        X, y = validated(self, X, y, ensure_min_samples=2)
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y")
        classes, numbers = np.unique(y, return_inverse=True)
        if len(classes) > 2:
            raise LearnerError("estimator-not-binary", kind=kind, n=len(classes))
        weights = self._weights(sample_weight, X)
        counted = numbers if weights is None else numbers[weights > 0]
        if len(np.unique(counted)) < 2:
            raise LearnerError("estimator-one-class", n=len(counted))
        self.classes_ = classes
        point = self._fit(X, numbers.astype(np.float64), weights)
        self.coef_, self.intercept_ = point.coef[None].copy(), np.array([point.intercept])
        return self

    def decision_function(self, X):
        """Log-odds of `classes_[1]`, shape (n,)."""
        return self._linear(X)

    def predict_proba(self, X):
        """Probabilities of `classes_`, shape (n, 2)."""
        odds = self._linear(X)
        return np.column_stack([expit(-odds), expit(odds)])

    def predict_log_proba(self, X):
        """Logarithms of the probabilities, shape (n, 2), finite far out where a probability rounds to 0."""
        odds = self._linear(X)
        return np.column_stack([-np.logaddexp(0, odds), -np.logaddexp(0, -odds)])

    def predict(self, X):
        """The likelier class of each row, shape (n,)."""
        is_second = self._linear(X) > 0
        return self.classes_[is_second.astype(int)]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def _more_tags(self):  # how scikit-learn asked before 1.6
        return {"binary_only": True}
